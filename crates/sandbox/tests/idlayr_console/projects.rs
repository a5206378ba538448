//! Projects that are made in the console, and the workspace's balance.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::{IdlayrProject, ProjectMode, Sandbox};

use crate::support::{self, Client, JSON, id_of, sandbox, token_answer};
use crate::{EVEN, WORKSPACES, console, listed, patch, post, self_of, workspace};

/// A client of the products with this new credential.
async fn user<'a>(sandbox: &'a Sandbox, credential: &Value) -> Client<'a> {
    let text = |name: &str| credential[name].as_str().unwrap();
    Client::with(sandbox, text("client_id"), text("client_secret"), "phone_check").await
}

#[tokio::test]
async fn a_new_project_is_used_at_once() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let projects = format!("{}/projects", workspace(&console).await);
    let answer = post(
        &console,
        &projects,
        &json!({
            "name": "shop", "mode": "sandbox",
            "configuration": {
                "phone_check": { "callback_url": "https://app.example.net/phone" },
                "subscriber_check": { "callback_url": "https://app.example.net/subscriber" },
            },
        }),
    )
    .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/hal+json");
    let created = answer.json();
    let credential = &created["_embedded"]["credentials"][0];

    let user = user(&sandbox, credential).await;
    let check = id_of(&user.create("v0.2", EVEN).await);
    assert!(sandbox.idlayr().expire_check(&check));
    let told = sandbox.idlayr().callbacks().remove(0);
    assert_eq!(told.url().as_str(), "https://app.example.net/phone");

    // The secret was shown once.
    let read = console.get(self_of(&created)).await.json();
    assert_eq!(read["configuration"], created["configuration"]);
    assert!(read.get("_embedded").is_none());
    let one = console.get(self_of(credential)).await;
    assert_eq!(one.header("content-type"), "application/json");
    let mut shown = credential.clone();
    shown.as_object_mut().unwrap().remove("client_secret").unwrap();
    assert_eq!(one.json(), shown);
    let list = console
        .get(read["_links"]["my_credentials"]["href"].as_str().unwrap())
        .await;
    assert_eq!(list.header("content-type"), "application/json");
    assert_eq!(list.json()["_embedded"]["credentials"], json!([shown]));
}

#[tokio::test]
async fn credentials_come_and_go() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let projects = format!("{}/projects", workspace(&console).await);
    let project = post(&console, &projects, &json!({ "name": "shop" })).await.json();
    let credentials = format!("{}/credentials", self_of(&project));
    let second = console.send(Method::POST, &credentials, "", "").await;
    assert_eq!(second.status, 200);
    let second = second.json();
    let user = user(&sandbox, &second).await;
    user.create("v0.2", EVEN).await;

    let path = self_of(&second);
    assert_eq!(console.send(Method::DELETE, path, "", "").await.status, 200);
    assert_eq!(console.send(Method::DELETE, path, "", "").await.status, 404);
    assert_eq!(console.get(path).await.status, 404);
    // Neither its tokens nor its secret are good for anything now.
    assert_eq!(user.check("v0.2", "any").await.status, 401);
    let (id, secret) = (second["client_id"].as_str(), second["client_secret"].as_str());
    let refused = token_answer(&sandbox, id.unwrap(), secret.unwrap(), "phone_check").await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["error"]),
        (401, &json!("invalid_client"))
    );
    let left = console.get(&credentials).await.json();
    assert_eq!(left["page"]["total_elements"], 1);
}

#[tokio::test]
async fn each_kind_of_credential_opens_its_own_side_only() {
    let sandbox = sandbox().await;
    let idlayr = sandbox.idlayr();
    for (id, secret, scope) in [
        (
            idlayr.console_client_id(),
            idlayr.console_client_secret(),
            "phone_check",
        ),
        (idlayr.client_id(), idlayr.client_secret(), "console"),
    ] {
        let refused = token_answer(&sandbox, id, secret, scope).await;
        assert_eq!(refused.json()["error"], "invalid_scope", "{scope}");
    }
    let product = Client::new(&sandbox).await;
    product.get(WORKSPACES).await.assert_problem(403, "forbidden");
    let console = console(&sandbox).await;
    let create = console
        .create_answer("v0.2", &json!({ "phone_number": EVEN }))
        .await;
    create.assert_problem(403, "forbidden");
}

#[tokio::test]
async fn the_workspace_has_a_balance_that_live_checks_reserve_from() {
    let project = IdlayrProject::new("me", "secret").mode(ProjectMode::Live);
    let sandbox = support::builder().idlayr_project(project).start().await.unwrap();
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let balance = async || console.get(&path).await.json()["_embedded"]["balance"].clone();
    let expected = |available, reserved| {
        json!({
            "currency": "API", "amount_available": available, "amount_reserved": reserved, "credit_limit": 0,
        })
    };
    assert_eq!(balance().await, expected(100, 0));
    let live = Client::with(&sandbox, "me", "secret", "phone_check").await;
    let check = id_of(&live.create("v0.2", EVEN).await);
    assert_eq!(balance().await, expected(99, 1));
    sandbox.idlayr().expire_check(&check);
    assert_eq!(balance().await, expected(100, 0));
    // Time ends a check too, whoever looks.
    live.create("v0.2", EVEN).await;
    sandbox.clock().advance(Duration::from_secs(120));
    assert_eq!(balance().await, expected(100, 0));

    let renamed = patch(
        &console,
        &path,
        &json!([{ "op": "replace", "path": "/name", "value": "Shop" }]),
    )
    .await;
    assert_eq!(
        (renamed.status.as_u16(), &renamed.json()["name"]),
        (200, &json!("Shop"))
    );
    let read = console.get(&path).await.json();
    assert_eq!(
        (&read["name"], &read["data_residency"]),
        (&json!("Shop"), &json!("EU"))
    );
    let me = &read["_embedded"]["me"];
    let member = console.get(self_of(me)).await.json();
    assert_eq!(
        (&member["member_id"], &member["role"]),
        (&me["member_id"], &json!("OWNER"))
    );
    let members = console.get(&format!("{path}/members")).await.json();
    assert_eq!(members["_embedded"]["members"], json!([member]));
    let elsewhere = format!("{WORKSPACES}/00000000-0000-4000-8000-000000000000");
    console
        .get(&elsewhere)
        .await
        .assert_problem(404, "workspace_not_found");
    console
        .get(&format!("{elsewhere}/projects"))
        .await
        .assert_problem(404, "workspace_not_found");
}

#[tokio::test]
async fn projects_change_by_json_patch() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let projects = format!("{}/projects", workspace(&console).await);
    let created = post(&console, &projects, &json!({ "name": "shop" })).await.json();
    let path = self_of(&created);
    let answer = patch(
        &console,
        path,
        &json!([
            { "op": "replace", "path": "/mode", "value": "live" },
            { "op": "replace", "path": "/name", "value": "bank" },
            { "op": "add", "path": "/configuration", "value": {} },
            { "op": "add", "path": "/configuration/phone_check", "value": { "callback_url": "https://a.example.net/" } },
        ]),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let changed = answer.json();
    assert_eq!(
        (&changed["name"], &changed["mode"]),
        (&json!("bank"), &json!("live"))
    );
    let callback_url = "/configuration/phone_check/callback_url";
    assert_eq!(changed.pointer(callback_url).unwrap(), "https://a.example.net/");
    // The project that is used is the changed one: it pays now.
    let user = user(&sandbox, &created["_embedded"]["credentials"][0]).await;
    assert_eq!(user.create("v0.2", EVEN).await["snapshot_balance"], 99);

    let removed = patch(&console, path, &json!([{ "op": "remove", "path": callback_url }])).await;
    assert_eq!(removed.json()["configuration"], json!({ "phone_check": {} }));
    for bad in [
        json!([{ "op": "remove", "path": callback_url }]),
        json!([{ "op": "replace", "path": "/mode", "value": "disabled" }]),
        json!([{ "op": "replace", "path": "/name", "value": "Project 1" }]),
        json!([{ "op": "replace", "path": "/project_id", "value": "x" }]),
        json!([{ "op": "add", "path": "/configuration/phone_check", "value": { "callback_url": "no url" } }]),
        json!({ "op": "replace" }),
    ] {
        patch(&console, path, &bad)
            .await
            .assert_problem(400, "bad_request");
    }
    assert_eq!(console.get(path).await.json()["name"], "bank");
    assert_eq!(console.send(Method::PATCH, path, JSON, "[]").await.status, 415);
}

#[tokio::test]
async fn projects_are_listed_in_pages_and_by_name() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let projects = format!("{}/projects", workspace(&console).await);
    for number in 0..4 {
        let body = json!({ "name": format!("shop {number}") });
        assert_eq!(post(&console, &projects, &body).await.status, 201);
    }
    for bad in [
        json!({ "name": "shop 0" }),
        json!({ "name": "" }),
        json!({ "name": null }),
        json!({}),
        json!({ "name": "x", "mode": "test" }),
    ] {
        post(&console, &projects, &bad)
            .await
            .assert_problem(400, "bad_request");
    }
    // The default project is one of them.
    let mut names = Vec::new();
    let mut next = Some(format!("{projects}?size=2"));
    while let Some(path) = next {
        assert!(
            path.starts_with("/console/"),
            "relative, as the examples are: {path}"
        );
        let page = console.get(&path).await.json();
        assert_eq!(page["page"]["total_elements"], 5);
        let items = page["_embedded"]["projects"].as_array().unwrap().clone();
        names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        next = page["_links"]["next"]["href"].as_str().map(str::to_owned);
    }
    assert_eq!(names, ["Project 1", "shop 0", "shop 1", "shop 2", "shop 3"]);
    let named = console.get(&format!("{projects}?name=shop%202")).await.json();
    assert_eq!(named["_embedded"]["projects"][0]["name"], "shop 2");
    assert_eq!(named["page"]["total_elements"], 1);
    let (created_at, mode) = ("created_at>=2024-05-02T09:10:11Z", "mode==sandbox");
    for (query, expected) in [
        ("search=name==%22shop%203%22".to_owned(), vec!["shop 3"]),
        (
            "search=name>%22shop%201%22;mode==sandbox".to_owned(),
            vec!["shop 2", "shop 3"],
        ),
        (
            format!("search={created_at};{mode}&sort=name,desc&size=2"),
            vec!["shop 3", "shop 2"],
        ),
        ("sort=name,asc&size=1".to_owned(), vec!["Project 1"]),
        ("sort=created_at,desc&size=1".to_owned(), vec!["shop 3"]),
        ("search=created_at>2024-05-02T09:10:11Z".to_owned(), vec![]),
        ("search=mode==live".to_owned(), vec![]),
    ] {
        let list = console.get(&format!("{projects}?{query}")).await.json();
        assert_eq!(listed(&list, "projects", "name"), expected, "{query}");
    }
    let sorted = console
        .get(&format!("{projects}?sort=name,desc&size=2"))
        .await
        .json();
    let next = sorted["_links"]["next"]["href"].as_str().unwrap();
    let second = console.get(next).await.json();
    assert_eq!(listed(&second, "projects", "name"), ["shop 1", "shop 0"]);
    for query in [
        "page=0",
        "size=101",
        "search=name=x",
        "search=client_secret==x",
        "search=created_at>=today",
        "sort=name",
        "sort=configuration,asc",
    ] {
        let answer = console.get(&format!("{projects}?{query}")).await;
        answer.assert_problem(400, "bad_request");
    }
}
