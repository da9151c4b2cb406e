//! The two output streams, the reader's language, and when to use colour. A closed pipe is quiet.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::paths;
use crate::diagnostic::render::{self, Style};
use crate::diagnostic::{Diagnostic, Locale, Severity, Sources, Text};

/// When to write terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum When {
    /// On terminals, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Reports with the lines concerned
    #[default]
    Human,
    /// One line a finding: file:line:column: severity[code]: message
    Short,
    /// An array of objects
    Json,
    /// SARIF 2.1.0, for code scanning; the run ends with 0 when the report is written
    Sarif,
    /// Workflow commands of GitHub Actions, for annotations
    Github,
    /// A Code Quality report of GitLab; the run ends with 0 when the report is written
    Gitlab,
    /// Test results in XML, one failed case an error
    Junit,
}

impl MessageFormat {
    /// Whether all findings of a run make one document, written at its end.
    const fn is_document(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Gitlab | Self::Junit)
    }

    /// Whether programs read it: it goes to standard output where findings are what was asked for.
    pub(crate) const fn is_for_programs(self) -> bool {
        self.is_document() || matches!(self, Self::Github)
    }

    /// The folder that the reader of the format takes paths from, where a service says which one it checked out into.
    fn root(self) -> Option<PathBuf> {
        let variable = match self {
            Self::Github | Self::Sarif => "GITHUB_WORKSPACE",
            Self::Gitlab => "CI_PROJECT_DIR",
            _ => return None,
        };
        env::var_os(variable).map(PathBuf::from)
    }

    /// Whether it is read by a program that judges the findings itself, so that the run need not fail for them.
    const fn is_for_judges(self) -> bool {
        matches!(self, Self::Sarif | Self::Gitlab)
    }
}

/// Findings with the files they stand in: one batch a spec.
pub(crate) type Batch = (Vec<Diagnostic>, Sources);

/// Standard output and standard error of one run.
pub(crate) struct Console {
    /// The language of all words.
    pub(crate) locale: Locale,
    /// The language was asked for on the command line.
    fixed: bool,
    /// The format of findings.
    pub(crate) format: MessageFormat,
    /// Reports for people show advice too, instead of counting it.
    pub(crate) advice: bool,
    color: bool,
    /// Findings are the result asked for.
    asked: bool,
    /// Findings of a document that is not written yet.
    held: Vec<Batch>,
    out: Stream<io::Stdout>,
    err: Stream<AutoStream<io::Stderr>>,
}

impl Console {
    /// The process's streams.
    #[must_use]
    pub(crate) fn new(lang: Option<Locale>, format: MessageFormat, when: When) -> Self {
        let choice = match when {
            When::Auto => AutoStream::choice(&io::stderr()),
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        Self {
            locale: lang.unwrap_or_else(of_environment),
            fixed: lang.is_some(),
            format,
            advice: false,
            color: choice != ColorChoice::Never,
            asked: false,
            held: Vec::new(),
            out: Stream::new(io::stdout()),
            err: Stream::new(AutoStream::new(io::stderr(), choice)),
        }
    }

    /// Speaks the language of a configuration, unless another was asked for.
    pub(crate) fn prefer(&mut self, lang: Option<Locale>) {
        if let Some(lang) = lang.filter(|_| !self.fixed) {
            self.locale = lang;
        }
    }

    /// Writes a result to standard output.
    pub(crate) fn out(&mut self, text: &str) -> io::Result<()> {
        self.out.write(text)
    }

    /// Says one sentence on standard error.
    pub(crate) fn say(&mut self, text: &Text) -> io::Result<()> {
        let line = format!("{}\n", text.render(self.locale));
        self.err.write(&line)
    }

    /// Says `error: ...` on standard error.
    pub(crate) fn complain(&mut self, message: &str) -> io::Result<()> {
        let word = Text::key("render.error").render(self.locale);
        let word = if self.color {
            format!("\u{1b}[31m{word}\u{1b}[0m")
        } else {
            word
        };
        self.err.write(&format!("{word}: {message}\n"))
    }

    /// Says why something was not done, when the run goes on; returns the exit it leads to.
    pub(crate) fn refuse(&mut self, failure: Failure) -> Result<Exit, Failure> {
        match failure {
            Failure::Bug(_) => return Err(failure),
            Failure::Said(text) => {
                let message = text.render(self.locale);
                self.complain(&message)?;
            }
            Failure::Shown => {}
        }
        Ok(Exit::Usage)
    }

    /// Says that findings are the result asked for: those for programs go to standard output, also when there are none.
    pub(crate) const fn findings_are_the_result(&mut self) {
        self.asked = true;
    }

    /// Writes findings in the chosen format; those that make one document are kept until [`Self::finish`].
    pub(crate) fn findings(&mut self, batches: &[Batch]) -> io::Result<()> {
        if self.format.is_document() {
            self.held.extend_from_slice(batches);
            return Ok(());
        }
        let text = self.render(batches);
        self.write_findings(&text)
    }

    fn write_findings(&mut self, text: &str) -> io::Result<()> {
        if self.asked && self.format.is_for_programs() {
            self.out.write(text)
        } else {
            self.err.write(text)
        }
    }

    /// Writes findings as [`Self::findings`] does, and after them those of `brief`: in reports for people one line each,
    /// with where they are told in full.
    pub(crate) fn findings_with_brief(
        &mut self,
        batch: &Batch,
        brief: &[Diagnostic],
    ) -> io::Result<()> {
        let (findings, sources) = batch;
        if self.format != MessageFormat::Human {
            let all = [findings.as_slice(), brief].concat();
            return self.findings(&[(all, sources.clone())]);
        }
        if !findings.is_empty() {
            self.findings(std::slice::from_ref(batch))?;
        }
        if brief.is_empty() {
            return Ok(());
        }
        let lines = render::short(brief, sources, self.locale);
        self.err.write(&lines)?;
        self.say(&Text::key("cli.told_in_plan").arg("count", brief.len().to_string()))
    }

    fn render(&self, batches: &[Batch]) -> String {
        let style = Style {
            locale: self.locale,
            color: self.color,
        };
        let from_root: Vec<Batch>;
        let batches = match self.format.root() {
            Some(root) => {
                let below = |name: &str| paths::below(Path::new(name), &root);
                from_root = (batches.iter())
                    .map(|(findings, sources)| (findings.clone(), sources.renamed(below)))
                    .collect();
                &from_root
            }
            None => batches,
        };
        match self.format {
            MessageFormat::Json => render::json(batches, self.locale),
            MessageFormat::Sarif => render::sarif(batches, self.locale),
            MessageFormat::Github => render::github(batches, self.locale),
            MessageFormat::Gitlab => render::gitlab(batches, self.locale),
            MessageFormat::Junit => render::junit(batches, self.locale),
            MessageFormat::Short => batches
                .iter()
                .map(|(findings, sources)| render::short(findings, sources, self.locale))
                .collect(),
            MessageFormat::Human => {
                let shown =
                    |finding: &&Diagnostic| self.advice || finding.severity != Severity::Advice;
                let batches = batches.iter().map(|(findings, sources)| {
                    let findings: Vec<Diagnostic> =
                        findings.iter().filter(shown).cloned().collect();
                    (findings, sources)
                });
                let reports: Vec<String> = batches
                    .filter(|(findings, _)| !findings.is_empty())
                    .map(|(findings, sources)| render::human(&findings, sources, style))
                    .collect();
                reports.join("\n")
            }
        }
    }

    /// The exit of a run whose findings went to a program that judges them: a report that was written is a success.
    #[must_use]
    pub(crate) fn softened(&self, exit: Exit) -> Exit {
        let judged = self.asked && self.format.is_for_judges();
        if judged && exit != Exit::Usage {
            Exit::Done
        } else {
            exit
        }
    }

    /// Shows how far something is, on a terminal only, over what was shown before.
    pub(crate) fn progress(&mut self, text: &Text) {
        if io::stderr().is_terminal() {
            let line = format!("\r\u{1b}[2K{}", text.render(self.locale));
            // How far it is matters less than that it goes on.
            let _ = self.err.write(&line).and_then(|()| self.err.flush());
        }
    }

    /// Empties the screen of a terminal.
    pub(crate) fn clear(&mut self) {
        if io::stderr().is_terminal() {
            // A screen that stays full is no reason to stop.
            let _ = self.err.write("\u{1b}[2J\u{1b}[3J\u{1b}[H");
        }
    }

    /// Takes the last progress off the terminal.
    pub(crate) fn end_progress(&mut self) {
        if io::stderr().is_terminal() {
            let _ = self.err.write("\r\u{1b}[2K");
        }
    }

    /// Whether a person can be asked questions: both ends are terminals.
    #[must_use]
    pub(crate) fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Writes the document of findings, if the format makes one, and passes on what is still buffered.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if self.format.is_document() && (self.asked || !self.held.is_empty()) {
            let held = std::mem::take(&mut self.held);
            let text = self.render(&held);
            self.write_findings(&text)?;
        }
        self.out.flush()?;
        self.err.flush()
    }
}

fn of_environment() -> Locale {
    sys_locale::get_locale()
        .and_then(|tag| Locale::parse(&tag))
        .unwrap_or_default()
}

/// A stream that goes silent when its reader has gone.
struct Stream<W: Write> {
    inner: W,
    closed: bool,
}

impl<W: Write> Stream<W> {
    const fn new(inner: W) -> Self {
        Self {
            inner,
            closed: false,
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.unless_closed(|inner| inner.write_all(text.as_bytes()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed(Write::flush)
    }

    fn unless_closed(&mut self, act: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match act(&mut self.inner) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }
}
