//! As much of Markdown as the rules need.

/// The lines of prose with their numbers from 1, without fenced code, and with code spans emptied.
pub(crate) fn prose(markdown: &str) -> Vec<(usize, String)> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(markdown.lines()) {
        let trimmed = line.trim_start();
        match fence {
            Some(mark) if trimmed.starts_with(mark) => fence = None,
            Some(_) => {}
            None => match fence_mark(trimmed) {
                Some(mark) => fence = Some(mark),
                None => lines.push((number, without_code_spans(line))),
            },
        }
    }
    lines
}

/// The backticks or tildes that open a fence.
pub(crate) fn fence_mark(line: &str) -> Option<&'static str> {
    // A longer fence may contain a shorter one, so that its own length counts.
    ["`````", "````", "```", "~~~"]
        .into_iter()
        .find(|mark| line.starts_with(mark))
}

/// The cells of a table's row, or `None` where the line is none.
pub(crate) fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.trim().strip_prefix('|')?;
    Some(
        row.strip_suffix('|')
            .unwrap_or(row)
            .split('|')
            .map(str::trim)
            .collect(),
    )
}

fn without_code_spans(line: &str) -> String {
    let parts: Vec<&str> = line.split('`').collect();
    let closed = parts.len() % 2 == 1;
    let outside = parts
        .iter()
        .enumerate()
        .filter(|(index, _)| index % 2 == 0 || !closed);
    outside.map(|(_, part)| *part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_what_is_not_code() {
        let markdown = "one `[a](b)` two\n````text\n```\n[c](d)\n```\n````\nit`s three\n";
        assert_eq!(
            prose(markdown),
            [(1, "one  two".to_owned()), (7, "its three".to_owned())]
        );
    }

    #[test]
    fn rows_have_cells() {
        assert_eq!(cells("| `a` | b |"), Some(vec!["`a`", "b"]));
        assert_eq!(cells("no row"), None);
    }
}
