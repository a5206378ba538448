mod shared;

use futures_util::FutureExt as _;

use super::*;
use crate::testing::ManualClock;

fn now<T>(future: StoreFuture<'_, T>) -> T {
    future.now_or_never().unwrap().unwrap()
}

#[test]
fn keys_depend_on_every_part_and_on_where_it_ends() {
    let key = TokenKey::of(&["https://a", "id", "secret", "scope"]);
    assert_eq!(key, TokenKey::of(&["https://a", "id", "secret", "scope"]));
    for other in [
        TokenKey::of(&["https://b", "id", "secret", "scope"]),
        TokenKey::of(&["https://a", "id2", "secret", "scope"]),
        TokenKey::of(&["https://a", "id", "secret2", "scope"]),
        TokenKey::of(&["https://a", "id", "secret", "scope2"]),
        TokenKey::of(&["https://a", "ids", "ecret", "scope"]),
    ] {
        assert_ne!(key, other);
    }
    assert_eq!(key.to_hex().len(), 64);
    assert!(!format!("{key:?}").contains(key.to_hex().split_at(8).1));
}

#[test]
fn a_lease_is_one_callers_until_it_ends() {
    let clock = ManualClock::new();
    let store = MemoryTokenStore::new(clock.shared());
    let key = TokenKey::of(&["a"]);
    let lease = now(store.lease(&key, Duration::from_secs(15))).unwrap();
    assert!(now(store.lease(&key, Duration::from_secs(15))).is_none());
    clock.advance(Duration::from_secs(15));
    let second = now(store.lease(&key, Duration::from_secs(15))).unwrap();
    now(store.release(&key, lease));
    assert!(
        now(store.lease(&key, Duration::from_secs(15))).is_none(),
        "a lease that has ended frees nothing"
    );
    now(store.release(&key, second));
    assert!(now(store.lease(&key, Duration::from_secs(15))).is_some());
}

#[test]
fn only_that_very_token_is_removed_and_an_old_one_is_gone() {
    let clock = ManualClock::new();
    let store = MemoryTokenStore::new(clock.shared());
    let key = TokenKey::of(&["a"]);
    let expires_at = clock.system_time() + Duration::from_secs(60);
    now(store.put(
        &key,
        StoredToken {
            access_token: Secret::new("t-1"),
            expires_at,
        },
    ));
    assert!(!now(store.remove_if(&key, &Secret::new("t-0"))));
    assert_eq!(now(store.get(&key)).unwrap().access_token.expose(), "t-1");
    assert!(now(store.remove_if(&key, &Secret::new("t-1"))));
    assert!(now(store.get(&key)).is_none());
    now(store.put(
        &key,
        StoredToken {
            access_token: Secret::new("t-2"),
            expires_at,
        },
    ));
    clock.advance(Duration::from_secs(60));
    assert!(now(store.get(&key)).is_none());
    assert!(!format!("{store:?}").contains("t-2"));
}
