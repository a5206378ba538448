//! How long the time is that one row counts.

use std::time::SystemTime;

use crate::clock::{day, hour, is_date, month};

#[derive(Clone, Copy)]
pub(super) enum Interval {
    Hourly,
    Daily,
    Monthly,
}

impl Interval {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "hourly" => Self::Hourly,
            "daily" => Self::Daily,
            "monthly" => Self::Monthly,
            _ => return None,
        })
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Monthly => "monthly",
        }
    }

    /// The date of the row that counts this time.
    pub(super) fn of(self, time: SystemTime) -> String {
        match self {
            Self::Hourly => hour(time),
            Self::Daily => day(time),
            Self::Monthly => month(time),
        }
    }

    /// Whether a text is written as the dates of this interval's rows are.
    pub(super) fn form(self) -> fn(&str) -> bool {
        match self {
            Self::Hourly => is_hour,
            Self::Daily => is_date,
            Self::Monthly => is_month,
        }
    }
}

fn is_hour(text: &str) -> bool {
    let Some((date, hour)) = text.split_once('T') else {
        return false;
    };
    let is_two_digits = hour.len() == 2 && hour.bytes().all(|byte| byte.is_ascii_digit());
    is_date(date) && is_two_digits && hour < "24"
}

fn is_month(text: &str) -> bool {
    is_date(&format!("{text}-01"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_long_as_the_interval_makes_them() {
        for (interval, good) in [
            (Interval::Hourly, ["2024-05-02T00", "2024-05-02T23"]),
            (Interval::Daily, ["2024-05-02", "2024-02-29"]),
            (Interval::Monthly, ["2024-05", "2024-12"]),
        ] {
            let fits = interval.form();
            assert!(good.iter().all(|text| fits(text)), "{good:?}");
            for bad in [
                "",
                "2024",
                "2024-5",
                "2024-13",
                "2024-05-32",
                "2024-05-2",
                "2024-05-02T",
                "2024-05-02T24",
                "2024-05-02T9",
                "2024-05-02T+9",
                "2024-05-02T09:10",
                "yesterday",
            ] {
                assert!(!fits(bad), "{bad}");
            }
        }
        assert!(!Interval::Daily.form()("2024-05") && !Interval::Monthly.form()("2024-05-02"));
    }
}
