//! What was answered survives kill -9: whole objects, and all of them.

use std::sync::Arc;
use std::sync::Barrier;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use stuntbucket::Stuntbucket;

use crate::program::Serving;

const WRITERS: usize = 4;
const ROUNDS: usize = 3;
/// After so many answers of a round the program is killed.
const ANSWERS: usize = 60;
/// On both sides of what goes into a record, into pieces and into a file.
const SIZES: [usize; 5] = [0, 700, 20_000, 70_000, 300_000];

/// The body of the `count`th write of a key: its size and all its bytes tell which it is.
fn body(writer: usize, count: usize) -> Vec<u8> {
    let size = SIZES[(writer + count) % SIZES.len()];
    let mut bytes = format!("{writer}/{count}/").into_bytes();
    bytes.extend((0..size).map(|index| (index * 31 + writer * 7 + count).to_le_bytes()[0]));
    bytes
}

/// What one writer knows of its keys: how many writes were sent, and how many answered.
#[derive(Clone, Copy, Default)]
struct Known {
    sent: usize,
    answered: usize,
}

#[test]
fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--data", folder.path().to_str().unwrap()];
    let known: Arc<Vec<Mutex<Known>>> = Arc::new((0..WRITERS).map(|_| Mutex::default()).collect());
    for _ in 0..ROUNDS {
        let mut serving = Serving::start(&flags);
        // It is there already from the second round on.
        assert_eq!(serving.client().put("/photos", b"").status, 200);
        write_until_killed(&mut serving, &known);
        let s3 = Stuntbucket::builder().data_dir(folder.path()).start().unwrap();
        for (writer, known) in known.iter().enumerate() {
            let Known { sent, answered } = *known.lock().unwrap();
            let Some(found) = s3.object("photos", &format!("k{writer}")).unwrap() else {
                assert_eq!(answered, 0, "the object of writer {writer} is lost");
                continue;
            };
            let is_whole = (answered..=sent).any(|count| found == body(writer, count));
            assert!(is_whole, "writer {writer}: neither write {answered} nor one after it");
        }
    }
}

/// Each writer overwrites its own key again and again. The program dies in the midst of it.
fn write_until_killed(serving: &mut Serving, known: &Arc<Vec<Mutex<Known>>>) {
    let answers = Arc::new(AtomicUsize::new(0));
    let enough = Arc::new(Barrier::new(2));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let client = serving.client();
            let (known, answers) = (Arc::clone(known), Arc::clone(&answers));
            let enough = Arc::clone(&enough);
            std::thread::spawn(move || {
                loop {
                    let count = {
                        let mut known = known[writer].lock().unwrap();
                        known.sent += 1;
                        known.sent
                    };
                    if !client.try_put(&format!("/photos/k{writer}"), &body(writer, count)) {
                        return;
                    }
                    known[writer].lock().unwrap().answered = count;
                    if answers.fetch_add(1, Ordering::Relaxed) + 1 == ANSWERS {
                        enough.wait();
                    }
                }
            })
        })
        .collect();
    enough.wait();
    serving.child.kill().unwrap();
    serving.child.wait().unwrap();
    for writer in writers {
        writer.join().unwrap();
    }
}
