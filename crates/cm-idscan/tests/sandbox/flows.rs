//! Scans from create to the last byte.

use std::time::Duration;

use cm_idscan::{
    Concern, Delivery, DocumentScanSettings, DownloadUrl, EventType, Field, FileKind, ResultId, ScanCode,
    TaskState, TaskType, Tasks, TransactionState, ValueSource,
};
use http::StatusCode;
use verikit_sandbox::{CmIdScanOutcome, ScriptedAnswer};

use crate::support::{World, settings};

#[tokio::test]
async fn a_passport_at_the_second_attempt() {
    let world = World::new().await;
    world.listen().await;
    let transaction = world
        .create(Tasks::DocumentScan, DocumentScanSettings::new())
        .await;
    assert_eq!(transaction.state, TransactionState::Pending);
    let user = world.sandbox.cm().id_scan();
    let (transactions, url) = (world.client.transactions(), transaction.url.expose());

    user.play(url, CmIdScanOutcome::Blurred).unwrap();
    let pending = transactions.get(&transaction.id).await.unwrap();
    let task = pending.task(&TaskType::DocumentScan).unwrap();
    let scans = task.document_scans.as_ref().unwrap();
    assert_eq!(
        (scans.len(), &scans[0].code),
        (1, &Some(ScanCode::UnknownTypeFront))
    );
    assert_eq!((task.attempts, pending.invoiced()), (Some(1), Some(0)));
    let raw = scans[0]
        .files
        .iter()
        .find(|file| file.is(&FileKind::RawDocumentImage))
        .unwrap();
    let raw = raw.url.as_ref().unwrap();
    assert!(
        !world
            .client
            .downloads()
            .bytes(raw)
            .await
            .unwrap()
            .bytes
            .is_empty()
    );

    user.play(url, CmIdScanOutcome::GoodPassport).unwrap();
    let notification = world.notified();
    assert!(!notification.event_type.is_unknown());
    let about = notification.transaction.as_ref().unwrap();
    assert_eq!(about.id, transaction.id);
    let result_id = about.result_id.as_ref().unwrap();

    let result = transactions.result(&about.id, result_id).await.unwrap();
    assert_eq!(result.state, TransactionState::Completed);
    let concerns = result.concerns(Tasks::DocumentScan, 0.5);
    assert!(concerns.iter().all(Concern::is_unchecked), "{concerns:?}");
    let surname = result.value(&Field::Surname).unwrap();
    let scan = result.document_scan().unwrap();
    let in_zone = scan
        .entries(&Field::Surname)
        .find_map(|entry| entry.value_from(&ValueSource::Mrz));
    assert_eq!(Some(surname), in_zone, "the machine-readable zone comes first");

    let portrait = result.portrait().unwrap().url.as_ref().unwrap();
    let file = world.client.downloads().bytes(portrait).await.unwrap();
    assert!(file.content_type.as_ref().unwrap().starts_with("image/"));
    let download = world.client.downloads().stream(portrait).await.unwrap();
    assert_eq!(download.content_type(), file.content_type.as_deref());
    assert_eq!(download.bytes().await.unwrap(), file.bytes);

    let ended = transactions.get(&transaction.id).await.unwrap();
    assert_eq!(
        (&ended.state, ended.invoiced()),
        (&TransactionState::Completed, Some(1))
    );
    assert!(ended.completed.is_some());
}

/// The client's count by the codes against the sandbox's, which was written apart from it.
#[tokio::test]
async fn every_outcome_of_a_scan_costs_what_the_table_says() {
    use CmIdScanOutcome as Outcome;
    for outcome in [
        Outcome::GoodPassport,
        Outcome::GoodDrivingLicense,
        Outcome::InvalidDocumentNumber,
        Outcome::Processing,
        Outcome::Blurred,
        Outcome::BackBlurred,
        Outcome::Expired,
        Outcome::DateOfExpiryUnreadable,
        Outcome::TextUnreadable,
        Outcome::UnderAge,
        Outcome::AgeUnreadable,
        Outcome::FieldValidationFailed,
        Outcome::BackSideRequired,
        Outcome::FrontSideRequired,
    ] {
        let world = World::new().await;
        let transaction = world
            .create(Tasks::DocumentScan, DocumentScanSettings::new())
            .await;
        world
            .sandbox
            .cm()
            .id_scan()
            .play(transaction.url.expose(), outcome)
            .unwrap();
        let read = world.client.transactions().get(&transaction.id).await.unwrap();
        let task = read.task(&TaskType::DocumentScan).unwrap();
        let scan = task.document_scans.as_ref().unwrap().last().unwrap();
        assert_eq!(
            scan.code.as_ref().map(ScanCode::as_str),
            outcome.code(),
            "{outcome:?}"
        );
        assert_eq!(scan.is_invoiced(), Some(outcome.is_invoiced()), "{outcome:?}");
        assert_eq!(
            read.invoiced(),
            Some(u64::from(outcome.is_invoiced())),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_forged_document_and_a_failed_face_are_never_all_clear() {
    let world = World::new().await;
    world.listen().await;
    let user = world.sandbox.cm().id_scan();
    let forged = world
        .create(Tasks::DocumentScan, DocumentScanSettings::new())
        .await;
    user.play(forged.url.expose(), CmIdScanOutcome::InvalidDocumentNumber)
        .unwrap();
    let notification = world.notified();
    let about = notification.transaction.as_ref().unwrap();
    let transactions = world.client.transactions();
    let result = transactions
        .result(&about.id, about.result_id.as_ref().unwrap())
        .await
        .unwrap();
    let concerns = result.concerns(Tasks::DocumentScan, 0.5);
    assert!(
        concerns
            .iter()
            .any(|concern| matches!(concern, Concern::Validity(Field::DocumentNumber, Some(_))))
    );
    assert!(!concerns.iter().all(Concern::is_unchecked));

    let tasks = Tasks::DocumentScanFaceLivenessAndFaceMatch;
    let faces = world.create(tasks, DocumentScanSettings::new()).await;
    use CmIdScanOutcome::{GoodPassport, NoFaceMatch, NotLive};
    for outcome in [GoodPassport, NotLive, NoFaceMatch] {
        user.play(faces.url.expose(), outcome).unwrap();
    }
    let notification = world.notified();
    let about = notification.transaction.as_ref().unwrap();
    assert_eq!(about.id, faces.id);
    let result = transactions
        .result(&about.id, about.result_id.as_ref().unwrap())
        .await
        .unwrap();
    let concerns = result.concerns(tasks, 0.5);
    for face in [TaskType::FaceLiveness, TaskType::FaceMatch] {
        let state = result.task(&face).unwrap().state.clone();
        assert_ne!(state, TaskState::Completed);
        assert!(
            concerns.contains(&Concern::TaskState(face, state)),
            "{concerns:?}"
        );
    }
    assert!(!concerns.iter().all(Concern::is_unchecked));
    assert!(!result.is_all_clear(tasks, 0.0));
    let read = transactions.get(&faces.id).await.unwrap();
    assert_eq!(read.invoiced(), Some(3), "a scan, and every executed face task");
}

#[tokio::test]
async fn extract_fields_takes_the_images_away() {
    let world = World::new().await;
    world.listen().await;
    for (fields, portrait) in [
        (vec![Field::Surname], false),
        (vec![Field::Surname, Field::DocumentImage, Field::Portrait], true),
    ] {
        let settings = DocumentScanSettings::new().extract_fields(fields);
        let transaction = world.create(Tasks::DocumentScan, settings).await;
        let user = world.sandbox.cm().id_scan();
        user.play(transaction.url.expose(), CmIdScanOutcome::GoodPassport)
            .unwrap();
        let notification = world.notified();
        let about = notification.transaction.as_ref().unwrap();
        let result_id = about.result_id.as_ref().unwrap();
        let result = world
            .client
            .transactions()
            .result(&about.id, result_id)
            .await
            .unwrap();
        assert!(result.value(&Field::Surname).is_some());
        assert!(result.value(&Field::DocumentNumber).is_none());
        assert_eq!(result.portrait().is_some(), portrait);
        let side = result.document_scan().unwrap().document_sides().next().unwrap();
        assert_eq!(side.url.is_some(), portrait);
    }
}

#[tokio::test]
async fn a_wait_ends_with_the_transaction() {
    let world = World::new().await;
    let client = settings(&world.sandbox).build().unwrap();
    // The client's clock is years away from the sandbox's: the first answer sets it right.
    let transaction = client.transactions().create(Tasks::DocumentScan).await.unwrap();
    let user = world.sandbox.cm().id_scan();
    user.play(transaction.url.expose(), CmIdScanOutcome::GoodPassport)
        .unwrap();
    let wait = client.transactions().until_final_by_id(&transaction.id);
    assert_eq!(wait.await.unwrap().state, TransactionState::Completed);
}

#[tokio::test]
async fn after_the_expiry_the_images_are_gone() {
    let world = World::new().await;
    let transaction = world
        .create(Tasks::DocumentScan, DocumentScanSettings::new())
        .await;
    let user = world.sandbox.cm().id_scan();
    user.play(transaction.url.expose(), CmIdScanOutcome::Blurred)
        .unwrap();
    let client = settings(&world.sandbox).build().unwrap();
    let files = async || {
        let read = client.transactions().get(&transaction.id).await.unwrap();
        let task = read.task(&TaskType::DocumentScan).unwrap();
        let scans = task.document_scans.clone().unwrap_or_default();
        scans.into_iter().flat_map(|scan| scan.files).collect::<Vec<_>>()
    };
    let before = files().await;
    let url = before.iter().find_map(|file| file.url.clone()).unwrap();
    client.downloads().bytes(&url).await.unwrap();

    world.clock.advance(Duration::from_secs(3601));
    assert!(files().await.iter().all(|file| file.url.is_none()));
    let error = client.downloads().bytes(&url).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_a_message() {
    let world = World::new().await;
    let transaction = world
        .create(Tasks::DocumentScan, DocumentScanSettings::new())
        .await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    let result_id = ResultId::new(nobody).unwrap();
    let transactions = world.client.transactions();
    let missing = [
        transactions.get(&nobody.parse().unwrap()).await.map(|_| ()),
        transactions.result(&transaction.id, &result_id).await.map(|_| ()),
        world
            .client
            .downloads()
            .bytes(&DownloadUrl::new("downloads/nothing"))
            .await
            .map(|_| ()),
        world
            .client
            .request(http::Method::GET, ["nowhere"])
            .await
            .map(|_| ()),
    ];
    for missing in missing {
        let error = missing.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
        assert!(error.provider_message().is_some());
    }
    // A key that is not known.
    let stranger = cm_idscan::Client::builder("another", "secret")
        .base_url(world.sandbox.cm().id_scan_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    assert!(
        stranger
            .transactions()
            .get(&transaction.id)
            .await
            .unwrap_err()
            .is_auth()
    );
}

#[tokio::test]
async fn a_create_whose_answer_gets_lost_is_not_sent_again() {
    let world = World::new().await;
    let cm = world.sandbox.cm();
    cm.answer_next(
        ScriptedAnswer::drop_connection_after_processing().for_path_prefix("/id-scan/v1/transactions"),
    );
    let error = world
        .client
        .transactions()
        .create(Tasks::DocumentScan)
        .await
        .unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);
    assert_eq!(
        cm.id_scan().transactions().len(),
        1,
        "one transaction, although its answer was lost"
    );
}

#[tokio::test]
async fn notifications_are_told_apart_and_come_twice() {
    let world = World::new().await;
    world.listen().await;
    let transaction = world
        .create(Tasks::DocumentScan, DocumentScanSettings::new())
        .await;
    let user = world.sandbox.cm().id_scan();
    user.play(transaction.url.expose(), CmIdScanOutcome::GoodPassport)
        .unwrap();
    let mut types = Vec::new();
    let secrets = cm_idscan::WebhookSecrets::new(
        crate::support::HEADER,
        [cm_idscan::Secret::new(crate::support::SECRET)],
    )
    .unwrap();
    let deliveries = user.deliveries();
    for delivery in &deliveries {
        let notification = secrets.read(delivery.headers(), delivery.body().clone()).unwrap();
        assert_eq!(notification.transaction.as_ref().unwrap().id, transaction.id);
        types.push(notification.event_type.clone());
    }
    assert!(
        types.contains(&EventType::TransactionStateUpdated) && types.contains(&EventType::TaskStateUpdated)
    );
    let first = world.notified();
    assert!(user.repeat_delivery(first.id.as_str()));
    assert_eq!(world.notified().id, first.id, "what comes twice has one id");
}
