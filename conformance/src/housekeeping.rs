//! The buckets of a run: made before a flow, emptied and removed after it.

use stuntbucket_signer::encode;

use crate::compose;
use crate::exchange::Response;
use crate::fill::Names;
use crate::flow::Bucket;
use crate::flow::Expect::Status;
use crate::flow::Step;
use crate::target::Target;
use crate::xml::Element;

/// The steps that make a flow's bucket.
pub(crate) fn set_up(bucket: Bucket) -> &'static [Step] {
    match bucket {
        Bucket::None => &[],
        Bucket::Default => const { &[CREATE] },
        Bucket::Shared => {
            const { &[CREATE, Step { call: "PUT /{bucket}/k", expect: &[Status(200)], ..Step::PLAIN }] }
        }
        Bucket::WithAcls => {
            const {
                &[
                    Step { headers: &[("x-amz-object-ownership", "ObjectWriter")], ..CREATE },
                    Step {
                        call: "DELETE /{bucket}?publicAccessBlock",
                        expect: &[Status(204)],
                        ..Step::PLAIN
                    },
                ]
            }
        }
    }
}

const CREATE: Step = Step {
    call: "PUT /{bucket}",
    body: crate::flow::Body::Text("{create_bucket}"),
    expect: &[Status(200)],
    ..Step::PLAIN
};

/// How many requests it takes to clean up after a flow that made `buckets` buckets and wrote at most
/// `writes` versions: a listing and a delete a bucket, and a delete a version.
pub(crate) const fn clean_up_requests(buckets: usize, writes: usize) -> usize {
    2 * buckets + writes
}

/// Empties and removes these buckets. Returns those that could not be removed.
pub(crate) fn clean_up(buckets: &[String], target: &mut dyn Target) -> Vec<String> {
    buckets.iter().filter(|bucket| remove(bucket, target).is_none()).cloned().collect()
}

/// As many pages of a listing as a bucket of a run can fill, and more.
const PAGES_MAX: usize = 100;

fn remove(bucket: &str, target: &mut dyn Target) -> Option<()> {
    let mut names = Names::default();
    names.set("bucket", bucket);
    for _ in 0..PAGES_MAX {
        // Of a bucket without versions each object is listed as its version `null`.
        let listing = ask("GET /{bucket}?versions&encoding-type=url", &[], &names, target)?;
        if listing.status == 404 {
            return Some(());
        }
        let root = Element::parse(&listing.text())?;
        let is_version = |child: &&Element| matches!(&*child.name, "Version" | "DeleteMarker");
        let versions: Vec<_> = root.children.iter().filter(is_version).collect();
        if versions.is_empty() {
            break;
        }
        for version in versions {
            let key = encode::decode(&version.at("Key")?.text, encode::Plus::Space);
            names.set("key", String::from_utf8_lossy(&key));
            names.set("version_id", &*version.at("VersionId")?.text);
            let call = "DELETE /{bucket}/{key}?versionId={version_id}";
            let removed = ask(call, &[], &names, target)?;
            // A flow about locks may have stopped before it took its own off again.
            if removed.status == 403 {
                let bypass = &[("x-amz-bypass-governance-retention", "true")];
                ask(call, bypass, &names, target)?;
            }
        }
    }
    let mut removed = ask("DELETE /{bucket}", &[], &names, target)?;
    if removed.status == 409 {
        abort_uploads(&mut names, target)?;
        removed = ask("DELETE /{bucket}", &[], &names, target)?;
    }
    matches!(removed.status, 204 | 404).then_some(())
}

/// Ends the uploads that a flow left open, which may be what keeps a bucket.
fn abort_uploads(names: &mut Names, target: &mut dyn Target) -> Option<()> {
    let listing = ask("GET /{bucket}?uploads&encoding-type=url", &[], names, target)?;
    let root = Element::parse(&listing.text())?;
    for upload in root.children.iter().filter(|child| child.name == "Upload") {
        let key = encode::decode(&upload.at("Key")?.text, encode::Plus::Space);
        names.set("key", String::from_utf8_lossy(&key));
        names.set("upload_id", &*upload.at("UploadId")?.text);
        ask("DELETE /{bucket}/{key}?uploadId={upload_id}", &[], names, target)?;
    }
    Some(())
}

fn ask(
    call: &'static str,
    headers: &'static [(&'static str, &'static str)],
    names: &Names,
    target: &mut dyn Target,
) -> Option<Response> {
    let request = compose::request(&Step { call, headers, ..Step::PLAIN }, names, target).ok()?;
    target.send(&request).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::Scripted;
    use crate::scripted::answer;

    #[test]
    fn open_uploads_that_keep_a_bucket_are_ended() {
        let mut target = Scripted::answering([
            answer(200, "<ListVersionsResult/>"),
            answer(409, "<Error/>"),
            answer(
                200,
                "<ListMultipartUploadsResult><Upload><Key>a+b</Key><UploadId>u/1</UploadId></Upload>\
                 </ListMultipartUploadsResult>",
            ),
            answer(204, ""),
            answer(204, ""),
        ]);
        assert!(clean_up(&["b-1".to_owned()], &mut target).is_empty());
        let asked: Vec<_> =
            target.asked[3..].iter().map(|asked| (&*asked.method, &*asked.url)).collect();
        let aborted = "http://127.0.0.1:9000/b-1/a%20b?uploadId=u%2F1";
        assert_eq!(asked, [("DELETE", aborted), ("DELETE", "http://127.0.0.1:9000/b-1")]);
    }
}
