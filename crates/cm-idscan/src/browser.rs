//! What the user's browser brings back (contract cm-idscan, 8).

use verikit_core::{Error, Result};

use crate::config::PROVIDER;
use crate::transactions::{ResultId, TransactionId, TransactionState};

/// What stands in the query of a return URL. It comes through the user's hands, it is not signed, and it
/// proves nothing: compare the transaction with the one in the user's session, then read it.
///
/// ```
/// use cm_idscan::BrowserReturn;
///
/// let returned = BrowserReturn::from_url(
///     "https://app.example.net/done?trxid=0a0a0a0a-1111-4222-8333-444444444444&state=completed\
///      &resultid=5b5b5b5b-6666-4777-8888-999999999999",
/// )?;
/// assert!(returned.result_id.is_some());
/// # Ok::<(), cm_idscan::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrowserReturn {
    /// The transaction, `trxid`.
    pub transaction_id: TransactionId,
    /// What the browser says of its state.
    pub state: Option<TransactionState>,
    /// Its result, `resultid`. A phone that the user was handed over to does not bring it.
    pub result_id: Option<ResultId>,
}

impl BrowserReturn {
    /// Reads the URL that the browser came to, or its path and query.
    ///
    /// # Errors
    ///
    /// When the query lacks `trxid`, has one of its members twice, or an identifier that cannot be one.
    pub fn from_url(url: &str) -> Result<Self> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        let (_, query) = url
            .split_once('?')
            .ok_or_else(|| refuse("the return URL has no query"))?;
        Self::from_query(query)
    }

    /// Reads the query of that URL, without the question mark.
    ///
    /// # Errors
    ///
    /// As [`from_url`](BrowserReturn::from_url).
    pub fn from_query(query: &str) -> Result<Self> {
        let [mut transaction_id, mut state, mut result_id] = [const { None }; 3];
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "trxid" => &mut transaction_id,
                "state" => &mut state,
                "resultid" => &mut result_id,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(refuse("the return URL has a member twice"));
            }
        }
        let transaction_id = transaction_id.ok_or_else(|| refuse("the return URL has no trxid"))?;
        Ok(Self {
            transaction_id: TransactionId::new(&transaction_id)
                .map_err(|error| refuse("the return URL's trxid cannot be used").with_source(error))?,
            state: state.as_deref().map(TransactionState::from),
            // There is no result to name before there is one.
            result_id: result_id
                .filter(|result_id| !result_id.is_empty())
                .map(ResultId::new)
                .transpose()
                .map_err(|error| refuse("the return URL's resultid cannot be used").with_source(error))?,
        })
    }
}

fn refuse(detail: &'static str) -> Error {
    Error::invalid_input(detail).with_provider(PROVIDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSACTION: &str = "0a0a0a0a-1111-4222-8333-444444444444";
    const RESULT: &str = "5b5b5b5b-6666-4777-8888-999999999999";

    #[test]
    fn a_browser_and_a_phone_come_back() {
        let url = format!("/done?a=1&trxid={TRANSACTION}&state=completed&resultid={RESULT}#top");
        let returned = BrowserReturn::from_url(&url).unwrap();
        assert_eq!(returned.transaction_id.as_str(), TRANSACTION);
        assert_eq!(returned.state, Some(TransactionState::Completed));
        assert_eq!(returned.result_id.unwrap().as_str(), RESULT);

        let phone = BrowserReturn::from_query(&format!("trxid={TRANSACTION}&state=given%20up")).unwrap();
        assert!(phone.state.unwrap().is_unknown());
        assert_eq!(phone.result_id, None);
        let bare = BrowserReturn::from_query(&format!("trxid={TRANSACTION}&resultid=")).unwrap();
        assert_eq!((bare.state, bare.result_id), (None, None));
    }

    #[test]
    fn what_is_ambiguous_or_incomplete_is_refused() {
        for url in [
            String::from("https://app.example.net/done"),
            String::from("/done?"),
            format!("/done?resultid={RESULT}"),
            format!("/done?trxid={TRANSACTION}&trxid={RESULT}"),
            format!("/done?trxid={TRANSACTION}&resultid={RESULT}&resultid={TRANSACTION}"),
            format!("/done?trxid={TRANSACTION}&state=completed&state=completed"),
            format!("/done#?trxid={TRANSACTION}"),
            String::from("/done?trxid=.."),
            format!("/done?trxid={TRANSACTION}&resultid=."),
            format!("/done?trxid={TRANSACTION}&resultid=a%0Ab"),
            format!("/done?trxid={}", "a".repeat(257)),
        ] {
            let error = BrowserReturn::from_url(&url).unwrap_err();
            assert!(error.is_invalid_input(), "{url}");
            assert!(!format!("{error} {error:?}").contains(TRANSACTION), "{error}");
        }
    }
}
