//! How long an emulator takes to start and to stop, and a thousand of them at once.

use std::fs;
use std::hint::black_box;

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use stuntbucket::Stuntbucket;

/// An emulator keeps a socket and the file of its store; starting one needs a few more.
const FILES_EACH: usize = 4;

criterion_group!(benches, start);
criterion_main!(benches);

fn start(criterion: &mut Criterion) {
    criterion.bench_function("start and stop one", |bencher| {
        bencher.iter(|| black_box(Stuntbucket::builder().bucket("bench").start().unwrap()));
    });
    let limit = open_files_max();
    let wanted = (1000 * FILES_EACH).min(limit.saturating_sub(100)) / FILES_EACH;
    println!("`ulimit -n` is {limit}; 1000 emulators want about {}", 1000 * FILES_EACH);
    if wanted < 1000 {
        println!("so only {wanted} are started: raise the limit for all 1000");
    }
    let mut group = criterion.benchmark_group("side by side");
    group.sample_size(10);
    group.bench_function(format!("start and stop {wanted}"), |bencher| {
        bencher.iter(|| {
            let many = (0..wanted).map(|_| Stuntbucket::builder().bucket("bench").start().unwrap());
            black_box(many.collect::<Vec<_>>())
        });
    });
    group.finish();
}

/// The soft limit of this process; a usual one where the system does not tell.
fn open_files_max() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    soft.unwrap_or(1024)
}
