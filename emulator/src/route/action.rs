//! `Action`: what a caller must be allowed to do, by its name in policies.

/// An action of S3's permission model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    BypassGovernanceRetention,
    CreateBucket,
    DeleteBucket,
    DeleteObject,
    DeleteObjectVersion,
    GetBucketAcl,
    GetBucketLocation,
    GetBucketObjectLockConfiguration,
    GetBucketOwnershipControls,
    GetBucketPublicAccessBlock,
    GetBucketVersioning,
    GetObject,
    GetObjectAcl,
    GetObjectLegalHold,
    GetObjectRetention,
    GetObjectVersion,
    GetObjectVersionAcl,
    ListAllMyBuckets,
    ListBucket,
    ListBucketVersions,
    PutBucketAcl,
    PutBucketObjectLockConfiguration,
    PutBucketOwnershipControls,
    PutBucketPublicAccessBlock,
    PutBucketVersioning,
    PutObject,
    PutObjectAcl,
    PutObjectLegalHold,
    PutObjectRetention,
    PutObjectVersionAcl,
}

impl Action {
    /// The name in policies, such as `s3:GetObject`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::BypassGovernanceRetention => "s3:BypassGovernanceRetention",
            Self::CreateBucket => "s3:CreateBucket",
            Self::DeleteBucket => "s3:DeleteBucket",
            Self::DeleteObject => "s3:DeleteObject",
            Self::DeleteObjectVersion => "s3:DeleteObjectVersion",
            Self::GetBucketAcl => "s3:GetBucketAcl",
            Self::GetBucketLocation => "s3:GetBucketLocation",
            Self::GetBucketObjectLockConfiguration => "s3:GetBucketObjectLockConfiguration",
            Self::GetBucketOwnershipControls => "s3:GetBucketOwnershipControls",
            Self::GetBucketPublicAccessBlock => "s3:GetBucketPublicAccessBlock",
            Self::GetBucketVersioning => "s3:GetBucketVersioning",
            Self::GetObject => "s3:GetObject",
            Self::GetObjectAcl => "s3:GetObjectAcl",
            Self::GetObjectLegalHold => "s3:GetObjectLegalHold",
            Self::GetObjectRetention => "s3:GetObjectRetention",
            Self::GetObjectVersion => "s3:GetObjectVersion",
            Self::GetObjectVersionAcl => "s3:GetObjectVersionAcl",
            Self::ListAllMyBuckets => "s3:ListAllMyBuckets",
            Self::ListBucket => "s3:ListBucket",
            Self::ListBucketVersions => "s3:ListBucketVersions",
            Self::PutBucketAcl => "s3:PutBucketAcl",
            Self::PutBucketObjectLockConfiguration => "s3:PutBucketObjectLockConfiguration",
            Self::PutBucketOwnershipControls => "s3:PutBucketOwnershipControls",
            Self::PutBucketPublicAccessBlock => "s3:PutBucketPublicAccessBlock",
            Self::PutBucketVersioning => "s3:PutBucketVersioning",
            Self::PutObject => "s3:PutObject",
            Self::PutObjectAcl => "s3:PutObjectAcl",
            Self::PutObjectLegalHold => "s3:PutObjectLegalHold",
            Self::PutObjectRetention => "s3:PutObjectRetention",
            Self::PutObjectVersionAcl => "s3:PutObjectVersionAcl",
        }
    }
}
