//! Tables, for a terminal and for a document.

/// A table under a headline, with remarks below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) header: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) remarks: Vec<String>,
}

/// Where a table is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Terminal,
    Markdown,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>, header: &[&'static str]) -> Self {
        Self {
            title: title.into(),
            header: header.to_vec(),
            rows: Vec::new(),
            remarks: Vec::new(),
        }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        self.remarks.push(remark.into());
    }

    pub(crate) fn shown(&self, style: Style) -> String {
        let widths = self.widths();
        let mut out = match style {
            Style::Terminal => format!("{}\n\n", self.title),
            Style::Markdown => format!("## {}\n\n", self.title),
        };
        let header: Vec<String> = self.header.iter().map(ToString::to_string).collect();
        push_line(&mut out, style, &header, &widths);
        let rules: Vec<String> = (0_usize..)
            .zip(&widths)
            .map(|(column, width)| rule(style, column, *width))
            .collect();
        push_line(&mut out, style, &rules, &widths);
        for row in &self.rows {
            push_line(&mut out, style, row, &widths);
        }
        for remark in &self.remarks {
            out.push_str(&format!("\n{remark}\n"));
        }
        out
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let header = self.header.get(column).map_or(0, |name| name.chars().count());
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).fold(header, usize::max)
        };
        (0..self.header.len()).map(width).collect()
    }
}

fn rule(style: Style, column: usize, width: usize) -> String {
    match (style, column) {
        (Style::Markdown, 1..) => format!("{}:", "-".repeat(width.saturating_sub(1).max(2))),
        (Style::Markdown, 0) => "-".repeat(width.max(3)),
        (Style::Terminal, _) => "-".repeat(width),
    }
}

/// The first column is text and stands left; the others are numbers, or stand with them, right.
fn push_line(out: &mut String, style: Style, cells: &[String], widths: &[usize]) {
    let padded = (0_usize..)
        .zip(cells.iter().zip(widths))
        .map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
    let padded: Vec<String> = padded.collect();
    let line = match style {
        Style::Terminal => padded.join("  "),
        Style::Markdown => format!("| {} |", padded.join(" | ")),
    };
    out.push_str(line.trim_end());
    out.push('\n');
}

/// A whole number with commas between the thousands.
pub(crate) fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number <= -0.5 { format!("-{out}") } else { out }
}

/// What was not measured.
pub(crate) const UNKNOWN: &str = "-";

/// A number that may be missing.
pub(crate) fn or_unknown(number: Option<f64>, shown: impl Fn(f64) -> String) -> String {
    number.map_or_else(|| UNKNOWN.to_owned(), shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new("Calls", &["case", "calls/s"]);
        table.row(["hand".to_owned(), whole(7_000.0)]);
        table.row(["hand-256".to_owned(), whole(75_000.0)]);
        table.remark("Two rounds.");
        table
    }

    #[test]
    fn columns_stand_under_each_other() {
        assert_eq!(
            sample().shown(Style::Terminal),
            "Calls\n\ncase      calls/s\n--------  -------\nhand        7,000\nhand-256   75,000\n\nTwo rounds.\n"
        );
    }

    #[test]
    fn a_document_gets_the_same_table() {
        assert_eq!(
            sample().shown(Style::Markdown),
            "## Calls\n\n| case     | calls/s |\n| -------- | ------: |\n| hand     |   7,000 |\n| hand-256 |  75,000 |\n\n\
             Two rounds.\n"
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0.0, "0"),
            (999.4, "999"),
            (999.6, "1,000"),
            (75_012.0, "75,012"),
            (-1_234_567.0, "-1,234,567"),
            (-0.2, "0"),
        ] {
            assert_eq!(whole(number), text);
        }
        assert_eq!(or_unknown(None, whole), "-");
        assert_eq!(or_unknown(Some(1.0), whole), "1");
    }
}
