//! The HTTP client of every call to AWS: rustls with ring, the system's trust roots, the environment's proxy, the log of `-v`.

use aws_sdk_ssm::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector, proxy::ProxyConfig};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use crate::request_log::SentRequest;

/// The client of every service.
pub(super) fn client() -> SharedHttpClient {
    let client = Builder::new().build_with_connector_fn(|settings, components| {
        let mut builder = Connector::builder().proxy_config(ProxyConfig::from_env());
        if let Some(settings) = settings {
            builder = builder.connector_settings(settings.clone());
        }
        if let Some(components) = components {
            builder.set_sleep_impl(components.sleep_impl());
        }
        builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
    });
    SharedHttpClient::new(LoggingClient(client))
}

#[derive(Debug)]
struct LoggingClient(SharedHttpClient);

impl HttpClient for LoggingClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(LoggingConnector(self.0.http_connector(settings, components)))
    }
}

#[derive(Debug)]
struct LoggingConnector(SharedHttpConnector);

impl HttpConnector for LoggingConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sent = SentRequest::new(request.method(), request.uri());
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            sent.log(answer.as_ref().ok().map(|answer| answer.status().as_u16()));
            answer
        })
    }
}
