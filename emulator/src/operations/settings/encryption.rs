//! GetBucketEncryption, PutBucketEncryption, DeleteBucketEncryption.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::names::BucketEncryption;
use crate::names::BucketKey;
use crate::names::CustomerKeys;
use crate::names::DefaultKms;
use crate::names::KmsLayers;
use crate::operations::document;
use crate::store::BucketSettings;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "ServerSideEncryptionConfiguration";
const DEFAULTS: &str = "ApplyServerSideEncryptionByDefault";

/// GetBucketEncryption. A bucket of which nobody put the setting has S3's own keys.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    Ok(Answer::untyped(StatusCode::OK, write_setting(&permit.bucket()?.settings)))
}

/// PutBucketEncryption. Whether the key exists is not asked, as in S3.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let setting = parse(&document::with_digest(body).await?)?;
    super::change(permit, StatusCode::OK, |bucket| {
        let before = bucket.settings.encryption.take();
        let mut new = setting.clone();
        // That a document which does not say it leaves it as it was is not documented clearly.
        new.customer_keys = new.customer_keys.or(before.and_then(|setting| setting.customer_keys));
        bucket.settings.encryption = Some(new);
    })
    .await
}

/// DeleteBucketEncryption.
pub(crate) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.settings.encryption = None).await
}

/// In the order of the captures of 2026, and with what is blocked also where nobody put it.
fn write_setting(settings: &BucketSettings) -> String {
    let setting = settings.encryption.as_ref();
    let kms = setting.and_then(|setting| setting.kms.as_ref());
    let bucket_key = setting.map_or(BucketKey::Off, |setting| setting.bucket_key);
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    xml.open("Rule");
    xml.leaf("BucketKeyEnabled", if bucket_key == BucketKey::On { "true" } else { "false" });
    xml.open(DEFAULTS);
    xml.leaf("SSEAlgorithm", kms.map_or("AES256", |kms| kms.layers.name()));
    if let Some(id) = kms.and_then(|kms| kms.key_id.as_ref()) {
        xml.leaf("KMSMasterKeyID", id);
    }
    xml.close();
    let put = setting.and_then(|setting| setting.customer_keys);
    let blocked = match put.unwrap_or(settings.customer_keys) {
        CustomerKeys::Blocked => Some("SSE-C"),
        CustomerKeys::Allowed => put.map(|_| "NONE"),
    };
    if let Some(kind) = blocked {
        xml.open("BlockedEncryptionTypes");
        xml.leaf("EncryptionType", kind);
        xml.close();
    }
    xml.close();
    xml.close();
    xml.finish()
}

fn parse(document: &[u8]) -> Result<BucketEncryption, Failure> {
    let root = document::parse(document, ROOT)?;
    let mut rules = root.children("Rule");
    let (Some(rule), None) = (rules.next(), rules.next()) else {
        return Err(malformed("the document has exactly one `Rule`"));
    };
    let blocked = rule.child("BlockedEncryptionTypes");
    let kms = match rule.child(DEFAULTS) {
        Some(defaults) => kms(defaults)?,
        None if blocked.is_some() => None,
        None => return Err(malformed(format!("the `Rule` has no `{DEFAULTS}`"))),
    };
    Ok(BucketEncryption {
        kms,
        bucket_key: rule.child("BucketKeyEnabled").map_or(Ok(BucketKey::Off), bucket_key)?,
        customer_keys: blocked.map(customer_keys).transpose()?,
    })
}

fn kms(defaults: &Element) -> Result<Option<DefaultKms>, Failure> {
    let algorithm = defaults.child("SSEAlgorithm").map(Element::text).unwrap_or_default();
    let key_id = defaults.child("KMSMasterKeyID").map(|id| id.text().to_owned());
    match KmsLayers::parse(algorithm) {
        Some(layers) => Ok(Some(DefaultKms { layers, key_id })),
        None if algorithm == "AES256" && key_id.is_none() => Ok(None),
        None if algorithm == "AES256" => Err(invalid_argument(
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
             aws:kms:dsse",
            DEFAULTS,
        )),
        None => Err(malformed(format!("`{algorithm}` is not an encryption of buckets"))),
    }
}

fn bucket_key(element: &Element) -> Result<BucketKey, Failure> {
    match element.text().trim() {
        "true" => Ok(BucketKey::On),
        "false" => Ok(BucketKey::Off),
        _ => Err(malformed("`BucketKeyEnabled` is `true` or `false`")),
    }
}

fn customer_keys(blocked: &Element) -> Result<CustomerKeys, Failure> {
    let types: Vec<_> = blocked.children("EncryptionType").map(Element::text).collect();
    match types[..] {
        ["SSE-C"] => Ok(CustomerKeys::Blocked),
        ["NONE"] => Ok(CustomerKeys::Allowed),
        _ => Err(malformed("an `EncryptionType` that is blocked is `SSE-C`, or `NONE`")),
    }
}

fn malformed(note: impl Into<Explanation>) -> Failure {
    Fault::MalformedXml.because(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(rules: &str) -> String {
        format!("<{ROOT}>{rules}</{ROOT}>")
    }

    fn rule(defaults: &str, rest: &str) -> String {
        format!("<Rule><{DEFAULTS}>{defaults}</{DEFAULTS}>{rest}</Rule>")
    }

    const KMS: &str = "<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>";
    const S3: &str = "<SSEAlgorithm>AES256</SSEAlgorithm>";

    #[test]
    fn settings_are_read_as_written() {
        for rule in [
            rule(S3, ""),
            rule(KMS, "<BucketKeyEnabled>true</BucketKeyEnabled>"),
            rule("<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm>", ""),
            rule(
                S3,
                "<BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes>",
            ),
        ] {
            let setting = parse(document(&rule).as_bytes()).unwrap();
            let customer_keys = CustomerKeys::Allowed;
            let encryption = Some(setting.clone());
            let settings = BucketSettings { encryption, customer_keys, ..Default::default() };
            assert_eq!(parse(write_setting(&settings).as_bytes()).unwrap(), setting);
        }
    }

    #[test]
    fn what_is_blocked_is_told_though_nobody_put_it() {
        let none = write_setting(&BucketSettings::default());
        let rule = "<Rule><BucketKeyEnabled>false</BucketKeyEnabled>\
                    <ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
                    </ApplyServerSideEncryptionByDefault><BlockedEncryptionTypes>\
                    <EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>";
        assert!(none.contains(rule), "{none}");
    }

    #[track_caller]
    fn refused(rules: &str, code: &str) {
        let failure = parse(document(rules).as_bytes()).unwrap_err();
        assert_eq!(failure.error.code, code, "{rules}");
    }

    #[test]
    fn bad_settings_are_refused() {
        let blocks = |kind: &str| {
            let kind = format!("<EncryptionType>{kind}</EncryptionType>");
            rule(S3, &format!("<BlockedEncryptionTypes>{kind}</BlockedEncryptionTypes>"))
        };
        for rules in [
            String::new(),
            rule(S3, "").repeat(2),
            rule("", ""),
            "<Rule/>".to_owned(),
            rule("<SSEAlgorithm>aes256</SSEAlgorithm>", ""),
            rule(S3, "<BucketKeyEnabled>maybe</BucketKeyEnabled>"),
            blocks("SSE-X"),
        ] {
            refused(&rules, "MalformedXML");
        }
        let with_key = format!("{S3}<KMSMasterKeyID>k</KMSMasterKeyID>");
        refused(&rule(&with_key, ""), "InvalidArgument");
    }
}
