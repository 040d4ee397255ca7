//! The routing table: which request is which operation, and what it asks of the caller.

use super::Action;
use super::Operation;
#[allow(clippy::enum_glob_use)] // The table names nearly all of them.
use super::Operation::*;

/// What a row's requests are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum On {
    Service,
    Bucket,
    Object,
    /// What a bucket shows to browsers.
    Website,
}

/// The condition of a row, besides method and target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// No condition.
    Always,
    /// The query has this parameter.
    Has(&'static str),
    /// The query has both parameters.
    HasBoth(&'static str, &'static str),
    /// The query has this parameter with this value.
    Is(&'static str, &'static str),
    /// The query has this parameter, if one is named, and the request names a copy source.
    Copying(Option<&'static str>),
}

/// What an operation asks before it is performed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// The caller must be allowed this action on what the address names.
    Row(Action),
    /// The same, and the object's own ACL may decide: the operation asks once it has the object.
    Object(Action),
    /// The same, and an ACL that the request may bring is asked for when it is known.
    WithAcl(Action),
    /// The same, and whoever began the upload may: the operation asks once it has the upload.
    Upload(Action),
    /// The same, and conditions may look at the request's document: the operation asks once it is
    /// read.
    Document(Action),
    /// The operation asks for each key that the request's document names.
    EachKey(Action),
    /// The same as `WithAcl`, and the source of the copy must be readable: the operation asks once
    /// it has the source.
    AndSource(Action),
    /// Nothing: browsers ask it of themselves.
    Nothing,
    /// This emulator does not have the operation.
    NotOffered,
}

/// One row: how an operation is asked for, and what it asks.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) on: On,
    pub(crate) method: &'static str,
    pub(crate) when: When,
    pub(crate) operation: Operation,
    pub(crate) asks: Asks,
}

const fn row(on: On, method: &'static str, when: When, operation: Operation, asks: Asks) -> Row {
    Row { on, method, when, operation, asks }
}

use self::Asks::AndSource as FromSource;
use self::Asks::Document as PerDocument;
use self::Asks::EachKey as PerKey;
use self::Asks::NotOffered;
use self::Asks::Nothing;
use self::Asks::Object as PerObject;
use self::Asks::Row as Plain;
use self::Asks::Upload as PerUpload;
use self::Asks::WithAcl;
use self::On::Bucket;
use self::On::Object;
use self::On::Service;
use self::On::Website as Site;
use self::When::Always;
use self::When::Copying;
use self::When::Has;
use self::When::HasBoth;
use self::When::Is;

/// The first row that fits decides.
///
/// Methods, parameters and names as in the service model of S3; a parameter may have an empty
/// value.
#[rustfmt::skip]
pub(crate) static ROWS: &[Row] = &[
    row(Service, "GET",     Always,                              ListBuckets,                                 Plain(Action::ListAllMyBuckets)),

    row(Bucket,  "OPTIONS", Always,                              Preflight,                                   Nothing),
    row(Object,  "OPTIONS", Always,                              Preflight,                                   Nothing),

    row(Bucket,  "GET",     Has("abac"),                         GetBucketAbac,                               Plain(Action::GetBucketAbac)),
    row(Bucket,  "GET",     Has("accelerate"),                   GetBucketAccelerateConfiguration,            Plain(Action::GetAccelerateConfiguration)),
    row(Bucket,  "GET",     Has("acl"),                          GetBucketAcl,                                Plain(Action::GetBucketAcl)),
    row(Bucket,  "GET",     HasBoth("analytics", "id"),          GetBucketAnalyticsConfiguration,             Plain(Action::GetAnalyticsConfiguration)),
    row(Bucket,  "GET",     Has("analytics"),                    ListBucketAnalyticsConfigurations,           Plain(Action::GetAnalyticsConfiguration)),
    row(Bucket,  "GET",     Has("cors"),                         GetBucketCors,                               Plain(Action::GetBucketCors)),
    row(Bucket,  "GET",     Has("encryption"),                   GetBucketEncryption,                         Plain(Action::GetEncryptionConfiguration)),
    row(Bucket,  "GET",     HasBoth("intelligent-tiering", "id"), GetBucketIntelligentTieringConfiguration,   Plain(Action::GetIntelligentTieringConfiguration)),
    row(Bucket,  "GET",     Has("intelligent-tiering"),          ListBucketIntelligentTieringConfigurations,  Plain(Action::GetIntelligentTieringConfiguration)),
    row(Bucket,  "GET",     HasBoth("inventory", "id"),          GetBucketInventoryConfiguration,             Plain(Action::GetInventoryConfiguration)),
    row(Bucket,  "GET",     Has("inventory"),                    ListBucketInventoryConfigurations,           Plain(Action::GetInventoryConfiguration)),
    row(Bucket,  "GET",     Has("lifecycle"),                    GetBucketLifecycleConfiguration,             Plain(Action::GetLifecycleConfiguration)),
    row(Bucket,  "GET",     Has("location"),                     GetBucketLocation,                           Plain(Action::GetBucketLocation)),
    row(Bucket,  "GET",     Has("logging"),                      GetBucketLogging,                            Plain(Action::GetBucketLogging)),
    row(Bucket,  "GET",     Has("metadataConfiguration"),        GetBucketMetadataConfiguration,              NotOffered),
    row(Bucket,  "GET",     Has("metadataTable"),                GetBucketMetadataTableConfiguration,         NotOffered),
    row(Bucket,  "GET",     HasBoth("metrics", "id"),            GetBucketMetricsConfiguration,               Plain(Action::GetMetricsConfiguration)),
    row(Bucket,  "GET",     Has("metrics"),                      ListBucketMetricsConfigurations,             Plain(Action::GetMetricsConfiguration)),
    row(Bucket,  "GET",     Has("notification"),                 GetBucketNotificationConfiguration,          Plain(Action::GetBucketNotification)),
    row(Bucket,  "GET",     Has("object-lock"),                  GetObjectLockConfiguration,                  Plain(Action::GetBucketObjectLockConfiguration)),
    row(Bucket,  "GET",     Has("ownershipControls"),            GetBucketOwnershipControls,                  Plain(Action::GetBucketOwnershipControls)),
    row(Bucket,  "GET",     Has("policy"),                       GetBucketPolicy,                             Plain(Action::GetBucketPolicy)),
    row(Bucket,  "GET",     Has("policyStatus"),                 GetBucketPolicyStatus,                       Plain(Action::GetBucketPolicyStatus)),
    row(Bucket,  "GET",     Has("publicAccessBlock"),            GetPublicAccessBlock,                        Plain(Action::GetBucketPublicAccessBlock)),
    row(Bucket,  "GET",     Has("replication"),                  GetBucketReplication,                        Plain(Action::GetReplicationConfiguration)),
    row(Bucket,  "GET",     Has("requestPayment"),               GetBucketRequestPayment,                     Plain(Action::GetBucketRequestPayment)),
    row(Bucket,  "GET",     Has("tagging"),                      GetBucketTagging,                            Plain(Action::GetBucketTagging)),
    row(Bucket,  "GET",     Has("uploads"),                      ListMultipartUploads,                        Plain(Action::ListBucketMultipartUploads)),
    row(Bucket,  "GET",     Has("versioning"),                   GetBucketVersioning,                         Plain(Action::GetBucketVersioning)),
    row(Bucket,  "GET",     Has("versions"),                     ListObjectVersions,                          Plain(Action::ListBucketVersions)),
    row(Bucket,  "GET",     Has("website"),                      GetBucketWebsite,                            Plain(Action::GetBucketWebsite)),
    row(Bucket,  "GET",     Is("list-type", "2"),                ListObjectsV2,                               Plain(Action::ListBucket)),
    // `?session` creates one for directory buckets; others ignore it (pinned by argmin's tests).
    row(Bucket,  "GET",     Always,                              ListObjects,                                 Plain(Action::ListBucket)),

    row(Bucket,  "HEAD",    Always,                              HeadBucket,                                  Plain(Action::ListBucket)),

    row(Bucket,  "PUT",     Has("abac"),                         PutBucketAbac,                               Plain(Action::PutBucketAbac)),
    row(Bucket,  "PUT",     Has("accelerate"),                   PutBucketAccelerateConfiguration,            Plain(Action::PutAccelerateConfiguration)),
    row(Bucket,  "PUT",     Has("acl"),                          PutBucketAcl,                                WithAcl(Action::PutBucketAcl)),
    row(Bucket,  "PUT",     Has("analytics"),                    PutBucketAnalyticsConfiguration,             Plain(Action::PutAnalyticsConfiguration)),
    row(Bucket,  "PUT",     Has("cors"),                         PutBucketCors,                               Plain(Action::PutBucketCors)),
    row(Bucket,  "PUT",     Has("encryption"),                   PutBucketEncryption,                         Plain(Action::PutEncryptionConfiguration)),
    row(Bucket,  "PUT",     Has("intelligent-tiering"),          PutBucketIntelligentTieringConfiguration,    Plain(Action::PutIntelligentTieringConfiguration)),
    row(Bucket,  "PUT",     Has("inventory"),                    PutBucketInventoryConfiguration,             Plain(Action::PutInventoryConfiguration)),
    row(Bucket,  "PUT",     Has("lifecycle"),                    PutBucketLifecycleConfiguration,             Plain(Action::PutLifecycleConfiguration)),
    row(Bucket,  "PUT",     Has("logging"),                      PutBucketLogging,                            Plain(Action::PutBucketLogging)),
    row(Bucket,  "PUT",     Has("metadataAnnotationTable"),      UpdateBucketMetadataAnnotationTableConfiguration, NotOffered),
    row(Bucket,  "PUT",     Has("metadataInventoryTable"),       UpdateBucketMetadataInventoryTableConfiguration, NotOffered),
    row(Bucket,  "PUT",     Has("metadataJournalTable"),         UpdateBucketMetadataJournalTableConfiguration, NotOffered),
    row(Bucket,  "PUT",     Has("metrics"),                      PutBucketMetricsConfiguration,               Plain(Action::PutMetricsConfiguration)),
    row(Bucket,  "PUT",     Has("notification"),                 PutBucketNotificationConfiguration,          Plain(Action::PutBucketNotification)),
    row(Bucket,  "PUT",     Has("object-lock"),                  PutObjectLockConfiguration,                  Plain(Action::PutBucketObjectLockConfiguration)),
    row(Bucket,  "PUT",     Has("ownershipControls"),            PutBucketOwnershipControls,                  Plain(Action::PutBucketOwnershipControls)),
    row(Bucket,  "PUT",     Has("policy"),                       PutBucketPolicy,                             Plain(Action::PutBucketPolicy)),
    row(Bucket,  "PUT",     Has("publicAccessBlock"),            PutPublicAccessBlock,                        Plain(Action::PutBucketPublicAccessBlock)),
    row(Bucket,  "PUT",     Has("replication"),                  PutBucketReplication,                        Plain(Action::PutReplicationConfiguration)),
    row(Bucket,  "PUT",     Has("requestPayment"),               PutBucketRequestPayment,                     Plain(Action::PutBucketRequestPayment)),
    row(Bucket,  "PUT",     Has("tagging"),                      PutBucketTagging,                            Plain(Action::PutBucketTagging)),
    row(Bucket,  "PUT",     Has("versioning"),                   PutBucketVersioning,                         Plain(Action::PutBucketVersioning)),
    row(Bucket,  "PUT",     Has("website"),                      PutBucketWebsite,                            Plain(Action::PutBucketWebsite)),
    row(Bucket,  "PUT",     Always,                              CreateBucket,                                PerDocument(Action::CreateBucket)),

    row(Bucket,  "DELETE",  Has("analytics"),                    DeleteBucketAnalyticsConfiguration,          Plain(Action::PutAnalyticsConfiguration)),
    row(Bucket,  "DELETE",  Has("cors"),                         DeleteBucketCors,                            Plain(Action::PutBucketCors)),
    row(Bucket,  "DELETE",  Has("encryption"),                   DeleteBucketEncryption,                      Plain(Action::PutEncryptionConfiguration)),
    row(Bucket,  "DELETE",  Has("intelligent-tiering"),          DeleteBucketIntelligentTieringConfiguration, Plain(Action::PutIntelligentTieringConfiguration)),
    row(Bucket,  "DELETE",  Has("inventory"),                    DeleteBucketInventoryConfiguration,          Plain(Action::PutInventoryConfiguration)),
    row(Bucket,  "DELETE",  Has("lifecycle"),                    DeleteBucketLifecycle,                       Plain(Action::PutLifecycleConfiguration)),
    row(Bucket,  "DELETE",  Has("metadataConfiguration"),        DeleteBucketMetadataConfiguration,           NotOffered),
    row(Bucket,  "DELETE",  Has("metadataTable"),                DeleteBucketMetadataTableConfiguration,      NotOffered),
    row(Bucket,  "DELETE",  Has("metrics"),                      DeleteBucketMetricsConfiguration,            Plain(Action::PutMetricsConfiguration)),
    row(Bucket,  "DELETE",  Has("ownershipControls"),            DeleteBucketOwnershipControls,               Plain(Action::PutBucketOwnershipControls)),
    row(Bucket,  "DELETE",  Has("policy"),                       DeleteBucketPolicy,                          Plain(Action::DeleteBucketPolicy)),
    row(Bucket,  "DELETE",  Has("publicAccessBlock"),            DeletePublicAccessBlock,                     Plain(Action::PutBucketPublicAccessBlock)),
    row(Bucket,  "DELETE",  Has("replication"),                  DeleteBucketReplication,                     Plain(Action::PutReplicationConfiguration)),
    row(Bucket,  "DELETE",  Has("tagging"),                      DeleteBucketTagging,                         Plain(Action::PutBucketTagging)),
    row(Bucket,  "DELETE",  Has("website"),                      DeleteBucketWebsite,                         Plain(Action::DeleteBucketWebsite)),
    row(Bucket,  "DELETE",  Always,                              DeleteBucket,                                Plain(Action::DeleteBucket)),

    row(Bucket,  "POST",    Has("delete"),                       DeleteObjects,                               PerKey(Action::DeleteObject)),
    row(Bucket,  "POST",    Has("metadataConfiguration"),        CreateBucketMetadataConfiguration,           NotOffered),
    row(Bucket,  "POST",    Has("metadataTable"),                CreateBucketMetadataTableConfiguration,      NotOffered),
    row(Bucket,  "POST",    Always,                              PostObject,                                  WithAcl(Action::PutObject)),

    row(Object,  "GET",     Has("acl"),                          GetObjectAcl,                                PerObject(Action::GetObjectAcl)),
    row(Object,  "GET",     HasBoth("annotation", "annotationName"), GetObjectAnnotation,                     NotOffered),
    row(Object,  "GET",     Has("annotation"),                   ListObjectAnnotations,                       NotOffered),
    row(Object,  "GET",     Has("attributes"),                   GetObjectAttributes,                         PerObject(Action::GetObjectAttributes)),
    row(Object,  "GET",     Has("legal-hold"),                   GetObjectLegalHold,                          Plain(Action::GetObjectLegalHold)),
    row(Object,  "GET",     Has("retention"),                    GetObjectRetention,                          Plain(Action::GetObjectRetention)),
    row(Object,  "GET",     Has("tagging"),                      GetObjectTagging,                            PerObject(Action::GetObjectTagging)),
    row(Object,  "GET",     Has("torrent"),                      GetObjectTorrent,                            NotOffered),
    row(Object,  "GET",     Has("uploadId"),                     ListParts,                                   PerUpload(Action::ListMultipartUploadParts)),
    row(Object,  "GET",     Always,                              GetObject,                                   PerObject(Action::GetObject)),

    row(Object,  "HEAD",    Always,                              HeadObject,                                  PerObject(Action::GetObject)),

    row(Object,  "PUT",     Has("acl"),                          PutObjectAcl,                                PerObject(Action::PutObjectAcl)),
    row(Object,  "PUT",     Has("annotation"),                   PutObjectAnnotation,                         NotOffered),
    row(Object,  "PUT",     Has("encryption"),                   UpdateObjectEncryption,                      NotOffered),
    row(Object,  "PUT",     Has("legal-hold"),                   PutObjectLegalHold,                          PerDocument(Action::PutObjectLegalHold)),
    row(Object,  "PUT",     Has("renameObject"),                 RenameObject,                                NotOffered),
    row(Object,  "PUT",     Has("retention"),                    PutObjectRetention,                          PerDocument(Action::PutObjectRetention)),
    row(Object,  "PUT",     Has("tagging"),                      PutObjectTagging,                            PerObject(Action::PutObjectTagging)),
    row(Object,  "PUT",     Copying(Some("uploadId")),           UploadPartCopy,                              FromSource(Action::PutObject)),
    row(Object,  "PUT",     Has("uploadId"),                     UploadPart,                                  Plain(Action::PutObject)),
    row(Object,  "PUT",     Copying(None),                       CopyObject,                                  FromSource(Action::PutObject)),
    row(Object,  "PUT",     Always,                              PutObject,                                   WithAcl(Action::PutObject)),

    row(Object,  "DELETE",  Has("annotation"),                   DeleteObjectAnnotation,                      NotOffered),
    row(Object,  "DELETE",  Has("tagging"),                      DeleteObjectTagging,                         PerObject(Action::DeleteObjectTagging)),
    row(Object,  "DELETE",  Has("uploadId"),                     AbortMultipartUpload,                        PerUpload(Action::AbortMultipartUpload)),
    row(Object,  "DELETE",  Always,                              DeleteObject,                                PerObject(Action::DeleteObject)),

    row(Object,  "POST",    Has("restore"),                      RestoreObject,                               Plain(Action::RestoreObject)),
    row(Object,  "POST",    Has("select"),                       SelectObjectContent,                         NotOffered),
    row(Object,  "POST",    Has("uploadId"),                     CompleteMultipartUpload,                     Plain(Action::PutObject)),
    row(Object,  "POST",    Has("uploads"),                      CreateMultipartUpload,                       WithAcl(Action::PutObject)),

    row(Site,    "GET",     Always,                              Website,                                     PerObject(Action::GetObject)),
    row(Site,    "HEAD",    Always,                              Website,                                     PerObject(Action::GetObject)),
    row(Site,    "OPTIONS", Always,                              Preflight,                                   Nothing),
];
