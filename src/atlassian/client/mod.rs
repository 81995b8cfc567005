//! HTTP to Atlassian: the token endpoint, the accessible resources, a site's cloud ID, and Jira's answers to scope probes.
//!
//! Reads are repeated when a server is busy. The exchange is not, since the code is good for one use: see [`Client::exchange`].

pub mod data_center;
pub mod error;
pub mod probe;
mod transport;

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use self::error::{ExchangeError, Fault, RequestError};
use self::transport::{Answer, Transport};
use super::authorization::RedirectionUri;
use super::authorization::token::{TokenResponse, classify_refusal};
use super::endpoint::{Endpoints, below};
use super::site::{Site, parse_accessible_resources, parse_cloud_id};
use crate::secret::Secret;

/// How long to wait at most.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For a whole answer.
    pub answer: Duration,
    /// For all attempts of a read, and the pauses between them.
    pub retries: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), answer: Duration::from_secs(30), retries: Duration::from_secs(60) }
    }
}

/// A client of Atlassian's endpoints.
pub struct Client {
    endpoints: Endpoints,
    transport: Transport,
}

/// What an exchange sends.
pub struct Exchange<'a> {
    /// The app's client ID.
    pub client_id: &'a str,
    /// The app's client secret.
    pub client_secret: &'a Secret,
    /// The authorization code.
    pub code: &'a Secret,
    /// The redirection URI of the authorization request, the same byte for byte.
    pub redirection_uri: &'a RedirectionUri,
}

impl Client {
    /// A client for these endpoints.
    ///
    /// # Errors
    ///
    /// When the TLS of this machine cannot be set up.
    pub fn new(endpoints: Endpoints, patience: Patience) -> anyhow::Result<Self> {
        Ok(Self { endpoints, transport: Transport::new(patience)? })
    }

    /// Makes sure that no answer brings the secret back: it is blotted out wherever a server echoes it.
    pub fn hide(&mut self, secret: &Secret) {
        self.transport.hide(secret);
    }

    /// Exchanges an authorization code for tokens.
    ///
    /// A code is good for one use, so it is sent again only where the first request surely was not served: the connection was
    /// never made, or the server turned it away with 429, or with 503 and a `Retry-After`.
    ///
    /// # Errors
    ///
    /// When the server refuses, or no usable answer comes.
    pub async fn exchange(&self, exchange: &Exchange<'_>) -> Result<TokenResponse, ExchangeError> {
        let url = below(&self.endpoints.auth, "oauth/token");
        let doing = "exchange the authorization code";
        let body = serde_json::json!({
            "grant_type": "authorization_code",
            "client_id": exchange.client_id,
            "client_secret": exchange.client_secret.expose(),
            "code": exchange.code.expose(),
            "redirect_uri": exchange.redirection_uri.as_str(),
        });
        let answer = self.transport.post(doing, &url, &body).await?;
        if answer.status == 200 {
            return TokenResponse::parse(&answer.body)
                .map_err(|why| RequestError::new(doing, &url, Fault::Unreadable(why)).into());
        }
        let answer = self.transport.blot(answer);
        #[derive(Deserialize)]
        struct TokenError {
            error: String,
            #[serde(default)]
            error_description: String,
        }
        match serde_json::from_slice::<TokenError>(&answer.body) {
            Ok(said) if (400..500).contains(&answer.status) => Err(ExchangeError::Refused {
                refusal: classify_refusal(answer.status, &said.error, &said.error_description),
                status: answer.status,
                error: said.error,
                description: said.error_description,
            }),
            Ok(_) | Err(_) => Err(RequestError::new(doing, &url, Fault::of(&answer)).into()),
        }
    }

    /// Fetches the Jira sites that the access token reaches, each with the scopes granted.
    ///
    /// # Errors
    ///
    /// When the server refuses, or no usable answer comes.
    pub async fn fetch_sites(&self, access_token: &Secret) -> Result<Vec<Site>, RequestError> {
        let url = below(&self.endpoints.api, "oauth/token/accessible-resources");
        let doing = "list the sites that the grant reaches";
        let answer = self.transport.get(doing, &url, Some(access_token)).await?;
        if answer.status != 200 {
            return Err(RequestError::new(doing, &url, Fault::of(&answer)));
        }
        parse_accessible_resources(&answer.body).map_err(|why| RequestError::new(doing, &url, Fault::unreadable(&answer, why)))
    }

    /// Looks a site's cloud ID up without any login; `None` where there is no such site.
    ///
    /// Source: <https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/>.
    ///
    /// # Errors
    ///
    /// When no usable answer comes.
    pub async fn fetch_cloud_id(&self, site_url: &Url) -> Result<Option<String>, RequestError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct TenantInfo {
            cloud_id: String,
        }
        let url = below(site_url, "_edge/tenant_info");
        let doing = "look up the cloud ID of the site";
        let answer = self.transport.get(doing, &url, None).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        if answer.status != 200 {
            return Err(RequestError::new(doing, &url, Fault::of(&answer)));
        }
        let unreadable = |why: &str| RequestError::new(doing, &url, Fault::unreadable(&answer, why.to_owned()));
        let info: TenantInfo = serde_json::from_slice(&answer.body).map_err(|_| unreadable("the answer holds no `cloudId`"))?;
        parse_cloud_id(&info.cloud_id).map(Some).ok_or_else(|| unreadable("its `cloudId` is no UUID"))
    }

    /// The address of the site of this name, `https://acme.atlassian.net` for `acme`.
    ///
    /// # Errors
    ///
    /// When the name makes no host.
    pub fn site_url(&self, name: &str) -> Result<Url, String> {
        self.endpoints.site(name)
    }

    /// Calls one path of a site's Jira with the access token; the answer may be of any status.
    async fn jira(&self, doing: &str, cloud_id: &str, path: &str, access_token: &Secret) -> Result<Answer, RequestError> {
        let url = below(&self.endpoints.api, &format!("ex/jira/{cloud_id}/rest/api/3/{path}"));
        self.transport.get(doing, &url, Some(access_token)).await
    }
}

#[cfg(test)]
mod tests;
