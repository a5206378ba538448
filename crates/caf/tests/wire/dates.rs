//! Days of the calendar, in both ways to write them (contract caf, 10).

use caf::{CalendarDate, InvalidDate, Timestamp};
use proptest::prelude::*;

#[test]
fn both_ways_are_read() {
    let day = CalendarDate::new(1990, 2, 1).unwrap();
    for text in [
        "01/02/1990",
        "1990-02-01",
        "1990-02-01T00:00:00.000Z",
        "1990-02-01T23:59:59-03:00",
    ] {
        assert_eq!(text.parse(), Ok(day), "{text}");
        let read: CalendarDate = serde_json::from_value(text.into()).unwrap();
        assert_eq!(read, day, "{text}");
    }
    assert_eq!((day.year(), day.month(), day.day()), (1990, 2, 1));
    assert_eq!(
        (day.day_first().as_str(), day.iso().as_str()),
        ("01/02/1990", "1990-02-01")
    );
    assert!(day < CalendarDate::new(1990, 2, 2).unwrap());
    assert!(day < CalendarDate::new(1990, 3, 1).unwrap());
    assert!(day < CalendarDate::new(1991, 1, 1).unwrap());
    assert_eq!(format!("{day:?}"), "CalendarDate([redacted])");
    assert_eq!(serde_json::to_value(day).unwrap(), "1990-02-01");
}

#[test]
fn nothing_else_is() {
    for text in [
        "",
        "1/2/1990",
        "01-02-1990",
        "1990/02/01",
        "1990-2-1",
        "01/02/90",
        "32/01/1990",
        "00/01/1990",
        "01/00/1990",
        "01/13/1990",
        "29/02/2023",
        "31/04/2024",
        "01/01/0000",
        "0000-01-01",
        " 01/02/1990",
        "01/02/1990 ",
        "+1/02/1990",
        "0\u{661}/02/1990",
        "1990-02-01T",
        "1990-02-01T00:00:00",
        "1990-02-01 00:00:00Z",
        "1990-02-01Needle",
        "yesterday",
    ] {
        assert_eq!(CalendarDate::parse(text), Err(InvalidDate), "{text:?}");
        let error = serde_json::from_value::<CalendarDate>(text.into()).unwrap_err();
        assert_eq!(
            error.to_string(),
            InvalidDate.to_string(),
            "the text is not repeated"
        );
    }
    assert!(CalendarDate::parse("29/02/2024").is_ok());
    for (year, month, day) in [
        (0, 1, 1),
        (10_000, 1, 1),
        (2023, 2, 29),
        (2024, 0, 1),
        (2024, 1, 0),
        (2024, 13, 1),
    ] {
        assert_eq!(CalendarDate::new(year, month, day), Err(InvalidDate));
    }
    assert!(!InvalidDate.to_string().is_empty());
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(year in 1_u16..=9999, month in 0_u8..=14, day in 0_u8..=33) {
        let exists = Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T00:00:00Z")).is_ok();
        let date = CalendarDate::new(year, month, day);
        prop_assert_eq!(date.is_ok(), exists);
        if let Ok(date) = date {
            prop_assert_eq!(CalendarDate::parse(&date.iso()), Ok(date));
            prop_assert_eq!(CalendarDate::parse(&date.day_first()), Ok(date));
        }
    }

    #[test]
    fn any_text_ends_as_a_date_or_an_error(text in "\\PC{0,30}") {
        let _ = CalendarDate::parse(&text);
    }
}
