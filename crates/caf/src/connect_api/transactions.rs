//! The Connect API's transactions (contract caf, 6.3).

use crate::client::Client;
use crate::transactions::{Route, TransactionRoutes, transaction_calls};

static CONNECT: TransactionRoutes = TransactionRoutes {
    create: Route {
        name: "connect_transaction.create",
    },
    get: Route {
        name: "connect_transaction.get",
    },
    realm: super::realm,
};

/// Transactions. They are those of the [Core API](crate::core_api::CoreTransactions), behind access tokens
/// and with webhooks that are signed. The permission to create them is "Create Transaction".
///
/// ```
/// # async fn example(client: &caf::Client, selfie: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
/// use caf::Cpf;
/// use caf::transactions::{Attributes, FileType, TemplateId, TransactionFile};
///
/// let connect = client.connect();
/// let selfie = connect.upload_file("selfie.jpg", "image/jpeg", selfie).await?;
/// let transaction = connect
///     .transactions()
///     .create(&TemplateId::new("64b0c0ffee0000000000aaaa")?)
///     .file(TransactionFile::of_data(FileType::Selfie, selfie.filename.expose()))
///     .attributes(Attributes::new().cpf(Cpf::parse("123.456.789-09")?))
///     .await?;
/// println!("wait for a webhook about {}", transaction.id.as_str());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ConnectTransactions {
    client: Client,
}

impl ConnectTransactions {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }
}

transaction_calls!(ConnectTransactions, CONNECT);
