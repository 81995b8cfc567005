//! What a plan says, read from the output of `terraform show -json`.
//!
//! The document of a large plan has hundreds of megabytes, all on one line, most of it twice. It is read as a stream, and
//! what nothing asks for is skipped without being stored. Values of variables are printed in it whether they are sensitive
//! or not, and what is sensitive is said only further down: a [`Plan`] is complete before anybody looks at it.

mod document;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufReader, Read};

use serde::Deserialize;

use self::document::Document;

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
