//! The member's credentials, which open the console.

use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::support::{Client, sandbox, token_answer};
use crate::{WORKSPACES, console, delete, listed, self_of, workspace};

#[tokio::test]
async fn a_credential_opens_the_console_until_it_is_deleted() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let read = console.get(&path).await.json();
    let credentials = read["_links"]["credentials"]["href"].as_str().unwrap();
    assert_eq!(
        read["_embedded"]["me"]["_links"]["credentials"]["href"],
        credentials
    );
    sandbox.clock().advance(Duration::from_secs(10));
    let answer = console.send(Method::POST, credentials, "", "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/hal+json");
    let created = answer.json();
    assert_eq!(created["scopes"], json!(["console"]));
    assert_eq!(created["created_at"], "2024-05-02T09:10:21+00:00");
    assert_eq!(
        self_of(&created),
        format!("{credentials}/{}", created["client_id"].as_str().unwrap())
    );

    // The secret was shown once.
    let mut shown = created.clone();
    shown.as_object_mut().unwrap().remove("client_secret").unwrap();
    let one = console.get(self_of(&created)).await;
    assert_eq!(one.header("content-type"), "application/hal+json");
    assert_eq!(one.json(), shown);
    let ids = [
        sandbox.idlayr().console_client_id(),
        created["client_id"].as_str().unwrap(),
    ];
    for (query, expected) in [
        ("", vec![ids[0], ids[1]]),
        ("?sort=created_at,desc", vec![ids[1], ids[0]]),
        ("?search=created_at>2024-05-02T09:10:11Z", vec![ids[1]]),
        ("?size=1&page=2", vec![ids[1]]),
    ] {
        let answer = console.get(&format!("{credentials}{query}")).await;
        assert_eq!(answer.header("content-type"), "application/hal+json");
        let list = answer.json();
        assert_eq!(listed(&list, "credentials", "client_id"), expected, "{query}");
        assert!(!answer.text().contains("client_secret"));
    }

    let (id, secret) = (ids[1], created["client_secret"].as_str().unwrap());
    for scope in ["phone_check", "coverage"] {
        let refused = token_answer(&sandbox, id, secret, scope).await;
        assert_eq!(refused.json()["error"], "invalid_scope");
    }
    let second = Client::with(&sandbox, id, secret, "console").await;
    assert_eq!(second.get(WORKSPACES).await.status, 200);
    let answer = delete(&console, self_of(&created)).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""));
    assert_eq!(second.get(WORKSPACES).await.status, 401);
    let refused = token_answer(&sandbox, id, secret, "console").await;
    assert_eq!(refused.json()["error"], "invalid_client");
    assert_eq!(delete(&console, self_of(&created)).await.status, 404);
    assert_eq!(console.get(self_of(&created)).await.status, 404);
    // The other one is not touched, until it deletes itself.
    assert_eq!(console.get(&path).await.status, 200);
    let own = format!("{credentials}/{}", ids[0]);
    assert_eq!(delete(&console, &own).await.status, 200);
    assert_eq!(console.get(&path).await.status, 401);
}

#[tokio::test]
async fn only_the_member_has_credentials() {
    let sandbox = sandbox().await;
    let console = console(&sandbox).await;
    let members = format!("{}/members", workspace(&console).await);
    let nobody = format!("{members}/00000000-0000-4000-8000-000000000000");
    for path in [
        nobody.clone(),
        format!("{nobody}/credentials"),
        format!("{nobody}/credentials/{}", sandbox.idlayr().console_client_id()),
    ] {
        console.get(&path).await.assert_problem(404, "");
    }
    let credentials = format!("{nobody}/credentials");
    console
        .send(Method::POST, &credentials, "", "")
        .await
        .assert_problem(404, "");
    let own = format!("{credentials}/{}", sandbox.idlayr().console_client_id());
    delete(&console, &own).await.assert_problem(404, "");
    assert_eq!(console.get(&members).await.status, 200);
    for (query, expected) in [("search=role==OWNER", 1), ("search=role!=OWNER", 0)] {
        let list = console
            .get(&format!("{members}?{query}&sort=name,asc"))
            .await
            .json();
        assert_eq!(list["page"]["total_elements"], expected);
    }
}
