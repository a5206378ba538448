//! The signature that a redirect URL may carry in its query (contract idlayr, 8.4).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use url::form_urlencoded;

use super::signed::Refusal;

/// With or without padding: `=` is among what gets lost on the way through a query.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whether a redirect URL is signed. One whose signature is not the platform's is an error.
///
/// The platform does not sign every redirect. Whether an unsigned one will do is yours to decide: take
/// [`Absent`](RedirectSignature::Absent) for a refusal once you know that yours are signed, since anybody can
/// take a signature away. Whatever it is, the answer to [`complete`](crate::PhoneChecks::complete) is the
/// proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "an unsigned redirect is no error, and anybody can take a signature away"]
pub enum RedirectSignature {
    /// The URL carries none.
    Absent,
    /// It is the platform's, over this very path and query and the configured host.
    Valid,
}

impl RedirectSignature {
    /// Whether there is a signature and it is valid.
    #[must_use]
    pub fn is_valid(self) -> bool {
        matches!(self, Self::Valid)
    }
}

/// A redirect URL's signature, and the URL's path and query without it.
pub(super) struct SignedTarget {
    pub(super) authorization: String,
    pub(super) date: String,
    /// In its original bytes, and as the vendor's example writes it anew.
    pub(super) targets: [String; 2],
}

/// Takes a URL, or its path and query, apart. `None` if it carries no signature.
pub(super) fn take_apart(url: &str) -> Result<Option<SignedTarget>, Refusal> {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let Some((path, query)) = url.split_once('?') else {
        return Ok(None);
    };
    // A path may have `://` in it too, and nothing may be put before the path that was signed.
    let path = match path.split_once("://") {
        Some((_, rest)) if !path.starts_with('/') => {
            rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
        }
        _ => path,
    };
    let [mut authorization, mut date] = [None; 2];
    let mut others = Vec::new();
    for member in query.split('&') {
        let place = match &*name_of(member) {
            "authorization" => &mut authorization,
            "date" => &mut date,
            _ => {
                others.push(member);
                continue;
            }
        };
        if place.replace(member).is_some() {
            return Err("the redirect has a part of its signature twice");
        }
    }
    let (authorization, date) = match (authorization, date) {
        (None, None) => return Ok(None),
        (Some(authorization), Some(date)) => (authorization, date),
        _ => return Err("the redirect has only a part of its signature"),
    };
    let unreadable = "the redirect's authorization and date are not base64";
    let original = others.join("&");
    let mut anew = form_urlencoded::Serializer::new(String::new());
    anew.extend_pairs(form_urlencoded::parse(original.as_bytes()));
    Ok(Some(SignedTarget {
        authorization: text_of(authorization).ok_or(unreadable)?,
        date: text_of(date).ok_or(unreadable)?,
        targets: [original, anew.finish()].map(|query| {
            if query.is_empty() {
                path.to_owned()
            } else {
                format!("{path}?{query}")
            }
        }),
    }))
}

fn name_of(member: &str) -> String {
    let pair = form_urlencoded::parse(member.as_bytes()).next();
    pair.map(|(name, _)| name.into_owned()).unwrap_or_default()
}

/// A member's value out of its base64. A `+` stands for itself: it is a letter of base64, and a space is not.
fn text_of(member: &str) -> Option<String> {
    let member = member.replace('+', "%2B");
    let (_, value) = form_urlencoded::parse(member.as_bytes()).next()?;
    String::from_utf8(BASE64.decode(value.as_bytes()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_remains_keeps_its_bytes_and_their_order() {
        let date = "U3VuLCAwNiBOb3YgMTk5NCAwODo0OTozNyBHTVQ=";
        for url in [
            format!(
                "https://app.example.net/a%2fb?z=%7e+1&authorization=PHg+&check_id=7&&date={date}&a=#top"
            ),
            format!(
                "/a%2fb?z=%7e+1&authorization=PHg%2B&check_id=7&&d%61te={}&a=",
                date.replace('=', "")
            ),
        ] {
            let taken = take_apart(&url).unwrap().unwrap();
            assert_eq!(taken.authorization, "<x>");
            assert_eq!(taken.date, "Sun, 06 Nov 1994 08:49:37 GMT");
            assert_eq!(
                taken.targets,
                ["/a%2fb?z=%7e+1&check_id=7&&a=", "/a%2fb?z=%7E+1&check_id=7&a="]
            );
        }
        for target in ["/a://b/c", "//a/b", "/https://app.example.net/a"] {
            let url = format!("{target}?authorization=PHg+&date=PHg+");
            assert_eq!(take_apart(&url).unwrap().unwrap().targets, [target, target]);
        }
        let taken = take_apart("https://app.example.net?authorization=PHg+&date=PHg+")
            .unwrap()
            .unwrap();
        assert_eq!(taken.targets, ["/", "/"]);
    }

    #[test]
    fn no_signature_is_not_half_a_signature() {
        for absent in [
            "/done",
            "/done?",
            "/done?check_id=7",
            "/done?authorisation=x&Date=y",
            "",
            "/d#?date=x",
        ] {
            assert!(take_apart(absent).unwrap().is_none(), "{absent}");
        }
        for bad in [
            "/done?authorization=PHg+",
            "/done?date=PHg+",
            "/done?date=PHg+&authorization=PHg+&date=PHg+",
            "/done?date=PHg+&authorization=PHg+&authorization=PHg+",
            "/done?date=PHg+&authorization=PHg-",
            "/done?date=PHg+&authorization=P",
            "/done?date=PHg+&authorization=gICA",
            "/done?date&authorization=%",
        ] {
            assert!(take_apart(bad).is_err(), "{bad}");
        }
    }
}
