//! The one clock of an emulator, which a test can stop and move.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use stuntbucket_signer::Timestamp;

/// The clock that all checks of an emulator read: expiry of links and forms, `Last-Modified`.
///
/// Clones are handles on the same clock.
///
/// ```
/// use std::time::Duration;
/// use stuntbucket::Clock;
///
/// let clock = Clock::stopped_at("2026-01-01T00:00:00Z");
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now().iso(), "2026-01-01T00:01:30Z");
/// ```
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Hands>>);

enum Hands {
    /// Runs, this far ahead of the system's clock.
    Running {
        ahead_seconds: i64,
    },
    Stopped {
        at: Timestamp,
        fraction: Duration,
    },
}

impl Clock {
    /// A clock that runs with the system's.
    pub fn system() -> Self {
        Self::with(Hands::Running { ahead_seconds: 0 })
    }

    /// A clock that stands still until it is moved.
    ///
    /// # Panics
    ///
    /// If `time` is not of the form `2026-01-01T00:00:00Z`.
    pub fn stopped_at(time: &str) -> Self {
        let at = Timestamp::parse_iso(time)
            .unwrap_or_else(|| panic!("`{time}` is not a time such as `2026-01-01T00:00:00Z`"));
        Self::with(Hands::Stopped { at, fraction: Duration::ZERO })
    }

    fn with(hands: Hands) -> Self {
        Self(Arc::new(Mutex::new(hands)))
    }

    /// The time that this clock shows.
    pub fn now(&self) -> Timestamp {
        self.hands().now()
    }

    /// Moves the clock forward, whether it runs or stands.
    pub fn advance(&self, by: Duration) {
        match &mut *self.hands() {
            Hands::Running { ahead_seconds } => {
                *ahead_seconds = ahead_seconds.saturating_add_unsigned(by.as_secs());
            }
            Hands::Stopped { at, fraction } => {
                let whole = *fraction + Duration::from_nanos(u64::from(by.subsec_nanos()));
                *fraction = Duration::from_nanos(u64::from(whole.subsec_nanos()));
                let seconds = by.as_secs().saturating_add(whole.as_secs());
                *at = at.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
            }
        }
    }

    /// Sets the clock, whether it runs or stands, and in whichever direction.
    pub fn set(&self, to: Timestamp) {
        match &mut *self.hands() {
            Hands::Running { ahead_seconds } => *ahead_seconds = to.seconds_since(real_now()),
            Hands::Stopped { at, fraction } => (*at, *fraction) = (to, Duration::ZERO),
        }
    }

    /// Stops the clock where it is.
    pub fn stop(&self) {
        let mut hands = self.hands();
        if let Hands::Running { .. } = *hands {
            *hands = Hands::Stopped { at: hands.now(), fraction: Duration::ZERO };
        }
    }

    /// Lets the clock run on from where it is.
    pub fn resume(&self) {
        let mut hands = self.hands();
        if let Hands::Stopped { at, .. } = *hands {
            *hands = Hands::Running { ahead_seconds: at.seconds_since(real_now()) };
        }
    }

    /// Whether the clock stands still.
    pub fn is_stopped(&self) -> bool {
        matches!(*self.hands(), Hands::Stopped { .. })
    }

    // A panic elsewhere leaves whole hands behind: each change is one assignment.
    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hands {
    fn now(&self) -> Timestamp {
        match self {
            Self::Running { ahead_seconds } => real_now().plus_seconds(*ahead_seconds),
            Self::Stopped { at, .. } => *at,
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// The time of the machine, for `Date` and for clients that sign in real time.
#[allow(clippy::disallowed_methods)] // The one place that reads it.
pub(crate) fn real_now() -> Timestamp {
    Timestamp::from(SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_only_when_told() {
        let clock = Clock::stopped_at("2026-01-01T00:00:00Z");
        clock.advance(Duration::from_millis(700));
        assert_eq!(clock.now().iso(), "2026-01-01T00:00:00Z");
        clock.advance(Duration::from_millis(700));
        assert_eq!(clock.now().iso(), "2026-01-01T00:00:01Z");
        clock.set(Timestamp::from_unix(0));
        assert_eq!(clock.now().iso(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_running_clock_keeps_its_distance_to_the_real_one() {
        let clock = Clock::system();
        clock.advance(Duration::from_hours(1));
        assert!((3600..3660).contains(&clock.now().seconds_since(real_now())));
        clock.stop();
        assert!(clock.is_stopped());
        clock.resume();
        assert!((3540..3660).contains(&clock.now().seconds_since(real_now())));
    }

    #[test]
    fn no_distance_is_too_far() {
        let clock = Clock::system();
        clock.advance(Duration::from_secs(u64::MAX));
        clock.advance(Duration::from_secs(u64::MAX));
        let _ = clock.now().iso();
    }
}
