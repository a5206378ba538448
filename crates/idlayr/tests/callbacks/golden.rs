//! Callbacks that OpenSSL 3 signed (`openssl dgst -sign`) over signing strings that were put together by
//! hand, from the contract. The private keys were thrown away.

use serde_json::Value;

use crate::support::{World, key_set};

#[test]
fn what_another_program_signed_is_verified() {
    let all: Vec<Value> = serde_json::from_str(include_str!("golden.json")).unwrap();
    assert_eq!(all.len(), 4);
    let world = World::new([key_set(
        &all.iter().map(|one| one["key"].clone()).collect::<Vec<_>>(),
    )]);
    for one in &all {
        let text = |name: &str| one[name].as_str().unwrap();
        let mut request = http::Request::post(text("target")).header("x-tru-callback", "phone_check");
        for name in ["host", "date", "digest", "authorization"] {
            request = request.header(name, text(name));
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let callback = world.verify_parts(&parts, text("body")).unwrap();
        assert!(callback.check.is_match(), "{}", text("name"));
        let longer = format!("{} ", text("body"));
        assert!(world.verify_parts(&parts, &longer).unwrap_err().is_signature());
    }
    assert_eq!(world.fetches(), 1);
}
