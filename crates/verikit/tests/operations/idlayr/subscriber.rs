//! SubscriberCheck, both versions.

use idlayr::{Client, CompletionCode};

use super::{CHECKS, TRACE, TRACES, id, number, trace_id};
use crate::operations::{Connect, Operation, operation};

const CREATED: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"ACCEPTED","ttl":120,"_links":{"check_url":{"href":"https://eu.api.idlayr.com/subscriber_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/redirect"}}}"#;
const CHECK: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","match":true,"no_sim_change":true}"#;

#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Token "subscriber_check.create", "POST /subscriber_check/v0.2/checks", 201 CREATED,
            |client: Client| client.subscriber_checks().create(number())),
        operation!(Safe Token "subscriber_check.get", "GET /subscriber_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.subscriber_checks().get(&id())),
        operation!(Safe Token "subscriber_check.list", "GET /subscriber_check/v0.2/checks", 200 CHECKS,
            |client: Client| client.subscriber_checks().list()),
        operation!(Once Token "subscriber_check.complete", "PATCH /subscriber_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.subscriber_checks().complete(&id(), &CompletionCode::new("4fa09c17be").unwrap())),
        operation!(Safe Token "subscriber_check.traces", "GET /subscriber_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.subscriber_checks().traces(&id())),
        operation!(Safe Token "subscriber_check.trace", "GET /subscriber_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.subscriber_checks().trace(&id(), &trace_id())),
        operation!(Once Token "subscriber_check_v0_1.create", "POST /subscriber_check/v0.1/checks", 201 CREATED,
            |client: Client| client.subscriber_checks_v0_1().create(number())),
        operation!(Safe Token "subscriber_check_v0_1.get", "GET /subscriber_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.subscriber_checks_v0_1().get(&id())),
        operation!(Safe Token "subscriber_check_v0_1.list", "GET /subscriber_check/v0.1/checks", 200 CHECKS,
            |client: Client| client.subscriber_checks_v0_1().list()),
        operation!(Safe Token "subscriber_check_v0_1.traces", "GET /subscriber_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.subscriber_checks_v0_1().traces(&id())),
        operation!(Safe Token "subscriber_check_v0_1.trace", "GET /subscriber_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.subscriber_checks_v0_1().trace(&id(), &trace_id())),
    ]
}
