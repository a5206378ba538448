//! CAF's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};

use super::handle::CafSandbox;
use super::{account, core_faces, mobile};
use crate::control::deliveries;
use crate::control::html::escaped;
use crate::outbox::Delivery;
use crate::providers::Emulated;

impl Emulated for CafSandbox {
    fn name(&self) -> &'static str {
        "caf"
    }

    fn exports(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("CAF_MOBILE_BASE_URL", self.mobile_url().as_str()),
            ("CAF_SDK_BASE_URL", self.sdk_url().as_str()),
            ("CAF_CORE_BASE_URL", self.core_url().as_str()),
            ("CAF_CONNECT_BASE_URL", self.connect_url().as_str()),
            ("CAF_GLOBAL_BASE_URL", self.global_url().as_str()),
            ("CAF_CPF_SYNC_BASE_URL", self.cpf_sync_url().as_str()),
            ("CAF_MOBILE_CLIENT_ID", self.mobile_client_id()),
            ("CAF_MOBILE_CLIENT_SECRET", self.mobile_client_secret()),
            ("CAF_CORE_TOKEN", self.core_token()),
            ("CAF_CONNECT_CLIENT_ID", self.connect_client_id()),
            ("CAF_CONNECT_CLIENT_SECRET", self.connect_client_secret()),
            ("CAF_GLOBAL_TOKEN", self.global_token()),
            ("CAF_ALLOW_PLAIN_HTTP", "true"),
        ]
        .into_iter()
        .map(|(name, value)| (name, value.trim_end_matches('/')))
        .collect()
    }

    fn state_json(&self) -> Value {
        json!({
            "mobile_url": self.mobile_url().as_str(),
            "sdk_url": self.sdk_url().as_str(),
            "core_url": self.core_url().as_str(),
            "connect_url": self.connect_url().as_str(),
            "connect_mtls_url": self.connect_mtls_url().as_str(),
            "global_url": self.global_url().as_str(),
            "cpf_sync_url": self.cpf_sync_url().as_str(),
            "mobile_client_id": self.mobile_client_id(),
            "mobile_client_secret": self.mobile_client_secret(),
            "core_token": self.core_token(),
            "connect_client_id": self.connect_client_id(),
            "connect_client_secret": self.connect_client_secret(),
            "global_token": self.global_token(),
            "webhook_secret": self.webhook_secret(),
            "mobile": self.mobile().state_json(),
            "core_faces": self.core_faces().state_json(),
            "account": self.account().state_json(),
            "global": self.global().state_json(),
            "webhooks": self.webhooks().iter().map(webhook_json).collect::<Vec<_>>(),
        })
    }

    fn panel(&self) -> String {
        let mut html = String::new();
        html.push_str("<h2>CAF</h2><table><tr><th>Stands for</th><th>Base URL</th></tr>");
        for (name, url) in [
            (super::MOBILE_HOST, self.mobile_url()),
            (super::SDK_HOST, self.sdk_url()),
            (super::CORE_HOST, self.core_url()),
            (super::CONNECT_HOST, self.connect_url()),
            (super::MTLS_HOST, self.connect_mtls_url()),
            (super::GLOBAL_HOST, self.global_url()),
            (super::CPF_SYNC_HOST, self.cpf_sync_url()),
        ] {
            row(&mut html, name, url.as_str());
        }
        html.push_str("</table><h3>Credentials (made up)</h3><table><tr><th>Which</th><th>Value</th></tr>");
        for (name, value) in [
            ("Mobile Key, client id", self.mobile_client_id()),
            ("Mobile Key, client secret", self.mobile_client_secret()),
            ("Core token", self.core_token()),
            ("Connect, client id", self.connect_client_id()),
            ("Connect, client secret", self.connect_client_secret()),
            ("Connect, secret of the webhooks", self.webhook_secret()),
            ("Global token", self.global_token()),
        ] {
            row(&mut html, name, value);
        }
        html.push_str("</table>");
        self.mobile().panel(&mut html);
        self.core_faces().panel(&mut html);
        self.account().panel(&mut html);
        deliveries::panel(&mut html, "CAF webhooks", &self.webhooks());
        html
    }

    fn control_router(self: Arc<Self>) -> Router {
        mobile::control_router(&self)
            .merge(core_faces::control_router(&self))
            .merge(account::control_router(&self))
    }
}

fn row(html: &mut String, name: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<tr><td>{}</td><td><code>{}</code></td></tr>",
        escaped(name),
        escaped(value)
    );
}

fn webhook_json(webhook: &Delivery) -> Value {
    let signature = webhook.headers().get("x-caf-signature");
    json!({
        "id": webhook.id(),
        "url": webhook.url().as_str(),
        "signature": signature.and_then(|value| value.to_str().ok()),
        "body": String::from_utf8_lossy(webhook.body()),
        "state": webhook.state().as_str(),
        "attempts": webhook.statuses(),
    })
}
