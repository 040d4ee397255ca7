//! `presign`: a URL that carries its own signature.

use clap::Args;
use stuntbucket::Timestamp;
use stuntbucket_signer::encode;
use stuntbucket_signer::sign;

use super::CliError;
use super::duration;
use super::environment::Environment;
use super::location::Location;
use super::signer_flags::SignerFlags;

/// The longest lifetime that S3 allows: seven days.
const LIFETIME_SECONDS_MAX: u64 = 604_800;

/// What the URL is for.
#[derive(Debug, Args)]
pub(crate) struct PresignFlags {
    /// The method the URL is good for, such as GET or PUT
    #[arg(value_parser = method)]
    method: String,

    /// The object, or the bucket: s3://bucket/key
    #[arg(value_name = "S3_URL")]
    location: Location,

    /// How long the URL is good for, at most 7d
    #[arg(long, value_name = "DURATION", default_value = "15m", value_parser = duration::seconds)]
    expires: u64,

    #[command(flatten)]
    signer: SignerFlags,

    /// A header that is signed, and that the request must then have; repeatable
    #[arg(long = "header", value_name = "NAME:VALUE", value_parser = header)]
    headers: Vec<(String, String)>,

    /// A parameter of the query, such as response-content-type=text/plain; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    query: Vec<(String, String)>,
}

/// Signs the URL at the time `now`.
pub(crate) fn url(
    flags: &PresignFlags,
    environment: &Environment,
    now: Timestamp,
) -> Result<String, CliError> {
    if !(1..=LIFETIME_SECONDS_MAX).contains(&flags.expires) {
        return Err(CliError::Usage(format!(
            "--expires: a URL is good for 1 second to 7 days, not for {} seconds",
            flags.expires
        )));
    }
    let signer = flags.signer.signer(environment)?;
    let url = format!("{}{}", signer.url_of(&flags.location)?, query(&flags.query));
    let headers: Vec<_> =
        flags.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sign::presign_url(
        &flags.method,
        &url,
        &headers,
        flags.expires,
        &signer.credentials,
        &signer.region,
        now,
    )
    .map_err(|error| CliError::Usage(error.to_string()))
}

fn query(parameters: &[(String, String)]) -> String {
    let encoded = |text: &String| encode::component(text.as_bytes());
    let parameters = parameters.iter().enumerate().map(|(index, (name, value))| {
        let separator = if index == 0 { '?' } else { '&' };
        format!("{separator}{}={}", encoded(name), encoded(value))
    });
    parameters.collect()
}

fn method(text: &str) -> Result<String, &'static str> {
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word.then(|| text.to_ascii_uppercase()).ok_or("not a method such as GET or PUT")
}

fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once(':').ok_or("not of the form NAME:VALUE")?;
    http::HeaderName::from_bytes(name.as_bytes()).map_err(|_| "not the name of a header")?;
    http::HeaderValue::from_str(value).map_err(|_| "not the value of a header")?;
    if name.eq_ignore_ascii_case("host") {
        return Err("the host is the endpoint's");
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

/// A parameter without a value, such as `acl`, is signed as `acl=`.
fn parameter(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if name.is_empty() {
        return Err("not of the form NAME=VALUE");
    }
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::Arguments;
    use super::super::Command;
    use super::*;

    fn sign(line: &str) -> Result<String, CliError> {
        let line = format!("stuntbucket presign {line}");
        let words = line.split_whitespace().map(OsString::from);
        let now = Timestamp::parse_iso("2013-05-24T00:00:00Z").unwrap();
        match Arguments::read(words)? {
            Command::Presign(flags) => url(&flags, &Environment::default(), now),
            other => panic!("{other:?}"),
        }
    }

    /// The worked example of "Authenticating Requests: Using Query Parameters".
    #[test]
    fn the_example_of_the_s3_reference_is_signed_as_there() {
        let url = sign(
            "GET s3://examplebucket/test.txt --expires 24h \
             --endpoint https://s3.amazonaws.com \
             --user AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        )
        .unwrap();
        let (start, query) = url.split_once('?').unwrap();
        assert_eq!(start, "https://examplebucket.s3.amazonaws.com/test.txt");
        let mut parameters: Vec<_> = query.split('&').collect();
        parameters.sort_unstable();
        assert_eq!(
            parameters,
            [
                "X-Amz-Algorithm=AWS4-HMAC-SHA256",
                "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request",
                "X-Amz-Date=20130524T000000Z",
                "X-Amz-Expires=86400",
                "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
                "X-Amz-SignedHeaders=host",
            ],
        );
    }

    #[test]
    fn headers_and_parameters_are_signed_too() {
        let url = sign(
            "put s3://photos/a+b --header x-amz-acl:public-read --header Content-Type:image/png \
             --query uploadId=u/1 --query partNumber=2 --query acl",
        )
        .unwrap();
        let start = "http://127.0.0.1:9000/photos/a%2Bb?uploadId=u%2F1&partNumber=2&acl=&X-Amz-";
        assert!(url.starts_with(start), "{url}");
        assert!(url.contains("X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-acl"), "{url}");
        assert!(url.contains("X-Amz-Expires=900"), "{url}");
    }

    #[test]
    fn a_session_token_travels_in_the_url() {
        let url = sign("GET s3://b/k --user A:S --session-token t/1").unwrap();
        assert!(url.contains("X-Amz-Security-Token=t%2F1"), "{url}");
    }

    #[track_caller]
    fn check(line: &str, complaint: &str) {
        let error = sign(line).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(complaint), "{error}");
    }

    #[test]
    fn what_s3_would_refuse_is_refused() {
        check("GET s3://b/k --expires 8d", "--expires: a URL is good for 1 second to 7 days");
        check("GET s3://b/k --expires 604801", "not for 604801 seconds");
        check("GET s3://b/k --expires 0", "not for 0 seconds");
        check("GET s3://b/k --expires soon", "'soon' for '--expires <DURATION>'");
        check("GET b/k", "not of the form s3://bucket/key");
        check("G3T s3://b/k", "not a method");
        check("GET s3://b/k --header x-amz-acl", "not of the form NAME:VALUE");
        check("GET s3://b/k --header host:elsewhere", "the host is the endpoint's");
        check("GET s3://b/k --session-token t", "--user <ACCESS:SECRET>");
    }
}
