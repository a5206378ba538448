//! Transactions of the Core API, from creation to a decision that is read.

use std::time::Duration;

use caf::core_api::{
    CoreNotification, CoreNotificationType, CoreTransactions, ForcedDocumentType, ListOrder,
};
use caf::transactions::{
    Attributes, CreateTransaction, DocumentType, FileType, ManualReprovalCode, RuleStatus, TemplateId,
    TransactionFile, TransactionId, TransactionStatus, ValidationRule,
};
use caf::{Answer, CalendarDate, Config, Cpf, Delivery, ErrorKind};
use verikit_sandbox::{CafReview, Sandbox};

use crate::support::{sandbox, settings};

const HOOK: &str = "https://hooks.example.net/caf/9f2c";

struct World {
    sandbox: Sandbox,
    transactions: CoreTransactions,
}

fn config(sandbox: &Sandbox) -> Config {
    settings(sandbox).core_token(sandbox.caf().core_token())
}

impl World {
    async fn new() -> Self {
        let sandbox = sandbox().await;
        let transactions = config(&sandbox).build().unwrap().core().transactions();
        Self {
            sandbox,
            transactions,
        }
    }

    fn person(&self, cpf: &str) -> CreateTransaction {
        let attributes = Attributes::new()
            .cpf(Cpf::parse(cpf).unwrap())
            .name("Ana Teste")
            .birth_date(CalendarDate::new(1990, 2, 1).unwrap());
        self.transactions
            .create(&template("64b0c0ffee0000000000aaaa"))
            .attributes(attributes)
            .metadata("orderId", "A-17")
            .callback_url(HOOK)
    }

    /// What the webhook was told last, of however many messages.
    async fn notified(&self) -> (usize, Answer<CoreNotification>) {
        self.sandbox.caf().webhooks_settled().await;
        let deliveries = self.sandbox.caf().webhooks();
        let last = deliveries.last().unwrap();
        assert_eq!(last.url().as_str(), HOOK);
        (
            deliveries.len(),
            CoreNotification::read(last.body().clone()).unwrap(),
        )
    }
}

fn template(id: &str) -> TemplateId {
    TemplateId::new(id).unwrap()
}

fn selfie(name: &str) -> TransactionFile {
    TransactionFile::at_url(FileType::Selfie, format!("https://img.example.com/{name}.jpg"))
}

#[tokio::test]
async fn a_transaction_is_approved_told_of_and_read() {
    let world = World::new().await;
    let front = TransactionFile::at_url(FileType::Front, "https://img.example.com/cnh.jpg");
    let create = world.person("123.456.789-09").file(selfie("selfie")).file(front);
    let created = create.reference_token("session-token-1").await.unwrap();
    assert!(created.request_id.is_some());

    let (_, notification) = world.notified().await;
    assert_eq!(
        notification.notification_type,
        Some(CoreNotificationType::StatusUpdated)
    );
    let get = world.transactions.get_notified(&notification).unwrap();
    let transaction = get.await.unwrap();
    assert_eq!(transaction.id, created.id);
    assert!(transaction.is_approved());
    assert_eq!(transaction.document_type, Some(DocumentType::Cnh));
    assert_eq!(transaction.metadata.as_ref().unwrap().expose()["orderId"], "A-17");
    assert_eq!(
        transaction.attributes.as_ref().unwrap().expose()["birthDate"],
        "01/02/1990"
    );
    let selfie = transaction.images.as_ref().unwrap().selfie.as_ref().unwrap();
    assert_eq!(selfie.expose(), "https://img.example.com/selfie.jpg");
    let history: Vec<_> = transaction.history.iter().flatten().collect();
    let statuses: Vec<_> = history
        .iter()
        .map(|change| change.status.clone().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [TransactionStatus::Processing, TransactionStatus::Approved]
    );
    let reasons = transaction.status_reasons.as_ref().unwrap();
    assert!(!reasons.is_empty());
    assert!(
        reasons
            .iter()
            .all(|reason| reason.status == Some(RuleStatus::Valid))
    );
    let sections = transaction.sections.as_ref().unwrap();
    let liveness = sections.document_liveness().unwrap().unwrap();
    assert_eq!(liveness.front.as_ref().unwrap().decision, Some(true));
    assert!(transaction.extra().is_empty(), "{:?}", transaction.extra().keys());
    let held = world
        .sandbox
        .caf()
        .account()
        .transaction(created.id.as_str())
        .unwrap();
    assert_eq!(held.reference_token(), Some("session-token-1"));
    world.sandbox.shutdown().await;
}

#[tokio::test]
async fn every_status_but_one_is_no_approval() {
    let world = World::new().await;
    for (cpf, status) in [
        ("901.111.111-11", "REPROVED"),
        ("902.111.111-11", "PENDING"),
        ("903.111.111-11", "PROCESSING"),
        ("905.111.111-11", "WAITING_DOCUMENTS"),
        ("909.111.111-11", "UNDER_LEGAL_REVIEW"),
    ] {
        let created = world.person(cpf).await.unwrap();
        let transaction = world.transactions.get(&created.id).await.unwrap();
        assert_eq!(transaction.status.as_str(), status);
        assert!(!transaction.is_approved(), "{status}");
        if status == "REPROVED" {
            let mut reasons = transaction.status_reasons.iter().flatten();
            let broken = reasons
                .find(|reason| reason.status == Some(RuleStatus::Invalid))
                .unwrap();
            assert_eq!(broken.code, Some(ValidationRule::CpfHasNotDead));
        }
    }
    world.sandbox.shutdown().await;
}

/// What is read is how it stands now: a person may have looked at it again.
#[tokio::test]
async fn a_review_takes_an_approval_back() {
    let world = World::new().await;
    let created = world.person("12345678909").await.unwrap();
    assert!(world.transactions.get(&created.id).await.unwrap().is_approved());
    let (before, _) = world.notified().await;

    let review = CafReview::Reproved {
        code: String::from("91"),
    };
    world
        .sandbox
        .caf()
        .account()
        .review(created.id.as_str(), &review)
        .unwrap();
    let (after, notification) = world.notified().await;
    assert!(after > before, "the webhook is told");
    let get = world.transactions.get_notified(&notification).unwrap();
    let transaction = get.await.unwrap();
    assert_eq!(transaction.status, TransactionStatus::Reproved);
    assert!(!transaction.is_approved());
    let reasons = transaction.manual_reproval_reasons.as_ref().unwrap();
    assert_eq!(reasons[0].code, Some(ManualReprovalCode::SelfieNotSimilar));
    world.sandbox.shutdown().await;
}

#[tokio::test]
async fn waiting_ends_with_the_status() {
    let sandbox = Sandbox::builder()
        .seed(7)
        .caf_processing_reads(1)
        .start()
        .await
        .unwrap();
    let transactions = config(&sandbox).build().unwrap().core().transactions();
    let created = transactions
        .create(&template("a"))
        .file(selfie("another-person"))
        .await
        .unwrap();
    // Two questions, as close to each other as they come.
    let wait = transactions.until_final(&created.id);
    let transaction = wait.interval(Duration::ZERO).await.unwrap();
    assert_eq!(transaction.status, TransactionStatus::Reproved);
    sandbox.shutdown().await;
}

#[tokio::test]
async fn lists_are_filtered() {
    let world = World::new().await;
    for number in 0..12 {
        let id = if number % 2 == 0 { "a" } else { "b" };
        let create = world.transactions.create(&template(id)).file(selfie("selfie"));
        create.await.unwrap();
    }
    let all = world.transactions.list().await.unwrap();
    assert_eq!((all.items.len(), all.total_items), (10, Some(12)));
    assert!(
        all.items
            .iter()
            .all(|item| item.is_approved() && item.created_at.is_some())
    );
    let oldest = world
        .transactions
        .list()
        .order(ListOrder::Ascending)
        .limit(2)
        .await
        .unwrap();
    let newest = &all.items[0];
    assert_eq!(oldest.items.len(), 2);
    assert_ne!(oldest.items[0].id, newest.id);
    let of_one = world.transactions.list().template(&template("a")).limit(3);
    let of_one = of_one.await.unwrap();
    assert_eq!((of_one.items.len(), of_one.total_items), (3, Some(6)));
    let both = world
        .transactions
        .list()
        .template(&template("a"))
        .template(&template("b"));
    assert_eq!(both.await.unwrap().total_items, Some(12));
    let before = CalendarDate::new(2001, 1, 1).unwrap();
    let none = world
        .transactions
        .list()
        .created_from(before)
        .created_until(before);
    assert_eq!(none.await.unwrap().items.len(), 0);
    let some = world.transactions.list().created_from(before).await.unwrap();
    assert_eq!(some.total_items, Some(12));
    world.sandbox.shutdown().await;
}

#[tokio::test]
async fn a_document_is_read_at_once() {
    let world = World::new().await;
    let front = |name: &str| {
        let url = format!("https://img.example.com/{name}.jpg");
        [TransactionFile::at_url(FileType::Front, url).mime_type("image/jpeg")]
    };
    let document = world.transactions.ocr_sync(front("new_cnh")).await.unwrap();
    assert_eq!(document.document_type, Some(DocumentType::NewCnh));
    assert_eq!(document.value("nome"), Some("ANA TESTE"));
    assert_eq!(document.date("dataNascimento").unwrap().iso(), "1990-02-01");
    assert_eq!(document.value("nomeMae"), None, "an empty text is none");
    assert!(document.id.is_some());

    let forced = world.transactions.ocr_sync(front("x"));
    let forced = forced
        .force_document_type(ForcedDocumentType::RgNew)
        .return_selected_images(true)
        .await
        .unwrap();
    assert_eq!(
        forced.document_type,
        Some(DocumentType::NewRg),
        "two words for one document"
    );
    assert!(forced.images.as_ref().unwrap().selected_front.is_some());
    let invalid = world.transactions.ocr_sync(front("invalido")).await.unwrap();
    assert_eq!(invalid.document_type, Some(DocumentType::Invalid));
    world.sandbox.shutdown().await;
}

#[tokio::test]
async fn refusals_end_typed() {
    let world = World::new().await;
    let id = TransactionId::new("64b0c0ffee0000000000bbbb").unwrap();
    for (token, status, kind) in [
        ("a-token-of-nobody", 401, ErrorKind::Auth),
        (
            world.sandbox.caf().token_without_permissions(),
            403,
            ErrorKind::Auth,
        ),
    ] {
        let client = config(&world.sandbox).core_token(token).build().unwrap();
        let transactions = client.core().transactions();
        for error in [
            transactions.get(&id).await.unwrap_err(),
            transactions.list().await.unwrap_err(),
            transactions.create(&template("a")).await.unwrap_err(),
            transactions.ocr_sync([selfie("x")]).await.unwrap_err(),
        ] {
            assert_eq!(
                (error.status().unwrap().as_u16(), error.kind()),
                (status, kind),
                "{error}"
            );
            assert_eq!(error.delivery(), Delivery::Refused);
            assert!(error.request_id().is_some(), "{error}");
        }
    }
    assert!(world.sandbox.caf().account().transactions().is_empty());
    let error = world.transactions.get(&id).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Refused, "{error}");
    let refused = world.transactions.create(&template("a")).extra("parameters", "x");
    let error = refused.await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400);
    assert!(error.provider_message().is_some());
    world.sandbox.shutdown().await;
}
