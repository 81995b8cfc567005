//! How much one expression may make: a few lines that double a text again and again would take all memory there is.

use std::cell::Cell;

/// What the values that one expression makes on its way may take, in bytes.
///
/// The local values before it have made as much again where each doubles the one before, and collections are larger while they
/// grow: so all stays below a gigabyte. It is room for the elements of the longest list that tfhelper reads.
const MOST_BYTES: usize = 3 << 26;

/// Counts what values take that an expression makes, each for itself; the next expression begins anew.
///
/// Terraform has no such limit, and runs out of memory.
#[derive(Debug)]
pub struct Budget {
    most_bytes: usize,
    spent_bytes: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(MOST_BYTES)
    }
}

impl Budget {
    /// So many bytes for each expression.
    #[must_use]
    pub fn of(most_bytes: usize) -> Self {
        Self { most_bytes, spent_bytes: Cell::new(0) }
    }

    /// Begins anew.
    pub(super) fn renew(&self) {
        self.spent_bytes.set(0);
    }

    /// Counts so many bytes more.
    pub(super) fn spend(&self, bytes: usize) {
        self.spent_bytes.set(self.spent_bytes.get().saturating_add(bytes));
    }

    /// Nothing more may be made.
    pub(super) fn is_spent(&self) -> bool {
        self.spent_bytes.get() > self.most_bytes
    }

    /// What is said then.
    pub(super) fn message(&self) -> String {
        format!("tfhelper makes values of at most {} MB on the way to one value.", self.most_bytes >> 20)
    }
}
