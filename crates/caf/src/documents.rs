//! Making sure that an answer is about what, and whom, it was asked about.

use verikit_core::{Error, Personal, Result};

use crate::cpf::Cpf;

/// Refuses an answer that names another thing than the one that was asked for. One that names none does not
/// tell. Ids are hexadecimal digits or like ULIDs, where the case of letters means nothing.
pub(crate) fn check_id(asked: &str, answered: Option<&str>, detail: &'static str) -> Result<()> {
    match answered {
        Some(id) if !id.eq_ignore_ascii_case(asked) => Err(Error::decode(detail)),
        _ => Ok(()),
    }
}

/// Refuses an answer about another person. One whose number is missing, or masked by the provider, does not
/// tell.
pub(crate) fn check_cpf(asked: Cpf, answered: Option<&Personal<String>>) -> Result<()> {
    match answered.map(|number| Cpf::parse(number.expose())) {
        Some(Ok(cpf)) if cpf != asked => Err(Error::decode(
            "the answer is about another CPF than the one that was asked for",
        )),
        _ => Ok(()),
    }
}
