//! Sessions: beginning them, and what becomes of them (contract identomat, 2.1).

mod begin;
mod conflicts;
mod delete;
mod flags;
mod steps;
mod token;
mod wait;
mod words;

use verikit_core::{Answer, Call, RawReply, Result, read_json};

use crate::answers::refuse_string;
use crate::client::Client;
use crate::results::SessionResult;
use crate::route;

pub use begin::{BeginSession, BegunSession, ConfigId};
pub use conflicts::FlagConflict;
pub use delete::DeletedSession;
pub use flags::Flags;
pub use steps::{Choice, Question, QuestionType, Step, StepType, Title};
pub use token::{SessionToken, WidgetEnd, WidgetUrl};
pub use wait::UntilProcessed;
pub use words::{CountryCode, DocumentType, GeneralDocumentType, Language};

/// Sessions.
///
/// The server begins a session and sends the user's browser to the widget. When the user comes back, the
/// server reads the result.
///
/// ```
/// # async fn example(client: &identomat::Client) -> identomat::Result<()> {
/// use identomat::{Flags, Outcome};
///
/// let flags = Flags::new().liveness(true).return_url("https://app.example.net/done");
/// let session = client.sessions().begin().flags(flags).await?;
/// // Store session.token, redirect to session.widget_url; when the user is back:
/// let result = client.sessions().result(&session.token).await?;
/// match &result.result {
///     _ if result.is_approved() && result.has_screening_matches() => println!("look at the matches first"),
///     _ if result.is_approved() => println!("welcome"),
///     Some(Outcome::ManualCheck | Outcome::InProgress) => println!("ask again later"),
///     _ => println!("no"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Sessions {
    client: Client,
}

impl Sessions {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Begins a session: by flags, by steps, by a configuration, or as the provider has it. Sent once: a
    /// repeat would be a second session, which may be billed; what costs money is not documented.
    ///
    /// `POST .../external-api/begin/`, contract identomat 2.1.
    ///
    /// # Errors
    ///
    /// [`ErrorCode`](crate::ErrorCode)s, also with status 200. A token of capital letters, digits and
    /// underscores alone would be taken for a code; documented ones are of small letters.
    pub fn begin(&self) -> BeginSession {
        BeginSession::new(self.client.clone())
    }

    /// Reads the result: `POST .../external-api/result/`, contract identomat 2.1 and 5. Not billed, as far as
    /// is documented; may be repeated.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::SessionNotFound`](crate::ErrorCode::SessionNotFound) and its like, also with status 200.
    pub fn result(&self, token: &SessionToken) -> Call<Answer<SessionResult>> {
        result(&self.client, token)
    }

    /// Waits until the session is no longer in progress.
    pub fn until_processed(&self, token: &SessionToken) -> UntilProcessed {
        UntilProcessed::new(self.client.clone(), token.clone())
    }

    /// Deletes a session and everything in it, and gives its data: `POST .../external-api/delete/`, contract
    /// identomat 2.1. Not billed, as far as is documented.
    ///
    /// **May be repeated**: when an answer gets lost, the repeat answers
    /// [`SessionNotFound`](crate::ErrorCode::SessionNotFound), and the data is gone. Read the result first if
    /// you need it.
    ///
    /// # Errors
    ///
    /// [`SessionNotFound`](crate::ErrorCode::SessionNotFound) and
    /// [`SessionInvalid`](crate::ErrorCode::SessionInvalid), also with status 200.
    pub fn delete(&self, token: &SessionToken) -> Call<Answer<DeletedSession>> {
        let operation = self.client.of_session(&route::DELETE, token);
        self.client.call(operation, read_object)
    }

    /// Where the user goes through a session whose token was stored.
    #[must_use]
    pub fn widget_url(&self, token: &SessionToken) -> WidgetUrl {
        WidgetUrl::new(self.client.widget_url(), token)
    }
}

fn result(client: &Client, token: &SessionToken) -> Call<Answer<SessionResult>> {
    let operation = client.of_session(&route::RESULT, token);
    client.call(operation, read_object)
}

fn read_object<T: serde::de::DeserializeOwned>(reply: &RawReply) -> Result<Answer<T>> {
    refuse_string(reply.body())?;
    read_json(reply)
}
