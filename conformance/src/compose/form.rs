//! A browser's form: its policy, its signature, and `multipart/form-data` as a browser writes it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SigningKey;

use super::CannotCompose;
use super::Signer;
use super::spoil;
use crate::exchange::Request;
use crate::fill::Names;
use crate::flow::Form;
use crate::flow::Spoil;

/// What separates the parts. It is nowhere in what the flows send.
const BOUNDARY: &str = "----StuntbucketConformance7MA4YWxkTrZu0gW";

type Fields = Vec<(String, String)>;

/// Writes the form into the request: body and content type.
pub(super) fn write(
    request: &mut Request,
    form: &Form,
    signer: Option<&Signer>,
    spoils: &[Spoil],
    names: &Names,
) -> Result<(), CannotCompose> {
    let mut fields = filled(form.fields, names)?;
    if let Some(signer) = signer {
        sign(&mut fields, form, signer, spoils, names)?;
    }
    for spoil in spoils {
        spoil_fields(*spoil, &mut fields, names)?;
    }
    let after = filled(form.fields_after_file, names)?;
    let content = names.fill(form.file.content)?;
    request.body = multipart(&fields, form.file.name, &content, &after);
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    request.headers.push(("content-type".to_owned(), content_type));
    Ok(())
}

/// Adds the policy and the fields of its signature.
///
/// The policy is written here and not by the signer's own builder, so that flows can say what no
/// builder would.
fn sign(
    fields: &mut Fields,
    form: &Form,
    signer: &Signer,
    spoils: &[Spoil],
    names: &Names,
) -> Result<(), CannotCompose> {
    let scope = Scope::s3(signer.at, &signer.region);
    let credential = format!("{}/{scope}", signer.credentials.access_key_id);
    let date = signer.at.basic();
    let mut own = vec![
        ("x-amz-algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential".to_owned(), credential),
        ("x-amz-date".to_owned(), date),
    ];
    if let Some(token) = &signer.credentials.session_token {
        own.push(("x-amz-security-token".to_owned(), token.clone()));
    }
    let mut conditions = vec![names.fill(r#"{"bucket": "{bucket}"}"#)?];
    for condition in form.conditions {
        conditions.push(names.fill(condition)?);
    }
    conditions.extend(own.iter().map(|(name, value)| format!(r#"{{"{name}": "{value}"}}"#)));
    let ends = |spoil: &Spoil| match spoil {
        Spoil::PolicyEnds(seconds) => Some(*seconds),
        _ => None,
    };
    let lifetime_seconds = spoils.iter().find_map(ends).unwrap_or(form.lifetime_seconds);
    let mut policy = format!(
        r#"{{"expiration": "{}", "conditions": [{}]}}"#,
        signer.at.plus_seconds(lifetime_seconds).iso_millis(),
        conditions.join(", "),
    );
    for spoil in spoils {
        if let Spoil::PolicySays(from, to) = spoil {
            let (from, to) = (names.fill(from)?, names.fill(to)?);
            policy = spoil::with_text(&policy, &from, &to)
                .ok_or(CannotCompose::NothingToSpoil(*spoil))?;
        }
    }
    let policy = STANDARD.encode(policy);
    let key = SigningKey::derive(&signer.credentials.secret_key, &scope);
    let signature = key.sign(policy.as_bytes()).to_hex();
    fields.extend(own);
    fields.push(("policy".to_owned(), policy));
    fields.push(("x-amz-signature".to_owned(), signature));
    Ok(())
}

fn spoil_fields(spoil: Spoil, fields: &mut Fields, names: &Names) -> Result<(), CannotCompose> {
    let position = |fields: &Fields, name: &str| fields.iter().position(|field| field.0 == name);
    let nothing = || CannotCompose::NothingToSpoil(spoil);
    match spoil {
        Spoil::Field(name, value) => {
            let value = names.fill(value)?;
            match position(fields, name) {
                Some(index) => fields[index].1 = value,
                None => fields.push((name.to_owned(), value)),
            }
        }
        Spoil::FieldRemoved(name) => {
            let index = position(fields, name).ok_or_else(nothing)?;
            fields.remove(index);
        }
        Spoil::PolicyText(from, to) => {
            let index = position(fields, "policy").ok_or_else(nothing)?;
            let policy = STANDARD.decode(&fields[index].1).map_err(|_| nothing())?;
            let policy = String::from_utf8_lossy(&policy).into_owned();
            let (from, to) = (names.fill(from)?, names.fill(to)?);
            let policy = spoil::with_text(&policy, &from, &to).ok_or_else(nothing)?;
            fields[index].1 = STANDARD.encode(policy);
        }
        Spoil::Credential(template) => {
            let index = position(fields, "x-amz-credential").ok_or_else(nothing)?;
            fields[index].1 = spoil::credential(&fields[index].1, template).ok_or_else(nothing)?;
        }
        Spoil::SignatureCharacter => {
            let index = position(fields, "x-amz-signature").ok_or_else(nothing)?;
            fields[index].1 = spoil::with_another_first_digit(&fields[index].1);
        }
        _ => {}
    }
    Ok(())
}

fn multipart(
    fields: &[(String, String)],
    file_name: &str,
    content: &str,
    after: &[(String, String)],
) -> Vec<u8> {
    let mut parts: Vec<_> = fields.iter().map(field_part).collect();
    parts.push(format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{content}\r\n",
    ));
    parts.extend(after.iter().map(field_part));
    parts.push(format!("--{BOUNDARY}--\r\n"));
    parts.concat().into_bytes()
}

fn field_part((name, value): &(String, String)) -> String {
    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn filled(fields: &[(&str, &str)], names: &Names) -> Result<Fields, CannotCompose> {
    let fill = |(name, value): &(&str, &str)| Ok(((*name).to_owned(), names.fill(value)?));
    fields.iter().map(fill).collect()
}
