//! Whether what a reference names is there, in the root module of a plan.
//!
//! Source: hashicorp/terraform v1.11.4, `internal/terraform/evaluate.go`.

use super::subject::Subject;
use crate::diagnostic::SourceRange;
use crate::terraform::expression::{ModuleNames, Problem};
use crate::terraform::suggestion::did_you_mean;

impl ModuleNames {
    /// What is wrong with a reference to a subject, which is named at `range`.
    pub(super) fn judge(&self, subject: &Subject, range: SourceRange) -> Option<Problem> {
        let is_declared = |address: &str| self.declared.as_ref().is_none_or(|declared| declared.contains(address));
        let (summary, detail) = match *subject {
            Subject::Variable(name) if !self.variables.contains_key(name) => {
                let suggestion = did_you_mean(name, self.variables.keys().map(|name| &**name))
                    .unwrap_or_else(|| format!(" This variable can be declared with a variable \"{name}\" {{}} block."));
                (
                    "Reference to undeclared input variable",
                    format!("An input variable with the name \"{name}\" has not been declared.{suggestion}"),
                )
            }
            Subject::Local(name) if !self.locals.contains_key(name) => {
                let suggestion = did_you_mean(name, self.locals.keys().map(|name| &**name)).unwrap_or_default();
                (
                    "Reference to undeclared local value",
                    format!("A local value with the name \"{name}\" has not been declared.{suggestion}"),
                )
            }
            Subject::Resource(ref address) if !is_declared(address) => {
                ("Reference to undeclared resource", undeclared_resource(address))
            }
            Subject::Module(name) if !is_declared(&format!("module.{name}")) => {
                ("Reference to undeclared module", format!("No module call named \"{name}\" is declared in the root module."))
            }
            Subject::Path(name) if !matches!(name, "cwd" | "module" | "root") => {
                let suggestion = did_you_mean(name, ["cwd", "module", "root"]).unwrap_or_default();
                (
                    "Invalid \"path\" attribute",
                    format!("The \"path\" object does not have an attribute named \"{name}\".{suggestion}"),
                )
            }
            Subject::Terraform("env") => (
                "Invalid \"terraform\" attribute",
                "The terraform.env attribute was deprecated in v0.10 and removed in v0.12. The \"state environment\" concept \
                 was renamed to \"workspace\" in v0.12, and so the workspace name can now be accessed using the \
                 terraform.workspace attribute."
                    .to_owned(),
            ),
            Subject::Terraform(name) if !matches!(name, "workspace" | "applying") => (
                "Invalid \"terraform\" attribute",
                format!(
                    "The \"terraform\" object does not have an attribute named \"{name}\". The only supported attributes \
                     are terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean \
                     which is true only during apply."
                ),
            ),
            Subject::Count("index") => (
                "Reference to \"count\" in non-counted context",
                "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \
                 \"count\" argument is set."
                    .to_owned(),
            ),
            Subject::Count(name) => (
                "Invalid \"count\" attribute",
                format!(
                    "The \"count\" object does not have an attribute named \"{name}\". The only supported attribute is \
                     count.index, which is the index of each instance of a resource block that has the \"count\" argument set."
                ),
            ),
            Subject::Each("value") => (
                "each.value cannot be used in this context",
                "A reference to \"each.value\" has been used in a context in which it is unavailable, such as when the \
                 configuration no longer contains the value in its \"for_each\" expression. Remove this reference to \
                 each.value in your configuration to work around this error."
                    .to_owned(),
            ),
            Subject::Each("key") => (
                "Reference to \"each\" in context without for_each",
                "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" \
                 argument is set."
                    .to_owned(),
            ),
            Subject::Each(name) => (
                "Invalid \"each\" attribute",
                format!(
                    "The \"each\" object does not have an attribute named \"{name}\". The supported attributes are each.key and \
                     each.value, the current key and value pair of the \"for_each\" attribute set."
                ),
            ),
            Subject::Itself => (
                "Invalid \"self\" reference",
                "The \"self\" object is not available in this context. This object can be used only in resource provisioner, \
                 connection, and postcondition blocks."
                    .to_owned(),
            ),
            Subject::Variable(_)
            | Subject::Local(_)
            | Subject::Resource(_)
            | Subject::Module(_)
            | Subject::Path(_)
            | Subject::Terraform(_) => return None,
        };
        Some(Problem::new(summary, detail, range))
    }
}

fn undeclared_resource(address: &str) -> String {
    let (what, rest) = match address.split_once('.') {
        Some(("data", rest)) => ("A data", rest),
        Some(("ephemeral", rest)) => ("An ephemeral", rest),
        Some(_) | None => ("A managed", address),
    };
    let (resource_type, name) = rest.split_once('.').unwrap_or((rest, ""));
    format!("{what} resource \"{resource_type}\" \"{name}\" has not been declared in the root module.")
}
