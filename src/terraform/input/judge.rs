//! What is said of the value that counts before its type is looked at: the value itself is wrong, or nothing declares its name.

use super::{Input, InputSource};
use crate::diagnostic::{Diagnostic, Group, Severity, SourceRange, Sources};
use crate::terraform::RootModule;
use crate::terraform::finding::{SIMILAR_VARIABLE, UNDECLARED_VARIABLE, error};

/// How many undeclared variables of files are named: a file that is shared can hold any number, and nobody reads on.
const MOST_UNDECLARED: usize = 1_000;

/// How many pairs of an undeclared name and a declared one are compared, which takes a second or so.
const MOST_COMPARISONS: usize = 1_000_000;

/// Judges the values that count, before their types are looked at.
pub(super) struct Judge<'a> {
    root_module: &'a RootModule,
    /// Undeclared variables of files so far.
    undeclared: usize,
    comparisons_left: usize,
}

impl<'a> Judge<'a> {
    pub(super) fn new(root_module: &'a RootModule) -> Self {
        Self { root_module, undeclared: 0, comparisons_left: MOST_COMPARISONS }
    }

    /// The last value that is given for a name.
    ///
    /// A value for an undeclared variable that cannot be evaluated is passed over in silence, as Terraform does.
    pub(super) fn last(
        &mut self,
        name: &str,
        input: &Option<Input>,
        problems: Vec<Diagnostic>,
        sources: &Sources,
        found: &mut Vec<Diagnostic>,
    ) {
        if let Some(variable) = self.root_module.variable(name) {
            let is_sensitive = variable.is_sensitive;
            found.extend(problems.into_iter().map(|problem| problem.about(name).hiding_value(is_sensitive)));
            return;
        }
        let Some(input) = input else { return };
        match input.source {
            InputSource::Default | InputSource::Environment => return,
            InputSource::CommandLine => found.push(
                error(
                    UNDECLARED_VARIABLE,
                    UNDECLARED_SUMMARY,
                    format!(
                        "A variable named \"{name}\" was assigned on the command line, but the root module does not declare a \
                         variable of that name. To use this value, add a \"variable\" block to the configuration."
                    ),
                    None,
                )
                .about(name),
            ),
            InputSource::File => {
                self.undeclared += 1;
                if self.undeclared > MOST_UNDECLARED {
                    return;
                }
                let file = input.range.map(|range| sources.file(range.file).name.as_str()).unwrap_or_default();
                let detail = format!(
                    "The root module does not declare a variable named \"{name}\" but a value was found in file \"{file}\". If \
                     you meant to use this value, add a \"variable\" block to the configuration.\n\nTo silence these warnings, \
                     use TF_VAR_... environment variables to provide certain \"global\" settings to all configurations in your \
                     organization. To reduce the verbosity of these warnings, use the -compact-warnings option."
                );
                found.push(warning(UNDECLARED_VARIABLE, UNDECLARED_SUMMARY, detail, name, input.attribute));
            }
        }
        if let Some(similar) = self.similar_variable(name) {
            let detail = format!(
                "Nothing reads `{name}`. The root module declares a similar name: `{similar}`. Correct the spelling, or remove \
                 the value."
            );
            found.push(warning(SIMILAR_VARIABLE, "Similar variable is declared", detail, name, input.attribute));
        }
    }

    /// The declared name that is the fewest edits away, if those are few for its length.
    fn similar_variable(&mut self, name: &str) -> Option<&'a str> {
        self.comparisons_left = self.comparisons_left.checked_sub(self.root_module.variables.len())?;
        let edits = |declared: &str| strsim::damerau_levenshtein(name, declared);
        let nearest = self.root_module.variables.keys().min_by_key(|declared| edits(declared))?;
        (edits(nearest) * 4 <= nearest.chars().count()).then_some(nearest)
    }

    /// Says how many undeclared variables were not named, in Terraform's words for those that it does not name.
    pub(super) fn finish(self, found: &mut Vec<Diagnostic>) {
        if let Some(unnamed) = self.undeclared.checked_sub(MOST_UNDECLARED).filter(|unnamed| *unnamed > 0) {
            let detail = format!(
                "In addition to the other similar warnings shown, {unnamed} other variable(s) defined without being declared."
            );
            let (check, summary) = (UNDECLARED_VARIABLE, "Values for undeclared variables");
            found.push(Diagnostic::new(check, Group::Terraform, Severity::Warning, summary, detail));
        }
    }
}

const UNDECLARED_SUMMARY: &str = "Value for undeclared variable";

fn warning(check: &'static str, summary: &str, detail: String, name: &str, at: Option<SourceRange>) -> Diagnostic {
    // The value may be a secret under a misspelt name, so it is not shown.
    Diagnostic::new(check, Group::Terraform, Severity::Warning, summary, detail).at(at).about(name).hiding_value(true)
}
