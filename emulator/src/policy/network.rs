//! `Network`: a range of IP addresses.

use std::net::IpAddr;
use std::net::Ipv4Addr;

/// A range such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads a range, or an address, which is the range of itself alone.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits_max = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(bits_max);
        (bits <= bits_max).then_some(Self { address, bits })
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = u32::from(network) ^ u32::from(address);
                differing.leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = u128::from(network) ^ u128::from(address);
                differing.leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }

    /// Whether it is so narrow that Block Public Access does not take it for everybody: at least
    /// /8, or /32 of version 6, or private.
    pub(super) fn is_narrow(self) -> bool {
        match self.address {
            IpAddr::V4(address) => self.bits >= 8 || self.is_private(address),
            IpAddr::V6(_) => self.bits >= 32,
        }
    }

    /// Whether all of it is private after RFC 1918.
    fn is_private(self, address: Ipv4Addr) -> bool {
        let [first, second, ..] = address.octets();
        match (first, second) {
            (10, _) => self.bits >= 8,
            (172, 16..=31) => self.bits >= 12,
            (192, 168) => self.bits >= 16,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_range_contains_what_shares_its_first_bits() {
        for (range, address, expected) in [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("0.0.0.0/0", "255.0.0.1", true),
            ("0.0.0.0/0", "::1", false),
            ("203.0.113.0/25", "203.0.113.127", true),
            ("203.0.113.0/25", "203.0.113.128", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("2001:db8::/32", "2001:db8:1::", true),
            ("2001:db8::/32", "2001:db9::", false),
            ("::/0", "::1", true),
        ] {
            let network = Network::parse(range).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), expected, "{range} {address}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/", "a"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_wide_range_is_everybody() {
        for (range, expected) in [
            ("0.0.0.0/0", false),
            ("128.0.0.0/7", false),
            ("203.0.0.0/8", true),
            ("10.0.0.0/8", true),
            ("192.168.0.0/16", true),
            ("2001::/31", false),
            ("2001::/32", true),
        ] {
            assert_eq!(Network::parse(range).unwrap().is_narrow(), expected, "{range}");
        }
    }
}
