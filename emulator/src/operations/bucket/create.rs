//! CreateBucket.

use http::StatusCode;

use super::arn;
use super::namespace;
use super::namespace::Creator;
use crate::answer::Answer;
use crate::authenticate::Caller;
use crate::authenticate::VerifiedBody;
use crate::authorize::Document;
use crate::authorize::GivenAcl;
use crate::authorize::GivenTo;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::names::Acl;
use crate::names::CannedAcl;
use crate::names::ObjectOwnership;
use crate::names::PublicAccessBlock;
use crate::names::is_region;
use crate::names::is_valid_bucket_name;
use crate::operations::document;
use crate::place::FIRST_REGION;
use crate::place::incompatible;
use crate::relaxation::Relaxation;
use crate::request::Request;
use crate::request::headers::TagsOf;
use crate::request::headers::tags_of_set;
use crate::store::Bucket;
use crate::store::BucketSettings;
use crate::store::Outcome;
use crate::xml::Element;

/// Creates a bucket of the caller's account.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let document = document::optional(body).await;
    let configuration = configuration(document.as_deref().unwrap_or_default());
    let said = configuration.as_ref().map_or(Document::NONE, |root| said_by(root.as_ref()));
    let permit = &permit.told(said)?;
    document?;
    let bucket = read(permit, request, configuration)?;
    let (name, region) = (bucket.name.clone(), bucket.region.clone());
    perform(permit, bucket).await?;
    let location = if region == FIRST_REGION {
        format!("/{name}")
    } else {
        format!("http://{name}.s3.amazonaws.com/")
    };
    Ok(Answer::empty(StatusCode::OK)
        .with("location", location)
        .with("x-amz-bucket-arn", arn(&name)))
}

/// What conditions see of the document. One that cannot be read says nothing, and is refused later.
fn said_by(configuration: Option<&Element>) -> Document {
    Document {
        location: constraint(configuration).map(str::to_owned),
        tags: tags(configuration).unwrap_or_default(),
        ..Document::NONE
    }
}

fn read(
    permit: &Permit<'_>,
    request: &Request,
    configuration: Result<Option<Element>, Failure>,
) -> Result<Bucket, Failure> {
    let name = request.bucket().unwrap_or_default().to_owned();
    if !is_valid_bucket_name(&name) {
        return Err(Fault::InvalidBucketName
            .with("BucketName", &*name)
            .because(format!("`{name}` does not follow the rules for names of buckets")));
    }
    let chosen = chosen_ownership(request)?;
    let configuration = configuration?;
    let constraint = constraint(configuration.as_ref());
    let region = region(&permit.place().region, constraint)?;
    let tags = tags(configuration.as_ref())?;
    if !tags.is_empty() {
        permit.tags_of_bucket()?;
    }
    let Caller::User(owner) = permit.caller() else { return Err(Fault::AccessDenied.failure()) };
    let creator = Creator { account: owner.account_id(), region: &region };
    namespace::check(request, &name, creator)?;
    let old_location = constraint.filter(|name| *name == OLD_LOCATION).map(str::to_owned);
    let given = given_acl(permit, request, &name)?;
    let ownership = chosen.unwrap_or_else(|| default_ownership(given.as_ref()));
    Ok(Bucket {
        id: 0,
        acl: acl(permit, given.as_ref(), ownership)?,
        name,
        owner: owner.canonical_id(),
        account: owner.account_id().to_owned(),
        region,
        created: permit.world().clock.now(),
        ownership: Some(ownership),
        public_access_block: Some(PublicAccessBlock::ALL),
        settings: BucketSettings { old_location, tags, ..settings(request) },
    })
}

/// The old name of eu-west-1, which a bucket that was created with it keeps.
const OLD_LOCATION: &str = "EU";

async fn perform(permit: &Permit<'_>, bucket: Bucket) -> Result<(), Failure> {
    let store = &permit.world().store;
    let name = bucket.name.clone();
    let owner = bucket.owner.clone();
    let has_tags = !bucket.settings.tags.is_empty();
    let outcome = store.add_bucket(bucket)?;
    store.settled().await?;
    if outcome != Outcome::Exists {
        return Ok(());
    }
    let Some(there) = store.bucket(&name)? else { return Ok(()) };
    if there.owner != owner {
        return Err(Fault::BucketAlreadyExists
            .with("BucketName", &*name)
            .because(format!("bucket `{name}` belongs to account {}", there.account)));
    }
    // In us-east-1 alone creating one's own bucket again succeeds and changes nothing, unless it
    // brings tags (recorded by LocalStack: `test_create_bucket_with_tags_us_east_1_idempotency`).
    if !has_tags && permit.place().region == FIRST_REGION && there.region == FIRST_REGION {
        return Ok(());
    }
    Err(Fault::BucketAlreadyOwnedByYou.with("BucketName", name))
}

/// A bucket that is created with an object lock keeps versions from the start.
fn settings(request: &Request) -> BucketSettings {
    let lock = request.header("x-amz-bucket-object-lock-enabled");
    if lock.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        BucketSettings::with_object_lock()
    } else {
        BucketSettings::default()
    }
}

fn chosen_ownership(request: &Request) -> Result<Option<ObjectOwnership>, Failure> {
    let header = "x-amz-object-ownership";
    let Some(name) = request.header(header) else { return Ok(None) };
    ObjectOwnership::parse(&name).map(Some).ok_or_else(|| {
        invalid_argument(format!("Invalid x-amz-object-ownership header: {name}"), header)
    })
}

const PRIVATE: GivenAcl = GivenAcl::Canned(CannedAcl::Private);

/// The ownership of a bucket that is created without a choice. `private` alone switches ACLs on
/// (observed on S3 in February 2026: versity/versitygw#1869 and #1871).
fn default_ownership(given: Option<&GivenAcl>) -> ObjectOwnership {
    if given == Some(&PRIVATE) {
        ObjectOwnership::BucketOwnerPreferred
    } else {
        ObjectOwnership::BucketOwnerEnforced
    }
}

/// The ACL that counts for a new bucket. That it is there already is told first: rclone creates its
/// bucket with an ACL before each upload, and what S3 then refuses is the upload
/// (scylladb/scylla-manager#3641).
fn given_acl(
    permit: &Permit<'_>,
    request: &Request,
    name: &str,
) -> Result<Option<GivenAcl>, Failure> {
    let world = permit.world();
    let given = GivenAcl::read(request, "x-amz-acl", GivenTo::Bucket, &world.keyring)?;
    Ok(if world.store.bucket(name)?.is_some() { None } else { given })
}

fn acl(
    permit: &Permit<'_>,
    given: Option<&GivenAcl>,
    ownership: ObjectOwnership,
) -> Result<Acl, Failure> {
    let owner = permit.caller().canonical_id();
    let Some(given) = given else { return Ok(Acl::private(&owner)) };
    let changes_nothing = *given == PRIVATE || given.is_bucket_owner_full_control();
    if ownership == ObjectOwnership::BucketOwnerEnforced && !changes_nothing {
        return Err(Fault::InvalidBucketAclWithObjectOwnership.because(
            "a bucket is created with the object ownership BucketOwnerEnforced unless the header \
             x-amz-object-ownership says otherwise, and that disables ACLs",
        ));
    }
    let acl = given.acl(&owner, &owner).into_owned();
    if acl.is_public() {
        // The text as in emgarten/Sleet#180; the code is as SDK users report it.
        permit.unless_relaxed(
            Relaxation::PublicAccessBlock,
            Fault::InvalidBucketAclWithBlockPublicAccess.because(
                "a new bucket blocks public access; create it without the ACL, delete its public \
                 access block, and put the ACL then",
            ),
        )?;
    }
    Ok(acl)
}

/// Where the bucket goes, by the endpoint that is asked and the document (recorded by LocalStack:
/// `test_create_bucket_with_existing_name`, `test_create_bucket_with_eu_location_constraint` and
/// their sisters).
fn region(endpoint: &str, constraint: Option<&str>) -> Result<String, Failure> {
    match constraint.filter(|name| !name.is_empty()) {
        None if endpoint == FIRST_REGION => Ok(endpoint.to_owned()),
        None => Err(Fault::IllegalLocation.because(format!(
            "an endpoint of {endpoint} wants the document to say \
             <LocationConstraint>{endpoint}</LocationConstraint>"
        ))),
        Some(OLD_LOCATION) if endpoint == FIRST_REGION || endpoint == "eu-west-1" => {
            Ok("eu-west-1".to_owned())
        }
        Some(name) if endpoint == FIRST_REGION => {
            if name == FIRST_REGION || !is_region(name) {
                return Err(Fault::InvalidLocationConstraint.with("LocationConstraint", name));
            }
            Ok(name.to_owned())
        }
        Some(name) if name == endpoint => Ok(name.to_owned()),
        Some(name) => Err(incompatible(name).because(format!(
            "the document wants the bucket in {name}, and an endpoint of {endpoint} makes buckets \
             in {endpoint} only"
        ))),
    }
}

/// The document's root. It may be left out.
fn configuration(document: &[u8]) -> Result<Option<Element>, Failure> {
    if document.is_empty() {
        return Ok(None);
    }
    document::parse(document, "CreateBucketConfiguration").map(Some)
}

fn constraint(configuration: Option<&Element>) -> Option<&str> {
    Some(configuration?.child("LocationConstraint")?.text())
}

fn tags(configuration: Option<&Element>) -> Result<Vec<(String, String)>, Failure> {
    let tags = configuration.and_then(|root| root.child("Tags"));
    tags.map_or_else(|| Ok(Vec::new()), |tags| tags_of_set(tags, TagsOf::NewBucket))
}

#[cfg(test)]
mod tests {
    use super::configuration;
    use super::region;

    #[track_caller]
    fn check(endpoint: &str, constraint: Option<&str>, expected: Result<&str, &str>) {
        let document = constraint.map(|name| {
            format!(
                "<CreateBucketConfiguration><LocationConstraint>{name}</LocationConstraint>\
                 </CreateBucketConfiguration>"
            )
        });
        let root = configuration(document.unwrap_or_default().as_bytes()).unwrap();
        let found = region(endpoint, super::constraint(root.as_ref()));
        let found = found.map_err(|failure| failure.error.code);
        assert_eq!(found.as_deref().map_err(|code| *code), expected, "{endpoint} {constraint:?}");
    }

    #[test]
    fn endpoint_and_constraint_say_where_a_bucket_goes() {
        check("us-east-1", None, Ok("us-east-1"));
        check("us-east-1", Some(""), Ok("us-east-1"));
        check("us-east-1", Some("eu-west-1"), Ok("eu-west-1"));
        check("us-east-1", Some("EU"), Ok("eu-west-1"));
        for name in ["us-east-1", "foo", "aws-global", "eu-east-1"] {
            check("us-east-1", Some(name), Err("InvalidLocationConstraint"));
        }
        check("eu-west-1", Some("eu-west-1"), Ok("eu-west-1"));
        check("eu-west-1", Some("EU"), Ok("eu-west-1"));
        for name in [None, Some(""), Some("us-east-1"), Some("us-west-2"), Some("bar")] {
            check("eu-west-1", name, Err("IllegalLocationConstraintException"));
        }
        check("us-west-2", Some("EU"), Err("IllegalLocationConstraintException"));
    }
}
