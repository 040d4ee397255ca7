//! Judges a form: who signed it, what its policy wants, and whether its fields are that.

use stuntbucket::Explanation;
use stuntbucket::Timestamp;
use stuntbucket::offline;
use stuntbucket::offline::Head;
use stuntbucket_signer::verify::ConditionTest;
use stuntbucket_signer::verify::JudgedCondition;
use stuntbucket_signer::verify::PolicyReading;
use stuntbucket_signer::verify::Refusal;

use super::super::risk;
use super::super::sent::SentForm;
use super::Answer;
use super::Condition;
use super::Explained;
use super::Setting;
use super::Signature;
use super::SubjectKind;
use super::Times;
use super::anonymous;
use super::region;
use super::region_of;
use super::verified;

/// Judges a form.
pub(super) fn judge(form: &SentForm, setting: &Setting) -> Explained {
    let request = &form.request;
    let method = request.method.as_deref().unwrap_or("POST");
    let head =
        Head { method, path: &request.path, query: &request.query, headers: &request.headers };
    let asked = offline::asked(&head, &setting.bases, setting.own_region());
    let claimed = form.field("x-amz-credential").and_then(region_of);
    let (region, region_from) = region(&asked, claimed, setting);
    let bucket = asked.bucket.clone().unwrap_or_default();
    let verified = verified::form(&form.fields, &bucket, &region, setting);
    let is_signed = verified.signature != Signature::None || !verified.refusals.is_empty();
    let reading = form
        .field("policy")
        .and_then(|policy| PolicyReading::of(policy, &form.fields, &bucket).ok());
    let reading = reading.filter(|_| is_signed);
    let mut refusals: Vec<Answer> = Vec::new();
    refusals.extend(asked.refused.clone().map(Answer::from));
    refusals.extend(form.refused.clone().map(Answer::from));
    // Of a form that could not be read nobody knows the fields.
    let is_read = form.refused.is_none() || !form.fields.is_empty();
    if is_read {
        refusals.extend(offline::judge_form_key(&form.fields).map(Answer::from));
        refusals.extend(verified.refusals.iter().map(Answer::from));
        refusals.extend(further(&verified.refusals, reading.as_ref()));
        refusals.extend(size(form, reading.as_ref()));
        if !is_signed {
            refusals.push(anonymous("form"));
        }
    }
    let access_key =
        form.field("x-amz-credential").map(|text| text.split('/').next().unwrap_or(text));
    let access_key = access_key.or_else(|| form.field("AWSAccessKeyId")).map(str::to_owned);
    let times = times(form, reading.as_ref(), access_key.as_deref(), setting);
    let look = risk::FormLook {
        form,
        asked: &asked,
        reading: reading.as_ref(),
        times: &times,
        access_key: access_key.as_deref(),
        keys: &setting.keys,
    };
    Explained {
        place: None,
        kind: if is_signed { SubjectKind::SignedForm } else { SubjectKind::UnsignedForm },
        accepted: false,
        method: Some(method.to_owned()),
        url: request.url(),
        operation: asked.operation,
        key: form.field("key").map(str::to_owned),
        region,
        region_from,
        signature: verified.signature,
        refusals,
        allows: allows(&bucket, reading.as_ref()),
        conditions: reading.as_ref().map(conditions).unwrap_or_default(),
        risks: risk::of_form(&look),
        bucket: asked.bucket,
        access_key,
        times,
    }
}

/// What the signer does not say, since it stops at the first condition that fails.
fn further(refusals: &[Refusal], reading: Option<&PolicyReading>) -> Vec<Answer> {
    let Some(reading) = reading else { return Vec::new() };
    let report = &reading.report;
    let mut answers = Vec::new();
    let failed = report.conditions.iter().filter(|judged| !judged.outcome.is_fine());
    let is_told = refusals.iter().any(|refusal| matches!(refusal, Refusal::PolicyCondition { .. }));
    for judged in failed.skip(usize::from(is_told)) {
        let refusal =
            Refusal::PolicyCondition { failed: judged.condition.clone(), report: report.clone() };
        let problem = judged.problem().unwrap_or_default();
        let condition = &judged.condition;
        let what = format!("The form does not meet the condition `{condition}` either: {problem}.");
        let advice = match judged.remedy() {
            Some(remedy) => format!("Send {remedy}, or change the policy."),
            None => "Change the policy: no form can meet that.".to_owned(),
        };
        answers.push(Answer::new(refusal.s3_error(), Explanation::of(what).advising(advice)));
    }
    let is_told = refusals.iter().any(|refusal| matches!(refusal, Refusal::ExtraFields(_)));
    if !report.uncovered.is_empty() && !is_told {
        answers.push(Answer::from(&Refusal::ExtraFields(report.clone())));
    }
    answers
}

fn size(form: &SentForm, reading: Option<&PolicyReading>) -> Option<Answer> {
    let refusal = reading?.limits.check(form.file_bytes?).err()?;
    Some(Answer::from(&*refusal))
}

fn times(
    form: &SentForm,
    reading: Option<&PolicyReading>,
    access_key: Option<&str>,
    setting: &Setting,
) -> Times {
    let signed = form.field("x-amz-date").and_then(Timestamp::parse_basic);
    let policy_expires = reading.map(|reading| reading.expiration);
    let lifetime = policy_expires.zip(signed).map(|(end, start)| end.seconds_since(start));
    // What ended before it was signed never lived.
    let lifetime = lifetime.filter(|seconds| *seconds >= 0);
    Times {
        signed,
        policy_expires,
        session_expires: access_key.and_then(|id| setting.keys.session_end(id)),
        lifetime_seconds: lifetime,
        ..Times::default()
    }
    .seen_from(setting.now)
}

fn allows(bucket: &str, reading: Option<&PolicyReading>) -> Vec<String> {
    let Some(reading) = reading else {
        return vec![format!("It asks to upload a file to the bucket `{bucket}`.")];
    };
    let mut sentences = vec![format!(
        "It is for uploads to the bucket `{bucket}` by whoever has the form, as often as they like \
         until {}, if each of these holds:",
        reading.expiration
    )];
    sentences.extend(reading.report.conditions.iter().map(|judged| meaning(&judged.test)));
    sentences
}

/// A condition as a sentence.
fn meaning(test: &ConditionTest) -> String {
    match test {
        ConditionTest::Equals { field, value } if field.eq_ignore_ascii_case("bucket") => {
            format!("The bucket is `{value}`.")
        }
        ConditionTest::Equals { field, value } => format!("`{field}` is exactly `{value}`."),
        ConditionTest::StartsWith { field, prefix } if prefix.is_empty() => {
            format!("`{field}` is there, with any value.")
        }
        ConditionTest::StartsWith { field, prefix } => {
            format!("`{field}` starts with `{prefix}`.")
        }
        ConditionTest::SizeWithin { bytes_min, bytes_max } => {
            format!("The file has from {bytes_min} to {bytes_max} bytes.")
        }
        ConditionTest::Impossible => "Something that no form can meet.".to_owned(),
    }
}

fn conditions(reading: &PolicyReading) -> Vec<Condition> {
    let condition = |judged: &JudgedCondition| Condition {
        printed: judged.condition.clone(),
        meaning: meaning(&judged.test),
        met: judged.outcome.is_fine(),
        problem: judged.problem(),
        remedy: judged.remedy(),
    };
    reading.report.conditions.iter().map(condition).collect()
}
