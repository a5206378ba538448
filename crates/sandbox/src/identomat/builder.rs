//! What the builder can be told about Identomat.

use std::time::Duration;

use url::Url;

use super::company::{IdentomatCompany, IdentomatHmac};
use super::outcome::{IdentomatErrorStatus, IdentomatResultShape};
use crate::sandbox::SandboxBuilder;

/// Identomat.
impl SandboxBuilder {
    /// Adds an Identomat company besides the default one.
    pub fn identomat_company(mut self, company: IdentomatCompany) -> Self {
        self.providers.identomat.companies.push(company);
        self
    }

    /// Whether the default company of Identomat has to sign its requests; not unless set.
    pub fn identomat_hmac(mut self, hmac: IdentomatHmac) -> Self {
        self.providers.identomat.hmac = hmac;
        self
    }

    /// Where the callbacks of Identomat's default company go; nowhere unless set. They are sent only to this
    /// machine over plain http, as the sandbox speaks no TLS; all others are kept for
    /// [`IdentomatSandbox::callbacks`](crate::IdentomatSandbox::callbacks).
    pub fn identomat_callback_url(mut self, url: Url) -> Self {
        self.providers.identomat.callback_url = Some(url);
        self
    }

    /// Within which time the end user has to open a session of Identomat; 15 minutes unless set, as
    /// documented. That it is the opening which they limit is the sandbox's choice.
    pub fn identomat_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.providers.identomat.token_lifetime = lifetime;
        self
    }

    /// The HTTP status of Identomat's errors; 200 unless set.
    pub fn identomat_error_status(mut self, status: IdentomatErrorStatus) -> Self {
        self.providers.identomat.error_status = status;
        self
    }

    /// Which generation of result bodies Identomat sends; the recent one unless set.
    pub fn identomat_result_shape(mut self, shape: IdentomatResultShape) -> Self {
        self.providers.identomat.result_shape = shape;
        self
    }
}
