//! Asking a service.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use verikit_core::value::ExtraMembers;
use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, RawReply, Result};

use super::answer::{self, ServiceAnswer, ServiceName};
use super::company_record::CompanyRecord;
use super::people::{BasicData, CpfRecord};
use super::sanctions::Sanctions;
use crate::client::Client;
use crate::config::PROVIDER;
use crate::cpf::Cpf;
use crate::documents::check_cpf;

const ROUTE: &str = "/services";

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
struct Body<'a> {
    service: &'a ServiceName,
    parameters: &'a Parameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a ExtraMembers>,
    #[serde(flatten)]
    extra: &'a ExtraMembers,
}

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &["service", "parameters", "metadata"];

/// Those that a typed call has set, and more.
#[derive(Debug, Serialize)]
struct Parameters {
    #[serde(flatten)]
    typed: BTreeMap<&'static str, Personal<String>>,
    #[serde(flatten)]
    more: ExtraMembers,
}

/// What all queries are made of.
#[derive(Debug)]
struct Query {
    client: Client,
    service: ServiceName,
    parameters: Parameters,
    metadata: Option<ExtraMembers>,
    extra: ExtraMembers,
}

impl Query {
    fn new(client: Client, service: ServiceName) -> Self {
        Self {
            client,
            service,
            parameters: Parameters {
                typed: BTreeMap::new(),
                more: ExtraMembers::default(),
            },
            metadata: None,
            extra: ExtraMembers::default(),
        }
    }

    fn set(&mut self, name: &'static str, value: String) {
        self.parameters.typed.insert(name, Personal::new(value));
    }

    fn operation(&self) -> Result<Operation> {
        let realm = &self.client.global_access().realm;
        self.with_body(Operation::post("global_service.query", realm, ROUTE, &[])?)
    }

    fn with_body(&self, operation: Operation) -> Result<Operation> {
        self.check().map_err(|error| error.with_provider(PROVIDER))?;
        operation.json(&Body {
            service: &self.service,
            parameters: &self.parameters,
            metadata: self.metadata.as_ref(),
            extra: &self.extra,
        })
    }

    fn check(&self) -> Result<()> {
        if self.service.as_str().trim().is_empty() {
            return Err(Error::invalid_input("the service has no name"));
        }
        let typed = &self.parameters.typed;
        if let Some((name, _)) = typed.iter().find(|(_, value)| value.expose().trim().is_empty()) {
            return Err(Error::invalid_input(format!("the parameter {name} is empty")));
        }
        let names: Vec<&str> = typed.keys().copied().collect();
        self.parameters.more.check(&names)?;
        if let Some(metadata) = &self.metadata {
            metadata.check(&[])?;
        }
        self.extra.check(TYPED)
    }
}

/// Gives a builder its [`Query`] and the setters that all have. `operation`, `read` and what it reads follow.
macro_rules! query_builder {
    (
        $(#[$meta:meta])* $builder:ident { $($field:ident: $type:ty),* }
        $operation:expr, $read:expr => $output:ty
    ) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a call is sent when it is awaited"]
        pub struct $builder {
            query: Query,
            $($field: $type,)*
            options: CallOptions,
        }

        impl $builder {
            /// Adds a parameter that has no setter here, sent as it is. One that has, or is given twice, is
            /// refused when the call is made.
            pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.query.parameters.more.push(name, value);
                self
            }

            /// Adds a member of your own, which comes back with the answer. One that is given twice is
            /// refused when the call is made.
            pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.query.metadata.get_or_insert_default().push(name, value);
                self
            }

            /// A member of the request beside `service`, `parameters` and `metadata`, sent as it is. One of
            /// these names, or one that is given twice, is refused when the call is made.
            pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.query.extra.push(name, value);
                self
            }

            fn operation(&self) -> Result<Operation> {
                let operation: fn(&Self) -> Result<Operation> = $operation;
                operation(self)
            }

            fn into_call(self) -> Call<$output> {
                let operation = self.operation();
                let Self { query, $($field,)* options } = self;
                let service = query.service;
                let read: fn(&RawReply, &ServiceName, ($(&$type,)*)) -> Result<$output> = $read;
                let call = query
                    .client
                    .core_loop()
                    .call(operation, move |reply| read(reply, &service, ($(&$field,)*)));
                call.with_options(options)
            }
        }

        verikit_core::forward_call!($builder => $output);
    };
}

query_builder! {
    /// A query of any service. Await it to send it.
    QueryService {}
    |this| this.query.operation(), |reply, service, ()| answer::read(reply, service)
        => Answer<ServiceAnswer<Personal<Value>>>
}

impl QueryService {
    pub(super) fn new(client: Client, service: ServiceName) -> Self {
        Self {
            query: Query::new(client, service),
            options: CallOptions::default(),
        }
    }
}

query_builder! {
    /// A query of `pf_basic_data`. Await it to send it.
    QueryBasicData { cpf: Cpf }
    |this| this.query.operation(), |reply, service, (cpf,)| {
        let answer: Answer<ServiceAnswer<Answer<BasicData>>> = answer::read(reply, service)?;
        let number = answer.service_data().and_then(|data| data.tax_id_number.as_ref());
        check_cpf(*cpf, number).map(|()| answer)
    } => Answer<ServiceAnswer<Answer<BasicData>>>
}

impl QueryBasicData {
    pub(super) fn new(client: Client, cpf: Cpf) -> Self {
        Self {
            query: for_person(client, ServiceName::PfBasicData, cpf),
            cpf,
            options: CallOptions::default(),
        }
    }
}

query_builder! {
    /// A query of `cpf_sync`. Await it to send it.
    QueryCpfSync { cpf: Cpf, with_mother_name: bool }
    Self::of_own_host, |reply, service, (cpf, _)| {
        let answer: Answer<ServiceAnswer<Answer<CpfRecord>>> = answer::read(reply, service)?;
        let number = answer.service_data().and_then(|data| data.tax_id_number.as_ref());
        check_cpf(*cpf, number).map(|()| answer)
    } => Answer<ServiceAnswer<Answer<CpfRecord>>>
}

impl QueryCpfSync {
    pub(super) fn new(client: Client, cpf: Cpf) -> Self {
        Self {
            query: for_person(client, ServiceName::CpfSync, cpf),
            cpf,
            with_mother_name: false,
            options: CallOptions::default(),
        }
    }

    /// Asks for the mother's name too: `origin=2`. Default `false`.
    pub fn with_mother_name(mut self, with_mother_name: bool) -> Self {
        self.with_mother_name = with_mother_name;
        self
    }

    fn of_own_host(&self) -> Result<Operation> {
        let realm = &self.query.client.global_access().cpf_sync;
        let operation = Operation::post("global_service.cpf_sync", realm, ROUTE, &[])?;
        let operation = if self.with_mother_name {
            operation.query("origin", "2")
        } else {
            operation
        };
        self.query.with_body(operation)
    }
}

fn for_person(client: Client, service: ServiceName, cpf: Cpf) -> Query {
    let mut query = Query::new(client, service);
    query.set("cpf", cpf.digits().to_owned());
    query
}

query_builder! {
    /// A query of `sanctions`. Await it to send it.
    QuerySanctions {}
    |this| {
        this.check().map_err(|error| error.with_provider(PROVIDER))?;
        this.query.operation()
    }, |reply, service, ()| answer::read(reply, service)
        => Answer<ServiceAnswer<Answer<Sanctions>>>
}

impl QuerySanctions {
    pub(super) fn new(client: Client, name: String) -> Self {
        let mut query = Query::new(client, ServiceName::Sanctions);
        query.set("name", name);
        Self {
            query,
            options: CallOptions::default(),
        }
    }

    /// How much a name may differ: a decimal number, sent as it is written. Its range is not documented.
    pub fn fuzziness(mut self, fuzziness: impl Into<String>) -> Self {
        self.query.set("fuzziness", fuzziness.into());
        self
    }

    /// The year of birth, of four digits.
    pub fn birth_year(mut self, year: u16) -> Self {
        self.query.set("birthYear", year.to_string());
        self
    }

    fn check(&self) -> Result<()> {
        let parameter = |name: &str| self.query.parameters.typed.get(name).map(Personal::expose);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let decimal = |text: &str| match text.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(text),
        };
        if parameter("fuzziness").is_some_and(|text| !decimal(text)) {
            return Err(Error::invalid_input(
                "the fuzziness is a decimal number, such as 0.8",
            ));
        }
        if parameter("birthYear").is_some_and(|year| year.len() != 4) {
            return Err(Error::invalid_input("a year of birth has four digits"));
        }
        Ok(())
    }
}

query_builder! {
    /// A query of `kybCompanyRecord`. Await it to send it.
    QueryCompanyRecord {}
    |this| this.query.operation(), |reply, service, ()| answer::read(reply, service)
        => Answer<ServiceAnswer<Answer<CompanyRecord>>>
}

impl QueryCompanyRecord {
    pub(super) fn new(client: Client, record_id: String) -> Self {
        let mut query = Query::new(client, ServiceName::KybCompanyRecord);
        query.set("recordId", record_id);
        Self {
            query,
            options: CallOptions::default(),
        }
    }
}
