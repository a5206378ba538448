//! CM.com's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};

use super::handle::CmSandbox;
use super::{id_scan, mobile_identity};
use crate::control::html::escaped;
use crate::providers::Emulated;

impl Emulated for CmSandbox {
    fn name(&self) -> &'static str {
        "cm"
    }

    fn exports(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("CM_IDENTITY_BASE_URL", self.mobile_identity_url().as_str()),
            ("CM_IDENTITY_KEY_ID", self.key_id()),
            ("CM_IDENTITY_SECRET", self.secret()),
            ("CM_IDENTITY_ALLOW_PLAIN_HTTP", "true"),
            ("CM_IDSCAN_BASE_URL", self.id_scan_url().as_str()),
            ("CM_IDSCAN_KEY_ID", self.key_id()),
            ("CM_IDSCAN_SECRET", self.secret()),
            ("CM_IDSCAN_ALLOW_PLAIN_HTTP", "true"),
        ]
    }

    fn state_json(&self) -> Value {
        json!({
            "key_id": self.key_id(),
            "secret": self.secret(),
            "mobile_identity_url": self.mobile_identity_url().as_str(),
            "mobile_identity_sandbox_url": self.mobile_identity_sandbox_url().as_str(),
            "id_scan_url": self.id_scan_url().as_str(),
            "id_scan_page_url": self.id_scan_page_url().as_str(),
            "mobile_identity": self.mobile_identity().state_json(),
            "id_scan": self.id_scan().state_json(),
        })
    }

    fn panel(&self) -> String {
        let mut html = String::new();
        html.push_str("<h2>CM.com</h2><table><tr><th>Stands for</th><th>Base URL</th></tr>");
        for (name, url) in [
            ("api.cm.com, Mobile Identity", self.mobile_identity_url()),
            (
                "api.cm.com, Mobile Identity sandbox",
                self.mobile_identity_sandbox_url(),
            ),
            ("api.cm.com, ID Scan", self.id_scan_url()),
            (super::PAGE_HOST, self.id_scan_page_url()),
        ] {
            // Writing to a String cannot fail.
            let _ = write!(
                html,
                "<tr><td>{}</td><td><code>{}</code></td></tr>",
                escaped(name),
                escaped(url.as_str())
            );
        }
        let _ = write!(
            html,
            "</table><h3>Credential (made up)</h3><table><tr><th>Key id</th><th>Secret</th></tr>\
             <tr><td><code>{}</code></td><td><code>{}</code></td></tr></table>",
            escaped(self.key_id()),
            escaped(self.secret())
        );
        html.push_str(&self.mobile_identity().panel());
        html.push_str(&self.id_scan().panel());
        html
    }

    fn control_router(self: Arc<Self>) -> Router {
        mobile_identity::control_router(&self).merge(id_scan::control_router(&self))
    }
}
