//! The error table: situations with S3's code, status and message.

use std::borrow::Cow;

use stuntbucket_signer::S3Error;

/// A situation that S3 answers with a fixed text. Several can share a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    AccessControlListNotSupported,
    AccessDenied,
    BucketAlreadyExists,
    BucketAlreadyOwnedByYou,
    BucketNotEmpty,
    BucketNotEmptyOfVersions,
    CannedAclAndGrants,
    CrossLocationLoggingProhibited,
    CorsBucketNotFound,
    CorsNotAllowed,
    CorsNotEnabled,
    CorsOriginMissing,
    CustomerKeyInsecure,
    CustomerKeyMissing,
    CustomerKeyNotApplicable,
    CustomerKeyWrong,
    ConditionalRequestConflict,
    EntityTooLarge,
    EntityTooSmall,
    FileCount,
    IdMismatch,
    IllegalLocation,
    IncompleteBody,
    Internal,
    InvalidBucketAclWithBlockPublicAccess,
    InvalidBucketAclWithObjectOwnership,
    InvalidBucketName,
    InvalidConfigurationId,
    InvalidDigest,
    InvalidEncryptionAlgorithm,
    InvalidLocationConstraint,
    InvalidObjectState,
    InvalidPart,
    InvalidPartOrder,
    InvalidRange,
    InvalidRedirectLocation,
    InvalidS3DestinationBucket,
    InvalidStorageClass,
    InvalidTargetBucketForLogging,
    InvalidUri,
    KeyTooLong,
    MalformedAcl,
    MalformedPostRequest,
    MalformedTrailer,
    MalformedXml,
    MaxPostPreDataLengthExceeded,
    MetadataTooLarge,
    MethodNotAllowed,
    MissingContentLength,
    MissingRequestBody,
    MissingSecurityHeader,
    MissingVersioningStatus,
    NoSuchBucket,
    NoSuchBucketPolicy,
    NoSuchConfiguration,
    NoSuchCorsConfiguration,
    NoSuchKey,
    NoSuchObjectLock,
    NoSuchLifecycleConfiguration,
    NoSuchPublicAccessBlock,
    NoSuchVersion,
    NoSuchTagSet,
    NoSuchWebsiteConfiguration,
    NotImplementedHeader,
    ObjectLockConfigurationNotFound,
    ObjectLockWithoutVersioning,
    ObjectLocked,
    NoSuchUpload,
    ObjectNotInActiveTier,
    OwnershipControlsNotFound,
    PermanentRedirect,
    PreconditionFailed,
    ReplicationConfigurationNotFound,
    RequestHeaderSectionTooLarge,
    RequestTimeout,
    RestoreAlreadyInProgress,
    RestoreNotAllowed,
    TemporaryRedirect,
    TooManyConfigurations,
    TooManyBucketTags,
    TooManyObjectTags,
    UnexpectedContent,
    VersioningOfLockedBucket,
    VersioningOfReplicatedBucket,
}

impl Fault {
    /// The error table.
    #[rustfmt::skip]
    pub(super) const fn row(self) -> S3Error {
        let (code, status, message) = match self {
            Self::AccessControlListNotSupported       => ("AccessControlListNotSupported", 400, "The bucket does not allow ACLs"),
            Self::AccessDenied                        => ("AccessDenied", 403, "Access Denied"),
            Self::BucketAlreadyExists                 => ("BucketAlreadyExists", 409, "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again."),
            Self::BucketAlreadyOwnedByYou             => ("BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it."),
            Self::BucketNotEmpty                      => ("BucketNotEmpty", 409, "The bucket you tried to delete is not empty"),
            Self::BucketNotEmptyOfVersions            => ("BucketNotEmpty", 409, "The bucket you tried to delete is not empty. You must delete all versions in the bucket."),
            Self::CannedAclAndGrants                  => ("InvalidRequest", 400, "Specifying both Canned ACLs and Header Grants is not allowed"),
            // S3 spells it so, with a space at the end.
            Self::CrossLocationLoggingProhibited      => ("CrossLocationLoggingProhibitted", 403, "Cross S3 location logging not allowed. "),
            Self::CorsBucketNotFound                  => ("AccessForbidden", 403, "CORSResponse: Bucket not found"),
            Self::CorsNotAllowed                      => ("AccessForbidden", 403, "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."),
            Self::CorsNotEnabled                      => ("AccessForbidden", 403, "CORSResponse: CORS is not enabled for this bucket."),
            Self::CorsOriginMissing                   => ("BadRequest", 400, "Insufficient information. Origin request header needed."),
            Self::CustomerKeyInsecure                 => ("InvalidRequest", 400, "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection."),
            Self::CustomerKeyMissing                  => ("InvalidRequest", 400, "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object."),
            Self::CustomerKeyNotApplicable            => ("InvalidRequest", 400, "The encryption parameters are not applicable to this object."),
            Self::CustomerKeyWrong                    => ("AccessDenied", 403, "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key."),
            Self::ConditionalRequestConflict           => ("ConditionalRequestConflict", 409, "The conditional request cannot succeed due to a conflicting operation against this resource."),
            Self::EntityTooLarge                      => ("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size"),
            Self::EntityTooSmall                       => ("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size"),
            Self::FileCount                           => ("InvalidArgument", 400, "POST requires exactly one file upload per request."),
            Self::IdMismatch                          => ("IdMismatch", 400, "Document ID does not match the specified configuration ID."),
            Self::IllegalLocation                     => ("IllegalLocationConstraintException", 400, "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."),
            Self::IncompleteBody                      => ("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header"),
            Self::Internal                            => ("InternalError", 500, "We encountered an internal error. Please try again."),
            Self::InvalidBucketAclWithBlockPublicAccess => ("InvalidBucketAclWithBlockPublicAccessError", 400, "Bucket cannot have public ACLs set with BlockPublicAccess enabled"),
            Self::InvalidBucketAclWithObjectOwnership => ("InvalidBucketAclWithObjectOwnership", 400, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"),
            Self::InvalidBucketName                   => ("InvalidBucketName", 400, "The specified bucket is not valid."),
            Self::InvalidConfigurationId              => ("InvalidConfigurationId", 400, "The specified configuration id is invalid."),
            Self::InvalidDigest                       => ("InvalidDigest", 400, "The Content-MD5 you specified was invalid."),
            Self::InvalidEncryptionAlgorithm          => ("InvalidEncryptionAlgorithmError", 400, "The Encryption request you specified is not valid. Supported value: AES256."),
            Self::InvalidLocationConstraint           => ("InvalidLocationConstraint", 400, "The specified location-constraint is not valid"),
            Self::InvalidObjectState                  => ("InvalidObjectState", 403, "The operation is not valid for the object's storage class"),
            Self::InvalidPart                          => ("InvalidPart", 400, "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."),
            Self::InvalidPartOrder                     => ("InvalidPartOrder", 400, "The list of parts was not in ascending order. Parts must be ordered by part number."),
            Self::InvalidRange                        => ("InvalidRange", 416, "The requested range is not satisfiable"),
            Self::InvalidRedirectLocation             => ("InvalidRedirectLocation", 400, "The website redirect location must have a prefix of 'http://' or 'https://' or '/'."),
            Self::InvalidS3DestinationBucket          => ("InvalidS3DestinationBucket", 400, "Invalid bucket ARN."),
            Self::InvalidStorageClass                 => ("InvalidStorageClass", 400, "The storage class you specified is not valid"),
            Self::InvalidTargetBucketForLogging       => ("InvalidTargetBucketForLogging", 400, "The target bucket for logging does not exist"),
            Self::InvalidUri                          => ("InvalidURI", 400, "Couldn't parse the specified URI."),
            Self::KeyTooLong                          => ("KeyTooLongError", 400, "Your key is too long"),
            Self::MalformedAcl                        => ("MalformedACLError", 400, "The XML you provided was not well-formed or did not validate against our published schema"),
            Self::MalformedPostRequest                => ("MalformedPOSTRequest", 400, "The body of your POST request is not well-formed multipart/form-data."),
            Self::MalformedTrailer                    => ("MalformedTrailerError", 400, "The request contained trailing data that was not well-formed or did not conform to our published schema."),
            Self::MalformedXml                        => ("MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema"),
            // S3 spells it so.
            Self::MaxPostPreDataLengthExceeded        => ("MaxPostPreDataLengthExceeded", 400, "Your POST request fields preceeding the upload file was too large."),
            Self::MetadataTooLarge                    => ("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size"),
            Self::MethodNotAllowed                    => ("MethodNotAllowed", 405, "The specified method is not allowed against this resource."),
            Self::MissingContentLength                => ("MissingContentLength", 411, "You must provide the Content-Length HTTP header."),
            Self::MissingRequestBody                  => ("MissingRequestBodyError", 400, "Request Body is empty"),
            Self::MissingSecurityHeader               => ("MissingSecurityHeader", 400, "Your request was missing a required header"),
            Self::MissingVersioningStatus             => ("IllegalVersioningConfigurationException", 400, "The Versioning element must be specified"),
            Self::NoSuchBucket                        => ("NoSuchBucket", 404, "The specified bucket does not exist"),
            Self::NoSuchBucketPolicy                  => ("NoSuchBucketPolicy", 404, "The bucket policy does not exist"),
            Self::NoSuchConfiguration                 => ("NoSuchConfiguration", 404, "The specified configuration does not exist."),
            Self::NoSuchCorsConfiguration             => ("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"),
            Self::NoSuchKey                           => ("NoSuchKey", 404, "The specified key does not exist."),
            Self::NoSuchObjectLock                    => ("NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration"),
            Self::NoSuchLifecycleConfiguration        => ("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"),
            Self::NoSuchPublicAccessBlock             => ("NoSuchPublicAccessBlockConfiguration", 404, "The public access block configuration was not found"),
            Self::NoSuchVersion                       => ("NoSuchVersion", 404, "The specified version does not exist."),
            Self::NoSuchTagSet                        => ("NoSuchTagSet", 404, "The TagSet does not exist"),
            Self::NoSuchWebsiteConfiguration          => ("NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"),
            Self::NotImplementedHeader                => ("NotImplemented", 501, "A header you provided implies functionality that is not implemented"),
            Self::ObjectLockConfigurationNotFound     => ("ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket"),
            Self::ObjectLockWithoutVersioning         => ("InvalidBucketState", 409, "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"),
            Self::ObjectLocked                        => ("AccessDenied", 403, "Access Denied because object protected by object lock."),
            Self::NoSuchUpload                         => ("NoSuchUpload", 404, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."),
            Self::ObjectNotInActiveTier                => ("ObjectNotInActiveTierError", 403, "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier."),
            Self::OwnershipControlsNotFound           => ("OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"),
            Self::PermanentRedirect                   => ("PermanentRedirect", 301, "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint."),
            Self::PreconditionFailed                  => ("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"),
            Self::ReplicationConfigurationNotFound    => ("ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"),
            Self::RequestHeaderSectionTooLarge        => ("RequestHeaderSectionTooLarge", 400, "Your request header section exceeds the maximum allowed size."),
            Self::RequestTimeout                      => ("RequestTimeout", 400, "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed."),
            Self::RestoreAlreadyInProgress            => ("RestoreAlreadyInProgress", 409, "Object restore is already in progress"),
            Self::RestoreNotAllowed                   => ("InvalidObjectState", 403, "Restore is not allowed for the object's current storage class"),
            Self::TemporaryRedirect                   => ("TemporaryRedirect", 307, "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests."),
            Self::TooManyConfigurations               => ("TooManyConfigurations", 400, "You are attempting to create a new configuration but have already reached the 1,000-configuration limit."),
            Self::TooManyBucketTags                   => ("BadRequest", 400, "Bucket tag count cannot be greater than 50"),
            Self::TooManyObjectTags                   => ("BadRequest", 400, "Object tags cannot be greater than 10"),
            Self::UnexpectedContent                   => ("UnexpectedContent", 400, "This request does not support content"),
            Self::VersioningOfLockedBucket            => ("InvalidBucketState", 409, "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."),
            Self::VersioningOfReplicatedBucket        => ("InvalidBucketState", 409, "A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration."),
        };
        S3Error { code, status, message: Cow::Borrowed(message) }
    }
}

#[cfg(test)]
mod tests {
    /// The table of `docs/errors.md`, made of the lines above.
    fn documented() -> String {
        let mut table =
            "| situation | code | status | message |\n| --- | --- | --- | --- |\n".to_owned();
        let (rows, _) = include_str!("table.rs").split_once("#[cfg(test)]").unwrap();
        for line in rows.lines() {
            let Some((situation, row)) = line.split_once("=> (\"") else { continue };
            let situation = situation.trim().trim_start_matches("Self::");
            let row = row.trim_end_matches("\"),").replace("\\\"", "\"");
            let (code, rest) = row.split_once("\", ").unwrap();
            let (status, message) = rest.split_once(", \"").unwrap();
            table.push_str(&format!("| {situation} | {code} | {status} | {message} |\n"));
        }
        table
    }

    #[test]
    fn the_documentation_lists_what_the_table_lists() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
        let text = std::fs::read_to_string(file).unwrap();
        let expected = documented();
        assert!(
            text.contains(&expected),
            "docs/errors.md should contain this table:\n\n{expected}"
        );
    }
}
