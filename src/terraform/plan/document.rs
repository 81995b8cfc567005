//! The JSON document of a plan, as far as it is read; of `resource_changes` one element at a time is in memory.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{FORMAT_MAJOR, FailedCheck, Plan, PlanError, SecretChange, SecretResource};

/// The document; unknown fields are skipped.
#[derive(Deserialize)]
pub(super) struct Document {
    format_version: Option<String>,
    #[serde(default)]
    terraform_version: String,
    #[serde(default)]
    variables: BTreeMap<String, PlanVariable>,
    #[serde(default)]
    resource_changes: SecretChanges,
    configuration: Option<Configuration>,
    #[serde(default)]
    checks: Vec<CheckResult>,
    #[serde(default)]
    errored: bool,
    complete: Option<bool>,
    /// Present in every plan, and not in a state.
    planned_values: Option<IgnoredAny>,
    /// Present in a state, and not in a plan.
    values: Option<IgnoredAny>,
    /// Present in the output of `terraform validate -json`.
    valid: Option<bool>,
}

impl Document {
    pub(super) fn into_plan(self) -> Result<Plan, PlanError> {
        if self.valid.is_some() {
            return Err(PlanError::OtherThing("the output of `terraform validate -json`"));
        }
        let Some(version) = self.format_version else {
            return Err(PlanError::OtherThing("JSON without a format_version"));
        };
        if version.split('.').next() != Some(FORMAT_MAJOR) {
            return Err(PlanError::Version(version));
        }
        if self.planned_values.is_none() && !self.errored {
            let what = if self.values.is_some() { "a state: name the plan file too" } else { "JSON without planned_values" };
            return Err(PlanError::OtherThing(what));
        }
        let configured = self.configuration.map(|configuration| configuration.root_module.variables).unwrap_or_default();
        Ok(Plan {
            terraform_version: self.terraform_version,
            variables: self.variables.into_iter().map(|(name, variable)| (name, variable.value)).collect(),
            sensitive_variables: configured.into_iter().filter(|(_, v)| v.sensitive).map(|(name, _)| name).collect(),
            secret_changes: self.resource_changes.0,
            failed_checks: self
                .checks
                .into_iter()
                .filter(|c| c.status == "fail" || c.status == "error")
                .map(CheckResult::failed)
                .collect(),
            is_errored: self.errored,
            is_complete: self.complete.unwrap_or(true),
        })
    }
}

#[derive(Deserialize)]
struct PlanVariable {
    #[serde(default)]
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    root_module: ConfiguredModule,
}

#[derive(Deserialize, Default)]
struct ConfiguredModule {
    #[serde(default)]
    variables: BTreeMap<String, ConfiguredVariable>,
}

#[derive(Deserialize)]
struct ConfiguredVariable {
    #[serde(default)]
    sensitive: bool,
}

#[derive(Deserialize)]
struct CheckResult {
    #[serde(default)]
    address: CheckAddress,
    #[serde(default)]
    status: String,
    #[serde(default)]
    instances: Vec<CheckInstance>,
}

#[derive(Deserialize, Default)]
struct CheckAddress {
    #[serde(default)]
    to_display: String,
}

#[derive(Deserialize)]
struct CheckInstance {
    #[serde(default)]
    problems: Vec<Problem>,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(default)]
    message: String,
}

impl CheckResult {
    fn failed(self) -> FailedCheck {
        let messages = self.instances.into_iter().flat_map(|instance| instance.problems).map(|problem| problem.message).collect();
        FailedCheck { address: self.address.to_display, messages }
    }
}

/// `resource_changes`, of which one at a time is in memory and only those of secrets are kept.
#[derive(Default)]
struct SecretChanges(Vec<SecretChange>);

impl<'de> Deserialize<'de> for SecretChanges {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Changes;
        impl<'de> Visitor<'de> for Changes {
            type Value = SecretChanges;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of resource changes")
            }

            fn visit_unit<E>(self) -> Result<SecretChanges, E> {
                Ok(SecretChanges::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut changes: A) -> Result<SecretChanges, A::Error> {
                let mut kept = Vec::new();
                while let Some(change) = changes.next_element::<ResourceChange>()? {
                    kept.extend(change.of_secret());
                }
                Ok(SecretChanges(kept))
            }
        }
        deserializer.deserialize_any(Changes)
    }
}

#[derive(Deserialize)]
struct ResourceChange {
    #[serde(default)]
    address: String,
    #[serde(default)]
    mode: String,
    #[serde(default, rename = "type")]
    resource_type: String,
    change: Option<Change>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    before: Attributes,
    #[serde(default)]
    after: Attributes,
}

impl ResourceChange {
    fn of_secret(self) -> Option<SecretChange> {
        let kind = SecretResource::of_type(&self.resource_type).filter(|_| self.mode == "managed")?;
        let change = self.change?;
        let holds_placeholder = change.before.holds_placeholder;
        let name = |attributes: Attributes| match kind {
            SecretResource::SsmParameter | SecretResource::SecretsManagerSecret => attributes.name,
            SecretResource::GcpSecret => attributes.secret_id,
        };
        let name = name(change.after).or_else(|| name(change.before))?;
        Some(SecretChange { address: self.address, kind, name, actions: change.actions, holds_placeholder })
    }
}

/// The attributes of a resource that name a secret; of its value only whether it is a placeholder.
#[derive(Default)]
struct Attributes {
    name: Option<String>,
    secret_id: Option<String>,
    holds_placeholder: bool,
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Attributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the attributes of a resource, or null")
            }

            fn visit_unit<E>(self) -> Result<Attributes, E> {
                Ok(Attributes::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Attributes, A::Error> {
                let mut attributes = Attributes::default();
                while let Some(key) = members.next_key_seed(ShortText)? {
                    match key.as_deref() {
                        Some("name") => attributes.name = members.next_value_seed(ShortText)?,
                        Some("secret_id") => attributes.secret_id = members.next_value_seed(ShortText)?,
                        Some("value") => {
                            attributes.holds_placeholder =
                                members.next_value_seed(ShortText)?.is_some_and(|value| is_placeholder(&value));
                        }
                        _ => {
                            members.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(attributes)
            }
        }
        deserializer.deserialize_any(Object)
    }
}

/// What psoxy's modules write into a secret that somebody has to fill.
///
/// Source: psoxy, modules `aws-ssm-secrets` and `gcp-secrets`.
fn is_placeholder(value: &str) -> bool {
    matches!(value, "fill me" | "TODO: fill me" | "placeholder value - fill me")
}

/// A string; anything else is skipped.
struct ShortText;

impl<'de> DeserializeSeed<'de> for ShortText {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ShortText {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<String>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<String>, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
