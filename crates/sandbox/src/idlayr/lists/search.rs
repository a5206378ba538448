//! Searching and sorting lists: the part of RSQL that the vendor's documents show (contract 9).

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::idlayr::amount::Amount;
use crate::idlayr::problem::Problem;

/// A member of a list's items that can be searched and sorted by.
#[derive(Clone, Copy)]
pub(in crate::idlayr) struct Property {
    name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A text of which only this form can be searched for.
    Form(fn(&str) -> bool),
    /// Whole seconds, as they are shown.
    Time,
    Amount,
}

/// A member's value, comparable with others of the same member.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Operand {
    Missing,
    Text(String),
    Seconds(i64),
    Amount(Amount),
}

impl Property {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }

    pub(in crate::idlayr) const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text)
    }

    pub(in crate::idlayr) const fn form(name: &'static str, fits: fn(&str) -> bool) -> Self {
        Self::new(name, Kind::Form(fits))
    }

    pub(in crate::idlayr) const fn time(name: &'static str) -> Self {
        Self::new(name, Kind::Time)
    }

    pub(in crate::idlayr) const fn amount(name: &'static str) -> Self {
        Self::new(name, Kind::Amount)
    }

    fn named(name: &str, known: &[Self]) -> Result<Self, Problem> {
        let mut known = known.iter();
        let found = known.find(|property| property.name == name).copied();
        found.ok_or_else(|| Problem::bad_request("There is no such property to search or sort by."))
    }

    fn of(self, item: &Value) -> Operand {
        let text = match item.get(self.name) {
            None | Some(Value::Null) => return Operand::Missing,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        self.read(text).unwrap_or(Operand::Missing)
    }

    /// `None` for what no value of the member looks like.
    fn read(self, text: String) -> Option<Operand> {
        match self.kind {
            Kind::Text => Some(Operand::Text(text)),
            Kind::Form(fits) => fits(&text).then_some(Operand::Text(text)),
            Kind::Time => seconds(&text).map(Operand::Seconds),
            Kind::Amount => Amount::parse(&text).map(Operand::Amount),
        }
    }
}

/// A date with a time and an offset, or a day in UTC.
fn seconds(text: &str) -> Option<i64> {
    let timestamp = match text.parse::<Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => text
            .parse::<Date>()
            .ok()?
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp(),
    };
    Some(timestamp.as_second())
}

pub(super) struct Comparison {
    property: Property,
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
pub(super) fn search(text: &str, known: &[Property]) -> Result<Vec<Comparison>, Problem> {
    let comparisons = text.split(';');
    comparisons.map(|text| Comparison::parse(text, known)).collect()
}

impl Comparison {
    fn parse(text: &str, known: &[Property]) -> Result<Self, Problem> {
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
        let property = Property::named(name, known)?;
        let operand = property.read(value.to_owned());
        Ok(Self {
            property,
            accepted,
            operand: operand.ok_or_else(|| {
                Problem::bad_request("A searched date or number is not written as those of the property are.")
            })?,
        })
    }

    pub(super) fn holds(&self, item: &Value) -> bool {
        let value = self.property.of(item);
        value != Operand::Missing && self.accepted.contains(&value.cmp(&self.operand))
    }
}

pub(super) struct Sort {
    property: Property,
    is_descending: bool,
}

impl Sort {
    pub(super) fn parse(text: &str, known: &[Property]) -> Result<Self, Problem> {
        let malformed = || Problem::bad_request("sort must be property,asc or property,desc.");
        let (name, direction) = text.split_once(',').ok_or_else(malformed)?;
        let is_descending = match direction {
            "asc" => false,
            "desc" => true,
            _ => return Err(malformed()),
        };
        Ok(Self {
            property: Property::named(name, known)?,
            is_descending,
        })
    }

    /// `items` come in the order of their creation, which decides between equal ones.
    pub(super) fn apply(&self, items: &mut [Value]) {
        items.sort_by_cached_key(|item| self.property.of(item));
        if self.is_descending {
            items.reverse();
        }
    }
}
