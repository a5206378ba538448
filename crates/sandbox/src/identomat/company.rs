//! A customer: its keys, and whether its requests are signed.

use std::fmt;

use url::Url;

use crate::random::Random;

/// Whether a company's requests have to be signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentomatHmac {
    /// Requests may be unsigned. A signature that is there must be right, and its answer is signed.
    #[default]
    Optional,
    /// Unsigned requests are refused.
    Required,
}

/// A company with its keys, known to the emulated Identomat from the start.
///
/// ```
/// use verikit_sandbox::{IdentomatCompany, IdentomatHmac};
///
/// let company = IdentomatCompany::new("my-company", "my secret").hmac(IdentomatHmac::Required);
/// assert!(!format!("{company:?}").contains("my secret"));
/// ```
#[derive(Clone)]
#[must_use = "hand it to `SandboxBuilder::identomat_company`"]
pub struct IdentomatCompany {
    pub(super) company_key: String,
    pub(super) secret_key: String,
    pub(super) callback_api_key: String,
    pub(super) callback_url: Option<Url>,
    pub(super) hmac: IdentomatHmac,
}

impl IdentomatCompany {
    /// A company that may sign its requests. Its callback API key is `callback-` and the company key.
    pub fn new(company_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        let company_key = company_key.into();
        Self {
            callback_api_key: format!("callback-{company_key}"),
            company_key,
            secret_key: secret_key.into(),
            callback_url: None,
            hmac: IdentomatHmac::default(),
        }
    }

    pub(super) fn generated(random: &mut Random) -> Self {
        Self {
            callback_api_key: random.text(40),
            ..Self::new(random.text(40), random.text(64))
        }
    }

    /// Sets whether its requests have to be signed.
    pub fn hmac(mut self, hmac: IdentomatHmac) -> Self {
        self.hmac = hmac;
        self
    }

    /// Sets the key that its callbacks carry.
    pub fn callback_api_key(mut self, key: impl Into<String>) -> Self {
        self.callback_api_key = key.into();
        self
    }

    /// Sets where its callbacks go. They are sent only to this machine over plain http, as the sandbox speaks
    /// no TLS; all others are kept for [`IdentomatSandbox::callbacks`](crate::IdentomatSandbox::callbacks).
    pub fn callback_url(mut self, url: Url) -> Self {
        self.callback_url = Some(url);
        self
    }
}

/// All three keys are credentials, and the URL may hold one.
impl fmt::Debug for IdentomatCompany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentomatCompany")
            .field("hmac", &self.hmac)
            .finish_non_exhaustive()
    }
}
