//! The client's limit against the vendor's, over a socket.

use std::time::{Duration, SystemTime};

use cm_identity::{CallFuture, Client, Clock as _, RetryPolicy, ServiceType, SystemClock};
use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use verikit_core::testing::ManualClock;
use verikit_sandbox::{CmRateLimit, Sandbox, SandboxClock};

use crate::support::{CALLBACK_URL, number};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_client_as_it_comes_keeps_to_the_vendors_limit_over_all_services() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_739_160_306);
    let sandbox = Sandbox::builder()
        .seed(7)
        .clock(SandboxClock::manual(start))
        .cm_rate_limit(CmRateLimit::WithRetryAfter)
        .start()
        .await
        .unwrap();
    let clock = ManualClock::starting_at(start);
    let cm = sandbox.cm();
    // A repeat would hide that a call came too early.
    let client = Client::builder(cm.key_id(), cm.secret())
        .base_url(cm.mobile_identity_url().as_str())
        .dangerously_allow_plain_http(true)
        .clock(clock.shared())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let anybody = || number("+31600000042");

    let check = client
        .number_verify()
        .create(anybody(), CALLBACK_URL)
        .await
        .unwrap();
    let swap = client.sim_swap().check(anybody(), ServiceType::Last24Hours);
    let compare = client.identity_match().compare(anybody()).last_name("X");
    let score = client.identity_match().score(anybody()).last_name("X");
    let read = client.clone().number_verify().get(&check.id);
    let mut calls = FuturesUnordered::<CallFuture<()>>::from_iter([
        async { swap.await.map(|_| ()) }.boxed(),
        async { compare.await.map(|_| ()) }.boxed(),
        async { score.await.map(|_| ()) }.boxed(),
        async { read.await.map(|_| ()) }.boxed(),
    ]);
    for sent in 1..=4 {
        assert!(calls.next().now_or_never().is_none(), "its second has not passed");
        assert_eq!(sandbox.calls().len(), sent);
        sandbox.clock().advance(SECOND);
        clock.advance(SECOND);
        let ended = match select(calls.next(), SystemClock.sleep(20 * SECOND)).await {
            Either::Left((ended, _)) => ended.unwrap(),
            Either::Right(_) => panic!("its second has passed, and it does not end"),
        };
        ended.unwrap();
    }
    let statuses: Vec<u16> = sandbox
        .calls()
        .iter()
        .map(|call| call.status().unwrap().as_u16())
        .collect();
    assert_eq!(statuses, [200; 5]);
}
