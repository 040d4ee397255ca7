//! The checks that can be switched off, by name and loudly.

use std::fmt;

use stuntbucket_signer::verify;

/// A check that an emulator is told not to make. By default it makes them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relaxation {
    /// A claimed known key is believed; an unknown key is taken for the first user.
    Signature,
    /// Links and forms work after their end.
    Expiry,
    /// Signed times may be far from now.
    Skew,
    /// The region of a credential scope may be any.
    Region,
    /// `x-amz-` headers need not be signed.
    UnsignedHeaders,
    /// The body need not have the hash that was promised for it.
    PayloadHash,
    /// Conditions of a POST policy are not held against the form.
    FormPolicy,
    /// Policies and ACLs do not refuse anybody.
    Access,
    /// Block Public Access does not refuse or hide anything.
    PublicAccessBlock,
    /// ACLs are accepted and kept where object ownership disables them.
    Ownership,
    /// What S3 takes over HTTPS only is taken over HTTP too.
    Https,
    /// Keys of clients (SSE-C) are accepted where the bucket blocks them.
    SseC,
}

impl Relaxation {
    /// All of them, with the names that the command line and the configuration file use.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Signature, "signature"),
        (Self::Expiry, "expiry"),
        (Self::Skew, "skew"),
        (Self::Region, "region"),
        (Self::UnsignedHeaders, "unsigned-headers"),
        (Self::PayloadHash, "payload-hash"),
        (Self::FormPolicy, "form-policy"),
        (Self::Access, "access"),
        (Self::PublicAccessBlock, "public-access-block"),
        (Self::Ownership, "ownership"),
        (Self::Https, "https"),
        (Self::SseC, "sse-c"),
    ];

    /// The name, such as `unsigned-headers`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(item, _)| *item == self).map_or("", |(_, name)| name)
    }

    /// The relaxation of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(item, _)| *item)
    }

    /// The signer's word for it, for checks that the signer makes.
    pub(crate) fn of_signer(self) -> Option<verify::Relaxation> {
        match self {
            Self::Signature => Some(verify::Relaxation::Signature),
            Self::Expiry => Some(verify::Relaxation::Expiry),
            Self::Skew => Some(verify::Relaxation::Skew),
            Self::Region => Some(verify::Relaxation::Region),
            Self::UnsignedHeaders => Some(verify::Relaxation::UnsignedHeaders),
            Self::FormPolicy => Some(verify::Relaxation::FormPolicy),
            Self::PayloadHash
            | Self::Access
            | Self::PublicAccessBlock
            | Self::Ownership
            | Self::Https
            | Self::SseC => None,
        }
    }
}

impl fmt::Display for Relaxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Relaxation;

    #[test]
    fn every_relaxation_has_one_name() {
        for (relaxation, name) in Relaxation::ALL {
            assert_eq!((Relaxation::parse(name), relaxation.name()), (Some(relaxation), name));
        }
        assert_eq!(Relaxation::parse("everything"), None);
    }
}
