//! `edgeplanc lsp`: the language server, on standard input and output.

use std::env;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::ground::Folders;
use crate::cli::inputs::specs_below;
use crate::cli::run::With;
use crate::diagnostic::Locale;
use crate::lsp::{Ended, Setup, serve};

/// Serve an editor: the language server protocol on standard input and output
#[derive(Debug, Args)]
pub(crate) struct Lsp {
    #[command(flatten)]
    with: With,
    /// Accepted for editors that name the transport; there is no other
    #[arg(long)]
    stdio: bool,
    /// Folder for read-only copies of built-in files and for plans to be shown [default: the user's cache folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// How long a spec must rest before its answer is searched, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 150)]
    rest: u64,
}

impl Lsp {
    /// `lang` is the language the user asked for; without one the editor's counts.
    pub(crate) fn run(self, console: &mut Console, lang: Option<Locale>) -> Result<Exit, Failure> {
        let setup = Setup {
            ground: Box::new(Folders::new(self.with, console)?),
            specs: specs_below,
            locale: lang,
            cache: self.cache.unwrap_or_else(user_cache),
            rest: Duration::from_millis(self.rest),
        };
        // Both streams are the protocol's from here on.
        let ended = serve(io::stdin(), io::stdout().lock(), setup)?;
        Ok(match ended {
            Ended::AsAgreed => Exit::Done,
            Ended::Abruptly => Exit::Findings,
        })
    }
}

/// The folder where the system wants caches to be.
fn user_cache() -> PathBuf {
    let folder = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    };
    base.unwrap_or_else(env::temp_dir).join("edgeplan")
}
