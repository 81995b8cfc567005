//! A stand-in for Atlassian on loopback: consent page, token endpoint, Jira Cloud's gateway, Jira Data Center.
//!
//! `tfhelper init-jira --rehearse` and the tests run against it. It keeps state as Atlassian does: codes are single-use,
//! refresh tokens rotate, a grant remembers its sites. Where Atlassian's behaviour is not documented, a knob decides.

mod cloud_data;
mod consent;
mod data_center;
mod fault;
mod gateway;
pub mod knobs;
mod page;
pub mod record;
mod resource;
mod state;
mod token;
mod wire;

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::Context as _;
use axum::Router;
use axum::routing::{any, get, post};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use knobs::Knobs;
use record::RecordedRequest;
use state::State;

use crate::secret::Secret;

/// A running stand-in; it stops when it is dropped.
///
/// It runs on a thread of its own, so that it serves a blocking caller as well as an asynchronous one.
pub struct Rehearsal {
    origin: String,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What every request sees.
struct World {
    knobs: Knobs,
    origin: String,
    state: Mutex<State>,
}

impl World {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rehearsal {
    /// Starts a stand-in on a free port of 127.0.0.1; it accepts connections when this returns.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound or the thread cannot be started.
    pub fn start(knobs: Knobs) -> anyhow::Result<Self> {
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot bind a port of 127.0.0.1")?;
        socket.set_nonblocking(true).context("cannot prepare the rehearsal's port")?;
        let origin = format!("http://{}", socket.local_addr().context("cannot read the rehearsal's port")?);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the rehearsal's runtime")?;
        let listener = {
            let _guard = runtime.enter();
            wire::Loopback(TcpListener::from_std(socket).context("cannot listen on the rehearsal's port")?)
        };
        let state = Mutex::new(State::new(&knobs));
        let world = Arc::new(World { knobs, origin: origin.clone(), state });
        let app = router(Arc::clone(&world)).into_make_service_with_connect_info::<wire::Wire>();
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            tokio::select! {
                // `axum::serve` ends only when the listener does, and this one never does.
                _ = axum::serve(listener, app).into_future() => (),
                _ = stopped => (),
            }
        };
        let thread = std::thread::Builder::new()
            .name(String::from("rehearsal"))
            .spawn(move || runtime.block_on(serve))
            .context("cannot start the rehearsal's thread")?;
        Ok(Self { origin, world, stop: Some(stop), thread: Some(thread) })
    }

    /// What `TFHELPER_ATLASSIAN_AUTH_URL` takes.
    #[must_use]
    pub fn auth_url(&self) -> &str {
        &self.origin
    }

    /// What `TFHELPER_ATLASSIAN_API_URL` takes.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.origin
    }

    /// What `TFHELPER_ATLASSIAN_SITE_URL` takes, with `{site}` for the site's host.
    #[must_use]
    pub fn site_url(&self) -> String {
        format!("{}/site/{{site}}", self.origin)
    }

    /// The URL of the Jira Data Center.
    #[must_use]
    pub fn data_center_url(&self) -> &str {
        &self.origin
    }

    /// What it was asked so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world.state().requests.clone()
    }

    /// Every secret that it knows or gave out: nothing that tfhelper shows or writes elsewhere may contain one of them.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        let mut secrets: Vec<Secret> = self.world.state().issued_secrets().map(Secret::new).collect();
        secrets.push(self.world.knobs.app.client_secret.clone());
        secrets.extend(self.world.knobs.data_center.tokens.iter().map(|token| token.value.clone()));
        secrets
    }

    /// An access token for every site, as a consent to these scopes, separated by spaces, would give.
    #[must_use]
    pub fn issue_access_token(&self, scopes: &str) -> Secret {
        let world = &self.world;
        let every_site = (0..world.knobs.sites.len()).collect();
        Secret::new(world.state().issue_access_token(&world.knobs, &state::scopes(scopes), &every_site))
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // Both fail only when the thread has ended already.
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/authorize", get(consent::show).post(consent::answer))
        .route("/error", get(page::error))
        .route("/login", get(page::login))
        .route("/oauth/token", post(token::exchange))
        .route("/oauth/token/accessible-resources", get(resource::accessible_resources))
        .route("/me", get(resource::me))
        .route("/site/{site}/_edge/tenant_info", get(resource::tenant_info))
        .route("/ex/jira/{cloud_id}/{*path}", any(gateway::answer))
        .route("/rest/{*path}", any(data_center::answer))
        .fallback(page::not_found)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&world), fault::record_and_break))
        .with_state(world)
}

#[cfg(test)]
mod tests;
