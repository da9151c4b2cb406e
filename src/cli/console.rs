//! The two output streams, the reader's language, and when to use colour. A closed pipe is quiet.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;

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
}

/// Findings with the files they stand in: one batch a spec.
pub(crate) type Batch = (Vec<Diagnostic>, Sources);

/// Standard output and standard error of one run.
pub(crate) struct Console {
    /// The language of all words.
    pub(crate) locale: Locale,
    /// The format of findings.
    pub(crate) format: MessageFormat,
    /// Reports for people show advice too, instead of counting it.
    pub(crate) advice: bool,
    color: bool,
    out: Stream<io::Stdout>,
    err: Stream<AutoStream<io::Stderr>>,
}

impl Console {
    /// The process's streams.
    #[must_use]
    pub(crate) fn new(locale: Locale, format: MessageFormat, when: When) -> Self {
        let choice = match when {
            When::Auto => AutoStream::choice(&io::stderr()),
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        Self {
            locale,
            format,
            advice: false,
            color: choice != ColorChoice::Never,
            out: Stream::new(io::stdout()),
            err: Stream::new(AutoStream::new(io::stderr(), choice)),
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

    /// Writes findings in the chosen format to standard error.
    pub(crate) fn findings(&mut self, batches: &[Batch]) -> io::Result<()> {
        let text = self.render(batches);
        self.err.write(&text)
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
            return if all.is_empty() {
                Ok(())
            } else {
                self.findings(&[(all, sources.clone())])
            };
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

    /// Writes findings in the chosen format: JSON, being the result asked for, to standard output, the others to
    /// standard error.
    pub(crate) fn findings_as_result(&mut self, batches: &[Batch]) -> io::Result<()> {
        let text = self.render(batches);
        if self.format == MessageFormat::Json {
            self.out.write(&text)
        } else {
            self.err.write(&text)
        }
    }

    fn render(&self, batches: &[Batch]) -> String {
        let style = Style {
            locale: self.locale,
            color: self.color,
        };
        match self.format {
            MessageFormat::Json => render::json(batches, self.locale),
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

    /// Shows how far something is, on a terminal only, over what was shown before.
    pub(crate) fn progress(&mut self, text: &Text) {
        if io::stderr().is_terminal() {
            let line = format!("\r\u{1b}[2K{}", text.render(self.locale));
            // How far it is matters less than that it goes on.
            let _ = self.err.write(&line).and_then(|()| self.err.flush());
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

    /// Passes on what is still buffered.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()?;
        self.err.flush()
    }
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
