//! HMAC in both directions (contract identomat, 7): the golden vectors, and what an answer has to be.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use identomat::testing::Step;
use identomat::{Delivery, ErrorCode, ErrorKind, HmacSigner, MediaKind, Unauthenticated};

use crate::support::{SECRET_KEY, Scripted, TOKEN, assert_silent, signed, signer, token};

const TEXTS: [&[u8]; 2] = [b"ck_test_0001", b"0123456789abcdefghij0123456789abcdefghij"];
const FILE: [u8; 10] = [0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46];
const G6: &str = "tY/WyEnkZpsjLi5MCaRBfxwtO0yiFvVu7qvTUJnLvo0=";

#[test]
fn golden_vectors_of_whole_bodies() {
    let note = "\u{10d2}\u{10d0}\u{10db}\u{10d0}\u{10e0}\u{10ef}\u{10dd}\u{10d1}\u{10d0}";
    let g4 = format!(r#"{{"company_key":"ck_test_0001","flags":{{"language":"ka"}},"note":"{note}"}}"#);
    assert_eq!(g4.len(), 93);
    for (name, body, code) in [
        (
            "G1",
            r#"{"company_key":"ck_test_0001","flags":{"language":"en","skip_agreement":true}}"#,
            "8HdGAlU+9IqSpDHfFdc+yjWpdN/9p1octXElRMCIBg0=",
        ),
        (
            "G2",
            "company_key=ck_test_0001&session_token=0123456789abcdefghij0123456789abcdefghij",
            "l6I1+YMqlUcaNx4iWng06qnNdec5Ar5ZCt+oIs0QHBE=",
        ),
        ("G3", "", "4TdS2d7RqVvHb83vfLwLC8+emRj1okXcsOq/Qzti5XM="),
        ("G4", &g4, "frCQbLl3JEErBL3DTFXSMuAg2UQiGytW1yQeDg+aM7M="),
        (
            "G5",
            r#""abcdefghij0123456789abcdefghij0123456789""#,
            "ak9+V00EAonM0igov9YwjbRQsWCnW87gamM+6UnQm0g=",
        ),
    ] {
        assert_eq!(signer().sign(body.as_bytes()), code, "{name}");
        let raw = HmacSigner::from_bytes(SECRET_KEY.as_bytes()).unwrap();
        assert_eq!(raw.sign(body.as_bytes()), code, "{name}");
    }
}

/// G5, as the header of an answer.
#[test]
fn golden_vector_of_an_answer() {
    let body = br#""abcdefghij0123456789abcdefghij0123456789""#;
    let header = "signature=\"ak9+V00EAonM0igov9YwjbRQsWCnW87gamM+6UnQm0g=\"";
    let value = HmacSigner::authorization(&signer().sign(body)).unwrap();
    assert_eq!(value, header);
    assert!(value.is_sensitive());
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, value);
    signer().verify(&headers, body).unwrap();
    assert!(signer().verify(&headers, &body[..41]).unwrap_err().is_signature());
    assert!(
        HmacSigner::new("another")
            .unwrap()
            .verify(&headers, body)
            .unwrap_err()
            .is_signature()
    );
    for wrong in ["", "abc", "ak9+V00EAonM0igov9YwjbRQsWCnW87gamM+6UnQm0g", "a\"b"] {
        assert!(HmacSigner::authorization(wrong).unwrap_err().is_invalid_input());
    }
}

#[test]
fn golden_vectors_of_multipart() {
    let texts = || {
        let begun = signer().multipart().text(TEXTS[0]).unwrap();
        begun.text(TEXTS[1]).unwrap()
    };
    assert_eq!(texts().file(&FILE).unwrap().finish().unwrap(), G6);
    assert_eq!(
        texts().finish().unwrap(),
        "bnUlieUnd9SOcNcvGfphyW5FPs6g+WUBhT/oOTd8EEI=",
        "G7"
    );
    assert!(
        texts()
            .file(&FILE)
            .unwrap()
            .text(b"x")
            .unwrap_err()
            .is_invalid_input()
    );
    assert!(signer().multipart().finish().unwrap_err().is_invalid_input());
}

/// The contract's wrong ways come out as it says, and as something else than G6.
#[test]
fn the_wrong_ways_of_multipart_do_not_match() {
    // The base64 text of each MAC as the next key.
    let second = HmacSigner::new(signer().sign(TEXTS[0])).unwrap();
    let third = HmacSigner::new(second.sign(TEXTS[1])).unwrap();
    let as_text = third.sign(&FILE);
    assert_eq!(as_text, "TBRuVFVY6yJKRiUxlJ0KuXDFiQWjIBgt48oWFK0aUrg=");

    // The file first: the signer refuses it, so the parts are given as texts.
    let first = signer().multipart().text(&FILE).unwrap();
    let file_first = first.text(TEXTS[0]).unwrap().text(TEXTS[1]).unwrap();
    let file_first = file_first.finish().unwrap();
    assert_eq!(file_first, "rPmqim4wVgkYBug5eOmRg03hOWYI7IvtevGblyz7deQ=");

    let whole = signer().sign(&[TEXTS[0], TEXTS[1], &FILE].concat());
    assert_eq!(whole, "OmOz0ujYQwiaQyxKIL7Ye04U009hwt26E4O6C8caJSM=");

    // The other reading that the contract leaves open: the caller decides what a part is.
    let named = |name: &str, value: &[u8]| [name.as_bytes(), b"=", value].concat();
    let chain = signer()
        .multipart()
        .text(&named("company_key", TEXTS[0]))
        .and_then(|chain| chain.text(&named("session_token", TEXTS[1])))
        .and_then(|chain| chain.file(&named("image", &FILE)))
        .and_then(identomat::MultipartSignature::finish)
        .unwrap();
    assert_eq!(chain, "JyQ6oWECPH1D3ddHiaNVlh61oAZX1WuW7cKBY1CuTwk=");

    for wrong in [as_text, file_first, whole, chain] {
        assert_ne!(wrong, G6);
    }
}

/// Golden vector G2, by a whole call.
#[test]
fn a_form_is_signed_as_it_is_sent() {
    let scripted = Scripted::signing([signed(Step::json(200, "{}"))]);
    let call = scripted
        .client
        .call_json("some/path/", &())
        .as_form()
        .session(&token());
    scripted.run(call).unwrap();
    let seen = scripted.sent();
    assert_eq!(
        seen.header("authorization"),
        Some("signature=\"l6I1+YMqlUcaNx4iWng06qnNdec5Ar5ZCt+oIs0QHBE=\"")
    );
}

/// Each attempt carries the code of its own body, and a stale one is never left.
#[test]
fn a_repeat_is_signed_too() {
    let scripted = Scripted::signing([
        Step::answer(503, ""),
        signed(Step::json(200, r#"{"result":"approved"}"#)),
    ]);
    scripted.run(scripted.client.sessions().result(&token())).unwrap();
    let seen = scripted.transport.seen();
    assert_eq!(seen.len(), 2);
    for seen in seen {
        let code = signer().sign(&seen.body);
        assert_eq!(
            seen.header("authorization").unwrap(),
            format!("signature=\"{code}\"")
        );
    }
}

fn approved() -> Step {
    Step::json(200, r#"{"result":"approved","person":{"first_name":"ANNA"}}"#)
}

#[test]
fn an_answer_counts_only_if_its_signature_is_good() {
    let scripted = Scripted::signing([signed(approved())]);
    assert!(
        scripted
            .run(scripted.client.sessions().result(&token()))
            .unwrap()
            .is_approved()
    );
    let good = format!(
        "signature=\"{}\"",
        signer().sign(br#"{"result":"approved","person":{"first_name":"ANNA"}}"#)
    );
    let of_another = HmacSigner::new("another").unwrap();
    let of_another = of_another.sign(br#"{"result":"approved","person":{"first_name":"ANNA"}}"#);
    let bare = good
        .trim_start_matches("signature=\"")
        .trim_end_matches('"')
        .to_owned();
    for wrong in [
        String::new(),
        String::from("signature=\"\""),
        format!("signature=\"{of_another}\""),
        format!("signature=\"{}\"", signer().sign(b"another body")),
        bare.clone(),
        format!("signature={bare}"),
        format!("signature=\"{}\"", bare.trim_end_matches('=')),
        format!("signature=\"{bare}{bare}\""),
        format!("Signature \"{bare}\""),
        format!("signature=\"{bare}\", signature=\"{bare}\""),
    ] {
        let scripted = Scripted::signing([approved().header("authorization", &wrong)]);
        let error = scripted
            .run(scripted.client.sessions().result(&token()))
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature, "{wrong}");
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!Unauthenticated::marks(&error));
        assert_eq!(scripted.transport.seen().len(), 1, "it is not repeated");
        assert_silent(&error, &["ANNA", SECRET_KEY, &bare]);
    }
}

#[test]
fn two_signatures_are_none() {
    let Step::Answer {
        status,
        mut headers,
        body,
    } = signed(approved())
    else {
        panic!("an answer")
    };
    let value = headers[AUTHORIZATION].clone();
    headers.append(AUTHORIZATION, value);
    let scripted = Scripted::signing([Step::Answer {
        status,
        headers,
        body,
    }]);
    let error = scripted
        .run(scripted.client.sessions().result(&token()))
        .unwrap_err();
    assert!(error.is_signature(), "{error}");
}

/// The provider signs none of its errors, and says them with status 200.
#[test]
fn an_unsigned_answer_is_an_error_of_the_provider_or_of_nobody() {
    let result = |step: Step| {
        let scripted = Scripted::signing([step]);
        scripted
            .run(scripted.client.sessions().result(&token()))
            .unwrap_err()
    };
    let error = result(Step::json(200, "\"SESSION_NOT_FOUND\""));
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Provider, Delivery::Refused)
    );
    assert!(Unauthenticated::marks(&error), "anybody could have said it");

    let error = result(signed(Step::json(200, "\"SESSION_NOT_FOUND\"")));
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
    assert!(!Unauthenticated::marks(&error));

    for body in [
        r#"{"result":"approved"}"#,
        r#"{"argumentError":"x"}"#,
        "\"some text\"",
        "",
        "null",
    ] {
        let error = result(Step::json(200, body));
        assert_eq!(error.kind(), ErrorKind::Signature, "{body}");
        assert_eq!(error.code(), None);
        assert_eq!(error.body(), body, "to look at, and not to act on");
    }
    // A forger who tries a signature says nothing at all.
    let error = result(Step::json(200, "\"SESSION_NOT_FOUND\"").header("authorization", "signature=\"x\""));
    assert_eq!((error.kind(), error.code()), (ErrorKind::Signature, None));
    // A status of its own is an error as ever, unsigned as documented.
    let error = result(Step::json(404, "\"SESSION_NOT_FOUND\""));
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
    assert!(!Unauthenticated::marks(&error));
}

#[test]
fn an_unsigned_begin_may_have_begun() {
    let scripted = Scripted::signing([Step::json(200, format!("\"{TOKEN}\""))]);
    let error = scripted.run(scripted.client.sessions().begin()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Signature, Delivery::Unknown)
    );
    assert!(!error.is_safe_to_repeat());
    assert_silent(&error, &[]);
    assert!(format!("{error}").contains("signature refused"), "{error}");
}

#[test]
fn a_file_is_verified_before_any_of_it_is_handed_out() {
    let image = || Step::answer(200, vec![7; 1000]).header("content-type", "image/jpeg");
    let scripted = Scripted::signing([signed(image()), signed(image()), image(), image()]);
    let media = scripted.client.media();
    let file = scripted.run(media.get(MediaKind::Face, &token())).unwrap();
    let download = scripted.run(media.stream(MediaKind::Face, &token())).unwrap();
    assert_eq!(scripted.run(Box::pin(download.bytes())).unwrap(), file.bytes);
    let error = scripted.run(media.get(MediaKind::Face, &token())).unwrap_err();
    assert!(error.is_signature());
    let error = scripted.run(media.stream(MediaKind::Face, &token())).unwrap_err();
    assert!(error.is_signature(), "not one byte came");
}

/// Every way to an answer, with one that is not signed and one that somebody else signed.
#[test]
fn no_operation_uses_what_is_not_signed() {
    const KINDS: [MediaKind; 5] = [
        MediaKind::CardFront,
        MediaKind::CardBack,
        MediaKind::Passport,
        MediaKind::Face,
        MediaKind::FaceVideo,
    ];
    // An answer that each of them would take, but for its signature.
    let file = || Step::answer(200, format!("\"{TOKEN}\"")).header("content-type", "image/jpeg");
    let object = || Step::json(200, r#"{"result":"approved"}"#);
    let another = HmacSigner::new("another").unwrap();
    let forged = |step: Step| {
        let Step::Answer { body, .. } = &step else {
            panic!("an answer")
        };
        let value = format!("signature=\"{}\"", another.sign(body));
        step.header("authorization", &value)
    };
    for forge in [false, true] {
        let spoilt = |step: Step| if forge { forged(step) } else { step };
        let refused = |step: fn() -> Step, run: &dyn Fn(&Scripted) -> Result<(), identomat::Error>| {
            let good = Scripted::signing([signed(step())]);
            run(&good).unwrap();
            let bad = Scripted::signing([spoilt(step())]);
            let error = run(&bad).unwrap_err();
            assert!(error.is_signature(), "{error}");
            assert_eq!(error.delivery(), Delivery::Unknown);
        };
        refused(file, &|at| at.run(at.client.sessions().begin()).map(drop));
        refused(object, &|at| {
            at.run(at.client.sessions().result(&token())).map(drop)
        });
        refused(object, &|at| {
            at.run(at.client.sessions().until_processed(&token())).map(drop)
        });
        refused(object, &|at| {
            at.run(at.client.sessions().delete(&token())).map(drop)
        });
        for kind in KINDS {
            refused(file, &|at| {
                at.run(at.client.media().get(kind, &token())).map(drop)
            });
            refused(file, &|at| {
                at.run(at.client.media().stream(kind, &token())).map(drop)
            });
        }
        refused(object, &|at| at.run(at.client.call_json("a/", &())).map(drop));
        refused(object, &|at| {
            at.run(at.client.call_json("a/", &()).as_form()).map(drop)
        });
        refused(file, &|at| at.run(at.client.call_bytes("a/", &())).map(drop));
        refused(file, &|at| {
            at.run(at.client.call_bytes("a/", &()).stream()).map(drop)
        });
        refused(object, &|at| {
            at.run(at.client.unconfirmed().screening_person_details("p-1"))
                .map(drop)
        });
        refused(object, &|at| {
            at.run(at.client.unconfirmed().compare_faces(&())).map(drop)
        });
    }
}

/// It is read whole before it is handed out, so that it has the limit of a file, and may be asked for again.
#[test]
fn a_signed_stream_has_a_limit_and_is_repeated() {
    let image = || signed(Step::answer(200, vec![7; 1000]).header("content-type", "image/jpeg"));
    let scripted = Scripted::signing([Step::CutBody, image()]);
    let media = scripted.client.media();
    let download = scripted.run(media.stream(MediaKind::Face, &token())).unwrap();
    assert_eq!(scripted.transport.seen().len(), 2);
    assert_eq!(scripted.run(Box::pin(download.bytes())).unwrap().len(), 1000);

    let scripted = Scripted::with([image()], |config| config.secret_key(SECRET_KEY).file_limit(999));
    let media = scripted.client.media();
    let error = scripted.run(media.stream(MediaKind::Face, &token())).unwrap_err();
    assert!(error.is_too_large(), "{error}");
}
