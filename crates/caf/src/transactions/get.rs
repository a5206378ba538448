//! Reading a transaction (contract caf, 4.4).

use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, RawReply, Result, read_json};

use super::transaction::Transaction;
use super::types::TransactionId;
use super::{TRANSACTION, TransactionRoutes};
use crate::client::Client;
use crate::config::PROVIDER;
use crate::documents::check_id;

/// A transaction that is about to be read. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct GetTransaction {
    client: Client,
    routes: &'static TransactionRoutes,
    transaction_id: TransactionId,
    include_cropped_images: Option<bool>,
    include_pf_relationships: Option<bool>,
    language: Option<Personal<String>>,
    options: CallOptions,
}

impl GetTransaction {
    pub(crate) fn new(
        client: Client,
        routes: &'static TransactionRoutes,
        transaction_id: TransactionId,
    ) -> Self {
        Self {
            client,
            routes,
            transaction_id,
            include_cropped_images: None,
            include_pf_relationships: None,
            language: None,
            options: CallOptions::default(),
        }
    }

    /// Whether the answer has cut-out images too. **Unconfirmed**: the parameter's name comes from third
    /// parties (contract caf, 4.4).
    pub fn include_cropped_images(mut self, include: bool) -> Self {
        self.include_cropped_images = Some(include);
        self
    }

    /// Whether the answer of a `PF_PF` transaction has the related persons too. **Unconfirmed**, as above.
    pub fn include_pf_relationships(mut self, include: bool) -> Self {
        self.include_pf_relationships = Some(include);
        self
    }

    /// The language of the texts for people, such as `pt`. **Unconfirmed**, as above.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(Personal::new(language.into()));
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = (self.routes.realm)(&self.client);
        let route = self.routes.get;
        let mut operation = Operation::get(route.name, realm, TRANSACTION, &[self.transaction_id.as_str()])?;
        for (name, flag) in [
            ("_includeCroppedImages", self.include_cropped_images),
            ("_includePfRelationships", self.include_pf_relationships),
        ] {
            if let Some(flag) = flag {
                operation = operation.query(name, if flag { "true" } else { "false" });
            }
        }
        if let Some(language) = &self.language {
            if language.expose().is_empty() {
                let detail = "the language is an empty word; leave it out";
                return Err(Error::invalid_input(detail).with_provider(PROVIDER));
            }
            operation = operation.query("_lang", language.expose());
        }
        Ok(operation)
    }

    fn into_call(self) -> Call<Answer<Transaction>> {
        let operation = self.operation();
        let expected = self.transaction_id;
        self.client
            .core_loop()
            .call(operation, move |reply| read(reply, &expected))
            .with_options(self.options)
    }
}

verikit_core::forward_call!(GetTransaction => Answer<Transaction>);

/// Reads a transaction, and makes sure that it is the one that was asked for: another one's approval must not
/// count.
fn read(reply: &RawReply, expected: &TransactionId) -> Result<Answer<Transaction>> {
    let transaction: Answer<Transaction> = read_json(reply)?;
    let detail = "the answer is another transaction than the one that was asked for";
    check_id(expected.as_str(), Some(transaction.id.as_str()), detail)?;
    Ok(transaction)
}

/// A read with nothing else to say, for a wait.
pub(super) fn call(
    client: &Client,
    routes: &'static TransactionRoutes,
    transaction_id: &TransactionId,
) -> Call<Answer<Transaction>> {
    GetTransaction::new(client.clone(), routes, transaction_id.clone()).into_call()
}
