//! The consent at Atlassian and its API.
//!
//! [`authorization`], [`endpoint`], [`site`] and [`token_family`] do no I/O; [`client`] speaks HTTP, [`loopback`] waits for the
//! redirection.

pub mod authorization;
pub mod client;
pub mod endpoint;
pub mod loopback;
pub mod rehearsal;
pub mod site;
pub mod token_family;
