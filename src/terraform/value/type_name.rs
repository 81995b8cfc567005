//! The names of types in Terraform's messages.

use super::Type;

impl Type {
    /// The type in words, as Terraform's messages name it: `list of string`, `object`.
    #[must_use]
    pub fn friendly_name(&self) -> String {
        self.name_with("dynamic")
    }

    /// The type in words where it is a requirement: `list of any type`.
    #[must_use]
    pub fn friendly_constraint_name(&self) -> String {
        self.name_with("any type")
    }

    fn name_with(&self, dynamic: &str) -> String {
        match self {
            Self::Dynamic => dynamic.to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::List(element) => format!("list of {}", element.element_name_with(dynamic)),
            Self::Set(element) => format!("set of {}", element.element_name_with(dynamic)),
            Self::Map(element) => format!("map of {}", element.element_name_with(dynamic)),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }

    /// The name as that of a collection's elements, which are all of one type even where any will do.
    fn element_name_with(&self, dynamic: &str) -> String {
        match self {
            Self::Dynamic if dynamic == "any type" => "any single type".to_owned(),
            element => element.name_with(dynamic),
        }
    }
}
