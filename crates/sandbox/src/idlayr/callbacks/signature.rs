//! Draft HTTP signatures in their "Cavage" form (contract idlayr, 8.3).

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::{Position, Url};

use super::super::keys::SigningKey;

/// How a callback's digest is written. IDlayr's documents contradict each other (contract idlayr, 8.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdlayrDigest {
    /// As the text says.
    #[default]
    Base64,
    /// As the sample shows, in lower case.
    Hex,
}

impl IdlayrDigest {
    pub(super) fn header(self, body: &[u8]) -> String {
        let hash = digest(&SHA256, body);
        let text = match self {
            Self::Base64 => STANDARD.encode(hash),
            Self::Hex => hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        format!("SHA-256={text}")
    }
}

/// `Signature keyId=...` over the lines, in their order.
pub(super) fn authorization(key: &SigningKey, lines: &[(&str, &str)]) -> Option<String> {
    let text: Vec<String> = lines
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    let signature = key.sign(text.join("\n").as_bytes())?;
    Some(format!(
        "Signature keyId=\"{}\",algorithm=\"{}\",headers=\"{}\",signature=\"{}\"",
        key.id(),
        key.algorithm(),
        names.join(" "),
        STANDARD.encode(signature)
    ))
}

/// What stands for a request's target: `post /path?query`.
pub(super) fn target(method: &str, url: &Url) -> String {
    format!("{method} {}", &url[Position::BeforePath..Position::AfterQuery])
}

/// What stands for `Host`: with the port, unless it is the scheme's own.
pub(super) fn host(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_other_tools() {
        // `printf 'hello' | sha256sum`.
        let hex = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assert_eq!(IdlayrDigest::Hex.header(b"hello"), format!("SHA-256={hex}"));
        assert_eq!(
            IdlayrDigest::Base64.header(b"hello"),
            "SHA-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
        );
    }

    #[test]
    fn a_target_is_path_and_query_and_a_host_has_its_port() {
        let url = Url::parse("https://app.example.net:8443/a%2fb?c=d#e").unwrap();
        assert_eq!(target("post", &url), "post /a%2fb?c=d");
        assert_eq!(host(&url), "app.example.net:8443");
        assert_eq!(
            host(&Url::parse("https://app.example.net:443/").unwrap()),
            "app.example.net"
        );
    }
}
