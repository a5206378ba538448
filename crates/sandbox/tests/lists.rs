//! Lists: pages, search, sort.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{Client, check_url_of, id_of, sandbox, url};
use verikit_sandbox::Sandbox;

const PATH: &str = "/phone_check/v0.2/checks";

/// Five checks, ten seconds apart, with the references r0 to r4; r1 has been opened by a device.
async fn five(sandbox: &Sandbox) -> (Client<'_>, Vec<String>) {
    let client = Client::new(sandbox).await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let body = json!({ "phone_number": "447700900042", "reference_id": format!("r{number}") });
        let check = client.create_answer("v0.2", &body).await.json();
        if number == 1 {
            sandbox.device().follow(check_url_of(&check)).await.unwrap();
        }
        ids.push(id_of(&check));
        sandbox.clock().advance(Duration::from_secs(10));
    }
    (client, ids)
}

fn ids(list: &Value) -> Vec<String> {
    list["_embedded"]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(id_of)
        .collect()
}

fn picked(ids: &[String], wanted: &[usize]) -> Vec<String> {
    wanted.iter().map(|at| ids[*at].clone()).collect()
}

#[tokio::test]
async fn pages_link_to_each_other() {
    let sandbox = sandbox().await;
    let (client, all) = five(&sandbox).await;
    let href = |page: usize| {
        url(
            &sandbox,
            &format!("{PATH}?page={page}&size=2&sort=created_at%2Casc"),
        )
    };
    let mut seen = Vec::new();
    for page in 1..=3 {
        let answer = client
            .get(&format!("{PATH}?size=2&sort=created_at,asc&page={page}"))
            .await;
        assert_eq!(answer.header("content-type"), "application/hal+json");
        let list = answer.json();
        assert_eq!(
            list["page"],
            json!({ "size": 2, "number": page, "total_pages": 3, "total_elements": 5 })
        );
        let mut links = json!({
            "self": { "href": href(page) }, "first": { "href": href(1) }, "last": { "href": href(3) },
        });
        if page < 3 {
            links["next"] = json!({ "href": href(page + 1) });
        }
        if page > 1 {
            links["prev"] = json!({ "href": href(page - 1) });
        }
        assert_eq!(list["_links"], links);
        seen.extend(ids(&list));
    }
    assert_eq!(seen, all);
    let second = client
        .get(&href(2).replacen(sandbox.idlayr().base_url().as_str(), "/", 1))
        .await
        .json();
    assert_eq!(ids(&second), picked(&all, &[2, 3]));
}

#[tokio::test]
async fn without_a_query_the_newest_ten_come_first() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let mut all = Vec::new();
    for _ in 0..12 {
        all.push(id_of(&client.create("v0.2", "447700900042").await));
    }
    all.reverse();
    let list = client.get(PATH).await.json();
    assert_eq!(
        list["page"],
        json!({ "size": 10, "number": 1, "total_pages": 2, "total_elements": 12 })
    );
    assert_eq!(ids(&list), all[..10]);
    assert!(list["_embedded"]["checks"][0].get("snapshot_balance").is_none());
}

#[tokio::test]
async fn an_empty_list_and_a_page_behind_the_end_are_answers() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    let list = client.get(PATH).await.json();
    assert_eq!(list["page"]["total_pages"], 0);
    assert_eq!(
        list["_links"]["last"]["href"],
        url(&sandbox, &format!("{PATH}?page=1"))
    );
    assert!(list["_links"].get("next").is_none());
    client.create("v0.2", "447700900042").await;
    let list = client.get(&format!("{PATH}?page=9")).await.json();
    assert_eq!(list["page"]["number"], 9);
    assert!(ids(&list).is_empty());
    assert_eq!(
        list["_links"]["prev"]["href"],
        url(&sandbox, &format!("{PATH}?page=1"))
    );
}

#[tokio::test]
async fn searches() {
    let sandbox = sandbox().await;
    let (client, all) = five(&sandbox).await;
    for (search, wanted) in [
        ("status==PENDING", vec![1]),
        ("status==ACCEPTED", vec![0, 2, 3, 4]),
        ("status!=ACCEPTED", vec![1]),
        ("reference_id==r3", vec![3]),
        ("reference_id==%22r3%22", vec![3]),
        ("created_at>=2024-05-02T09:10:31%2B00:00", vec![2, 3, 4]),
        ("created_at>2024-05-02T09:10:31%2B00:00", vec![3, 4]),
        ("created_at<=2024-05-02T09:10:21Z", vec![0, 1]),
        ("created_at<2024-05-02T11:10:21%2B02:00", vec![0]),
        ("created_at>=2024-05-02", vec![0, 1, 2, 3, 4]),
        ("created_at>=2024-05-03", vec![]),
        ("status==ACCEPTED;created_at>=2024-05-02T09:10:31Z", vec![2, 3, 4]),
        ("status==COMPLETED", vec![]),
    ] {
        let list = client
            .get(&format!("{PATH}?sort=created_at,asc&search={search}"))
            .await
            .json();
        assert_eq!(ids(&list), picked(&all, &wanted), "{search}");
    }
}

#[tokio::test]
async fn sorts() {
    let sandbox = sandbox().await;
    let (client, all) = five(&sandbox).await;
    for (sort, wanted) in [
        ("created_at,asc", vec![0, 1, 2, 3, 4]),
        ("created_at,desc", vec![4, 3, 2, 1, 0]),
        ("status,asc", vec![0, 2, 3, 4, 1]),
        ("reference_id,desc", vec![4, 3, 2, 1, 0]),
    ] {
        let list = client.get(&format!("{PATH}?sort={sort}")).await.json();
        assert_eq!(ids(&list), picked(&all, &wanted), "{sort}");
    }
}

#[tokio::test]
async fn a_list_shows_expired_checks_as_such() {
    let sandbox = sandbox().await;
    let (client, all) = five(&sandbox).await;
    // 50 s have passed: the first two checks are 120 s old after another 80 s.
    sandbox.clock().advance(Duration::from_secs(80));
    let list = client
        .get(&format!("{PATH}?sort=created_at,asc&search=status==EXPIRED"))
        .await
        .json();
    assert_eq!(ids(&list), picked(&all, &[0, 1]));
}

#[tokio::test]
async fn wrong_queries_are_refused() {
    let sandbox = sandbox().await;
    let client = Client::new(&sandbox).await;
    for query in [
        "page=0",
        "page=-1",
        "page=%2B1",
        "page=",
        "page=99999999999999999999999",
        "size=0",
        "size=101",
        "size=ten",
        "sort=created_at",
        "sort=created_at,up",
        "sort=phone_number,asc",
        "search=",
        "search=status",
        "search=status==",
        "search=status=ACCEPTED",
        "search=phone_number==447700900042",
        "search=created_at>=yesterday",
        // A plus that was not encoded is a space.
        "search=created_at>=2024-05-02T09:10:31+00:00",
        "search=status==ACCEPTED;",
    ] {
        let answer = client.get(&format!("{PATH}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        answer.assert_problem(400, "bad_request");
    }
    assert_eq!(
        client.get(&format!("{PATH}?unknown=1&size=100")).await.status,
        200
    );
}
