//! The flags of `presign` and `post-form` that say with which keys and for which S3 to sign.

use clap::Args;
use stuntbucket::DEFAULT_ACCESS_KEY;
use stuntbucket::DEFAULT_SECRET_KEY;
use stuntbucket::User;
use stuntbucket_signer::Credentials;

use super::CliError;
use super::REGION;
use super::endpoint::Endpoint;
use super::endpoint::Style;
use super::environment::Environment;
use super::location::Location;
use super::serve_flags::user;

/// Keys, endpoint and region.
#[derive(Debug, Args)]
pub(crate) struct SignerFlags {
    /// The S3 to sign for [default: http://127.0.0.1:9000]
    #[arg(long, value_name = "URL")]
    endpoint: Option<Endpoint>,

    /// The region to sign for [default: us-east-1]
    #[arg(long, value_name = "NAME")]
    region: Option<String>,

    /// The keys to sign with [default: the AWS_* variables, which then also give region and
    /// endpoint; else the fixed pair of `serve`]
    #[arg(long, value_name = "ACCESS:SECRET", value_parser = user)]
    user: Option<User>,

    /// The session token that belongs to the keys of --user
    #[arg(long, value_name = "TOKEN", requires = "user")]
    session_token: Option<String>,

    /// Puts the bucket's name in front of the endpoint's host, in place of the path
    #[arg(long)]
    virtual_hosted: bool,
}

/// With which keys and for which S3 something is signed.
#[derive(Debug)]
pub(super) struct Signer {
    endpoint: Endpoint,
    style: Option<Style>,
    pub(super) region: String,
    pub(super) credentials: Credentials,
}

impl SignerFlags {
    /// Takes the AWS_* variables only where their keys are used: somebody else's region and
    /// endpoint make no sense for the keys of a flag, nor for the fixed ones.
    pub(super) fn signer(&self, environment: &Environment) -> Result<Signer, CliError> {
        let of_environment = match self.user {
            Some(_) => None,
            None => credentials_of(environment),
        };
        let heard = if of_environment.is_some() { environment } else { &Environment::default() };
        let endpoint = match &self.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => endpoint_of(heard)?.unwrap_or_else(Endpoint::of_default_listener),
        };
        let region = self
            .region
            .as_deref()
            .or_else(|| heard.variable("AWS_REGION"))
            .or_else(|| heard.variable("AWS_DEFAULT_REGION"))
            .unwrap_or(REGION);
        Ok(Signer {
            endpoint,
            style: self.virtual_hosted.then_some(Style::VirtualHosted),
            region: region.to_owned(),
            credentials: self
                .credentials()
                .or(of_environment)
                .unwrap_or_else(|| Credentials::new(DEFAULT_ACCESS_KEY, DEFAULT_SECRET_KEY)),
        })
    }

    fn credentials(&self) -> Option<Credentials> {
        let mut credentials = self.user.as_ref()?.credentials();
        credentials.session_token.clone_from(&self.session_token);
        Some(credentials)
    }
}

impl Signer {
    /// The URL of a bucket or an object.
    pub(super) fn url_of(&self, location: &Location) -> Result<String, CliError> {
        let style = self.style.unwrap_or_else(|| self.endpoint.usual_style(&location.bucket));
        self.endpoint
            .url_of(location, style)
            .map_err(|why| CliError::Usage(format!("--virtual-hosted: {why}")))
    }
}

fn credentials_of(environment: &Environment) -> Option<Credentials> {
    let access_key_id = environment.variable("AWS_ACCESS_KEY_ID")?;
    let secret_key = environment.variable("AWS_SECRET_ACCESS_KEY")?;
    let mut credentials = Credentials::new(access_key_id, secret_key);
    credentials.session_token = environment.variable("AWS_SESSION_TOKEN").map(str::to_owned);
    Some(credentials)
}

fn endpoint_of(environment: &Environment) -> Result<Option<Endpoint>, CliError> {
    for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
        if let Some(url) = environment.variable(name) {
            let endpoint = url.parse();
            return endpoint
                .map(Some)
                .map_err(|why| CliError::Usage(format!("{name}: `{url}` is {why}")));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        signer: SignerFlags,
    }

    fn signer(line: &str, environment: &Environment) -> Result<Signer, CliError> {
        let words = std::iter::once("sign").chain(line.split_whitespace());
        Flags::try_parse_from(words).unwrap().signer.signer(environment)
    }

    #[track_caller]
    fn check(line: &str, environment: &Environment, expected: [&str; 3]) {
        let signer = signer(line, environment).unwrap();
        let url = signer.url_of(&"s3://b/k".parse().unwrap()).unwrap();
        assert_eq!([&url, &signer.region, &signer.credentials.access_key_id], expected);
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_fixed_pair() {
        let nothing = Environment::default();
        let local = "http://127.0.0.1:9000/b/k";
        check("", &nothing, [local, "us-east-1", DEFAULT_ACCESS_KEY]);
        check("--user A:S --region eu-west-1", &nothing, [local, "eu-west-1", "A"]);
        check(
            "--endpoint http://s3.test",
            &nothing,
            ["http://s3.test/b/k", "us-east-1", DEFAULT_ACCESS_KEY],
        );
        let aws = Environment::from([
            ("AWS_ACCESS_KEY_ID", "ENV"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", "http://10.0.0.1:9000"),
        ]);
        check("", &aws, ["http://10.0.0.1:9000/b/k", "eu-west-1", "ENV"]);
        check("--region us-west-2", &aws, ["http://10.0.0.1:9000/b/k", "us-west-2", "ENV"]);
        assert_eq!(signer("", &aws).unwrap().credentials.session_token.as_deref(), Some("token"));
    }

    #[test]
    fn of_the_environment_all_counts_or_nothing() {
        let region = Environment::from([("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "ENV")]);
        check("", &region, ["http://127.0.0.1:9000/b/k", "us-east-1", DEFAULT_ACCESS_KEY]);
        let aws = Environment::from([
            ("AWS_ACCESS_KEY_ID", "ENV"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_REGION", "eu-west-1"),
        ]);
        check("--user A:S", &aws, ["http://127.0.0.1:9000/b/k", "us-east-1", "A"]);
        assert_eq!(signer("--user A:S", &aws).unwrap().credentials.session_token, None);
    }

    #[test]
    fn what_cannot_be_signed_for_is_named() {
        let aws = Environment::from([
            ("AWS_ACCESS_KEY_ID", "ENV"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_ENDPOINT_URL_S3", "nowhere"),
        ]);
        let error = signer("", &aws).unwrap_err().to_string();
        assert!(error.starts_with("AWS_ENDPOINT_URL_S3: `nowhere` is not an endpoint"), "{error}");
        let on_address = signer("--virtual-hosted", &Environment::default()).unwrap();
        let error = on_address.url_of(&"s3://b".parse().unwrap()).unwrap_err().to_string();
        assert!(error.starts_with("--virtual-hosted: no bucket"), "{error}");
    }
}
