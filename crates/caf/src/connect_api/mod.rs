//! The Connect API (contract caf, 6): transactions and files behind OAuth2, and webhooks that are signed.

mod events;
mod files;
mod form_data;
mod transactions;
mod webhooks;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method};
use verikit_core::auth::{
    Authorize, Bearer, ClientAuthentication, ClientCredentials, OAuth2Endpoint, TokenCache,
};
use verikit_core::{Answer, Call, Error, Realm, RealmBuilder, Request, Result, Secret};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::credential::Missing;
use crate::error::read_facts;

pub use events::{
    CommunicationChannel, ConnectEvent, ConnectEventData, ConnectEventId, ConnectEventSource,
    ConnectEventType,
};
pub use files::UploadedFile;
pub use transactions::ConnectTransactions;
pub use webhooks::ConnectWebhookKeys;

const TOKEN_ROUTE: &str = "/oauth2/token";

const NO_APPLICATION: &str = "the Connect API needs an application of Trust: set `connect_application`";

/// What its calls go with.
#[derive(Debug)]
pub(crate) struct Access {
    realm: Realm,
    /// None without an application.
    cache: Option<TokenCache>,
}

impl Access {
    pub(crate) fn new(config: &Config, foundation: &Foundation) -> Result<Self> {
        let realm = |base_url: &str| -> RealmBuilder {
            Realm::builder(PROVIDER, base_url)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
        };
        let addresses = &config.addresses;
        let token_base_url = addresses.connect_token.as_ref().unwrap_or(&addresses.connect);
        let cache = token_cache(config, foundation, realm(token_base_url))?;
        let authorize: Arc<dyn Authorize> = match &cache {
            Some(cache) => Arc::new(Bearer::new(cache.clone())),
            None => Arc::new(Missing(NO_APPLICATION)),
        };
        Ok(Self {
            realm: realm(&addresses.connect).authorize(authorize).build()?,
            cache,
        })
    }
}

fn token_cache(config: &Config, foundation: &Foundation, realm: RealmBuilder) -> Result<Option<TokenCache>> {
    let Some(application) = &config.connect_application else {
        return Ok(None);
    };
    let endpoint = OAuth2Endpoint::new(
        realm,
        &application.id,
        application.secret.clone(),
        ClientAuthentication::Body,
    )?;
    let credentials = ClientCredentials::new(&foundation.core, endpoint, TOKEN_ROUTE, "");
    let clock = Arc::clone(&foundation.clock);
    #[cfg(feature = "token-store")]
    if let Some(store) = &config.token_store {
        let shared = verikit_core::auth::store::SharedClientCredentials::new(
            credentials,
            Arc::clone(store),
            Arc::clone(&clock),
        );
        return Ok(Some(TokenCache::new(Arc::new(shared), clock)));
    }
    Ok(Some(TokenCache::new(Arc::new(credentials), clock)))
}

/// The Connect API. Its access tokens are fetched, kept and renewed without help.
#[derive(Debug, Clone)]
pub struct Connect {
    client: Client,
}

impl Connect {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Transactions.
    #[must_use]
    pub fn transactions(&self) -> ConnectTransactions {
        ConnectTransactions::new(self.client.clone())
    }

    /// Puts a file into CAF's temporary storage. Its answer names it, for the transaction that it is meant
    /// for. Sent **once**; not billed, as far as is documented. The permission is "Upload Document".
    ///
    /// `file_name` is a name without a path, `media_type` is such as `image/jpeg`. Requests of more than 10
    /// MB were once documented to be refused (contract caf, 1); nothing is refused for its size here.
    ///
    /// `POST /v1/transactions/files`, contract caf, 6.3. **Unconfirmed**: that there is an upload is
    /// documented; the route, the form's field and the answer come from third parties.
    ///
    /// # Errors
    ///
    /// An empty file, a name with a path, a quotation mark or control characters in it and what is no media
    /// type are refused before anything is sent. An answer without `data.filename` is a decode error, and the
    /// file was stored.
    pub fn upload_file(
        &self,
        file_name: impl AsRef<str>,
        media_type: impl AsRef<str>,
        content: impl Into<Bytes>,
    ) -> Call<Answer<UploadedFile>> {
        files::upload(
            &self.client,
            file_name.as_ref(),
            media_type.as_ref(),
            &content.into(),
        )
    }

    /// The access token that calls are made with, fetched if there is none. For checking a set-up; calls need
    /// no help with their token.
    ///
    /// `POST /oauth2/token`, contract caf, 6.1.
    ///
    /// # Errors
    ///
    /// When the application's id and secret are not accepted, or CAF cannot be reached. Without an
    /// application a configuration error, and nothing is sent.
    pub async fn access_token(&self) -> Result<Secret> {
        match &self.client.connect_access().cache {
            Some(cache) => cache.token().await.map(|(token, _)| token),
            None => Err(Error::configuration(NO_APPLICATION).with_provider(PROVIDER)),
        }
    }

    /// A request to a route that has no typed call here, authorised as every other of the Connect API. Its
    /// paths start with `v1`. Sent **once** unless [`repeat`](Request::repeat) says otherwise.
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        // What such a route answers with is not known.
        Request::new(self.client.core_loop(), realm(&self.client), method, segments)
            .accept(HeaderValue::from_static("*/*"))
    }
}

fn realm(client: &Client) -> &Realm {
    &client.connect_access().realm
}
