//! What can be told of requests that were signed for something else than what arrives.

use stuntbucket_signer::Message;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::Cause;
use stuntbucket_signer::verify::Verdict;

use super::Judge;
use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::notes::Notes;
use crate::place::Place;
use crate::request::Request;
use crate::world::World;

/// Says of a method that S3 does not have here for which one the request was signed, if it was.
pub(crate) fn with_signed_method(
    world: &World,
    request: &Request,
    place: &Place,
    failure: Failure,
) -> Failure {
    if failure.error.code != "MethodNotAllowed" {
        return failure;
    }
    let method = request.method.as_str();
    let content_type = request.header("content-type").unwrap_or_default();
    if let Some((signed, what)) = signed_method(world, request, place) {
        let what = format!("S3 has no {method} here, and {what}");
        failure.because(Explanation::of(what).advising(format!("Send it as {signed}.")))
    } else if method == "POST" && content_type.starts_with("multipart/form-data") {
        let what = "A form was posted to the path of an object, and S3 takes forms at the bucket";
        failure.because(
            Explanation::of(what)
                .advising("Post it to the bucket: the key is the field `key` of the form."),
        )
    } else {
        failure
    }
}

/// The method that makes the signature come out, and in words all that was signed otherwise.
fn signed_method(world: &World, request: &Request, place: &Place) -> Option<(String, String)> {
    let headers = request.signer_headers();
    let message = Message {
        method: request.method.as_str(),
        path: &request.path,
        query: request.query.raw(),
        headers: &headers,
    };
    let judge = Judge { world, request, place, notes: &Notes::default() };
    let Verdict::Refused(refusal) = verify::request(&message, &world.keyring, &judge.rules())
    else {
        return None;
    };
    let causes = &refusal.suspect()?.causes;
    let signed = causes.iter().find_map(|cause| match cause {
        Cause::Method { signed, .. } => Some(signed.clone()),
        _ => None,
    })?;
    let what: Vec<_> = causes.iter().map(Cause::what).collect();
    Some((signed, what.join(", and ")))
}

/// How a presigned URL looks that lost its form on the way, so that it counts as anonymous.
struct Spoiled {
    /// One of these is found, in the path or the query as they were sent.
    found: &'static [&'static str],
    is_in_path: bool,
    what: &'static str,
    advice: &'static str,
}

const ENCODED: &str = "Encode the values of a URL only, not the URL: what makes links clickable, \
    or hands them on as parameters, often encodes them once too often.";

/// The first that is found is told.
const SPOILED: [Spoiled; 3] = [
    Spoiled {
        found: &["%3FX-Amz-", "%3FAWSAccessKeyId"],
        is_in_path: true,
        what: "the `?` of a presigned URL came as `%3F`, so that its query is a part of the key, \
               and nothing is signed",
        advice: ENCODED,
    },
    Spoiled {
        // `X-Amz-Signature` ends as the parameter of Version 2 is called.
        found: &["Signature%3D"],
        is_in_path: false,
        what: "the query of a presigned URL came percent-encoded as a whole, with `%26` for `&` and \
               `%3D` for `=`, so that nothing is signed",
        advice: ENCODED,
    },
    Spoiled {
        found: &["x-amz-signature="],
        is_in_path: false,
        what: "the parameters of a presigned URL came in small letters, such as `x-amz-signature` \
               for `X-Amz-Signature`, and so they sign nothing",
        advice: "Leave the names of parameters as they are: a router or a framework made them small.",
    },
];

/// Says of a failed request without a signature that it was a presigned URL, if it was.
pub(crate) fn with_spoiled_link(request: &Request, failure: Failure) -> Failure {
    let is_signed = request.header("authorization").is_some() || failure.refusal.is_some();
    let find = |spoiled: &&Spoiled| {
        let text = if spoiled.is_in_path { &request.path } else { request.query.raw() };
        spoiled.found.iter().any(|found| text.contains(found))
    };
    match SPOILED.iter().find(find).filter(|_| !is_signed) {
        Some(Spoiled { what, advice, .. }) => {
            failure.because(Explanation::of(*what).advising(*advice))
        }
        None => failure,
    }
}
