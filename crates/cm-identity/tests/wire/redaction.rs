//! Nothing personal in what a developer prints.

use std::fmt::Debug;

use cm_identity::testing::Step;
use cm_identity::{DateOfBirth, ServiceType};

use crate::support::{CALLBACK_URL, SECRET, SESSION_URL, Scripted, created, number};

#[track_caller]
fn assert_clean(what: &dyn Debug) {
    let shown = format!("{what:?} {what:#?}");
    for needle in [
        "31600000042",
        "Voorbeeld",
        "Anna",
        "Kade",
        "1111",
        "1990",
        "callbacks/cm",
        "4fa09c17be",
        SECRET,
    ] {
        assert!(!shown.contains(needle), "{needle}: {shown}");
    }
}

#[test]
fn requests_previews_answers_and_errors() {
    let scripted = Scripted::new([Step::json(200, created())]);
    let client = &scripted.client;
    let compare = client
        .identity_match()
        .compare(number())
        .first_name("Anna")
        .last_name("Voorbeeld")
        .address("Kade 1")
        .address2("Kade 2")
        .address3("Kade 3")
        .postal_code("1111 AA")
        .date_of_birth(DateOfBirth::parse("1990-01-31").unwrap());
    assert_clean(&compare);
    assert_clean(&compare.prepare().unwrap());
    assert_clean(&compare.prepare().unwrap().to_string());
    let swap = client.sim_swap().check(number(), ServiceType::Range);
    assert_clean(&swap);
    assert_clean(&swap.prepare().unwrap().to_string());
    let create = client.number_verify().create(number(), CALLBACK_URL);
    assert_clean(&create);
    assert_clean(&create.prepare().unwrap().to_string());
    let created = scripted.run(create).unwrap();
    assert_eq!(created.session_url.expose(), SESSION_URL);
    assert_clean(&created);
    let error = scripted
        .run(
            client
                .number_verify()
                .create(number(), "http://app.example.net/callbacks/cm"),
        )
        .unwrap_err();
    assert_clean(&error);
    assert_clean(&error.to_string());
}
