//! Reports for people: the places drawn by ariadne, the arithmetic, the fixes and the advice below them.
//!
//! ariadne is given clean input only. It panics on spans outside the text, reads byte offsets of a second file as
//! characters, and draws an empty span at a line's start twice; so offsets are turned into characters here, clamped,
//! and widened to at least one.

use std::fmt::Write as _;
use std::ops::Range;

use ariadne::{CharSet, Color, Config, IndexType, Label as Drawn, Report, ReportKind, Source};

use super::{Style, all_labels, printable, words};
use crate::diagnostic::lines::LineIndices;
use crate::diagnostic::{Diagnostic, FileId, Fix, Locale, Severity, Sources, Span, messages};

/// Stands for the words of a label that says nothing: ariadne underlines only where there are words.
const UNSAID: &str = "\u{e000}";

/// Most lines of a fix that are shown.
const FIX_LINES: usize = 8;

/// The findings as reports, one after another with a blank line between them.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut page = Page {
        sources,
        lines: LineIndices::new(sources),
        drawn: Drawings {
            sources,
            made: Vec::new(),
        },
        style,
    };
    let mut out = String::new();
    for (index, diagnostic) in diagnostics.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        page.report(diagnostic, &mut out);
    }
    out
}

struct Page<'a> {
    sources: &'a Sources,
    lines: LineIndices<'a>,
    drawn: Drawings<'a>,
    style: Style,
}

impl<'a> Page<'a> {
    fn report(&mut self, diagnostic: &Diagnostic, out: &mut String) {
        let locale = self.style.locale;
        let head = format!(
            "{}[{}]",
            severity(diagnostic.severity, locale),
            diagnostic.code
        );
        let head = paint(&head, Some(color(diagnostic.severity)), self.style);
        let _ = writeln!(out, "{head}: {}", words(&diagnostic.message, locale));
        self.snippets(diagnostic, out);
        for value in &diagnostic.values {
            let text: String = value.value.chars().map(printable).collect();
            tail(out, &value.name, &text, self.style);
        }
        // What speaks for the finding, then what to do about it.
        for note in &diagnostic.notes {
            tail(
                out,
                label_of("render.note", locale),
                &words(note, locale),
                self.style,
            );
        }
        for fix in &diagnostic.fixes {
            self.fix(fix, out);
        }
        for help in &diagnostic.helps {
            tail(
                out,
                label_of("render.help", locale),
                &words(help, locale),
                self.style,
            );
        }
    }

    /// The lines of all files concerned, underlined.
    fn snippets(&mut self, diagnostic: &Diagnostic, out: &mut String) {
        let mut places: Vec<Drawable> = Vec::new();
        let mut files: Vec<FileId> = Vec::new();
        for label in all_labels(diagnostic) {
            let Some(range) = self.characters(label.span) else {
                continue;
            };
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
            let text = words(&label.text, self.style.locale);
            places.push(Drawable {
                file: label.span.file,
                range,
                text: if text.is_empty() {
                    UNSAID.to_owned()
                } else {
                    text
                },
                primary: label.primary,
            });
        }
        let Some(first) = places.first() else { return };
        let anchor = (first.file, first.range.clone());
        // One block a file, in the order the files are first named; lines in order inside.
        places.sort_by_key(|place| {
            let file = files.iter().position(|file| *file == place.file);
            (file, place.range.start, place.range.end)
        });
        let config = Config::default()
            .with_color(self.style.color)
            .with_char_set(CharSet::Unicode)
            .with_index_type(IndexType::Char);
        let mut report =
            Report::build(ReportKind::Custom("", Color::Primary), anchor).with_config(config);
        for place in places {
            let color = if place.primary {
                color(diagnostic.severity)
            } else {
                Color::Cyan
            };
            report.add_label(
                Drawn::new((place.file, place.range))
                    .with_message(place.text)
                    .with_color(color),
            );
        }
        let mut bytes = Vec::new();
        if report.finish().write(&mut self.drawn, &mut bytes).is_err() {
            return;
        }
        let text = String::from_utf8_lossy(&bytes);
        // The first line is ariadne's own heading.
        let lines: Vec<&str> = text.lines().skip(1).collect();
        let here = label_of("render.here", self.style.locale);
        for (index, line) in lines.iter().enumerate() {
            if !is_lone_arrow(
                line,
                index.checked_sub(1).and_then(|above| lines.get(above)),
            ) {
                let next = lines.get(index + 1).copied().unwrap_or_default();
                let line = if is_lone_arrow(next, Some(line)) {
                    line.replace('┬', "─")
                } else {
                    line.replace(UNSAID, here)
                };
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
    }

    /// A span in characters, inside its file and at least one long (the drawn text has one line end more than the file).
    fn characters(&mut self, span: Span) -> Option<Range<usize>> {
        let index = self.lines.of(span.file)?;
        let start = index.char_offset(span.start as usize);
        let end = index.char_offset(span.end as usize);
        Some(start..end.max(start + 1))
    }

    /// A fix: what to do, and the lines before and after.
    fn fix(&mut self, fix: &Fix, out: &mut String) {
        let locale = self.style.locale;
        tail(
            out,
            label_of("render.fix", locale),
            &words(&fix.title, locale),
            self.style,
        );
        let Some(first) = fix.edits.first() else {
            return;
        };
        let file = first.span.file;
        let Some(source) = self.sources.file(file) else {
            return;
        };
        if fix.edits.iter().any(|edit| edit.span.file != file) {
            return;
        }
        let Some(index) = self.lines.of(file) else {
            return;
        };
        let mut edits: Vec<(usize, usize, &str)> = fix
            .edits
            .iter()
            .map(|edit| {
                let start = index.clamp(edit.span.start as usize);
                let end = index.clamp(edit.span.end as usize).max(start);
                (start, end, edit.replacement.as_str())
            })
            .collect();
        edits.sort();
        let from = edits.iter().map(|edit| edit.0).min().unwrap_or(0);
        let to = edits.iter().map(|edit| edit.1).max().unwrap_or(0);
        let touched = index.lines_of(from, to);
        let base = touched.start;
        let before = source.text.get(touched).unwrap_or_default();
        let mut after = String::new();
        let mut at = 0;
        for (start, end, replacement) in edits {
            let (start, end) = (start - base, (end - base).min(before.len()));
            if start < at {
                return;
            }
            after.push_str(before.get(at..start).unwrap_or_default());
            after.push_str(replacement);
            at = end;
        }
        after.push_str(before.get(at..).unwrap_or_default());
        for (sign, lines, color) in changed_lines(before, &after) {
            for line in lines {
                let line: String = line.chars().map(printable).collect();
                let shown = format!("    {sign} {}", line.trim_end());
                out.push_str(&paint(&shown, Some(color), self.style));
                out.push('\n');
            }
        }
    }
}

/// The lines that differ, old ones first; none when they are too many to help.
fn changed_lines<'t>(before: &'t str, after: &'t str) -> [(char, Vec<&'t str>, Color); 2] {
    let mut old: Vec<&str> = before.lines().collect();
    let mut new: Vec<&str> = after.lines().collect();
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..same);
    new.drain(..same);
    while old.last().is_some() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    if old.len() + new.len() > FIX_LINES {
        old.clear();
        new.clear();
    }
    [('-', old, Color::Red), ('+', new, Color::Green)]
}

/// Whether a line only leads from the one underline above it to words that are not there.
fn is_lone_arrow(line: &str, above: Option<&&str>) -> bool {
    line.contains(UNSAID) && above.is_some_and(|above| above.matches('┬').count() == 1)
}

struct Drawable {
    file: FileId,
    range: Range<usize>,
    text: String,
    primary: bool,
}

/// The texts as ariadne sees them: made once a file, with one line end added so that the end of the file can be pointed at.
struct Drawings<'a> {
    sources: &'a Sources,
    made: Vec<Option<Source<String>>>,
}

impl ariadne::Cache<FileId> for &mut Drawings<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl std::fmt::Debug> {
        let slot = id.0 as usize;
        let Some(source) = self.sources.file(*id) else {
            return Err("no such file");
        };
        if self.made.len() <= slot {
            self.made.resize_with(slot + 1, || None);
        }
        let Some(made) = self.made.get_mut(slot) else {
            return Err("no such file");
        };
        Ok(made.get_or_insert_with(|| {
            let mut text: String = source.text.chars().map(printable).collect();
            text.push('\n');
            Source::from(text)
        }))
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl std::fmt::Display + 'b> {
        self.sources.file(*id).map(|file| file.name.clone())
    }
}

/// One line below the snippets; further lines of the text are indented under the first.
fn tail(out: &mut String, name: &str, text: &str, style: Style) {
    let name = paint(name, Some(Color::Cyan), style);
    let mut lines = text.lines();
    let _ = writeln!(out, "  = {name}: {}", lines.next().unwrap_or_default());
    for line in lines {
        let _ = writeln!(out, "    {line}");
    }
}

fn paint(text: &str, color: Option<Color>, style: Style) -> String {
    use ariadne::Fmt as _;
    text.fg(color.filter(|_| style.color)).to_string()
}

const fn color(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Advice => Color::Blue,
    }
}

fn severity(severity: Severity, locale: Locale) -> &'static str {
    match severity {
        Severity::Error => label_of("render.error", locale),
        Severity::Warning => label_of("render.warning", locale),
        Severity::Advice => label_of("render.advice", locale),
    }
}

fn label_of(key: &'static str, locale: Locale) -> &'static str {
    messages::lookup(key, locale).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Applicability, Code, Text};

    const PLAIN: Style = Style {
        locale: Locale::En,
        color: false,
    };

    fn rejection() -> (Sources, Diagnostic) {
        let mut sources = Sources::new();
        let spec = sources.add("chat.edgeplan", "edgeplan 1\nram >= 8 GB\n");
        let facts = sources.add("catalog/models.yaml", "# 模型\n- id: big\n");
        let place = |file, start, end| Span::new(file, start, end);
        let diagnostic = Diagnostic::error(
            Code(301),
            place(spec, 11, 22),
            Text::plain("`big` does not fit"),
        )
        .labelled(Text::plain("grants 4 GB"))
        .value("peak_memory", "40 GB", Some(place(facts, 17, 20)))
        .fix(
            Applicability::Suggested,
            Text::plain("ask for larger phones"),
            place(spec, 18, 22),
            "64 GB",
        )
        .help(Text::plain("take a smaller model"));
        (sources, diagnostic)
    }

    #[test]
    fn a_report_shows_every_file_the_sum_and_the_way_out() {
        let (sources, diagnostic) = rejection();
        let text = human(&[diagnostic], &sources, PLAIN);
        insta::assert_snapshot!(text, @r"
        error[EP0301]: `big` does not fit
           ╭─[ chat.edgeplan:2:1 ]
           │
         2 │ ram >= 8 GB
           │ ─────┬─────
           │      ╰─────── grants 4 GB
           │
           ├─[ catalog/models.yaml:2:9 ]
           │
         2 │ - id: big
           │         ─┬
           │          ╰── peak_memory = 40 GB
        ───╯
          = peak_memory: 40 GB
          = fix: ask for larger phones
            - ram >= 8 GB
            + ram >= 64 GB
          = help: take a smaller model
        ");
    }

    #[test]
    fn colours_only_when_asked() {
        let (sources, diagnostic) = rejection();
        let findings = [diagnostic];
        assert!(!human(&findings, &sources, PLAIN).contains('\x1b'));
        let style = Style {
            color: true,
            ..PLAIN
        };
        assert!(human(&findings, &sources, style).contains('\x1b'));
    }

    #[test]
    fn the_end_of_a_file_can_be_pointed_at_and_the_terminal_is_not_steered() {
        let mut sources = Sources::new();
        let file = sources.add("a", "one\x1b[2J\ntwo");
        let at = |start, end| {
            Diagnostic::error(
                Code(1),
                Span::new(file, start, end),
                Text::plain("x\u{202e}y"),
            )
        };
        let text = human(&[at(0, 5), at(11, 11)], &sources, PLAIN);
        assert!(!text.contains(['\x1b', '\u{202e}']), "{text}");
        assert!(text.contains("a:2:4"), "{text}");
    }
}
