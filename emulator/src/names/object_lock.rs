//! Object lock: what keeps a version from being removed, and for how long.

use serde::Deserialize;
use serde::Serialize;
use stuntbucket_signer::Timestamp;

/// Who may end a retention before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LockMode {
    /// Whoever may bypass it.
    Governance,
    /// Nobody.
    Compliance,
}

/// The lock of one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ObjectLock {
    pub(crate) retention: Option<Retention>,
    /// `None` if nobody ever said.
    pub(crate) legal_hold: Option<LegalHold>,
}

/// Until when a version is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Retention {
    pub(crate) mode: LockMode,
    #[serde(with = "super::seconds")]
    pub(crate) until: Timestamp,
}

/// A lock without an end of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LegalHold {
    On,
    Off,
}

/// The retention that a bucket gives what is written into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DefaultRetention {
    pub(crate) mode: LockMode,
    pub(crate) period: Period,
}

/// How long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Period {
    Days(u32),
    Years(u32),
}

/// Whether the one who asks wants to pass over governance, and may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bypass {
    Governance,
    Nothing,
}

impl LockMode {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "GOVERNANCE" => Some(Self::Governance),
            "COMPLIANCE" => Some(Self::Compliance),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

impl LegalHold {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "ON" => Some(Self::On),
            "OFF" => Some(Self::Off),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::On => "ON",
            Self::Off => "OFF",
        }
    }
}

impl ObjectLock {
    /// What keeps the version from being removed now, in words for a person.
    pub(crate) fn held_by(&self, now: Timestamp, bypass: Bypass) -> Option<String> {
        if self.legal_hold == Some(LegalHold::On) {
            return Some("the version has a legal hold".to_owned());
        }
        let retention = self.retention.filter(|retention| retention.until > now)?;
        if retention.mode == LockMode::Governance && bypass == Bypass::Governance {
            return None;
        }
        Some(retention.in_words())
    }

    /// What keeps the retention from becoming another one now.
    pub(crate) fn refuses(
        &self,
        new: Option<Retention>,
        now: Timestamp,
        bypass: Bypass,
    ) -> Option<String> {
        let old = self.retention.filter(|retention| retention.until > now)?;
        if old.mode == LockMode::Governance && bypass == Bypass::Governance {
            return None;
        }
        // Only a longer time of the same mode changes nothing for the worse.
        let is_longer = new.is_some_and(|new| new.mode == old.mode && new.until >= old.until);
        (!is_longer).then(|| old.in_words())
    }
}

impl Retention {
    fn in_words(self) -> String {
        let name = self.mode.name();
        let hint = match self.mode {
            LockMode::Governance => {
                "; whoever has s3:BypassGovernanceRetention passes over it with \
                 `x-amz-bypass-governance-retention: true`"
            }
            LockMode::Compliance => "",
        };
        format!("the version is retained in {name} mode until {}{hint}", self.until.iso())
    }
}

impl DefaultRetention {
    /// The retention of what is written now.
    pub(crate) fn from(self, now: Timestamp) -> Retention {
        // That a year has 365 days is how S3 turns years into days elsewhere; it is not recorded.
        let days = match self.period {
            Period::Days(days) => i64::from(days),
            Period::Years(years) => i64::from(years) * 365,
        };
        Retention { mode: self.mode, until: now.plus_seconds(days * 24 * 60 * 60) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    fn retention(mode: LockMode, until: i64) -> Retention {
        Retention { mode, until: Timestamp::from_unix(until) }
    }

    #[track_caller]
    fn check(lock: ObjectLock, is_held: [bool; 2]) {
        let held = [Bypass::Nothing, Bypass::Governance]
            .map(|bypass| lock.held_by(Timestamp::from_unix(NOW), bypass).is_some());
        assert_eq!(held, is_held, "{lock:?}");
    }

    #[test]
    fn a_version_is_held_by_its_lock_and_the_clock() {
        use LockMode::*;
        let lock = |mode, until| ObjectLock {
            retention: Some(retention(mode, until)),
            ..ObjectLock::default()
        };
        check(ObjectLock::default(), [false, false]);
        check(lock(Governance, NOW + 1), [true, false]);
        check(lock(Governance, NOW), [false, false]);
        check(lock(Compliance, NOW + 1), [true, true]);
        check(lock(Compliance, NOW), [false, false]);
        let hold = |hold| ObjectLock { legal_hold: Some(hold), ..ObjectLock::default() };
        check(hold(LegalHold::On), [true, true]);
        check(hold(LegalHold::Off), [false, false]);
    }

    #[track_caller]
    fn check_change(old: Retention, new: Option<Retention>, is_refused: [bool; 2]) {
        let lock = ObjectLock { retention: Some(old), ..ObjectLock::default() };
        let refused = [Bypass::Nothing, Bypass::Governance]
            .map(|bypass| lock.refuses(new, Timestamp::from_unix(NOW), bypass).is_some());
        assert_eq!(refused, is_refused, "{old:?} {new:?}");
    }

    #[test]
    fn a_retention_only_grows_without_a_bypass() {
        use LockMode::*;
        let old = retention(Governance, NOW + 10);
        check_change(old, Some(retention(Governance, NOW + 20)), [false, false]);
        check_change(old, Some(retention(Governance, NOW + 5)), [true, false]);
        check_change(old, Some(retention(Compliance, NOW + 20)), [true, false]);
        check_change(old, None, [true, false]);
        let old = retention(Compliance, NOW + 10);
        check_change(old, Some(retention(Compliance, NOW + 20)), [false, false]);
        check_change(old, Some(retention(Compliance, NOW + 5)), [true, true]);
        check_change(old, Some(retention(Governance, NOW + 20)), [true, true]);
        check_change(old, None, [true, true]);
        check_change(retention(Compliance, NOW), None, [false, false]);
    }
}
