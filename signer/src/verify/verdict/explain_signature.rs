//! The explanation of a signature that is another one.

use super::super::suspects::Cause;
use super::super::suspects::Clue;
use super::super::suspects::Search;
use super::super::suspects::Suspect;
use super::evidence::Difference;
use super::evidence::Signed;
use super::explanation::Certainty;
use super::explanation::Explanation;

pub(super) fn explanation(difference: &Difference) -> Explanation {
    match &difference.search {
        Search::Found(suspect) => known(difference, suspect),
        Search::Skipped => unknown(difference, "", &[]),
        Search::Fruitless { attempts: 0, .. } => {
            unknown(difference, " It is no signature at all, by its form.", &[])
        }
        Search::Fruitless { attempts, checked, clues } => unknown(
            difference,
            &format!(
                " None of the usual mistakes makes it ({attempts} were tried: {}).",
                checked.join("; ")
            ),
            clues,
        ),
    }
}

fn known(difference: &Difference, suspect: &Suspect) -> Explanation {
    let what: Vec<_> = suspect.causes.iter().map(Cause::what).collect();
    let advice: Vec<_> = suspect.causes.iter().map(Cause::advice).collect();
    let of = of(difference.signed);
    let mut what = format!("The signature{of} does not match: {}.", what.join(", and "));
    if !suspect.alternatives.is_empty() {
        let others: Vec<_> = suspect.alternatives.iter().map(Cause::what).collect();
        what += &format!(" Or {}: that makes the same signature.", others.join(", or "));
    }
    Explanation {
        certainty: if suspect.alternatives.is_empty() {
            Certainty::Certain
        } else {
            Certainty::OneOfSeveral
        },
        diff: suspect.diff(difference),
        ..Explanation::new(what, advice.join(" "))
    }
}

fn unknown(difference: &Difference, searched: &str, clues: &[Clue]) -> Explanation {
    let what = format!("{}.{searched}", other_signature(difference));
    let is_known = clues.iter().any(|clue| matches!(clue, Clue::HeaderAbsent { .. }));
    let otherwise = if is_known {
        OTHERWISE
    } else {
        advice(difference.signed, difference.canonical_request.is_some())
    };
    let clues = clues.iter().map(told).chain([otherwise.to_owned()]);
    let advice = clues.collect::<Vec<_>>().join(" ");
    Explanation { certainty: Certainty::Probable, ..Explanation::new(what, advice) }
}

fn told(clue: &Clue) -> String {
    match clue {
        Clue::HeaderAbsent { name } => format!(
            "`{name}` is among the signed headers, and did not come: most likely that is the cause. \
             Send it with the value that was signed, or do not sign it."
        ),
        Clue::OtherVersion { signed: 2 } => "It has the form of Version 2, 28 letters of base64: \
             put the 64 hexadecimal digits of Version 4 here."
            .to_owned(),
        Clue::OtherVersion { signed } => format!(
            "It has the form of Version {signed}, 64 hexadecimal digits: sign with HMAC-SHA1 in \
             base64, or send `AWS4-HMAC-SHA256` and its credential."
        ),
        Clue::PayloadUnsigned => "The last line is `UNSIGNED-PAYLOAD`: if the client signed the \
             hash of the body, send that hash as `x-amz-content-sha256`, or sign the word."
            .to_owned(),
        Clue::LineEmpty { name } => format!(
            "`{name}` did not come, and its line is empty: if the client signed one, send it."
        ),
        Clue::HeaderOftenChanged { name } => format!(
            "`{name}` is among the signed headers, and perhaps came with another value than was \
             signed: libraries, browsers and proxies change it."
        ),
    }
}

/// What is left where one cause is more likely than all others.
const OTHERWISE: &str = "If that is not it, compare the secret.";

fn other_signature(difference: &Difference) -> String {
    let Difference { access_key_id, signed, .. } = difference;
    let of = match signed {
        Signed::Request => "this request".to_owned(),
        Signed::Policy => "the policy of this form".to_owned(),
        Signed::Chunk(number) => format!("chunk {number} of the body"),
        Signed::Trailer => "the trailer".to_owned(),
    };
    format!("The signature is not the one that the secret of `{access_key_id}` makes for {of}")
}

fn of(signed: Signed) -> String {
    match signed {
        Signed::Request => String::new(),
        Signed::Policy => " of the form".to_owned(),
        Signed::Chunk(number) => format!(" of chunk {number} of the body"),
        Signed::Trailer => " of the trailer".to_owned(),
    }
}

#[rustfmt::skip]
fn advice(signed: Signed, has_canonical_request: bool) -> &'static str {
    match signed {
        Signed::Request if has_canonical_request => "Most likely the secret is another one altogether, or something was changed after signing in a way that nobody can guess. Compare the secret first; if it is right, lay the client's canonical request and string to sign next to the verifier's, and look at host and port, at the encoding of the path, and at each signed header.",
        Signed::Request => "Most likely the secret is another one altogether, or something was changed after signing in a way that nobody can guess. Compare the secret first; if it is right, lay the client's string to sign next to the verifier's, and look at Content-Type, the date, each x-amz- header, and the path.",
        Signed::Policy => "Most likely the policy was changed after it was signed, or the secret is another one: sign the base64 text exactly as it is sent, with the secret of that key and, in Version 4, the day and region of `x-amz-credential`.",
        Signed::Chunk(_) => "Most likely the data of the chunk changed after it was signed: chain each chunk with the signature before it, the first with that of the request, and sign the bytes that are sent.",
        Signed::Trailer => "Most likely the trailer changed after it was signed: sign each `name:value` with a line feed, chained with the signature of the last chunk.",
    }
}
