//! Lists of transactions (contract caf, 4.3).

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, Result, Timestamp, read_json};

use crate::client::Client;
use crate::config::PROVIDER;
use crate::date::CalendarDate;
use crate::request_id::RequestId;
use crate::transactions::{TRANSACTIONS, TemplateId, TransactionId, TransactionStatus};

verikit_core::open_enum! {
    /// In which order transactions are listed, by when they were created.
    pub enum ListOrder {
        /// The newest first. The provider's default.
        Descending = "desc",
        /// The oldest first.
        Ascending = "asc",
    }
}

/// A list of transactions that is about to be asked for. Await it to send it.
///
/// ```
/// # async fn example(client: &caf::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use caf::{CalendarDate, core_api::ListOrder};
///
/// let page = client
///     .core()
///     .transactions()
///     .list()
///     .order(ListOrder::Ascending)
///     .created_from(CalendarDate::new(2026, 1, 1)?)
///     .created_until(CalendarDate::new(2026, 1, 31)?)
///     .await?;
/// for transaction in &page.items {
///     println!("{} {}", transaction.id.as_str(), transaction.status.as_str());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct TransactionList {
    client: Client,
    limit: Option<u32>,
    order: Option<ListOrder>,
    templates: Vec<TemplateId>,
    created_from: Option<CalendarDate>,
    created_until: Option<CalendarDate>,
    options: CallOptions,
}

impl TransactionList {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            limit: None,
            order: None,
            templates: Vec::new(),
            created_from: None,
            created_until: None,
            options: CallOptions::default(),
        }
    }

    /// How many transactions there are at most: 1 to 10. The provider's default is 10.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The order.
    pub fn order(mut self, order: ListOrder) -> Self {
        self.order = Some(order);
        self
    }

    /// Only transactions of this template; called more than once, of any of them.
    pub fn template(mut self, template_id: &TemplateId) -> Self {
        self.templates.push(template_id.clone());
        self
    }

    /// Only transactions that were created on this day or later. In which time zone the day begins is not
    /// documented.
    pub fn created_from(mut self, date: CalendarDate) -> Self {
        self.created_from = Some(date);
        self
    }

    /// Only transactions that were created on this day or earlier.
    pub fn created_until(mut self, date: CalendarDate) -> Self {
        self.created_until = Some(date);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.core_access().realm();
        self.check().map_err(|error| error.with_provider(PROVIDER))?;
        let mut operation = Operation::get("core_transaction.list", realm, TRANSACTIONS, &[])?;
        if let Some(limit) = self.limit {
            operation = operation.query("_limit", &limit.to_string());
        }
        if let Some(order) = &self.order {
            operation = operation.query("_order", order.as_str());
        }
        if !self.templates.is_empty() {
            let templates: Vec<&str> = self.templates.iter().map(TemplateId::as_str).collect();
            operation = operation.query("_templates", &templates.join("|"));
        }
        for (name, date) in [
            ("_startCreatedDate", self.created_from),
            ("_endCreatedDate", self.created_until),
        ] {
            if let Some(date) = date {
                operation = operation.query(name, &date.iso());
            }
        }
        Ok(operation)
    }

    fn check(&self) -> Result<()> {
        if self.limit.is_some_and(|limit| !(1..=10).contains(&limit)) {
            return Err(Error::invalid_input("a list has 1 to 10 transactions"));
        }
        if self.order.as_ref().is_some_and(|order| order.as_str().is_empty()) {
            return Err(Error::invalid_input("the order is an empty word; leave it out"));
        }
        // One id must not become two.
        if self
            .templates
            .iter()
            .any(|template| template.as_str().contains('|'))
        {
            return Err(Error::invalid_input(
                "a template's id holds a vertical bar, which separates them",
            ));
        }
        if let (Some(from), Some(until)) = (self.created_from, self.created_until)
            && from > until
        {
            return Err(Error::invalid_input(
                "the first day of the list is after its last",
            ));
        }
        Ok(())
    }

    fn into_call(self) -> Call<Answer<TransactionPage>> {
        let operation = self.operation();
        self.client
            .core_loop()
            .call(operation, read_json)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(TransactionList => Answer<TransactionPage>);

/// Transactions, ten at most.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransactionPage {
    /// The transactions. One that cannot be read makes the whole answer unreadable: none must vanish.
    pub items: Vec<Answer<ListedTransaction>>,
    /// How many transactions there are in all that fit the filters.
    #[serde(default, deserialize_with = "lenient")]
    pub total_items: Option<u32>,
    /// CAF's own name of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
}

/// A transaction in a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListedTransaction {
    /// The transaction.
    pub id: TransactionId,
    /// Where it stands. Not the decision: see [`is_approved`](ListedTransaction::is_approved).
    pub status: TransactionStatus,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// Whom it is about.
    #[serde(default, deserialize_with = "lenient")]
    pub data: Option<Answer<ListedTransactionData>>,
}

impl ListedTransaction {
    /// Whether the list says that it is approved: the word `APPROVED` to the letter, and nothing else.
    ///
    /// **Lists have no member `fraud`** (contract caf, 4.3), which a transaction that is read has. So the
    /// decision is [`Transaction::is_approved`](crate::transactions::Transaction::is_approved): read the
    /// transaction before you act on this.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.status.is_approved()
    }
}

/// Whom a transaction is about: a person or a company.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListedTransactionData {
    /// The person's CPF.
    #[serde(default, deserialize_with = "lenient")]
    pub cpf: Option<Personal<String>>,
    /// The company's CNPJ.
    #[serde(default, deserialize_with = "lenient")]
    pub cnpj: Option<Personal<String>>,
    /// The date of birth: see [`CalendarDate::parse`](crate::CalendarDate::parse).
    #[serde(default, deserialize_with = "lenient")]
    pub birth_date: Option<Personal<String>>,
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
}
