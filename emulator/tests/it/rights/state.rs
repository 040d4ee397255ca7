//! Who asks, and how a bucket and the object in it are.

use stuntbucket::Bucket;
use stuntbucket::ObjectOwnership;
use stuntbucket::PublicAccessBlock;
use stuntbucket::Stuntbucket;

use crate::access::block_document;
use crate::client::Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Of the account that owns the bucket.
    Owner,
    /// Of the same account, with a policy that allows none of this.
    Limited,
    /// Of another account.
    Other,
    /// Of that account, with a policy that allows none of this.
    OtherLimited,
    Anonymous,
}

impl Who {
    pub(super) const ALL: [Self; 5] =
        [Self::Owner, Self::Limited, Self::Other, Self::OtherLimited, Self::Anonymous];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Limited => "limited",
            Self::Other => "other",
            Self::OtherLimited => "other-limited",
            Self::Anonymous => "anonymous",
        }
    }

    pub(super) fn account(self) -> Option<&'static str> {
        match self {
            Self::Owner | Self::Limited => Some("000000000001"),
            Self::Other | Self::OtherLimited => Some("000000000002"),
            Self::Anonymous => None,
        }
    }

    pub(super) fn client(self, s3: &Stuntbucket) -> Client {
        match self {
            Self::Anonymous => Client::anonymous(s3),
            _ => Client::user(s3, self.name()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acl {
    Canned(&'static str),
    /// A grantee and a permission.
    Grant(&'static str, &'static str),
}

impl Acl {
    pub(super) fn is_full_control(&self) -> bool {
        *self == Self::Canned("bucket-owner-full-control")
    }

    /// The header that gives it.
    pub(super) fn header(&self, s3: &Stuntbucket) -> (String, String) {
        let (grantee, permission) = match self {
            Self::Canned(name) => return ("x-amz-acl".to_owned(), (*name).to_owned()),
            Self::Grant(grantee, permission) => (grantee, permission),
        };
        let header = format!("x-amz-grant-{}", permission.to_lowercase().replace('_', "-"));
        let value = match *grantee {
            "other" => format!("id={}", s3.user("other").canonical_id()),
            group => format!("uri=http://acs.amazonaws.com/groups/global/{group}"),
        };
        (header, value)
    }
}

/// The settings of Block Public Access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    PublicAcls,
    IgnoredAcls,
    PublicPolicy,
    PublicBuckets,
}

impl Block {
    pub(super) const ALL: &'static [Self] =
        &[Self::PublicAcls, Self::IgnoredAcls, Self::PublicPolicy, Self::PublicBuckets];
}

/// A policy about everything in the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    AllowsEverybody,
    AllowsTheOthers,
    AllowsTheLimited,
    DeniesEverybody,
    DeniesTheOthers,
}

impl Given {
    pub(super) const ALL: [Self; 6] = [
        Self::Nothing,
        Self::AllowsEverybody,
        Self::AllowsTheOthers,
        Self::AllowsTheLimited,
        Self::DeniesEverybody,
        Self::DeniesTheOthers,
    ];

    pub(super) fn is_public(self) -> bool {
        self == Self::AllowsEverybody
    }

    pub(super) fn allows(self, who: Who) -> bool {
        match self {
            Self::AllowsEverybody => true,
            Self::AllowsTheOthers => who.account() == Who::Other.account(),
            Self::AllowsTheLimited => who == Who::Limited,
            Self::Nothing | Self::DeniesEverybody | Self::DeniesTheOthers => false,
        }
    }

    pub(super) fn denies(self, who: Who) -> bool {
        match self {
            Self::DeniesEverybody => true,
            Self::DeniesTheOthers => who.account() == Who::Other.account(),
            _ => false,
        }
    }

    pub(super) fn document(self, bucket: &str) -> Option<String> {
        let (effect, principal) = match self {
            Self::Nothing => return None,
            Self::AllowsEverybody => ("Allow", r#""*""#),
            Self::AllowsTheOthers => ("Allow", r#"{"AWS": "000000000002"}"#),
            Self::AllowsTheLimited => {
                ("Allow", r#"{"AWS": "arn:aws:iam::000000000001:user/limited"}"#)
            }
            Self::DeniesEverybody => ("Deny", r#""*""#),
            Self::DeniesTheOthers => ("Deny", r#"{"AWS": "000000000002"}"#),
        };
        Some(format!(
            r#"{{"Statement": {{"Sid": "One", "Effect": "{effect}", "Principal": {principal},
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/*"]}}}}"#
        ))
    }
}

/// How a bucket and the object in it are.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Of the object, and of the bucket where it can have it.
    pub(super) acl: Acl,
    /// Who wrote the object.
    pub(super) writer: Who,
    pub(super) ownership: &'static str,
    pub(super) block: &'static [Block],
    pub(super) policy: Given,
}

impl State {
    pub(super) fn blocks(&self, setting: Block) -> bool {
        self.block.contains(&setting)
    }

    /// Who owns the object: whoever wrote it, unless ownership says otherwise.
    pub(super) fn owner_of_object(&self) -> Who {
        match self.ownership {
            "BucketOwnerEnforced" => Who::Owner,
            "BucketOwnerPreferred" if self.acl.is_full_control() => Who::Owner,
            _ => self.writer,
        }
    }

    /// Whether the object is another account's than the bucket.
    pub(super) fn is_foreign(&self) -> bool {
        self.owner_of_object() != Who::Owner
    }

    /// The ACL of the object or of the bucket.
    pub(super) fn acl_of(&self, is_object: bool) -> Acl {
        match self.acl {
            Acl::Canned("log-delivery-write") if is_object => Acl::Canned("private"),
            // There nobody can be let in by the bucket's ACL before ACLs are disabled.
            _ if !is_object && self.ownership == "BucketOwnerEnforced" => Acl::Canned("private"),
            _ if !is_object && self.writer == Who::Other => Acl::Canned("private"),
            acl => acl,
        }
    }

    /// The ACL that is put again, which changes nothing where it is taken; where ACLs are disabled
    /// the bucket is offered one that it cannot have.
    pub(super) fn sent(&self, is_object: bool) -> Acl {
        let is_tried = !is_object && self.ownership == "BucketOwnerEnforced";
        if is_tried { self.acl } else { self.acl_of(is_object) }
    }

    /// The bucket as it is made. ACLs count in it at first.
    pub(super) fn bucket(&self, name: &str) -> Bucket {
        let ownership = match self.ownership {
            "BucketOwnerPreferred" => ObjectOwnership::BucketOwnerPreferred,
            _ => ObjectOwnership::ObjectWriter,
        };
        Bucket::new(name).public_access_block(false).ownership(ownership)
    }

    /// Brings the bucket into this state by what its owner, and another writer, may ask for.
    pub(super) fn reach(&self, s3: &Stuntbucket, name: &str) {
        let (owner, other) = (Who::Owner.client(s3), Who::Other.client(s3));
        let put = |client: &Client, target: &str, headers: &[(&str, &str)], document: &str| {
            let target = format!("/{name}{target}");
            let answer = client.send("PUT", &target, headers, document.as_bytes());
            assert!([200, 204].contains(&answer.status), "{self:?} {target}: {}", answer.text());
        };
        for who in Who::ALL {
            for key in ["kept", "gone"] {
                s3.put_object(name, &format!("{key}-{}", who.name()), "x").unwrap();
            }
        }
        let (header, value) = self.acl_of(true).header(s3);
        let acl = [(&*header, &*value)];
        if self.writer == Who::Other {
            let policy = Given::AllowsTheOthers.document(name).unwrap();
            put(&owner, "?policy", &[], &policy);
            put(&other, "/key", &acl, "x");
            assert_eq!(owner.send("DELETE", &format!("/{name}?policy"), &[], b"").status, 204);
        } else {
            put(&owner, "/key", &acl, "x");
        }
        let (header, value) = self.acl_of(false).header(s3);
        put(&owner, "?acl", &[(&header, &value)], "");
        let digest = |document: &str| crate::client::content_md5(document.as_bytes());
        if self.ownership == "BucketOwnerEnforced" {
            let document = format!(
                "<OwnershipControls><Rule><ObjectOwnership>{}</ObjectOwnership></Rule>\
                 </OwnershipControls>",
                self.ownership
            );
            let md5 = digest(&document);
            put(&owner, "?ownershipControls", &[("content-md5", &md5)], &document);
        }
        let block = block_document(PublicAccessBlock {
            block_public_acls: self.blocks(Block::PublicAcls),
            ignore_public_acls: self.blocks(Block::IgnoredAcls),
            block_public_policy: self.blocks(Block::PublicPolicy),
            restrict_public_buckets: self.blocks(Block::PublicBuckets),
        });
        let md5 = digest(&block);
        let policy = self.policy.document(name);
        // A public policy is blocked afterwards, and one that denies all does not let it be.
        let first = policy.as_ref().filter(|_| self.policy.is_public());
        if let Some(policy) = first {
            put(&owner, "?policy", &[], policy);
        }
        put(&owner, "?publicAccessBlock", &[("content-md5", &md5)], &block);
        if let Some(policy) = policy.as_ref().filter(|_| first.is_none()) {
            put(&owner, "?policy", &[], policy);
        }
    }
}
