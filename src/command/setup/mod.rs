//! What `init-jira` and `init-jira-server` have in common: the root module, the edits, the secrets' delivery, the scripts, the
//! steps that are shown and the summary.

pub(crate) mod copy;
pub(crate) mod delivery;
pub(crate) mod edit;
pub(crate) mod root;
pub(crate) mod scripts;
pub(crate) mod secret_input;
pub(crate) mod steps;
pub(crate) mod summary;
pub(crate) mod terminal;
pub(crate) mod unfinished;
