//! Webhooks and callbacks on the control page.

use std::fmt::Write;

use super::html::{SHOWN, escaped};
use crate::outbox::Delivery;

/// Where each delivery goes and what became of it, under a headline; nothing if there is none. Bodies are not
/// shown: they hold personal data, and one-time codes.
pub(crate) fn panel(html: &mut String, headline: &str, deliveries: &[Delivery]) {
    table(html, headline, deliveries, false);
}

/// The same with the id of each event in front.
pub(crate) fn panel_with_events(html: &mut String, headline: &str, deliveries: &[Delivery]) {
    table(html, headline, deliveries, true);
}

fn table(html: &mut String, headline: &str, deliveries: &[Delivery], has_events: bool) {
    if deliveries.is_empty() {
        return;
    }
    let event = if has_events { "<th>Event</th>" } else { "" };
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<h3>{headline}</h3><table><tr>{event}<th>To</th><th>State</th><th>Attempts</th></tr>"
    );
    for delivery in deliveries.iter().rev().take(SHOWN) {
        html.push_str("<tr>");
        if has_events {
            let _ = write!(html, "<td><code>{}</code></td>", escaped(delivery.id()));
        }
        let _ = write!(
            html,
            "<td>{}</td><td>{}</td><td>{}</td></tr>",
            // The rest of the URL may hold the customer's own secret.
            escaped(&delivery.url().origin().ascii_serialization()),
            delivery.state().as_str(),
            delivery.attempts().len(),
        );
    }
    html.push_str("</table>");
}
