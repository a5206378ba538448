//! The console: secrets that it hands out, and members, projects and billing.

use std::sync::Arc;

use idlayr::console::{
    AnalyticsGroup, Balance, ClientId, Console, DestinationUrls, Interval, MemberId, MemberRole,
    PaymentMethodId, ProjectConfiguration, ProjectId, ProjectMode, UsageCount, UsageDate, UsageGroup,
    WorkspaceId, WorkspaceResidency,
};
use idlayr::testing::{ScriptedTransport, Step};
use idlayr::{Attempt, Currency, ProductId};

use super::{CALLBACK, NUMBER, REDIRECT, REFERENCE};
use crate::capture::{Captured, Met};

const ID: &str = "6c1e2f30-9a4b-4c5d-8e6f-708192a3b4c5";
const TOKEN: &str = "c0ns0le-t0ken";
const SECRET: &str = "c0ns0le-s3cret";
const CLIENT: &str = "c0ns0le-client";
const MADE_CLIENT: &str = "m4de-client";
const MADE_SECRET: &str = "m4de-s3cret";

/// A console behind a token, whose answers these are.
fn console(captured: &Captured, steps: impl IntoIterator<Item = Step>) -> Console {
    let token = format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer","expires_in":3600}}"#);
    let steps = [Step::json(200, token)].into_iter().chain(steps);
    let observed = captured.clone();
    let config = Console::builder(CLIENT, SECRET)
        .transport(ScriptedTransport::new(steps).shared())
        .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)));
    captured.show(&config);
    config.build().unwrap()
}

fn workspace_id() -> WorkspaceId {
    WorkspaceId::new(ID).unwrap()
}

fn project_id() -> ProjectId {
    ProjectId::new(ID).unwrap()
}

fn member_id() -> MemberId {
    MemberId::new(ID).unwrap()
}

/// Plays every part of the console. Gives the secrets that it met.
pub(super) async fn session(captured: &Captured) -> Met {
    captured.show(&(workspace_id(), project_id(), member_id()));
    captured.show(&(
        ClientId::new(MADE_CLIENT).unwrap(),
        WorkspaceResidency::from(NUMBER),
    ));
    captured.show(&MemberRole::from(NUMBER));
    captured.show(&(Interval::Daily, UsageGroup::ProductId, AnalyticsGroup::NetworkId));
    workspaces_and_members(captured).await;
    projects(captured).await;
    usage(captured).await;
    billing(captured).await;
    vec![
        ("console's token", TOKEN.to_owned()),
        ("console's secret", SECRET.to_owned()),
        ("console's client", CLIENT.to_owned()),
        ("made client", MADE_CLIENT.to_owned()),
        ("made secret", MADE_SECRET.to_owned()),
    ]
}

fn credential() -> String {
    format!(
        r#"{{"client_id":"{MADE_CLIENT}","client_secret":"{MADE_SECRET}","scopes":["{NUMBER}"],"created_at":"{NUMBER}","created_by":{{"member_id":"{NUMBER}","name":"{REFERENCE}"}},"later":"{NUMBER}"}}"#
    )
}

async fn workspaces_and_members(captured: &Captured) {
    let me = format!(r#"{{"member_id":"{NUMBER}","name":"{REFERENCE}","role":"{NUMBER}"}}"#);
    let workspace = format!(
        r#"{{"workspace_id":"{ID}","name":"{REFERENCE}","data_residency":"{NUMBER}","_embedded":{{"balance":{{"currency":"{NUMBER}","amount_available":{NUMBER}}},"me":{me}}}}}"#
    );
    let member = format!(
        r#"{{"member_id":"{ID}","role":"{NUMBER}","user_id":"{NUMBER}","name":"{REFERENCE}","invitation_reference":"{NUMBER}"}}"#
    );
    let console = console(
        captured,
        [
            Step::json(200, format!(r#"{{"_embedded":{{"workspaces":[{workspace}]}}}}"#)),
            Step::json(200, workspace),
            Step::json(
                403,
                format!(r#"{{"type":"https://x.example/#{NUMBER}","detail":"{REFERENCE}"}}"#),
            ),
            Step::json(200, member),
            Step::json(
                200,
                format!(r#"{{"_embedded":{{"credentials":[{}]}}}}"#, credential()),
            ),
            Step::json(200, credential()),
            Step::json(
                200,
                format!(r#"{{"client_id":7,"client_secret":"{MADE_SECRET}"}}"#),
            ),
            Step::answer(204, ""),
        ],
    );
    captured.show(&(&console, console.workspaces(), console.members(&workspace_id())));
    let list = console.workspaces().list().search(REFERENCE);
    captured.show(&list);
    captured.show(&list.await.unwrap());
    let read = console.workspaces().get(&workspace_id()).await.unwrap();
    captured.show(&(read.balance(), read.me()));
    captured.show(&read.into_inner());
    captured.show(&serde_json::from_str::<Balance>("{}").unwrap());
    let rename = || console.workspaces().rename(&workspace_id(), REFERENCE);
    captured.show(&rename());
    captured.add("Display", rename().prepare().unwrap());
    captured.show_failure(rename().await);
    let members = console.members(&workspace_id());
    captured.show(&members.get(&member_id()).await.unwrap().into_inner());
    let page = members.credentials(&member_id()).await.unwrap();
    captured.show(&page.items[0].created_by());
    captured.show(&page);
    let made = members
        .create_credential(&member_id())
        .send_with_metadata()
        .await
        .unwrap();
    let kept = String::from_utf8_lossy(made.raw()).into_owned();
    assert!(
        kept.contains(MADE_CLIENT) && !kept.contains(MADE_SECRET),
        "what is kept is redacted"
    );
    captured.show(&made);
    captured.show(&made.into_value().into_inner());
    captured.show_failure(members.create_credential(&member_id()).await);
    let delete = members.delete_credential(&member_id(), &ClientId::new(MADE_CLIENT).unwrap());
    captured.show(&delete);
    captured.add("Display", delete.prepare().unwrap());
    delete.await.unwrap();
}

async fn projects(captured: &Captured) {
    let made = format!(
        r#"{{"project_id":"{ID}","name":"{REFERENCE}","mode":"{NUMBER}","configuration":{{"phone_check":{{"callback_url":"{CALLBACK}","redirect_url":"{REDIRECT}"}}}},"_embedded":{{"credentials":[{}]}}}}"#,
        credential()
    );
    let console = console(
        captured,
        [
            Step::json(201, made.clone()),
            Step::json(200, made.clone()),
            Step::json(200, made.clone()),
            Step::json(200, format!(r#"{{"_embedded":{{"projects":[{made}]}}}}"#)),
            Step::json(200, credential()),
            Step::json(200, credential()),
        ],
    );
    let projects = console.projects(&workspace_id());
    let urls = || {
        DestinationUrls::new()
            .callback_url(CALLBACK)
            .redirect_url(REDIRECT)
    };
    let configuration = ProjectConfiguration::new().phone_check(urls());
    captured.show(&(&projects, urls(), &configuration, ProjectMode::Live));
    let create = projects.create(REFERENCE).configuration(configuration.clone());
    captured.show(&create);
    captured.add("Display", create.prepare().unwrap());
    let made = create.send_with_metadata().await.unwrap();
    captured.show(&made);
    captured.show(&made.into_value().into_inner());
    let update = || projects.update(&project_id()).name(REFERENCE).phone_check(urls());
    captured.show(&update());
    captured.add("Display", update().prepare().unwrap());
    captured.show(&update().await.unwrap());
    captured.show(&projects.get(&project_id()).await.unwrap().into_inner());
    let list = projects.list().name(REFERENCE);
    captured.show(&list);
    captured.show(&list.await.unwrap());
    captured.show(
        &projects
            .create_credential(&project_id())
            .await
            .unwrap()
            .into_inner(),
    );
    let client_id = ClientId::new(MADE_CLIENT).unwrap();
    let read = projects.credential(&project_id(), &client_id).await.unwrap();
    captured.show(&read.created_by().cloned().unwrap());
    captured.show(&read.into_inner());
    captured.show_failure(projects.create("").await);
    captured.show_failure(update().name(REFERENCE).await);
}

async fn usage(captured: &Captured) {
    let row = format!(
        r#"{{"date":"{NUMBER}","counter":{NUMBER},"amount":{NUMBER},"currency":"{NUMBER}","product_id":"{NUMBER}","project_id":"{NUMBER}","status":"{NUMBER}","network_id":"{NUMBER}","workspace_id":"{NUMBER}"}}"#
    );
    let console = console(
        captured,
        [
            Step::json(200, format!(r#"{{"_embedded":{{"usage":[{row}]}}}}"#)),
            Step::json(200, format!(r#"{{"_embedded":{{"analytics":[{row}]}}}}"#)),
        ],
    );
    let reports = console.usage(&workspace_id());
    captured.show(&reports);
    let mut page = reports.usage(Interval::Hourly, REFERENCE).await.unwrap();
    captured.show(&page);
    captured.show(&page.items.remove(0).into_inner());
    let mut page = reports
        .analytics(&ProductId::PhoneCheck, Interval::Monthly)
        .await
        .unwrap();
    captured.show(&page);
    captured.show(&page.items.remove(0).into_inner());
    captured.show(&serde_json::from_str::<UsageDate>("\"2024-01-10T05\"").unwrap());
    captured.show(&serde_json::from_str::<UsageCount>("7").unwrap());
}

async fn billing(captured: &Captured) {
    let account = format!(
        r#"{{"billing_id":"{NUMBER}","billing_mode":"{NUMBER}","company_name":"{REFERENCE}","contact_email":"{REFERENCE}","address1":"{NUMBER}","terms":"{NUMBER}"}}"#
    );
    let method = format!(r#"{{"id":"{NUMBER}","last_four_digits":"{NUMBER}","expiry_month":7}}"#);
    let top_up = format!(
        r#"{{"top_up_id":"{NUMBER}","type":"{NUMBER}","billing_id":"{NUMBER}","amount":{NUMBER},"currency":"{NUMBER}"}}"#
    );
    let console = console(
        captured,
        [
            Step::json(200, account.clone()),
            Step::json(200, account),
            Step::json(
                200,
                format!(r#"{{"_embedded":{{"payment_methods":[{method}]}}}}"#),
            ),
            Step::json(201, top_up),
        ],
    );
    let billing = console.billing(&workspace_id());
    captured.show(&billing);
    let read = billing.account().await.unwrap().into_inner();
    captured.show(&(&read, &read.billing_id, &read.billing_mode));
    let put = billing
        .put_account()
        .contact_email(REFERENCE)
        .extra("terms", NUMBER);
    captured.show(&put);
    captured.add("Display", put.prepare().unwrap());
    captured.show(&put.await.unwrap());
    captured.show_failure(billing.put_account().country(NUMBER).await);
    let mut page = billing.payment_methods().await.unwrap();
    captured.show(&page.items.remove(0).into_inner());
    let id = PaymentMethodId::new(NUMBER).unwrap();
    captured.show(&id);
    let made = billing
        .create_top_up(&id, &Currency::Eur, "5")
        .await
        .unwrap()
        .into_inner();
    captured.show(&(&made.top_up_id, &made.billing_id));
    captured.show(&made);
    captured.show_failure(billing.create_top_up(&id, &Currency::Eur, NUMBER).await);
}
