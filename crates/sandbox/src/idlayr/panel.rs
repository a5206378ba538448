//! IDlayr's part of the control page and of the control API.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use serde_json::{Value, json};

use super::callbacks::control;
use super::handle::{IdlayrCheck, IdlayrSandbox};
use super::mo_checks;
use super::project::DEFAULT_SCOPES;
use crate::control::html::{SHOWN, escaped};
use crate::providers::Emulated;

impl Emulated for IdlayrSandbox {
    fn name(&self) -> &'static str {
        "idlayr"
    }

    fn exports(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("IDLAYR_BASE_URL", self.base_url().as_str().trim_end_matches('/')),
            ("IDLAYR_CLIENT_ID", self.client_id()),
            ("IDLAYR_CLIENT_SECRET", self.client_secret()),
            ("IDLAYR_SCOPES", DEFAULT_SCOPES),
            ("IDLAYR_CONSOLE_CLIENT_ID", self.console_client_id()),
            ("IDLAYR_CONSOLE_CLIENT_SECRET", self.console_client_secret()),
            ("IDLAYR_ALLOW_PLAIN_HTTP", "true"),
        ]
    }

    fn state_json(&self) -> Value {
        let projects: Vec<Value> = self
            .projects()
            .iter()
            .map(|project| {
                json!({
                    "client_id": project.client_id,
                    "client_secret": project.client_secret,
                    "scopes": project.scopes,
                    "mode": project.mode.as_str(),
                    "redirect_url": project.redirect_url.as_ref().map(url::Url::as_str),
                    "callback_url": project.callback_url.as_ref().map(url::Url::as_str),
                })
            })
            .collect();
        let checks: Vec<Value> = self.checks().iter().map(|check| self.check_json(check)).collect();
        let mo_checks: Vec<Value> = self.mo_checks().iter().map(mo_checks::state_json).collect();
        let callbacks: Vec<Value> = self.callbacks().iter().map(control::state_json).collect();
        json!({
            "base_url": self.base_url().as_str(),
            "operator_url": self.operator_url().as_str(),
            "projects": projects,
            "checks": checks,
            "mo_checks": mo_checks,
            "device_ip": self.state.data().device_ip.to_string(),
            "callbacks": callbacks,
            "signing_keys": self.signing_key_ids(),
        })
    }

    fn panel(&self) -> String {
        let mut html = String::new();
        html.push_str("<h2>IDlayr</h2><table><tr><th>Stands for</th><th>Base URL</th></tr>");
        for (name, url) in [
            (super::API_HOST, self.base_url()),
            (super::OPERATOR_HOST, self.operator_url()),
        ] {
            // Writing to a String cannot fail.
            let _ = write!(
                html,
                "<tr><td>{}</td><td><code>{}</code></td></tr>",
                escaped(name),
                escaped(url.as_str())
            );
        }
        html.push_str("</table><h3>Credentials (made up)</h3>");
        html.push_str("<table><tr><th>Client id</th><th>Client secret</th><th>Scopes</th><th>Mode</th></tr>");
        for project in self.projects() {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escaped(&project.client_id),
                escaped(&project.client_secret),
                escaped(&project.scopes.join(" ")),
                project.mode.as_str(),
            );
        }
        html.push_str("</table>");
        let (ended, open): (Vec<_>, Vec<_>) = self.checks().into_iter().partition(IdlayrCheck::is_final);
        self.open_checks_panel(&mut html, &open);
        ended_checks_panel(&mut html, &ended);
        mo_checks::panel(&mut html, &self.mo_checks());
        html
    }

    fn control_router(self: Arc<Self>) -> Router {
        control::router(Arc::clone(&self)).merge(mo_checks::control_router(self))
    }
}

impl IdlayrSandbox {
    fn check_json(&self, check: &IdlayrCheck) -> Value {
        json!({
            "check_id": check.check_id(),
            "product": check.product(),
            "version": check.version(),
            "status": check.status(),
            "phone_number": check.masked_phone_number(),
            "reference_id": check.reference_id(),
            "match": check.is_match(),
            "no_sim_change": check.no_sim_change(),
            "error_code": check.error_code(),
            "check_url": check.check_url(),
            "code": self.code_of(check.check_id()),
        })
    }

    fn open_checks_panel(&self, html: &mut String, open: &[IdlayrCheck]) {
        let _ = write!(html, "<h3>Open checks ({})</h3>", open.len());
        if open.is_empty() {
            html.push_str("<p>None. Create one with your client; it appears here until it ends.</p>");
            return;
        }
        html.push_str(
            "<table><tr><th>Check</th><th>Product</th><th>Version</th><th>Status</th><th>Number</th><th>Reference</th>\
             <th>Code for the server</th><th>Play the device</th></tr>",
        );
        for check in open.iter().rev().take(SHOWN) {
            let id = escaped(check.check_id());
            let _ = write!(
                html,
                "<tr><td><code>{id}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
                 <td><code>{}</code></td><td>\
                 <form method=\"post\" action=\"/idlayr/checks/{id}/open\"><button>Open check_url</button></form> \
                 <form method=\"post\" action=\"/idlayr/checks/{id}/expire\"><button>Let it expire</button></form>\
                 </td></tr>",
                check.product(),
                check.version(),
                check.status(),
                escaped(check.masked_phone_number()),
                escaped(check.reference_id().unwrap_or("–")),
                escaped(&self.code_of(check.check_id()).unwrap_or_else(|| "–".to_owned())),
            );
        }
        html.push_str("</table>");
    }
}

fn ended_checks_panel(html: &mut String, ended: &[IdlayrCheck]) {
    if ended.is_empty() {
        return;
    }
    let _ = write!(html, "<h3>Ended checks ({})</h3>", ended.len());
    html.push_str(
        "<table><tr><th>Check</th><th>Product</th><th>Version</th><th>Status</th><th>Number</th>\
         <th>Reference</th><th>Result</th></tr>",
    );
    for check in ended.iter().rev().take(SHOWN) {
        let _ = write!(
            html,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(check.check_id()),
            check.product(),
            check.version(),
            check.status(),
            escaped(check.masked_phone_number()),
            escaped(check.reference_id().unwrap_or("–")),
            result(check),
        );
    }
    html.push_str("</table>");
}

/// What the check tells, in the words of the API.
fn result(check: &IdlayrCheck) -> String {
    let told = [
        check.is_match().map(|matched| format!("match {matched}")),
        check
            .no_sim_change()
            .map(|unchanged| format!("no_sim_change {unchanged}")),
        check.error_code().map(str::to_owned),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    if told.is_empty() {
        "–".to_owned()
    } else {
        told.join(", ")
    }
}
