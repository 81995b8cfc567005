//! HTTP to a Jira Data Center: what it is, who the token is, what that user may do, and when the user's tokens end.

use serde::de::DeserializeOwned;
use url::Url;

use super::super::data_center::{ServerInfo, User};
use super::super::data_center::{can_browse_projects, token_ends};
use super::super::endpoint::below;
use super::Patience;
use super::error::{Fault, RequestError};
use super::transport::{Answer, Transport};
use crate::secret::Secret;

/// A client of one Jira Data Center.
///
/// Only reads, and never a search: for a token that it does not know, Jira answers a search as for nobody, with 200.
pub struct DataCenterClient {
    origin: Url,
    transport: Transport,
}

impl DataCenterClient {
    /// A client of the Jira at this origin.
    ///
    /// # Errors
    ///
    /// When the TLS of this machine cannot be set up.
    pub fn new(origin: Url, patience: Patience) -> anyhow::Result<Self> {
        Ok(Self { origin, transport: Transport::new(patience)? })
    }

    /// Makes sure that no answer brings the secret back.
    pub fn hide(&mut self, secret: &Secret) {
        self.transport.hide(secret);
    }

    /// Asks what it is; none where it does not tell anybody, or not this token.
    ///
    /// # Errors
    ///
    /// When it answers anything else, or nothing that can be used.
    pub async fn fetch_server_info(&self, token: Option<&Secret>) -> Result<Option<ServerInfo>, RequestError> {
        let call = Call { doing: "ask Jira for its version", path: "rest/api/2/serverInfo" };
        let answer = self.get(&call, token).await?;
        if matches!(answer.status, 401 | 403) {
            return Ok(None);
        }
        self.read(&call, &answer, "no `version`").map(Some)
    }

    /// Asks whose the token is.
    ///
    /// # Errors
    ///
    /// When it refuses the token, or gives no usable answer.
    pub async fn fetch_user(&self, token: &Secret) -> Result<User, RequestError> {
        let call = Call { doing: "ask Jira whose the token is", path: "rest/api/2/myself" };
        let answer = self.get(&call, Some(token)).await?;
        self.read(&call, &answer, "no user `name`")
    }

    /// Asks whether the user may browse projects; none where it does not say. Versions that do not know the filter answer
    /// with every permission, or refuse it.
    ///
    /// # Errors
    ///
    /// When it refuses, or gives no usable answer.
    pub async fn fetch_can_browse_projects(&self, token: &Secret) -> Result<Option<bool>, RequestError> {
        let doing = "ask Jira for the permissions of the token's user";
        let filtered = Call { doing, path: "rest/api/2/mypermissions?permissions=BROWSE_PROJECTS" };
        let every = Call { doing, path: "rest/api/2/mypermissions" };
        let answer = self.get(&filtered, Some(token)).await?;
        let permissions = match answer.status {
            400 => self.read(&every, &self.get(&every, Some(token)).await?, "no permissions"),
            _ => self.read(&filtered, &answer, "no permissions"),
        };
        permissions.map(|permissions: serde_json::Value| can_browse_projects(&permissions))
    }

    /// Asks when the user's tokens end; none where that list is not offered.
    ///
    /// # Errors
    ///
    /// When it cannot be reached or stays busy.
    pub async fn fetch_token_ends(&self, token: &Secret) -> Result<Option<Vec<Option<jiff::Timestamp>>>, RequestError> {
        let call = Call { doing: "list the user's tokens", path: "rest/pat/latest/tokens" };
        let answer = self.get(&call, Some(token)).await?;
        if answer.status != 200 {
            return Ok(None);
        }
        Ok(serde_json::from_slice(&answer.body).ok().and_then(|list| token_ends(&list)))
    }

    async fn get(&self, call: &Call, token: Option<&Secret>) -> Result<Answer, RequestError> {
        self.transport.get(call.doing, &below(&self.origin, call.path), token).await
    }

    fn read<T: DeserializeOwned>(&self, call: &Call, answer: &Answer, otherwise: &str) -> Result<T, RequestError> {
        let failed = |fault| RequestError::new(call.doing, &below(&self.origin, call.path), fault);
        if answer.status != 200 {
            return Err(failed(Fault::of(answer)));
        }
        serde_json::from_slice(&answer.body)
            .map_err(|_| failed(Fault::unreadable(answer, format!("the answer holds {otherwise}"))))
    }
}

/// What is called and what for.
struct Call {
    doing: &'static str,
    path: &'static str,
}
