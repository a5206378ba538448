//! The page for people.

use std::fmt::Write;

use super::Shared;
use super::html::{SHOWN, escaped};
use crate::calls::RecordedCall;
use crate::clock::date_time;

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>verikit sandbox</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top; border-bottom: 1px solid #8883; }
code, pre { font: 14px/1.5 ui-monospace, monospace; } pre { padding: .8rem; background: #8882; overflow-x: auto; }
form { display: inline; } button { font: inherit; padding: .1rem .6rem; }
.failed { color: #c0392b; font-weight: 600; } .quiet { opacity: .7; }
</style></head><body>
"#;

pub(super) fn page(shared: &Shared) -> String {
    let mut html = String::from(HEAD);
    html.push_str(
        "<h1>verikit sandbox</h1><p>Stands in for identity-verification providers on this machine. ",
    );
    html.push_str("Nothing leaves it, nothing is billed, every credential is made up.</p>");
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<p class=\"quiet\">Sandbox time {}; the page renews itself every five seconds.</p>",
        escaped(&date_time(shared.clock.now()))
    );
    html.push_str("<h2>Point your client here</h2><pre>");
    for line in shared.providers.export_lines() {
        let _ = writeln!(html, "{}", escaped(&line));
    }
    html.push_str("</pre>");
    for provider in shared.providers.all() {
        html.push_str(&provider.panel());
    }
    calls(&mut html, &shared.calls.last(SHOWN));
    html.push_str("</body></html>\n");
    html
}

fn calls(html: &mut String, calls: &[RecordedCall]) {
    html.push_str("<h2>Calls</h2>");
    if calls.is_empty() {
        html.push_str("<p>None yet.</p>");
        return;
    }
    html.push_str(
        "<table><tr><th>Time</th><th>Host</th><th>Request</th><th>Status</th><th>Authentication</th></tr>",
    );
    for call in calls {
        let failed = call
            .status
            .is_none_or(|status| status.is_client_error() || status.is_server_error());
        let status = call
            .status
            .map_or("no answer".to_owned(), |status| status.as_u16().to_string());
        let _ = write!(
            html,
            "<tr><td>{}</td><td>{}</td><td><code>{} {}</code></td><td{}>{status}</td><td>{}</td></tr>",
            escaped(&date_time(call.at)),
            escaped(call.host),
            escaped(call.method.as_str()),
            escaped(&call.path),
            if failed { " class=\"failed\"" } else { "" },
            escaped(&call.authentication),
        );
    }
    html.push_str("</table>");
}
