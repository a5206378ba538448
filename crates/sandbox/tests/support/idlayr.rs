//! A caller of IDlayr's other products.

use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::Sandbox;

use super::{Answer, Client, JSON, PATCH};

/// A caller with a token for one product, at one version of it.
pub(crate) struct Product<'a> {
    pub(crate) client: Client<'a>,
    pub(crate) base: String,
}

impl<'a> Product<'a> {
    /// Of the default project.
    pub(crate) async fn new(sandbox: &'a Sandbox, product: &str, version: &str) -> Self {
        let idlayr = sandbox.idlayr();
        Self::with(
            sandbox,
            idlayr.client_id(),
            idlayr.client_secret(),
            product,
            version,
        )
        .await
    }

    pub(crate) async fn with(
        sandbox: &'a Sandbox,
        id: &str,
        secret: &str,
        product: &str,
        version: &str,
    ) -> Self {
        Self {
            client: Client::with(sandbox, id, secret, product).await,
            base: format!("/{product}/{version}/checks"),
        }
    }

    pub(crate) async fn create_answer(&self, body: &Value) -> Answer {
        let body = body.to_string();
        self.client.send(Method::POST, &self.base, JSON, body).await
    }

    /// Creates a check and returns its body.
    pub(crate) async fn create(&self, phone_number: &str) -> Value {
        let answer = self.create_answer(&json!({ "phone_number": phone_number })).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    /// What lies below the list of checks; with nothing, or a query, the list itself.
    pub(crate) async fn get(&self, rest: &str) -> Answer {
        self.client.get(&format!("{}{rest}", self.base)).await
    }

    pub(crate) async fn check(&self, id: &str) -> Value {
        let answer = self.get(&format!("/{id}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(crate) async fn complete(&self, id: &str, code: &str) -> Answer {
        let body = json!([{ "op": "add", "path": "/code", "value": code }]).to_string();
        let path = format!("{}/{id}", self.base);
        self.client.send(Method::PATCH, &path, PATCH, body).await
    }
}
