//! Creating a transaction (contract cm-idscan, 4).

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use verikit_core::value::lenient;
use verikit_core::{
    Answer, Call, CallOptions, Delivery, Error, ErrorKind, Operation, RawReply, Result, Timestamp, read_json,
};

use super::settings::{DocumentScanSettings, Echo};
use super::tasks::Tasks;
use super::types::{Locale, TaskType, TransactionId, TransactionState, TransactionUrl};
use crate::client::Client;
use verikit_core::value::ExtraMembers;

const SHORTEST: Duration = Duration::from_secs(3600);
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    tasks: &'static [TaskType],
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Settings<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a Locale>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    document_scan: &'a DocumentScanSettings,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &["tasks", "settings", "locale", "mobileOnly", "expiresIn"];

/// A transaction that is about to be created. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct CreateTransaction {
    client: Client,
    tasks: Tasks,
    document_scan: Option<DocumentScanSettings>,
    locale: Option<Locale>,
    mobile_only: Option<bool>,
    expires_in: Option<Duration>,
    extra: ExtraMembers,
    options: CallOptions,
}

impl CreateTransaction {
    pub(crate) fn new(client: Client, tasks: Tasks) -> Self {
        Self {
            client,
            tasks,
            document_scan: None,
            locale: None,
            mobile_only: None,
            expires_in: None,
            extra: ExtraMembers::default(),
            options: CallOptions::default(),
        }
    }

    /// How the document is scanned.
    pub fn document_scan(mut self, settings: DocumentScanSettings) -> Self {
        self.document_scan = Some(settings);
        self
    }

    /// The language of the user's page. The provider's default is English.
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// Whether the user has to do it on a phone. The provider's default is `false`.
    pub fn mobile_only(mut self, only: bool) -> Self {
        self.mobile_only = Some(only);
        self
    }

    /// How long the user has: whole seconds, from one hour to 24 hours. The provider's default is one hour.
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// A member that has no setter here, sent as it is.
    ///
    /// The two **return URLs** (where the browser goes when the user is finished, and where the phone goes
    /// after a hand-over by QR code) are such members: they are documented, and their names could not be read
    /// in any public document (contract cm-idscan, 4.1). Take the names from the vendor's reference;
    /// [`BrowserReturn`](crate::BrowserReturn) reads what comes back.
    ///
    /// A member that has a setter, or one that is given twice, is refused when the call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let operation = Operation::post("transaction.create", self.client.realm(), "/transactions", &[])?;
        let own = |error: Error| error.with_provider(crate::config::PROVIDER);
        self.check().map_err(own)?;
        operation.json(&Body {
            tasks: self.tasks.types(),
            settings: self
                .document_scan
                .as_ref()
                .map(|document_scan| Settings { document_scan }),
            locale: self.locale.as_ref(),
            mobile_only: self.mobile_only,
            expires_in: self.expires_in.map(|time| time.as_secs()),
            extra: &self.extra,
        })
    }

    fn check(&self) -> Result<()> {
        if let Some(settings) = &self.document_scan {
            settings.check()?;
        }
        if self
            .locale
            .as_ref()
            .is_some_and(|locale| locale.as_str().is_empty())
        {
            return Err(Error::invalid_input("the locale is an empty word; leave it out"));
        }
        if let Some(time) = self.expires_in
            && (time.subsec_nanos() != 0 || !(SHORTEST..=LONGEST).contains(&time))
        {
            return Err(Error::invalid_input(
                "a transaction expires in a whole number of seconds from one hour to 24 hours",
            ));
        }
        self.extra.check(TYPED)
    }

    fn into_call(self) -> Call<Answer<CreatedTransaction>> {
        let operation = self.operation();
        let plain_http = self.client.is_plain_http();
        self.client
            .core()
            .call(operation, move |reply| read(reply, plain_http))
            .with_options(self.options)
    }
}

verikit_core::forward_call!(CreateTransaction => Answer<CreatedTransaction>);

/// Reads the created transaction. A user is sent to a plain http page only by a sandbox.
fn read(reply: &RawReply, plain_http: bool) -> Result<Answer<CreatedTransaction>> {
    let transaction: Answer<CreatedTransaction> = read_json(reply)?;
    if transaction.url.is_plain_http() && !plain_http {
        let detail = "the transaction URL is plain http, where nobody should show a document";
        return Err(Error::new(ErrorKind::Untrusted, detail).with_delivery(Delivery::CarriedOut));
    }
    Ok(transaction)
}

/// A transaction that was just created.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedTransaction {
    /// The transaction.
    pub id: TransactionId,
    /// `pending`, as documented.
    pub state: TransactionState,
    /// Where the user does the tasks.
    pub url: TransactionUrl,
    /// The tasks, repeated.
    #[serde(default, deserialize_with = "task_types")]
    pub tasks: Vec<TaskType>,
    /// The settings, repeated.
    #[serde(default, deserialize_with = "lenient")]
    pub settings: Option<Echo>,
    /// The language, repeated.
    #[serde(default, deserialize_with = "lenient")]
    pub locale: Option<Locale>,
    /// Whether it has to be done on a phone, repeated.
    #[serde(default, deserialize_with = "lenient")]
    pub mobile_only: Option<bool>,
    /// When it expires.
    #[serde(default, deserialize_with = "lenient")]
    pub expires: Option<Timestamp>,
    /// When it was created. The vendor's own example has it after `expires`.
    #[serde(default, deserialize_with = "lenient")]
    pub created: Option<Timestamp>,
}

/// The create call repeats the tasks as texts, every other answer has objects; the vendor's reference labels
/// them objects here too.
fn task_types<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TaskType>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Echoed {
        Text(TaskType),
        Object { r#type: TaskType },
    }
    let tasks: Option<Vec<Echoed>> = lenient(deserializer)?;
    let tasks = tasks.unwrap_or_default().into_iter();
    Ok(tasks
        .map(|task| match task {
            Echoed::Text(task) | Echoed::Object { r#type: task } => task,
        })
        .collect())
}
