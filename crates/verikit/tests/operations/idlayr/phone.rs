//! PhoneCheck, both versions.

use idlayr::{Client, CompletionCode};

use super::{CHECKS, TRACE, TRACES, id, number, trace_id};
use crate::operations::{Connect, Operation, operation};

const CREATED: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"ACCEPTED","ttl":120,"_links":{"check_url":{"href":"https://eu.api.idlayr.com/phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/redirect"}}}"#;
const CHECK: &str =
    r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","match":true}"#;

#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Token "phone_check.create", "POST /phone_check/v0.2/checks", 201 CREATED,
            |client: Client| client.phone_checks().create(number())),
        operation!(Safe Token "phone_check.get", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.phone_checks().get(&id())),
        operation!(Safe Token "phone_check.list", "GET /phone_check/v0.2/checks", 200 CHECKS,
            |client: Client| client.phone_checks().list()),
        operation!(Once Token "phone_check.complete", "PATCH /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.phone_checks().complete(&id(), &CompletionCode::new("4fa09c17be").unwrap())),
        operation!(Safe Token "phone_check.traces", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.phone_checks().traces(&id())),
        operation!(Safe Token "phone_check.trace", "GET /phone_check/v0.2/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.phone_checks().trace(&id(), &trace_id())),
        operation!(Once Token "phone_check_v0_1.create", "POST /phone_check/v0.1/checks", 201 CREATED,
            |client: Client| client.phone_checks_v0_1().create(number())),
        operation!(Safe Token "phone_check_v0_1.get", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 CHECK,
            |client: Client| client.phone_checks_v0_1().get(&id())),
        operation!(Safe Token "phone_check_v0_1.list", "GET /phone_check/v0.1/checks", 200 CHECKS,
            |client: Client| client.phone_checks_v0_1().list()),
        operation!(Safe Token "phone_check_v0_1.traces", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.phone_checks_v0_1().traces(&id())),
        operation!(Safe Token "phone_check_v0_1.trace", "GET /phone_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.phone_checks_v0_1().trace(&id(), &trace_id())),
    ]
}
