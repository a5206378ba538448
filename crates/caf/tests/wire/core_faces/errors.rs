//! What the provider says when it refuses: no body is published (contract caf, 4.1).

use caf::core_api::{CoreFaceAttemptId, OnboardingType, PersonId, ProfileId};
use caf::testing::Step;
use caf::transactions::TemplateId;
use caf::{Delivery, Error, ErrorKind};

use super::support::{GLOBAL_TOKEN, assert_silent};
use crate::support::Scripted;

const BODIES: [&str; 8] = [
    r#"{"requestId":"r-1","message":"Ana Needle 12345678909"}"#,
    r#"{"requestId":"r-1","error":"Ana Needle 12345678909"}"#,
    r#"{"requestId":"r-1","errors":"Ana Needle 12345678909"}"#,
    r#"{"requestId":7,"message":["n33dle"]}"#,
    "<html>n33dle</html>",
    r#""n33dle""#,
    "[]",
    "",
];

/// Every operation of this part, by its name.
fn calls(steps: &[Step]) -> Vec<(&'static str, Error, usize)> {
    let mut failed = Vec::new();
    let mut fail = |name: &'static str, call: &dyn Fn(&Scripted) -> Error| {
        let scripted = Scripted::core_and_global(steps.to_vec());
        let error = call(&scripted);
        failed.push((name, error, scripted.transport.seen().len()));
    };
    let template = TemplateId::new("64b0c0ffee0000000000aaaa").unwrap();
    let (profile, person) = (
        ProfileId::new("64b0c0ffee0000000000cccc").unwrap(),
        PersonId::new("12345678909").unwrap(),
    );
    let attempt = CoreFaceAttemptId::new("01K0EXAMPLE000000000000000").unwrap();
    fail("core_onboarding.create", &|scripted| {
        let onboardings = scripted.client.core().onboardings();
        scripted
            .run(onboardings.create(OnboardingType::Person, &template))
            .unwrap_err()
    });
    fail("core_person.get", &|scripted| {
        scripted
            .run(scripted.client.core().people().get(&profile))
            .unwrap_err()
    });
    fail("core_company.get", &|scripted| {
        scripted
            .run(scripted.client.core().companies().get(&profile))
            .unwrap_err()
    });
    fail("core_face.register", &|scripted| {
        let faces = scripted.client.core().faces();
        scripted
            .run(faces.register(&person, "https://img.example.com/a.jpg"))
            .unwrap_err()
    });
    fail("core_face.attempt", &|scripted| {
        scripted
            .run(scripted.client.core().faces().attempt(&attempt))
            .unwrap_err()
    });
    failed
}

#[test]
fn every_refusal_is_typed_whatever_its_body() {
    for (status, kind) in [
        (400, ErrorKind::Provider),
        (401, ErrorKind::Auth),
        (403, ErrorKind::Auth),
        (404, ErrorKind::Provider),
        (405, ErrorKind::Provider),
        (415, ErrorKind::Provider),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Provider),
    ] {
        for body in BODIES {
            for (name, error, _) in calls(&vec![Step::json(status, body); 3]) {
                assert_eq!(error.operation(), name);
                assert_eq!((error.kind(), error.provider()), (kind, "caf"), "{name} {status}");
                assert_eq!(error.status().unwrap().as_u16(), status);
                assert_eq!(error.body(), body.as_bytes());
                assert_silent(&error);
            }
        }
    }
    for (_, error, _) in calls(&vec![Step::json(400, BODIES[0]); 3]) {
        assert_eq!(error.provider_message(), Some("Ana Needle 12345678909"));
        assert_eq!(error.request_id(), Some("r-1"));
        assert_eq!(error.delivery(), Delivery::Refused);
    }
}

#[test]
fn only_reads_are_repeated() {
    for (name, _, sent) in calls(&vec![Step::json(503, "{}"); 3]) {
        let reads = name.ends_with(".get") || name == "core_face.attempt";
        assert_eq!(sent, if reads { 3 } else { 1 }, "{name}");
    }
}

#[test]
fn another_familys_token_opens_nothing() {
    let scripted = Scripted::with([], |config| config.global_token(GLOBAL_TOKEN));
    let profile = ProfileId::new("64b0c0ffee0000000000cccc").unwrap();
    let error = scripted
        .run(scripted.client.core().people().get(&profile))
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Configuration, Delivery::NotSent)
    );
    assert!(format!("{error}").contains("core_token"), "{error}");
    assert_eq!(scripted.transport.seen().len(), 0);
    assert_silent(&error);
}
