//! After the token was tried out: secret, then variables, then scripts, then the check. One that fails does not stop the
//! others; the end says what is left and which command does it.

use super::plan::Plan;
use super::summary::Summary;
use super::verification::Verification;
use crate::atlassian::personal_access_token::{LEDGER_PATH, Ledger};
use crate::cli::PlainFormat;
use crate::cli::init_jira_server::InitJiraServerArgs;
use crate::command::context::Context;
use crate::command::failure::ExitStatus;
use crate::command::setup::steps::{Steps, done};
use crate::command::setup::summary::day;
use crate::command::setup::terminal::Progress;
use crate::command::setup::unfinished::Unfinished;
use crate::command::setup::{self, edit};
use crate::command::{check, secret_store};
use crate::connector::jira_server::CONNECTOR;
use crate::secret::Secret;
use crate::secret::delivery::deliver;
use crate::secret::store::Store;

/// The second half of the job.
pub(super) struct Finish<'a> {
    ctx: &'a mut Context,
    args: &'a InitJiraServerArgs,
    plan: &'a Plan,
    verification: &'a Verification,
    steps: Steps,
    summary: Summary,
    unfinished: Unfinished,
}

impl<'a> Finish<'a> {
    /// Begins with a token that is good.
    pub(super) fn new(
        ctx: &'a mut Context,
        args: &'a InitJiraServerArgs,
        plan: &'a Plan,
        steps: Steps,
        verification: &'a Verification,
    ) -> Self {
        let summary = Summary::new(plan, Some(verification));
        Self { ctx, args, plan, verification, steps, summary, unfinished: Unfinished::default() }
    }

    /// Hands the token to the store and writes the ledger.
    pub(super) async fn store_secret(&mut self, token: Secret) {
        self.steps.next(self.ctx, "Secret");
        let Plan { store, kept, names, .. } = self.plan;
        let secrets = names.iter().map(|name| (name.clone(), token.clone())).collect();
        let progress = Progress::show(format!("Storing the token in {}", store.describe()));
        let delivered = deliver(store, kept, secrets, None).await;
        drop(progress);
        self.summary.secrets = setup::delivery::report(self.ctx, store, kept, names, delivered, &mut self.unfinished);

        let Verification { user, expiry, verified_at, .. } = self.verification;
        let ledger =
            Ledger { host: self.plan.address.host(), user: user.name.clone(), verified_at: *verified_at, expiry: *expiry };
        match secret_store::write_ledger(&self.ctx.directory, LEDGER_PATH, &ledger.render()) {
            Ok(()) => done(self.ctx, &format!("`{LEDGER_PATH}` remembers when the token ends")),
            Err(error) => self.unfinished.push(error, "tfhelper init-jira-server"),
        }
    }

    /// Sets the variables, each as a diff.
    pub(super) fn edit_variables(&mut self) {
        self.steps.next(self.ctx, "Variables");
        for planned in &self.plan.edits {
            match edit::apply(self.ctx, planned, None) {
                Ok(edited) => self.summary.edits.push(edited),
                Err(error) => {
                    let wanted = edit::preview(planned, None);
                    let value = wanted.after.unwrap_or_default();
                    let go_on = format!("tfhelper tfvars set {} {value} --file {}", wanted.address, wanted.file);
                    self.unfinished.push(error, go_on);
                }
            }
        }
    }

    /// Writes the test-call scripts.
    pub(super) fn write_scripts(&mut self) {
        let Some(scripts) = &self.plan.scripts else { return };
        self.steps.next(self.ctx, "Test-call scripts");
        match scripts.write(self.ctx, None) {
            Ok(written) => self.summary.scripts = written,
            Err(error) => self.unfinished.push(error, "tfhelper test-scripts"),
        }
    }

    /// Runs the check; its findings are shown, and do not change the exit status.
    pub(super) fn check(&mut self) {
        self.steps.next(self.ctx, "Check");
        match check::run_after_setup(self.ctx, None) {
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
            () if !self.unfinished.is_empty() => "Jira Data Center is connected in part.",
            () if self.args.rehearse => "The rehearsal is over; nothing of it is real. A real run ends like this:",
            () if has_errors => "Jira Data Center is connected to the root module, but the check found errors.",
            () => "Jira Data Center is connected to the root module.",
        }
    }

    fn next(&self) -> Vec<String> {
        let mut next: Vec<String> = self.unfinished.commands().iter().map(|command| format!("run `{command}`")).collect();
        if self.args.rehearse {
            next.push(String::from("run the same command without --rehearse, with the address of your Jira and a token"));
        }
        if !self.plan.is_enabled {
            next.push(format!("add `{}` to `enabled_connectors`", CONNECTOR.id));
        }
        if self.summary.check.is_some_and(|counts| counts.errors + counts.warnings > 0) {
            next.push(String::from("see to what the check found; `tfhelper check` shows it again"));
        }
        next.push(String::from("run `terraform apply`"));
        // A rehearsal has a store of its own, and nothing in it is worth moving.
        let stays_here = matches!(&self.plan.store, Store::File(file) if *file == self.plan.kept);
        if stays_here && !self.args.rehearse {
            next.push(String::from("run `tfhelper secrets push`, which moves the secret to where the proxy reads it"));
        }
        // The last one is the proxy's, where there is a proxy to call.
        if let Some(script) = self.summary.scripts.last() {
            next.push(format!("run `{script}`, which makes the connector's calls"));
        }
        if let Some(end) = self.verification.expiry.soonest() {
            next.push(format!("before {}, create another token and run `tfhelper init-jira-server` again", day(end)));
        }
        next
    }
}
