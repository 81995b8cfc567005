//! What the two stores of AWS have in common: the client, the caller's identity, and errors in plain words.
//!
//! Region, profile and role are those that Terraform's provider would use, so that tfhelper cannot write to another
//! account than `terraform apply` does.

mod http;

use std::collections::BTreeMap;

use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ssm::config::http::HttpResponse;
use aws_sdk_ssm::config::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_ssm::error::{ProvideErrorMetadata, SdkError};

use super::Secret;
use super::cloud::{Patience, require_safe_endpoint};
use super::deployment::AwsDeployment;
use super::error::{StoreError, StoreErrorKind};

/// Session name of the assumed role, for the account's audit trail.
const SESSION_NAME: &str = "tfhelper";

/// What to do where there are no credentials.
const SIGN_IN: &str = "sign in, for example with `aws sso login`, or set AWS_PROFILE; the SDK's usual chain is used";

/// Variables that send the SDK to another address.
const ENDPOINT_VARIABLES: [&str; 4] =
    ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_STS"];

/// A session with AWS: configuration and where it came from.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) config: SdkConfig,
    account_id: Option<String>,
}

/// Who the credentials belong to.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) arn: String,
    pub(super) account: String,
}

impl Session {
    /// Reads configuration and environment as the SDK does; talks to nobody.
    pub(super) async fn open(
        deployment: Option<&AwsDeployment>,
        environment: &BTreeMap<String, String>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        for variable in ENDPOINT_VARIABLES {
            if let Some(url) = environment.get(variable).filter(|url| !url.is_empty()) {
                require_safe_endpoint(variable, url)?;
            }
        }
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).http_client(http::client()).timeout_config(timeouts(patience));
        let deployment = deployment.cloned().unwrap_or_default();
        if let Some(region) = &deployment.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &deployment.profile {
            loader = loader.profile_name(profile);
        }
        let config = loader.load().await;
        if config.region().is_none() {
            return Err(StoreError::new(StoreErrorKind::Unusable, "cannot tell which AWS region to use")
                .hint("set the input variable `aws_region`, or AWS_REGION in the environment"));
        }
        let config = match &deployment.assume_role_arn {
            Some(role) => assume(&config, role).await,
            None => config,
        };
        Ok(Self { config, account_id: deployment.account_id })
    }

    /// Returns the region's name.
    pub(super) fn region(&self) -> &str {
        self.config.region().map_or("", |region| region.as_ref())
    }

    /// Asks AWS who this is, and refuses another account than the root module's.
    pub(super) async fn identify(&self) -> Result<Identity, StoreError> {
        if let Some(provider) = self.config.credentials_provider() {
            provider.provide_credentials().await.map_err(|error| no_credentials(&chain(&error)))?;
        } else {
            return Err(no_credentials("no provider of credentials is configured"));
        }
        let answer = aws_sdk_sts::Client::new(&self.config)
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| explain("ask AWS who these credentials belong to", &error, None))?;
        let identity = Identity {
            arn: answer.arn().unwrap_or_default().to_owned(),
            account: answer.account().unwrap_or_default().to_owned(),
        };
        match &self.account_id {
            Some(expected) if *expected != identity.account => Err(StoreError::new(
                StoreErrorKind::Unauthorized,
                format!(
                    "cannot use AWS account `{}`: the root module deploys to `{expected}` (aws_account_id)",
                    identity.account
                ),
            )
            .hint(format!(
                "the credentials are those of `{}`; sign in to account `{expected}`, or set AWS_PROFILE to a profile of it",
                identity.arn
            ))),
            Some(_) | None => Ok(identity),
        }
    }
}

/// How long calls may take.
fn timeouts(patience: Patience) -> TimeoutConfig {
    let builder = TimeoutConfig::builder().operation_attempt_timeout(patience.answer);
    builder.operation_timeout(patience.answer.saturating_mul(4)).build()
}

/// The same configuration with the credentials of a role.
async fn assume(config: &SdkConfig, role: &str) -> SdkConfig {
    let provider = AssumeRoleProvider::builder(role).session_name(SESSION_NAME).configure(config).build().await;
    config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

fn no_credentials(cause: &str) -> StoreError {
    if let Some(error) = by_words("get AWS credentials", cause) {
        return error;
    }
    StoreError::new(StoreErrorKind::Unauthorized, "cannot get AWS credentials").hint(SIGN_IN).because(anyhow::anyhow!("{cause}"))
}

/// Failures that AWS tells apart by its words alone: the same codes are used for several causes.
fn by_words(job: &str, text: &str) -> Option<StoreError> {
    let is_skewed = ["Signature expired", "Signature not yet current", "RequestTimeTooSkewed", "RequestExpired"];
    if is_skewed.iter().any(|words| text.contains(words)) {
        let error = StoreError::new(StoreErrorKind::Unauthorized, format!("cannot {job}: this machine's clock is wrong"));
        return Some(error.hint("set the clock, for example by switching network time on, and run the command again"));
    }
    if ["ExpiredToken", "token included in the request is expired"].iter().any(|words| text.contains(words)) {
        let error = StoreError::new(StoreErrorKind::Unauthorized, format!("cannot {job}: the AWS credentials have expired"));
        return Some(error.hint("sign in again, for example with `aws sso login`, and run the command again"));
    }
    if text.contains("no credentials found in chain") {
        let error = StoreError::new(StoreErrorKind::Unauthorized, format!("cannot {job}: there are no AWS credentials"));
        return Some(error.hint(SIGN_IN));
    }
    None
}

/// Turns an error of the SDK into one of a store; `secret` is the value sent along, which AWS may quote back.
pub(super) fn explain<E>(job: &str, error: &SdkError<E, HttpResponse>, secret: Option<&Secret>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    // What the SDK could not parse as an error of the service, it leaves in the body: XML where it expects another kind.
    let body = error.raw_response().and_then(|response| response.body().bytes()).map(String::from_utf8_lossy);
    let in_body = |element: &str| body.as_deref().and_then(|body| element_of(body, element));
    let code = error.code().or_else(|| in_body("Code")).unwrap_or_default().to_owned();
    let words = match (error.message().or_else(|| in_body("Message")), &body) {
        (Some(message), _) => message.to_owned(),
        (None, Some(body)) => body.chars().take(300).collect(),
        (None, None) => chain(error),
    };
    let words = without(&words, secret);
    if let Some(known) = by_words(job, &format!("{code} {words}")) {
        return known.because(anyhow::anyhow!("{words}"));
    }
    // So says the SDK's chain of credentials, which the first call of a service asks.
    if words.contains("error occurred while loading credentials") {
        let error = StoreError::new(StoreErrorKind::Unauthorized, format!("cannot {job}: AWS credentials cannot be loaded"));
        return error.hint(SIGN_IN).because(anyhow::anyhow!("{words}"));
    }
    let (kind, hint) = judge(&code, status);
    let answer = match status {
        Some(status) if code.is_empty() => anyhow::anyhow!("AWS answered {status}: {words}"),
        Some(_) => anyhow::anyhow!("AWS answered {code}: {words}"),
        None => anyhow::anyhow!("{words}"),
    };
    let explained = StoreError::new(kind, format!("cannot {job}")).because(answer);
    match hint {
        Some(hint) => explained.hint(hint),
        None => explained,
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// The text of the first such element of an XML document.
fn element_of<'x>(document: &'x str, element: &str) -> Option<&'x str> {
    let (_, rest) = document.split_once(&format!("<{element}>"))?;
    rest.split_once(&format!("</{element}>")).map(|(text, _)| text)
}

/// Kind and fix by the service's error code, else by the HTTP status.
fn judge(code: &str, status: Option<u16>) -> (StoreErrorKind, Option<&'static str>) {
    match code {
        "ParameterNotFound" | "ResourceNotFoundException" => {
            (StoreErrorKind::Missing, Some("run `terraform apply` first: it creates the secret, and tfhelper only fills it in"))
        }
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "AuthFailure"
        | "MissingAuthenticationToken" => {
            (StoreErrorKind::Unauthorized, Some("the access key or its secret is wrong; sign in again, or set AWS_PROFILE"))
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "NotAuthorized" => {
            (StoreErrorKind::Forbidden, Some(FORBIDDEN_HINT))
        }
        "InvalidKeyId" | "KMSKeyNotFound" | "KMSInvalidStateException" | "DecryptionFailure" | "EncryptionFailure" => (
            StoreErrorKind::Unusable,
            Some("see to the KMS key of the secret: it must exist, be enabled, and allow these credentials to use it"),
        ),
        "ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded" | "TooManyUpdates" => {
            (StoreErrorKind::Unavailable, Some("AWS asked for fewer calls; wait a minute and run the command again"))
        }
        _ => match status {
            None => {
                (StoreErrorKind::Unavailable, Some("see to the network, the proxy and the endpoint, and run the command again"))
            }
            Some(429) => {
                (StoreErrorKind::Unavailable, Some("AWS asked for fewer calls; wait a minute and run the command again"))
            }
            Some(500..) => (StoreErrorKind::Unavailable, Some("wait a minute and run the command again")),
            Some(401) => (StoreErrorKind::Unauthorized, Some("sign in again, or set AWS_PROFILE")),
            Some(403) => (StoreErrorKind::Forbidden, Some(FORBIDDEN_HINT)),
            Some(_) => (StoreErrorKind::Unusable, None),
        },
    }
}

const FORBIDDEN_HINT: &str = "use the credentials that `terraform apply` uses, or have their policy extended by that action";

/// The text without the secret: AWS quotes a value that breaks a rule.
fn without(text: &str, secret: Option<&Secret>) -> String {
    match secret {
        Some(secret) if !secret.expose().is_empty() => text.replace(secret.expose(), "***"),
        Some(_) | None => text.to_owned(),
    }
}

#[cfg(test)]
impl Session {
    /// A session with credentials of nobody at this address.
    pub(super) async fn at(url: &str, patience: Patience) -> Self {
        let credentials = aws_sdk_ssm::config::Credentials::new("id", "key", None, None, "test");
        let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http::client()).endpoint_url(url);
        let loader = loader.timeout_config(timeouts(patience)).credentials_provider(credentials);
        Self { config: loader.region(Region::new("eu-central-1")).load().await, account_id: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_kind(code: &str, status: Option<u16>, expected: StoreErrorKind) {
        assert_eq!(judge(code, status).0, expected);
    }

    #[test]
    fn a_missing_parameter_is_missing() {
        check_kind("ParameterNotFound", Some(400), StoreErrorKind::Missing);
    }

    #[test]
    fn a_403_without_a_code_is_forbidden() {
        check_kind("", Some(403), StoreErrorKind::Forbidden);
    }

    #[test]
    fn throttling_is_unavailable() {
        check_kind("ThrottlingException", Some(400), StoreErrorKind::Unavailable);
    }

    #[test]
    fn no_answer_is_unavailable() {
        check_kind("", None, StoreErrorKind::Unavailable);
    }

    #[test]
    fn a_wrong_clock_is_said_to_be_one() {
        let error = by_words("x", "InvalidSignatureException Signature not yet current: 20261123T").unwrap();
        assert!(error.message.contains("clock"), "{error}");
    }

    #[test]
    fn another_wrong_signature_is_no_wrong_clock() {
        assert!(by_words("x", "InvalidSignatureException The request signature we calculated does not match").is_none());
    }

    #[test]
    fn an_error_in_xml_has_a_code() {
        assert_eq!(element_of("<Error><Code>SignatureDoesNotMatch</Code></Error>", "Code"), Some("SignatureDoesNotMatch"));
        assert_eq!(element_of("<html>", "Code"), None);
    }

    #[test]
    fn a_quoted_secret_is_hidden() {
        assert_eq!(without("Value 'canary' at 'value'", Some(&Secret::new("canary"))), "Value '***' at 'value'");
    }
}
