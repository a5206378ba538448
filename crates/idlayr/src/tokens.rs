//! OAuth2 tokens (contract idlayr, 2).

use std::time::Duration;

use verikit_core::auth::{FetchToken as _, FetchedToken, Replaces};
use verikit_core::{Call, Error, ErrorKind, Result, Secret};

use crate::client::Client;
use crate::config::Scope;

pub(crate) const TOKEN_ROUTE: &str = "/oauth2/v1/token";
const REVOKE_ROUTE: &str = "/oauth2/v1/revoke";

/// What kind of token is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TokenKind {
    /// A token that calls are made with.
    #[default]
    AccessToken,
    /// A token of an interactive login.
    RefreshToken,
}

impl TokenKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// A token for handing out to a device: it opens coverage and nothing else.
///
/// `Debug` shows how long it lives.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeviceToken {
    /// The token itself, for the device's `Authorization: Bearer`.
    pub access_token: Secret,
    /// How long it is valid, counted from the answer to [`Tokens::device_token`].
    pub expires_in: Duration,
}

/// The token operations.
#[derive(Debug, Clone)]
pub struct Tokens {
    client: Client,
}

impl Tokens {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The access token that calls are made with, fetched if there is none. For checking a set-up; calls need
    /// no help with their token.
    ///
    /// # Errors
    ///
    /// When the credentials are not accepted or the provider cannot be reached.
    pub fn access_token(&self) -> impl Future<Output = Result<Secret>> + Send + use<> {
        let cache = self.client.cache().clone();
        async move { cache.token().await.map(|(token, _)| token) }
    }

    /// Fetches a token with the scope `coverage` alone, for handing out to a device that asks whether it is
    /// reached (contract idlayr, 2.2 and 10). A new one each time, kept nowhere, never the one that this
    /// client makes calls with. Not billed. The credential must be allowed the scope; the client's own
    /// [`scopes`](crate::Config::scopes) need not have it.
    ///
    /// `POST /oauth2/v1/token`, contract idlayr 2.1.
    ///
    /// # Errors
    ///
    /// When the credentials or the scope are not accepted or the provider cannot be reached. An error of the
    /// kind [`Untrusted`](ErrorKind::Untrusted) when the answer does not say that the token has this scope
    /// alone, or when it is the token that this client makes calls with: no device must get either.
    pub fn device_token(&self) -> impl Future<Output = Result<DeviceToken>> + Send + use<> {
        let tokens = self.clone();
        async move {
            let client = &tokens.client;
            let token = client.device_tokens().fetch(Replaces::Nothing).await?;
            if let Some(reason) = tokens.reason_to_keep(&token) {
                return Err(Error::new(ErrorKind::Untrusted, reason).with_provider("idlayr"));
            }
            let age = client
                .core()
                .clock()
                .now()
                .saturating_duration_since(token.sent_at);
            Ok(DeviceToken {
                access_token: token.access_token,
                expires_in: token.lifetime.duration().saturating_sub(age),
            })
        }
    }

    /// Why a token must not be handed out.
    fn reason_to_keep(&self, token: &FetchedToken) -> Option<&'static str> {
        let granted = token.scope.as_ref().map_or("", |scope| scope.expose().as_str());
        if !granted.split_ascii_whitespace().eq([Scope::Coverage.as_str()]) {
            Some("the token for a device has other scopes than coverage, or does not say which")
        } else if self.client.cache().keeps(&token.access_token) {
            Some("the token for a device is the one that this client makes calls with")
        } else {
            None
        }
    }

    /// Revokes a token. The answer is the same whether or not the token was valid. Not billed; may be
    /// repeated.
    ///
    /// Revoking the token that this client uses costs its next call a 401, after which it renews the token
    /// and goes on.
    ///
    /// `POST /oauth2/v1/revoke`, contract idlayr 2.4.
    pub fn revoke(&self, token: &Secret, kind: TokenKind) -> Call<()> {
        let fields = [("token_type_hint", kind.as_str())];
        let operation = self.client.oauth2().post("oauth2.revoke", REVOKE_ROUTE, &fields);
        let operation = operation.and_then(|operation| operation.body_credential("token", token.clone()));
        self.client.core().call(operation, |_| Ok(()))
    }
}
