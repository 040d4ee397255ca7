//! GetBucketWebsite, PutBucketWebsite, DeleteBucketWebsite.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::names::Condition;
use crate::names::Documents;
use crate::names::Elsewhere;
use crate::names::NewKey;
use crate::names::Redirect;
use crate::names::RoutingRule;
use crate::names::Website;
use crate::operations::document;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "WebsiteConfiguration";
const RULES_MAX: usize = 50;

/// GetBucketWebsite.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let Some(website) = &bucket.settings.website else {
        return Err(Fault::NoSuchWebsiteConfiguration.with("BucketName", &*bucket.name));
    };
    Ok(Answer::xml(StatusCode::OK, write_website(website)))
}

/// PutBucketWebsite.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let website = parse(&document::needed(body).await?)?;
    let status = StatusCode::OK;
    super::change(permit, status, |bucket| bucket.settings.website = Some(website.clone())).await
}

/// DeleteBucketWebsite.
pub(crate) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.settings.website = None).await
}

fn write_website(website: &Website) -> String {
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    match website {
        Website::RedirectAll(to) => {
            xml.open("RedirectAllRequestsTo");
            xml.leaf("HostName", &to.host);
            optional(&mut xml, "Protocol", to.protocol.as_deref());
            xml.close();
        }
        Website::Documents(documents) => {
            xml.open("IndexDocument");
            xml.leaf("Suffix", &documents.index_suffix);
            xml.close();
            if let Some(key) = &documents.error_key {
                xml.open("ErrorDocument");
                xml.leaf("Key", key);
                xml.close();
            }
            if !documents.rules.is_empty() {
                xml.open("RoutingRules");
                documents.rules.iter().for_each(|rule| write_rule(&mut xml, rule));
                xml.close();
            }
        }
    }
    xml.close();
    xml.finish()
}

fn write_rule(xml: &mut Xml, rule: &RoutingRule) {
    xml.open("RoutingRule");
    if let Some(condition) = &rule.condition {
        xml.open("Condition");
        let status = condition.error_status.map(|status| status.to_string());
        optional(xml, "HttpErrorCodeReturnedEquals", status.as_deref());
        optional(xml, "KeyPrefixEquals", condition.key_prefix.as_deref());
        xml.close();
    }
    let redirect = &rule.redirect;
    xml.open("Redirect");
    optional(xml, "HostName", redirect.host.as_deref());
    let status = redirect.status.map(|status| status.to_string());
    optional(xml, "HttpRedirectCode", status.as_deref());
    optional(xml, "Protocol", redirect.protocol.as_deref());
    match &redirect.key {
        Some(NewKey::Prefix(prefix)) => xml.leaf("ReplaceKeyPrefixWith", prefix),
        Some(NewKey::Whole(key)) => xml.leaf("ReplaceKeyWith", key),
        None => {}
    }
    xml.close();
    xml.close();
}

fn optional(xml: &mut Xml, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        xml.leaf(name, text);
    }
}

fn parse(document: &[u8]) -> Result<Website, Failure> {
    let root = document::parse(document, ROOT)?;
    if let Some(to) = root.child("RedirectAllRequestsTo") {
        let others = ["IndexDocument", "ErrorDocument", "RoutingRules"];
        if others.iter().any(|name| root.child(name).is_some()) {
            let message = "RedirectAllRequestsTo cannot be provided in conjunction with other \
                           Routing Rules.";
            return Err(invalid_argument(message, "RedirectAllRequestsTo")
                .with("ArgumentValue", "not null"));
        }
        let host = text(to, "HostName").ok_or_else(|| malformed("there is no `HostName`"))?;
        return Ok(Website::RedirectAll(Elsewhere { host, protocol: protocol(to)? }));
    }
    let Some(index) = root.child("IndexDocument") else {
        let message =
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty";
        return Err(invalid_argument(message, "IndexDocument").with("ArgumentValue", "null"));
    };
    let index_suffix = text(index, "Suffix").unwrap_or_default();
    if index_suffix.is_empty() || index_suffix.contains('/') {
        let message = "The IndexDocument Suffix is not well formed";
        return Err(invalid_argument(message, "IndexDocument").with("ArgumentValue", index_suffix));
    }
    let error_key = root.child("ErrorDocument").map(error_key).transpose()?;
    let rules = root.child("RoutingRules").map(rules).transpose()?.unwrap_or_default();
    Ok(Website::Documents(Documents { index_suffix, error_key, rules }))
}

fn error_key(element: &Element) -> Result<String, Failure> {
    let key = text(element, "Key").filter(|key| !key.is_empty());
    key.ok_or_else(|| malformed("the `ErrorDocument` has no `Key`"))
}

fn rules(element: &Element) -> Result<Vec<RoutingRule>, Failure> {
    let rules = element.children("RoutingRule").map(rule).collect::<Result<Vec<_>, _>>()?;
    if rules.is_empty() {
        return Err(malformed("`RoutingRules` has no `RoutingRule`"));
    }
    if rules.len() > RULES_MAX {
        // The text is that of Ceph's gateway.
        return Err(invalid_request(format!(
            "{} routing rules provided, the number of routing rules in a website configuration is \
             limited to {RULES_MAX}.",
            rules.len()
        )));
    }
    Ok(rules)
}

fn rule(element: &Element) -> Result<RoutingRule, Failure> {
    let redirect = element.child("Redirect");
    let redirect = redirect.ok_or_else(|| malformed("a `RoutingRule` has no `Redirect`"))?;
    let key = match (text(redirect, "ReplaceKeyPrefixWith"), text(redirect, "ReplaceKeyWith")) {
        (Some(_), Some(_)) => {
            return Err(invalid_request(
                "You can only define ReplaceKeyPrefix or ReplaceKey but not both.",
            ));
        }
        (Some(prefix), None) => Some(NewKey::Prefix(prefix)),
        (None, Some(key)) => Some(NewKey::Whole(key)),
        (None, None) => None,
    };
    let condition = element.child("Condition").map(condition).transpose()?;
    let status = text(redirect, "HttpRedirectCode").map(|status| redirect_status(&status));
    Ok(RoutingRule {
        condition,
        redirect: Redirect {
            host: text(redirect, "HostName"),
            protocol: protocol(redirect)?,
            status: status.transpose()?,
            key,
        },
    })
}

fn condition(element: &Element) -> Result<Condition, Failure> {
    let status = text(element, "HttpErrorCodeReturnedEquals");
    let key_prefix = text(element, "KeyPrefixEquals");
    if status.is_none() && key_prefix.is_none() {
        return Err(invalid_request(
            "Condition cannot be empty. To redirect all requests without a condition, the \
             condition element shouldn't be present.",
        ));
    }
    let error_status = status.map(|status| error_status(&status)).transpose()?;
    Ok(Condition { key_prefix, error_status })
}

/// The text is that of Ceph's gateway.
fn redirect_status(text: &str) -> Result<u16, Failure> {
    text.parse().ok().filter(|status| (301..=399).contains(status)).ok_or_else(|| {
        invalid_request(format!(
            "The provided HTTP redirect code ({text}) is not valid. Valid codes are 3XX except 300."
        ))
    })
}

/// The text is that of Ceph's gateway.
fn error_status(text: &str) -> Result<u16, Failure> {
    text.parse().ok().filter(|status| (400..=599).contains(status)).ok_or_else(|| {
        invalid_request(format!(
            "The provided HTTP error code ({text}) is not valid. Valid codes are 4XX or 5XX."
        ))
    })
}

fn protocol(element: &Element) -> Result<Option<String>, Failure> {
    let protocol = text(element, "Protocol");
    match protocol.as_deref() {
        None | Some("http" | "https") => Ok(protocol),
        Some(_) => Err(invalid_request(
            "Invalid protocol, protocol can be http or https. If not defined the protocol will be \
             selected automatically.",
        )),
    }
}

fn text(element: &Element, name: &str) -> Option<String> {
    element.child(name).map(|child| child.text().to_owned())
}

fn malformed(note: &str) -> Failure {
    Fault::MalformedXml.because(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(content: &str) -> String {
        format!("<{ROOT}>{content}</{ROOT}>")
    }

    const INDEX: &str = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";

    fn with_rule(rule: &str) -> String {
        format!("{INDEX}<RoutingRules><RoutingRule>{rule}</RoutingRule></RoutingRules>")
    }

    #[test]
    fn settings_are_read_as_written() {
        let everything = with_rule(
            "<Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>\
             <KeyPrefixEquals>docs/</KeyPrefixEquals></Condition><Redirect><HostName>h</HostName>\
             <HttpRedirectCode>302</HttpRedirectCode><Protocol>https</Protocol>\
             <ReplaceKeyPrefixWith></ReplaceKeyPrefixWith></Redirect>",
        );
        for content in [
            INDEX,
            &format!("{INDEX}<ErrorDocument><Key>error.html</Key></ErrorDocument>"),
            &everything,
            &with_rule("<Redirect><ReplaceKeyWith>k</ReplaceKeyWith></Redirect>"),
            "<RedirectAllRequestsTo><HostName>h</HostName><Protocol>http</Protocol>\
             </RedirectAllRequestsTo>",
        ] {
            let website = parse(document(content).as_bytes()).unwrap();
            let written = write_website(&website);
            assert_eq!(parse(written.as_bytes()).unwrap(), website);
            assert!(written.contains(content), "{written}");
        }
    }

    #[track_caller]
    fn refused(content: &str, code: &str, message: &str) {
        let failure = parse(document(content).as_bytes()).unwrap_err();
        assert_eq!(failure.error.code, code, "{content}");
        assert!(failure.error.message.contains(message), "{}", failure.error.message);
    }

    /// Recorded by LocalStack: `test_validate_website_configuration`.
    #[test]
    fn bad_settings_are_refused_in_the_words_of_s3() {
        let suffix =
            |suffix: &str| format!("<IndexDocument><Suffix>{suffix}</Suffix></IndexDocument>");
        let all = |rest: &str| {
            format!("<RedirectAllRequestsTo><HostName>h</HostName>{rest}</RedirectAllRequestsTo>")
        };
        refused("", "InvalidArgument", "A value for IndexDocument Suffix must be provided");
        refused(&suffix(""), "InvalidArgument", "not well formed");
        refused(&suffix("a/b"), "InvalidArgument", "not well formed");
        refused(&(all("") + INDEX), "InvalidArgument", "cannot be provided in conjunction");
        refused(&all("<Protocol>ftp</Protocol>"), "InvalidRequest", "Invalid protocol");
        refused("<RedirectAllRequestsTo/>", "MalformedXML", "");
        refused(&format!("{INDEX}<ErrorDocument/>"), "MalformedXML", "");
        refused(&format!("{INDEX}<RoutingRules/>"), "MalformedXML", "");
        refused(&with_rule(""), "MalformedXML", "");
        refused(
            &with_rule("<Condition/><Redirect/>"),
            "InvalidRequest",
            "Condition cannot be empty",
        );
        let redirect = |content: &str| with_rule(&format!("<Redirect>{content}</Redirect>"));
        let both =
            "<ReplaceKeyPrefixWith>a</ReplaceKeyPrefixWith><ReplaceKeyWith>b</ReplaceKeyWith>";
        refused(&redirect(both), "InvalidRequest", "ReplaceKeyPrefix or ReplaceKey but not both");
        refused(&redirect("<Protocol>ws</Protocol>"), "InvalidRequest", "Invalid protocol");
        for status in ["300", "200", "x"] {
            let status = format!("<HttpRedirectCode>{status}</HttpRedirectCode>");
            refused(&redirect(&status), "InvalidRequest", "HTTP redirect code");
        }
    }
}
