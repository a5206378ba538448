//! The vendor's test persons (contract cm-identity, 7).

/// What the documents print for the last person's date of birth: its last digit is cut off on the page
/// itself.
pub(super) const CUT_OFF_DATE: &str = "2001-09-0";

/// One row of the documents' table.
#[derive(Debug)]
pub(super) struct Person {
    phone_number: &'static str,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) address: &'static str,
    pub(super) postal_code: &'static str,
    date_of_birth: &'static str,
}

impl Person {
    /// For the date that is cut off: as printed, or any of the nine dates that it can be (ours).
    pub(super) fn was_born_on(&self, date: &str) -> bool {
        let is_cut_off = self.date_of_birth == CUT_OFF_DATE;
        date == self.date_of_birth || (is_cut_off && date.starts_with(CUT_OFF_DATE))
    }
}

/// The person with this number.
pub(super) fn with_number(phone_number: &str) -> Option<&'static Person> {
    PERSONS.iter().find(|person| person.phone_number == phone_number)
}

const PERSONS: [Person; 12] = [
    Person {
        phone_number: "+31610000001",
        first_name: "Joris",
        last_name: "Verhoeven",
        address: "123",
        postal_code: "1234 AB",
        date_of_birth: "1963-12-31",
    },
    Person {
        phone_number: "+31610000002",
        first_name: "Anna",
        last_name: "Jansen",
        address: "456",
        postal_code: "5678 CD",
        date_of_birth: "2019-03-01",
    },
    Person {
        phone_number: "+31610000003",
        first_name: "Lars",
        last_name: "De Vries",
        address: "789",
        postal_code: "9012 EF",
        date_of_birth: "1995-07-15",
    },
    Person {
        phone_number: "+4915100000001",
        first_name: "Hans",
        last_name: "Mueller",
        address: "123",
        postal_code: "12345",
        date_of_birth: "2018-12-31",
    },
    Person {
        phone_number: "+4915100000002",
        first_name: "Greta",
        last_name: "Schmidt",
        address: "456",
        postal_code: "67890",
        date_of_birth: "1968-03-22",
    },
    Person {
        phone_number: "+4915100000003",
        first_name: "Felix",
        last_name: "Wagner",
        address: "789",
        postal_code: "54321",
        date_of_birth: "1987-11-09",
    },
    Person {
        phone_number: "+447710000001",
        first_name: "James",
        last_name: "Smith",
        address: "123",
        postal_code: "AB12 3CD",
        date_of_birth: "1980-09-28",
    },
    Person {
        phone_number: "+447710000002",
        first_name: "Emma",
        last_name: "Brown",
        address: "456",
        postal_code: "EF45 6GH",
        date_of_birth: "2016-12-31",
    },
    Person {
        phone_number: "+447710000003",
        first_name: "Oliver",
        last_name: "Taylor",
        address: "789",
        postal_code: "IJ78 9KL",
        date_of_birth: "1992-05-17",
    },
    Person {
        phone_number: "+33610000001",
        first_name: "Pierre",
        last_name: "Dubois",
        address: "123",
        postal_code: "12345",
        date_of_birth: "1988-04-12",
    },
    Person {
        phone_number: "+33610000002",
        first_name: "Sophie",
        last_name: "Martin",
        address: "456",
        postal_code: "67890",
        date_of_birth: "2020-12-31",
    },
    Person {
        phone_number: "+33610000003",
        first_name: "Antoine",
        last_name: "Leroy",
        address: "789",
        postal_code: "54321",
        date_of_birth: CUT_OFF_DATE,
    },
];
