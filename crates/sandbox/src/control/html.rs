//! Text inside HTML.

/// A page is for people: it shows no more of anything than one can look at.
pub(crate) const SHOWN: usize = 50;

/// The text with everything escaped that could end a text or a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_of_html_is_left() {
        let html = escaped("<img src=\"x\" onerror='a&b'>");
        assert_eq!(html, "&lt;img src=&quot;x&quot; onerror=&#39;a&amp;b&#39;&gt;");
    }
}
