//! The Global API: is a name on a list of sanctions? Only an answer that says so throughout is a "no".

use verikit::caf::Client;

use crate::story::{Outcome, Step, expect, headline};

pub(crate) async fn global(client: &Client) -> Outcome {
    headline("CAF, Global: a name is looked up in lists of sanctions");
    let services = client.global().services();
    let query = services.sanctions("Ana Teste").birth_year(1990);
    let (step, answer) = Step::run("sanctions", query).await?;
    let clear = answer.service_data().ok_or("an answer without data")?;
    expect("nothing found", clear.is_clear())?;
    step.tell("Ana Teste: not sanctioned, no matches, an empty list");

    // The sandbox finds every name that has this word in it.
    let (step, answer) = Step::run("sanctions", services.sanctions("Ana Sanctioned")).await?;
    let found = answer.service_data().ok_or("an answer without data")?;
    let matches = found.sanctions_list.as_deref().unwrap_or_default().len();
    expect("a match", !found.is_clear() && matches == 1)?;
    step.tell(&format!(
        "Ana Sanctioned: {matches} match, for a person to look at"
    ));
    Ok(())
}
