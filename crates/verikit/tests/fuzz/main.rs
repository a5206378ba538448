//! Everything that reads bytes from outside, over a corpus and over what is made of it by mutation.
//!
//! `docs/testing.md` says how to run it for longer, how to repeat a failure and which parser is in which
//! target.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod mutate;
mod needles;
#[path = "../operations/mod.rs"]
#[allow(dead_code, reason = "it is for other tests too")]
mod operations;
mod runner;
mod targets;

use std::collections::BTreeSet;

/// Makes each target a test, and the list of their names, which are those of the corpus's directories.
macro_rules! targets {
    ($($area:ident::$name:ident x $rounds:literal $(besides $further:path)?;)+) => {
        $(
            #[test]
            fn $name() {
                let further: Option<runner::MakeInputs> = None$(.or(Some($further)))?;
                runner::fuzz(stringify!($name), $rounds, targets::$area::$name, further);
            }
        )+

        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

// A provider's targets join here; its operations join by the list. The number is how many inputs `cargo test`
// makes: as many as take about a second in a debug build.
targets! {
    operations::every_operation x 1500 besides targets::operations::good_answers;
    values::phone_number x 4000;
    values::timestamp x 4000;
    values::amount x 4000;
    core::webhook x 1000;
    core::error_answer x 2000;
    core::server_date x 1000;
    core::url x 2000;
    core::link x 2000;
    caf_connect::connect_event x 4000;
    caf_core::caf_transaction x 1000;
    caf_core::caf_list x 1000;
    caf_core::caf_notification x 2000;
    caf_core::calendar_date x 4000;
    caf_global::caf_profile x 400;
    caf_global::caf_core_face x 400;
    caf_global::caf_service x 300;
    caf_global::caf_orchestration x 1000;
    caf_global::caf_global_notification x 2000;
    caf_global::caf_person_id x 4000;
    caf_mobile::caf_cpf x 4000;
    caf_mobile::caf_mobile_answer x 2000;
    caf_mobile::caf_signed_response x 1000;
    caf_mobile::caf_attestation x 1000;
    cm_identity::sim_swap x 2000;
    cm_identity::identity_match x 2000;
    cm_identity::number_verify x 1000;
    cm_identity::callback x 2000;
    cm_identity::date_of_birth x 4000;
    cm_idscan::transaction x 1000;
    cm_idscan::scan_result x 1000;
    cm_idscan::notification x 4000;
    cm_idscan::browser_return x 4000;
    identomat::session x 400;
    identomat::signed_session x 300;
    identomat::identomat_callback x 4000;
    identomat::widget_end x 4000;
    idlayr::identifier x 4000;
    idlayr::open_enum x 4000;
    idlayr::stored_answer x 2000;
    idlayr::device_return x 4000;
    idlayr::project_file x 1000;
    idlayr::environment x 1000;
    idlayr_answers::phone_check x 1000;
    idlayr_answers::subscriber_check x 1000;
    idlayr_answers::created_phone_check x 1000;
    idlayr_answers::check_list x 1000;
    idlayr_answers::traces x 1000;
    idlayr_answers::token x 1000;
    idlayr_console::console_credential x 1000;
    idlayr_callbacks::signed_callback x 1000;
    idlayr_callbacks::signing_keys x 500;
    idlayr_callbacks::callback_body x 1000;
    idlayr_callbacks::redirect_url x 2000;
    idlayr_coverage::country_code x 4000;
    idlayr_coverage::country_coverage x 500;
    idlayr_coverage::reachability x 500;
    idlayr_coverage::device_token x 500;
    idlayr_sim::sim_check x 1000;
    idlayr_sim::mo_check x 1000;
}

#[test]
fn every_corpus_belongs_to_a_target() {
    let folders: BTreeSet<String> = std::fs::read_dir(runner::corpus_folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let names: BTreeSet<String> = NAMES.iter().map(ToString::to_string).collect();
    assert_eq!(folders, names);
}
