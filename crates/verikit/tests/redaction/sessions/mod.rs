//! A session with each provider. Whatever a user could print is printed.

pub(crate) mod caf;
pub(crate) mod cm_identity;
pub(crate) mod cm_idscan;
pub(crate) mod identomat;
pub(crate) mod idlayr;
