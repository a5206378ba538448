//! Lists of checks: pages, search and sort (contract 9).

use std::cmp::Ordering;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::check::{Check, View};
use super::gate::Caller;
use super::problem::{Problem, hal};
use super::state::Api;
use crate::clock::unix_seconds;

const LARGEST: usize = 100;

pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Query::parse(query.as_deref().unwrap_or_default())?;
    let mut data = api.state.data();
    let mut found: Vec<&Check> = api
        .state
        .present_checks(&mut data)
        .into_iter()
        .filter(|check| check.client_id == caller.client_id && check.version == api.version)
        .filter(|check| query.search.iter().all(|comparison| comparison.holds(check)))
        .collect();
    query.sort.apply(&mut found);

    let total = found.len();
    let pages = total.div_ceil(query.size);
    let checks: Vec<Value> = found
        .into_iter()
        .skip((query.page - 1).saturating_mul(query.size))
        .take(query.size)
        .map(|check| check.body(&api.state.base_url, View::Read))
        .collect();
    let body = json!({
        "page": {
            "size": query.size,
            "number": query.page,
            "total_pages": pages,
            "total_elements": total,
        },
        "_embedded": { "checks": checks },
        "_links": query.links(&api, pages),
    });
    Ok(hal(StatusCode::OK, &body))
}

struct Query {
    page: usize,
    size: usize,
    search: Vec<Comparison>,
    sort: Sort,
    /// What the links repeat: everything but the page.
    repeated: Vec<(String, String)>,
}

impl Query {
    fn parse(text: &str) -> Result<Self, Problem> {
        let mut query = Self {
            page: 1,
            size: 10,
            search: Vec::new(),
            // The order of an unsorted list is not documented: newest first is ours.
            sort: Sort {
                field: Field::CreatedAt,
                descending: true,
            },
            repeated: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match &*name {
                "page" => {
                    query.page = number(&value)
                        .filter(|page| *page >= 1)
                        .ok_or_else(|| Problem::bad_request("page must be a whole number from 1."))?;
                    continue;
                }
                "size" => {
                    query.size = number(&value)
                        .filter(|size| (1..=LARGEST).contains(size))
                        .ok_or_else(|| Problem::bad_request("size must be a whole number from 1 to 100."))?;
                }
                "search" => query.search = search(&value)?,
                "sort" => query.sort = Sort::parse(&value)?,
                // Members that are not documented are ignored.
                _ => continue,
            }
            query.repeated.push((name.into_owned(), value.into_owned()));
        }
        Ok(query)
    }

    /// `next` and `prev` are left out at the ends: the vendor's sources disagree, and its style rules
    /// say so.
    fn links(&self, api: &Api, pages: usize) -> Value {
        let last = pages.max(1);
        let mut links = Map::new();
        let mut add = |name: &str, page: usize| {
            links.insert(name.to_owned(), json!({ "href": self.href(api, page) }));
        };
        add("self", self.page);
        add("first", 1);
        add("last", last);
        if self.page < last {
            add("next", self.page + 1);
        }
        if self.page > 1 {
            add("prev", (self.page - 1).min(last));
        }
        Value::Object(links)
    }

    fn href(&self, api: &Api, page: usize) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("page", &page.to_string())
            .extend_pairs(&self.repeated)
            .finish();
        format!(
            "{}phone_check/{}/checks?{query}",
            api.state.base_url,
            api.version.as_str()
        )
    }
}

fn number(text: &str) -> Option<usize> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

/// What can be searched and sorted by. The documents name `status` and `created_at`; the rest is ours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    CheckId,
    Status,
    ReferenceId,
    Match,
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

struct Comparison {
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
fn search(text: &str) -> Result<Vec<Comparison>, Problem> {
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

    fn holds(&self, check: &Check) -> bool {
        let value = self.field.of(check);
        value != Operand::Missing && self.accepted.contains(&value.cmp(&self.operand))
    }
}

struct Sort {
    field: Field,
    descending: bool,
}

impl Sort {
    fn parse(text: &str) -> Result<Self, Problem> {
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

    fn apply(&self, checks: &mut [&Check]) {
        checks.sort_by_cached_key(|check| (self.field.of(check), check.sequence));
        if self.descending {
            checks.reverse();
        }
    }
}
