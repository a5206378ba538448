//! OAuth 2.0 client credentials (RFC 6749, 4.4).

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::authorization_value;
use super::basic::{BasicEncoding, basic};
use super::token::{FetchToken, FetchTokenFuture, FetchedToken, Replaces, TokenLifetime};
use crate::answer::is_json_object;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{Operation, Repeat};
use crate::realm::{Realm, RealmBuilder};
use crate::reply::RawReply;
use crate::secret::{Personal, Secret};
use crate::value::lenient;

/// Where the client's id and secret travel. Never in both places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// In the `Authorization` header, form-urlencoded as RFC 6749 says.
    #[default]
    Basic,
    /// In the `Authorization` header as they are, for servers that do not decode them.
    BasicUnencoded,
    /// In the form body, as `client_id` and `client_secret`.
    Body,
}

/// The OAuth 2.0 endpoints of a provider, and the client that asks there.
#[derive(Clone)]
pub struct OAuth2Endpoint {
    realm: Realm,
    client_id: Arc<str>,
    client_secret: Secret,
    authentication: ClientAuthentication,
}

impl OAuth2Endpoint {
    /// Endpoints of the realm that `realm` describes.
    ///
    /// # Errors
    ///
    /// A configuration error when the id or the secret is empty, or the base URL cannot be used.
    pub fn new(
        realm: RealmBuilder,
        client_id: &str,
        client_secret: Secret,
        authentication: ClientAuthentication,
    ) -> Result<Self> {
        let realm = match authentication {
            ClientAuthentication::Basic => realm.authorize(Arc::new(basic(
                client_id,
                &client_secret,
                BasicEncoding::FormUrlencoded,
            )?)),
            ClientAuthentication::BasicUnencoded => {
                realm.authorize(Arc::new(basic(client_id, &client_secret, BasicEncoding::Plain)?))
            }
            ClientAuthentication::Body => {
                if client_id.is_empty() || client_secret.is_empty() {
                    return Err(Error::configuration(
                        "the client id and the client secret must not be empty",
                    ));
                }
                realm
            }
        };
        Ok(Self {
            realm: realm.build()?,
            client_id: client_id.into(),
            client_secret,
            authentication,
        })
    }

    /// A form post to one of the endpoints. Both documented ones may be repeated.
    ///
    /// # Errors
    ///
    /// When the route does not make a URL.
    pub fn post(
        &self,
        name: &'static str,
        route: &'static str,
        fields: &[(&str, &str)],
    ) -> Result<Operation> {
        let operation = Operation::post(name, &self.realm, route, &[])?
            .repeat(Repeat::Safe)
            .form(fields);
        match self.authentication {
            ClientAuthentication::Basic | ClientAuthentication::BasicUnencoded => Ok(operation),
            ClientAuthentication::Body => operation
                .body_credential("client_id", Secret::new(&*self.client_id))?
                .body_credential("client_secret", self.client_secret.clone()),
        }
    }

    /// What tells this client apart from every other, for the key of a shared token.
    #[cfg(feature = "token-store")]
    pub(crate) fn key_parts(&self) -> [&str; 3] {
        [
            self.realm.base_url().as_str(),
            &self.client_id,
            self.client_secret.expose(),
        ]
    }
}

impl fmt::Debug for OAuth2Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth2Endpoint")
            .field("realm", &self.realm)
            .finish_non_exhaustive()
    }
}

/// Fetches a token for the client itself. Keeping it is the [`TokenCache`](super::TokenCache)'s work.
#[derive(Clone)]
pub struct ClientCredentials {
    client: Client,
    endpoint: OAuth2Endpoint,
    route: &'static str,
    scope: Arc<str>,
}

/// The name under which the token request appears in errors and logs.
const NAME: &str = "oauth2.token";

impl ClientCredentials {
    /// Fetches tokens at `route` for the scopes, which are separated by spaces.
    ///
    /// `client` lends its transport and clock. A fetch has its own three attempts and its own 15 s, and does
    /// not queue behind the calls that wait for it.
    #[must_use]
    pub fn new(client: &Client, endpoint: OAuth2Endpoint, route: &'static str, scope: &str) -> Self {
        Self {
            client: client.for_tokens(super::cache::FETCH_TIMEOUT),
            endpoint,
            route,
            scope: scope.into(),
        }
    }

    #[cfg(feature = "token-store")]
    pub(crate) fn key_parts(&self) -> [&str; 4] {
        let [base, id, secret] = self.endpoint.key_parts();
        [base, id, secret, &self.scope]
    }

    fn operation(&self) -> Result<Operation> {
        let mut fields = vec![("grant_type", "client_credentials")];
        if !self.scope.is_empty() {
            fields.push(("scope", &*self.scope));
        }
        self.endpoint.post(NAME, self.route, &fields)
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl FetchToken for ClientCredentials {
    fn fetch(&self, _replaces: Replaces) -> FetchTokenFuture {
        let client = self.client.clone();
        let operation = self.operation();
        Box::pin(async move {
            let sent_at = client.clock().now();
            let operation = operation?;
            let sent = client.call_raw(operation.clone()).send().await;
            let reply = sent.map_err(refused_client)?;
            read(&reply, sent_at).map_err(|error| operation.fail(error))
        })
    }
}

/// RFC 6749 answers bad credentials and scopes with 400 as well as 401; to the caller both are the
/// credential.
fn refused_client(mut error: Error) -> Error {
    let credential = matches!(
        error.code(),
        Some("invalid_client" | "invalid_scope" | "unauthorized_client" | "access_denied" | "invalid_grant")
    );
    if credential && error.status().is_some_and(|status| status.is_client_error()) {
        error.inner_mut().kind = ErrorKind::Auth;
    }
    error
}

#[derive(Deserialize)]
struct TokenAnswer<'a> {
    access_token: Secret,
    token_type: String,
    #[serde(borrow, default)]
    expires_in: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "lenient")]
    scope: Option<Personal<String>>,
}

/// None of these errors may quote the answer: it holds a token.
fn read(reply: &RawReply, sent_at: Instant) -> Result<FetchedToken> {
    let unreadable =
        || Error::decode("the token endpoint's answer is not a JSON object with access_token and token_type");
    if !is_json_object(reply.body()) {
        return Err(unreadable());
    }
    let answer: TokenAnswer<'_> = serde_json::from_slice(reply.body()).map_err(|_| unreadable())?;
    if !answer.token_type.eq_ignore_ascii_case("bearer") {
        return Err(Error::decode("the token endpoint's token_type is not bearer"));
    }
    if authorization_value("Bearer", &answer.access_token).is_err() {
        return Err(Error::decode(
            "the token endpoint's access_token is empty or has characters that cannot stand in a header",
        ));
    }
    Ok(FetchedToken {
        access_token: answer.access_token,
        lifetime: TokenLifetime::from_json(answer.expires_in),
        sent_at,
        scope: answer.scope,
    })
}
