//! SIMCheck: one call, three answers. An operator that fails is an answer too, with HTTP 201.

use std::time::Duration;

use verikit::PhoneNumber;
use verikit::idlayr::{CheckErrorCode, CheckStatus, Client};

use crate::story::{Outcome, Step, expect, headline};

pub(super) async fn emulated(client: &Client) -> Outcome {
    let week = Duration::from_secs(7 * 24 * 3600);
    for (what, number, expected) in [
        ("a SIM that did not change", "+447700900042", Some(true)),
        ("a SIM that did", "+447700900041", Some(false)),
        // The digits before 99 name the error.
        ("an operator that does not answer in time", "+447700900399", None),
    ] {
        headline(&format!("IDlayr SIMCheck: {what}"));
        let number = PhoneNumber::parse(number).map_err(|error| error.to_string())?;
        let create = client.sim_checks().create(number).period(week);
        let (step, reply) = Step::run("create", create.send_with_metadata()).await?;
        expect("HTTP 201 in every case", reply.status() == 201)?;
        let check = reply.into_value();
        expect("a final status", check.status.is_final())?;
        expect("the answer about the SIM", check.no_sim_change() == expected)?;
        let Some(is_unchanged) = expected else {
            expect(
                "the status ERROR with its code, and nothing that looks like a success",
                check.status == CheckStatus::Error
                    && check.error_code == Some(CheckErrorCode::MnoTimeout)
                    && !check.is_sim_unchanged(),
            )?;
            step.tell("201 with the status ERROR (mno_timeout): no answer, and not billed");
            continue;
        };
        let charge = check.charge_amount.as_ref().ok_or("no charge")?;
        step.tell(&format!(
            "{}: the SIM {}; charged {} {} unit",
            check.status.as_str(),
            if is_unchanged { "did not change" } else { "changed" },
            charge.as_str(),
            check
                .charge_currency
                .as_ref()
                .map_or("", |currency| currency.as_str())
        ));
    }
    Ok(())
}
