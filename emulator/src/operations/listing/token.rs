//! Continuation tokens: opaque, and nobody else's texts pass for one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

use crate::failure::Failure;
use crate::failure::invalid_argument;

/// As much of a digest as tells a token from other texts.
const CHECK_BYTES: usize = 6;

/// The token of a page that ended with this line.
pub(crate) fn write(last: &str) -> String {
    let mut bytes = check(last).to_vec();
    bytes.extend_from_slice(last.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The line that the page before ended with.
pub(crate) fn read(token: &str) -> Result<String, Failure> {
    let last = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| {
        let (found, last) = bytes.split_at_checked(CHECK_BYTES)?;
        let last = String::from_utf8(last.to_vec()).ok()?;
        (found == check(&last)).then_some(last)
    });
    last.ok_or_else(|| {
        invalid_argument("The continuation token provided is incorrect", "continuation-token")
            .because("only a token that a listing handed out continues it")
    })
}

fn check(last: &str) -> [u8; CHECK_BYTES] {
    let digest = Sha256::new().chain_update("continuation of ").chain_update(last).finalize();
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&digest[..CHECK_BYTES]);
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is() {
        for last in ["", "a/b", "ü\u{0}"] {
            assert_eq!(read(&write(last)).unwrap(), last);
        }
        for token in ["", "a", "bm90IGEgdG9rZW4", "%%%"] {
            assert_eq!(read(token).unwrap_err().error.code, "InvalidArgument");
        }
    }
}
