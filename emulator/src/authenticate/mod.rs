//! Authenticate: who asks, and a body that checks itself.

mod caller;
mod other_hash;
mod spoiled;
mod verified_body;

use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::KeyHolder;
use stuntbucket_signer::verify::Refusal;
use stuntbucket_signer::verify::Rules;
use stuntbucket_signer::verify::SizeLimits;
use stuntbucket_signer::verify::Verdict;

pub(crate) use self::caller::Caller;
pub(crate) use self::spoiled::with_signed_method;
pub(crate) use self::spoiled::with_spoiled_link;
use self::verified_body::Framed;
pub(crate) use self::verified_body::VerifiedBody;
use crate::body::ByteStream;
use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::notes::Notes;
use crate::place::Place;
use crate::relaxation::Relaxation;
use crate::request::Request;
use crate::request::Style;
use crate::request::form::Form;
use crate::request::form::FormFile;
use crate::request::form::missing_field;
use crate::request::headers::Promised;
use crate::route::Operation;
use crate::world::World;

/// A request whose claims were judged: who asks, and what comes along.
pub(crate) struct Authenticated {
    pub(crate) caller: Caller,
    pub(crate) content: Content,
}

/// What comes with a request.
pub(crate) enum Content {
    Body(Box<VerifiedBody>),
    Form(Box<VerifiedForm>),
}

/// A browser's form whose policy holds, as far as it can before the file is read.
pub(crate) struct VerifiedForm {
    pub(crate) form: Form,
    pub(crate) file: FormFile,
    pub(crate) limits: SizeLimits,
}

/// Judges who asks STS. Its clients sign the hash of the body without naming it in a header.
pub(crate) fn for_sts(
    world: &World,
    request: &Request,
    region: &str,
    body: &[u8],
    notes: &Notes,
) -> Result<Caller, Box<Refusal>> {
    const PAYLOAD: &str = "x-amz-content-sha256";
    let hash = Payload::of(body).header_value();
    let mut headers = request.signer_headers();
    headers.retain(|header| header.name != PAYLOAD);
    headers.push(Header::new(PAYLOAD, &hash));
    let message = Message {
        method: request.method.as_str(),
        path: &request.path,
        query: request.query.raw(),
        headers: &headers,
    };
    match verify::request(&message, &world.keyring, &rules(world, "sts", region)) {
        Verdict::Anonymous => Ok(Caller::Anonymous),
        Verdict::Accepted(key) => Ok(holder(world, &key, notes)),
        Verdict::Refused(refusal) => Err(refusal),
    }
}

/// By what the signer judges.
fn rules<'a>(world: &'a World, service: &'a str, region: &'a str) -> Rules<'a> {
    Rules {
        service,
        region,
        now: world.clock.now(),
        other_now: world.other_clock(),
        relaxed: &world.relaxed_of_signer,
        host_bucket: None,
        other_hosts: &world.hosts,
    }
}

/// Who holds the key that a request proved to be signed with.
fn holder(world: &World, key: &KeyHolder, notes: &Notes) -> Caller {
    for (relaxed, refusal) in key.waived() {
        let check = Relaxation::ALL
            .iter()
            .find(|(check, _)| check.of_signer() == Some(*relaxed))
            .map_or(Relaxation::Signature, |(check, _)| *check);
        notes.waive(check, refusal);
    }
    // Only where signatures are not checked can a key be unknown here.
    let user = world.keyring.holder(key.access_key_id());
    match user.or_else(|| world.keyring.first().cloned()) {
        Some(user) => Caller::User(user),
        None => Caller::Anonymous,
    }
}

/// Judges who asks. Nothing of a body is read but the fields of a form.
pub(crate) async fn check(
    world: &World,
    request: &Request,
    operation: Operation,
    place: &Place,
    body: ByteStream,
    notes: &Notes,
) -> Result<Authenticated, Failure> {
    let judge = Judge { world, request, place, notes };
    if operation == Operation::PostObject {
        judge.form(body).await
    } else {
        judge.request(operation, body)
    }
}

struct Judge<'a> {
    world: &'a World,
    request: &'a Request,
    place: &'a Place,
    notes: &'a Notes,
}

impl Judge<'_> {
    fn request(&self, operation: Operation, body: ByteStream) -> Result<Authenticated, Failure> {
        let headers = self.request.signer_headers();
        let message = Message {
            method: self.request.method.as_str(),
            path: &self.request.path,
            query: self.request.query.raw(),
            headers: &headers,
        };
        if operation == Operation::Preflight {
            // The signature in a presigned URL is one of the request to come.
            let framed = Framed { payload: Payload::Unsigned, seed: None, stream: body };
            let promised = Promised::default();
            let body = VerifiedBody::new(self.world, self.request, promised, framed, self.notes)?;
            self.notes.caller(Caller::Anonymous.name());
            let content = Content::Body(Box::new(body));
            return Ok(Authenticated { caller: Caller::Anonymous, content });
        }
        let (caller, payload, seed) =
            match verify::request(&message, &self.world.keyring, &self.rules()) {
                Verdict::Anonymous => (Caller::Anonymous, self.anonymous_payload()?, None),
                Verdict::Accepted(holder) => {
                    (self.holder(&holder), holder.payload(), holder.chunk_seed())
                }
                Verdict::Refused(refusal) => return Err(self.refused(refusal)),
            };
        self.notes.caller(caller.name());
        if payload.is_chunked()
            && !matches!(operation, Operation::PutObject | Operation::UploadPart)
        {
            // Recorded for PutBucketTagging by versitygw's issue 1601.
            let promised = payload.header_value();
            return Err(invalid_request("The value of x-amz-content-sha256 header is invalid.")
                .because(
                    Explanation::of(format!(
                        "`x-amz-content-sha256` is `{promised}`, and only PutObject and UploadPart \
                         take a body in chunks"
                    ))
                    .advising("Send the body as it is, with its SHA-256."),
                ));
        }
        let promised = if operation == Operation::CompleteMultipartUpload {
            // The checksums are those of the object, not of the document.
            Promised::of_document(self.request)?
        } else {
            Promised::read(self.request)?
        };
        let framed = Framed { payload, seed, stream: body };
        let body = VerifiedBody::new(self.world, self.request, promised, framed, self.notes)?;
        Ok(Authenticated { caller, content: Content::Body(Box::new(body)) })
    }

    async fn form(&self, body: ByteStream) -> Result<Authenticated, Failure> {
        self.check_no_header_signature()?;
        let (form, file) = Form::read(self.request, body).await?;
        check_key(&form)?;
        let bucket = self.request.bucket().unwrap_or_default();
        let verdict = verify::form(&form.fields, bucket, &self.world.keyring, &self.rules());
        let (caller, limits) = match verdict {
            FormVerdict::Anonymous => (Caller::Anonymous, SizeLimits::default()),
            FormVerdict::Accepted(holder, limits) => (self.holder(&holder), limits),
            FormVerdict::Refused(refusal) => return Err(self.refused(refusal)),
        };
        self.notes.caller(caller.name());
        let form = Box::new(VerifiedForm { form, file, limits });
        Ok(Authenticated { caller, content: Content::Form(form) })
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            host_bucket: match self.request.address.style {
                Style::VirtualHosted => self.request.bucket(),
                Style::Path => None,
            },
            ..rules(self.world, "s3", &self.place.region)
        }
    }

    fn holder(&self, key: &KeyHolder) -> Caller {
        holder(self.world, key, self.notes)
    }

    fn refused(&self, refusal: Box<Refusal>) -> Failure {
        let known_better = self.dead_link(&refusal).or_else(|| self.inactive_key(&refusal));
        let mut failure = self.place.sign(refusal);
        failure.note = known_better.map(Box::new).or(failure.note);
        failure
    }

    /// The usual surprise of production: a link that was signed for days by a key that lives for
    /// an hour.
    fn dead_link(&self, refusal: &Refusal) -> Option<Explanation> {
        let Refusal::TokenExpired { expired, now, .. } = refusal else { return None };
        let query = &self.request.query;
        let at = Timestamp::parse_basic(query.get("X-Amz-Date")?)?;
        let seconds: i64 = query.get("X-Amz-Expires")?.parse().ok()?;
        let promised = at.plus_seconds(seconds);
        let what = format!(
            "The URL was presigned until {promised}, with a temporary key whose session ended at \
             {expired}, and now it is {now}: a presigned URL dies with its session."
        );
        Some(Explanation::of(what).advising(
            "Sign with keys that live as long as the URL shall, such as a user's, or ask for a \
             longer session.",
        ))
    }

    fn inactive_key(&self, refusal: &Refusal) -> Option<Explanation> {
        let Refusal::UnknownKey { access_key_id, .. } = refusal else { return None };
        self.world.keyring.is_inactive(access_key_id).then(|| {
            Explanation::of(format!(
                "The access key `{access_key_id}` is inactive, and so is everything that was signed \
                 with it: links and forms too."
            ))
            .advising("Activate it, or sign with another.")
        })
    }

    /// What an unsigned request says about its body.
    fn anonymous_payload(&self) -> Result<Payload, Failure> {
        let Some(value) = self.request.header("x-amz-content-sha256") else {
            return Ok(Payload::Unsigned);
        };
        match Payload::parse(&value) {
            Some(payload) if payload.has_signed_chunks() => Err(invalid_request(
                "Anonymous requests don't support this x-amz-content-sha256 value. Please use \
                 UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
            )),
            Some(payload) => Ok(payload),
            // A value that means nothing promises nothing to a request without a signature.
            None => Ok(Payload::Unsigned),
        }
    }

    /// A form carries its own signature; one in a header is refused before the form is looked at
    /// (pinned by argmin's tests), and so is any other authorization (seen in ng-file-upload's issues
    /// 382 and 615). Of Version 2 nothing is known.
    fn check_no_header_signature(&self) -> Result<(), Failure> {
        let Some(authorization) = self.request.header("authorization") else { return Ok(()) };
        let (scheme, _) = authorization.split_once(' ').unwrap_or((&authorization, ""));
        match scheme {
            "AWS" => return Ok(()),
            "AWS4-HMAC-SHA256" => {}
            _ => {
                let authorization = authorization.into_owned();
                return Err(Box::new(Refusal::UnknownScheme { authorization }).into());
            }
        }
        let note = "a form carries its signature in its fields, and this one has an \
                    `Authorization` header too";
        Err(if self.request.header("x-amz-content-sha256").is_some() {
            // The message was not recorded.
            invalid_argument(
                "x-amz-content-sha256 must not be sent with a browser's form",
                "x-amz-content-sha256",
            )
            .because(note)
        } else {
            invalid_request("Missing required header for this request: x-amz-content-sha256")
                .because(note)
        })
    }
}

/// Every form names a key (recorded with both spaces).
fn check_key(form: &Form) -> Result<(), Failure> {
    if form.get("key").is_some() {
        return Ok(());
    }
    Err(missing_field("key")
        .because("the form has no field `key` before its file; fields after the file do not count"))
}
