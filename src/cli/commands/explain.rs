//! `edgeplanc explain`: the page of a diagnostic code.

use std::fmt::Write as _;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::diagnostic::Text;
use crate::diagnostic::codes::{self, CODES};

/// Explain a diagnostic code
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, for example EP0301
    #[arg(required_unless_present = "list")]
    code: Option<String>,
    /// List all codes with their titles
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

impl Explain {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let Some(code) = self.code else {
            let mut text = String::new();
            for info in CODES {
                let title = info.title().render(console.locale);
                let _ = writeln!(text, "{}  {:<7}  {title}", info.code, info.severity.id());
            }
            console.out(&text)?;
            return Ok(Exit::Done);
        };
        let page = codes::parse(&code).and_then(|info| codes::page(info.code, console.locale));
        let Some(page) = page else {
            return Err(Failure::Said(
                Text::key("cli.explain.unknown").arg("code", code),
            ));
        };
        console.out(page)?;
        Ok(Exit::Done)
    }
}
