//! The namespaces of bucket names: the global one, and those of an account in a region, where names
//! end with `-ACCOUNT-REGION-an`.

use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::saying;
use crate::names::is_account_id;
use crate::names::is_region;
use crate::request::Request;

const HEADER: &str = "x-amz-bucket-namespace";

/// Who creates a bucket, and where.
#[derive(Clone, Copy)]
pub(super) struct Creator<'a> {
    pub(super) account: &'a str,
    pub(super) region: &'a str,
}

/// Refuses names that are not of the namespace which the request asks for.
pub(super) fn check(request: &Request, name: &str, creator: Creator<'_>) -> Result<(), Failure> {
    let owned = AccountRegional::of(name);
    match (request.header(HEADER).as_deref(), owned) {
        (Some("account-regional"), Some(owned)) => owned.check(name, creator),
        (Some("account-regional"), None) => Err(without_suffix(creator)),
        (None, Some(_)) => Err(missing_header()),
        // The code is that of other names that do not go with the header; the text is a guess.
        (Some("global"), Some(_)) => Err(invalid_header(
            "The requested bucket is an account-regional namespace bucket, but the provided \
             x-amz-bucket-namespace header value is global."
                .to_owned(),
        )),
        (None | Some("global"), None) if name.ends_with("-an") => {
            Err(Fault::InvalidBucketName.with("BucketName", name).because(
                "names that end with `-an` are of an account and a region: `PREFIX-ACCOUNT-REGION-an`",
            ))
        }
        (None | Some("global"), None) => Ok(()),
        (Some(other), _) => Err(invalid_argument("Invalid bucket namespace", HEADER)
            .with("ArgumentValue", other)
            .because("a namespace is `global` or `account-regional`")),
    }
}

/// The account and the region that a name says it is of.
struct AccountRegional<'a> {
    account: &'a str,
    region: &'a str,
}

impl<'a> AccountRegional<'a> {
    fn of(name: &'a str) -> Option<Self> {
        let name = name.strip_suffix("-an")?;
        // Regions have dashes of their own.
        name.match_indices('-').find_map(|(at, _)| {
            let (rest, region) = (&name[..at], &name[at + 1..]);
            let (prefix, account) = rest.rsplit_once('-')?;
            (!prefix.is_empty() && is_account_id(account) && is_region(region))
                .then_some(Self { account, region })
        })
    }

    /// Nobody else gets the name (the texts are those of a peer).
    fn check(&self, name: &str, creator: Creator<'_>) -> Result<(), Failure> {
        let wrong = if self.account != creator.account {
            format!(
                "the requested AWS Account ID '{}' does not match the caller's AWS Account ID '{}'. \
                 Specify the caller's AWS Account ID in the bucket name.",
                self.account, creator.account
            )
        } else if self.region != creator.region {
            format!(
                "the requested region '{}' does not match the current region '{}'. Specify the \
                 targeted region in the bucket name.",
                self.region, creator.region
            )
        } else {
            return Ok(());
        };
        let message =
            format!("The requested bucket is an account-regional namespace bucket, but {wrong}");
        Err(saying("InvalidBucketNamespace", 400, message).with("BucketNamespace", name))
    }
}

/// Captured in ansible-collections/amazon.aws, issue 2935.
fn missing_header() -> Failure {
    let message = "The requested bucket is an account-regional namespace bucket, but your request \
                   is missing the required x-amz-bucket-namespace header.";
    saying("MissingNamespaceHeader", 400, message)
        .with("Header", HEADER)
        .because("such a bucket is created with `x-amz-bucket-namespace: account-regional`")
}

/// The text is moto's.
fn without_suffix(creator: Creator<'_>) -> Failure {
    let Creator { account, region } = creator;
    invalid_header(format!(
        "The requested bucket name did not include the account-regional namespace suffix, but the \
         provided x-amz-bucket-namespace header value is account-regional. Specify \
         -{account}-{region}-an as the bucket name suffix to create a bucket in your \
         account-regional namespace, or remove the header."
    ))
}

fn invalid_header(message: String) -> Failure {
    saying("InvalidNamespaceHeader", 400, message)
}

#[cfg(test)]
mod tests {
    use super::AccountRegional;

    #[test]
    fn a_name_says_whose_it_is() {
        for (name, expected) in [
            ("a-000000000001-eu-west-1-an", Some(("000000000001", "eu-west-1"))),
            ("a-b-1-000000000001-us-gov-east-1-an", Some(("000000000001", "us-gov-east-1"))),
            ("000000000001-eu-west-1-an", None),
            ("-000000000001-eu-west-1-an", None),
            ("a-00000000001-eu-west-1-an", None),
            ("a-000000000001-nowhere-an", None),
            ("a-000000000001-eu-west-1", None),
            ("a-an", None),
        ] {
            let found = AccountRegional::of(name).map(|it| (it.account, it.region));
            assert_eq!(found, expected, "{name}");
        }
    }
}
