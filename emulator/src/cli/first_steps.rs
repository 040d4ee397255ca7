//! Lines to paste that show an emulator at work: something is written, read and listed.

use std::path::Path;

use stuntbucket::User;
use stuntbucket_signer::Credentials;

use super::REGION;
use super::endpoint::Endpoint;
use super::settings::Settings;
use super::shell::word;

/// The bucket that the lines make where the configuration file names none.
const BUCKET: &str = "demo";

/// The lines. Each stands for itself and says all that it needs, whatever the variables of the
/// shell are that it is pasted into.
pub(super) fn lines(
    endpoint: &str,
    credentials: &Credentials,
    settings: &Settings,
    ca: Option<&Path>,
    program: &str,
) -> Vec<String> {
    let ca = ca.map(|path| word(&path.display().to_string()));
    let curl = ca.as_ref().map_or("curl".to_owned(), |ca| format!("curl --cacert {ca}"));
    let place = Place::new(settings);
    let signer = signer(endpoint, credentials, &place.region);
    let signed = |method: &str, key: &str| {
        let location = word(&format!("s3://{}{key}", place.bucket));
        format!("\"$({} presign {method} {location} --expires 15m{signer})\"", word(program))
    };
    let mut lines = Vec::new();
    if place.is_new {
        let constraint = constraint(&place.region);
        lines.push(format!("{curl} -X PUT{constraint} {}", signed("PUT", "")));
    }
    lines.push(format!(
        "{curl} -X PUT -H 'Content-Type: text/plain' -d hello {}",
        signed("PUT", "/hello.txt")
    ));
    lines.push(format!("{curl} {}", signed("GET", "/hello.txt")));
    let trust = ca.map(|ca| format!("AWS_CA_BUNDLE={ca} ")).unwrap_or_default();
    lines.push(trust + &aws(endpoint, credentials, &place));
    lines
}

/// Where the lines write.
struct Place {
    bucket: String,
    region: String,
    is_new: bool,
}

impl Place {
    /// The first bucket of the first user, whose keys the lines sign with; else a new one.
    fn new(settings: &Settings) -> Self {
        let first_user = settings.users.first().map(User::name);
        let mut buckets = settings.buckets.iter();
        let bucket =
            buckets.find(|bucket| bucket.owner.is_none() || bucket.owner.as_deref() == first_user);
        let region = bucket.and_then(|bucket| bucket.region.as_ref()).unwrap_or(&settings.region);
        Self {
            bucket: bucket.map_or(BUCKET, |bucket| &bucket.name).to_owned(),
            region: region.clone(),
            is_new: bucket.is_none(),
        }
    }
}

/// The flags of `presign` without which it would sign for the emulator that has no flags.
fn signer(endpoint: &str, credentials: &Credentials, region: &str) -> String {
    let Credentials { access_key_id, secret_key, session_token } = credentials;
    let pair = format!("{access_key_id}:{}", secret_key.expose());
    let is_usual = endpoint == Endpoint::of_default_listener().to_string();
    let flags = [
        ("--endpoint", (!is_usual).then_some(endpoint)),
        ("--region", (region != REGION).then_some(region)),
        ("--user", Some(&*pair)),
        ("--session-token", session_token.as_deref()),
    ];
    flags.iter().filter_map(|(name, value)| Some(format!(" {name} {}", word((*value)?)))).collect()
}

/// Outside of us-east-1, a new bucket must say where it is.
fn constraint(region: &str) -> String {
    if region == REGION {
        return String::new();
    }
    let document = format!(
        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
    );
    format!(" -d {}", word(&document))
}

fn aws(endpoint: &str, credentials: &Credentials, place: &Place) -> String {
    let Credentials { access_key_id, secret_key, session_token } = credentials;
    let token = session_token.as_deref().unwrap_or_default();
    format!(
        "AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={} AWS_SESSION_TOKEN={} \
         aws --endpoint-url {} --region {} s3 ls {}",
        word(access_key_id),
        word(secret_key.expose()),
        word(token),
        word(endpoint),
        word(&place.region),
        word(&format!("s3://{}", place.bucket)),
    )
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::Arguments;
    use super::super::Command;
    use super::super::config_file::ConfigFile;
    use super::*;

    fn lines_of(flags: &str, file: &str) -> Vec<String> {
        lines_with(None, flags, file)
    }

    fn lines_with(ca: Option<&Path>, flags: &str, file: &str) -> Vec<String> {
        let words = format!("stuntbucket {flags}");
        let command = Arguments::read(words.split_whitespace().map(OsString::from)).unwrap();
        let Command::Serve(flags) = command else { panic!("{command:?}") };
        let settings = Settings::new(&flags, toml::from_str::<ConfigFile>(file).unwrap());
        let endpoint = match settings.listen {
            Some(address) => format!("http://{address}"),
            None => Endpoint::of_default_listener().to_string(),
        };
        let credentials = match settings.users.first() {
            Some(user) => user.credentials(),
            None => Credentials::new("AKID", "secret"),
        };
        lines(&endpoint, &credentials, &settings, ca, "target/stuntbucket")
    }

    #[test]
    fn without_a_bucket_the_lines_begin_with_making_one() {
        assert_eq!(
            lines_of("", ""),
            [
                r#"curl -X PUT "$(target/stuntbucket presign PUT s3://demo --expires 15m --user AKID:secret)""#,
                r#"curl -X PUT -H 'Content-Type: text/plain' -d hello "$(target/stuntbucket presign PUT s3://demo/hello.txt --expires 15m --user AKID:secret)""#,
                r#"curl "$(target/stuntbucket presign GET s3://demo/hello.txt --expires 15m --user AKID:secret)""#,
                "AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN='' \
                 aws --endpoint-url http://127.0.0.1:9000 --region us-east-1 s3 ls s3://demo",
            ],
        );
    }

    #[test]
    fn a_bucket_of_the_first_user_is_used_in_its_region() {
        let file = r#"
            [[users]]
            name = "alice"
            access_key = "A"
            secret_key = "it's"
            session_token = "t"
            [[buckets]]
            name = "theirs"
            owner = "bob"
            [[buckets]]
            name = "photos"
            owner = "alice"
            region = "eu-west-1"
        "#;
        let lines = lines_of("--listen 127.0.0.1:1", file);
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            r#"curl "$(target/stuntbucket presign GET s3://photos/hello.txt --expires 15m --endpoint http://127.0.0.1:1 --region eu-west-1 --user 'A:it'\''s' --session-token t)""#,
        );
        assert!(lines[2].ends_with("AWS_SESSION_TOKEN=t aws --endpoint-url http://127.0.0.1:1 --region eu-west-1 s3 ls s3://photos"));
    }

    #[test]
    fn under_https_the_clients_are_told_what_to_trust() {
        let lines = lines_with(Some(Path::new("my ca.pem")), "--tls", "");
        assert!(lines[0].starts_with("curl --cacert 'my ca.pem' -X PUT "), "{lines:?}");
        assert!(lines[3].starts_with("AWS_CA_BUNDLE='my ca.pem' AWS_ACCESS_KEY_ID="), "{lines:?}");
    }

    #[test]
    fn outside_of_the_first_region_a_new_bucket_says_where_it_is() {
        let lines = lines_of("--region eu-west-1", "");
        assert!(
            lines[0].contains("<LocationConstraint>eu-west-1</LocationConstraint>"),
            "{lines:?}"
        );
    }
}
