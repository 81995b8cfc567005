//! Runs the built program in a copy of an example root module, in an environment built from empty.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;

/// Values that must show up nowhere but in the store and the 0600 file.
pub(crate) const CANARIES: [(&str, &str); 3] =
    [("CLIENT_ID", "canary-id-5Kp"), ("CLIENT_SECRET", "canary-secret-9Zq"), ("REFRESH_TOKEN", "canary-refresh-3Wv")];

/// The credentials of the tests; they must not show up either.
pub(crate) const AWS_SECRET_KEY: &str = "canary-aws-key-7Hd";
pub(crate) const GOOGLE_TOKEN: &str = "canary-google-token-2Rt";

/// Where psoxy runs, in the example that is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cloud {
    Aws,
    Gcp,
}

impl Cloud {
    /// The names' prefix with the example's own variables.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Aws => "PSOXY_JIRA_CLOUD_",
            Self::Gcp => "psoxy_JIRA_CLOUD_",
        }
    }

    /// The name of a secured variable.
    pub(crate) fn name(self, variable: &str) -> String {
        format!("{}{variable}", self.prefix())
    }
}

/// A copy of an example root module, and what the program sees of the world.
pub(crate) struct Program {
    directory: TempDir,
    environment: Vec<(String, String)>,
}

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// Copies the example of a cloud; `url` is where its services are.
    pub(crate) fn new(cloud: Cloud, url: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(match cloud {
            Cloud::Aws => "terraform-examples/aws",
            Cloud::Gcp => "terraform-examples/gcp",
        });
        for entry in fs::read_dir(example).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, directory.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        let home = directory.path().join("home");
        fs::create_dir(&home).unwrap();
        let mut program = Self { directory, environment: Vec::new() };
        program.set("HOME", home.to_str().unwrap());
        program.set("TFHELPER_NOW", "2026-11-23T12:00:00Z");
        program.set("TFHELPER_ATLASSIAN_AUTH_URL", url);
        program.set("TFHELPER_ATLASSIAN_API_URL", url);
        match cloud {
            Cloud::Aws => {
                program.set("AWS_ENDPOINT_URL", url);
                program.set("AWS_ACCESS_KEY_ID", "AKIATEST");
                program.set("AWS_SECRET_ACCESS_KEY", AWS_SECRET_KEY);
                program.set("AWS_EC2_METADATA_DISABLED", "true");
                program.set("AWS_MAX_ATTEMPTS", "1");
            }
            Cloud::Gcp => {
                program.set("TFHELPER_GCP_SECRET_MANAGER_URL", url);
                program.set("GOOGLE_OAUTH_ACCESS_TOKEN", GOOGLE_TOKEN);
            }
        }
        program
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Appends to `terraform.tfvars`.
    pub(crate) fn add_variables(&self, text: &str) {
        let path = self.directory.path().join("terraform.tfvars");
        fs::write(&path, format!("{}\n{text}\n", fs::read_to_string(&path).unwrap())).unwrap();
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    /// Keeps the canaries in the file of secrets, as `init-jira` does when a store fails.
    pub(crate) fn keep(&self, prefix: &str) {
        let secrets: Vec<serde_json::Value> = CANARIES
            .iter()
            .map(|(variable, value)| {
                json!({"name": format!("{prefix}{variable}"), "connector": "jira-cloud", "variable": variable, "value": value})
            })
            .collect();
        fs::create_dir_all(self.path(".tfhelper")).unwrap();
        let document = json!({"format_version": "1.0", "secrets": secrets});
        fs::write(self.path(".tfhelper/secrets.json"), document.to_string()).unwrap();
    }

    /// Every file of the root module's directory and below.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.directory.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found
    }

    /// The secrets that the file still keeps, variable and value.
    pub(crate) fn kept(&self) -> Vec<(String, String)> {
        let Ok(text) = fs::read_to_string(self.path(".tfhelper/secrets.json")) else { return Vec::new() };
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let part = |secret: &serde_json::Value, field: &str| secret[field].as_str().unwrap().to_owned();
        document["secrets"].as_array().unwrap().iter().map(|secret| (part(secret, "variable"), part(secret, "value"))).collect()
    }

    /// Writes the ledger of a consent.
    pub(crate) fn write_ledger(&self, consented_at: &str) {
        fs::create_dir_all(self.path(".tfhelper")).unwrap();
        let ledger = json!({
            "format_version": "1.0", "client_id": "app-1", "site": {"url": "https://acme.atlassian.net", "name": "acme"},
            "cloud_id": "1324a887-45db-1bf4-1e99-ef0ff456d421",
            "scopes": ["offline_access", "read:group:jira", "read:avatar:jira", "read:user:jira", "read:jira-user", "read:jira-work"],
            "token_family": {"consented_at": consented_at},
        });
        fs::write(self.path(".tfhelper/jira-cloud.json"), ledger.to_string()).unwrap();
    }

    /// The program with these arguments, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tfhelper"));
        command.current_dir(self.directory.path()).env_clear().args(arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program; whatever it says must hold none of the canaries.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).stdin(std::process::Stdio::null()).output().unwrap();
        let ran = Ran::of(output);
        ran.hides(CANARIES.iter().map(|(_, value)| *value).chain([AWS_SECRET_KEY, GOOGLE_TOKEN]));
        ran
    }

    /// Runs the program and compares its status.
    #[track_caller]
    pub(crate) fn expect(&self, status: i32, arguments: &[&str]) -> Ran {
        self.run(arguments).expect(status)
    }
}

impl Ran {
    /// What a run said, and how it ended.
    pub(crate) fn of(Output { status, stdout, stderr }: Output) -> Self {
        Self {
            // A process that was killed has no status.
            status: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Compares the status.
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}{}", self.stdout, self.stderr);
        self
    }

    /// None of these texts may have been said.
    #[track_caller]
    pub(crate) fn hides<'s>(&self, secrets: impl IntoIterator<Item = &'s str>) {
        for secret in secrets {
            let is_hidden = !self.stdout.contains(secret) && !self.stderr.contains(secret);
            assert!(is_hidden, "shown: {secret}\n{}{}", self.stdout, self.stderr);
        }
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.stdout))
    }

    /// Every text must be in what was said.
    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.stderr.contains(text) || self.stdout.contains(text), "lacks `{text}`\n{}{}", self.stdout, self.stderr);
        }
    }
}
