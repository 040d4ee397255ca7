//! The documents that S3 sends, for one event each.

use serde_json::Value;
use serde_json::json;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::encode;

use super::Happening;
use super::Origin;
use super::S3;
use super::Storage;
use super::What;
use crate::names::Target;
use crate::store::Bucket;

/// What goes to a queue, a topic or a function. The form is as recorded by LocalStack.
pub(super) fn records(
    now: Timestamp,
    bucket: &Bucket,
    target: &Target,
    happening: &Happening,
    origin: &Origin,
    sequencer: &str,
) -> Value {
    let told = happening.what.told();
    let mut object = json!({ "key": form_encoded(&happening.key) });
    let is_of_bytes = happening.what.is_of_bytes();
    set(&mut object, "size", happening.size.filter(|_| is_of_bytes));
    set(&mut object, "eTag", happening.etag.as_deref());
    set(&mut object, "versionId", happening.version.as_deref());
    set(&mut object, "sequencer", is_of_bytes.then_some(sequencer));
    let mut record = json!({
        "eventVersion": told.version,
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": now.iso_millis(),
        "eventName": told.name,
        "userIdentity": { "principalId": origin.by.principal },
        "requestParameters": { "sourceIPAddress": origin.by.source_ip.as_deref().unwrap_or(S3) },
        "responseElements": {
            "x-amz-request-id": origin.ids.request_id,
            "x-amz-id-2": origin.ids.host_id,
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": target.id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": { "principalId": bucket.account },
                "arn": format!("arn:aws:s3:::{}", bucket.name),
            },
            "object": object,
        },
    });
    add_storage(&mut record, happening);
    json!({ "Records": [record] })
}

/// What is documented for the events that tell of a storage class.
fn add_storage(record: &mut Value, happening: &Happening) {
    let Some(Storage { class, ends }) = &happening.storage else { return };
    match (happening.what, ends) {
        (What::RestoreCompleted, Some(ends)) => {
            record["glacierEventData"] = json!({ "restoreEventData": {
                "lifecycleRestorationExpiryTime": ends.iso_millis(),
                "lifecycleRestoreStorageClass": class,
            } });
        }
        (What::Transition, _) => {
            record["lifecycleEventData"] =
                json!({ "transitionEventData": { "destinationStorageClass": class } });
        }
        _ => {}
    }
}

/// What goes to EventBridge.
pub(super) fn event_bridge(
    now: Timestamp,
    bucket: &Bucket,
    happening: &Happening,
    origin: &Origin,
    sequencer: &str,
) -> Value {
    let told = happening.what.told();
    let mut object = json!({ "key": happening.key });
    let (is_of_bytes, is_of_copy) = (happening.what.is_of_bytes(), happening.what.is_of_copy());
    set(&mut object, "size", happening.size.filter(|_| is_of_bytes));
    set(&mut object, "etag", happening.etag.as_deref());
    set(&mut object, "version-id", happening.version.as_deref());
    // Recorded by LocalStack in its `test_restore_object`, as are the copy's members below.
    set(&mut object, "sequencer", Some(sequencer).filter(|_| is_of_bytes && !is_of_copy));
    let mut detail = json!({
        "version": "0",
        "bucket": { "name": bucket.name },
        "object": object,
        "request-id": origin.ids.request_id,
        "requester": origin.by.account,
    });
    set(&mut detail, "source-ip-address", origin.by.source_ip.as_deref());
    set(&mut detail, "reason", Some(told.reason).filter(|reason| !reason.is_empty()));
    set(&mut detail, "deletion-type", happening.what.deletion());
    if let Some(Storage { class, ends }) = &happening.storage {
        let is_new = happening.what == What::Transition;
        let name = if is_new { "destination-storage-class" } else { "source-storage-class" };
        set(&mut detail, name, Some(class.as_str()));
        set(&mut detail, "restore-expiry-time", ends.map(Timestamp::iso));
    }
    json!({
        "version": "0",
        "id": origin.ids.request_id,
        "detail-type": told.detail_type,
        "source": "aws.s3",
        "account": bucket.account,
        "time": now.iso(),
        "region": bucket.region,
        "resources": [format!("arn:aws:s3:::{}", bucket.name)],
        "detail": detail,
    })
}

/// What a destination gets first, when it was configured (documented).
pub(super) fn test(now: Timestamp, bucket: &Bucket, origin: &Origin) -> Value {
    json!({
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": now.iso_millis(),
        "Bucket": bucket.name,
        "RequestId": origin.ids.request_id,
        "HostId": origin.ids.host_id,
    })
}

fn set(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

/// As in a query, but that slashes stay (recorded by LocalStack for keys with spaces and others).
fn form_encoded(key: &str) -> String {
    encode::component(key.as_bytes()).replace("%20", "+").replace("%2F", "/")
}

#[cfg(test)]
mod tests {
    #[test]
    fn keys_are_encoded_as_forms_are() {
        for (key, expected) in
            [("a/b c.jpg", "a/b+c.jpg"), ("a+b", "a%2Bb"), ("ü", "%C3%BC"), ("a-_.~", "a-_.~")]
        {
            assert_eq!(super::form_encoded(key), expected);
        }
    }
}
