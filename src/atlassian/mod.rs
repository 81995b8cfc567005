//! The consent and Atlassian's API.

pub mod token_family;
