//! Which countries, operators and products there are. The ids look like those of the contract's examples;
//! names, prices and what is covered where are made up.

/// What an operator supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Phone,
    Sim,
    Subscriber,
}

impl Product {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Phone => "PCK",
            Self::Sim => "SCK",
            Self::Subscriber => "SUK",
        }
    }

    /// As coverage by country spells it. The spelling varies, and nobody may rely on it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Phone => "PhoneCheck",
            Self::Sim => "SIMCheck",
            Self::Subscriber => "SubscriberCheck",
        }
    }

    /// As reachability spells it.
    pub(super) fn spaced_name(self) -> &'static str {
        match self {
            Self::Phone => "Phone Check",
            Self::Sim => "SIM Check",
            Self::Subscriber => "Subscriber Check",
        }
    }
}

#[derive(Debug)]
pub(super) struct Operator {
    pub(super) network_id: &'static str,
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) products: &'static [Product],
}

/// The operator of every number and of most addresses.
pub(super) static OWN: Operator = Operator {
    network_id: "23410",
    name: "Example Mobile",
    aliases: &["23402"],
    products: &[Product::Phone, Product::Sim, Product::Subscriber],
};

pub(super) static OTHER: Operator = Operator {
    network_id: "23420",
    name: "Another Mobile",
    aliases: &[],
    products: &[Product::Phone],
};

static GERMAN: Operator = Operator {
    network_id: "26201",
    name: "Beispielfunk",
    aliases: &[],
    products: &[Product::Phone],
};

#[derive(Debug)]
pub(super) struct Covered {
    pub(super) product: Product,
    pub(super) coverage: &'static str,
}

#[derive(Debug)]
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) dialing_code: u16,
    pub(super) products: &'static [Covered],
    /// A country without any shows products that name neither networks nor prices, as the vendor's
    /// client expects that some do.
    pub(super) operators: &'static [&'static Operator],
}

pub(super) static COUNTRIES: [Country; 3] = [
    Country {
        code: "GB",
        dialing_code: 44,
        products: &[
            Covered {
                product: Product::Phone,
                coverage: "FULL",
            },
            Covered {
                product: Product::Sim,
                coverage: "PARTIAL",
            },
            Covered {
                product: Product::Subscriber,
                coverage: "PARTIAL",
            },
        ],
        operators: &[&OWN, &OTHER],
    },
    Country {
        code: "DE",
        dialing_code: 49,
        products: &[
            Covered {
                product: Product::Phone,
                coverage: "PARTIAL",
            },
            Covered {
                product: Product::Subscriber,
                coverage: "COMING_SOON",
            },
        ],
        operators: &[&GERMAN],
    },
    Country {
        code: "US",
        dialing_code: 1,
        products: &[Covered {
            product: Product::Phone,
            coverage: "FULL",
        }],
        operators: &[],
    },
];
