//! Members and their credentials.

use idlayr::console::{Member, MemberRole, WorkspaceResidency};
use idlayr::{Answer, Scope};

use super::{BEARER, CLIENT, HAL, MEMBER, ROOT, SECRET, client_id, console, member_id, workspace_id};
use crate::support::Wire;

fn member() -> String {
    format!(
        r#"{{"member_id":"{MEMBER}","role":"ADMIN","data_residency":"IN","user_id":"user-7","name":"Anna Jansen","invitation_reference":"inv-9","created_at":"2021-06-01T16:43:30+00:00","_links":{{"self":{{"href":"{ROOT}/members/{MEMBER}"}}}}}}"#
    )
}

fn credential(secret: &str) -> String {
    format!(
        r#"{{"client_id":"{CLIENT}","created_at":"2021-06-01T16:43:30+00:00","scopes":["console","later"]{secret},"_links":{{"self":{{"href":"{ROOT}/x"}}}}}}"#
    )
}

#[tokio::test]
async fn list() {
    let wire = Wire::start().await;
    wire.answer(
        200,
        HAL,
        format!(r#"{{"_embedded":{{"members":[{}]}}}}"#, member()),
    );
    let members = console(&wire).members(&workspace_id());
    let page = members.list().page(2).size(5).await.unwrap();
    wire.call()
        .assert(&wire, &format!("GET {ROOT}/members?page=2&size=5"), &[BEARER], "");
    assert_every_member(&page.items[0]);
}

/// Every member of [`member`].
#[track_caller]
fn assert_every_member(member: &Answer<Member>) {
    assert_eq!(member.member_id, member_id());
    assert_eq!(member.role, Some(MemberRole::Admin));
    assert_eq!(member.data_residency, Some(WorkspaceResidency::In));
    let text = |text: &Option<idlayr::Personal<String>>| text.as_ref().unwrap().expose().clone();
    assert_eq!(text(&member.user_id), "user-7");
    assert_eq!(text(&member.name), "Anna Jansen");
    assert_eq!(text(&member.invitation_reference), "inv-9");
    assert_eq!(member.created_at.as_ref().unwrap().unix_seconds(), 1_622_565_810);
}

#[tokio::test]
async fn get() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, member());
    let member = console(&wire)
        .members(&workspace_id())
        .get(&member_id())
        .await
        .unwrap();
    wire.call()
        .assert(&wire, &format!("GET {ROOT}/members/{MEMBER}"), &[BEARER], "");
    assert_every_member(&member);
    for (word, role) in [
        ("OWNER", MemberRole::Owner),
        ("ADMIN", MemberRole::Admin),
        ("VIEWER", MemberRole::Viewer),
    ] {
        assert_eq!(MemberRole::from(word), role);
    }
    assert_eq!(MemberRole::KNOWN.len(), 3);
    assert!(MemberRole::from("GUEST").is_unknown());
}

#[tokio::test]
async fn credentials() {
    let wire = Wire::start().await;
    wire.answer(
        200,
        HAL,
        format!(r#"{{"_embedded":{{"credentials":[{}]}}}}"#, credential("")),
    );
    wire.answer(200, HAL, credential(""));
    let members = console(&wire).members(&workspace_id());
    let page = members.credentials(&member_id()).await.unwrap();
    let one = members.credential(&member_id(), &client_id()).await.unwrap();
    assert_eq!(page.items, [one]);
    assert_eq!(page.items[0].client_id, client_id());
    let created_at = page.items[0].created_at.as_ref();
    assert_eq!(created_at.unwrap().unix_seconds(), 1_622_565_810);
    assert_eq!(
        page.items[0].scopes.as_deref(),
        Some(&[Scope::Console, Scope::from("later")][..])
    );
    assert_eq!(page.items[0].created_by(), None);
    let calls = wire.calls();
    let route = format!("GET {ROOT}/members/{MEMBER}/credentials");
    calls[0].assert(&wire, &route, &[BEARER], "");
    calls[1].assert(&wire, &format!("{route}/{CLIENT}"), &[BEARER], "");
}

#[tokio::test]
async fn create_credential() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, credential(&format!(r#","client_secret":"{SECRET}""#)));
    wire.answer(201, HAL, credential(""));
    let members = console(&wire).members(&workspace_id());
    let created = members.create_credential(&member_id()).await.unwrap();
    assert_eq!(created.client_id, client_id());
    assert_eq!(created.client_secret.as_ref().unwrap().expose(), SECRET);
    assert_eq!(
        created.scopes.as_deref(),
        Some(&[Scope::Console, Scope::from("later")][..])
    );
    assert_eq!(created.created_at.as_ref().unwrap().unix_seconds(), 1_622_565_810);
    // Whether the answer has a secret, and under which name, is not confirmed.
    let without = members.create_credential(&member_id()).await.unwrap();
    assert!(without.client_secret.is_none());
    for call in wire.calls() {
        call.assert(
            &wire,
            &format!("POST {ROOT}/members/{MEMBER}/credentials"),
            &[BEARER],
            "",
        );
    }
}

#[tokio::test]
async fn delete_credential() {
    let wire = Wire::start().await;
    wire.answer(200, HAL, "{}");
    wire.answer(204, HAL, "");
    let members = console(&wire).members(&workspace_id());
    for _ in 0..2 {
        members
            .delete_credential(&member_id(), &client_id())
            .await
            .unwrap();
    }
    for call in wire.calls() {
        call.assert(
            &wire,
            &format!("DELETE {ROOT}/members/{MEMBER}/credentials/{CLIENT}"),
            &[BEARER],
            "",
        );
    }
}
