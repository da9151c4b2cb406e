//! The extension of Zed: starts the language server, the one of the settings or the one on the path.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, LanguageServerId, Result};

struct Edgeplan;

impl zed::Extension for Edgeplan {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree).ok();
        let binary = settings.and_then(|settings| settings.binary);
        let (path, arguments) = binary.map_or((None, None), |one| (one.path, one.arguments));
        let command = path
            .or_else(|| worktree.which("edgeplanc"))
            .ok_or("`edgeplanc` is not on the path: install it, or name it in the settings")?;
        Ok(zed::Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Edgeplan);
