//! What a plan says, read from the output of `terraform show -json`.
//!
//! The document of a large plan has hundreds of megabytes, all on one line, most of it twice. It is read as a stream, and
//! what nothing asks for is skipped without being stored. Values of variables are printed in it whether they are sensitive
//! or not, and what is sensitive is said only further down: a [`Plan`] is complete before anybody looks at it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The major version of the document that this reads.
///
/// Source: Terraform documentation, "JSON Output Format": within a major version readers ignore what they do not know.
const FORMAT_MAJOR: &str = "1";

/// A plan, as far as the checks need it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The version of the terraform that made it.
    pub terraform_version: String,
    /// The input variables' values as they were given, before conversion; ephemeral ones are missing.
    pub variables: BTreeMap<String, serde_json::Value>,
    /// The input variables that are marked sensitive.
    pub sensitive_variables: BTreeSet<String>,
    /// Every change to a resource that holds a secret, no-ops included, in the order of the document.
    pub secret_changes: Vec<SecretChange>,
    /// Checks of the configuration that failed: address and messages.
    pub failed_checks: Vec<FailedCheck>,
    /// Terraform stopped with an error while it made the plan.
    pub is_errored: bool,
    /// Applying the plan does everything that the configuration asks for.
    pub is_complete: bool,
}

/// A change to a resource that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretChange {
    /// The resource's address.
    pub address: String,
    /// What kind of resource it is.
    pub kind: SecretResource,
    /// The secret's name in its store after the change, or before it where it is destroyed.
    pub name: String,
    /// `no-op`, `create`, `update`, `delete`, `read`, as Terraform has them.
    pub actions: Vec<String>,
    /// The value before the change is what psoxy's modules write until somebody fills the secret.
    pub holds_placeholder: bool,
}

impl SecretChange {
    /// The value that the secret holds is lost when the plan is applied.
    #[must_use]
    pub fn destroys(&self) -> bool {
        self.actions.iter().any(|action| action == "delete")
    }
}

/// The resource types that hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretResource {
    /// `aws_ssm_parameter`
    SsmParameter,
    /// `aws_secretsmanager_secret`
    SecretsManagerSecret,
    /// `google_secret_manager_secret`
    GcpSecret,
}

impl SecretResource {
    fn of_type(resource_type: &str) -> Option<Self> {
        match resource_type {
            "aws_ssm_parameter" => Some(Self::SsmParameter),
            "aws_secretsmanager_secret" => Some(Self::SecretsManagerSecret),
            "google_secret_manager_secret" => Some(Self::GcpSecret),
            _ => None,
        }
    }
}

/// A check of the configuration that failed: a `check` block, a condition, a validation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCheck {
    /// What the check belongs to.
    pub address: String,
    /// Its messages.
    pub messages: Vec<String>,
}

/// Why a text is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is something else, and this is what.
    OtherThing(&'static str),
    /// It is JSON of a version that this does not know.
    Version(String),
    /// It is not JSON, or breaks off.
    NotJson(serde_json::Error),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(_) => f.write_str("it cannot be read"),
            Self::OtherThing(what) => write!(f, "it is {what}, not the output of `terraform show -json PLANFILE`"),
            Self::Version(version) => write!(f, "its format_version is `{version}`, and only version {FORMAT_MAJOR} is known"),
            Self::NotJson(_) => f.write_str("it is not a whole JSON document"),
        }
    }
}

impl std::error::Error for PlanError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            Self::NotJson(error) => Some(error),
            Self::OtherThing(_) | Self::Version(_) => None,
        }
    }
}

impl Plan {
    /// Reads the output of `terraform show -json PLANFILE`.
    ///
    /// # Errors
    ///
    /// When the text cannot be read, is no JSON, or is something else that terraform writes; the error says what.
    pub fn read(reader: impl Read) -> Result<Self, PlanError> {
        let mut reader = BufReader::with_capacity(1 << 16, reader);
        let head = head_of(&mut reader)?;
        if let Some(what) = other_thing(&head) {
            return Err(PlanError::OtherThing(what));
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).chain(reader);
        let mut deserializer = serde_json::Deserializer::from_reader(text);
        // A document nested deeper than serde_json's limit is no plan: terraform's own values are shallow.
        let document = Document::deserialize(&mut deserializer).map_err(from_json)?;
        deserializer.end().map_err(from_json)?;
        document.into_plan()
    }
}

fn from_json(error: serde_json::Error) -> PlanError {
    if error.is_io() { PlanError::Unreadable(error.into()) } else { PlanError::NotJson(error) }
}

/// The first bytes, as many as come within one buffer.
fn head_of(reader: &mut impl Read) -> Result<Vec<u8>, PlanError> {
    let mut head = Vec::new();
    reader.take(4096).read_to_end(&mut head).map_err(PlanError::Unreadable)?;
    Ok(head)
}

/// What people pipe in by mistake, by its first bytes.
fn other_thing(head: &[u8]) -> Option<&'static str> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text {
        [] => Some("empty"),
        [b'P', b'K', 3, 4, ..] => Some("a plan file, which only terraform itself can read"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Some("UTF-16, as PowerShell's `>` writes it: use `cmd /c` or `Out-File -Encoding utf8`")
        }
        // hashicorp/setup-terraform wraps terraform in a script that prints the command line first.
        _ if text.starts_with(b"[command]") => {
            Some("output of the wrapper that setup-terraform installs: set `terraform_wrapper: false` for that step")
        }
        _ if text.starts_with(b"{\"@level\"") => Some("the log of `terraform plan -json`"),
        [b'{', ..] => None,
        _ => Some("plain text"),
    }
}

/// The document; unknown fields are skipped.
#[derive(Deserialize)]
struct Document {
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
    fn into_plan(self) -> Result<Plan, PlanError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = r#"{"address":"module.x.aws_ssm_parameter.secret[\"REFRESH_TOKEN\"]","mode":"managed","type":"aws_ssm_parameter","name":"secret",
        "change":{"actions":["delete","create"],"before":{"name":"PSOXY_JIRA_CLOUD_REFRESH_TOKEN","value":"fill me","tags":{"a":1}},
        "after":{"name":"PSOXY_JIRA_CLOUD_REFRESH_TOKEN","type":"SecureString"},"after_unknown":{"arn":true}}}"#;

    fn document(resource_changes: &str) -> String {
        format!(
            r#"{{"format_version":"1.2","terraform_version":"1.11.4","variables":{{"a":{{"value":"x"}},"token":{{"value":"s3cret"}}}},
            "planned_values":{{"outputs":{{}}}},"resource_changes":[{resource_changes}],"new_thing":[1,{{}}],
            "configuration":{{"root_module":{{"variables":{{"a":{{}},"token":{{"sensitive":true}}}}}}}},
            "checks":[{{"address":{{"kind":"check","to_display":"check.c"}},"status":"fail","instances":[{{"problems":[{{"message":"m"}}]}}]}}],
            "applyable":true,"complete":false,"errored":false}}"#
        )
    }

    #[test]
    fn reads_what_the_checks_need() {
        let plan = Plan::read(document(SECRET).as_bytes()).unwrap();
        assert_eq!(plan.variables["a"], "x");
        assert_eq!(plan.sensitive_variables, BTreeSet::from(["token".to_owned()]));
        assert_eq!(plan.failed_checks, [FailedCheck { address: "check.c".to_owned(), messages: vec!["m".to_owned()] }]);
        assert!(!plan.is_complete);
        let change = &plan.secret_changes[0];
        assert_eq!((change.name.as_str(), change.kind), ("PSOXY_JIRA_CLOUD_REFRESH_TOKEN", SecretResource::SsmParameter));
        assert!(change.destroys() && change.holds_placeholder);
    }

    #[test]
    fn resources_that_hold_no_secret_are_skipped_whatever_their_shape() {
        let other = r#"{"address":"a.b","mode":"managed","type":"a","change":{"actions":["create"],"before":null,"after":{"name":{"x":[1,2.5,true,null]},"value":7}}}"#;
        assert_eq!(Plan::read(document(other).as_bytes()).unwrap().secret_changes, []);
    }

    #[track_caller]
    fn check_refused(text: &[u8], expected: &str) {
        let message = Plan::read(text).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }

    #[test]
    fn byte_order_mark_is_accepted() {
        assert!(Plan::read(format!("\u{feff}{}", document("")).as_bytes()).is_ok());
    }

    #[test]
    fn other_things_are_named() {
        check_refused(b"", "empty");
        check_refused(b"PK\x03\x04....", "a plan file");
        check_refused(b"\xff\xfe{\0", "UTF-16");
        check_refused(b"[command]/usr/bin/terraform-bin show -json\n{}", "setup-terraform");
        check_refused(b"{\"@level\":\"info\"}\n", "terraform plan -json");
        check_refused(b"Terraform will perform\n", "plain text");
        check_refused(br#"{"format_version":"1.0","values":{}}"#, "a state");
        check_refused(br#"{"format_version":"1.0","valid":true,"diagnostics":[]}"#, "terraform validate -json");
        check_refused(br#"{"format_version":"2.0","planned_values":{}}"#, "`2.0`");
        check_refused(br#"{"format_version":"1.2","planned_values":{"#, "not a whole JSON document");
        check_refused(format!("{}\n::debug::stdout", document("")).as_bytes(), "not a whole JSON document");
    }
}
