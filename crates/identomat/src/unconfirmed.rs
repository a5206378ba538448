//! Calls that are known by name alone.

use serde::Serialize;

use crate::client::Client;
use crate::raw_calls::CallJson;

/// Calls whose names are known and whose parameters or answers no public document confirms: they take and
/// give raw JSON, and **may change or go** in any version of this crate.
#[derive(Debug, Clone)]
pub struct Unconfirmed {
    client: Client,
}

impl Unconfirmed {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What AML screening knows of a person, by the
    /// [`person_id`](crate::ScreeningMatch::person_id) of a match. The name and `personId` are documented;
    /// the path and the answer are **inferred** or open (contract identomat, 2.3). Whether it wants the
    /// session's token is open: [`session`](CallJson::session) adds it. Sent once.
    ///
    /// ```
    /// # async fn example(client: &identomat::Client, token: &identomat::SessionToken) -> identomat::Result<()> {
    /// let result = client.sessions().result(token).await?;
    /// for found in result.screening_matches.iter().flatten() {
    ///     if let Some(person_id) = &found.person_id {
    ///         let details = client.unconfirmed().screening_person_details(person_id.expose()).await?;
    ///         let topics = &details.expose()["topics"];
    ///         # let _ = topics;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn screening_person_details(&self, person_id: &str) -> CallJson {
        #[derive(Serialize)]
        struct Parameters<'a> {
            #[serde(rename = "personId")]
            person_id: &'a str,
        }
        self.client
            .call_json("get-screening-person-details/", &Parameters { person_id })
    }

    /// How alike two faces are. One client of the service is known to use it, with two images in base64; the
    /// names of its parameters and of its answer are open (contract identomat, 2.4): take them from the
    /// vendor's reference. Sent once.
    pub fn compare_faces(&self, parameters: &(impl Serialize + ?Sized)) -> CallJson {
        self.client.call_json("compare-faces/", parameters)
    }
}
