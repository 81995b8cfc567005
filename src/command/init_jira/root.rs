//! What the root module says that this job needs: declared variables, their values, and where each value stands.

use crate::command::Context;
use crate::connector::setting::{Declaration, Home};
use crate::diagnostic::Sources;
use crate::terraform::RootModule;
use crate::terraform::input::{Input, InputSource, Inputs};

/// A root module as it was read.
pub(super) struct Root {
    pub(super) sources: Sources,
    pub(super) module: RootModule,
    pub(super) inputs: Inputs,
}

/// An assignment in a variable definitions file.
pub(super) struct Standing {
    /// The file, relative to the root module.
    pub(super) file: String,
    /// The value, where it is a string.
    pub(super) value: Option<String>,
}

impl Root {
    pub(super) fn read(_ctx: &mut Context) -> anyhow::Result<Self> {
        Ok(Self { sources: Sources::default(), module: RootModule::default(), inputs: Inputs::default() })
    }

    /// The file that a new assignment goes to: the one that gives the variable its value, else `terraform.tfvars`.
    pub(super) fn file_to_add_to(&self, home: Home) -> &str {
        self.file_of(home.variable()).unwrap_or("terraform.tfvars")
    }

    /// The value of a string variable, defaults included.
    pub(super) fn text(&self, variable: &str) -> Option<String> {
        self.inputs.value(variable)?.value.as_str().map(String::from)
    }

    /// How the root module declares the variable of a home.
    pub(super) fn declaration(&self, home: Home) -> Declaration {
        match self.module.variable(home.variable()) {
            Some(variable) => Declaration::from_description(variable.description.as_deref()),
            None => Declaration::Undeclared,
        }
    }

    /// The variable definitions file that gives the home's variable its value, the last one where several do.
    pub(super) fn file_of(&self, variable: &str) -> Option<&str> {
        Some(&self.sources.file(self.assignment(variable)?.attribute?.file).name)
    }

    /// The assignment that counts, if the home has one in a file.
    pub(super) fn standing(&self, home: Home) -> Option<Standing> {
        let input = self.assignment(home.variable())?;
        let file = self.file_of(home.variable())?.to_owned();
        let value = match home.key() {
            None => &input.value,
            Some(key) => input.value.as_mapping()?.get(key)?,
        };
        Some(Standing { file, value: value.as_str().map(String::from) })
    }

    fn assignment(&self, variable: &str) -> Option<&Input> {
        self.inputs.given(variable).iter().rev().find(|input| input.source == InputSource::File)
    }
}
