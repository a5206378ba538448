//! Searching and sorting lists: the part of RSQL that the vendor's documents show (contract 9).

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::check::Check;
use crate::clock::unix_seconds;
use crate::idlayr::problem::Problem;

/// What can be searched and sorted by. The documents name `status` and `created_at`; the rest is ours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    CheckId,
    Status,
    ReferenceId,
    Match,
    NoSimChange,
    NetworkId,
    ErrorCode,
    CreatedAt,
    UpdatedAt,
}

/// A member's value, comparable with others of the same member.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Operand {
    Missing,
    Text(String),
    Seconds(u64),
}

impl Field {
    fn parse(name: &str) -> Result<Self, Problem> {
        Ok(match name {
            "check_id" => Self::CheckId,
            "status" => Self::Status,
            "reference_id" => Self::ReferenceId,
            "match" => Self::Match,
            "no_sim_change" => Self::NoSimChange,
            "network_id" => Self::NetworkId,
            "error_code" => Self::ErrorCode,
            "created_at" => Self::CreatedAt,
            "updated_at" => Self::UpdatedAt,
            _ => {
                return Err(Problem::bad_request(
                    "There is no such property to search or sort by.",
                ));
            }
        })
    }

    fn of(self, check: &Check) -> Operand {
        let text = |value: Option<String>| value.map_or(Operand::Missing, Operand::Text);
        match self {
            Self::CheckId => Operand::Text(check.id.clone()),
            Self::Status => Operand::Text(check.status.as_str().to_owned()),
            Self::ReferenceId => text(check.reference_id.clone()),
            Self::Match => text(check.matched.map(|matched| matched.to_string())),
            Self::NoSimChange => text(check.no_sim_change().map(|unchanged| unchanged.to_string())),
            Self::NetworkId => text(check.network_id().map(str::to_owned)),
            Self::ErrorCode => text(check.error_code.map(str::to_owned)),
            // Whole seconds, as they are shown.
            Self::CreatedAt => Operand::Seconds(unix_seconds(check.created_at)),
            Self::UpdatedAt => check
                .updated_at
                .map_or(Operand::Missing, |time| Operand::Seconds(unix_seconds(time))),
        }
    }

    fn operand(self, text: &str) -> Result<Operand, Problem> {
        match self {
            Self::CreatedAt | Self::UpdatedAt => seconds(text)
                .map(Operand::Seconds)
                .ok_or_else(|| Problem::bad_request("A searched date is not an ISO 8601 date.")),
            _ => Ok(Operand::Text(text.to_owned())),
        }
    }
}

/// A date with a time and an offset, or a day in UTC.
fn seconds(text: &str) -> Option<u64> {
    let timestamp = match text.parse::<Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => text
            .parse::<Date>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp(),
    };
    u64::try_from(timestamp.as_second()).ok()
}

pub(super) struct Comparison {
    field: Field,
    /// The orders that satisfy it.
    accepted: &'static [Ordering],
    operand: Operand,
}

/// The operators, longer ones before those they begin with.
const OPERATORS: [(&str, &[Ordering]); 6] = [
    ("==", &[Ordering::Equal]),
    ("!=", &[Ordering::Less, Ordering::Greater]),
    (">=", &[Ordering::Greater, Ordering::Equal]),
    ("<=", &[Ordering::Less, Ordering::Equal]),
    (">", &[Ordering::Greater]),
    ("<", &[Ordering::Less]),
];

/// The part of RSQL that the vendor's documents show: comparisons joined by `;` (and).
pub(super) fn search(text: &str) -> Result<Vec<Comparison>, Problem> {
    text.split(';').map(Comparison::parse).collect()
}

impl Comparison {
    fn parse(text: &str) -> Result<Self, Problem> {
        let malformed = || Problem::bad_request("search must be property==value, joined by semicolons.");
        let at = text.find(['=', '!', '<', '>']).ok_or_else(malformed)?;
        let (name, rest) = text.split_at_checked(at).ok_or_else(malformed)?;
        let (accepted, value) = OPERATORS
            .into_iter()
            .find_map(|(operator, accepted)| Some((accepted, rest.strip_prefix(operator)?)))
            .ok_or_else(malformed)?;
        let value = ['"', '\'']
            .into_iter()
            .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
            .unwrap_or(value);
        if value.is_empty() {
            return Err(malformed());
        }
        let field = Field::parse(name)?;
        Ok(Self {
            field,
            accepted,
            operand: field.operand(value)?,
        })
    }

    pub(super) fn holds(&self, check: &Check) -> bool {
        let value = self.field.of(check);
        value != Operand::Missing && self.accepted.contains(&value.cmp(&self.operand))
    }
}

pub(super) struct Sort {
    pub(super) field: Field,
    pub(super) descending: bool,
}

impl Sort {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let (name, direction) = text
            .split_once(',')
            .ok_or_else(|| Problem::bad_request("sort must be property,asc or property,desc."))?;
        let descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => {
                return Err(Problem::bad_request(
                    "sort must be property,asc or property,desc.",
                ));
            }
        };
        Ok(Self {
            field: Field::parse(name)?,
            descending,
        })
    }

    pub(super) fn apply(&self, checks: &mut [&Check]) {
        checks.sort_by_cached_key(|check| (self.field.of(check), check.sequence));
        if self.descending {
            checks.reverse();
        }
    }
}
