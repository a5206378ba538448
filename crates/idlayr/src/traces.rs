//! What the platform did for a check (contract idlayr, 6).

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Answer, Error, Personal, RawReply, Result, Timestamp};

use crate::hal::{List, Object};

verikit_core::identifier! {
    /// Identifies a trace.
    pub struct TraceId;
}

/// One trace.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Trace {
    /// The trace.
    pub trace_id: TraceId,
    /// What happened, oldest first. A line in another form is there with nothing in it: [`Answer::raw`] has
    /// it.
    #[serde(default, deserialize_with = "lines")]
    pub logs: Vec<LogEntry>,
}

/// One line of a trace. Its texts are the platform's own and may repeat personal data.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// What happened.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
    /// When.
    #[serde(default, deserialize_with = "lenient")]
    pub timestamp: Option<Timestamp>,
    /// Further details, in no fixed form.
    #[serde(default, deserialize_with = "lenient")]
    pub attributes: Option<Personal<Map<String, Value>>>,
}

/// Nothing of a log decides anything: no line of it may take the others away.
fn lines<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Vec<LogEntry>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Line(#[serde(deserialize_with = "lenient")] Option<Object<LogEntry>>);

    let unread = LogEntry {
        message: None,
        timestamp: None,
        attributes: None,
    };
    let lines: Option<Vec<Line>> = lenient(deserializer)?;
    let lines = lines.unwrap_or_default().into_iter();
    Ok(lines
        .map(|line| line.0.map_or_else(|| unread.clone(), |entry| entry.0))
        .collect())
}

/// The traces of a check, oldest first. The list has no pages.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TraceList {
    /// The traces.
    pub traces: Vec<Answer<Trace>>,
}

#[derive(Deserialize)]
struct EmbeddedTraces<'a> {
    #[serde(borrow)]
    traces: Vec<&'a RawValue>,
}

impl TraceList {
    pub(crate) fn read(reply: &RawReply) -> Result<Self> {
        let body = reply.body();
        let list: List<EmbeddedTraces<'_>> =
            List::read(body).ok_or_else(|| Error::decode("it is no HAL list with traces in _embedded"))?;
        let traces = list
            .embedded
            .traces
            .iter()
            .map(|trace| Answer::from_json(body.slice_ref(trace.get().as_bytes())))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { traces })
    }
}
