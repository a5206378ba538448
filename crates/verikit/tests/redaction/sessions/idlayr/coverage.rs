//! Coverage, reachability and tokens for devices: with something private in every place of the answers.

use idlayr::testing::Step;
use idlayr::{CountryCode, CoverageLevel, NoReach, ProductId, Secret};

use super::subscriber::client;
use super::{NUMBER, PHONE_IP, REFERENCE};
use crate::capture::{Captured, Met};

const DEVICE_TOKEN: &str = "d3v1ce-t0ken";

/// Plays all of it. Gives the secrets that it met.
pub(super) async fn session(captured: &Captured) -> Met {
    captured.show(&(ProductId::from(NUMBER), CoverageLevel::from(NUMBER)));
    captured.show_failure(CountryCode::new(NUMBER));
    countries(captured).await;
    addresses(captured).await;
    tokens(captured).await;
    vec![("token of a device", DEVICE_TOKEN.to_owned())]
}

async fn countries(captured: &Captured) {
    let network = format!(
        r#"{{"network_id":"{NUMBER}","network_name":"{NUMBER}","network_aliases":["{NUMBER}"],"prices":[{{"currency":"{NUMBER}","amount":1}}]}}"#
    );
    let answer = format!(
        r#"{{"country_code":"{NUMBER}","dialing_code":{NUMBER},"products":[{{"product_id":"{NUMBER}","product_name":"{NUMBER}","coverage":"{NUMBER}","prices_starting_from":[{{"currency":"{NUMBER}","amount":1}}],"networks":[{network}]}}],"later":"{NUMBER}"}}"#
    );
    let client = client([
        Step::json(200, answer),
        Step::json(404, format!(r#"{{"detail":"{NUMBER}"}}"#)),
        Step::json(200, format!(r#"{{"products":"{NUMBER}"}}"#)),
    ]);
    let coverage = client.coverage();
    let country = CountryCode::new("GB").unwrap();
    captured.show(&(&coverage, &country));
    let call = coverage.country(&country);
    captured.add("Display", call.prepare().unwrap());
    let covered = call.await.unwrap().unwrap();
    captured.show(&covered);
    let covered = covered.into_inner();
    captured.show(&covered);
    captured.show(&covered.products[0]);
    captured.show(&covered.products[0].networks[0]);
    captured.show(&covered.products[0].networks[0].prices[0]);
    let reply = coverage.country(&country).send_with_metadata().await.unwrap();
    captured.show(&reply);
    captured.show(&NoReach::of(&reply));
    captured.show_failure(coverage.country(&country).await);
}

#[expect(deprecated, reason = "a deprecated call shows as little")]
async fn addresses(captured: &Captured) {
    let answer = format!(
        r#"{{"country_code":"{NUMBER}","dialing_code":"{NUMBER}","network_id":"{NUMBER}","network_name":"{NUMBER}","network_aliases":["{NUMBER}"],"mobile_data_ip":"{PHONE_IP}","products":[{{"product_id":"{NUMBER}","product_name":"{NUMBER}"}}],"later":"{NUMBER}"}}"#
    );
    let client = client([
        Step::json(200, answer.clone()),
        Step::json(412, format!(r#"{{"detail":"{PHONE_IP} of {REFERENCE}"}}"#)),
        Step::json(400, format!(r#"{{"detail":"{PHONE_IP} of {REFERENCE}"}}"#)),
        Step::json(200, answer.clone()),
        Step::json(200, answer),
        Step::json(400, format!(r#"{{"detail":"{PHONE_IP} of {REFERENCE}"}}"#)),
    ]);
    let coverage = client.coverage();
    let call = || coverage.device_ip(PHONE_IP.parse().unwrap());
    captured.show(&call());
    captured.add("Display", call().prepare().unwrap());
    let reach = call().await.unwrap().unwrap();
    captured.show(&reach);
    let reach = reach.into_inner();
    captured.show(&reach);
    captured.show(&reach.products[0]);
    captured.show(&call().send_with_metadata().await.unwrap());
    captured.show_failure(call().await);
    let call = coverage.own_device_ip(&Secret::new(DEVICE_TOKEN));
    captured.show(&call);
    captured.add("Display", call.prepare().unwrap());
    captured.show(&call.await.unwrap());
    captured.show_failure(
        coverage
            .own_device_ip(&Secret::new(format!("{DEVICE_TOKEN} ")))
            .await,
    );
    let call = coverage.public_device_ip();
    captured.show(&call);
    captured.add("Display", call.prepare().unwrap());
    captured.show(&call.await.unwrap());
    captured.show_failure(coverage.public_device_ip().await);
}

async fn tokens(captured: &Captured) {
    let answer = |scope: &str| {
        let token = format!(r#"{{"access_token":"{DEVICE_TOKEN}","token_type":"bearer","scope":"{scope}"}}"#);
        Step::json(200, token)
    };
    let client = client([
        Step::json(200, r#"{"products":[]}"#),
        answer("coverage"),
        answer(&format!("coverage {NUMBER}")),
        Step::json(
            400,
            format!(r#"{{"error":"{NUMBER}","error_description":"{DEVICE_TOKEN}"}}"#),
        ),
    ]);
    // The first of the answers is for the client's own token.
    client
        .coverage()
        .country(&CountryCode::new("44").unwrap())
        .await
        .unwrap();
    captured.show(&client.tokens().device_token().await.unwrap());
    captured.show_failure(client.tokens().device_token().await);
    captured.show_failure(client.tokens().device_token().await);
}
