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
    let removed = ask("DELETE /{bucket}", &[], &names, target)?;
    matches!(removed.status, 204 | 404).then_some(())
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
