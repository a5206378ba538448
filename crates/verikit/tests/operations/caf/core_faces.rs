//! The Core API's onboarding links, profiles and faces.

use caf::core_api::{CoreFaceAttemptId, OnboardingType, PersonId, ProfileId};
use caf::transactions::TemplateId;

use super::super::{Connect, Operation, operation};
use super::core_transactions::Token;

const LINK: &str =
    r#"{"requestId":"r-1","id":"64b0c0ffee0000000000eeee","url":"https://cadastro.example.com/?token=t"}"#;
const PROFILE: &str = r#"{"requestId":"r-1","id":"64b0c0ffee0000000000cccc","status":"APPROVED"}"#;
const REGISTERED: &str = r#"{"requestId":"r-1","message":"in progress","personId":"12345678909"}"#;
const ATTEMPT: &str = r#"{"requestId":"r-1","data":{"id":"01K0EXAMPLE000000000000000","isMatch":true}}"#;

fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}

fn profile() -> ProfileId {
    ProfileId::new("64b0c0ffee0000000000cccc").unwrap()
}

fn person() -> PersonId {
    PersonId::new("12345678909").unwrap()
}

fn attempt() -> CoreFaceAttemptId {
    CoreFaceAttemptId::new("01K0EXAMPLE000000000000000").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Secret "core_onboarding.create", "POST /v1/onboardings?origin=TRUST", 200 LINK,
            |client: Token| client.0.core().onboardings().create(OnboardingType::Person, &template())),
        operation!(Safe Secret "core_person.get", "GET /v1/people/64b0c0ffee0000000000cccc", 200 PROFILE,
            |client: Token| client.0.core().people().get(&profile())),
        operation!(Safe Secret "core_company.get", "GET /v1/companies/64b0c0ffee0000000000cccc", 200 PROFILE,
            |client: Token| client.0.core().companies().get(&profile())),
        operation!(Once Secret "core_face.register", "POST /v1/faces", 200 REGISTERED,
            |client: Token| client.0.core().faces().register(&person(), "https://img.example.com/a.jpg")),
        operation!(Safe Secret "core_face.attempt", "GET /v1/faces/attempts/01K0EXAMPLE000000000000000", 200 ATTEMPT,
            |client: Token| client.0.core().faces().attempt(&attempt())),
    ]
}
