//! The client and its handles.

use std::sync::Arc;

use http::Method;
use serde::Serialize;
use url::Url;
use verikit_core::{Call, Environment, Operation, RawReply, Realm, Result, Secret};

use crate::answers::admit;
use crate::config::{Config, PROVIDER};
use crate::error::{ErrorCode, read_facts};
use crate::media::Media;
use crate::raw_calls::{CallBytes, CallJson};
use crate::route::Route;
use crate::sessions::{SessionToken, Sessions};
use crate::signing::{HmacSigner, SignBody};
use crate::unconfirmed::Unconfirmed;

/// A client of Identomat for one company key.
///
/// Cheap to clone, usable from any number of tasks, made anywhere: it needs a tokio runtime only while a call
/// is awaited. Keep one a key.
///
/// ```no_run
/// # async fn example() -> identomat::Result<()> {
/// use identomat::{Client, Flags, Language};
///
/// let client = Client::from_env()?;
/// let flags = Flags::new().language(Language::En).liveness(true).return_url("https://app.example.net/done");
/// let session = client.sessions().begin().flags(flags).await?;
/// println!("send the user to {}", session.widget_url.expose());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    core: verikit_core::Client,
    realm: Realm,
    company_key: Secret,
    signer: Option<HmacSigner>,
    widget_url: Url,
}

impl Client {
    pub(crate) fn new(config: Config) -> Result<Self> {
        config.check()?;
        let own = |error: verikit_core::Error| error.with_provider(PROVIDER);
        let widget_url = config.parse_widget_url()?;
        let signer = config.signer.transpose().map_err(own)?;
        let plain_http = config.settings.allows_plain_http();
        let core = verikit_core::Client::new(config.settings).map_err(own)?;
        let mut realm = Realm::builder(PROVIDER, config.base_url)
            .known_codes(ErrorCode::WORDS)
            .read_error_facts(read_facts)
            .dangerously_allow_plain_http(plain_http);
        if let Some(signer) = &signer {
            realm = realm.authorize(Arc::new(SignBody(signer.clone())));
        }
        Ok(Self(Arc::new(Inner {
            core,
            realm: realm.build()?,
            company_key: config.company_key,
            signer,
            widget_url,
        })))
    }

    /// Starts with a company key, from the vendor's dashboard.
    pub fn builder(company_key: impl Into<Secret>) -> Config {
        Config::new(company_key)
    }

    /// Makes a client from the environment: `IDENTOMAT_COMPANY_KEY` and the optional variables of
    /// [`Config::from_environment`].
    ///
    /// # Errors
    ///
    /// A configuration error that names the variable.
    pub fn from_env() -> Result<Self> {
        Config::from_environment(&Environment::default())?.build()
    }

    /// Sessions: beginning, results, deleting.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.clone())
    }

    /// The images and the video of a session.
    #[must_use]
    pub fn media(&self) -> Media {
        Media::new(self.clone())
    }

    /// Calls whose paths, parameters or answers no public document confirms.
    #[must_use]
    pub fn unconfirmed(&self) -> Unconfirmed {
        Unconfirmed::new(self.clone())
    }

    /// A call of a path that has no typed call here (AML screening, blacklist, video call, image processing),
    /// for JSON: signed, limited and redacted as every other, with the same rules for errors. Sent **once**
    /// unless [`repeat`](CallJson::repeat) says otherwise.
    ///
    /// `path` is below the base URL, `result/card-front/` for example; each segment is percent-encoded, and a
    /// slash is added at the end. `parameters` serialises to an object, or to null for none. The company key
    /// is added to it.
    ///
    /// A JSON string of capital letters is an error code and ends as an error, whatever the path.
    ///
    /// ```
    /// # async fn example(client: &identomat::Client) -> identomat::Result<()> {
    /// use std::collections::BTreeMap;
    ///
    /// // The path is made up: take it from the vendor's reference.
    /// let parameters = BTreeMap::from([("name", "ANNA EXAMPLE")]);
    /// let answer = client.call_json("some/path/", &parameters).await?;
    /// let found = answer.expose()["found"].as_bool();
    /// # drop(found);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_json(&self, path: &str, parameters: &(impl Serialize + ?Sized)) -> CallJson {
        CallJson::new(self.clone(), path, parameters)
    }

    /// The same for a file.
    ///
    /// ```
    /// # async fn example(client: &identomat::Client, token: &identomat::SessionToken) -> identomat::Result<()> {
    /// use identomat::Repeat;
    ///
    /// // The path is made up: take it from the vendor's reference.
    /// let call = client.call_bytes("result/some-report/", &()).session(token).repeat(Repeat::Safe);
    /// let report = call.await?;
    /// println!("{} bytes", report.bytes.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_bytes(&self, path: &str, parameters: &(impl Serialize + ?Sized)) -> CallBytes {
        CallBytes::new(self.clone(), path, parameters)
    }

    pub(crate) fn core(&self) -> &verikit_core::Client {
        &self.0.core
    }

    pub(crate) fn realm(&self) -> &Realm {
        &self.0.realm
    }

    pub(crate) fn company_key(&self) -> &Secret {
        &self.0.company_key
    }

    pub(crate) fn signer(&self) -> Option<&HmacSigner> {
        self.0.signer.as_ref()
    }

    pub(crate) fn widget_url(&self) -> &Url {
        &self.0.widget_url
    }

    /// An operation on a session.
    pub(crate) fn of_session(&self, route: &'static Route, token: &SessionToken) -> Result<Operation> {
        self.operation(route)?
            .body_credential("company_key", self.company_key().clone())?
            .body_credential("session_token", token.secret().clone())
    }

    /// An operation without its body.
    pub(crate) fn operation(&self, route: &'static Route) -> Result<Operation> {
        Operation::new(
            Method::POST,
            route.repeat,
            route.name,
            self.realm(),
            route.path,
            &[],
        )
    }

    /// A call whose answer is read when it may be.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        operation: Result<Operation>,
        read: impl FnOnce(&RawReply) -> Result<T> + Send + 'static,
    ) -> Call<T> {
        let signer = self.signer().cloned();
        self.core().call(operation, move |reply| {
            admit(signer.as_ref(), reply)?;
            read(reply)
        })
    }
}
