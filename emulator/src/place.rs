//! `Place`: the bucket that a request names, looked up once, and the region it is asked in.

use std::sync::Arc;

use http::HeaderName;
use http::header::LOCATION;
use stuntbucket_signer::verify::AuthType;
use stuntbucket_signer::verify::CredentialFlaw;
use stuntbucket_signer::verify::Refusal;

use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::names::is_region;
use crate::request::ClaimedScope;
use crate::request::Endpoint;
use crate::request::Region;
use crate::request::Request;
use crate::request::Scheme;
use crate::request::Style;
use crate::request::looks_like_region;
use crate::route::Operation;
use crate::route::Row;
use crate::store::Bucket;
use crate::world::World;

/// Tells clients where a bucket is.
pub(crate) const BUCKET_REGION: HeaderName = HeaderName::from_static("x-amz-bucket-region");

/// The region of the global endpoint.
pub(crate) const FIRST_REGION: &str = "us-east-1";

/// Where a request happens.
#[derive(Debug)]
pub(crate) struct Place {
    name: Option<String>,
    bucket: Option<Arc<Bucket>>,
    /// The region that the endpoint stands for, which a scope must name.
    pub(crate) region: String,
    pub(crate) scheme: Scheme,
}

impl Place {
    /// Looks the bucket up.
    ///
    /// A host name that carries a region behaves as that region's endpoint, the global name as the
    /// one of us-east-1; a name without a region stands for the bucket's own.
    pub(crate) fn find(world: &World, request: &Request) -> Result<Self, Failure> {
        let name = request.bucket().map(str::to_owned);
        let bucket = match &name {
            Some(name) => world.store.bucket(name)?,
            None => None,
        };
        let region = match &request.address.region {
            Region::Named(region) => region.clone(),
            Region::Global => FIRST_REGION.to_owned(),
            Region::Unnamed => {
                bucket.as_ref().map_or(&world.region, |bucket| &bucket.region).clone()
            }
        };
        Ok(Self { name, bucket, region, scheme: request.scheme })
    }

    /// The place as the operation sees it.
    ///
    /// A bucket is created by the endpoint of a region. A name without one stands for that of the
    /// region which the client signs for: a client of eu-west-1 creates its bucket there, and is
    /// refused another place as S3's endpoint of eu-west-1 refuses it.
    pub(crate) fn of(self, row: &Row, request: &Request) -> Self {
        let is_open = row.operation == Operation::CreateBucket
            && matches!(request.address.region, Region::Unnamed);
        if !is_open {
            return self;
        }
        match ClaimedScope::of(request) {
            Some(scope) if is_region(&scope.region) => Self { region: scope.region, ..self },
            _ => self,
        }
    }

    /// The bucket, wherever it is, if there is one of that name.
    pub(crate) fn known(&self) -> Option<&Arc<Bucket>> {
        self.bucket.as_ref()
    }

    /// Sends requests for a bucket of another region there, before it is asked who sends them: a
    /// request that was signed for the bucket's own region is sent there too (recorded in boto3's
    /// issue 4360: `PermanentRedirect` of `s3.amazonaws.com` for a scope of the bucket's region).
    pub(crate) fn check_region(&self, request: &Request, row: &Row) -> Result<(), Failure> {
        match &self.bucket {
            // Where the name is taken does not matter.
            _ if row.operation == Operation::CreateBucket => Ok(()),
            Some(bucket) if bucket.region != self.region => {
                Err(elsewhere(bucket, &self.region, request))
            }
            Some(bucket) if request.address.endpoint == Endpoint::Accelerate => {
                check_acceleration(bucket)
            }
            _ => Ok(()),
        }
    }

    /// The bucket, for requests to it: it must exist.
    pub(crate) fn bucket(&self) -> Result<Arc<Bucket>, Failure> {
        self.bucket.clone().ok_or_else(|| {
            let name = self.name.clone().unwrap_or_default();
            Fault::NoSuchBucket
                .with("BucketName", &*name)
                .because(format!("there is no bucket `{name}`"))
        })
    }

    /// Adds the header by which clients find the region that a signature should have been for.
    ///
    /// Only refusals of `Authorization` have it (of a link and a form, argmin's tests pin that
    /// they have not).
    pub(crate) fn sign(&self, refusal: Box<Refusal>) -> Failure {
        let region = match &*refusal {
            Refusal::Credential {
                place: AuthType::Header,
                flaw: CredentialFlaw::Region { expected, .. },
                ..
            } => Some(expected.clone()),
            Refusal::SigV2NotHonoured { .. } => Some(self.region.clone()),
            _ => None,
        };
        let failure = Failure::from(refusal);
        match region {
            Some(region) => failure.with_header(BUCKET_REGION, &region),
            None => failure,
        }
    }

    /// Tells where the bucket is with every answer of HeadBucket, also a refusal, which has no
    /// body that could (documented with HeadBucket; SDKs find regions so).
    pub(crate) fn name_region(&self, row: &Row, failure: Failure) -> Failure {
        match &self.bucket {
            Some(bucket) if row.operation == Operation::HeadBucket => {
                failure.with_header(BUCKET_REGION, &bucket.region)
            }
            _ => failure,
        }
    }
}

/// What S3 answers where a bucket is asked for in another region than its own (recorded by
/// LocalStack: `test_access_bucket_different_region`).
fn elsewhere(bucket: &Bucket, asked: &str, request: &Request) -> Failure {
    let Bucket { name, region, .. } = bucket;
    let is_virtual = request.address.style == Style::VirtualHosted;
    let (failure, advice) = if is_apart(region) || is_apart(asked) {
        let constraint = if region == FIRST_REGION { "unspecified" } else { region };
        (incompatible(constraint), "no endpoint of another region knows the way there")
    } else if is_virtual && asked == FIRST_REGION {
        // As it is until the DNS knows of a new bucket (recorded for PUT in sccache's issue 265
        // and bsdec2-image-upload's issue 11).
        let endpoint = format!("{name}.s3.{region}.amazonaws.com");
        let query = Some(request.query.raw()).filter(|query| !query.is_empty());
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let location = format!("https://{endpoint}{}{query}", request.path);
        let failure = Fault::TemporaryRedirect
            .with("Endpoint", endpoint)
            .with("Bucket", &**name)
            .with_header(LOCATION, &location);
        (failure, "a client that follows must sign again, for that host and region")
    } else {
        let endpoint = endpoint_of(region);
        let endpoint = if is_virtual { format!("{name}.{endpoint}") } else { endpoint };
        let failure = Fault::PermanentRedirect.with("Endpoint", endpoint).with("Bucket", &**name);
        (failure, "clients do not follow this answer, which has no `Location`")
    };
    failure.with_header(BUCKET_REGION, region).because(format!(
        "bucket `{name}` is in {region}, and was asked for at an endpoint of {asked}; {advice}. Set \
         the client's region to {region}"
    ))
}

/// The hosts of Transfer Acceleration serve buckets that have it on (texts that users of SDKs
/// report).
fn check_acceleration(bucket: &Bucket) -> Result<(), Failure> {
    let state = match bucket.settings.configurations.is_accelerated() {
        Some(true) => return Ok(()),
        Some(false) => "disabled",
        None => "not configured",
    };
    let message = format!("S3 Transfer Acceleration is {state} on this bucket");
    Err(saying("InvalidRequest", 400, message)
        .because("put an accelerate configuration with the status Enabled first"))
}

/// `IllegalLocationConstraintException` for this location.
pub(crate) fn incompatible(constraint: &str) -> Failure {
    let message = format!(
        "The {constraint} location constraint is incompatible for the region specific endpoint \
         this request was sent to."
    );
    saying("IllegalLocationConstraintException", 400, message)
}

/// The endpoint as redirects name it: without a region for the first, with a dash for those from
/// before 2014 (recorded in botocore's logs of 2024 and the tests of mountpoint-s3), else with a
/// dot.
fn endpoint_of(region: &str) -> String {
    const DASHED: [&str; 7] = [
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "eu-west-1",
        "sa-east-1",
        "us-west-1",
        "us-west-2",
    ];
    if region == FIRST_REGION {
        "s3.amazonaws.com".to_owned()
    } else if DASHED.contains(&region) {
        format!("s3-{region}.amazonaws.com")
    } else {
        format!("s3.{region}.amazonaws.com")
    }
}

/// Whether a region was opened after 20 March 2019: such ones and the others do not redirect to
/// each other, in neither direction (documented for the global endpoint; recorded for others in
/// boto3's issue 2622 and cloud-custodian's issue 8005).
fn is_apart(region: &str) -> bool {
    const BEFORE: [&str; 21] = [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-west-1",
        "us-west-2",
    ];
    // A region that somebody made up, such as `local`, is an ordinary one.
    looks_like_region(region) && !BEFORE.contains(&region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_spelled_by_the_age_of_their_region() {
        for (region, endpoint) in [
            ("us-east-1", "s3.amazonaws.com"),
            ("us-west-2", "s3-us-west-2.amazonaws.com"),
            ("us-east-2", "s3.us-east-2.amazonaws.com"),
            ("local", "s3.local.amazonaws.com"),
        ] {
            assert_eq!(endpoint_of(region), endpoint);
        }
        let apart: Vec<_> = ["us-east-1", "eu-north-1", "me-south-1", "eu-south-2", "local"]
            .into_iter()
            .filter(|region| is_apart(region))
            .collect();
        assert_eq!(apart, ["me-south-1", "eu-south-2"]);
    }
}
