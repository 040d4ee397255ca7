//! `Patience`: how long a body may pause.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Sleep;

/// S3 gives up a connection on which nothing moves after some twenty seconds.
const PAUSE_MAX: Duration = Duration::from_secs(20);

/// Runs out while nothing arrives.
#[derive(Default)]
pub(super) struct Patience {
    /// Of the pause that lasts.
    left: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    /// Something has arrived.
    pub(super) fn renew(&mut self) {
        self.left = None;
    }

    /// Nothing has arrived: ready when that has been so for too long.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let left = self.left.get_or_insert_with(|| Box::pin(tokio::time::sleep(PAUSE_MAX)));
        left.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_runs_out_unless_something_arrives() {
        let mut patience = Patience::default();
        for _ in 0..3 {
            let end = timeout(PAUSE_MAX * 9 / 10, poll_fn(|cx| patience.poll_end(cx)));
            end.await.expect_err("it ran out early");
            patience.renew();
        }
        timeout(PAUSE_MAX, poll_fn(|cx| patience.poll_end(cx))).await.expect("it did not run out");
    }
}
