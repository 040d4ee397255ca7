//! The three actions.

use std::sync::Arc;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;

use super::call::Action;
use super::call::Call;
use super::document;
use super::refusal;
use super::refusal::Constraint;
use crate::answer::Answer;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::ids::RequestIds;
use crate::keyring::User;
use crate::world::World;
use crate::xml::Xml;

/// Durations in seconds, as documented for each action.
struct Durations {
    max: u32,
    usual: u32,
}

const DURATION_MIN: u32 = 900;
const OF_ROLE: Durations = Durations { max: 43_200, usual: 3600 };
const OF_SESSION: Durations = Durations { max: 129_600, usual: 43_200 };
/// A role that assumes a role, and the root of an account, get no more.
const ONE_HOUR: u32 = 3600;

/// Every role of the caller's own account may be assumed: roles are not kept, so each is there.
/// The session is of the caller's account, under the role's name.
pub(super) fn assume_role(
    world: &World,
    call: &Call,
    caller: &Arc<User>,
    ids: &RequestIds,
) -> Result<Answer, Failure> {
    let known = ["RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId"];
    call.check_parameters(Action::AssumeRole, &known)?;
    let arn = needed(call, "RoleArn", "roleArn")?;
    let session = needed(call, "RoleSessionName", "roleSessionName")?;
    check_session_name(session)?;
    check_length(arn, "roleArn", 20, 2048)?;
    let seconds = duration(call, &OF_ROLE)?;
    let (account, role) = role(arn).ok_or_else(|| refusal::invalid(format!("{arn} is invalid")))?;
    if caller.is_root() {
        return Err(refusal::denied("Roles may not be assumed by root accounts.".to_owned()));
    }
    if account != caller.account_id() {
        return Err(refusal::denied(format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            caller.arn()
        )));
    }
    if caller.is_assumed_role() && seconds > ONE_HOUR {
        return Err(refusal::invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining"
                .to_owned(),
        ));
    }
    let user = caller.assuming(role, session);
    let minted = mint(world, user, seconds)?;
    Ok(document::answer("AssumeRoleResponse", "AssumeRoleResult", ids, |xml| {
        xml.open("AssumedRoleUser");
        xml.leaf("AssumedRoleId", minted.user.unique_id());
        xml.leaf("Arn", minted.user.arn());
        xml.close();
        minted.write(xml);
    }))
}

pub(super) fn session_token(
    world: &World,
    call: &Call,
    caller: &Arc<User>,
    ids: &RequestIds,
) -> Result<Answer, Failure> {
    call.check_parameters(Action::GetSessionToken, &["DurationSeconds"])?;
    let seconds = duration(call, &OF_SESSION)?;
    if caller.is_session() {
        let message = "Cannot call GetSessionToken with session credentials";
        return Err(refusal::denied(message.to_owned()));
    }
    let seconds = if caller.is_root() { seconds.min(ONE_HOUR) } else { seconds };
    let minted = mint(world, User::clone(caller), seconds)?;
    Ok(document::answer("GetSessionTokenResponse", "GetSessionTokenResult", ids, |xml| {
        minted.write(xml);
    }))
}

pub(super) fn caller_identity(caller: &User, ids: &RequestIds) -> Answer {
    document::answer("GetCallerIdentityResponse", "GetCallerIdentityResult", ids, |xml| {
        xml.leaf("Arn", caller.arn());
        xml.leaf("UserId", caller.unique_id());
        xml.leaf("Account", caller.account_id());
    })
}

/// Temporary keys, and whose they are.
struct Minted {
    user: Arc<User>,
    credentials: Credentials,
    expires: Timestamp,
}

impl Minted {
    fn write(&self, xml: &mut Xml) {
        xml.open("Credentials");
        xml.leaf("AccessKeyId", &self.credentials.access_key_id);
        xml.leaf("SecretAccessKey", self.credentials.secret_key.expose());
        xml.leaf("SessionToken", self.credentials.session_token.as_deref().unwrap_or_default());
        xml.leaf("Expiration", self.expires.iso());
        xml.close();
    }
}

fn mint(world: &World, user: User, seconds: u32) -> Result<Minted, Failure> {
    let now = world.clock.now();
    let expires = now.plus_seconds(i64::from(seconds));
    let user = world
        .keyring
        .begin_session(user, expires, now)
        .map_err(|error| Fault::Internal.because(format!("no keys can be made: {error}")))?;
    Ok(Minted { credentials: user.credentials(), user, expires })
}

fn needed<'a>(call: &'a Call, name: &str, member: &str) -> Result<&'a str, Failure> {
    call.get(name).ok_or_else(|| refusal::validation(member, None, &Constraint::NotNull))
}

fn check_length(value: &str, member: &str, min: usize, max: usize) -> Result<(), Failure> {
    let length = value.chars().count();
    let constraint = if length < min {
        Constraint::LengthMin(min)
    } else if length > max {
        Constraint::LengthMax(max)
    } else {
        return Ok(());
    };
    Err(refusal::validation(member, Some(value), &constraint))
}

fn check_session_name(name: &str) -> Result<(), Failure> {
    check_length(name, "roleSessionName", 2, 64)?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if name.bytes().all(is_allowed) {
        return Ok(());
    }
    let pattern = Constraint::Pattern("[\\w+=,.@-]*");
    Err(refusal::validation("roleSessionName", Some(name), &pattern))
}

fn duration(call: &Call, durations: &Durations) -> Result<u32, Failure> {
    let Some(text) = call.get("DurationSeconds") else { return Ok(durations.usual) };
    let Ok(seconds) = text.parse::<u32>() else {
        return Err(crate::failure::saying("MalformedInput", 400, "Invalid integer value")
            .because(format!("`DurationSeconds` is `{text}`, which is no number of seconds")));
    };
    let constraint = if seconds < DURATION_MIN {
        Constraint::ValueMin(DURATION_MIN)
    } else if seconds > durations.max {
        Constraint::ValueMax(durations.max)
    } else {
        return Ok(seconds);
    };
    Err(refusal::validation("durationSeconds", Some(text), &constraint))
}

/// The account and the role's name of `arn:aws:iam::ACCOUNT:role/PATH/NAME`.
fn role(arn: &str) -> Option<(&str, &str)> {
    let (account, path) = arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")?;
    let name = path.rsplit('/').next()?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_account && !name.is_empty()).then_some((account, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_the_last_part_of_its_path() {
        let account = "000000000001";
        for (arn, expected) in [
            ("arn:aws:iam::000000000001:role/reader", Some((account, "reader"))),
            ("arn:aws:iam::000000000001:role/team/a/reader", Some((account, "reader"))),
            ("arn:aws:iam::000000000001:user/reader", None),
            ("arn:aws:iam::000000000001:role/", None),
            ("arn:aws:iam::1:role/reader", None),
            ("reader", None),
        ] {
            assert_eq!(role(arn), expected, "{arn}");
        }
    }

    #[test]
    fn names_of_sessions_keep_to_the_documented_pattern() {
        for (name, message) in [
            ("me@example.org", None),
            ("a", Some("have length greater than or equal to 2")),
            ("a b", Some("satisfy regular expression pattern: [\\w+=,.@-]*")),
        ] {
            let found = check_session_name(name).err().map(|failure| failure.error.message);
            match (found, message) {
                (None, None) => {}
                (Some(found), Some(message)) => assert!(found.ends_with(message), "{found}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        assert!(check_session_name(&"a".repeat(65)).is_err());
    }
}
