//! The Global API: services, orchestrations, notifications.

use caf::global_api::{GlobalNotification, GlobalTransactionId, WorkflowId};
use caf::{Client, Cpf, ErrorKind};
use verikit_sandbox::{CafGlobalStatus, Sandbox};

use crate::support::{sandbox, settings};

fn client(sandbox: &Sandbox, token: &str) -> Client {
    settings(sandbox).global_token(token).build().unwrap()
}

fn cpf(digits: &str) -> Cpf {
    Cpf::parse(digits).unwrap()
}

#[tokio::test]
async fn services() {
    let sandbox = sandbox().await;
    let services = client(&sandbox, sandbox.caf().global_token()).global().services();

    let found = services.basic_data(&cpf("31415926590")).await.unwrap();
    let data = found.service_data().unwrap();
    assert_eq!(data.has_obit_indication, Some(false));
    assert!(data.extra().is_empty(), "every member has its place");
    let found = services.basic_data(&cpf("90115926590")).await.unwrap();
    assert_eq!(found.service_data().unwrap().has_obit_indication, Some(true));

    let found = services.cpf_sync(&cpf("31415926590")).await.unwrap();
    assert!(found.record().unwrap().mother_name.is_none());
    let with_mother = services.cpf_sync(&cpf("31415926590")).with_mother_name(true);
    assert!(with_mother.await.unwrap().record().unwrap().mother_name.is_some());
    for unknown in ["90711111111", "90811111111"] {
        let found = services.cpf_sync(&cpf(unknown)).await.unwrap();
        assert_eq!(found.record(), None);
        assert!(found.service_data().unwrap().message.is_some());
    }

    let query = services.sanctions("Ana Teste").fuzziness("0.8").birth_year(1990);
    assert!(query.await.unwrap().service_data().unwrap().is_clear());
    let found = services.sanctions("Ana Sanctioned").await.unwrap();
    let sanctions = found.service_data().unwrap();
    assert!(!sanctions.is_clear());
    assert_eq!(sanctions.sanctions_list.as_ref().unwrap().len(), 1);

    let found = services
        .company_record("rec-1")
        .metadata("orderId", "A-17")
        .await
        .unwrap();
    assert!(found.service_data().unwrap().label.is_some());
    let metadata = &found.data.as_ref().unwrap().metadata;
    assert_eq!(metadata.as_ref().unwrap().expose()["orderId"], "A-17");

    let error = services.query("someService").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 400);
    assert!(error.provider_message().is_some() && error.request_id().is_some());
}

#[tokio::test]
async fn from_an_orchestration_to_its_approval() {
    let sandbox = sandbox().await;
    let global = client(&sandbox, sandbox.caf().global_token()).global();
    let workflow = WorkflowId::new("64b0c0ffee0000000000dddd").unwrap();
    for (number, status) in [
        ("31415926590", CafGlobalStatus::Approved),
        ("90115926590", CafGlobalStatus::Reproved),
        ("90215926590", CafGlobalStatus::Pending),
        ("90315926590", CafGlobalStatus::Processing),
    ] {
        let create = global.transactions().create(&workflow).parameter("cpf", number);
        let created = create.metadata("orderId", "A-17").await.unwrap();
        let transaction = global
            .transactions()
            .get(&created.data.transaction_id)
            .await
            .unwrap();
        let is_approved = status == CafGlobalStatus::Approved;
        assert_eq!(transaction.is_approved(), is_approved, "{transaction:?}");
    }
    let pending = sandbox.caf().global().transactions();
    assert_eq!(pending.len(), 4);
    let listed = global.unconfirmed().list_transactions().await.unwrap();
    assert!(listed.expose().is_object());
}

#[tokio::test]
async fn a_notification_names_what_to_read() {
    for is_lower_case in [false, true] {
        let sandbox = sandbox().await;
        let emulated = sandbox.caf().global();
        emulated.set_lower_case_specversion(is_lower_case);
        emulated.set_webhook_url(Some("https://hooks.example.com/caf/global".parse().unwrap()));
        let global = client(&sandbox, sandbox.caf().global_token()).global();
        let workflow = WorkflowId::new("64b0c0ffee0000000000dddd").unwrap();
        let create = global
            .transactions()
            .create(&workflow)
            .parameter("cpf", "90215926590");
        let created = create.await.unwrap();
        emulated
            .decide(created.data.transaction_id.as_str(), CafGlobalStatus::Approved)
            .unwrap();
        let deliveries = sandbox.caf().webhooks();
        assert!(deliveries.len() >= 2, "it began, and it ended");
        for delivery in deliveries {
            let notification = GlobalNotification::read(delivery.body().to_vec()).unwrap();
            assert!(!notification.event_type.is_unknown());
            let id: &GlobalTransactionId = notification.transaction_id.as_ref().unwrap();
            assert_eq!(*id, created.data.transaction_id);
            assert!(global.transactions().get(id).await.unwrap().is_approved());
        }
    }
}

#[tokio::test]
async fn another_familys_token_opens_nothing() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    for (token, status) in [
        ("n33dle", 401),
        (caf.core_token(), 403),
        (caf.token_without_permissions(), 403),
    ] {
        let services = client(&sandbox, token).global().services();
        for error in [
            services.sanctions("Ana Teste").await.unwrap_err(),
            services.cpf_sync(&cpf("31415926590")).await.unwrap_err(),
        ] {
            assert_eq!(
                (error.kind(), error.status().unwrap().as_u16()),
                (ErrorKind::Auth, status)
            );
        }
    }
}
