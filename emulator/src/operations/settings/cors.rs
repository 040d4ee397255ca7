//! GetBucketCors, PutBucketCors, DeleteBucketCors.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
use crate::names::CorsMethod;
use crate::names::CorsMistake;
use crate::names::CorsRule;
use crate::operations::document;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "CORSConfiguration";
const RULES_MAX: usize = 100;
const ID_CHARACTERS_MAX: usize = 255;

/// GetBucketCors.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    if bucket.settings.cors.is_empty() {
        return Err(Fault::NoSuchCorsConfiguration.with("BucketName", &*bucket.name));
    }
    Ok(Answer::xml(StatusCode::OK, write_rules(&bucket.settings.cors)))
}

/// PutBucketCors.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let rules = parse(&document::with_digest(body).await?)?;
    super::change(permit, StatusCode::OK, |bucket| bucket.settings.cors.clone_from(&rules)).await
}

/// DeleteBucketCors.
pub(crate) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.settings.cors.clear()).await
}

fn write_rules(rules: &[CorsRule]) -> String {
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    for rule in rules {
        xml.open("CORSRule");
        if let Some(id) = &rule.id {
            xml.leaf("ID", id);
        }
        rule.methods.iter().for_each(|method| xml.leaf("AllowedMethod", method.name()));
        rule.origins.iter().for_each(|origin| xml.leaf("AllowedOrigin", origin));
        rule.headers.iter().for_each(|header| xml.leaf("AllowedHeader", header));
        rule.exposed.iter().for_each(|header| xml.leaf("ExposeHeader", header));
        if let Some(seconds) = rule.max_age_seconds {
            xml.leaf("MaxAgeSeconds", seconds.to_string());
        }
        xml.close();
    }
    xml.close();
    xml.finish()
}

fn parse(document: &[u8]) -> Result<Vec<CorsRule>, Failure> {
    let root = document::parse(document, ROOT)?;
    let rules = root.children("CORSRule").map(rule).collect::<Result<Vec<_>, _>>()?;
    if rules.is_empty() || rules.len() > RULES_MAX {
        let note = format!("a configuration has 1 to {RULES_MAX} rules, and this {}", rules.len());
        return Err(Fault::MalformedXml.because(note));
    }
    Ok(rules)
}

fn rule(element: &Element) -> Result<CorsRule, Failure> {
    let texts = |name| element.children(name).map(|child| child.text().to_owned());
    let methods: Vec<String> = texts("AllowedMethod").collect();
    let mut rule = CorsRule {
        id: element.child("ID").map(|id| id.text().to_owned()),
        origins: texts("AllowedOrigin").collect(),
        headers: texts("AllowedHeader").collect(),
        exposed: texts("ExposeHeader").collect(),
        max_age_seconds: element.child("MaxAgeSeconds").map(seconds).transpose()?,
        ..CorsRule::empty()
    };
    if rule.origins.is_empty() || methods.is_empty() {
        let mistake =
            if methods.is_empty() { CorsMistake::NoMethod } else { CorsMistake::NoOrigin };
        return Err(Fault::MalformedXml.because(mistake.to_string()));
    }
    if rule.id.as_ref().is_some_and(|id| id.chars().count() > ID_CHARACTERS_MAX) {
        let note = format!("the ID of a rule has at most {ID_CHARACTERS_MAX} characters");
        return Err(Fault::MalformedXml.because(note));
    }
    for name in methods {
        rule.methods.push(CorsMethod::parse(&name).ok_or_else(|| unsupported(&name))?);
    }
    // With origins and methods there, what remains are wildcards.
    rule.check().map_err(|mistake| invalid_request(mistake.to_string()))?;
    Ok(rule)
}

fn seconds(element: &Element) -> Result<u32, Failure> {
    element.text().trim().parse().map_err(|_| {
        Fault::MalformedXml.because(format!("`{}` is not a number of seconds", element.text()))
    })
}

fn unsupported(method: &str) -> Failure {
    let message =
        format!("Found unsupported HTTP method in CORS config. Unsupported method is {method}");
    invalid_request(message).because("a rule allows GET, PUT, POST, DELETE or HEAD")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(rule: &str) -> String {
        format!("<{ROOT}>{rule}</{ROOT}>")
    }

    const GOOD: &str = "<AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>";

    #[track_caller]
    fn refused(rule: &str, code: &str, message: &str) {
        let failure = parse(document(rule).as_bytes()).unwrap_err();
        assert_eq!(failure.error.code, code, "{rule}");
        assert!(failure.error.message.contains(message), "{}", failure.error.message);
    }

    #[test]
    fn bad_rules_are_refused_in_the_words_of_s3() {
        let rule = |extra: &str| format!("<CORSRule>{GOOD}{extra}</CORSRule>");
        for missing in [
            "",
            "<CORSRule/>",
            "<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>",
            "<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>",
        ] {
            refused(missing, "MalformedXML", "");
        }
        refused(&rule("").repeat(101), "MalformedXML", "");
        refused(&rule("<MaxAgeSeconds>soon</MaxAgeSeconds>"), "MalformedXML", "");
        refused(&rule(&format!("<ID>{}</ID>", "i".repeat(256))), "MalformedXML", "");
        for method in ["MYMETHOD", "OPTIONS", "", "get"] {
            let rule = rule(&format!("<AllowedMethod>{method}</AllowedMethod>"));
            refused(&rule, "InvalidRequest", &format!("Unsupported method is {method}"));
        }
        refused(
            &rule("<AllowedOrigin>*example*.com</AllowedOrigin>"),
            "InvalidRequest",
            "AllowedOrigin \"*example*.com\" can not have more than one wildcard.",
        );
        refused(
            &rule("<AllowedHeader>*-*</AllowedHeader>"),
            "InvalidRequest",
            "AllowedHeader \"*-*\" can not have more than one wildcard.",
        );
        refused(
            &rule("<ExposeHeader>*</ExposeHeader>"),
            "InvalidRequest",
            "ExposeHeader \"*\" contains wildcard. We currently do not support wildcard for",
        );
    }

    #[test]
    fn rules_are_kept_as_they_were_written() {
        let text = document(&format!(
            "<CORSRule><ID>a</ID><AllowedMethod>PUT</AllowedMethod><AllowedMethod>PUT\
             </AllowedMethod><AllowedOrigin></AllowedOrigin><AllowedHeader>x-AMZ-date\
             </AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>0</MaxAgeSeconds>\
             </CORSRule><CORSRule>{GOOD}</CORSRule>"
        ));
        let rules = parse(text.as_bytes()).unwrap();
        assert_eq!(parse(write_rules(&rules).as_bytes()).unwrap(), rules);
        assert_eq!(rules[0].methods, [CorsMethod::Put, CorsMethod::Put]);
        assert_eq!((&*rules[0].origins, rules[0].max_age_seconds), (&[String::new()][..], Some(0)));
        assert_eq!(rules[0].headers, ["x-AMZ-date"]);
    }
}
