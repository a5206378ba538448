//! What is known of the person or company that a transaction is about.

use serde::Serialize;
use serde_json::Value;
use verikit_core::value::ExtraMembers;
use verikit_core::{Error, Personal, Result};

use crate::date::CalendarDate;
use crate::{Cnpj, Cpf};

/// What you know of the person, company or vehicle that is checked (contract caf, 4.2). What a template needs
/// stands in the template. `Debug` shows which members there are and none of their values.
///
/// ```
/// use caf::transactions::Attributes;
/// use caf::{CalendarDate, Cpf};
///
/// let attributes = Attributes::new()
///     .cpf(Cpf::parse("123.456.789-09")?)
///     .name("Ana Teste")
///     .birth_date(CalendarDate::new(1990, 2, 1)?);
/// # let _ = attributes;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    cpf: Option<Cpf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rg: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    father_name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    mother_name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    uf: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnpj: Option<Cnpj>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cep: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    plate: Text,
    #[serde(flatten)]
    extra: ExtraMembers,
}

type Text = Option<Personal<String>>;

/// The members above, which no extra member may have the name of.
const TYPED: &[&str] = &[
    "cpf",
    "rg",
    "name",
    "birthDate",
    "fatherName",
    "motherName",
    "uf",
    "cnpj",
    "cep",
    "email",
    "phoneNumber",
    "plate",
];

impl Attributes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The person's CPF. Sent as its digits.
    pub fn cpf(mut self, cpf: Cpf) -> Self {
        self.cpf = Some(cpf);
        self
    }

    /// The number of the person's identity card.
    pub fn rg(mut self, rg: impl Into<String>) -> Self {
        self.rg = text(rg);
        self
    }

    /// The full name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = text(name);
        self
    }

    /// The date of birth. Sent as `dd/MM/yyyy`, which is **inferred** from the vendor's samples (contract
    /// caf, 4.2).
    pub fn birth_date(mut self, date: CalendarDate) -> Self {
        self.birth_date = text(date.day_first());
        self
    }

    /// The father's full name.
    pub fn father_name(mut self, name: impl Into<String>) -> Self {
        self.father_name = text(name);
        self
    }

    /// The mother's full name.
    pub fn mother_name(mut self, name: impl Into<String>) -> Self {
        self.mother_name = text(name);
        self
    }

    /// The federative unit, such as `SP`.
    pub fn uf(mut self, uf: impl Into<String>) -> Self {
        self.uf = text(uf);
        self
    }

    /// The company's CNPJ. Sent as its digits and letters, without the mask.
    pub fn cnpj(mut self, cnpj: Cnpj) -> Self {
        self.cnpj = Some(cnpj);
        self
    }

    /// The postal code.
    pub fn cep(mut self, cep: impl Into<String>) -> Self {
        self.cep = text(cep);
        self
    }

    /// The e-mail address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = text(email);
        self
    }

    /// The phone number. How it is to be written is not documented: it is sent as it is.
    pub fn phone_number(mut self, phone_number: impl Into<String>) -> Self {
        self.phone_number = text(phone_number);
        self
    }

    /// The number plate of the vehicle.
    pub fn plate(mut self, plate: impl Into<String>) -> Self {
        self.plate = text(plate);
        self
    }

    /// An attribute that has no setter here, sent as it is. One that has a setter, or one that is given
    /// twice, is refused when the call is made.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.push(name, value);
        self
    }

    pub(crate) fn check(&self) -> Result<()> {
        let texts = [
            &self.rg,
            &self.name,
            &self.birth_date,
            &self.father_name,
            &self.mother_name,
            &self.uf,
            &self.cep,
            &self.email,
            &self.phone_number,
            &self.plate,
        ];
        if texts.into_iter().flatten().any(|text| text.expose().is_empty()) {
            return Err(Error::invalid_input(
                "an attribute is an empty text; leave it out",
            ));
        }
        self.extra.check(TYPED)
    }
}

#[allow(clippy::unnecessary_wraps, reason = "it is what the setters set")]
fn text(text: impl Into<String>) -> Text {
    Some(Personal::new(text.into()))
}
