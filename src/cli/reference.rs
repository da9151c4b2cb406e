//! `docs/reference/cli.md`, made from the definition of the command line so that the two cannot disagree.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::Cli;

/// Exit codes with their meaning; the last is the Rust runtime's code for a panic.
const EXIT_CODES: [(u8, &str); 5] = [
    (
        0,
        "done: the plan is made, the check found no error; with `--message-format sarif` or `gitlab`, the report is written",
    ),
    (
        1,
        "findings of severity error, or no plan is possible; for `test`, an expectation failed",
    ),
    (
        2,
        "wrong usage, input or output failed, or a catalog or rules folder or `edgeplan.toml` does not load",
    ),
    (
        3,
        "`build --check` or `fmt --check`: a committed file differs from what would be written; \
         `build --locked`: from what the lock holds; `diff --exit-code`: the plans differ",
    ),
    (super::BUG, "a mistake in edgeplan itself"),
];

/// The page, as Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut root = Cli::command();
    root.build();
    let mut page = String::from(
        "# The command line\n\nMade from the command's own definition; a test compares the two.\n",
    );
    let _ = writeln!(page, "\n{}.", about(&root));
    page.push_str("\n## Options of every command\n\n");
    for arg in root.get_arguments().filter(|arg| arg.is_global_set()) {
        option(&mut page, arg);
    }
    for command in root.get_subcommands().filter(|c| c.get_name() != "help") {
        section(&mut page, command, "edgeplanc", 2);
    }
    page.push_str("\n## Exit codes\n\n");
    for (code, meaning) in EXIT_CODES {
        let _ = writeln!(page, "- **{code}**: {meaning}");
    }
    page
}

fn section(page: &mut String, command: &Command, parent: &str, depth: usize) {
    let name = format!("{parent} {}", command.get_name());
    let _ = writeln!(
        page,
        "\n{} `{name}`\n\n{}.",
        "#".repeat(depth),
        about(command)
    );
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = writeln!(page, "\n```text\n{usage}\n```");
    let own =
        |arg: &&Arg| !arg.is_global_set() && !["help", "version"].contains(&arg.get_id().as_str());
    if command.get_arguments().any(|arg| own(&arg)) {
        page.push('\n');
    }
    for arg in command.get_arguments().filter(own) {
        option(page, arg);
    }
    for inner in command.get_subcommands().filter(|c| c.get_name() != "help") {
        section(page, inner, &name, depth + 1);
    }
}

fn option(page: &mut String, arg: &Arg) {
    let mut spelled = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (None, Some(long)) => format!("--{long}"),
        _ => String::new(),
    };
    if arg.is_positional() || matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        let names = arg.get_value_names().unwrap_or_default();
        for name in names {
            if !spelled.is_empty() {
                spelled.push(' ');
            }
            spelled.push_str(name);
        }
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let _ = write!(page, "- `{spelled}`: {help}");
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        let _ = write!(page, " ({})", values.join(", "));
    }
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        let _ = write!(page, "; default {}", defaults.join(", "));
    }
    page.push('\n');
}

fn about(command: &Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}
