//! The keyring: who may be together in it, and the sessions that come and go.

use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify::Keys;

use super::Keyring;
use super::SESSIONS_MAX;
use super::User;

#[test]
fn users_who_do_not_go_together_are_refused_in_one_line() {
    let alice = || User::new("alice").keys("A", "s");
    for (users, complaint) in [
        (vec![alice(), alice()], "two users have the name `alice`"),
        (vec![alice(), User::new("bob").keys("A", "t")], "`A` belongs to two users"),
        (vec![alice().account("12")], "account `12` is not twelve digits"),
        (vec![alice().canonical_id_of_account("xyz")], "is not 64 hexadecimal digits"),
        (
            vec![alice(), User::new("bob").canonical_id_of_account("a".repeat(64))],
            "give account 000000000001 two canonical ids",
        ),
        (vec![alice().keys("", "s")], "the access key is empty"),
    ] {
        let error = Keyring::new(users).unwrap_err();
        assert!(error.contains(complaint), "{error}");
    }
}

#[test]
fn a_session_is_found_by_its_key_and_told_by_its_names() {
    let ring = Keyring::new(vec![User::new("alice")]).unwrap();
    let now = Timestamp::from_unix(0);
    let role = ring.first().unwrap().assuming("reader", "me");
    let user = ring.begin_session(role, now.plus_seconds(900), now).unwrap();
    let credentials = user.credentials();
    assert_eq!((credentials.access_key_id.len(), credentials.secret_key.expose().len()), (20, 40));
    assert_eq!(ring.holder(&credentials.access_key_id).unwrap().name(), "reader/me");
    assert_eq!(user.arn(), "arn:aws:sts::000000000001:assumed-role/reader/me");
    assert!(user.unique_id().starts_with("AROA") && user.unique_id().ends_with(":me"));
    let session = ring.find(&credentials.access_key_id).unwrap().session.clone().unwrap();
    assert_eq!(Some(&session.token), credentials.session_token.as_ref());
    assert_eq!(session.expires, Some(now.plus_seconds(900)));
    // It is nobody that was set up.
    assert_eq!(ring.users().count(), 1);
}

#[test]
fn of_too_many_sessions_the_ones_that_are_over_go_first() {
    let ring = Keyring::new(vec![User::new("alice")]).unwrap();
    let begin = |ends: i64, now: i64| {
        let [ends, now] = [ends, now].map(Timestamp::from_unix);
        let user = ring.begin_session(User::clone(ring.first().unwrap()), ends, now).unwrap();
        user.credentials().access_key_id
    };
    let (over, first) = (begin(10, 0), begin(20, 0));
    for _ in 2..SESSIONS_MAX {
        begin(30, 0);
    }
    assert!(ring.find(&over).is_some());
    begin(30, 15);
    assert!(ring.find(&over).is_none() && ring.find(&first).is_some());
    begin(30, 15);
    assert!(ring.find(&first).is_none());
    assert_eq!(ring.sessions.read().unwrap().len(), SESSIONS_MAX);
}

#[test]
fn users_of_one_account_share_its_canonical_id() {
    let ring = Keyring::new(vec![User::new("alice"), User::new("bob")]).unwrap();
    let ids: Vec<_> = ring.users().map(User::canonical_id).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ring.named("bob").unwrap().arn(), "arn:aws:iam::000000000001:user/bob");
}
