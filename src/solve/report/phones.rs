//! Findings about the classes of phones asked for.

use super::Report;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::solve::types::ClassIssue;

/// No phone class in range, on any platform.
const NO_CLASS: Code = Code(503);
/// A named device cannot be planned.
const NO_DEVICE: Code = Code(504);
/// One of several platforms has no phone class in range.
const IDLE_PLATFORM: Code = Code(620);
/// A line of the fleet names phones that are not planned for.
const IDLE_SHARE: Code = Code(621);

pub(super) fn diagnostics(report: &Report<'_>) -> Vec<Diagnostic> {
    let nothing = report.solution.classes.is_empty();
    let issues = report.solution.issues.iter();
    issues
        .map(|issue| match issue {
            ClassIssue::NoClass {
                platform,
                known,
                span,
            } => {
                let classes: Vec<String> = known.iter().map(|gib| format!("{gib} GB")).collect();
                let message = Text::key("solve.no-class").arg("platform", platform.as_str());
                let found = if nothing {
                    Diagnostic::error(NO_CLASS, *span, message)
                } else {
                    Diagnostic::warning(IDLE_PLATFORM, *span, message)
                };
                found
                    .labelled(Text::key("solve.no-class.label").arg("platform", platform.as_str()))
                    .help(Text::key("solve.no-class.help").arg("classes", classes.join(", ")))
            }
            ClassIssue::OtherPlatform {
                device,
                platform,
                span,
            } => Diagnostic::error(
                NO_DEVICE,
                *span,
                Text::key("solve.other-platform")
                    .arg("device", device.as_str())
                    .arg("platform", platform.as_str()),
            )
            .help(Text::key("solve.other-platform.help").arg("platform", platform.as_str())),
            ClassIssue::UnknownMemory { device, span } => Diagnostic::error(
                NO_DEVICE,
                *span,
                Text::key("solve.unknown-memory").arg("device", device.as_str()),
            )
            .help(Text::key("solve.unknown-memory.help")),
            ClassIssue::IdleShare { span } => {
                Diagnostic::warning(IDLE_SHARE, *span, Text::key("solve.idle-share"))
                    .help(Text::key("solve.idle-share.help"))
            }
        })
        .collect()
}
