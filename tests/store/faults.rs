//! Every call of every store fails in turn, in every way: nothing is lost, the message is true, and `push` completes.

use std::thread;

use super::program::{CANARIES, Cloud, Program};
use super::stand_in::{Call, Failing, Fault, StandIn};
use super::{aws, gcp};

/// How many cases run at once.
const LANES: usize = 24;

/// A store, and how it is chosen and read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    Ssm,
    SecretsManager,
    Google,
}

impl Target {
    pub(crate) fn cloud(self) -> Cloud {
        match self {
            Self::Ssm | Self::SecretsManager => Cloud::Aws,
            Self::Google => Cloud::Gcp,
        }
    }

    /// A stand-in where Terraform has been; on GCP a proxy has run, too.
    pub(crate) fn stand_in(self) -> StandIn {
        match self.cloud() {
            Cloud::Aws => aws::applied(),
            Cloud::Gcp => gcp::running(),
        }
    }

    fn start(self) -> (StandIn, Program) {
        let stand_in = self.stand_in();
        let program = Program::new(self.cloud(), &stand_in.url());
        program.keep(self.cloud().prefix());
        program.write_ledger("2026-01-01T10:00:00Z");
        (stand_in, program)
    }

    pub(crate) fn choice(self) -> &'static str {
        match self {
            Self::Ssm => "aws-ssm",
            Self::SecretsManager => "aws-secrets-manager",
            Self::Google => "gcp-secret-manager",
        }
    }

    /// The value that the proxy would read.
    pub(crate) fn read(self, stand_in: &StandIn, variable: &str) -> Option<String> {
        let state = stand_in.state();
        match self {
            Self::Ssm => state.parameters[&Cloud::Aws.name(variable)].value.clone(),
            Self::SecretsManager => state.secrets[&Cloud::Aws.name(variable)].value.clone(),
            Self::Google => state.google[&Cloud::Gcp.name(variable)].read_by_proxy().map(str::to_owned),
        }
    }

    fn arguments(self) -> [&'static str; 5] {
        ["secrets", "push", "--yes", "--secret-store", self.choice()]
    }
}

/// Lets the service fail from one call on, or at that call alone, and then work again.
fn check_fault(target: Target, at: usize, to: usize, fault: &Fault) {
    let context = format!("{} call {at} {fault:?}", target.choice());
    let (stand_in, program) = target.start();
    stand_in.state().failing = Some(Failing { from: at, to, fault: fault.clone() });
    let ran = program.run(&target.arguments());
    let kept = program.kept();
    for (variable, value) in CANARIES {
        let is_stored = target.read(&stand_in, variable).as_deref() == Some(value);
        let is_kept = kept.contains(&(variable.to_owned(), value.to_owned()));
        assert!(is_stored || is_kept, "{context}: {variable} is lost\n{}", ran.stderr);
        // Whatever is not kept any more must be said to be written only if it is.
        assert!(is_kept || ran.status != 0 || is_stored, "{context}: {variable}");
    }
    assert_eq!(ran.status == 0, kept.is_empty(), "{context}: status {}\n{}", ran.status, ran.stderr);
    if ran.status == 5 {
        for (variable, _) in &kept {
            assert!(ran.stderr.split("; ").nth(1).unwrap_or_default().contains(variable), "{context}\n{}", ran.stderr);
        }
        assert!(ran.stderr.contains("tfhelper secrets push"), "{context}\n{}", ran.stderr);
    }
    // Where nothing was written the next push is no other than one that nothing has disturbed.
    if !stand_in.state().calls.iter().any(Call::is_write) {
        assert_eq!(kept.len(), CANARIES.len(), "{context}");
        return;
    }
    stand_in.state().failing = None;
    program.expect(0, &target.arguments());
    assert_eq!(program.kept(), [], "{context}");
    for (variable, value) in CANARIES {
        assert_eq!(target.read(&stand_in, variable).as_deref(), Some(value), "{context}");
    }
}

/// Every call in turn, with every fault.
///
/// A call that only reads is the same to the service before and after the fault, so the faults that differ in that alone
/// are left to the writes.
fn check_every_call(target: Target) {
    let (stand_in, program) = target.start();
    program.expect(0, &target.arguments());
    let calls = stand_in.state().calls.clone();
    assert!(calls.len() > 10, "{} calls", calls.len());
    let mut cases = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        // One fault stays, the others are gone at the next call.
        cases.push((at, usize::MAX, Fault::Before));
        cases.push((at, at, Fault::LostAnswer));
        cases.push((at, at, Fault::Throttle));
        if call.is_write() {
            cases.push((at, at, Fault::After));
            cases.push((at, usize::MAX, Fault::LostAnswer));
        }
    }
    // Most of the time goes into waiting between retries, so many run at once.
    thread::scope(|scope| {
        for lane in 0..LANES {
            let mine: Vec<_> = cases.iter().skip(lane).step_by(LANES).cloned().collect();
            scope.spawn(move || {
                for (at, to, fault) in mine {
                    check_fault(target, at, to, &fault);
                }
            });
        }
    });
}

#[test]
fn ssm_loses_nothing_whatever_fails() {
    check_every_call(Target::Ssm);
}

#[test]
fn secrets_manager_loses_nothing_whatever_fails() {
    check_every_call(Target::SecretsManager);
}

#[test]
fn google_loses_nothing_whatever_fails() {
    check_every_call(Target::Google);
}
