//! `tfhelper completions SHELL` and `tfhelper man`: made from the command line's own definition.

use clap::CommandFactory;
use clap_complete::Shell;

use super::context::Context;
use super::failure::ExitStatus;
use crate::cli::Cli;

/// Prints the completion script of a shell.
///
/// # Errors
///
/// When stdout cannot be written.
pub fn run(ctx: &mut Context, shell: Shell) -> anyhow::Result<ExitStatus> {
    // clap_complete panics when its writer fails, and a closed pipe is no reason to.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tfhelper", &mut script);
    ctx.stdout.write_all(&script)?;
    Ok(ExitStatus::Done)
}

/// Prints the manual page, with a section for each command.
///
/// # Errors
///
/// When stdout cannot be written.
pub fn run_man(ctx: &mut Context) -> anyhow::Result<ExitStatus> {
    let mut cli = Cli::command();
    cli.build();
    let mut page = Vec::new();
    let manual = clap_mangen::Man::new(cli.clone());
    manual.render_title(&mut page)?;
    manual.render_name_section(&mut page)?;
    manual.render_synopsis_section(&mut page)?;
    manual.render_description_section(&mut page)?;
    manual.render_options_section(&mut page)?;
    for command in visible_commands(&cli) {
        render_command(command, &mut page)?;
    }
    page.extend_from_slice(EXIT_STATUSES.as_bytes());
    ctx.stdout.write_all(&page)?;
    Ok(ExitStatus::Done)
}

/// The exit statuses, in the words of the contract.
const EXIT_STATUSES: &str = r".SH EXIT STATUS
.TP
\fB0\fR
done, or clean
.TP
\fB1\fR
findings at or above the threshold
.TP
\fB2\fR
usage, or input that cannot be read or parsed
.TP
\fB3\fR
authorization needed or refused
.TP
\fB4\fR
a remote service failed
.TP
\fB5\fR
stopped part\-way after something was written; the message says what, and the command that goes on
.TP
\fB130\fR
interrupted
";

fn visible_commands(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|command| !command.is_hide_set())
}

/// One section a command; those below it follow.
fn render_command(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
    let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    let mut text = clap_mangen::roff::Roff::new();
    text.text([clap_mangen::roff::roman(about)]);
    text.to_writer(page)?;
    // The options of every command stand in the section above.
    let own = command.clone().mut_args(|argument| if argument.is_global_set() { argument.hide(true) } else { argument });
    if own
        .get_arguments()
        .any(|argument| !argument.is_hide_set() && argument.get_id() != "help" && argument.get_id() != "version")
    {
        let mut options = Vec::new();
        clap_mangen::Man::new(own).render_options_section(&mut options)?;
        // Its heading would end this command's section.
        page.extend_from_slice(String::from_utf8_lossy(&options).replacen(".SH OPTIONS", ".SS OPTIONS", 1).as_bytes());
    }
    if let Some(examples) = command.get_after_help() {
        render_examples(&examples.to_string(), page)?;
    }
    visible_commands(command).try_for_each(|below| render_command(below, page))
}

/// The lines below the heading, as they are: nothing is filled or wrapped.
fn render_examples(examples: &str, page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut text = clap_mangen::roff::Roff::new();
    text.control("SS", ["EXAMPLES"]).control("nf", []);
    for line in examples.lines().skip(1) {
        text.text([clap_mangen::roff::roman(line)]);
    }
    text.control("fi", []);
    text.to_writer(page)
}
