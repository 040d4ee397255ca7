//! The condition keys that a bucket's policy can name.

/// Whether S3 knows the key, which is in lower case up to a slash.
pub(super) fn is_known(key: &str) -> bool {
    let (family, name) =
        key.split_once('/').map_or((key, None), |(family, name)| (family, Some(name)));
    match name {
        Some(name) => !name.is_empty() && OF_TAGS.contains(&family),
        None => OF_S3.contains(&key) || GLOBAL.contains(&key) || key.starts_with("s3:x-amz-grant-"),
    }
}

/// Whether requests for the action bring the tags of the object along, for conditions to look at.
///
/// Policies may name the key for `s3:GetObjectAttributes` too, and then it is missing (observed on
/// S3 by argmin's tests).
pub(crate) fn brings_object_tags(action: &str) -> bool {
    let is_about_attributes =
        matches!(action, "s3:GetObjectAttributes" | "s3:GetObjectVersionAttributes");
    ABOUT_OBJECTS_WITH_TAGS.contains(&action) && !is_about_attributes
}

/// Keys that only actions of these names have; every action may have any other.
///
/// As the service authorization reference has it for each action of S3, and argmin's tests observed
/// it on S3 for tags, ACLs, copies and encryption.
pub(super) fn actions_with(key: &str) -> Option<&'static [&'static str]> {
    let family = key.split_once('/').map_or(key, |(family, _)| family);
    match family {
        "s3:prefix" | "s3:delimiter" | "s3:max-keys" => Some(LISTINGS),
        "s3:existingobjecttag" => Some(ABOUT_OBJECTS_WITH_TAGS),
        "s3:requestobjecttag" | "s3:requestobjecttagkeys" => Some(&[
            "s3:PutObject",
            "s3:PutObjectTagging",
            "s3:PutObjectVersionTagging",
            "s3:BypassGovernanceRetention",
        ]),
        "s3:versionid" => Some(ABOUT_VERSIONS),
        "s3:x-amz-acl" => Some(ABOUT_ACLS),
        _ if family.starts_with("s3:x-amz-grant-") => Some(ABOUT_ACLS),
        "s3:x-amz-copy-source"
        | "s3:x-amz-metadata-directive"
        | "s3:x-amz-website-redirect-location" => {
            Some(&["s3:PutObject", "s3:BypassGovernanceRetention"])
        }
        "s3:x-amz-server-side-encryption"
        | "s3:x-amz-server-side-encryption-aws-kms-key-id"
        | "s3:x-amz-server-side-encryption-customer-algorithm" => {
            Some(&["s3:PutObject", "s3:ReplicateObject", "s3:BypassGovernanceRetention"])
        }
        "s3:x-amz-storage-class" => Some(&[
            "s3:PutObject",
            "s3:PutObjectAcl",
            "s3:PutObjectVersionAcl",
            "s3:BypassGovernanceRetention",
        ]),
        "s3:object-lock-mode"
        | "s3:object-lock-retain-until-date"
        | "s3:object-lock-remaining-retention-days" => {
            Some(&["s3:PutObject", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"])
        }
        "s3:object-lock-legal-hold" => {
            Some(&["s3:PutObject", "s3:PutObjectLegalHold", "s3:BypassGovernanceRetention"])
        }
        "s3:objectcreationoperation" => Some(&["s3:PutObject"]),
        "s3:inventoryaccessibleoptionalfields" => Some(&["s3:PutInventoryConfiguration"]),
        "s3:isreplicationpauserequest" => Some(&["s3:PutReplicationConfiguration"]),
        _ => None,
    }
}

const LISTINGS: &[&str] =
    &["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"];

const ABOUT_OBJECTS_WITH_TAGS: &[&str] = &[
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetObjectAcl",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectAttributes",
    "s3:GetObjectVersionAttributes",
    "s3:GetObjectTagging",
    "s3:GetObjectVersionTagging",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionTagging",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersionTagging",
];

const ABOUT_VERSIONS: &[&str] = &[
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionAttributes",
    "s3:GetObjectVersionTagging",
    "s3:GetObjectVersionTorrent",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectVersionTagging",
    "s3:DeleteObjectVersion",
    "s3:DeleteObjectVersionTagging",
];

const ABOUT_ACLS: &[&str] = &[
    "s3:PutBucketAcl",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "s3:BypassGovernanceRetention",
];

/// Families of keys, each of which goes on with the name of a tag.
const OF_TAGS: [&str; 7] = [
    "aws:principaltag",
    "aws:requesttag",
    "aws:resourcetag",
    "s3:accesspointtag",
    "s3:buckettag",
    "s3:existingobjecttag",
    "s3:requestobjecttag",
];

const OF_S3: [&str; 43] = [
    "s3:accesspointnetworkorigin",
    "s3:authtype",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:delimiter",
    "s3:destinationregion",
    "s3:existingjoboperation",
    "s3:existingjobpriority",
    "s3:if-match",
    "s3:if-none-match",
    "s3:inventoryaccessibleoptionalfields",
    "s3:isreplicationpauserequest",
    "s3:jobsuspendedcause",
    "s3:locationconstraint",
    "s3:max-keys",
    "s3:object-lock-legal-hold",
    "s3:object-lock-mode",
    "s3:object-lock-remaining-retention-days",
    "s3:object-lock-retain-until-date",
    "s3:objectcreationoperation",
    "s3:prefix",
    "s3:requestjoboperation",
    "s3:requestjobpriority",
    "s3:requestobjecttagkeys",
    "s3:resourceaccount",
    "s3:signatureage",
    "s3:signatureversion",
    "s3:tlsversion",
    "s3:versionid",
    "s3:x-amz-acl",
    "s3:x-amz-bucket-namespace",
    "s3:x-amz-bucket-object-lock-enabled",
    "s3:x-amz-content-sha256",
    "s3:x-amz-copy-source",
    "s3:x-amz-metadata-directive",
    "s3:x-amz-object-ownership",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:x-amz-server-side-encryption-context",
    "s3:x-amz-server-side-encryption-customer-algorithm",
    "s3:x-amz-storage-class",
    "s3:x-amz-tagging-directive",
    "s3:x-amz-website-redirect-location",
];

const GLOBAL: [&str; 45] = [
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:chatbotsourcearn",
    "aws:currenttime",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:viaawsservice",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
];
