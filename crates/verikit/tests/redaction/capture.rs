//! Everything that any crate says to `tracing` or to `log`, at every level.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::{self, Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use verikit::Error;

/// Private texts that only turn up on the way.
pub(crate) type Met = Vec<(&'static str, String)>;

/// One line an event, a span or a record. Clones share the lines.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Shared>);

#[derive(Default)]
struct Shared {
    lines: Mutex<Vec<String>>,
    /// The types whose `Debug` was asked for, with their parameters and, for tuples, their parts.
    types: Mutex<BTreeSet<&'static str>>,
    spans: AtomicU64,
}

impl Captured {
    /// Listens to the whole process from now on.
    pub(crate) fn install() -> Self {
        let captured = Self::default();
        tracing::subscriber::set_global_default(captured.clone()).unwrap();
        log::set_boxed_logger(Box::new(captured.clone())).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        captured
    }

    /// Adds a text that a user could have logged.
    pub(crate) fn add(&self, source: &str, text: impl fmt::Display) {
        self.0.lines.lock().unwrap().push(format!("{source}: {text}"));
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lines.lock().unwrap().clone()
    }

    pub(crate) fn types(&self) -> BTreeSet<&'static str> {
        self.0.types.lock().unwrap().clone()
    }

    fn record(&self, metadata: &Metadata<'_>, write: impl FnOnce(&mut Line)) {
        let mut line = Line(String::new());
        write(&mut line);
        let what = format_args!("{} {}{}", metadata.level(), metadata.name(), line.0);
        self.add(metadata.target(), what);
    }
}

impl Captured {
    pub(crate) fn show<T: Debug>(&self, value: &T) {
        self.0.types.lock().unwrap().insert(std::any::type_name::<T>());
        self.add("Debug", format_args!("{value:?}"));
        self.add("Debug", format_args!("{value:#?}"));
    }

    pub(crate) fn show_error(&self, error: &Error) {
        self.show(error);
        self.add("Display", format_args!("{error}\n{error:#}"));
        let mut source = error.source();
        while let Some(cause) = source {
            self.add("source", format_args!("{cause}\n{cause:?}"));
            source = cause.source();
        }
    }

    #[track_caller]
    pub(crate) fn show_failure<T: Debug>(&self, outcome: Result<T, Error>) {
        self.show_error(&outcome.unwrap_err());
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Captured {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.record(span.metadata(), |line| span.record(line));
        Id::from_u64(self.0.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.add("span", line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.record(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl log::Log for Captured {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let what = format_args!("{} {}", record.level(), record.args());
        self.add(record.target(), what);
    }

    fn flush(&self) {}
}
