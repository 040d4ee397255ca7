//! Judges a request that was changed on its way, and says what S3 would say.

use std::sync::Arc;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::sign;
use stuntbucket_signer::sign::SignError;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::Keys;
use stuntbucket_signer::verify::Rules;
use stuntbucket_signer::verify::Verdict;

/// One user is enough here.
struct OneUser(Credentials);

impl Keys for OneUser {
    fn find(&self, access_key_id: &str) -> Option<Arc<Key>> {
        let is_hers = access_key_id == self.0.access_key_id;
        is_hers.then(|| Arc::new(Key { secret: self.0.secret_key.clone(), session: None }))
    }
}

fn main() -> Result<(), SignError> {
    let user = OneUser(Credentials::new("AKIDEXAMPLE", "a secret"));
    let now = Timestamp::from_unix(1_767_225_600);
    let url = "http://localhost:9000/photos/cat.jpg";
    let payload = Payload::of(b"a cat");
    let signed = sign::sign_request("PUT", url, &[], &payload, &user.0, "us-east-1", now)?;

    let mut headers = vec![Header::new("Host", "localhost:9000")];
    headers.extend(signed.headers.iter().map(|(name, value)| Header::new(name, value)));
    let rules = Rules::new("us-east-1", now);

    for path in ["/photos/cat.jpg", "/photos/dog.jpg"] {
        let message = Message { method: "PUT", path, query: "", headers: &headers };
        match verify::request(&message, &user, &rules) {
            Verdict::Accepted(holder) => println!("{path}: from {}", holder.access_key_id()),
            Verdict::Anonymous => println!("{path}: from anyone"),
            Verdict::Refused(refusal) => {
                let error = refusal.s3_error();
                println!("{path}: {} {}. {refusal}", error.status, error.code);
                println!("\n{}", refusal.canonical_request().unwrap_or_default());
            }
        }
    }
    Ok(())
}
