//! The way of one request. Start reading here.
//!
//! Where two things are wrong, the stage that comes first decides what the client is told. The
//! whole order, and where it comes from, stands in `docs/order-of-faults.md`.

use std::sync::Arc;

use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use http::header::CONTENT_TYPE;
use http::header::DATE;
use http::header::SERVER;

use crate::answer::Answer;
use crate::answer::Refused;
use crate::authenticate;
use crate::authorize;
use crate::body::Body;
use crate::body::ByteStream;
use crate::cross_origin::CrossOrigin;
use crate::events::Origin;
use crate::failure::Failure;
use crate::ids::RequestIds;
use crate::journal::Entry;
use crate::notes::Notes;
use crate::operations;
use crate::place::Place;
use crate::request::Arrived;
use crate::request::Domains;
use crate::request::Endpoint;
use crate::request::HostKind;
use crate::request::Request;
use crate::request::text;
use crate::route;
use crate::route::Row;
use crate::server::Handler;
use crate::sts;
use crate::sts::Addressed;
use crate::world::EXPLAIN_URL;
use crate::world::World;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const REQUEST_CHARGED: HeaderName = HeaderName::from_static("x-amz-request-charged");
const HOST_ID: HeaderName = HeaderName::from_static("x-amz-id-2");

/// S3, for the server.
#[derive(Debug)]
pub(crate) struct S3(pub(crate) Arc<World>);

impl Handler for S3 {
    async fn answer(&self, arrived: Arrived) -> Answer {
        answer(&self.0, arrived).await
    }
}

/// Answers every request, also the ones that fail: a client never sees a dropped connection.
async fn answer(world: &World, arrived: Arrived) -> Answer {
    let ids = world.ids.next();
    let notes = Notes::default();
    let is_head = arrived.method == Method::HEAD;
    let mut entry = open(world, &arrived, &ids);
    let mut cross_origin = None;
    let mut answer = match handle(world, arrived, &notes, &ids, &mut cross_origin).await {
        Ok(answer) => {
            for (by, news) in notes.take_news() {
                let origin = Origin { by, ids: ids.clone() };
                world.events.publish(world.clock.now(), &news, &origin);
            }
            answer
        }
        Err(Refused { failure, page }) => {
            explain(&mut entry, &failure);
            let mut answer =
                page.map_or_else(|| Answer::from_failure(&failure, &ids), |page| *page);
            if let Some(url) = world.explain_url(entry.id) {
                answer.headers.insert(EXPLAIN_URL, url);
            }
            answer
        }
    };
    if let Some(cross_origin) = &cross_origin {
        cross_origin.tell(&mut answer, entry.code.as_deref(), &notes);
    }
    let answer = finish(world, answer, &ids, is_head);
    close(world, entry, &notes, answer.status);
    answer
}

/// What is known of a script of another origin is left in `cross_origin`, for failures too.
async fn handle(
    world: &World,
    arrived: Arrived,
    notes: &Notes,
    ids: &RequestIds,
    cross_origin: &mut Option<CrossOrigin>,
) -> Result<Answer, Refused> {
    let domains = Domains { bases: &world.domains, region: &world.region };
    let is_bucket = |name: &str| matches!(world.store.bucket(name), Ok(Some(_)));
    let (request, body) = Request::read(arrived, &domains, &is_bucket)?;
    if request.address.host == HostKind::Unknown {
        notes.warn(format!(
            "the host `{}` is not one of this emulator's, so the path was read as path style; \
             `--domain` makes it known",
            request.host()
        ));
    }
    let place = Place::find(world, &request)?;
    if let Some(bucket) = place.known().filter(|it| world.is_sweep_due(it)) {
        tokio::task::block_in_place(|| world.sweep(bucket)).map_err(Failure::from)?;
    }
    *cross_origin = CrossOrigin::read(&request, &place);
    if request.address.endpoint == Endpoint::Website {
        return operations::website::serve(world, &request, &place, notes, ids);
    }
    let body = match sts::Call::find(&request, body).await? {
        Addressed::Sts(call) => return Ok(sts::answer(world, &request, &call, ids, notes)?),
        Addressed::S3(body) => body,
    };
    let row = route::find(&request)
        .map_err(|failure| authenticate::with_signed_method(world, &request, &place, failure))?;
    notes.operation(row.operation.name());
    let place = place.of(row, &request);
    let answered = ask(world, &request, row, &place, body, notes).await;
    let told = answered.map_err(|failure| authenticate::with_spoiled_link(&request, failure));
    Ok(told.map_err(|failure| place.name_region(row, failure))?)
}

/// Who, may they, do it.
async fn ask(
    world: &World,
    request: &Request,
    row: &'static Row,
    place: &Place,
    body: ByteStream,
    notes: &Notes,
) -> Result<Answer, Failure> {
    place.check_region(request, row)?;
    let authenticated =
        authenticate::check(world, request, row.operation, place, body, notes).await?;
    let permit = authorize::check(world, request, row, place, &authenticated, notes)?;
    let mut answer = operations::perform(&permit, request, authenticated.content).await?;
    if permit.is_requester_charged() {
        answer.set(REQUEST_CHARGED, "requester");
    }
    Ok(answer)
}

/// What every answer has.
fn finish(world: &World, mut answer: Answer, ids: &RequestIds, is_head: bool) -> Answer {
    let has_no_body =
        matches!(answer.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) || is_head;
    if has_no_body {
        // What a HEAD request is told of a length stands in the headers already.
        answer.body = Body::Empty;
    } else if let Some(length) = answer.body.length() {
        answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if answer.status == StatusCode::NO_CONTENT {
        answer.headers.remove(CONTENT_TYPE);
    }
    answer.set(HOST_ID, &ids.host_id);
    answer.set(REQUEST_ID, &ids.request_id);
    answer.set(DATE, world.date().http());
    answer.set(SERVER, "AmazonS3");
    answer
}

fn open(world: &World, arrived: &Arrived, ids: &RequestIds) -> Entry {
    let host = arrived.headers.get(http::header::HOST).map(|host| text(host.as_bytes()));
    Entry {
        id: world.journal.next_id(),
        at: world.clock.now(),
        method: arrived.method.to_string(),
        host: host.unwrap_or_default().into_owned(),
        target: target(&arrived.path, arrived.query.as_deref()),
        operation: None,
        caller: None,
        status: 0,
        code: None,
        explanation: None,
        why: None,
        waived: Vec::new(),
        warnings: Vec::new(),
        cors_rule: None,
        canonical_request: None,
        string_to_sign: None,
        request_id: ids.request_id.clone(),
    }
}

/// What could be used by somebody else: session tokens, and keys of clients.
const SECRETS: [&str; 3] = [
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
];
/// As much of one as the journal shows.
const TOKEN_LETTERS: usize = 4;

/// Path and query, with what could be used by somebody else cut.
fn target(path: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{path}?{}", parameters_without_token(query)),
        None => path.to_owned(),
    }
}

fn parameters_without_token(query: &str) -> String {
    let parameters: Vec<_> = query.split('&').map(|parameter| token_cut(parameter, '=')).collect();
    parameters.join("&")
}

/// A canonical request holds no other secrets than these, in its query or in a header.
fn without_token(canonical_request: &str) -> String {
    let lines: Vec<_> = canonical_request
        .lines()
        .map(|line| parameters_without_token(&token_cut(line, ':')))
        .collect();
    lines.join("\n")
}

/// Cuts the value if it is secret.
fn token_cut(text: &str, separator: char) -> String {
    match text.split_once(separator) {
        Some((name, token)) if SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret)) => {
            let shown: String = token.chars().take(TOKEN_LETTERS).collect();
            format!("{name}{separator}{shown}...")
        }
        _ => text.to_owned(),
    }
}

fn explain(entry: &mut Entry, failure: &Failure) {
    entry.code = Some(failure.error.code.to_owned());
    entry.explanation = failure.note.as_ref().map(ToString::to_string);
    entry.why = failure.note.as_deref().cloned();
    if let Some(refusal) = &failure.refusal {
        entry.canonical_request = refusal.canonical_request().map(without_token);
        entry.string_to_sign = refusal.string_to_sign().map(without_token);
    }
}

fn close(world: &World, mut entry: Entry, notes: &Notes, status: StatusCode) {
    let noted = notes.take();
    entry.operation = noted.operation.map(str::to_owned);
    entry.caller = noted.caller;
    entry.waived = noted.waived;
    entry.warnings = noted.warnings;
    entry.cors_rule = noted.cors_rule;
    entry.status = status.as_u16();
    let is_odd = entry.code.is_some() || !entry.waived.is_empty() || !entry.warnings.is_empty();
    if status.is_server_error() && entry.code.as_deref() == Some("InternalError") {
        tracing::error!("{entry}");
    } else if is_odd {
        tracing::warn!("{entry}");
    } else {
        tracing::info!("{entry}");
    }
    world.journal.keep(entry);
}

#[cfg(test)]
mod tests {
    use super::target;
    use super::without_token;

    #[test]
    fn session_tokens_are_cut() {
        assert_eq!(target("/b/k", None), "/b/k");
        assert_eq!(
            target("/b/k", Some("a=1&X-Amz-Security-Token=FQoGsecret&acl")),
            "/b/k?a=1&X-Amz-Security-Token=FQoG...&acl",
        );
        assert_eq!(
            without_token("GET\n/\nX-Amz-Security-Token=FQoGsecret&a=\nhost:h\n\nhost"),
            "GET\n/\nX-Amz-Security-Token=FQoG...&a=\nhost:h\n\nhost",
        );
        assert_eq!(
            without_token("GET\nx-amz-security-token:FQoGsecret\n"),
            "GET\nx-amz-security-token:FQoG..."
        );
        let key = "x-amz-server-side-encryption-customer-key";
        let canonical_request = format!("GET\n{key}:c2VjcmV0\n{key}-md5:bWQ1\n");
        let expected = format!("GET\n{key}:c2Vj...\n{key}-md5:bWQ1");
        assert_eq!(without_token(&canonical_request), expected);
    }
}
