//! Reading a JSON object member by member, so that what is left over is known.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

/// What is wrong with a request, in words for the caller.
pub(crate) type Mistake = String;

/// The members of an object that nobody has asked for yet. No message repeats what the caller sent, names of
/// members excepted.
pub(crate) struct Members {
    /// Where the object stands, with a dot at its end; empty for the body.
    place: String,
    left: Map<String, Value>,
}

impl Members {
    pub(crate) fn of_body(body: Value) -> Result<Self, Mistake> {
        match body {
            Value::Object(left) => Ok(Self {
                place: String::new(),
                left,
            }),
            _ => Err("The body must be a JSON object.".to_owned()),
        }
    }

    pub(crate) fn of(value: Value, place: &str) -> Result<Self, Mistake> {
        match value {
            Value::Object(left) => Ok(Self {
                place: format!("{place}."),
                left,
            }),
            _ => Err(format!("{place} must be an object.")),
        }
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.left.remove(name)
    }

    pub(crate) fn required(&mut self, name: &str) -> Result<Value, Mistake> {
        self.take(name)
            .ok_or_else(|| format!("{}{name} is missing.", self.place))
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Result<Option<bool>, Mistake> {
        self.take(name)
            .map(|value| value.as_bool().ok_or_else(|| self.wrong(name, "true or false")))
            .transpose()
    }

    pub(crate) fn integer(&mut self, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Mistake> {
        self.take(name)
            .map(|value| {
                value
                    .as_i64()
                    .filter(|number| range.contains(number))
                    .ok_or_else(|| {
                        let (least, most) = (range.start(), range.end());
                        self.wrong(name, &format!("a whole number from {least} to {most}"))
                    })
            })
            .transpose()
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Mistake> {
        self.take(name)
            .map(|value| text(value).ok_or_else(|| self.wrong(name, "a text")))
            .transpose()
    }

    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, Mistake> {
        self.take(name)
            .map(|value| match value {
                Value::Array(all) => all.into_iter().map(text).collect::<Option<Vec<String>>>(),
                _ => None,
            })
            .map(|texts| texts.ok_or_else(|| self.wrong(name, "a list of texts")))
            .transpose()
    }

    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Map<String, Value>>, Mistake> {
        self.take(name)
            .map(|value| match value {
                Value::Object(members) => Ok(members),
                _ => Err(self.wrong(name, "an object")),
            })
            .transpose()
    }

    /// To be called at the end.
    pub(crate) fn refuse_others(self) -> Result<(), Mistake> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!("{}{name} is no known member.", self.place)),
        }
    }

    pub(crate) fn wrong(&self, name: &str, wanted: &str) -> Mistake {
        format!("{}{name} must be {wanted}.", self.place)
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}
