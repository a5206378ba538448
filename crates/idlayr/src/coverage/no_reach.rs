//! Answers that say that there is no reach, told from errors (contract idlayr, 10, 15.2 and 16).

use http::StatusCode;
use serde::Deserialize;
use verikit_core::Reply;
use verikit_core::value::lenient;

use crate::error::ProblemCode;
use crate::hal::object;

/// Why there is no reach.
///
/// ```
/// # async fn example(client: &idlayr::Client, phone_ip: std::net::IpAddr) -> idlayr::Result<()> {
/// use idlayr::NoReach;
///
/// let reply = client.coverage().device_ip(phone_ip).send_with_metadata().await?;
/// if let Some(NoReach::NotMobileIp) = NoReach::of(&reply) {
///     println!("ask the user to switch off Wi-Fi");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoReach {
    /// 404: the platform says no more than that.
    Unspecified,
    /// 400 `mno_not_supported`: the operator is not connected.
    MnoNotSupported,
    /// 412: the address is outside any mobile network.
    NotMobileIp,
}

impl NoReach {
    /// Why an answer of [`Coverage`](crate::Coverage) is `None`, and nothing for an answer that is not.
    #[must_use]
    pub fn of<T>(reply: &Reply<Option<T>>) -> Option<Self> {
        match (reply.value(), reply.status()) {
            (Some(_), _) => None,
            (None, StatusCode::BAD_REQUEST) => Some(Self::MnoNotSupported),
            (None, StatusCode::PRECONDITION_FAILED) => Some(Self::NotMobileIp),
            (None, _) => Some(Self::Unspecified),
        }
    }
}

/// The members of a problem. One of them at least makes an object a problem: a 404 of anybody else, who never
/// heard of the route, must not count as an answer about a country.
#[derive(Deserialize)]
struct Problem {
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    address: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    detail: Option<String>,
}

impl Problem {
    fn read(body: &[u8]) -> Option<Self> {
        let problem: Self = object(body)?;
        let named = problem.address.is_some() || problem.title.is_some() || problem.detail.is_some();
        named.then_some(problem)
    }

    fn says_no_reach(&self) -> bool {
        let detail = self.detail.as_deref().unwrap_or_default();
        detail.trim().eq_ignore_ascii_case("no reach")
    }

    fn has_code(&self, code: &ProblemCode) -> bool {
        let address = self.address.as_deref().unwrap_or_default();
        address
            .split_once('#')
            .is_some_and(|(_, written)| written == code.as_str())
    }
}

/// 404 is documented for countries.
pub(super) fn in_country(status: StatusCode, body: &[u8]) -> bool {
    status == StatusCode::NOT_FOUND && Problem::read(body).is_some()
}

/// 400 and 412 are documented for addresses; a 404 is known by what the vendor's own client makes of it.
pub(super) fn at_address(status: StatusCode, body: &[u8]) -> bool {
    Problem::read(body).is_some_and(|problem| match status {
        StatusCode::NOT_FOUND => problem.says_no_reach(),
        StatusCode::BAD_REQUEST => problem.has_code(&ProblemCode::MnoNotSupported),
        StatusCode::PRECONDITION_FAILED => true,
        _ => false,
    })
}
