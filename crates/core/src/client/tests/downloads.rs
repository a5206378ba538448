//! Files that are read as they arrive.

use futures_util::StreamExt as _;

use super::*;
use crate::error::ErrorFacts;

fn image() -> Result<Operation> {
    Operation::get("image.get", &realm().build().unwrap(), "/image", &[])
}

/// A client with one place in flight whose every answer has the body that `body` makes.
fn client_of(clock: &ManualClock, body: impl Fn() -> Body + Send + Sync + 'static) -> Client {
    let transport = SharedTransport::new(move |_| std::future::ready(answered(body())));
    client(clock, transport, |settings| {
        settings.max_in_flight(1).file_limit(10)
    })
}

fn chunks(texts: &'static [&'static str]) -> Body {
    Body::from_stream(futures_util::stream::iter(texts).map(|text| Ok(Bytes::from_static(text.as_bytes()))))
}

/// Whether a further call finds a place.
fn has_a_place(clock: &ManualClock, client: &Client) -> bool {
    let call = client.download(image()).timeout(Duration::from_secs(1));
    drive(clock, call.send()).is_ok()
}

#[test]
fn a_file_arrives_whole_and_with_its_type() {
    let bench = Bench::new([Step::answer(200, "0123456789").header("content-type", "image/jpeg")]);
    let reply = drive(&bench.clock, bench.client.download(image()).send_with_metadata()).unwrap();
    assert_eq!(reply.status(), 200);
    assert!(reply.raw().is_empty());
    let download = reply.into_value();
    assert_eq!(download.content_type(), Some("image/jpeg"));
    assert_eq!(download.declared_length(), Some(10));
    assert_eq!(&drive(&bench.clock, download.bytes()).unwrap()[..], b"0123456789");
}

#[test]
fn a_refusal_of_a_file_is_an_error_like_any_other() {
    let bench = Bench::new([Step::answer(503, ""), Step::json(404, r#"{"message":"gone"}"#)]);
    let error = drive(&bench.clock, bench.client.download(image()).send()).unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (404, 2));
    assert_eq!(error.provider_message(), Some("gone"));
}

#[test]
fn a_file_over_the_limit_stops_there() {
    let clock = ManualClock::new();
    let client = client_of(&clock, || drip(|| std::future::ready(())));
    let mut download = drive(&clock, client.download(image()).send()).unwrap();
    let mut received = 0;
    let error = loop {
        match drive(&clock, download.next()).expect("an error before the end") {
            Ok(chunk) => received += chunk.len(),
            Err(error) => break error,
        }
    };
    assert_eq!(received, 10);
    assert!(error.is_too_large());
    assert_eq!(error.operation(), "image.get");
    assert!(
        drive(&clock, download.next()).is_none(),
        "after an error comes nothing"
    );
    assert!(
        has_a_place(&clock, &client),
        "its place is free although it is not dropped yet"
    );

    let client = client_of(&clock, || {
        drip(std::future::pending).with_declared_length(Some(11))
    });
    let error = drive(&clock, client.download(image()).send()).unwrap_err();
    assert!(
        error.is_too_large(),
        "a declared length over the limit fails before a byte is read"
    );
    assert!(error.attempts() == 1 && error.delivery() == Delivery::CarriedOut);
}

#[test]
fn the_deadline_of_the_call_holds_for_its_download() {
    for always_ready in [false, true] {
        let clock = ManualClock::new();
        let ticking = clock.clone();
        let client = client_of(&clock, move || {
            let ticking = ticking.clone();
            drip(move || {
                let ticking = ticking.clone();
                async move {
                    if always_ready {
                        ticking.advance(Duration::from_secs(4));
                    } else {
                        ticking.sleep(Duration::from_secs(4)).await;
                    }
                }
            })
        });
        let (error, passed) = elapsed(&clock, || {
            let download = drive(&clock, client.download(image()).send()).unwrap();
            drive(&clock, download.bytes()).unwrap_err()
        });
        assert!(error.is_timeout());
        assert!(passed <= Duration::from_secs(32), "{passed:?}");
        assert!(error.is_safe_to_repeat());
    }
}

#[test]
fn a_download_that_breaks_off_is_an_error() {
    let clock = ManualClock::new();
    let client = client_of(&clock, || chunks(&["01", "23"]).with_declared_length(Some(5)));
    let download = drive(&clock, client.download(image()).send()).unwrap();
    let error = drive(&clock, download.bytes()).unwrap_err();
    assert!(
        error.is_interrupted(),
        "fewer bytes than declared are not the file"
    );

    let bench = Bench::new([Step::CutBody]);
    let download = drive(&bench.clock, bench.client.download(image()).send()).unwrap();
    let error = drive(&bench.clock, download.bytes()).unwrap_err();
    assert!(error.is_interrupted());
    assert_eq!((error.delivery(), error.attempts()), (Delivery::CarriedOut, 1));
}

#[test]
fn a_download_holds_its_place_until_it_ends_fails_or_is_dropped() {
    let clock = ManualClock::new();
    let client = client_of(&clock, || chunks(&["01", "23"]));
    let download = || drive(&clock, client.download(image()).send()).unwrap();

    let mut reading = download();
    assert!(drive(&clock, reading.next()).unwrap().is_ok());
    assert!(!has_a_place(&clock, &client), "it is still being read");
    assert!(drive(&clock, reading.next()).unwrap().is_ok());
    assert!(drive(&clock, reading.next()).is_none());
    assert!(has_a_place(&clock, &client), "it is read to its end");
    assert!(drive(&clock, reading.next()).is_none(), "the end stays the end");
    drop(reading);

    drop(download());
    assert!(has_a_place(&clock, &client), "it was dropped");

    let mut late = download();
    clock.advance(Duration::from_secs(30));
    assert!(drive(&clock, late.next()).unwrap().unwrap_err().is_timeout());
    assert!(has_a_place(&clock, &client), "it failed");
}

fn says_file(headers: &HeaderMap) -> bool {
    headers
        .get("content-type")
        .is_some_and(|value| value == "image/jpeg")
}

fn refuse_errors(reply: &RawReply) -> Result<()> {
    if reply.body() == "\"GONE\"" {
        let facts = ErrorFacts::new(Some("GONE"), None, None);
        return Err(Error::new(ErrorKind::Provider, "")
            .with_facts(facts)
            .with_delivery(Delivery::Refused));
    }
    Ok(())
}

/// Some providers say with status 200 that there is no file.
#[test]
fn a_file_is_told_from_an_error_before_it_is_handed_out() {
    let bench = Bench::new([
        Step::answer(200, "0123").header("content-type", "image/jpeg"),
        Step::json(200, "\"GONE\""),
        Step::json(200, "{}"),
    ]);
    let get = || bench.client.download_checked(image(), says_file, refuse_errors);
    let download = drive(&bench.clock, get().send()).unwrap();
    assert_eq!(&drive(&bench.clock, download.bytes()).unwrap()[..], b"0123");

    let error = drive(&bench.clock, get().send()).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Provider, Some("GONE")));
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!((error.operation(), error.attempts()), ("image.get", 1));
    assert_eq!(error.body(), "\"GONE\"");

    let reply = drive(&bench.clock, get().send_with_metadata()).unwrap();
    assert!(reply.raw().is_empty(), "its bytes are its value");
    let download = reply.into_value();
    assert_eq!(download.content_type(), Some("application/json"));
    assert_eq!(&drive(&bench.clock, download.bytes()).unwrap()[..], b"{}");
}

#[test]
fn what_is_checked_first_is_read_whole_and_has_the_same_limit() {
    let clock = ManualClock::new();
    let client = client_of(&clock, || chunks(&["01234", "56789"]));
    let get = |client: &Client| client.download_checked(image(), |_| false, |_| Ok(()));
    let download = drive(&clock, get(&client).send()).unwrap();
    assert!(has_a_place(&clock, &client), "all of it is here");
    clock.advance(Duration::from_secs(3600));
    assert_eq!(&drive(&clock, download.bytes()).unwrap()[..], b"0123456789");

    let client = client_of(&clock, || chunks(&["01234", "56789", "0"]));
    let error = drive(&clock, get(&client).send()).unwrap_err();
    assert!(error.is_too_large(), "{error}");
    let error = drive(&clock, get(&client).answer_limit(5).send()).unwrap_err();
    assert!(error.is_too_large(), "{error}");
}
