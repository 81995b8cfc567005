//! The consent at Atlassian and its API.
//!
//! [`authorization`], [`data_center`], [`endpoint`], [`personal_access_token`], [`site`] and [`token_family`] do no I/O; [`client`] speaks HTTP, [`loopback`] waits for the
//! redirection.

pub mod authorization;
pub mod client;
pub mod data_center;
pub mod endpoint;
pub mod loopback;
pub mod personal_access_token;
pub mod rehearsal;
pub mod site;
pub mod token_family;
