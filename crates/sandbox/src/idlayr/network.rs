//! Whose an IP address is. All of it is ours: the vendor's sandbox has no documented rule. The blocks
//! are those set aside for documentation and for benchmarks, so that no real address stands for an error.

use std::net::IpAddr;

/// The network that an address belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    /// A private, loopback, link-local, unspecified or multicast address.
    NotMobile,
    /// `192.0.2.0/24`: an operator that is not supported.
    Unsupported,
    /// `198.51.100.0/24`: another operator than that of any number.
    Other,
    /// `198.18.0.0/15`: an operator that no product reaches.
    Unreachable,
    /// Any other address: the operator of every number.
    Own,
}

impl Network {
    pub(super) fn of(ip: IpAddr) -> Self {
        let ip = ip.to_canonical();
        let is_private = match ip {
            IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
            IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local(),
        };
        if is_private || ip.is_loopback() || ip.is_unspecified() || ip.is_multicast() {
            return Self::NotMobile;
        }
        match ip {
            IpAddr::V4(ip) => match ip.octets() {
                [192, 0, 2, _] => Self::Unsupported,
                [198, 51, 100, _] => Self::Other,
                [198, 18 | 19, _, _] => Self::Unreachable,
                _ => Self::Own,
            },
            IpAddr::V6(_) => Self::Own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_decides() {
        for (ip, network) in [
            ("127.0.0.1", Network::NotMobile),
            ("::ffff:10.0.0.1", Network::NotMobile),
            ("fe80::1", Network::NotMobile),
            ("0.0.0.0", Network::NotMobile),
            ("192.0.2.7", Network::Unsupported),
            ("198.51.100.7", Network::Other),
            ("::ffff:198.51.100.7", Network::Other),
            ("198.19.255.1", Network::Unreachable),
            ("203.0.113.9", Network::Own),
            ("2001:db8::9", Network::Own),
        ] {
            assert_eq!(Network::of(ip.parse().unwrap()), network, "{ip}");
        }
    }
}
