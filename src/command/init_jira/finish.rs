//! After the consent: secrets, then variables, then scripts, then the check. One that fails does not stop the others, because
//! what is already done stays done; the end says what is left and which command does it.

use super::credentials::Credentials;
use super::grant::Grant;
use super::plan::Plan;
use super::summary::{SiteSummary, Summary, TokenFamilySummary};
use super::waiting::Interrupt;
use crate::atlassian::authorization::Scopes;
use crate::atlassian::site::Site;
use crate::atlassian::token_family::{LEDGER_PATH, Ledger, TokenFamily};
use crate::cli::PlainFormat;
use crate::cli::init_jira::InitJiraArgs;
use crate::command::context::Context;
use crate::command::failure::ExitStatus;
use crate::command::setup::steps::{Steps, done};
use crate::command::setup::summary::day;
use crate::command::setup::terminal::Progress;
use crate::command::setup::unfinished::Unfinished;
use crate::command::setup::{self, edit};
use crate::command::{check, secret_store};
use crate::connector::jira_cloud::CLOUD_ID;
use crate::secret::delivery;
use crate::secret::store::Store;

/// The second half of the job.
pub(super) struct Finish<'a> {
    ctx: &'a mut Context,
    args: &'a InitJiraArgs,
    plan: &'a Plan,
    steps: Steps,
    cloud_id: String,
    summary: Summary,
    unfinished: Unfinished,
}

impl<'a> Finish<'a> {
    /// Begins with the cloud ID that is now known.
    pub(super) fn new(ctx: &'a mut Context, args: &'a InitJiraArgs, plan: &'a Plan, steps: Steps, cloud_id: &str) -> Self {
        let mut summary = Summary::new(Some(plan.release.tag()));
        summary.cloud_id = Some(cloud_id.to_owned());
        Self { ctx, args, plan, steps, cloud_id: cloud_id.to_owned(), summary, unfinished: Unfinished::default() }
    }

    /// Hands the secrets to the store and writes the ledger.
    ///
    /// # Errors
    ///
    /// When Ctrl-C comes in between; what the store does not have is kept.
    pub(super) async fn store_secrets(
        &mut self,
        grant: &Grant<'_>,
        credentials: &Credentials,
        site: &Site,
        granted: &Scopes,
        interrupt: &Interrupt,
    ) -> anyhow::Result<()> {
        self.steps.next(self.ctx, "Secrets");
        let token_family = TokenFamily { consented_at: grant.consented_at };
        self.summary.site = Some(SiteSummary { url: site.url.clone(), name: site.name.clone() });
        self.summary.require(self.plan.connector.scopes(&self.plan.release.version));
        self.summary.scopes.granted = granted.iter().map(String::from).collect();
        self.summary.token_family = Some(TokenFamilySummary {
            consented_at: token_family.consented_at,
            idle_expires_at: token_family.idle_expires_at(None),
            expires_at: token_family.expires_at(),
        });

        let progress = Progress::show(format!("Storing the secrets in {}", self.plan.store.describe()));
        let consent = delivery::Consent { given_at: token_family.consented_at, ends_at: token_family.expires_at() };
        let delivering = delivery::deliver(&self.plan.store, &self.plan.kept, grant.secrets.clone(), Some(consent));
        let delivered = interrupt.or(delivering).await.map_err(|failure| failure.hint(self.go_on_after_interrupt()))?;
        drop(progress);
        let Plan { store, kept, names, .. } = self.plan;
        self.summary.secrets = setup::delivery::report(self.ctx, store, kept, names, delivered, &mut self.unfinished);

        let ledger = Ledger {
            client_id: credentials.client_id.clone(),
            site_url: site.url.clone(),
            site_name: site.name.clone(),
            cloud_id: site.cloud_id.clone(),
            scopes: granted.iter().map(String::from).collect(),
            psoxy_release: Some(self.plan.release.tag()),
            token_family,
        };
        match secret_store::write_ledger(&self.ctx.directory, LEDGER_PATH, &ledger.render()) {
            Ok(()) => done(self.ctx, &format!("`{LEDGER_PATH}` remembers when the consent ends")),
            Err(error) => self.unfinished.push(error, "tfhelper init-jira --renew"),
        }
        Ok(())
    }

    fn go_on_after_interrupt(&self) -> String {
        format!(
            "what the store does not have is kept: run `tfhelper secrets push`, then `tfhelper init-jira --no-oauth --cloud-id {}`",
            self.cloud_id
        )
    }

    /// Sets the variables, each as a diff.
    pub(super) fn edit_variables(&mut self) {
        if self.plan.edits.is_empty() {
            return;
        }
        self.steps.next(self.ctx, "Variables");
        for planned in &self.plan.edits {
            match edit::apply(self.ctx, planned, Some(&self.cloud_id)) {
                Ok(edited) => self.summary.edits.push(edited),
                Err(error) => {
                    let go_on = format!("tfhelper init-jira --no-oauth --cloud-id {}", self.cloud_id);
                    self.unfinished.push(error, go_on);
                    return;
                }
            }
        }
    }

    /// Writes the test-call scripts.
    pub(super) fn write_scripts(&mut self) {
        let Some(scripts) = &self.plan.scripts else { return };
        self.steps.next(self.ctx, "Test-call scripts");
        match scripts.write(self.ctx, Some((CLOUD_ID.name, &self.cloud_id))) {
            Ok(written) => self.summary.scripts = written,
            Err(error) => self.unfinished.push(error, "tfhelper test-scripts"),
        }
    }

    /// Runs the check; its findings are shown, and do not change the exit status.
    pub(super) fn check(&mut self) {
        if self.args.renew {
            return;
        }
        self.steps.next(self.ctx, "Check");
        let granted = &self.summary.scopes.granted;
        let scopes = (!granted.is_empty()).then(|| granted.iter().map(String::as_str).collect());
        match check::run_after_setup(self.ctx, scopes) {
            Ok(counts) => self.summary.check = Some(counts),
            Err(error) => self.unfinished.push(error, "tfhelper check"),
        }
    }

    /// Prints the summary.
    ///
    /// # Errors
    ///
    /// When something is left to do; the hint has the commands that do it, in their order.
    pub(super) fn end(mut self) -> anyhow::Result<ExitStatus> {
        self.summary.next = self.next();
        let heading = self.heading();
        match self.args.format {
            PlainFormat::Json => self.ctx.print(self.summary.render_json()?)?,
            PlainFormat::Human => {
                self.ctx.note("");
                self.ctx.print(self.summary.render_human(heading))?;
            }
        }
        self.unfinished.end(self.ctx)
    }

    fn heading(&self) -> &'static str {
        let has_errors = self.summary.check.is_some_and(|counts| counts.errors > 0);
        match () {
            () if !self.unfinished.is_empty() => "Jira Cloud is connected in part.",
            () if self.args.rehearse => "The rehearsal is over; nothing of it is real. A real run ends like this:",
            () if self.args.no_oauth => "The root module knows its Jira Cloud site; nobody consented and no secret was touched.",
            () if self.args.renew => "The consent is renewed.",
            () if has_errors => "Jira Cloud is connected to the root module, but the check found errors.",
            () => "Jira Cloud is connected to the root module.",
        }
    }

    fn next(&self) -> Vec<String> {
        let mut next: Vec<String> = self.unfinished.commands().iter().map(|command| format!("run `{command}`")).collect();
        if self.args.rehearse {
            next.push(String::from("run the same command without --rehearse, with the client ID and client secret of your app"));
        }
        if self.summary.check.is_some_and(|counts| counts.errors + counts.warnings > 0) {
            next.push(String::from("see to what the check found; `tfhelper check` shows it again"));
        }
        if !self.args.renew {
            next.push(String::from("run `terraform apply`"));
        }
        // A rehearsal has a store of its own, and nothing in it is worth moving.
        let stays_here = matches!(&self.plan.store, Store::File(file) if *file == self.plan.kept);
        if stays_here && !self.args.rehearse {
            next.push(String::from("run `tfhelper secrets push`, which moves the secrets to where the proxy reads them"));
        } else if self.args.renew {
            next.push(String::from("nothing else: a running proxy takes the new refresh token within five minutes"));
        }
        // The last one is the proxy's, where there is a proxy to call.
        if let Some(script) = self.summary.scripts.last() {
            next.push(format!("run `{script}`, which makes the connector's calls"));
        }
        if let Some(family) = &self.summary.token_family {
            let day = day(family.expires_at);
            next.push(format!("renew the consent before {day} with `tfhelper init-jira --renew`"));
        }
        next
    }
}
