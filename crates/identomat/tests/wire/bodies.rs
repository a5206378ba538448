//! Results with the members and forms of the bodies that the contract describes as recorded (identomat, 5),
//! with values of our own.

/// A rejected identity.
pub(crate) const REJECTED_IDENTITY: &str = r#"{
  "result": "rejected", "similarity": 0.41, "live": true, "document_type": "id", "generalDocuments": [],
  "reject_reason": {"value": "face_mismatch", "description": ""}, "result_comment": "", "name": "ANNA EXAMPLE",
  "face_images": 1,
  "id_card_front": {"Surname_en_US": "EXAMPLE", "Given_Names_en_US": "ANNA", "Surname_ka_GE": "მაგალითი",
    "Document_Number_en_US": "00AA00000", "Personal_Number_en_US": "00000000000", "Sex_en_US": "F",
    "Date_of_Birth_en_US": "8/2/1990", "Date_of_Birth_ISO": "1990-08-02", "localMiddleName": ""},
  "id_card_back": {"Authority_en_US": "MINISTRY", "Place_of_Birth_ka_GE": "თბილისი", "mrz": "IDGEO<<1\nIDGEO<<2"},
  "suggested": {},
  "person": {"first_name": "ANNA", "last_name": "EXAMPLE", "local_first_name": "ანა", "local_last_name": "მაგალითი",
    "local_middle_name": "", "birthday": "8/2/1990", "birthday_time": "1990-08-02T00:00:00.000Z", "age": 35,
    "birth_place": "TBILISI", "citizenship": "GEO", "nationality": "GEO", "issuing_state": "GEO",
    "document_number": "00AA00000", "personal_number": "00000000000", "document_issued": "1/31/2020",
    "document_expires": "1/31/2030", "document_expires_time": "2030-01-31T00:00:00.000Z", "authority": "MINISTRY",
    "sex": "F", "status": "FIELDS_MISMATCH", "mrz": "IDGEO<<1\nIDGEO<<2"},
  "technicalDetails": {"remoteAddress": "192.0.2.7", "userAgent": "Example/1.0", "countryCode": "GE"}
}"#;

/// An approved proof of address: no face, no document, nobody's name.
pub(crate) const APPROVED_BANK_STATEMENT: &str = r#"{
  "result": "approved", "similarity": 0, "live": false, "document_type": "",
  "generalDocuments": [{"documentType": "BANK_STATEMENT", "typeId": "bank_statement", "pages": [
    {"typeId": "bank-statement", "documentPages": [{"pageNumber": 1}, {"pageNumber": 2}],
     "final": {"street": "Example Street", "state": null, "city": "Tbilisi", "country": "Georgia",
       "postalCode": "0100", "streetNumber": "1", "houseNumber": "2", "countryCode": "GEO",
       "address": "1 Example Street", "formattedAddress": "1 Example Street, Tbilisi", "county": null,
       "sublocality": "Vake", "postalTown": "", "localType": "ROOFTOP", "latitude": 41.71, "longitude": 44,
       "fullName": "Anna Example", "firstName": "Anna", "lastName": "Example", "authority": "Example Bank",
       "issuingAuthority": "Example Bank", "registrationNumber": "R-1", "permanent": false,
       "documentIssued": "2024-05-01T00:00:00.000Z", "documentExpires": ""}}]}],
  "reject_reason": {"value": "", "description": ""}, "result_comment": "", "name": "", "face_images": 0,
  "suggested": {}, "person": {},
  "technicalDetails": {"remoteAddress": "192.0.2.7", "userAgent": "Example/1.0", "countryCode": "GE"}
}"#;

/// Another one: the address is the person's only member, and other members of the extracted data are there.
pub(crate) const APPROVED_UTILITY_BILL: &str = r#"{
  "result": "approved", "similarity": 0, "live": false, "document_type": "",
  "generalDocuments": [{"documentType": "UTILITY_BILL", "typeId": "utility_bill", "permanent": null, "pages": [
    {"typeId": "utility-bill", "pageNumber": 1, "documentPages": [{"pageNumber": 1}],
     "statuses": ["issued-date-was-not-found"],
     "final": {"street": "Example Street", "city": "Tbilisi", "country": "Georgia",
       "documentIssuedTime": "2024-06-01T00:00:00.000Z"}}]}],
  "reject_reason": {"value": "", "description": ""}, "result_comment": "seen by an operator", "name": "",
  "face_images": 0, "suggested": {}, "person": {"address": "1 Example Street, Tbilisi"},
  "technicalDetails": {"remoteAddress": "192.0.2.7", "userAgent": "Example/1.0", "countryCode": "GE"}
}"#;

/// Of 2022: the old name of the documents, no name, no technical details, and a mismatch of fields although
/// it is approved.
pub(crate) const APPROVED_IDENTITY_2022: &str = r#"{
  "result": "approved", "similarity": 0.93, "live": true, "document_type": "id", "general_document": [],
  "reject_reason": {"value": "", "description": ""}, "result_comment": "", "face_images": 3,
  "id_card_front": {"Surname_en_US": "EXAMPLE", "Date_of_Expiry_ISO": "2030-01-31"},
  "id_card_back": {"Nationality_Code_en_US": "GEO"}, "suggested": {},
  "person": {"first_name": "ANNA", "last_name": "EXAMPLE", "birthday": "8/2/1990",
    "birthday_time": "1990-08-02T00:00:00.000Z", "age": 32.0, "sex": "F", "status": "FIELDS_MISMATCH",
    "document_expires_time": "2030-01-31T00:00:00.000Z"}
}"#;

pub(crate) const RECORDED: [&str; 4] = [
    REJECTED_IDENTITY,
    APPROVED_BANK_STATEMENT,
    APPROVED_UTILITY_BILL,
    APPROVED_IDENTITY_2022,
];

/// The members of the old manual, in capitals.
pub(crate) const OLD_MANUAL: &str = r#"{
  "result": "MANUAL_CHECK", "live": true, "similarity": 0.7, "document_type": "passport", "reject_reason": null,
  "configId": "65a0b1c2d3e4f5a6b7c8d9e0", "trustedDatabaseRecord": {"found": true, "name": "ANNA"},
  "result_comment": "look twice",
  "questionnaires": [{"key": "funds", "questions": [
    {"key": "source", "answer": "salary"}, {"key": "pep", "answer": false},
    {"key": "goods", "answer": ["a", "b"]}, {"key": "none", "answer": null}, {"key": "odd", "answer": {"a": 1}}]}],
  "screeningMatches": [{"personId": "p-1", "name": "ANNA EXAMPLE", "score": 87, "reviewStatus": "open", "later": 1}],
  "person": {"email": "anna@example.net", "phone": "+995500000000"}
}"#;
