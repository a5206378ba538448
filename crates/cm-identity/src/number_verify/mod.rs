//! Number verify (contract cm-identity, 3.3 and 3.4): does the phone that opens a URL over mobile data have
//! this number?

mod types;
mod wait;

use std::time::Duration;

use serde::Serialize;
use verikit_core::value::check_callback_url;
use verikit_core::{Answer, Call, Error, Operation, PhoneNumber, RawReply, Result, read_json};

use crate::client::Client;
use crate::config::PROVIDER;

pub use types::{CreatedNumberVerify, NumberVerify, NumberVerifyId, NumberVerifyState, SessionUrl};
pub use wait::UntilFinal;

/// The number verify operations.
///
/// The server creates a check and hands its session URL to the phone; the phone opens it over mobile data;
/// the operator recognises the SIM. The server hears of the end by the callback
/// ([`CallbackKeys`](crate::CallbackKeys)), or asks for it.
///
/// ```
/// # async fn example(client: &cm_identity::Client) -> Result<bool, Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use cm_identity::PhoneNumber;
///
/// let number = PhoneNumber::parse("+31 6 00000042")?;
/// let check = client
///     .number_verify()
///     .create(number, "https://app.example.net/callbacks/cm")
///     .await?;
/// println!("open this on the phone, over mobile data: {}", check.session_url.expose());
/// let check = client
///     .number_verify()
///     .until_final(&check.id, Duration::from_secs(120))
///     .await?;
/// Ok(check.is_match())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct NumberVerifies {
    client: Client,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    /// Written as E.164 with its `+`.
    phone_number: PhoneNumber,
    callback_url: &'a str,
}

impl NumberVerifies {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Starts a check of a number. Sent once: a repeat would be a second check, and may be **billed**; what a
    /// check costs, and when, is not documented.
    ///
    /// `callback_url` hears of the end, and must be https. A client of a sandbox on plain http takes a plain
    /// http address of this machine too.
    ///
    /// `POST /number-verify`, contract cm-identity 3.3.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, when the callback URL is
    /// not such a URL. Which errors the vendor answers with is not documented.
    pub fn create(
        &self,
        number: PhoneNumber,
        callback_url: impl AsRef<str>,
    ) -> Call<Answer<CreatedNumberVerify>> {
        let callback_url = callback_url.as_ref();
        let body = Body {
            phone_number: number,
            callback_url,
        };
        // What the vendor takes begins with `https://` (contract cm-identity, 3.3).
        let operation = check_callback_url(callback_url, self.client.is_plain_http())
            .map_err(|error| error.with_provider(PROVIDER))
            .and_then(|()| {
                Operation::post("number_verify.create", self.client.realm(), "/number-verify", &[])
            })
            .and_then(|operation| operation.json(&body));
        self.client.core().call(operation, read_json)
    }

    /// Reads a check. Whether reading is billed is not documented; it may be repeated.
    ///
    /// `GET /number-verify/{transactionId}`, contract cm-identity 3.4.
    ///
    /// # Errors
    ///
    /// An answer about another check than the one asked for is an error of the kind
    /// [`Decode`](crate::ErrorKind::Decode). Which errors the vendor answers with is not documented.
    pub fn get(&self, id: &NumberVerifyId) -> Call<Answer<NumberVerify>> {
        get(&self.client, id)
    }

    /// Asks for a check until it is `completed` or `failed`, for `within` at most. How long a check lives is
    /// not documented, so this time is yours to choose. See [`UntilFinal`].
    pub fn until_final(&self, id: &NumberVerifyId, within: Duration) -> UntilFinal {
        UntilFinal::new(self.client.clone(), id.clone(), within)
    }
}

fn get(client: &Client, id: &NumberVerifyId) -> Call<Answer<NumberVerify>> {
    let operation = Operation::get(
        "number_verify.get",
        client.realm(),
        "/number-verify/{transactionId}",
        &[id.as_str()],
    );
    let expected = id.clone();
    client
        .core()
        .call(operation, move |reply| read_check(reply, &expected))
}

/// Reads a check, and makes sure that it is the one that was asked for.
fn read_check(reply: &RawReply, expected: &NumberVerifyId) -> Result<Answer<NumberVerify>> {
    let check: Answer<NumberVerify> = read_json(reply)?;
    if check.id.as_str().eq_ignore_ascii_case(expected.as_str()) {
        Ok(check)
    } else {
        Err(Error::decode(
            "the answer is about another check than the one that was asked for",
        ))
    }
}
