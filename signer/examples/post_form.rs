//! Prints a form with which a browser can upload one picture of at most 5 MB within ten minutes.

use std::time::SystemTime;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::sign::PostPolicy;

#[allow(clippy::disallowed_methods)] // A program lives in real time; the library is told the time.
fn main() {
    let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
    let now = Timestamp::from(SystemTime::now());
    let form = PostPolicy::new("photos", now.plus_seconds(600))
        .key_prefix("user/alice/")
        .content_type("image/jpeg")
        .content_length_range(1..=5_000_000)
        .success_action_redirect("http://localhost:8000/thanks")
        .sign(&credentials, "us-east-1", now);

    println!(
        "<form action=\"http://localhost:9000/photos\" method=\"post\" enctype=\"multipart/form-data\">"
    );
    for (name, value) in &form.fields {
        println!("  <input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    println!("  <input type=\"file\" name=\"file\"> <button>Upload</button>");
    println!("</form>");
}
