//! `Place`: the bucket that a request names, looked up once, and the region it is asked in.

use std::sync::Arc;

use http::HeaderName;
use http::header::LOCATION;

use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::Region;
use crate::request::Request;
use crate::request::Style;
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

/// How the request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// Whether anybody could listen. So far only HTTP is served.
fn scheme_of(_request: &Request) -> Scheme {
    Scheme::Http
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
        Ok(Self { name, bucket, region, scheme: scheme_of(request) })
    }

    /// The bucket, wherever it is, for those who only want to know its settings.
    pub(crate) fn known(&self) -> Option<&Arc<Bucket>> {
        self.bucket.as_ref()
    }

    /// The bucket, if there is one of that name.
    pub(crate) fn looked_up(&self) -> Option<&Arc<Bucket>> {
        self.bucket.as_ref()
    }

    /// The bucket, for requests to it: it must exist, and be asked in its own region.
    pub(crate) fn bucket(&self, request: &Request) -> Result<Arc<Bucket>, Failure> {
        let Some(bucket) = &self.bucket else {
            let name = self.name.clone().unwrap_or_default();
            return Err(Fault::NoSuchBucket
                .with("BucketName", &*name)
                .because(format!("there is no bucket `{name}`")));
        };
        if bucket.region == self.region {
            return Ok(Arc::clone(bucket));
        }
        Err(elsewhere(bucket, &self.region, request))
    }

    /// Names the bucket's region, for refusals that clients recover from with its help.
    pub(crate) fn sign(&self, failure: Failure) -> Failure {
        match &self.bucket {
            Some(bucket) => failure.with_header(BUCKET_REGION, &bucket.region),
            None => failure,
        }
    }
}

/// What S3 answers where a bucket is asked for in another region than its own (recorded by
/// LocalStack: `test_access_bucket_different_region`).
fn elsewhere(bucket: &Bucket, asked: &str, request: &Request) -> Failure {
    let Bucket { name, region, .. } = bucket;
    let note =
        format!("bucket `{name}` is in {region}, and was asked for at an endpoint of {asked}");
    let endpoint = format!("{name}.s3.{region}.amazonaws.com");
    let is_virtual = request.address.style == Style::VirtualHosted;
    let is_global = request.address.region == Region::Global || asked == FIRST_REGION;
    let failure = if is_virtual && is_global {
        let query = Some(request.query.raw()).filter(|query| !query.is_empty());
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let location = format!("https://{endpoint}{}{query}", request.path);
        Fault::TemporaryRedirect
            .with("Endpoint", &*endpoint)
            .with("Bucket", &**name)
            .with_header(LOCATION, &location)
    } else {
        let endpoint = if is_virtual { endpoint } else { format!("s3.{region}.amazonaws.com") };
        Fault::PermanentRedirect.with("Endpoint", endpoint).with("Bucket", &**name)
    };
    failure.with_header(BUCKET_REGION, region).because(note)
}
