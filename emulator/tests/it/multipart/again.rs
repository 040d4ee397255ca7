//! Completions that are repeated, or come together.

use std::sync::Barrier;
use std::thread;

use stuntbucket::Bucket;

use super::World;
use super::world_with;

const AT_ONCE: usize = 8;

/// Completes an upload many times at once; statuses and versions.
fn complete_at_once(world: &World, key: &str) -> Vec<(u16, Option<String>)> {
    let id = world.create(key, &[]);
    let part = world.put(key, &id, 1, &[], b"body");
    let start = Barrier::new(AT_ONCE);
    let complete = || {
        start.wait();
        let answer = world.complete(key, &id, &[], &part);
        (answer.status, answer.header("x-amz-version-id").map(str::to_owned))
    };
    thread::scope(|threads| {
        let requests = [(); AT_ONCE].map(|()| threads.spawn(complete));
        requests.map(|request| request.join().unwrap()).to_vec()
    })
}

#[test]
fn many_completions_make_one_version_and_one_event() {
    let bucket = Bucket::new("box").versioning(true).event("s3:ObjectCreated:*");
    let world = world_with(bucket);
    for round in 0..10 {
        let key = format!("k{round}");
        let answers = complete_at_once(&world, &key);
        let list = world.client.get(&format!("/box?versions&prefix={key}")).text();
        assert_eq!(list.matches("<Version>").count(), 1, "{list}");
        let version = world.client.get(&format!("/box/{key}"));
        let version = version.header("x-amz-version-id").map(str::to_owned);
        assert_eq!(answers, vec![(200, version); AT_ONCE]);
        assert_eq!(world.s3.events().take_all().len(), 1);
    }
    assert!(!world.client.get("/box?uploads").text().contains("<Upload>"));
}

#[test]
fn a_repeated_completion_is_known_while_its_version_is_there() {
    let world = world_with(Bucket::new("box").versioning(true).event("s3:ObjectCreated:*"));
    let id = world.create("k", &[]);
    let one = world.put("k", &id, 1, &[], b"one");
    let two = world.put("k", &id, 2, &[], b"two");
    let done = world.complete("k", &id, &[], &one);
    assert_eq!(done.status, 200, "{}", done.text());
    world.client.put("/box/k", b"newer");
    world.client.send("DELETE", "/box/k", &[], b"");
    let again = world.complete("k", &id, &[], &one);
    assert_eq!((again.status, again.text()), (200, done.text()));
    let version = done.header("x-amz-version-id").unwrap();
    assert_eq!(again.header("x-amz-version-id"), Some(version));
    // The condition was met when it counted (recorded by moto).
    let with_condition = world.complete("k", &id, &[("if-none-match", "*")], &one);
    assert_eq!(with_condition.status, 200, "{}", with_condition.text());
    // Two in all: what is repeated makes nothing.
    assert_eq!(world.s3.events().take_all().len(), 2);

    for parts in [&*two, ""] {
        world.complete("k", &id, &[], parts).expect(404, "NoSuchUpload");
    }
    world.complete("k", "other", &[], &one).expect(404, "NoSuchUpload");
    let target = format!("/box/k?versionId={version}");
    assert_eq!(world.client.send("DELETE", &target, &[], b"").status, 204);
    world.complete("k", &id, &[], &one).expect(404, "NoSuchUpload");
}
