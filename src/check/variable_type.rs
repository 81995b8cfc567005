//! Every value can be evaluated and suits the type of its variable.

use super::Check;
use crate::diagnostic::Group;
use crate::terraform::finding::VARIABLE_TYPE;

/// The check.
pub const CHECK: Check = Check {
    id: VARIABLE_TYPE,
    group: Group::Terraform,
    about: "Every value can be evaluated and suits the type of its variable",
    page: r#"Values in variable definitions files are expressions that refer to nothing and call nothing. The value is
converted to the variable's type where that is possible: `"5"` suits a number, `[1]` a list of strings;
`"abc"` suits no number, and a string is no list.

Only the last value in Terraform's order of precedence is looked at, as Terraform does. Correct the value, or
the type."#,
    run: |facts, diagnostics| diagnostics.extend(facts.found_by(VARIABLE_TYPE)),
};
