//! Each call of the console, refused in each documented way (contract idlayr, 13 and 15.2).

use idlayr::console::{Interval, PaymentMethodId};
use idlayr::testing::Step;
use idlayr::{Currency, Delivery, Error, ErrorKind, ProblemCode, ProductId};

use super::{Played, client_id, member_id, project_id, workspace_id};

/// The error of every call, by the name of its operation.
#[rustfmt::skip]
fn every_call(played: &Played) -> Vec<(&'static str, Error)> {
    let (workspace, client) = (workspace_id(), client_id());
    let console = &played.console;
    let (workspaces, usage) = (console.workspaces(), console.usage(&workspace));
    let (members, member) = (console.members(&workspace), member_id());
    let (projects, project) = (console.projects(&workspace), project_id());
    let (billing, method) = (console.billing(&workspace), PaymentMethodId::new("pm-1").unwrap());
    macro_rules! errors {
        ($($name:literal: $call:expr,)+) => {
            vec![$(($name, played.run($call).map(drop).unwrap_err())),+]
        };
    }
    errors! {
        "console_workspace.list": workspaces.list(),
        "console_workspace.get": workspaces.get(&workspace),
        "console_workspace.rename": workspaces.rename(&workspace, "n"),
        "console_member.list": members.list(),
        "console_member.get": members.get(&member),
        "console_member_credential.list": members.credentials(&member),
        "console_member_credential.create": members.create_credential(&member),
        "console_member_credential.get": members.credential(&member, &client),
        "console_member_credential.delete": members.delete_credential(&member, &client),
        "console_project.create": projects.create("n"),
        "console_project.list": projects.list(),
        "console_project.get": projects.get(&project),
        "console_project.update": projects.update(&project).name("n"),
        "console_project_credential.list": projects.credentials(&project),
        "console_project_credential.create": projects.create_credential(&project),
        "console_project_credential.get": projects.credential(&project, &client),
        "console_project_credential.delete": projects.delete_credential(&project, &client),
        "console_usage.list": usage.usage(Interval::Daily, "date>=2024-01-10"),
        "console_analytics.list": usage.analytics(&ProductId::PhoneCheck, Interval::Daily),
        "console_billing_account.get": billing.account(),
        "console_billing_account.put": billing.put_account().city("c"),
        "console_payment_method.list": billing.payment_methods(),
        "console_payment_method.get": billing.payment_method(&method),
        "console_payment_method.delete": billing.delete_payment_method(&method),
        "console_top_up.list": billing.top_ups(),
        "console_top_up.create": billing.create_top_up(&method, &Currency::Eur, "5"),
    }
}

#[test]
fn every_call_tells_every_documented_refusal() {
    use ErrorKind::{Auth, Provider, RateLimited};
    for (status, word, code, kind) in [
        (400, "bad_request", Some(ProblemCode::BadRequest), Provider),
        (403, "forbidden", Some(ProblemCode::Forbidden), Auth),
        (
            404,
            "workspace_not_found",
            Some(ProblemCode::WorkspaceNotFound),
            Provider,
        ),
        (404, "", None, Provider),
        (
            429,
            "too_many_requests",
            Some(ProblemCode::TooManyRequests),
            RateLimited,
        ),
    ] {
        let address = match word {
            "" => String::new(),
            word => format!(r#""type":"https://developer.tru.id/docs/reference/api-errors#{word}","#),
        };
        let body = format!(r#"{{{address}"title":"t","detail":"d"}}"#);
        let refused = Step::answer(status, body).header("content-type", "application/problem+json");
        // A limit is waited for, as often as a call may be sent.
        let played = Played::new(std::iter::repeat_n(refused, 26 * 3));
        let errors = every_call(&played);
        assert_eq!(errors.len(), 26);
        for (name, error) in errors {
            assert_eq!((error.provider(), error.operation()), ("idlayr", name));
            assert_eq!(error.status().unwrap(), status, "{name}");
            assert_eq!(ProblemCode::of(&error), code, "{name}");
            assert_eq!(error.kind(), kind, "{name} {status}");
            assert_eq!(error.delivery(), Delivery::Refused, "{name} {status}");
            assert_eq!(error.provider_message(), Some("d"), "{name} {status}");
        }
    }
}
