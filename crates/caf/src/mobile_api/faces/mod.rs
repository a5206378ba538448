//! Faces on the Mobile API (contract caf, 3).

mod attempt;
mod authenticate;
mod liveness;
mod register;

use verikit_core::value::ExtraMembers;
use verikit_core::{Personal, Result};

use crate::client::Client;
use crate::config::PROVIDER;
use crate::cpf::Cpf;
use crate::image_url;
use crate::transactions::is_plain_http;

pub use attempt::{
    GetMobileAttempt, MobileAttempt, MobileAttemptData, MobileAttemptFaceMatch, MobileAttemptId,
    MobileAttemptLiveness,
};
pub use authenticate::{
    AuthenticateMobileFace, AuthenticateMobileFaceSigned, MobileAuthentication, MobileDevice,
};
pub use liveness::{
    CheckMobileLiveness, CheckMobileLivenessSigned, LivenessMessage, MobileLiveness, MobilePerson,
};
pub use register::{MobileRegistration, RegisterMobileFace};

/// Liveness, registration and authentication of faces.
///
/// **Deprecated by the vendor** (contract caf, 3), which names no date of removal. In place of
///
/// - [`liveness`](Self::liveness): CAF's SDKs, with a session token of
///   [`sdk_sessions`](super::Mobile::sdk_sessions);
/// - [`register`](Self::register): [`register`](crate::core_api::CoreFaces::register) of the Core API;
/// - [`authenticate`](Self::authenticate) and [`attempt`](Self::attempt): CAF's SDKs, and
///   [`attempt`](crate::core_api::CoreFaces::attempt) of the Core API.
///
/// Pictures are given by their URL: the provider fetches them from there. A call about a person goes with a
/// token that is bound to that person. What a call costs is not documented.
#[derive(Debug, Clone)]
pub struct MobileFaces {
    client: Client,
}

impl MobileFaces {
    pub(in crate::mobile_api) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks whether a picture shows a living person. Sent once.
    ///
    /// `image_url` starts with `https://`. That the provider needs one is **inferred**: its table lists it as
    /// optional, and without one there is nothing to look at.
    ///
    /// `POST /faces/liveness`, contract caf, 3.1. **Deprecated by the vendor**: use its SDKs with a session
    /// token of [`sdk_sessions`](super::Mobile::sdk_sessions).
    ///
    /// ```
    /// # async fn example(client: &caf::Client, person: &caf::Cpf) -> caf::Result<bool> {
    /// let faces = client.mobile().faces();
    /// let liveness = faces.liveness("https://img.example.com/a.jpg").person(person).await?;
    /// if let Some(message) = &liveness.message {
    ///     println!("what to do better: {}", message.as_str());
    /// }
    /// Ok(liveness.is_alive)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An image URL that is not an https URL is refused before anything is sent. The provider answers 400
    /// when no token was sent, 401 when the token is not valid for this product, 500 when something broke;
    /// which of these hold here is **inferred** from the other routes.
    pub fn liveness(&self, image_url: impl Into<String>) -> CheckMobileLiveness {
        CheckMobileLiveness::new(self.client.clone(), image_url.into())
    }

    /// Links a face to a CPF, for later authentications. Sent once.
    ///
    /// `image_url` starts with `https://` and leads to a JPEG, PNG or BMP. The answer is never signed.
    ///
    /// `POST /faces/register`, contract caf, 3.2. **Deprecated by the vendor**: use
    /// [`CoreFaces::register`](crate::core_api::CoreFaces::register).
    ///
    /// ```
    /// # async fn example(client: &caf::Client, person: &caf::Cpf) -> caf::Result<()> {
    /// client.mobile().faces().register(person, "https://img.example.com/a.jpg").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An image URL that is not an https URL is refused before anything is sent. The provider answers 400
    /// when no token was sent (and **inferred** to bad data), 401 when the token is not valid for this
    /// product, 500 when something broke.
    pub fn register(&self, person: &Cpf, image_url: impl Into<String>) -> RegisterMobileFace {
        RegisterMobileFace::new(self.client.clone(), *person, image_url.into())
    }

    /// Compares a picture with the face that is linked to a CPF. Sent once.
    ///
    /// `POST /faces/authenticate`, contract caf, 3.3. **Deprecated by the vendor**: use its SDKs, and
    /// [`CoreFaces::attempt`](crate::core_api::CoreFaces::attempt).
    ///
    /// ```
    /// # async fn example(client: &caf::Client, person: &caf::Cpf) -> caf::Result<Option<bool>> {
    /// use caf::mobile_api::MobileRefusal;
    ///
    /// let faces = client.mobile().faces();
    /// match faces.authenticate(person, "https://img.example.com/b.jpg").await {
    ///     Ok(authentication) => Ok(Some(authentication.is_match)),
    ///     Err(error) if MobileRefusal::of(&error) == Some(MobileRefusal::NoFaceRegistered) => Ok(None),
    ///     Err(error) => Err(error),
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An image URL that is not an https URL is refused before anything is sent. The provider answers 404
    /// when no face is registered for the CPF, which
    /// [`MobileRefusal::NoFaceRegistered`](super::MobileRefusal) tells apart; 400 when no token was sent, 401
    /// when the token is not valid for this product, 500 when something broke.
    pub fn authenticate(&self, person: &Cpf, image_url: impl Into<String>) -> AuthenticateMobileFace {
        AuthenticateMobileFace::new(self.client.clone(), *person, image_url.into())
    }

    /// Reads an attempt to authenticate. Not billed, as far as is documented; may be repeated.
    ///
    /// The answer to [`authenticate`](Self::authenticate) has no such id: it comes from a webhook or from an
    /// SDK (**inferred**, contract caf, 3.4).
    ///
    /// `GET /faces/authenticate/{attemptId}`, contract caf, 3.4. **Deprecated by the vendor**: use
    /// [`CoreFaces::attempt`](crate::core_api::CoreFaces::attempt).
    ///
    /// ```
    /// # use std::error::Error;
    /// # async fn example(client: &caf::Client, person: &caf::Cpf) -> Result<bool, Box<dyn Error>> {
    /// use caf::mobile_api::MobileAttemptId;
    ///
    /// let id = MobileAttemptId::new("64b0c0ffee00000000000001")?;
    /// let attempt = client.mobile().faces().attempt(&id).for_person(person).await?;
    /// Ok(attempt.is_match_of(person))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The provider answers 404 when there is no such attempt, which
    /// [`MobileRefusal::NoSuchAttempt`](super::MobileRefusal) tells apart, and 401 to a token that it does
    /// not accept. An attempt without an id, or another one than was asked for, is a decode error.
    pub fn attempt(&self, attempt_id: &MobileAttemptId) -> GetMobileAttempt {
        GetMobileAttempt::new(self.client.clone(), attempt_id.clone())
    }
}

fn check_image_url(client: &Client, image_url: &Personal<String>) -> Result<()> {
    let plain_http = is_plain_http(&client.mobile_access().mobile);
    image_url::check_image_url(image_url.expose(), plain_http).map_err(|error| error.with_provider(PROVIDER))
}

/// Refuses extra members that would be there twice.
fn check_extra(extra: &ExtraMembers, typed: &[&str]) -> Result<()> {
    extra.check(typed).map_err(|error| error.with_provider(PROVIDER))
}

/// A builder that asks for a signed answer in place of a plain one.
macro_rules! signed_builder {
    ($(#[$meta:meta])* $name:ident of $plain:ident => $output:ty) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a call is sent when it is awaited"]
        pub struct $name {
            plain: $plain,
            options: CallOptions,
        }

        impl $name {
            fn new(mut plain: $plain) -> Self {
                let options = std::mem::take(&mut plain.options);
                Self { plain, options }
            }

            fn operation(&self) -> Result<Operation> {
                // The page's running text once has another spelling; this is the one of its tables and its
                // example.
                let operation = self.plain.operation_of($plain::SIGNED)?;
                Ok(operation.query("shouldSignResponse", "true"))
            }

            fn into_call(self) -> Call<Verified<$output>> {
                let operation = self.operation();
                let check = self.plain.check();
                let client = self.plain.client;
                let verifier = client.mobile().signed_responses();
                let read = move |reply: &RawReply| -> Result<Verified<$output>> {
                    let verified: Verified<$output> = verifier?.read(reply)?;
                    check(&verified).map(|()| verified)
                };
                client.core_loop().call(operation, read).with_options(self.options)
            }
        }

        verikit_core::forward_call!($name => Verified<$output>);
    };
}
use signed_builder;
