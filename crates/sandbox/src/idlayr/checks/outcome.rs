//! The result that a phone number stands for (contract 12). The table is in docs/sandbox.md.

use super::kind::Kind;

/// How a check of a number ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::idlayr) enum Outcome {
    /// What the check's kind does not tell is `None`.
    Known {
        matched: Option<bool>,
        sim_change: Option<SimChange>,
    },
    Error(&'static str),
}

/// What the operator knows of the SIM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::idlayr) struct SimChange {
    /// Within the window that was asked for, whatever it was: both ages below agree with every window
    /// that is allowed.
    pub(super) has_changed: bool,
    /// The bucket of the age, its upper bound in minutes; not every operator gives it.
    pub(super) within: Option<u32>,
}

/// Up to an hour: less than the shortest window.
const JUST_NOW: u32 = 60;
/// More than a year; the longest window is ten days longer than a year, and this bucket has no end.
const LONG_AGO: u32 = 525_601;

/// What an error is when the digits before `99` name none. The documents do not say which one a number
/// in `99` gets.
const ERROR_CODE: &str = "mno_user_not_found";

impl Outcome {
    pub(in crate::idlayr) fn of(kind: &Kind, phone_number: &str) -> Self {
        if let Some(rest) = phone_number.strip_suffix("99") {
            return Self::Error(error_code(kind, rest));
        }
        let is_even = phone_number.ends_with(['0', '2', '4', '6', '8']);
        // A match and a SIM change are independent, and an app must be able to see them apart. Nothing
        // is documented for SubscriberCheck, so that these numbers break no rule of the vendor's.
        let differs =
            kind.tells_match && phone_number.ends_with(['0', '1']) && tens(phone_number) == Some('9');
        let has_changed = is_even == differs;
        let age = if has_changed { JUST_NOW } else { LONG_AGO };
        let within = (tens(phone_number) != Some('7')).then_some(age);
        Self::Known {
            matched: kind.tells_match.then_some(is_even),
            sim_change: kind.tells_sim_change.then_some(SimChange { has_changed, within }),
        }
    }
}

/// The last digit but one.
fn tens(phone_number: &str) -> Option<char> {
    phone_number.chars().rev().nth(1)
}

/// The code that the two digits before `99` name (ours), unless checks of this kind never end with it.
fn error_code(kind: &Kind, rest: &str) -> &'static str {
    let named = match rest.get(rest.len().saturating_sub(2)..) {
        Some("01") => "not_mobile_ip",
        Some("02") => "mno_not_supported",
        Some("03") => "mno_timeout",
        Some("05") => "mno_response_error",
        Some("06") => "mno_server_error",
        Some("07") => "mno_no_data_available",
        Some("08") => "ip_mismatch",
        Some("09") => "ip_msisdn_mismatch",
        _ => ERROR_CODE,
    };
    if kind.error_codes.contains(&named) {
        named
    } else {
        ERROR_CODE
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::ALL;
    use super::*;

    const CHANGED: SimChange = SimChange {
        has_changed: true,
        within: Some(60),
    };
    const UNCHANGED: SimChange = SimChange {
        has_changed: false,
        within: Some(525_601),
    };

    fn known(matched: impl Into<Option<bool>>, sim_change: impl Into<Option<SimChange>>) -> Outcome {
        Outcome::Known {
            matched: matched.into(),
            sim_change: sim_change.into(),
        }
    }

    #[test]
    fn the_last_digits_decide() {
        let [phone, subscriber, sim] = ALL;
        for (number, is_even) in [
            ("447700900042", true),
            ("447700900098", true),
            ("447700900041", false),
            ("447700900019", false),
        ] {
            let sim_change = if is_even { UNCHANGED } else { CHANGED };
            assert_eq!(Outcome::of(phone, number), known(is_even, None));
            assert_eq!(Outcome::of(subscriber, number), known(is_even, sim_change));
            assert_eq!(Outcome::of(sim, number), known(None, sim_change));
        }
        for kind in ALL {
            let error = Outcome::Error("mno_user_not_found");
            assert_eq!(Outcome::of(kind, "447700900099"), error);
        }
    }

    #[test]
    fn match_and_sim_change_can_differ() {
        let [phone, subscriber, sim] = ALL;
        assert_eq!(Outcome::of(subscriber, "447700900090"), known(true, CHANGED));
        assert_eq!(Outcome::of(subscriber, "447700900091"), known(false, UNCHANGED));
        // The vendor's rules for the others hold.
        assert_eq!(Outcome::of(phone, "447700900090"), known(true, None));
        assert_eq!(Outcome::of(sim, "447700900090"), known(None, UNCHANGED));
        assert_eq!(Outcome::of(sim, "447700900091"), known(None, CHANGED));
    }

    #[test]
    fn some_operators_give_no_age() {
        let [_, subscriber, sim] = ALL;
        let unknown_age = |has_changed| SimChange {
            has_changed,
            within: None,
        };
        assert_eq!(
            Outcome::of(subscriber, "447700900070"),
            known(true, unknown_age(false))
        );
        assert_eq!(Outcome::of(sim, "447700900071"), known(None, unknown_age(true)));
    }

    #[test]
    fn digits_before_99_name_the_error() {
        for kind in ALL {
            for code in kind.error_codes {
                let found = (0..10)
                    .any(|digit| Outcome::of(kind, &format!("4477009{digit:02}99")) == Outcome::Error(code));
                assert!(found, "{} {code}", kind.name);
            }
        }
        let [_, _, sim] = ALL;
        assert_eq!(
            Outcome::of(sim, "447700900899"),
            Outcome::Error("mno_user_not_found")
        );
    }
}
