//! The Terraform language: text in, models out, no I/O.
pub mod function;
pub mod number;
pub mod syntax;
pub mod value;
