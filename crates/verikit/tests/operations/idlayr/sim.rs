//! SIMCheck and MOCheck.

use idlayr::Client;

use super::{CHECKS, TRACE, TRACES, id, number, trace_id};
use crate::operations::{Connect, Operation, operation};

const SIM_CHECK: &str =
    r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","no_sim_change":true}"#;
const CREATED: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","mo_receiver":"447700900555","mo_body":"Verify 4F7Q"}"#;
const MO_CHECK: &str = r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","verified":true}"#;

#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Token "sim_check.create", "POST /sim_check/v0.1/checks", 201 SIM_CHECK,
            |client: Client| client.sim_checks().create(number())),
        operation!(Safe Token "sim_check.get", "GET /sim_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 SIM_CHECK,
            |client: Client| client.sim_checks().get(&id())),
        operation!(Safe Token "sim_check.list", "GET /sim_check/v0.1/checks", 200 CHECKS,
            |client: Client| client.sim_checks().list()),
        operation!(Safe Token "sim_check.traces", "GET /sim_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces", 200 TRACES,
            |client: Client| client.sim_checks().traces(&id())),
        operation!(Safe Token "sim_check.trace", "GET /sim_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80/traces/5f3a9c1b7d2e4f60", 200 TRACE,
            |client: Client| client.sim_checks().trace(&id(), &trace_id())),
        operation!(Once Token "mo_check.create", "POST /mo_check/v0.1/checks", 201 CREATED,
            |client: Client| client.mo_checks().create(number())),
        operation!(Safe Token "mo_check.get", "GET /mo_check/v0.1/checks/0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80", 200 MO_CHECK,
            |client: Client| client.mo_checks().get(&id())),
    ]
}
