//! OAuth2 tokens (contract idlayr, 2).

use verikit_core::{Call, Result, Secret};

use crate::client::Client;

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
    pub async fn access_token(&self) -> Result<Secret> {
        self.client.cache().token().await.map(|(token, _)| token)
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
