//! What is done to an input of the corpus: changes of bytes, and changes that know JSON.

use serde_json::Value;

use crate::needles::{NAME, NUMBER, SECRET};

/// One change. What each number means depends on the kind; every combination means something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mutation {
    pub(crate) kind: u8,
    pub(crate) place: u16,
    pub(crate) length: u16,
    pub(crate) pick: u32,
}

/// Beyond this an input only gets slower.
const MOST_BYTES: usize = 16 * 1024;

/// JSON values that are odd somewhere: huge, of another type than usual, deep, broken, private, or a step
/// away from a positive answer.
fn odd_value(pick: u32) -> String {
    const VALUES: &[&str] = &[
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "-0",
        "1.0",
        "0.1",
        "1e2",
        "1e400",
        "-1e-400",
        "3600.5",
        "18446744073709551616",
        "9223372036854775808",
        "340282366920938463463374607431768211456",
        "1E2147483648",
        "\"\"",
        "\"true\"",
        "\"1\"",
        "\"0\"",
        "\"COMPLETED\"",
        "\"completed\"",
        "\"ERROR\"",
        "\"ACCEPTED\"",
        "\"NaN\"",
        "\"-1\"",
        "\"inf\"",
        "\"bearer\"",
        "\"\\u0000\"",
        "\"a\\r\\nb: c\"",
        "\"\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\\u202egnp.exe\"",
        "\".\"",
        "\"..\"",
        "\"../../admin\"",
        "\"%2e%2e\"",
        "\"//evil.example/x\"",
        "\"https://evil.example/x\"",
        "\"https://eu.api.idlayr.com@evil.example/\"",
        "\"http://eu.api.idlayr.com/\"",
        "\"javascript:alert(1)\"",
        "\"\\\\\\\\evil.example\\\\x\"",
        "\"?a=b#c\"",
        "\"2024-05-02T09:10:11+00:00\"",
        "\"0001-01-01T00:00:00Z\"",
        "\"23410\"",
        "[]",
        "{}",
        "[true]",
        "[[]]",
        "{\"\":null}",
        "{\"href\":\"/x\"}",
        "{\"href\":7}",
        "NaN",
        "tru",
        "'x'",
        "",
    ];
    let pick = pick as usize % (VALUES.len() + 6);
    match pick.checked_sub(VALUES.len()) {
        None => VALUES[pick].to_owned(),
        Some(0) => NUMBER.to_owned(),
        Some(1) => format!("\"{NUMBER}\""),
        Some(2) => format!("\"{NAME}\""),
        Some(3) => format!("\"{SECRET}\""),
        Some(4) => format!("{}{}", "[".repeat(300), "]".repeat(300)),
        _ => format!("\"{}\"", "x".repeat(600)),
    }
}

/// Bytes that mean something to one parser or another, or to none.
const BYTES: &[&[u8]] = &[
    b"\0",
    b"\n",
    b"\r\n",
    b"\t",
    b" ",
    b"\"",
    b"\\",
    b"/",
    b"//",
    b"..",
    b"/../",
    b"%2e%2e%2f",
    b"%00",
    b"%",
    b"?",
    b"#",
    b"&",
    b"=",
    b"@",
    b":",
    b",",
    b";",
    b"+",
    b"-",
    b"(0)",
    b"00",
    b"0",
    b"9",
    b"1e9",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xae",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
    b"\xc2\xa0",
    b"\xd9\xa4",
    b"\xf0\x9f\x98\x80",
    b"\x1b[2J",
    b"true",
    b"COMPLETED",
    b"Z",
    b"GMT",
    b"a",
    NUMBER.as_bytes(),
    NAME.as_bytes(),
    SECRET.as_bytes(),
];

/// The input that these changes make of one in the corpus.
pub(crate) fn input(corpus: &[Vec<u8>], first: usize, mutations: &[Mutation]) -> Vec<u8> {
    let mut input = corpus[first].clone();
    for mutation in mutations {
        mutation.apply(&mut input, corpus);
        input.truncate(MOST_BYTES);
    }
    input
}

impl Mutation {
    fn apply(self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let pick = self.pick as usize;
        let at = self.place as usize % (input.len() + 1);
        let end = input.len().min(at + 1 + self.length as usize % 16);
        let other = &corpus[pick % corpus.len()];
        match self.kind % 20 {
            0 => drop(input.drain(at..end)),
            1 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << (pick % 8);
                }
            }
            2 => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = self.length as u8;
                }
            }
            3 | 4 => insert(input, at, BYTES[pick % BYTES.len()]),
            5 => drop(input.splice(at..end, BYTES[pick % BYTES.len()].iter().copied())),
            6 => {
                let again = input[at..end].to_vec();
                insert(input, at, &again);
            }
            7 => input.truncate(at),
            8 => {
                input.truncate(at);
                input.extend_from_slice(&other[self.length as usize % (other.len() + 1)..]);
            }
            9 => {
                let from = self.length as usize % (other.len() + 1);
                insert(input, at, &other[from..other.len().min(from + 24)]);
            }
            10 => other_number(input, at, self.pick),
            11 => input.iter_mut().skip(at).take(end - at).for_each(|byte| {
                if byte.is_ascii_alphabetic() {
                    *byte ^= 0x20;
                }
            }),
            12 => self.edit_json(input, &Edit::Drop),
            13 | 14 => self.edit_json(input, &Edit::Twice(&odd_value(self.pick))),
            15 => self.edit_json(input, &Edit::Wrap),
            16 => self.edit_json(input, &Edit::Escape),
            _ => self.edit_json(input, &Edit::Replace(&odd_value(self.pick))),
        }
    }

    /// Changes one value of the JSON that the input ends with, if it ends with any.
    fn edit_json(self, input: &mut Vec<u8>, edit: &Edit<'_>) {
        let openings = (0..input.len()).filter(|at| matches!(input[*at], b'{' | b'['));
        let found = openings.take(4).find_map(|at| {
            let value: Value = serde_json::from_slice(&input[at..]).ok()?;
            Some((at, value))
        });
        let Some((start, value)) = found else { return };
        let mut writer = Writer {
            out: String::new(),
            next: 0,
            chosen: self.place as usize % count(&value),
            edit,
        };
        writer.value(&value);
        input.truncate(start);
        input.extend_from_slice(writer.out.as_bytes());
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

/// Replaces the first run of digits behind a place.
fn other_number(input: &mut Vec<u8>, at: usize, pick: u32) {
    const NUMBERS: &[&str] = &[
        "0",
        "-1",
        "1",
        "59",
        "60",
        "99",
        "300",
        "4294967296",
        "99999999999999999999",
        "1e309",
    ];
    let Some(start) = (at..input.len()).find(|at| input[*at].is_ascii_digit()) else {
        return;
    };
    let end = (start..input.len())
        .find(|at| !input[*at].is_ascii_digit())
        .unwrap_or(input.len());
    let number = NUMBERS[pick as usize % NUMBERS.len()];
    input.splice(start..end, number.bytes());
}

enum Edit<'a> {
    /// The value is something else.
    Replace(&'a str),
    /// The member or element is gone.
    Drop,
    /// The member or element is there twice, and something else the second time.
    Twice(&'a str),
    /// The value stands in an array.
    Wrap,
    /// Every character of a text is escaped, which changes nothing of its meaning.
    Escape,
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(elements) => elements.iter().map(count).sum::<usize>(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Writes JSON with one value changed. The values are numbered in the order in which they are written.
struct Writer<'a> {
    out: String,
    next: usize,
    chosen: usize,
    edit: &'a Edit<'a>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) {
        let chosen = self.next == self.chosen;
        if chosen {
            match self.edit {
                Edit::Replace(other) => {
                    self.out.push_str(other);
                    self.next += count(value);
                    return;
                }
                Edit::Wrap => self.out.push('['),
                Edit::Drop | Edit::Twice(_) | Edit::Escape => {}
            }
        }
        self.next += 1;
        match value {
            Value::Array(elements) => {
                self.out.push('[');
                let elements = elements.iter().map(|element| (None, element));
                self.all(elements);
                self.out.push(']');
            }
            Value::Object(members) => {
                self.out.push('{');
                let members = members.iter().map(|(name, value)| (Some(name.as_str()), value));
                self.all(members);
                self.out.push('}');
            }
            Value::String(text) if chosen && matches!(self.edit, Edit::Escape) => {
                let units: Vec<String> = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
                self.out.push_str(&format!("\"{}\"", units.concat()));
            }
            simple => self.out.push_str(&simple.to_string()),
        }
        if chosen && matches!(self.edit, Edit::Wrap) {
            self.out.push(']');
        }
    }

    fn all<'a>(&mut self, values: impl Iterator<Item = (Option<&'a str>, &'a Value)>) {
        let mut first = true;
        for (name, value) in values {
            let chosen = self.next == self.chosen;
            if chosen && matches!(self.edit, Edit::Drop) {
                self.next += count(value);
                continue;
            }
            self.begin(&mut first, name);
            self.value(value);
            if let (true, Edit::Twice(other)) = (chosen, self.edit) {
                self.begin(&mut first, name);
                self.out.push_str(other);
            }
        }
    }

    fn begin(&mut self, first: &mut bool, name: Option<&str>) {
        if !std::mem::replace(first, false) {
            self.out.push(',');
        }
        if let Some(name) = name {
            self.out.push_str(&Value::from(name).to_string());
            self.out.push(':');
        }
    }
}

#[test]
fn each_change_of_json_is_the_one_that_was_meant() {
    let json = |edit: &Edit<'_>, place| {
        let mutation = Mutation {
            kind: 0,
            place,
            length: 0,
            pick: 0,
        };
        let mut input = br#"200 OK {"a":{"b":1},"c":["x"]}"#.to_vec();
        mutation.edit_json(&mut input, edit);
        String::from_utf8(input).unwrap()
    };
    assert_eq!(json(&Edit::Drop, 1), r#"200 OK {"c":["x"]}"#);
    assert_eq!(json(&Edit::Drop, 4), r#"200 OK {"a":{"b":1},"c":[]}"#);
    assert_eq!(
        json(&Edit::Replace("tru"), 2),
        r#"200 OK {"a":{"b":tru},"c":["x"]}"#
    );
    assert_eq!(json(&Edit::Replace("7"), 0), "200 OK 7");
    assert_eq!(
        json(&Edit::Twice("7"), 1),
        r#"200 OK {"a":{"b":1},"a":7,"c":["x"]}"#
    );
    assert_eq!(json(&Edit::Wrap, 3), r#"200 OK {"a":{"b":1},"c":[["x"]]}"#);
    assert_eq!(json(&Edit::Escape, 4), r#"200 OK {"a":{"b":1},"c":["\u0078"]}"#);
}
