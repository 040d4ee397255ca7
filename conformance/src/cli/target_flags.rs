//! The flags that name a target, and the target they name.

use std::net::IpAddr;

use clap::Args;
use clap::ValueEnum;
use stuntbucket_conformance::Addressing;
use stuntbucket_conformance::EmulatorTarget;
use stuntbucket_conformance::Endpoint;
use stuntbucket_conformance::EndpointTarget;
use stuntbucket_conformance::Environment;
use stuntbucket_conformance::Feature;
use stuntbucket_conformance::Profile;
use stuntbucket_conformance::Target;
use stuntbucket_conformance::find_profile;

use super::CliError;

/// AWS tells nobody when a changed setting of a bucket holds everywhere; this is a guess.
const AWS_SETTLE_SECONDS: u64 = 2;

#[derive(Debug, Args)]
pub(super) struct TargetFlags {
    /// The emulator in this process, or Amazon S3 itself
    #[arg(long, value_name = "NAME")]
    target: Option<TargetName>,

    /// Any S3, such as http://127.0.0.1:9000
    #[arg(long, value_name = "URL", conflicts_with = "target")]
    endpoint: Option<String>,

    /// The region; by default the environment's or the profile's, else us-east-1
    #[arg(long, value_name = "NAME")]
    region: Option<String>,

    /// The bucket goes into the path, as it does by default on localhost and IP addresses
    #[arg(long)]
    path_style: bool,

    /// The bucket goes before the host
    #[arg(long, conflicts_with = "path_style")]
    virtual_hosted: bool,

    /// The profile with the keys; by default the AWS_ variables decide
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// The profile with the keys of a second account, which some flows need
    #[arg(long, value_name = "NAME")]
    second_profile: Option<String>,

    /// Where the websites of an endpoint are, such as http://s3-website.localhost:9000
    #[arg(long, value_name = "URL")]
    websites: Option<String>,

    /// A feature that the target lacks; flows that need it are skipped; repeatable
    #[arg(long, value_name = "FEATURE", value_parser = feature)]
    without: Vec<Feature>,

    /// How long a changed setting of a bucket takes to hold; by default 2 on Amazon S3, else 0
    #[arg(long, value_name = "SECONDS")]
    settle: Option<u64>,
}

/// A target that needs no URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TargetName {
    Emulator,
    Aws,
}

impl TargetFlags {
    /// The target that the flags name.
    pub(super) fn open(&self, environment: &Environment) -> Result<Box<dyn Target>, CliError> {
        match (self.target, &self.endpoint) {
            (Some(TargetName::Emulator), _) => emulator(),
            (Some(TargetName::Aws), _) => self.open_endpoint(None, environment),
            (None, Some(url)) => self.open_endpoint(Some(url), environment),
            (None, None) => {
                // A profile or a variable may name the endpoint.
                match self.owner(environment) {
                    Ok(Profile { endpoint: Some(url), .. }) => {
                        self.open_endpoint(Some(&url), environment)
                    }
                    _ => Err(CliError::new(
                        "no target: give `--target emulator`, `--target aws` or `--endpoint URL`",
                    )),
                }
            }
        }
    }

    /// The target that a word names: `emulator`, `aws`, or a URL.
    pub(super) fn open_named(
        &self,
        name: &str,
        environment: &Environment,
    ) -> Result<Box<dyn Target>, CliError> {
        match name {
            "emulator" => emulator(),
            "aws" => self.open_endpoint(None, environment),
            url => self.open_endpoint(Some(url), environment),
        }
    }

    /// The list of known deviations that belongs to the target, if one comes with this program.
    pub(super) fn known_name(&self) -> Option<&'static str> {
        match self.target? {
            TargetName::Emulator => Some("emulator"),
            TargetName::Aws => Some("aws"),
        }
    }

    fn owner(&self, environment: &Environment) -> Result<Profile, CliError> {
        find_profile(self.profile.as_deref(), environment)
            .map_err(|error| CliError::from_error(&error))
    }

    fn open_endpoint(
        &self,
        url: Option<&str>,
        environment: &Environment,
    ) -> Result<Box<dyn Target>, CliError> {
        let owner = self.owner(environment)?;
        let stranger = match &self.second_profile {
            Some(name) => {
                let profile = find_profile(Some(name), environment)
                    .map_err(|error| CliError::from_error(&error))?;
                Some(profile.credentials)
            }
            None => None,
        };
        let region = self.region.clone().or(owner.region).unwrap_or_else(|| "us-east-1".to_owned());
        let is_aws = url.is_none_or(|url| url.contains(".amazonaws.com"));
        let url = url.map_or_else(|| format!("https://s3.{region}.amazonaws.com"), str::to_owned);
        let mut without = self.without.clone();
        if is_aws {
            // S3 offers all there is, so nothing is there to be named as lacking.
            without.push(Feature::NamesWhatItLacks);
        }
        let of_aws = is_aws.then(|| aws_websites(&region));
        let target = EndpointTarget::new(Endpoint {
            websites: self.websites.clone().or(of_aws),
            name: if is_aws { "aws".to_owned() } else { url.clone() },
            addressing: self.addressing(&url),
            url,
            region,
            owner: owner.credentials,
            stranger,
            without,
            settle_seconds: self.settle.unwrap_or(if is_aws { AWS_SETTLE_SECONDS } else { 0 }),
        });
        Ok(Box::new(target.map_err(|error| CliError::from_error(&error))?))
    }

    /// As the AWS SDKs choose it, but for a word of the user.
    fn addressing(&self, url: &str) -> Addressing {
        let host = url.parse::<http::Uri>().ok();
        let host = host.as_ref().and_then(http::Uri::host).unwrap_or_default();
        let is_local = host == "localhost"
            || host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        if self.virtual_hosted || !(self.path_style || is_local) {
            Addressing::VirtualHosted
        } else {
            Addressing::Path
        }
    }
}

/// The regions whose websites are at `s3-website-REGION`; those of later ones are at `s3-website.REGION`
/// ("Amazon S3 endpoints and quotas" in the AWS General Reference).
const REGIONS_WITH_A_DASH: [&str; 10] = [
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Where Amazon S3 serves the websites of a region.
fn aws_websites(region: &str) -> String {
    let separator = if REGIONS_WITH_A_DASH.contains(&region) { '-' } else { '.' };
    format!("http://s3-website{separator}{region}.amazonaws.com")
}

/// The emulator in this process.
fn emulator() -> Result<Box<dyn Target>, CliError> {
    match EmulatorTarget::start() {
        Ok(target) => Ok(Box::new(target)),
        Err(error) => Err(CliError::new(format!("--target emulator: {error}"))),
    }
}

fn feature(name: &str) -> Result<Feature, String> {
    let names = || Feature::ALL.map(Feature::name).join(", ");
    Feature::ALL
        .into_iter()
        .find(|feature| feature.name() == name)
        .ok_or_else(|| format!("not one of {}", names()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Flags {
        #[command(flatten)]
        target: TargetFlags,
    }

    #[track_caller]
    fn check(line: &str, expected: (&str, &str, Addressing)) {
        let line = format!("test {line}");
        let flags = Flags::parse_from(line.split_whitespace()).target;
        let variables = [
            ("AWS_ACCESS_KEY_ID", "AKID"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "eu-west-1"),
        ];
        let environment =
            Environment(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let target = flags.open(&environment).unwrap();
        assert_eq!((target.endpoint(), target.region(), target.addressing()), expected);
    }

    #[test]
    fn flags_name_a_target() {
        use Addressing::Path;
        use Addressing::VirtualHosted;
        let aws = "https://s3.eu-west-1.amazonaws.com";
        check("--target aws", (aws, "eu-west-1", VirtualHosted));
        check("--target aws --path-style", (aws, "eu-west-1", Path));
        let local = "http://127.0.0.1:9000";
        check("--endpoint http://127.0.0.1:9000 --region r", (local, "r", Path));
        check(
            "--endpoint http://localhost --virtual-hosted",
            ("http://localhost", "eu-west-1", VirtualHosted),
        );
        check("--endpoint http://[::1]:9000", ("http://[::1]:9000", "eu-west-1", Path));
        check("--endpoint https://s3.example", ("https://s3.example", "eu-west-1", VirtualHosted));
    }

    #[test]
    fn websites_have_an_endpoint_of_their_own() {
        for (region, expected) in [
            ("eu-west-1", "http://s3-website-eu-west-1.amazonaws.com"),
            ("eu-central-1", "http://s3-website.eu-central-1.amazonaws.com"),
        ] {
            assert_eq!(aws_websites(region), expected);
        }
    }

    #[test]
    fn a_feature_is_named_as_in_reports() {
        for known in Feature::ALL {
            assert_eq!(feature(known.name()), Ok(known));
        }
        assert!(feature("magic").unwrap_err().contains("second-account"));
    }
}
