//! `Action`: what a caller must be allowed to do, by its name in policies.

/// An action of S3's permission model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    CreateBucket,
    DeleteBucket,
    DeleteObject,
    GetBucketAcl,
    GetBucketLocation,
    GetBucketOwnershipControls,
    GetBucketPublicAccessBlock,
    GetObject,
    GetObjectAcl,
    ListAllMyBuckets,
    ListBucket,
    PutBucketAcl,
    PutBucketOwnershipControls,
    PutBucketPublicAccessBlock,
    PutObject,
    PutObjectAcl,
}

impl Action {
    /// The name in policies, such as `s3:GetObject`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::CreateBucket => "s3:CreateBucket",
            Self::DeleteBucket => "s3:DeleteBucket",
            Self::DeleteObject => "s3:DeleteObject",
            Self::GetBucketAcl => "s3:GetBucketAcl",
            Self::GetBucketLocation => "s3:GetBucketLocation",
            Self::GetBucketOwnershipControls => "s3:GetBucketOwnershipControls",
            Self::GetBucketPublicAccessBlock => "s3:GetBucketPublicAccessBlock",
            Self::GetObject => "s3:GetObject",
            Self::GetObjectAcl => "s3:GetObjectAcl",
            Self::ListAllMyBuckets => "s3:ListAllMyBuckets",
            Self::ListBucket => "s3:ListBucket",
            Self::PutBucketAcl => "s3:PutBucketAcl",
            Self::PutBucketOwnershipControls => "s3:PutBucketOwnershipControls",
            Self::PutBucketPublicAccessBlock => "s3:PutBucketPublicAccessBlock",
            Self::PutObject => "s3:PutObject",
            Self::PutObjectAcl => "s3:PutObjectAcl",
        }
    }
}
