//! Prints a URL with which anyone can fetch an object for an hour.

use std::time::SystemTime;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::encode;
use stuntbucket_signer::sign;
use stuntbucket_signer::sign::SignError;

#[allow(clippy::disallowed_methods)] // A program lives in real time; the library is told the time.
fn main() -> Result<(), SignError> {
    let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
    let now = Timestamp::from(SystemTime::now());

    // A key may have any characters; a URL may not.
    let key = encode::path("holidays/café au lait.jpg".as_bytes());
    let url = format!("http://localhost:9000/photos/{key}?response-content-type=image%2Fjpeg");

    println!("{}", sign::presign_url("GET", &url, &[], 3600, &credentials, "us-east-1", now)?);
    Ok(())
}
