//! Members and their credentials.

use idlayr::console::MemberRole;
use idlayr::{ErrorKind, Scope, Sort};

use super::{console, with_credential, workspace};
use crate::support::sandbox;

#[tokio::test]
async fn a_new_credential_opens_the_console_until_it_is_deleted() {
    let sandbox = sandbox().await;
    let console = console(&sandbox);
    let id = workspace(&console).await;
    let members = console.members(&id);
    let listed = members
        .list()
        .search("role==OWNER")
        .sort(Sort::ascending("name"))
        .await
        .unwrap();
    let owner = members.get(&listed.items[0].member_id).await.unwrap();
    assert_eq!(owner.role, Some(MemberRole::Owner));
    assert_eq!(listed.items, std::slice::from_ref(&owner));

    let created = members.create_credential(&owner.member_id).await.unwrap();
    assert_eq!(created.scopes.as_deref(), Some(&[Scope::Console][..]));
    let secret = created.client_secret.clone().unwrap();
    let read = members
        .credential(&owner.member_id, &created.client_id)
        .await
        .unwrap();
    assert_eq!(read.created_at, created.created_at);
    let all = members.credentials(&owner.member_id).await.unwrap();
    assert_eq!(all.items.len(), 2);
    assert!(all.items.contains(&read));

    let second = with_credential(&sandbox, created.client_id.as_str(), secret.clone());
    assert_eq!(workspace(&second).await, id);
    members
        .delete_credential(&owner.member_id, &created.client_id)
        .await
        .unwrap();
    // Neither its token is good for anything, nor its secret for another one.
    for console in [
        second,
        with_credential(&sandbox, created.client_id.as_str(), secret),
    ] {
        let error = console.workspaces().list().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
    }
    let error = members
        .credential(&owner.member_id, &created.client_id)
        .await
        .unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 404);
}
