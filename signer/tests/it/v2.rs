//! Signature Version 2.

use proptest::prelude::*;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::sign;
use stuntbucket_signer::sign::PostPolicy;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::AuthType;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::Rules;

use crate::common::Facts;
use crate::common::REGION;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::at;
use crate::common::cases;
use crate::common::credentials;
use crate::common::form_fields;
use crate::common::now;
use crate::common::refused;
use crate::common::rules;
use crate::refusals::check_all;

#[test]
fn the_examples_of_the_documentation_and_of_botocore_are_accepted() {
    let cases = cases("sigv2/examples");
    assert!(cases.len() >= 35, "{}", cases.len());
    for (name, text) in &cases {
        println!("{name}");
        let (facts, message) = text.split_once("\n\n").unwrap();
        check_example(&Facts::new(facts), message);
    }
}

#[track_caller]
fn check_example(facts: &Facts<'_>, message: &str) {
    let mut credentials = credentials();
    credentials.session_token = facts.find("token").map(str::to_owned);
    let keys = Ring::of(&credentials);
    let mut rules = rules(at(facts.get("now")));
    rules.host_bucket = facts.find("host-bucket");
    let (mut request, fields) = Request::parse(message);
    if let Some(bucket) = facts.find("bucket") {
        let verdict = verify::form(&form_fields(fields), bucket, &keys, &rules);
        assert!(matches!(verdict, FormVerdict::Accepted(..)), "{verdict:?}");
        return;
    }
    accepted(request.judge(&keys, &rules));
    let Some(expected) = facts.find("string-to-sign") else { return };
    // With another secret the string to sign is told.
    let other = Credentials::new(&*credentials.access_key_id, "another");
    let refusal = refused(request.judge(&Ring::of(&other), &rules));
    assert_eq!(refusal.string_to_sign().unwrap(), expected.replace("\\n", "\n"));
    assert_eq!(refusal.canonical_request(), None);
    "PATCH".clone_into(&mut request.method);
    refused(request.judge(&keys, &rules));
}

#[test]
fn each_defect_of_version_2_is_refused_as_s3_refuses_it() {
    let cases = cases("sigv2/refusals");
    assert!(cases.len() >= 40, "{}", cases.len());
    check_all(&cases);
}

#[test]
fn only_the_old_regions_honour_it() {
    let url = "http://localhost/b/k";
    let expires = now().plus_seconds(60);
    let url = sign::presign_url_v2("GET", url, &[], None, &credentials(), expires).unwrap();
    let request = Request::of_url("GET", &url);
    for (region, is_honoured) in [
        ("us-east-1", true),
        ("us-west-1", true),
        ("us-west-2", true),
        ("eu-west-1", true),
        ("ap-southeast-1", true),
        ("ap-southeast-2", true),
        ("ap-northeast-1", true),
        ("sa-east-1", true),
        ("us-gov-west-1", true),
        ("us-east-2", false),
        ("eu-central-1", false),
        ("ap-south-1", false),
        ("local", false),
        ("", false),
    ] {
        let verdict = request.judge(&Ring::of(&credentials()), &Rules::new(region, now()));
        assert_eq!(matches!(verdict, verify::Verdict::Accepted(_)), is_honoured, "{region}");
    }
}

#[test]
fn a_bucket_is_signed_with_a_slash_or_as_it_was_sent() {
    let keys = Ring::of(&credentials());
    for url in ["http://localhost/b", "http://localhost/b/", "http://localhost/"] {
        let headers = sign::sign_request_v2("GET", url, &[], None, &credentials(), now()).unwrap();
        let request = Request::of_url("GET", url);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.with(name, value));
        assert_eq!(accepted(request.judge(&keys, &rules(now()))).auth_type(), AuthType::Header);
    }
}

#[test]
fn a_form_that_we_sign_is_accepted() {
    let mut credentials = credentials();
    credentials.session_token = Some("token".to_owned());
    let policy = PostPolicy::new("b", now()).key_prefix("a/").acl("private");
    let form = policy.sign_v2(&credentials);
    let verdict = verify::form(&form.fields, "b", &Ring::of(&credentials), &rules(now()));
    assert!(matches!(verdict, FormVerdict::Accepted(..)), "{verdict:?}");
    let mut fields = form.fields;
    fields.push(("x-amz-signature".to_owned(), String::new()));
    let verdict = verify::form(&fields, "b", &Ring::of(&credentials), &rules(now()));
    assert!(matches!(verdict, FormVerdict::Refused(_)), "{verdict:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_we_sign_is_accepted_and_what_is_changed_is_not(
        method in prop::sample::select(&["GET", "PUT", "DELETE"][..]),
        key in "[a-z/%~.]{0,12}",
        query in "([a-z]{1,3}(=[a-z%]{0,5})?&?){0,3}",
        content_type in prop::option::of("[a-z/]{0,8}"),
        meta in prop::option::of("[ -~]{0,8}"),
        token in prop::option::of("[a-z=+]{1,8}"),
        virtual_hosted in any::<bool>(),
        seconds in 0..100_000_i64,
    ) {
        let mut credentials = credentials();
        credentials.session_token = token;
        let keys = Ring::of(&credentials);
        let mut rules = Rules::new(REGION, now());
        rules.host_bucket = virtual_hosted.then_some("bucket");
        let start = if virtual_hosted { "http://bucket.localhost" } else { "http://localhost/bucket" };
        let url = format!("{start}/{key}?{query}");
        let headers: Vec<_> = [("content-type", &content_type), ("x-amz-meta-a", &meta)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .collect();
        let expires = now().plus_seconds(seconds);
        let url =
            sign::presign_url_v2(method, &url, &headers, rules.host_bucket, &credentials, expires)
                .unwrap();
        let request = headers
            .iter()
            .fold(Request::of_url(method, &url), |request, (name, value)| request.with(name, value));
        accepted(request.judge(&keys, &rules));
        let mut other = request.clone();
        other.path.push('x');
        refused(other.judge(&keys, &rules));
        let mut other = request.clone();
        "HEAD".clone_into(&mut other.method);
        refused(other.judge(&keys, &rules));
        refused(request.with("x-amz-acl", "private").judge(&keys, &rules));
    }

    #[test]
    fn no_texts_make_it_panic(
        path in ".{0,20}",
        query in "(AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=[0-9]{1,20}&Signature=)?.{0,30}",
        authorization in "(AWS |AWS AKIAIOSFODNN7EXAMPLE:)?.{0,30}",
        value in ".{0,20}",
    ) {
        let request = Request { method: "GET".to_owned(), path, query, headers: Vec::new() };
        let keys = Ring::of(&credentials());
        let _ = request.judge(&keys, &rules(now()));
        let request = request
            .with("Authorization", &authorization)
            .with("Date", &now().http())
            .with("X-Amz-Meta-A", &value);
        let _ = request.judge(&keys, &rules(now()));
    }
}
