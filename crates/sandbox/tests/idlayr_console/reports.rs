//! Usage and analytics of checks that were really made.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use verikit_sandbox::{IdlayrProject, ProjectMode, Sandbox};

use crate::support::idlayr::Product;
use crate::support::{self, Client, check_url_of, id_of};
use crate::{available, console, listed, post, workspace};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What has been going on in a workspace from 2024-05-02T09:10:11Z on.
struct Story {
    sandbox: Sandbox,
    /// The ids of the two projects that were used: one in live mode, one in sandbox mode.
    live: String,
    free: String,
}

async fn finished(product: &Product<'_>, number: &str) {
    let check = product.create(number).await;
    let device = product.client.sandbox.device();
    let ended = device.follow(check_url_of(&check)).await.unwrap();
    if let Some(code) = ended.code() {
        assert_eq!(product.complete(&id_of(&check), &code).await.status, 200);
    }
}

async fn product<'a>(sandbox: &'a Sandbox, project: &str, name: &str, version: &str) -> Product<'a> {
    Product::with(sandbox, project, "secret", name, version).await
}

impl Story {
    async fn told() -> Self {
        let sandbox = support::builder()
            .idlayr_token_lifetime(DAY * 100)
            .idlayr_project(IdlayrProject::new("live", "secret").mode(ProjectMode::Live))
            .idlayr_project(IdlayrProject::new("free", "secret"))
            .start()
            .await
            .unwrap();
        let phone = product(&sandbox, "live", "phone_check", "v0.2").await;
        let subscriber = product(&sandbox, "live", "subscriber_check", "v0.2").await;
        let sim = product(&sandbox, "live", "sim_check", "v0.1").await;
        let free = product(&sandbox, "free", "phone_check", "v0.2").await;
        // At 09:10: a match, a mismatch, an operator that fails, and a phone that never comes.
        for number in ["447700900042", "447700900041", "447700900099"] {
            finished(&phone, number).await;
        }
        phone.create("447700900042").await;
        finished(&free, "447700900042").await;
        // At 10:10, a match on a new SIM, and a SIM that stayed.
        sandbox.clock().advance(HOUR);
        finished(&subscriber, "447700900090").await;
        sim.create("447700900042").await;
        // The next day, and a month later.
        sandbox.clock().advance(DAY);
        finished(&phone, "447700900042").await;
        sandbox.clock().advance(DAY * 30);
        finished(&phone, "447700900042").await;

        let console = console(&sandbox).await;
        let projects = format!("{}/projects", workspace(&console).await);
        let list = console.get(&projects).await.json();
        // The sandbox names them in their order, after the default one.
        let ids = listed(&list, "projects", "project_id");
        let (live, free) = (ids[1].to_owned(), ids[2].to_owned());
        Self { sandbox, live, free }
    }

    async fn get(&self, report: &str) -> Value {
        let console = console(&self.sandbox).await;
        let path = workspace(&console).await;
        let answer = console.get(&format!("{path}/{report}")).await;
        assert_eq!(answer.status, 200, "{report}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/hal+json");
        let list = answer.json();
        let href = list["_links"]["self"]["href"].as_str().unwrap();
        assert!(href.starts_with(&format!("{path}/")), "{href}");
        list
    }

    async fn usage(&self, rest: &str) -> Value {
        self.get(&format!("usage/{rest}")).await["_embedded"]["usage"].clone()
    }

    /// Rows of analytics without what is the same in all of them.
    async fn analytics(&self, rest: &str) -> Value {
        let mut list = self.get(&format!("analytics/{rest}")).await;
        let mut rows = list["_embedded"]["analytics"].take();
        let workspace = list["_links"]["self"]["href"].as_str().unwrap().to_owned();
        for row in rows.as_array_mut().unwrap() {
            let row = row.as_object_mut().unwrap();
            let id = row.remove("workspace_id").unwrap();
            assert!(workspace.contains(id.as_str().unwrap()));
            let product = row.remove("product_id").unwrap();
            assert!(
                rest.starts_with(&product.as_str().unwrap().to_ascii_lowercase()),
                "upper case"
            );
            assert_eq!(
                product.as_str().unwrap().to_ascii_uppercase(),
                product.as_str().unwrap()
            );
        }
        rows
    }
}

/// A row of usage that is not grouped.
fn used(date: &str, counter: u32, amount: u32) -> Value {
    json!({ "date": date, "counter": counter, "amount": amount, "currency": "API" })
}

#[tokio::test]
async fn usage_counts_completed_checks_and_what_they_cost() {
    let story = Story::told().await;
    let all = "?search=date>=2024";
    // A check in sandbox mode costs nothing.
    assert_eq!(
        story.usage(&format!("hourly{all}-05-02T00")).await,
        json!([
            used("2024-05-02T09", 3, 2),
            used("2024-05-02T10", 2, 2),
            used("2024-05-03T10", 1, 1),
            used("2024-06-02T10", 1, 1),
        ])
    );
    assert_eq!(
        story.usage(&format!("daily{all}-05-02")).await,
        json!([
            used("2024-05-02", 5, 4),
            used("2024-05-03", 1, 1),
            used("2024-06-02", 1, 1)
        ])
    );
    assert_eq!(
        story.usage(&format!("monthly{all}-05")).await,
        json!([used("2024-05", 6, 5), used("2024-06", 1, 1)])
    );
    // It is what the balance has lost.
    let console = console(&story.sandbox).await;
    assert_eq!(available(&console, &workspace(&console).await).await, 100 - 6);

    for (rest, expected) in [
        ("daily?search=date>2024-05-02", vec!["2024-05-03", "2024-06-02"]),
        (
            "daily?search=date<=2024-05-03;date>=2024-05-03",
            vec!["2024-05-03"],
        ),
        ("daily?search=date==2024-05-02", vec!["2024-05-02"]),
        ("daily?search=date==2024-05-01", vec![]),
        ("hourly?search=date<2024-05-02T10", vec!["2024-05-02T09"]),
        (
            "monthly?search=date>=2024-01&sort=date,desc",
            vec!["2024-06", "2024-05"],
        ),
        (
            "monthly?search=date>=2024-01&sort=date,asc",
            vec!["2024-05", "2024-06"],
        ),
    ] {
        let list = story.get(&format!("usage/{rest}")).await;
        assert_eq!(listed(&list, "usage", "date"), expected, "{rest}");
    }
}

#[tokio::test]
async fn usage_is_grouped_by_products_and_projects() {
    let story = Story::told().await;
    let row = |group: Value, counter: u32, amount: u32| {
        let mut row = used("2024-05", counter, amount);
        let members = group.as_object().unwrap().clone();
        row.as_object_mut().unwrap().extend(members);
        row
    };
    let may = "monthly?search=date==2024-05";
    assert_eq!(
        story.usage(&format!("{may}&group_by=product_id")).await,
        json!([
            row(json!({ "product_id": "PCK" }), 4, 3),
            row(json!({ "product_id": "SCK" }), 1, 1),
            row(json!({ "product_id": "SUK" }), 1, 1),
        ])
    );
    let (live, free) = (story.live.as_str(), story.free.as_str());
    let mut projects = vec![
        row(json!({ "project_id": live }), 5, 5),
        row(json!({ "project_id": free }), 1, 0),
    ];
    projects.sort_by_key(|row| row["project_id"].as_str().unwrap().to_owned());
    assert_eq!(
        story.usage(&format!("{may}&group_by=project_id")).await,
        Value::Array(projects)
    );
    // Both ways to name more than one.
    for both in [
        "group_by=product_id&group_by=project_id",
        "group_by=project_id,product_id",
    ] {
        let rows = story.usage(&format!("{may}&{both}")).await;
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 4, "{both}");
        for expected in [
            row(json!({ "product_id": "PCK", "project_id": live }), 3, 3),
            row(json!({ "product_id": "PCK", "project_id": free }), 1, 0),
            row(json!({ "product_id": "SCK", "project_id": live }), 1, 1),
            row(json!({ "product_id": "SUK", "project_id": live }), 1, 1),
        ] {
            assert!(rows.contains(&expected), "{both}: {expected}");
        }
    }
}

#[tokio::test]
async fn analytics_tell_how_checks_ended() {
    let story = Story::told().await;
    let row =
        |status: &str, counter: u32| json!({ "date": "2024-05-02", "status": status, "counter": counter });
    let with = |mut row: Value, name: &str, value: Value| {
        row[name] = value;
        row
    };
    let first = "daily?search=date==2024-05-02";
    let phone = story.analytics(&format!("pck/{first}")).await;
    let expected = [
        with(row("COMPLETED", 2), "match", json!(true)),
        with(row("COMPLETED", 1), "match", json!(false)),
        row("ERROR", 1),
        row("EXPIRED", 1),
    ];
    assert_eq!(phone.as_array().unwrap().len(), expected.len());
    for row in &expected {
        assert!(phone.as_array().unwrap().contains(row), "{row} in {phone}");
    }
    let unchanged = |changed: bool| with(row("COMPLETED", 1), "no_sim_change", json!(!changed));
    assert_eq!(
        story.analytics(&format!("sck/{first}")).await,
        json!([unchanged(false)])
    );
    assert_eq!(
        story.analytics(&format!("suk/{first}")).await,
        json!([with(unchanged(true), "match", json!(true))])
    );
    // Without a condition, as the vendor's command-line client asks.
    let months = story.analytics("pck/monthly?sort=date,desc").await;
    let dates = months
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["date"].as_str().unwrap());
    assert_eq!(
        dates.collect::<Vec<_>>(),
        ["2024-06", "2024-05", "2024-05", "2024-05", "2024-05"]
    );
    let hours = story.analytics("suk/hourly").await;
    assert_eq!(hours[0]["date"], "2024-05-02T10");
}

#[tokio::test]
async fn analytics_are_searched_before_they_are_grouped() {
    let story = Story::told().await;
    let (live, free) = (story.live.as_str(), story.free.as_str());
    let counted = async |search: String| {
        let rows = story.analytics(&format!("pck/monthly?search={search}")).await;
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["counter"].as_u64().unwrap()).sum::<u64>()
    };
    for (search, expected) in [
        (format!("project_id=={free}"), 1),
        (format!("project_id=={live}"), 6),
        ("network_id==23410".to_owned(), 5),
        ("network_id==23420".to_owned(), 0),
        ("status==EXPIRED".to_owned(), 1),
        ("status!=COMPLETED".to_owned(), 2),
        ("match==true".to_owned(), 4),
        (format!("match==true;project_id=={live};date==2024-05"), 2),
        ("no_sim_change==true".to_owned(), 0),
    ] {
        assert_eq!(counted(search.clone()).await, expected, "{search}");
    }
    let sim = story.analytics("sck/monthly?search=no_sim_change==true").await;
    assert_eq!(sim[0]["counter"], 1);

    for both in [
        "group_by=project_id&group_by=network_id",
        "group_by=network_id,project_id",
    ] {
        let rows = story
            .analytics(&format!("pck/monthly?search=date==2024-05&{both}"))
            .await;
        let rows = rows.as_array().unwrap();
        let expected = [
            (live, Some("23410"), "COMPLETED", 2),
            (live, Some("23410"), "COMPLETED", 1),
            (free, Some("23410"), "COMPLETED", 1),
            (live, None, "ERROR", 1),
            (live, None, "EXPIRED", 1),
        ];
        assert_eq!(rows.len(), expected.len(), "{both}");
        for (project, network, status, counter) in expected {
            let found = rows.iter().any(|row| {
                row["project_id"] == project
                    && row.get("network_id").map(|id| id.as_str().unwrap()) == network
                    && row["status"] == status
                    && row["counter"] == counter
            });
            assert!(found, "{both}: {project} {network:?} {status} {counter}");
        }
    }
    let network = story.analytics("suk/monthly?group_by=network_id").await;
    assert_eq!(network[0]["network_id"], "23410");
    assert!(network[0].get("project_id").is_none());
}

#[tokio::test]
async fn reports_have_pages_whose_links_repeat_the_question() {
    let story = Story::told().await;
    let rest = "usage/hourly?size=3&search=date>=2024-01-01T00&sort=date,desc&group_by=product_id&group_by=project_id";
    let first = story.get(rest).await;
    assert_eq!(
        first["page"],
        json!({ "size": 3, "number": 1, "total_pages": 2, "total_elements": 6 })
    );
    let console = console(&story.sandbox).await;
    let second = console
        .get(first["_links"]["next"]["href"].as_str().unwrap())
        .await
        .json();
    let mut dates = listed(&first, "usage", "date");
    dates.extend(listed(&second, "usage", "date"));
    let expected = [
        "2024-06-02T10",
        "2024-05-03T10",
        "2024-05-02T10",
        "2024-05-02T10",
        "2024-05-02T09",
        "2024-05-02T09",
    ];
    assert_eq!(dates, expected);
    assert!(second["_embedded"]["usage"][0]["project_id"].is_string());
}

#[tokio::test]
async fn a_deleted_credential_leaves_its_checks_in_the_reports_of_its_project() {
    let sandbox = support::sandbox().await;
    let console = console(&sandbox).await;
    let path = workspace(&console).await;
    let created = post(&console, &format!("{path}/projects"), &json!({ "name": "shop" }))
        .await
        .json();
    let credential = &created["_embedded"]["credentials"][0];
    let text = |name: &str| credential[name].as_str().unwrap();
    let client = Client::with(&sandbox, text("client_id"), text("client_secret"), "sim_check").await;
    let sim = Product {
        client,
        base: "/sim_check/v0.1/checks".to_owned(),
    };
    sim.create("447700900042").await;
    let self_link = credential["_links"]["self"]["href"].as_str().unwrap();
    assert_eq!(console.send(Method::DELETE, self_link, "", "").await.status, 200);
    let usage = format!("{path}/usage/daily?search=date==2024-05-02&group_by=project_id");
    let usage = console.get(&usage).await.json();
    assert_eq!(
        listed(&usage, "usage", "project_id"),
        [created["project_id"].as_str().unwrap()]
    );
}

#[tokio::test]
async fn what_is_no_report_is_refused() {
    let story = Story::told().await;
    let console = console(&story.sandbox).await;
    let path = workspace(&console).await;
    for report in [
        "usage/daily",
        "usage/daily?sort=date,asc",
        "usage/daily?search=",
        "usage/daily?search=counter>1",
        "usage/daily?search=date>=2024-05",
        "usage/monthly?search=date>=2024-05-02",
        "usage/hourly?search=date>=2024-05-02",
        "usage/daily?search=date>=yesterday",
        "usage/daily?search=date>=2024-05-02&group_by=network_id",
        "usage/daily?search=date>=2024-05-02&group_by=product_id,",
        "usage/daily?search=date>=2024-05-02&sort=counter,asc",
        "analytics/pck/daily?search=counter>1",
        "analytics/pck/daily?sort=status,asc",
        "analytics/pck/daily?group_by=product_id",
        "analytics/pck/daily?size=0",
    ] {
        let answer = console.get(&format!("{path}/{report}")).await;
        answer.assert_problem(400, "bad_request");
    }
    for report in [
        "usage/yearly?search=date>=2024",
        "analytics/pck/yearly",
        "analytics/mck/daily",
        "analytics/PCK/daily",
    ] {
        console
            .get(&format!("{path}/{report}"))
            .await
            .assert_problem(404, "");
    }
}
