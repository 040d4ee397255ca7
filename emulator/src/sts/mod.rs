//! STS beside S3: temporary keys, asked for on the same port as SDKs' credential providers do.
//!
//! A request on `/` is one to STS if the scope of its credential names `sts`, or if it carries
//! `Action=` and `Version=2011-06-15` in its query or its form.

mod actions;
mod call;
mod document;
mod refusal;

use crate::answer::Answer;
use crate::authenticate;
use crate::authenticate::Caller;
use crate::body::ByteStream;
use crate::failure::Failure;
use crate::ids::RequestIds;
use crate::notes::Notes;
use crate::request::Request;
use crate::world::World;

use self::call::Action;
pub(crate) use self::call::Call;

/// A request, and to which of the two services.
pub(crate) enum Addressed {
    Sts(Call),
    /// With the body, unread unless it is a form that might have been one for STS.
    S3(ByteStream),
}

/// Performs a call.
pub(crate) fn answer(
    world: &World,
    request: &Request,
    call: &Call,
    ids: &RequestIds,
    notes: &Notes,
) -> Result<Answer, Failure> {
    perform(world, request, call, ids, notes).map_err(Failure::in_sts)
}

fn perform(
    world: &World,
    request: &Request,
    call: &Call,
    ids: &RequestIds,
    notes: &Notes,
) -> Result<Answer, Failure> {
    let action = call.action()?;
    notes.operation(action.name());
    let region = call.region.as_deref().unwrap_or(&world.region);
    let caller = authenticate::for_sts(world, request, region, &call.body, notes)
        .map_err(refusal::of_signer)?;
    let Caller::User(caller) = caller else { return Err(refusal::anonymous()) };
    notes.caller(caller.name());
    match action {
        Action::AssumeRole => actions::assume_role(world, call, &caller, ids),
        Action::GetCallerIdentity => Ok(actions::caller_identity(&caller, ids)),
        Action::GetSessionToken => actions::session_token(world, call, &caller, ids),
    }
}
