//! Every caller, in every state of a bucket, with every kind of operation, against a small model.

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::ObjectOwnership;
use stuntbucket::PublicAccessBlock;
use stuntbucket::Relaxation;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::access::md5;
use crate::client::Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Of the account that owns the bucket.
    Owner,
    /// Of the same account, with a policy that allows none of this.
    Limited,
    /// Of another account.
    Other,
    Anonymous,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Read,
    ReadAcl,
    Write,
    Delete,
    List,
    Policy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    Nothing,
    AllowsEverybody,
    AllowsTheOther,
    DeniesEverybody,
}

/// How a bucket and the object in it are.
#[derive(Clone, Copy, Debug)]
struct State {
    bucket: CannedAcl,
    object: CannedAcl,
    ownership: ObjectOwnership,
    block: PublicAccessBlock,
    policy: Given,
}

const WHO: [Who; 4] = [Who::Owner, Who::Limited, Who::Other, Who::Anonymous];
const WHAT: [What; 6] =
    [What::Read, What::ReadAcl, What::Write, What::Delete, What::List, What::Policy];

fn states() -> Vec<State> {
    use CannedAcl::AuthenticatedRead;
    use CannedAcl::Private;
    use CannedAcl::PublicRead;
    use CannedAcl::PublicReadWrite;
    let ignoring = PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::NONE };
    let restricting =
        PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::NONE };
    let mut states = Vec::new();
    for (bucket, object) in [
        (Private, Private),
        (Private, PublicReadWrite),
        (PublicRead, AuthenticatedRead),
        (AuthenticatedRead, PublicRead),
        (PublicReadWrite, Private),
    ] {
        for ownership in [
            ObjectOwnership::BucketOwnerEnforced,
            ObjectOwnership::BucketOwnerPreferred,
            ObjectOwnership::ObjectWriter,
        ] {
            for block in [PublicAccessBlock::NONE, ignoring, restricting] {
                for policy in [
                    Given::Nothing,
                    Given::AllowsEverybody,
                    Given::AllowsTheOther,
                    Given::DeniesEverybody,
                ] {
                    states.push(State { bucket, object, ownership, block, policy });
                }
            }
        }
    }
    states
}

/// Whether a canned ACL lets a stranger do this.
fn grants(acl: CannedAcl, what: What, who: Who) -> bool {
    match what {
        What::Write | What::Delete => acl == CannedAcl::PublicReadWrite,
        What::Read | What::List => match acl {
            CannedAcl::PublicRead | CannedAcl::PublicReadWrite => true,
            CannedAcl::AuthenticatedRead => who == Who::Other,
            _ => false,
        },
        What::ReadAcl | What::Policy => false,
    }
}

/// Whether the bucket's policy allows it, and its public part is not restricted.
fn expected(state: State, who: Who, what: What) -> bool {
    let is_public = state.policy == Given::AllowsEverybody;
    if state.policy == Given::DeniesEverybody {
        return false;
    }
    match who {
        Who::Owner => return true,
        Who::Limited => return is_public,
        Who::Other | Who::Anonymous => {}
    }
    if state.block.restrict_public_buckets && is_public {
        return false;
    }
    if is_public || (state.policy == Given::AllowsTheOther && who == Who::Other) {
        return true;
    }
    let acl = if matches!(what, What::Read | What::ReadAcl) { state.object } else { state.bucket };
    let acls_count =
        state.ownership != ObjectOwnership::BucketOwnerEnforced && !state.block.ignore_public_acls;
    acls_count && grants(acl, what, who)
}

fn document(name: &str, given: Given) -> Option<String> {
    let (effect, principal) = match given {
        Given::Nothing => return None,
        Given::AllowsEverybody => ("Allow", "\"*\""),
        Given::AllowsTheOther => ("Allow", "{\"AWS\": \"000000000002\"}"),
        Given::DeniesEverybody => ("Deny", "\"*\""),
    };
    Some(format!(
        "{{\"Statement\": {{\"Effect\": \"{effect}\", \"Principal\": {principal}, \"Action\": \
         \"s3:*\", \"Resource\": [\"arn:aws:s3:::{name}\", \"arn:aws:s3:::{name}/*\"]}}}}"
    ))
}

fn emulator(states: &[State]) -> Stuntbucket {
    let limited =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetBucketTagging", "Resource": "*"}}"#;
    let mut builder = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("limited").policy(limited))
        .user(User::new("other").account("000000000002"))
        // So that there are grants where they do not count.
        .relax(Relaxation::Ownership);
    for (index, state) in states.iter().enumerate() {
        builder = builder.bucket(
            Bucket::new(format!("bucket-{index}"))
                .acl(state.bucket)
                .ownership(state.ownership)
                .public_access_block(state.block),
        );
    }
    let s3 = builder.start().unwrap();
    let owner = Client::owner(&s3);
    for (index, state) in states.iter().enumerate() {
        let acl = [("x-amz-acl", state.object.name())];
        let put = owner.send("PUT", &format!("/bucket-{index}/key"), &acl, b"x");
        assert_eq!(put.status, 200, "{state:?} {}", put.text());
        if let Some(document) = document(&format!("bucket-{index}"), state.policy) {
            let md5 = md5(document.as_bytes());
            let headers = [("content-md5", &*md5)];
            let target = format!("/bucket-{index}?policy");
            let put = owner.send("PUT", &target, &headers, document.as_bytes());
            assert_eq!(put.status, 204, "{state:?} {}", put.text());
        }
    }
    s3
}

#[test]
fn everybody_may_do_what_the_model_says() {
    let states = states();
    let s3 = emulator(&states);
    let mut wrong = Vec::new();
    for who in WHO {
        let client = match who {
            Who::Owner => Client::owner(&s3),
            Who::Limited => Client::user(&s3, "limited"),
            Who::Other => Client::user(&s3, "other"),
            Who::Anonymous => Client::anonymous(&s3),
        };
        for (index, state) in states.iter().enumerate() {
            for what in WHAT {
                let (method, target, success) = match what {
                    What::Read => ("GET", "/key", 200),
                    What::ReadAcl => ("GET", "/key?acl", 200),
                    // Each its own: nobody replaces what another account wrote.
                    What::Write if who == Who::Other => ("PUT", "/others", 200),
                    What::Write if who == Who::Anonymous => ("PUT", "/nobodys", 200),
                    What::Write => ("PUT", "/new", 200),
                    What::Delete => ("DELETE", "/absent", 204),
                    What::List => ("GET", "", 200),
                    What::Policy if matches!(who, Who::Other | Who::Anonymous) => {
                        ("GET", "?policy", 405)
                    }
                    What::Policy if state.policy == Given::Nothing => ("GET", "?policy", 404),
                    What::Policy => ("GET", "?policy", 200),
                };
                let target = format!("/bucket-{index}{target}");
                let found = client.send(method, &target, &[], b"").status;
                let expected = if expected(*state, who, what) { success } else { 403 };
                if found != expected {
                    wrong.push(format!("{who:?} {what:?} {state:?}: {found}, not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them, the first:\n{}", wrong.len(), wrong[0]);
}

/// What `access` says without a request is what a request meets.
#[test]
fn what_is_explained_is_what_is_decided() {
    let states = states();
    let s3 = emulator(&states);
    for (who, name) in [
        (Who::Owner, "owner"),
        (Who::Limited, "limited"),
        (Who::Other, "other"),
        (Who::Anonymous, "anonymous"),
    ] {
        for (index, state) in states.iter().enumerate() {
            for (what, action, key) in [
                (What::Read, "s3:GetObject", "key"),
                (What::ReadAcl, "s3:GetObjectAcl", "key"),
                (What::Write, "s3:PutObject", "new"),
                (What::Delete, "s3:DeleteObject", "absent"),
                (What::List, "s3:ListBucket", ""),
            ] {
                let access = s3.access(name, action, &format!("bucket-{index}"), key).unwrap();
                assert_eq!(
                    access.allowed,
                    expected(*state, who, what),
                    "{name} {action} {state:?}: {}",
                    access.because
                );
                assert!(!access.because.is_empty());
            }
        }
    }
}
