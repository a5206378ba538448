//! Transactions, which are the same on the Core and the Connect API (contract caf, 4.2 and 6.3).
