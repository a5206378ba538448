//! The `Authorization` value of a signed message: draft HTTP signatures in their "Cavage" form (contract
//! idlayr, 8.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A signature by the longest RSA key that can be checked takes 1368 characters.
const LONGEST: usize = 8 * 1024;

/// What the value says. Nothing in it is believed before the signature fits.
#[derive(PartialEq, Eq)]
pub(super) struct SignatureHeader<'a> {
    pub(super) key_id: &'a str,
    pub(super) algorithm: Option<&'a str>,
    /// The names of what was signed, in their order, each once.
    pub(super) names: Vec<&'a str>,
    pub(super) signature: Vec<u8>,
}

impl<'a> SignatureHeader<'a> {
    /// Reads `Signature keyId="...",algorithm="...",headers="...",signature="..."`. Members that are not
    /// known are passed over; one that is known and there twice, or not quoted, spoils the whole.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (scheme, members) = text.trim_matches(is_space).split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Signature") {
            return None;
        }
        let [mut key_id, mut algorithm, mut names, mut signature] = [None; 4];
        let mut rest = members;
        loop {
            let (name, value, behind) = member(rest)?;
            let place = match name {
                "keyId" => Some(&mut key_id),
                "algorithm" => Some(&mut algorithm),
                "headers" => Some(&mut names),
                "signature" => Some(&mut signature),
                _ => None,
            };
            if let Some(place) = place {
                let Value::Quoted(text) = value else { return None };
                if place.replace(text).is_some() {
                    return None;
                }
            }
            match behind.strip_prefix(',') {
                Some(next) => rest = next,
                None if behind.is_empty() => break,
                None => return None,
            }
        }
        Some(Self {
            key_id: key_id.filter(|id| !id.is_empty())?,
            algorithm,
            names: distinct_names(names?)?,
            signature: STANDARD.decode(signature?).ok()?,
        })
    }
}

enum Value<'a> {
    Quoted(&'a str),
    /// Such as the number of `created`.
    Bare,
}

/// The first member, and what comes behind it.
fn member(text: &str) -> Option<(&str, Value<'_>, &str)> {
    let text = text.trim_start_matches(is_space);
    let (name, rest) = text.split_once('=')?;
    if name.is_empty() || !name.bytes().all(is_of_token) {
        return None;
    }
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => {
            let (value, rest) = quoted.split_once('"')?;
            // An escape would be a second way to write a name or a key: no such thing has a use for one.
            if !value
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte) && byte != b'\\')
            {
                return None;
            }
            (Value::Quoted(value), rest)
        }
        None => {
            let end = rest.find([',', ' ', '\t']).unwrap_or(rest.len());
            let (value, rest) = rest.split_at_checked(end)?;
            if value.is_empty() || !value.bytes().all(is_of_token) {
                return None;
            }
            (Value::Bare, rest)
        }
    };
    Some((name, value, rest.trim_start_matches(is_space)))
}

/// A name that is there twice could be signed once and read once.
fn distinct_names(text: &str) -> Option<Vec<&str>> {
    let names: Vec<&str> = text.split(' ').collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let fit = |name: &&str| !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase());
    (sorted.len() == names.len() && names.iter().all(fit)).then_some(names)
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t')
}

fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = r#"Signature keyId="k-1",algorithm="rsa-sha256",headers="(request-target) host date",signature="AQID""#;

    #[test]
    fn the_documented_form_is_read() {
        for text in [
            GOOD.to_owned(),
            GOOD.replace("Signature", "signature"),
            GOOD.replace("\",", "\" ,\t "),
            format!("  {GOOD} "),
            GOOD.replace(
                "headers",
                "created=1402170695,expires=1402170999,opaque=\"x=,\",headers",
            ),
        ] {
            let read = SignatureHeader::parse(&text).unwrap();
            assert_eq!(
                (read.key_id, read.algorithm),
                ("k-1", Some("rsa-sha256")),
                "{text}"
            );
            assert_eq!(read.names, ["(request-target)", "host", "date"], "{text}");
            assert_eq!(read.signature, [1, 2, 3], "{text}");
        }
        let silent = GOOD.replace("algorithm=\"rsa-sha256\",", "");
        assert_eq!(SignatureHeader::parse(&silent).unwrap().algorithm, None);
    }

    #[test]
    fn what_is_ambiguous_or_broken_is_refused() {
        let members = GOOD.strip_prefix("Signature ").unwrap();
        for bad in [
            String::new(),
            "Signature".to_owned(),
            "Signature ".to_owned(),
            members.to_owned(),
            format!("Bearer {members}"),
            format!("SignatureX {members}"),
            format!("{GOOD},"),
            format!("{GOOD},,opaque=\"\""),
            format!("{GOOD} x"),
            format!("{GOOD},keyId=\"k-2\""),
            format!("{GOOD},signature=\"AQID\""),
            format!("{GOOD},headers=\"date\""),
            format!("{GOOD},algorithm=\"none\""),
            GOOD.replace("keyId=\"k-1\",", ""),
            GOOD.replace("keyId=\"k-1\"", "keyId=\"\""),
            GOOD.replace("keyId=\"k-1\"", "keyId=k-1"),
            GOOD.replace("keyId=\"k-1\"", r#"keyId="k\-1""#),
            GOOD.replace("keyId=\"k-1\"", "keyId=\"k\u{e9}\""),
            GOOD.replace("keyId=\"k-1\"", "keyId=\"k\n\""),
            GOOD.replace("keyId=\"k-1\"", "keyId"),
            GOOD.replace("AQID", "AQI"),
            GOOD.replace("AQID", "AQ*D"),
            GOOD.replace("AQID\"", "AQID"),
            GOOD.replace(",signature=\"AQID\"", ""),
            GOOD.replace(" host date", " host host date"),
            GOOD.replace(" host date", "  host date"),
            GOOD.replace(" host date", " Host date"),
            GOOD.replace("headers=\"(request-target) host date\",", ""),
            GOOD.replace("(request-target) host date", ""),
            GOOD.replace("k-1", &"k".repeat(LONGEST)),
        ] {
            assert!(SignatureHeader::parse(&bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_ends_as_a_header_or_as_none(text in "\\PC{0,64}", place in 0..GOOD.len(), spoilt in "[ -~]") {
            let _ = SignatureHeader::parse(&text);
            let mut header = GOOD.to_owned();
            header.replace_range(place..=place, &spoilt);
            if let Some(read) = SignatureHeader::parse(&header) {
                prop_assert!(!read.key_id.is_empty() && !read.names.is_empty());
            }
        }
    }
}
