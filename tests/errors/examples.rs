//! Runs the example of an error page and gives the report of the code it is about.

use std::process::{Command, Stdio};

use edgeplan::diagnostic::render::{Style, human};
use edgeplan::diagnostic::{Code, Diagnostic, Locale, Sources};
use edgeplan::{catalog, rules};

use super::Fence;
use crate::support::compile;

/// The human report of the findings with this code, in both languages; `None` when the example gives none.
pub(crate) fn report(fence: &Fence, code: Code) -> Option<String> {
    match fence.kind.as_str() {
        "edgeplan" => {
            let compiled = compile(&fence.text, "example.edgeplan");
            of_findings(&compiled.diagnostics, &compiled.sources, code)
        }
        "yaml catalog" => {
            let files = vec![("example.yaml".to_owned(), fence.text.clone())];
            let (sources, findings) = catalog::overlay(catalog::builtin_files(), files).err()?;
            of_findings(&findings, &sources, code)
        }
        "yaml rule" => {
            let id = fence
                .text
                .lines()
                .find_map(|line| line.strip_prefix("id: "));
            let name = format!("{}.yaml", id.unwrap_or("example").trim());
            let (sources, findings) =
                rules::overlay(rules::builtin_files(), vec![(name, fence.text.clone())]).err()?;
            of_findings(&findings, &sources, code)
        }
        "sh" => of_commands(&fence.text, code),
        other => panic!("{code}: no way to run an example of kind `{other}`"),
    }
}

fn of_findings(findings: &[Diagnostic], sources: &Sources, code: Code) -> Option<String> {
    let these: Vec<Diagnostic> = findings
        .iter()
        .filter(|f| f.code == code)
        .cloned()
        .collect();
    if these.is_empty() {
        return None;
    }
    let reports = Locale::ALL.map(|locale| {
        let style = Style {
            locale,
            color: false,
        };
        human(&these, sources, style)
    });
    Some(reports.join("\n"))
}

/// Commands, run one after another in an empty folder; only their standard error counts.
fn of_commands(commands: &str, code: Code) -> Option<String> {
    let mut both = String::new();
    for locale in Locale::ALL {
        let folder = tempfile::tempdir().expect("folder");
        let script = format!(
            "edgeplanc() {{ '{}' --lang {locale} \"$@\"; }}\n{commands}",
            env!("CARGO_BIN_EXE_edgeplanc")
        );
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("sh");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        if !said.contains(&format!("[{code}]")) {
            return None;
        }
        both.push_str(&said);
    }
    Some(both)
}
