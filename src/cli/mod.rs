//! The command line: the only part, with its commands, that touches files, terminals and the environment.
//!
//! One file per command. A command reads, calls the library, writes, and says how the run ends; it decides nothing
//! about plans.

mod baseline;
mod commands;
pub mod config;
mod console;
mod exit;
mod format;
mod git;
mod governed;
mod ground;
mod inputs;
mod knowledge;
mod lock;
mod models;
mod outputs;
mod paths;
mod prose;
pub mod reference;
mod run;
mod sides;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::diagnostic::Locale;
use commands::{
    build, calibrate, catalog, check, completions, diff, estimate, explain, fmt, frontier, init,
    inspect, lsp, man, rules, slm, test, update, verify, verify_prose, watch, whatif, why,
};
use console::{Console, MessageFormat, When};
use exit::{BUG, Exit, Failure};

/// Compiles a spec of on-device AI features into an architecture plan
#[derive(Debug, Parser)]
#[command(
    name = "edgeplanc",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
struct Global {
    /// Language of messages: en or zh-CN [default: from LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, value_name = "LANG", value_parser = locale)]
    lang: Option<Locale>,
    /// How findings are written
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        default_value_t
    )]
    message_format: MessageFormat,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    color: When,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Build),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Explain(explain::Explain),
    Why(why::Why),
    WhyNot(why::WhyNot),
    Whatif(whatif::Whatif),
    Watch(watch::Watch),
    Diff(diff::DiffPlans),
    Frontier(frontier::Frontier),
    Test(test::Test),
    Update(update::Update),
    Estimate(estimate::Estimate),
    Inspect(inspect::Inspect),
    Verify(verify::Verify),
    Calibrate(calibrate::Calibrate),
    Catalog(catalog::CatalogCommand),
    Rules(rules::Rules),
    VerifyProse(verify_prose::VerifyProse),
    Slm(slm::Slm),
    Init(init::Init),
    Lsp(lsp::Lsp),
    Completions(completions::Completions),
    Man(man::ManPages),
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::parse(text).ok_or_else(|| "known languages: en, zh-CN".to_owned())
}

/// Runs the command of the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    install_panic_message();
    match catch_unwind(AssertUnwindSafe(run_command)) {
        Ok(code) => ExitCode::from(code),
        Err(_) => ExitCode::from(BUG),
    }
}

fn run_command() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; a closed pipe must not spoil them.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.code()
            } else {
                Exit::Done.code()
            };
        }
    };
    let mut console = Console::new(cli.global.lang, cli.global.message_format, cli.global.color);
    let ended = cli.command.run(&mut console, cli.global.lang);
    let ended = match (ended, console.finish()) {
        (Ok(exit), Ok(())) => Ok(console.softened(exit)),
        (Ok(_), Err(error)) => Err(Failure::from(error)),
        (Err(failure), _) => Err(failure),
    };
    match ended {
        Ok(exit) => exit.code(),
        Err(failure) => {
            if let Some(message) = failure.message(console.locale) {
                // Nothing is left to do when even this cannot be written.
                let _ = console.complain(&message);
            }
            failure.code()
        }
    }
}

impl Command {
    fn run(self, console: &mut Console, lang: Option<Locale>) -> Result<Exit, Failure> {
        match self {
            Self::Build(command) => command.run(console),
            Self::Check(command) => command.run(console),
            Self::Fmt(command) => command.run(console),
            Self::Explain(command) => command.run(console),
            Self::Why(command) => command.run(console),
            Self::WhyNot(command) => command.run(console),
            Self::Whatif(command) => command.run(console),
            Self::Watch(command) => command.run(console),
            Self::Diff(command) => command.run(console),
            Self::Frontier(command) => command.run(console),
            Self::Test(command) => command.run(console),
            Self::Update(command) => command.run(console),
            Self::Estimate(command) => command.run(console),
            Self::Inspect(command) => command.run(console),
            Self::Verify(command) => command.run(console),
            Self::Calibrate(command) => command.run(console),
            Self::Catalog(command) => command.run(console),
            Self::Rules(command) => command.run(console),
            Self::VerifyProse(command) => command.run(console),
            Self::Slm(command) => command.run(console),
            Self::Init(command) => command.run(console),
            Self::Lsp(command) => command.run(console, lang),
            Self::Completions(command) => command.run(console),
            Self::Man(command) => command.run(console),
        }
    }
}

/// A panic is a mistake of ours; it is said in one plain message, without a stack trace.
fn install_panic_message() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or(String::new(), |at| {
            format!(" at {}:{}", at.file(), at.line())
        });
        let payload = info.payload();
        let what = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("no message");
        let _ = writeln!(
            std::io::stderr(),
            "edgeplanc: internal error{place}: {what}\n\
             This is a mistake in edgeplan, not in the spec. Please report it with the spec that shows it:\n\
             {}/issues",
            env!("CARGO_PKG_REPOSITORY")
        );
    }));
}
