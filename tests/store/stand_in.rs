//! A stand-in for the three stores, for what their emulators do not do: refuse, throttle, lose answers, and fail on cue.
//!
//! It speaks the wire protocols of AWS (JSON for the stores, form and XML for STS) and of Google (REST), keeps what was
//! written, and records every call.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State as Extracted;
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::{Value, json};

use super::google;

/// The account that the stand-in says the credentials are of.
pub(crate) const ACCOUNT: &str = "123456789012";

/// A call as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// `PutParameter`, `AddSecretVersion`.
    pub(crate) operation: String,
    /// The secret's name, where there is one.
    pub(crate) name: String,
    /// The body.
    pub(crate) body: String,
}

/// How calls fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The service answers 500 and has done nothing.
    Before,
    /// The service does the work and answers 500.
    After,
    /// The service does the work, and the connection breaks in the middle of the answer.
    LostAnswer,
    /// Too many calls.
    Throttle,
    /// The service has done nothing yet and does not answer.
    HoldBefore,
    /// The service does the work and does not answer.
    HoldAfter,
    /// The service answers this status, with this code and message, to this operation alone.
    Answer {
        /// The operation.
        operation: &'static str,
        /// The HTTP status.
        status: u16,
        /// The error code.
        code: &'static str,
        /// The message.
        message: &'static str,
    },
}

/// When calls fail.
#[derive(Debug, Clone)]
pub(crate) struct Failing {
    /// The first call that fails, zero-based; every later one fails too.
    pub(crate) from: usize,
    /// The last call that fails.
    pub(crate) to: usize,
    /// How.
    pub(crate) fault: Fault,
}

/// A parameter of SSM, or a secret of Secrets Manager.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) value: Option<String>,
    pub(crate) version: u64,
    pub(crate) kind: String,
    pub(crate) key_id: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// What the stand-in knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) calls: Vec<Call>,
    pub(crate) failing: Option<Failing>,
    pub(crate) parameters: BTreeMap<String, Kept>,
    pub(crate) secrets: BTreeMap<String, Kept>,
    pub(crate) google: BTreeMap<String, google::Secret>,
    /// Somebody else changes a secret of Google's right before each of so many updates.
    pub(crate) rivals: usize,
}

/// An answer: status and body, a body that breaks off, or none.
pub(crate) enum Answer {
    Whole(u16, String),
    Broken,
    Never,
}

/// The running stand-in.
pub(crate) struct StandIn {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Call {
    /// Tells whether the call changes something.
    pub(crate) fn is_write(&self) -> bool {
        let is_probe = self.operation == "PutParameter" && !self.body.contains("\"Overwrite\":true");
        let writes =
            ["PutParameter", "AddTagsToResource", "PutSecretValue", "AddSecretVersion", "UpdateSecret", "DisableSecretVersion"];
        writes.contains(&self.operation.as_str()) && !is_probe
    }
}

impl StandIn {
    /// Starts one on a free port; it runs until the test binary ends.
    pub(crate) fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { address, state }
    }

    /// The stand-in's base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What stands beside the values: tags, labels, annotations.
    pub(crate) fn notes(&self) -> Vec<String> {
        let state = self.state();
        let of_aws = state.parameters.values().chain(state.secrets.values()).flat_map(|kept| kept.tags.values());
        let of_google = state.google.values().flat_map(|secret| secret.labels.values().chain(secret.annotations.values()));
        of_aws.chain(of_google).cloned().collect()
    }

    /// What it knows, for reading and changing.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for StandIn {
    /// Whatever a test was about: no request that came here refreshes a token.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let state = self.state.lock().unwrap();
            assert!(state.calls.iter().all(|call| !call.body.contains("grant_type")), "a token request at a store");
        }
    }
}

/// A body that breaks off at once.
struct BrokenBody;

impl HttpBody for BrokenBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }
}

async fn answer(
    Extracted(state): Extracted<Arc<Mutex<State>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response<Body> {
    let is_google = uri.path().starts_with("/v1/");
    let call = if is_google { google::call(&method, &uri, &body) } else { aws_call(&headers, &body) };
    let content_type = if call.operation == "GetCallerIdentity" { "text/xml" } else { "application/json" };
    let work = |state: &mut State| if is_google { google::answer(state, &method, &uri, &call) } else { aws_answer(state, &call) };
    let answer = play(&mut state.lock().unwrap(), &call, is_google, work);
    match answer {
        Answer::Whole(status, body) => {
            Response::builder().status(status).header("content-type", content_type).body(Body::from(body)).unwrap()
        }
        Answer::Broken => {
            let builder = Response::builder().header("content-type", content_type).header("content-length", "100");
            builder.body(Body::new(BrokenBody)).unwrap()
        }
        Answer::Never => std::future::pending().await,
    }
}

/// Records the call, and lets it work or fail.
fn play(state: &mut State, call: &Call, is_google: bool, work: impl Fn(&mut State) -> Answer) -> Answer {
    let at = state.calls.len();
    state.calls.push(call.clone());
    let fault = state.failing.clone().filter(|failing| (failing.from..=failing.to).contains(&at)).map(|failing| failing.fault);
    let refuse = |status: u16, code: &str, message: &str| {
        if is_google { google::refusal(status, code, message) } else { aws_refusal(call, status, code, message) }
    };
    match fault {
        None => work(state),
        Some(Fault::Before) => refuse(500, "InternalServerError", "it broke"),
        Some(Fault::Throttle) if is_google => refuse(429, "RESOURCE_EXHAUSTED", "quota exceeded"),
        Some(Fault::Throttle) => refuse(400, "ThrottlingException", "Rate exceeded"),
        Some(Fault::Answer { operation, status, code, message }) if operation == call.operation => refuse(status, code, message),
        Some(Fault::Answer { .. }) => work(state),
        Some(Fault::After) => {
            work(state);
            refuse(500, "InternalServerError", "it broke afterwards")
        }
        Some(Fault::LostAnswer) => {
            work(state);
            Answer::Broken
        }
        Some(Fault::HoldBefore) => Answer::Never,
        Some(Fault::HoldAfter) => {
            work(state);
            Answer::Never
        }
    }
}

fn aws_call(headers: &HeaderMap, body: &str) -> Call {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = match target.rsplit('.').next() {
        Some(operation) if !operation.is_empty() => operation.to_owned(),
        _ => body.split('&').find_map(|pair| pair.strip_prefix("Action=")).unwrap_or_default().to_owned(),
    };
    let sent: Value = serde_json::from_str(body).unwrap_or_default();
    let name = ["Name", "SecretId", "ResourceId"].iter().find_map(|field| sent[*field].as_str()).unwrap_or_default().to_owned();
    Call { operation, name, body: body.to_owned() }
}

fn aws_refusal(call: &Call, status: u16, code: &str, message: &str) -> Answer {
    if call.operation == "GetCallerIdentity" {
        let error = format!("<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>");
        return Answer::Whole(status, format!("<ErrorResponse><Error>{error}</Error><RequestId>1</RequestId></ErrorResponse>"));
    }
    Answer::Whole(status, json!({"__type": code, "message": message}).to_string())
}

fn aws_answer(state: &mut State, call: &Call) -> Answer {
    let sent: Value = serde_json::from_str(&call.body).unwrap_or_default();
    let good = |answer: Value| Answer::Whole(200, answer.to_string());
    let text = |field: &str| sent[field].as_str().map(str::to_owned);
    match call.operation.as_str() {
        "GetCallerIdentity" => {
            let identity = format!("<Arn>arn:aws:iam::{ACCOUNT}:user/admin</Arn><UserId>U</UserId><Account>{ACCOUNT}</Account>");
            Answer::Whole(
                200,
                format!(
                    "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
                     {identity}</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>\
                     </GetCallerIdentityResponse>"
                ),
            )
        }
        "GetParameter" => match state.parameters.get(&call.name) {
            Some(kept) => good(json!({"Parameter": {"Name": call.name, "Type": kept.kind, "Value": kept.value,
                "Version": kept.version, "LastModifiedDate": 1_795_000_000.5}})),
            None => aws_refusal(call, 400, "ParameterNotFound", ""),
        },
        "DescribeParameters" => {
            let name = sent["ParameterFilters"][0]["Values"][0].as_str().unwrap_or_default();
            let described: Vec<Value> = state
                .parameters
                .get(name)
                .map(|kept| json!({"Name": name, "Type": kept.kind, "KeyId": kept.key_id, "Tier": "Standard"}))
                .into_iter()
                .collect();
            good(json!({"Parameters": described}))
        }
        "GetParameterHistory" => match state.parameters.get(&call.name) {
            Some(kept) => good(json!({"Parameters": [{"Name": call.name, "Type": kept.kind, "KeyId": kept.key_id}]})),
            None => aws_refusal(call, 400, "ParameterNotFound", ""),
        },
        "PutParameter" if !sent["Overwrite"].as_bool().unwrap_or(false) && state.parameters.contains_key(&call.name) => {
            aws_refusal(call, 400, "ParameterAlreadyExists", "The parameter already exists.")
        }
        "PutParameter" => {
            let before = state.parameters.get(&call.name).cloned();
            let kept = Kept {
                value: text("Value"),
                version: before.as_ref().map_or(1, |kept| kept.version + 1),
                kind: text("Type").unwrap_or_default(),
                // What AWS does where moto does not: a write without a key falls back to the account's own.
                key_id: Some(text("KeyId").unwrap_or_else(|| String::from("alias/aws/ssm"))),
                tags: before.map(|kept| kept.tags).unwrap_or_default(),
            };
            let version = kept.version;
            state.parameters.insert(call.name.clone(), kept);
            good(json!({"Version": version, "Tier": "Standard"}))
        }
        "AddTagsToResource" => {
            if let Some(kept) = state.parameters.get_mut(&call.name) {
                for tag in sent["Tags"].as_array().into_iter().flatten() {
                    let part = |field: &str| tag[field].as_str().unwrap_or_default().to_owned();
                    kept.tags.insert(part("Key"), part("Value"));
                }
            }
            good(json!({}))
        }
        "ListTagsForResource" => {
            let tags = state.parameters.get(&call.name).map(|kept| kept.tags.clone()).unwrap_or_default();
            let listed: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
            good(json!({"TagList": listed}))
        }
        "DescribeSecret" => match state.secrets.get(&call.name) {
            Some(_) => good(json!({"Name": call.name, "LastChangedDate": 1_795_000_000.5})),
            None => aws_refusal(call, 400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
        },
        "GetSecretValue" => match state.secrets.get(&call.name).and_then(|kept| Some((kept.value.clone()?, kept.version))) {
            Some((value, version)) => {
                good(json!({"Name": call.name, "SecretString": value, "VersionId": format!("version-{version}")}))
            }
            None => aws_refusal(call, 400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value."),
        },
        "PutSecretValue" => match state.secrets.get_mut(&call.name) {
            Some(kept) => {
                kept.value = text("SecretString");
                kept.version += 1;
                good(json!({"Name": call.name, "VersionId": format!("version-{}", kept.version)}))
            }
            None => aws_refusal(call, 400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
        },
        other => aws_refusal(call, 400, "UnknownOperationException", other),
    }
}
