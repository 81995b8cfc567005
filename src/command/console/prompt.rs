//! The prompt of `tfhelper console`: history, several lines, and completion of the root module's names.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, ConditionalEventHandler, Config, Editor, Event, EventContext, EventHandler, Helper, KeyEvent, RepeatCount};

use super::{Console, Context};
use crate::terraform::expression::ModuleNames;
use crate::terraform::syntax::unfinished::is_unfinished;

/// Reads expressions and answers them until the end of input.
///
/// # Errors
///
/// When the terminal cannot be read or written.
pub(super) fn run(ctx: &mut Context, console: &mut Console) -> anyhow::Result<()> {
    // Kept in memory alone: an expression may hold a secret.
    let mut editor = Editor::with_history(Config::builder().auto_add_history(true).build(), MemHistory::new())?;
    editor.set_helper(Some(Assistant { names: names(&console.loaded.names) }));
    let drops_line = Arc::new(AtomicBool::new(false));
    editor.bind_sequence(KeyEvent::ctrl('c'), EventHandler::Conditional(Box::new(Interrupt(Arc::clone(&drops_line)))));
    loop {
        match editor.readline("> ") {
            Ok(input) => {
                if console.handle(ctx, &input)? {
                    return Ok(());
                }
            }
            Err(ReadlineError::Interrupted) if drops_line.load(Ordering::Relaxed) => {}
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Control-C drops what was typed; on an empty line it leaves, as it does with Terraform.
struct Interrupt(Arc<AtomicBool>);

impl ConditionalEventHandler for Interrupt {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, ctx: &EventContext) -> Option<Cmd> {
        self.0.store(!ctx.line().is_empty(), Ordering::Relaxed);
        Some(Cmd::Interrupt)
    }
}

/// Everything that a reference can begin with.
fn names(names: &ModuleNames) -> Vec<String> {
    let variables = names.variables.keys().map(|name| format!("var.{name}"));
    let locals = names.locals.keys().map(|name| format!("local.{name}"));
    let fixed = ["path.cwd", "path.module", "path.root", "terraform.workspace"].map(str::to_owned);
    variables.chain(locals).chain(fixed).collect()
}

/// Helps the line editor.
struct Assistant {
    names: Vec<String>,
}

impl Helper for Assistant {}

impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {
    fn validate(&self, input: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let text = input.input();
        let is_forced = text.ends_with('\n') || text.lines().next_back().is_some_and(|line| line.trim().is_empty());
        let is_unfinished = !is_forced && is_unfinished(&format!("{text}\n"));
        Ok(if is_unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &rustyline::Context) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = &line[..cursor];
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let start = before.rfind(|c| !is_of_name(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let typed = &before[start..];
        let candidate = |name: &String| Pair { display: name.clone(), replacement: name.clone() };
        let found = self.names.iter().filter(|name| !typed.is_empty() && name.starts_with(typed)).map(candidate);
        Ok((start, found.collect()))
    }
}
