//! What is switched off is accepted, and noted.

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::sign;
use stuntbucket_signer::sign::PostPolicy;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::AuthType;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::Relaxation;

use crate::common::REGION;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::at;
use crate::common::credentials;
use crate::common::now;
use crate::common::refused;
use crate::common::rules;

fn signed(credentials: &Credentials, region: &str, extra: &[(&str, &str)]) -> Request {
    let url = "http://localhost:9000/b/k";
    let signed =
        sign::sign_request("PUT", url, &[], &Payload::Unsigned, credentials, region, now());
    let headers = signed.unwrap().headers;
    let request = Request::of_url("PUT", url);
    let request = headers.iter().fold(request, |request, (name, value)| request.with(name, value));
    extra.iter().fold(request, |request, (name, value)| request.with(name, value))
}

#[track_caller]
fn check(request: &Request, now: Timestamp, check: Relaxation, code: &str) {
    let mut rules = rules(now);
    let keys = Ring::of(&credentials());
    assert_eq!(refused(request.judge(&keys, &rules)).s3_error().code, code);
    let relaxed = [check];
    rules.relaxed = &relaxed;
    let holder = accepted(request.judge(&keys, &rules));
    let [(waived, refusal)] = holder.waived() else { panic!("{:?}", holder.waived()) };
    assert_eq!((*waived, refusal.s3_error().code), (check, code));
}

#[test]
fn each_check_can_be_switched_off() {
    let good = credentials();
    let wrong = Credentials::new(&*good.access_key_id, "wrong");
    check(&signed(&wrong, REGION, &[]), now(), Relaxation::Signature, "SignatureDoesNotMatch");
    let unknown = Credentials::new("AKIANOBODY", "secret");
    check(&signed(&unknown, REGION, &[]), now(), Relaxation::Signature, "InvalidAccessKeyId");
    check(
        &signed(&good, "eu-west-1", &[]),
        now(),
        Relaxation::Region,
        "AuthorizationHeaderMalformed",
    );
    let acl = [("x-amz-acl", "private")];
    check(&signed(&good, REGION, &acl), now(), Relaxation::UnsignedHeaders, "AccessDenied");
    let later = now().plus_seconds(3600);
    check(&signed(&good, REGION, &[]), later, Relaxation::Skew, "RequestTimeTooSkewed");
    let url = sign::presign_url("GET", "http://localhost:9000/b/k", &[], 60, &good, REGION, now());
    let request = Request::of_url("GET", &url.unwrap());
    check(&request, later, Relaxation::Expiry, "AccessDenied");
    check(&request, now().plus_seconds(-901), Relaxation::Skew, "AccessDenied");
}

#[test]
fn an_unknown_key_is_who_it_claims_to_be() {
    let mut rules = rules(now());
    rules.relaxed = &[Relaxation::Signature];
    let request = signed(&Credentials::new("AKIANOBODY", "secret"), REGION, &[]);
    let holder = accepted(request.judge(&Ring::default(), &rules));
    assert_eq!(holder.access_key_id(), "AKIANOBODY");
    assert_eq!(holder.auth_type(), AuthType::Header);
    assert_eq!(holder.payload(), Payload::Unsigned);
}

#[test]
fn either_clock_will_do_for_skew() {
    let request = signed(&credentials(), REGION, &[]);
    let keys = Ring::of(&credentials());
    let mut rules = rules(now().plus_seconds(86_400 * 365));
    let skewed = refused(request.judge(&keys, &rules));
    assert_eq!(skewed.s3_error().code, "RequestTimeTooSkewed");
    rules.other_now = Some(now().plus_seconds(900));
    accepted(request.judge(&keys, &rules));
    rules.other_now = Some(now().plus_seconds(901));
    let _ = refused(request.judge(&keys, &rules));
}

#[test]
fn a_url_lives_to_its_last_second() {
    let credentials = credentials();
    let url = "http://localhost/b";
    let url = sign::presign_url("GET", url, &[], 604_800, &credentials, REGION, now()).unwrap();
    let request = Request::of_url("GET", &url);
    let keys = Ring::of(&credentials);
    accepted(request.judge(&keys, &rules(now().plus_seconds(604_800))));
    let _ = refused(request.judge(&keys, &rules(now().plus_seconds(604_801))));
    accepted(request.judge(&keys, &rules(now().plus_seconds(-900))));
}

#[test]
fn a_session_may_sign_in_every_way() {
    let mut credentials = credentials();
    credentials.session_token = Some("FQoG/example+token==".to_owned());
    let keys = Ring::default().with(&credentials, Some(now().plus_seconds(60)));
    accepted(signed(&credentials, REGION, &[]).judge(&keys, &rules(now())));
    let url = "http://localhost/b";
    let url = sign::presign_url("GET", url, &[], 600, &credentials, REGION, now()).unwrap();
    let request = Request::of_url("GET", &url);
    accepted(request.judge(&keys, &rules(now().plus_seconds(59))));
    let over = refused(request.judge(&keys, &rules(now().plus_seconds(60))));
    assert_eq!(over.s3_error().code, "ExpiredToken");
    let form = PostPolicy::new("b", now().plus_seconds(600)).sign(&credentials, REGION, now());
    let verdict = verify::form(&form.fields, "b", &keys, &rules(now()));
    assert!(matches!(verdict, FormVerdict::Accepted(..)), "{verdict:?}");
}

#[test]
fn a_form_policy_can_be_switched_off() {
    let credentials = credentials();
    let keys = Ring::of(&credentials);
    let form = PostPolicy::new("b", now()).key("k").content_length_range(1..=2);
    let mut fields = form.sign(&credentials, REGION, now()).fields;
    fields[0].1 = "other".to_owned();
    let mut rules = rules(at("20130524T000001Z"));
    rules.relaxed = &[Relaxation::FormPolicy];
    let FormVerdict::Accepted(holder, limits) = verify::form(&fields, "b", &keys, &rules) else {
        panic!()
    };
    let codes: Vec<_> =
        holder.waived().iter().map(|(_, refusal)| refusal.s3_error().message).collect();
    assert_eq!(
        codes,
        [
            "Invalid according to Policy: Policy expired.",
            "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$key\", \"k\"]",
        ]
    );
    assert_eq!(limits.bytes_max(), None);
    assert_eq!(holder.auth_type(), AuthType::Form);
}

#[test]
fn nobody_in_particular_is_anonymous() {
    let request = Request::of_url("GET", "http://localhost/b?prefix=X-Amz-Date")
        .with("Authorization", "")
        .with("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    let verdict = request.judge(&Ring::default(), &rules(now()));
    assert!(matches!(verdict, verify::Verdict::Anonymous), "{verdict:?}");
    let fields = [("key", "k"), ("policy", "e30=")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    let verdict = verify::form(&fields, "b", &Ring::default(), &rules(now()));
    assert!(matches!(verdict, FormVerdict::Anonymous), "{verdict:?}");
}
