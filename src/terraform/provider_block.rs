//! `provider` blocks: with which account, region and credentials Terraform works.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::syntax::Expression;

/// A `provider` block; what it says is evaluated by whoever wants to know.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderBlock {
    /// The label, a provider's local name: `aws`.
    pub name: String,
    /// Its arguments by their names; those of a nested block have its type before them: `assume_role.role_arn`.
    pub arguments: BTreeMap<String, Arc<Expression>>,
}

impl ProviderBlock {
    /// Tells whether resources use it that name no other.
    #[must_use]
    pub fn is_default(&self) -> bool {
        !self.arguments.contains_key("alias")
    }
}
