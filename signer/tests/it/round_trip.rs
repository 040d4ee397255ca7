//! What we sign we accept; change any byte and we refuse.

use proptest::prelude::*;
use proptest::sample::Index;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Payload;
use stuntbucket_signer::encode;
use stuntbucket_signer::sign;
use stuntbucket_signer::sign::PostPolicy;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::Verdict;

use crate::common::REGION;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::now;
use crate::common::rules;

/// A request to be signed.
#[derive(Clone, Debug)]
struct Plan {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    credentials: Credentials,
}

fn plans() -> impl Strategy<Value = Plan> {
    let method = prop::sample::select(&["GET", "PUT", "POST", "DELETE", "HEAD"][..]);
    let host = prop::sample::select(&["localhost:9000", "b.s3.amazonaws.com", "[::1]:80"][..]);
    let query = prop::collection::vec(("[a-z]{1,4}", ".{0,6}"), 0..4);
    let headers = prop::collection::vec(("x-amz-meta-[a-z]{1,5}", "[ -~]{0,12}"), 0..4);
    let token = prop::option::of("[A-Za-z0-9+/=]{1,20}");
    (method, host, ".{0,16}", query, headers, token).prop_map(
        |(method, host, key, query, headers, session_token)| {
            let pairs = query
                .iter()
                .map(|(name, value)| format!("{name}={}", encode::component(value.as_bytes())));
            let pairs = pairs.collect::<Vec<_>>().join("&");
            let mut credentials = Credentials::new("AKIDEXAMPLE", "a secret");
            credentials.session_token = session_token;
            Plan {
                method: method.to_owned(),
                url: format!("http://{host}/b/{}?{pairs}", encode::path(key.as_bytes())),
                headers,
                credentials,
            }
        },
    )
}

impl Plan {
    fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn by_header(&self, payload: &Payload) -> Request {
        let signed = sign::sign_request(
            &self.method,
            &self.url,
            &self.headers(),
            payload,
            &self.credentials,
            REGION,
            now(),
        )
        .unwrap();
        let added = signed.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let all = self.headers().into_iter().chain(added);
        all.fold(self.request(&self.url), |request, (name, value)| request.with(name, value))
    }

    fn by_query(&self) -> Request {
        let url = sign::presign_url(
            &self.method,
            &self.url,
            &self.headers(),
            60,
            &self.credentials,
            REGION,
            now(),
        )
        .unwrap();
        let headers = self.headers().into_iter();
        headers.fold(self.request(&url), |request, (name, value)| request.with(name, value))
    }

    /// The request as it arrives: a client leaves out the port that the scheme implies.
    fn request(&self, url: &str) -> Request {
        let mut request = Request::of_url(&self.method, url);
        if let Some(host) = request.headers[0].1.strip_suffix(b":80") {
            request.headers[0].1 = host.to_vec();
        }
        request
    }

    fn is_accepted(&self, request: &Request) -> bool {
        let verdict = request.judge(&Ring::of(&self.credentials), &rules(now()));
        matches!(verdict, Verdict::Accepted(_))
    }
}

/// Replaces a byte of a text by another that a text of HTTP can have there.
fn changed(text: &str, at: Index, by: char) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let at = at.index(bytes.len());
    bytes[at] = u8::try_from(by).ok()?;
    String::from_utf8(bytes).ok()
}

/// A query as the server reads it. Where two are alike in that, a change changed nothing.
fn read_query(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let decode = |text| encode::decode(text, encode::Plus::Space).into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect();
    pairs.sort_unstable();
    pairs
}

fn read_path(path: &str) -> Vec<u8> {
    encode::decode(path, encode::Plus::Space).into_owned()
}

/// With a URL the header counts as it is sent, signed or not; then the parameter that the AWS SDK
/// for JavaScript adds; then `UNSIGNED-PAYLOAD`.
#[test]
fn a_url_may_promise_something_about_the_body() {
    let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
    let keys = Ring::of(&credentials);
    let (payload, literal) = (Payload::of(b"hello"), "UNSIGNED-PAYLOAD");
    let hash = payload.header_value();
    let by_parameter = format!("?X-Amz-Content-Sha256={hash}");
    let none: &[(&str, &str)] = &[];
    for (query, signed, sent, expected) in [
        ("", none, None, Some(Payload::Unsigned)),
        ("", none, Some(literal), Some(Payload::Unsigned)),
        ("", none, Some(&*hash), None),
        ("", &[("x-amz-content-sha256", &*hash)][..], Some(&*hash), Some(payload)),
        ("", &[("x-amz-content-sha256", &*hash)][..], None, None),
        ("?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD", none, None, Some(Payload::Unsigned)),
        (&by_parameter, none, None, Some(payload)),
        (&by_parameter, none, Some(literal), None),
    ] {
        let url = format!("http://localhost/b/k{query}");
        let url = sign::presign_url("PUT", &url, signed, 60, &credentials, REGION, now()).unwrap();
        let request = Request::of_url("PUT", &url);
        let request = sent
            .into_iter()
            .fold(request, |request, value| request.with("x-amz-content-sha256", value));
        let found = match request.judge(&keys, &rules(now())) {
            Verdict::Accepted(holder) => Some(holder.payload()),
            Verdict::Refused(refusal) => {
                assert_eq!(refusal.s3_error().code, "SignatureDoesNotMatch");
                None
            }
            Verdict::Anonymous => panic!("anonymous"),
        };
        assert_eq!(found, expected, "{query:?} {signed:?} {sent:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_signed_is_accepted(plan in plans(), body in prop::option::of(".{0,20}")) {
        let payload = body.map_or(Payload::Unsigned, |body| Payload::of(body.as_bytes()));
        for request in [plan.by_header(&payload), plan.by_query()] {
            let holder = accepted(request.judge(&Ring::of(&plan.credentials), &rules(now())));
            prop_assert_eq!(holder.access_key_id(), "AKIDEXAMPLE");
            prop_assert!(holder.waived().is_empty());
        }
    }
}

proptest! {
    // Each refusal looks for its mistake, thousands of signatures long.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn another_method_or_path_is_refused(plan in plans(), at: Index, by in "[!-~]") {
        let by = by.chars().next().unwrap();
        for request in [plan.by_header(&Payload::Unsigned), plan.by_query()] {
            let mut other = request.clone();
            other.method = changed(&request.method, at, by).unwrap();
            prop_assert!(other.method == request.method || !plan.is_accepted(&other));
            let mut other = request.clone();
            other.path = changed(&request.path, at, by).unwrap();
            let is_same = read_path(&other.path) == read_path(&request.path);
            prop_assert_eq!(is_same, plan.is_accepted(&other));
        }
    }

    #[test]
    fn another_query_is_refused(plan in plans(), at: Index, by in "[!-~]") {
        let by = by.chars().next().unwrap();
        for request in [plan.by_header(&Payload::Unsigned), plan.by_query()] {
            let Some(query) = changed(&request.query, at, by) else { continue };
            let other = Request { query, ..request.clone() };
            if read_query(&other.query) == read_query(&request.query) {
                continue;
            }
            prop_assert!(!plan.is_accepted(&other), "{other:?}");
        }
    }

    #[test]
    fn another_header_is_refused(plan in plans(), which: Index, at: Index, by in "[!-~]") {
        let by = by.chars().next().unwrap();
        for request in [plan.by_header(&Payload::Unsigned), plan.by_query()] {
            let which = which.index(request.headers.len());
            let (name, value) = &request.headers[which];
            let text = std::str::from_utf8(value).unwrap();
            let Some(other_text) = changed(text, at, by) else { continue };
            // White space at the ends counts for nothing, nor does the case of `SignedHeaders`.
            let is_same = other_text.trim() == text.trim()
                || (name == "authorization" && other_text.eq_ignore_ascii_case(text));
            if is_same {
                continue;
            }
            let mut other = request.clone();
            other.headers[which].1 = other_text.into_bytes();
            prop_assert!(!plan.is_accepted(&other), "{other:?}");
            let mut without = request.clone();
            without.headers.remove(which);
            let is_empty = text.trim().is_empty();
            prop_assert!(is_empty || !plan.is_accepted(&without), "{without:?}");
        }
    }

    #[test]
    fn another_form_is_refused(key in "[a-z/]{1,12}", which: Index, at: Index, by in "[!-~]") {
        let by = by.chars().next().unwrap();
        let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
        let keys = Ring::of(&credentials);
        let fields = PostPolicy::new("b", now().plus_seconds(60))
            .key(&key)
            .acl("private")
            .content_length_range(1..=9)
            .sign(&credentials, REGION, now())
            .fields;
        let judge = |fields: &[(String, String)]| verify::form(fields, "b", &keys, &rules(now()));
        prop_assert!(matches!(judge(&fields), FormVerdict::Accepted(..)));
        prop_assert!(matches!(verify::form(&fields, "c", &keys, &rules(now())), FormVerdict::Refused(_)));
        let which = which.index(fields.len());
        let mut other = fields.clone();
        other[which].1 = changed(&fields[which].1, at, by).unwrap();
        prop_assume!(other != fields);
        prop_assert!(matches!(judge(&other), FormVerdict::Refused(_)), "{:?}", other[which]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_texts_make_it_panic(
        texts in prop::array::uniform4(".{0,40}"),
        authorization in prop::collection::vec(any::<u8>(), 0..80),
        almost in "AWS4-HMAC-SHA256 (Credential=[a-z0-9/]{0,20},? ?)?(SignedHeaders=[a-z;]{0,9}, )?(Signature=[0-9a-f]{0,70})?",
        parameters in prop::collection::vec(
            (prop::sample::select(&["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
                "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"][..]), ".{0,9}"),
            0..8,
        ),
        document in r#"(\{|\[|\]|\}|"|:|,|eq|conditions|expiration|\$|\\|1|-){0,30}"#,
    ) {
        let keys = Ring::of(&Credentials::new("a", "b"));
        let [method, path, query, date] = texts;
        let pairs = parameters.iter().map(|(name, value)| format!("{name}={value}"));
        let signed = pairs.collect::<Vec<_>>().join("&");
        for query in [query, signed] {
            for authorization in [&authorization[..], almost.as_bytes()] {
                let headers = vec![
                    ("authorization".to_owned(), authorization.to_vec()),
                    ("x-amz-date".to_owned(), date.clone().into_bytes()),
                ];
                let (method, path) = (method.clone(), path.clone());
                let mut request = Request { method, path, query: query.clone(), headers };
                let _ = request.judge(&keys, &rules(now()));
                request.headers.clear();
                let _ = request.judge(&keys, &rules(now()));
            }
        }
        let credential = "a/20130524/us-east-1/s3/aws4_request";
        let policy = {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(&document)
        };
        let scope = stuntbucket_signer::Scope::s3(now(), REGION);
        let key = stuntbucket_signer::SigningKey::derive(
            &stuntbucket_signer::SecretKey::new("b"),
            &scope,
        );
        let signature = key.sign(policy.as_bytes()).to_hex();
        let fields = [
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("x-amz-credential", credential.to_owned()),
            ("x-amz-date", "20130524T000000Z".to_owned()),
            ("x-amz-signature", signature),
            ("policy", policy),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        let verdict = verify::form(&fields, "b", &keys, &rules(now()));
        prop_assert!(matches!(verdict, FormVerdict::Refused(_)));
    }
}
