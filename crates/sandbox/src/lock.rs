//! Locking without a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes the lock, also after a handler panicked while it held it: what the sandbox keeps is
/// changed in single steps, and one broken request must not end all the others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
