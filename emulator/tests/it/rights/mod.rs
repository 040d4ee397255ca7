//! Every caller, in every state of a bucket, with every kind of operation, against the table in
//! `fixtures/access/rights.toml`.

mod state;
mod table;

use stuntbucket::Stuntbucket;
use stuntbucket::User;

use self::state::Acl;
use self::state::Block;
use self::state::Given;
use self::state::State;
use self::state::Who;
use self::table::Table;

const OWNERSHIPS: [&str; 3] = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];
const PERMISSIONS: [&str; 5] = ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"];
const GRANTEES: [&str; 3] = ["other", "AuthenticatedUsers", "AllUsers"];
const CANNED: [&str; 8] = [
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
    "log-delivery-write",
];
const OPEN: State = State {
    acl: Acl::Canned("private"),
    writer: Who::Owner,
    ownership: "ObjectWriter",
    block: &[],
    policy: Given::Nothing,
};

/// Each ACL, under each ownership, and with public grants ignored.
fn by_acl() -> Vec<State> {
    let grants = GRANTEES.iter().flat_map(|grantee| {
        PERMISSIONS.iter().map(|permission| Acl::Grant(grantee, permission)).collect::<Vec<_>>()
    });
    let acls: Vec<_> = CANNED.map(Acl::Canned).into_iter().chain(grants).collect();
    let mut states = Vec::new();
    for acl in acls {
        for ownership in OWNERSHIPS {
            states.push(State { acl, ownership, ..OPEN });
        }
        states.push(State { acl, block: &[Block::IgnoredAcls], ..OPEN });
    }
    states
}

/// Each policy, with each setting of Block Public Access, over several ACLs.
fn by_policy() -> Vec<State> {
    let mut states = Vec::new();
    for (acl, ownership) in [
        (Acl::Canned("public-read-write"), "BucketOwnerEnforced"),
        (Acl::Canned("public-read-write"), "ObjectWriter"),
        (Acl::Grant("other", "FULL_CONTROL"), "BucketOwnerPreferred"),
    ] {
        for block in Block::ALL.chunks(1).chain([&[][..], Block::ALL]) {
            for policy in Given::ALL {
                states.push(State { acl, ownership, block, policy, ..OPEN });
            }
        }
    }
    states
}

/// An object that another account wrote, under each ownership and policy.
fn by_writer() -> Vec<State> {
    let mut states = Vec::new();
    for acl in ["private", "public-read", "bucket-owner-read", "bucket-owner-full-control"] {
        for ownership in OWNERSHIPS {
            for policy in Given::ALL {
                let acl = Acl::Canned(acl);
                states.push(State { acl, writer: Who::Other, ownership, policy, ..OPEN });
            }
        }
    }
    states
}

fn emulator(states: &[State]) -> Stuntbucket {
    let nothing =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetBucketTagging", "Resource": "*"}}"#;
    let mut builder = Stuntbucket::builder();
    for who in Who::ALL {
        let Some(account) = who.account() else { continue };
        let user = User::new(who.name()).account(account);
        let is_limited = matches!(who, Who::Limited | Who::OtherLimited);
        builder = builder.user(if is_limited { user.policy(nothing) } else { user });
    }
    for (index, state) in states.iter().enumerate() {
        builder = builder.bucket(state.bucket(&format!("bucket-{index}")));
    }
    let s3 = builder.start().unwrap();
    for (index, state) in states.iter().enumerate() {
        state.reach(&s3, &format!("bucket-{index}"));
    }
    s3
}

/// Asks every cell, and holds status and explanation against the table.
#[track_caller]
fn check(states: &[State]) {
    let table = Table::read();
    let s3 = emulator(states);
    let mut wrong = Vec::new();
    for (index, state) in states.iter().enumerate() {
        for who in Who::ALL {
            let client = who.client(&s3);
            for operation in &table.operation {
                let (method, rest) = operation.request.split_once(' ').unwrap();
                let rest = rest.replace("CALLER", who.name());
                let target = format!("/bucket-{index}{rest}");
                let (header, value) = match &*operation.name {
                    "write-acl" => state.sent(true).header(&s3),
                    "write-bucket-acl" => state.sent(false).header(&s3),
                    _ => ("x-amz-object-attributes".to_owned(), "ETag".to_owned()),
                };
                let policy = state.policy.document(&format!("bucket-{index}"));
                let body = match &*operation.name {
                    // There is none to put again.
                    "write-policy" if policy.is_none() => continue,
                    "write-policy" => policy.unwrap_or_default(),
                    _ => String::new(),
                };
                s3.journal().clear();
                let headers = [(&*header, &*value)];
                let found = client.send(method, &target, &headers, body.as_bytes()).status;
                let entry = s3.journal().entries().pop().unwrap();
                let explanation = entry.explanation.unwrap_or_default();
                let expected = table.expected(state, who, operation);
                let because = expected.because.unwrap_or_default();
                if found != expected.status || !explanation.contains(because) {
                    wrong.push(format!(
                        "{who:?} {} {state:?}: {found} because {explanation}, not {expected:?}",
                        operation.name
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them, the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(9)].join("\n")
    );
}

#[test]
fn acls_give_what_the_table_says() {
    check(&by_acl());
}

#[test]
fn policies_and_public_access_blocks_decide_as_the_table_says() {
    check(&by_policy());
}

#[test]
fn what_another_account_wrote_is_whose_the_table_says() {
    check(&by_writer());
}

/// What `access` says without a request is what a request meets.
#[test]
fn what_is_explained_is_what_is_decided() {
    let table = Table::read();
    let states = [by_policy(), by_writer()].concat();
    let s3 = emulator(&states);
    for who in Who::ALL {
        for (index, state) in states.iter().enumerate() {
            for (name, action, key) in [
                ("read", "s3:GetObject", "key"),
                ("read-acl", "s3:GetObjectAcl", "key"),
                ("tags", "s3:GetObjectTagging", "key"),
                ("create", "s3:PutObject", "absent"),
                ("overwrite", "s3:PutObject", "kept-owner"),
                ("delete", "s3:DeleteObject", "gone-owner"),
                ("list", "s3:ListBucket", ""),
                ("write-bucket-acl", "s3:PutBucketAcl", ""),
            ] {
                let operation = table.operation.iter().find(|it| it.name == name).unwrap();
                let expected = table.allows(state, who, operation);
                let bucket = format!("bucket-{index}");
                let access = s3.access(who.name(), action, &bucket, key).unwrap();
                let is_told = access.because.contains(expected.err().unwrap_or_default());
                assert_eq!(
                    (access.allowed, is_told),
                    (expected.is_ok(), true),
                    "{who:?} {name} {state:?}: {}, not {expected:?}",
                    access.because
                );
            }
        }
    }
}
