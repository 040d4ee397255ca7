//! What the page says while nothing has come yet.

use super::super::View;
use super::html::escaped;
use crate::keyring::DEFAULT_ACCESS_KEY;
use crate::keyring::DEFAULT_SECRET_KEY;
use crate::keyring::User;

/// Where to send a request, with which keys, and one that works anywhere.
pub(super) fn section(view: &View<'_>) -> String {
    let endpoint = escaped(view.endpoint);
    let keys = view.keyring.first().map(|user| keys(user)).unwrap_or_default();
    format!(
        "<section id=\"requests\" class=\"empty\" aria-label=\"Requests\">\n\
         <h2>No requests yet</h2>\n\
         <p>Every request to <code>{endpoint}</code> will stand here as soon as it is answered: \
         who sent it, what came of it, and why.</p>\n\
         <h3>Try it</h3>\n\
         <pre>curl {endpoint}/demo/hello.txt</pre>\n\
         <p>It carries no signature, so it should be refused, as S3 would refuse it; here you will \
         see the reason.</p>\n\
         <h3>Point your client here</h3>\n\
         <dl>\n\
         <dt>Endpoint</dt><dd><code>{endpoint}</code></dd>\n\
         <dt>Region</dt><dd><code>{region}</code></dd>\n\
         {keys}\
         </dl>\n\
         <pre>aws --endpoint-url {endpoint} --region {region} s3 ls</pre>\n\
         </section>",
        region = escaped(view.region),
    )
}

/// The fixed pair is no secret: the documentation shows it. Any other stays where it was set.
fn keys(user: &User) -> String {
    let credentials = user.credentials();
    let access_key = escaped(&credentials.access_key_id);
    let is_fixed_pair = credentials.access_key_id == DEFAULT_ACCESS_KEY
        && credentials.secret_key.expose() == DEFAULT_SECRET_KEY;
    let secret_key = if is_fixed_pair {
        format!("<code>{DEFAULT_SECRET_KEY}</code>")
    } else {
        format!("as it was set for the user <code>{}</code>", escaped(user.name()))
    };
    format!(
        "<dt>Access key</dt><dd><code>{access_key}</code></dd>\n\
         <dt>Secret key</dt><dd>{secret_key}</dd>\n"
    )
}
