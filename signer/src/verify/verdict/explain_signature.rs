//! The explanation of a signature that is another one.

use super::super::suspects;
use super::super::suspects::Search;
use super::super::suspects::Suspect;
use super::evidence::Difference;
use super::evidence::Signed;
use super::explain::Explanation;
use super::explain::two;

pub(super) fn explanation(difference: &Difference) -> Explanation {
    match &difference.search {
        Search::Found(suspect) => known(difference, suspect),
        Search::Skipped => unknown(difference, ""),
        Search::Fruitless { attempts: 0, .. } => {
            unknown(difference, " It is no signature at all, by its form.")
        }
        Search::Fruitless { attempts, checked } => unknown(
            difference,
            &format!(
                " None of the usual mistakes makes it ({attempts} were tried: {}).",
                checked.join("; ")
            ),
        ),
    }
}

fn known(difference: &Difference, suspect: &Suspect) -> Explanation {
    let what: Vec<_> = suspect.causes.iter().map(suspects::Cause::what).collect();
    let advice: Vec<_> = suspect.causes.iter().map(suspects::Cause::advice).collect();
    let what = format!("{}: {}.", other_signature(difference), what.join(", and "));
    Explanation { diff: suspect.diff(difference), ..two(what, advice.join(" ")) }
}

fn unknown(difference: &Difference, searched: &str) -> Explanation {
    let of = &difference.signed;
    let what = format!("{}.{searched}", other_signature(difference));
    two(what, advice(*of, difference.canonical_request.is_some()))
}

#[rustfmt::skip]
fn other_signature(difference: &Difference) -> String {
    let Difference { access_key_id, signed, provided, .. } = difference;
    let of = match signed {
        Signed::Request => "this request".to_owned(),
        Signed::Policy => "the policy of this form".to_owned(),
        Signed::Chunk(number) => format!("chunk {number} of the body"),
        Signed::Trailer => "the trailer".to_owned(),
    };
    format!("The signature `{provided}` is not the one that the secret of `{access_key_id}` makes for {of}")
}

#[rustfmt::skip]
fn advice(signed: Signed, has_canonical_request: bool) -> &'static str {
    match signed {
        Signed::Request if has_canonical_request => "Lay the client's canonical request and string to sign next to the verifier's: where they are alike the secret is another, else look at host and port, at the encoding of the path, and at each signed header.",
        Signed::Request => "Lay the client's string to sign next to the verifier's: where they are alike the secret is another, else look at Content-Type, the date, each x-amz- header, and the path.",
        Signed::Policy => "Sign the base64 text exactly as it is sent, with the secret of that key and, in Version 4, the day and region of `x-amz-credential`.",
        Signed::Chunk(_) => "Chain each chunk with the signature before it, the first with that of the request, and sign the bytes that are sent.",
        Signed::Trailer => "Sign each `name:value` with a line feed, chained with the signature of the last chunk.",
    }
}
