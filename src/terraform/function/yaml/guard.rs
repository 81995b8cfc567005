//! What keeps a panic of the YAML parser from ending the program.
//!
//! The library panics at some documents that end in the middle of a token, where the one it is a port of sees a zero byte.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic; none when it did. What it has borrowed must not be used again then.
pub(super) fn run<T>(work: impl FnOnce() -> T) -> Option<T> {
    IS_GUARDED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(false);
    result.ok()
}

/// Keeps quiet about the panics that are caught; for the start of a program.
pub fn silence_caught_panics() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !IS_GUARDED.get() {
            report(info);
        }
    }));
}
