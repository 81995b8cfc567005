//! tfhelper connects Jira to a Terraform-managed psoxy, and checks the variables before terraform does.
//!
//! # The parts, in the order in which data flows
//!
//! *Words*: [`diagnostic`] is what can be said about the user's files, with byte ranges into them.
//!
//! *Core*, without input and output; text and models in, models and text out:
//!
//! - [`terraform`] is Terraform's language: parser, values, expressions, functions, root modules, input variables, edits of
//!   variable definitions files, plans. It gives Terraform's own verdict, in Terraform's words.
//! - [`connector`] is what psoxy's connectors need, as data, a row a release.
//! - [`check`] judges what is known of a root module; a check is a function from [`check::Facts`] to diagnostics.
//! - [`report`] renders diagnostics; [`test_script`] renders test-call scripts.
//! - [`secret`] has the type that cannot be printed, and the names under which psoxy's proxies read their secrets.
//! - [`atlassian`] has the authorization request and response, sites, and the consent's two ends.
//!
//! *Edge*: [`disk`] reads root modules and replaces files atomically; [`discovery`] finds root modules, [`repository`] what has
//! changed in them; [`request_log`] says what is sent; the stores of [`secret`]; of [`atlassian`] the HTTP client, the listener on loopback, and the stand-in that
//! `--rehearse` and the tests talk to.
//!
//! *Program*: [`cli`] is the command line; [`command`] joins core and edge, one file or folder a command. Nothing else does, and
//! `tests/architecture.rs` holds that against the source.
//!
//! # Three jobs, three straight paths
//!
//! `tfhelper init-jira`: read the root module; plan the edit, the names, the scripts; ask the store; consent; tokens, scopes,
//! site; then secrets, variables, scripts, check. What can fail without the consent fails before it, and from the moment
//! the tokens arrive they are kept in a file until the store has them.
//!
//! `tfhelper check`: find root modules; read and evaluate each; gather facts; run the checks; report.
//!
//! `tfhelper test-scripts`: read the root module; take the connector's example calls; render, every value quoted; write.

pub mod diagnostic;

pub mod terraform;

pub mod connector;

pub mod check;
pub mod report;
pub mod test_script;

pub mod atlassian;
pub mod secret;

pub mod discovery;
pub mod disk;
pub mod repository;
pub mod request_log;

pub mod cli;
pub mod command;
