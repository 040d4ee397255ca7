//! Which names a new bucket may have.

/// Whether S3 lets a general purpose bucket be created under `name`.
///
/// The rules stand in the user guide, "General purpose bucket naming rules".
pub(crate) fn is_valid_bucket_name(name: &str) -> bool {
    let is_edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|&byte| is_edge(byte) || byte == b'.' || byte == b'-')
        && is_edge(bytes[0])
        && is_edge(bytes[bytes.len() - 1])
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !RESERVED_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

#[cfg(test)]
mod tests {
    use super::is_valid_bucket_name;

    #[test]
    fn names_follow_the_rules_of_general_purpose_buckets() {
        for (name, is_valid) in [
            ("photos", true),
            ("my.photos-2026", true),
            ("abc", true),
            ("ab", false),
            ("", false),
            ("Photos", false),
            ("my_photos", false),
            ("-photos", false),
            ("photos.", false),
            ("my..photos", false),
            ("192.168.5.4", false),
            ("192.168.5.400", true),
            ("xn--photos", false),
            ("sthree-photos", false),
            ("amzn-s3-demo-bucket", false),
            ("photos-s3alias", false),
            ("photos--ol-s3", false),
            ("photos--use1-az4--x-s3", false),
        ] {
            assert_eq!(is_valid_bucket_name(name), is_valid, "{name}");
        }
        assert!(is_valid_bucket_name(&"a".repeat(63)));
        assert!(!is_valid_bucket_name(&"a".repeat(64)));
    }
}
