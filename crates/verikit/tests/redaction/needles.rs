//! What must not be seen, in whatever form.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// A private text in all the forms that it could be written in.
pub(crate) struct Needle {
    name: &'static str,
    forms: Vec<String>,
}

impl Needle {
    pub(crate) fn new(name: &'static str, text: &str) -> Self {
        assert!(text.len() >= 6, "{name} would be found by chance");
        let mut forms = vec![text.to_owned(), text.chars().rev().collect()];
        forms.push(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
        let hex = text.bytes().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        forms.push(text.bytes().fold(String::new(), |mut escaped, byte| {
            write!(escaped, "%{byte:02x}").unwrap();
            escaped
        }));
        forms.push(hex);
        let numbers: Vec<String> = text.bytes().map(|byte| byte.to_string()).collect();
        forms.push(numbers.join(", "));
        for before in 0..3 {
            forms.extend(base64_inside(text, before));
        }
        // Hex and percent-encoding come in both cases of letters.
        for form in &mut forms {
            form.make_ascii_lowercase();
        }
        Self { name, forms }
    }

    /// What is found, if anything is.
    pub(crate) fn find_in(&self, line: &str) -> Option<String> {
        let line = line.to_ascii_lowercase();
        let form = self.forms.iter().find(|form| line.contains(form.as_str()))?;
        Some(format!("{} as {form:?}", self.name))
    }
}

/// What base64 of a longer text looks like where `text` stands in it, with this many bytes before it.
fn base64_inside(text: &str, before: usize) -> [String; 2] {
    let whole = [&vec![0; before], text.as_bytes()].concat();
    // Characters that depend on the bytes before or after are left out.
    let first = (before * 8).div_ceil(6);
    let end = whole.len() * 8 / 6;
    [STANDARD.encode(&whole), URL_SAFE.encode(&whole)]
        .map(|encoded| encoded.get(first..end).unwrap().to_owned())
}

#[test]
fn a_needle_is_found_in_every_form() {
    let secret = "s3cr3t-K\u{e9}y/+42";
    let needle = Needle::new("secret", secret);
    let mut hidden = vec![
        format!("a{secret}b"),
        format!("{:?}", secret.as_bytes()),
        "733363723374".to_owned() + "2d4bc3a9792f2b3432",
        "%73%33%63%72%33%74%2D%4B%C3%A9%79%2F%2B%34%32".to_owned(),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
    ];
    for before in ["", "a", "ab", "abc", "client-1:"] {
        for after in ["", "z", "yz", "xyz"] {
            hidden.push(STANDARD.encode(format!("{before}{secret}{after}")));
            hidden.push(URL_SAFE.encode(format!("{before}{secret}{after}")));
        }
    }
    for line in hidden {
        assert!(needle.find_in(&line).is_some(), "{line}");
    }
    assert!(needle.find_in("nothing to see: s3cr3t, k\u{e9}y").is_none());
}
