//! The ways to create a PhoneCheck that are compared.

use std::future::Future;
use std::hint::black_box;
use std::sync::Arc;

use idlayr::PhoneNumber;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::Outcome;
use crate::serve::{CHECK_ID, CREATE_PATH, TOKEN};

const NUMBER: &str = "447700900042";

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Case {
    /// reqwest and serde by hand with a token that never changes, as one writes it on the first day.
    Hand,
    /// The same with at most 256 calls at once.
    #[serde(rename = "hand-256")]
    Hand256,
    /// The idlayr client as it comes: token cache, retry, deadline, limits, redaction, at most 256 calls at
    /// once.
    Idlayr,
}

impl Case {
    /// In the order in which they take turns.
    pub(crate) const ALL: [Self; 3] = [Self::Hand, Self::Hand256, Self::Idlayr];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Hand256 => "hand-256",
            Self::Idlayr => "idlayr",
        }
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|case| case.name() == name)
    }
}

/// Creates one check and makes sure that the answer is the one of the server.
pub(crate) trait Caller: Clone + Send + Sync + 'static {
    fn call(&self) -> impl Future<Output = Outcome<()>> + Send;
}

#[derive(Serialize)]
struct Create<'a> {
    phone_number: &'a str,
}

/// What somebody who writes this by hand would read.
#[derive(Deserialize)]
#[allow(dead_code, reason = "reading them is what costs")]
struct Created {
    check_id: String,
    status: String,
    ttl: Option<u64>,
    reference_id: Option<String>,
    charge_amount: Option<f64>,
    charge_currency: Option<String>,
    snapshot_balance: Option<f64>,
    created_at: Option<String>,
    #[serde(rename = "_links")]
    links: Links,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading it is what costs")]
struct Links {
    check_url: Link,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "reading it is what costs")]
struct Link {
    href: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Hand {
    client: reqwest::Client,
    url: Arc<str>,
    cap: Option<Arc<Semaphore>>,
}

impl Hand {
    pub(crate) fn new(base_url: &str, cap: Option<usize>) -> Self {
        Self {
            client: reqwest::Client::new(),
            url: format!("{base_url}{CREATE_PATH}").into(),
            cap: cap.map(|calls| Arc::new(Semaphore::new(calls))),
        }
    }

    async fn create(&self) -> reqwest::Result<Created> {
        let body = Create { phone_number: NUMBER };
        let response = self
            .client
            .post(&*self.url)
            .bearer_auth(TOKEN)
            .json(&body)
            .send()
            .await?;
        response.error_for_status()?.json::<Created>().await
    }
}

impl Caller for Hand {
    async fn call(&self) -> Outcome<()> {
        let _place = match &self.cap {
            Some(cap) => Some(cap.acquire().await.map_err(|error| error.to_string())?),
            None => None,
        };
        let created = self.create().await.map_err(|error| error.to_string())?;
        expect(&black_box(created).check_id)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Verikit {
    client: idlayr::Client,
    number: PhoneNumber,
}

impl Verikit {
    pub(crate) fn new(base_url: &str) -> Outcome<Self> {
        let client = idlayr::Client::builder("bench-client-id", "bench-client-secret")
            .base_url(base_url)
            .dangerously_allow_plain_http(true)
            .build()
            .map_err(|error| error.to_string())?;
        let number = PhoneNumber::parse(NUMBER).map_err(|error| error.to_string())?;
        Ok(Self { client, number })
    }
}

impl Caller for Verikit {
    async fn call(&self) -> Outcome<()> {
        // A call owns its number: the clone is one of its allocations.
        let number = self.number.clone();
        let created = self
            .client
            .phone_checks()
            .create(number)
            .await
            .map_err(|error| error.to_string())?;
        expect(black_box(created).check_id.as_str())
    }
}

fn expect(check_id: &str) -> Outcome<()> {
    if check_id == CHECK_ID {
        Ok(())
    } else {
        Err(format!("the answer has the id {check_id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::CREATED;

    #[test]
    fn cases_are_called_by_their_names() {
        for case in Case::ALL {
            assert_eq!(Case::by_name(case.name()), Some(case));
            assert_eq!(
                serde_json::to_value(case).unwrap(),
                serde_json::Value::from(case.name())
            );
        }
        assert_eq!(Case::by_name("hand-512"), None);
    }

    #[test]
    fn by_hand_reads_the_answer_that_the_server_gives() {
        let created: Created = serde_json::from_str(CREATED).unwrap();
        expect(&created.check_id).unwrap();
        assert!(created.links.check_url.href.ends_with("/redirect"));
        assert!(expect("another").is_err());
    }
}
