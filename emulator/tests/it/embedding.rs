//! The API for tests: ready when it returns, alone, gone when it is dropped.

use std::net::TcpStream;
use std::time::Duration;

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::Clock;
use stuntbucket::Relaxation;
use stuntbucket::StartErrorKind;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Client;

#[test]
fn an_emulator_answers_when_start_returns() {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    let client = Client::owner(&s3);
    assert_eq!(client.put("/photos/cat.jpg", b"meow").status, 200, "{}", s3.journal());
    assert_eq!(client.get("/photos/cat.jpg").body, b"meow");
    assert_eq!(s3.object("photos", "cat.jpg").unwrap().unwrap(), b"meow");
    assert_eq!(s3.objects("photos").unwrap(), ["cat.jpg"]);
    assert_eq!(s3.buckets().unwrap(), ["photos"]);
    assert_eq!(s3.endpoint_for("photos"), format!("{}/photos", s3.endpoint()));
}

#[test]
fn what_is_put_directly_is_served_and_not_in_the_journal() {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    let large = vec![7; 300_000];
    s3.put_object("photos", "large", &large).unwrap();
    s3.put_object("photos", "empty", "").unwrap();
    assert!(s3.journal().entries().is_empty());
    assert_eq!(Client::owner(&s3).get("/photos/large").body, large);
    assert_eq!(s3.object("photos", "empty").unwrap().unwrap(), b"");
    assert_eq!(s3.object("photos", "absent").unwrap(), None);
    assert_eq!(s3.object("absent", "x").unwrap(), None);
    let error = s3.put_object("absent", "x", "").unwrap_err();
    assert_eq!(error.to_string(), "there is no bucket `absent`");
}

#[tokio::test]
async fn it_works_on_a_current_thread_runtime() {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    let client = Client::owner(&s3);
    let answer = tokio::task::spawn_blocking(move || client.put("/photos/a", b"1")).await.unwrap();
    assert_eq!(answer.status, 200);
    s3.shutdown();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn it_works_on_a_multi_thread_runtime() {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    let client = Client::owner(&s3);
    let answer = tokio::task::spawn_blocking(move || client.put("/photos/a", b"1")).await.unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn emulators_do_not_see_each_other() {
    let one = Stuntbucket::builder().bucket("photos").start().unwrap();
    let other = Stuntbucket::builder().bucket("photos").start().unwrap();
    one.put_object("photos", "cat.jpg", "meow").unwrap();
    assert_eq!(other.object("photos", "cat.jpg").unwrap(), None);
    assert_ne!(one.endpoint(), other.endpoint());
}

#[test]
fn a_dropped_emulator_does_not_answer() {
    for stop in [drop, Stuntbucket::shutdown] {
        let s3 = Stuntbucket::start().unwrap();
        let address = s3.endpoint().replace("http://", "");
        assert!(TcpStream::connect(&address).is_ok());
        stop(s3);
        // The accepting task may close the socket a moment later; then the connection is closed.
        if let Ok(mut stream) = TcpStream::connect(&address) {
            assert!(crate::client::read(&mut stream, "GET").is_err());
        }
    }
}

#[test]
fn a_data_folder_keeps_what_was_written_and_a_temporary_store_nothing() {
    let folder = tempfile::tempdir().unwrap();
    {
        let builder = Stuntbucket::builder().data_dir(folder.path()).bucket("photos");
        let s3 = builder.start().unwrap();
        s3.put_object("photos", "cat.jpg", "meow").unwrap();
    }
    // The bucket of the settings is there already, and stays as it is.
    let s3 = Stuntbucket::builder().data_dir(folder.path()).bucket("photos").start().unwrap();
    assert_eq!(s3.object("photos", "cat.jpg").unwrap().unwrap(), b"meow");
}

#[test]
fn links_die_by_the_clock_of_the_test() {
    let s3 = Stuntbucket::builder()
        .bucket("photos")
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    let client = Client::owner(&s3);
    let link = client.presign("GET", "/photos/cat.jpg", 900);
    let anonymous = Client::anonymous(&s3);
    assert_eq!(anonymous.get(&link).status, 200, "{}", s3.journal());
    s3.clock().advance(Duration::from_mins(15));
    assert_eq!(anonymous.get(&link).status, 200, "{}", s3.journal());
    s3.clock().advance(Duration::from_secs(1));
    let refused = anonymous.get(&link).expect(403, "AccessDenied");
    assert_eq!(refused.element("Message").unwrap(), "Request has expired");
    let explanation = s3.journal().entries().pop().unwrap().explanation.unwrap();
    assert!(explanation.contains("900"), "{explanation}");
}

#[test]
fn clients_may_sign_in_real_time_unless_time_travel_is_full() {
    let clock = || Clock::stopped_at("2031-05-05T00:00:00Z");
    let lenient = Stuntbucket::builder().bucket("photos").clock(clock()).start().unwrap();
    let strict =
        Stuntbucket::builder().bucket("photos").clock(clock()).full_time_travel().start().unwrap();
    let real = Clock::system().now();
    for (s3, status) in [(&lenient, 404), (&strict, 403)] {
        let client = Client::at(&s3.endpoint(), Some(s3.credentials()), s3.region(), real);
        assert_eq!(client.get("/photos/absent").status, status, "{}", s3.journal());
        assert_eq!(Client::owner(s3).get("/photos/absent").status, 404, "{}", s3.journal());
    }
    let date = |s3: &Stuntbucket| {
        Client::owner(s3).get("/photos/absent").header("date").unwrap().to_owned()
    };
    assert_eq!(date(&strict), "Mon, 05 May 2031 00:00:00 GMT");
    assert_ne!(date(&lenient), date(&strict));
}

#[test]
fn a_relaxed_check_lets_pass_and_the_journal_says_so() {
    let s3 = Stuntbucket::builder().bucket("photos").relax(Relaxation::Access).start().unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    assert_eq!(Client::anonymous(&s3).get("/photos/cat.jpg").status, 200);
    let entry = s3.journal().entries().pop().unwrap();
    assert_eq!(entry.waived.len(), 1, "{entry}");
    assert!(entry.waived[0].starts_with("`access`: s3:GetObject is denied"), "{entry}");
}

#[test]
fn the_journal_tells_who_asked_and_why_not() {
    let s3 = Stuntbucket::builder()
        .user(User::new("alice"))
        .user(User::new("stranger").account("000000000002"))
        .bucket(Bucket::new("photos").before_2023(true).acl(CannedAcl::Private))
        .start()
        .unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    Client::user(&s3, "stranger").get("/photos/cat.jpg").expect(403, "AccessDenied");
    let entry = s3.journal().entries().pop().unwrap();
    assert_eq!((entry.id, entry.status), (1, 403));
    assert_eq!(entry.operation.as_deref(), Some("GetObject"));
    assert_eq!(entry.caller.as_deref(), Some("stranger"));
    let explanation = entry.explanation.unwrap();
    assert!(explanation.contains("no grant of READ on object `cat.jpg`"), "{explanation}");
}

#[test]
fn what_cannot_start_says_why() {
    let taken = Stuntbucket::start().unwrap();
    let address = taken.endpoint().replace("http://", "").parse().unwrap();
    let error = Stuntbucket::builder().listen(address).start().unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::PortTaken);
    assert!(error.to_string().contains("is taken by another program"), "{error}");

    for (builder, complaint) in [
        (Stuntbucket::builder().bucket("No"), "bucket `No`: S3 does not allow this name"),
        (
            Stuntbucket::builder().bucket(Bucket::new("photos").owner("bob")),
            "bucket `photos`: there is no user `bob`",
        ),
        (
            Stuntbucket::builder().user(User::new("a")).user(User::new("a")),
            "two users have the name `a`",
        ),
    ] {
        let error = builder.start().unwrap_err();
        assert_eq!(error.kind(), StartErrorKind::Config);
        assert_eq!(error.to_string(), complaint);
    }
}

#[test]
fn many_emulators_live_side_by_side() {
    let many: Vec<_> =
        (0..50).map(|_| Stuntbucket::builder().bucket("photos").start().unwrap()).collect();
    for s3 in &many {
        assert_eq!(Client::owner(s3).put("/photos/a", b"1").status, 200);
    }
}
