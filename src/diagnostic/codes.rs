//! The register of diagnostic codes. A number is never used again, not even for the same thing.
//!
//! A code has four things, held together by a test: this row, a page in `docs/errors/` per language, a snapshot of
//! its report, and a place in `src/` that emits it.

use super::{Code, Locale, Severity, Text};

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// Its number.
    pub code: Code,
    /// How grave it usually is; rules and `allow` may weaken it.
    pub severity: Severity,
    /// Message key of its title.
    pub title_key: &'static str,
}

impl CodeInfo {
    /// The title as a text.
    #[must_use]
    pub const fn title(&self) -> Text {
        Text::key(self.title_key)
    }
}

const fn error(code: u16, title_key: &'static str) -> CodeInfo {
    CodeInfo {
        code: Code(code),
        severity: Severity::Error,
        title_key,
    }
}

const fn warning(code: u16, title_key: &'static str) -> CodeInfo {
    CodeInfo {
        code: Code(code),
        severity: Severity::Warning,
        title_key,
    }
}

const fn advice(code: u16, title_key: &'static str) -> CodeInfo {
    CodeInfo {
        code: Code(code),
        severity: Severity::Advice,
        title_key,
    }
}

/// Codes of errors that an author may allow all the same: those of rules that are a policy or a warning rather than a limit.
pub const OVERRIDABLE: [Code; 12] = [
    Code(303),
    Code(305),
    Code(308),
    Code(310),
    Code(311),
    Code(401),
    Code(403),
    Code(406),
    Code(410),
    Code(411),
    Code(412),
    Code(413),
];

/// All codes, sorted by number.
pub const CODES: &[CodeInfo] = &[
    //
    // 01xx: syntax.
    error(101, "language.title.unexpected"),
    error(102, "language.title.statement"),
    error(103, "language.title.full-width"),
    error(104, "language.title.string"),
    error(105, "language.title.unclosed"),
    error(106, "language.title.stray-brace"),
    error(107, "language.title.too-deep"),
    error(108, "language.title.too-large"),
    error(109, "language.title.operator"),
    error(110, "language.title.quotes"),
    error(111, "language.title.semicolon"),
    error(112, "language.title.no-version"),
    error(113, "language.title.version"),
    error(114, "language.title.fence"),
    error(115, "language.title.misplaced"),
    error(116, "language.title.ends-early"),
    error(117, "language.title.too-long"),
    //
    // 02xx: names, types and units.
    error(201, "language.title.platform"),
    error(202, "language.title.ui"),
    error(203, "language.title.task"),
    error(204, "language.title.device"),
    error(205, "language.title.model"),
    error(206, "language.title.name"),
    error(207, "language.title.fact"),
    error(208, "language.title.language"),
    error(209, "language.title.feature"),
    error(210, "language.title.param"),
    error(211, "language.title.unset"),
    error(212, "language.title.objective"),
    error(213, "language.title.unit-unknown"),
    error(214, "language.title.unit-missing"),
    error(215, "language.title.unit-wrong"),
    error(216, "language.title.mismatch"),
    error(217, "language.title.duplicate"),
    error(218, "language.title.duplicate-name"),
    error(219, "language.title.contradiction"),
    error(220, "language.title.range"),
    error(221, "language.title.direction"),
    error(222, "language.title.missing-statement"),
    error(223, "language.title.override"),
    error(224, "language.title.kind"),
    error(225, "language.title.param-type"),
    error(226, "language.title.allow"),
    error(227, "language.title.reason"),
    error(228, "language.title.fleet-sum"),
    error(229, "language.title.type"),
    error(230, "language.title.not-condition"),
    error(231, "language.title.residency"),
    error(232, "language.title.hard"),
    error(233, "language.title.region"),
    error(234, "language.title.wrong-kind"),
    error(235, "language.title.no-tokens"),
    //
    // 03xx: does not fit (memory, storage, time, energy).
    error(301, "rules.title.memory_budget"),
    warning(302, "rules.title.entitlement"),
    warning(303, "rules.title.store_memory"),
    error(304, "rules.title.over_ram"),
    warning(305, "rules.title.crowded_ram"),
    error(306, "rules.title.download"),
    error(307, "rules.title.storage"),
    warning(308, "rules.title.store_size"),
    error(309, "rules.title.battery"),
    warning(310, "rules.title.slow"),
    warning(311, "rules.title.heat"),
    //
    // 04xx: not compatible (runtime, backend, system, licence).
    error(401, "rules.title.os"),
    error(402, "rules.title.runtime"),
    error(403, "rules.title.ui"),
    error(404, "rules.title.backend"),
    error(405, "rules.title.backend_type"),
    error(406, "rules.title.allocation"),
    error(407, "rules.title.system_model"),
    error(408, "rules.title.context"),
    error(409, "rules.title.language"),
    error(410, "rules.title.capability"),
    error(411, "rules.title.license_refuses"),
    error(412, "rules.title.license_cap"),
    warning(413, "rules.title.license_unclear"),
    //
    // 05xx: nothing fits.
    error(501, "solve.title.conflict"),
    error(502, "solve.title.pinned"),
    error(503, "solve.title.no-class"),
    error(504, "solve.title.no-device"),
    //
    // 06xx: suspicious or improvable.
    warning(601, "language.title.unused"),
    advice(602, "language.title.task-guess"),
    warning(604, "language.title.context"),
    warning(605, "language.title.languages"),
    warning(607, "language.title.test-empty"),
    warning(608, "language.title.direction-needless"),
    warning(612, "language.title.confidence"),
    warning(620, "solve.title.idle-platform"),
    warning(621, "solve.title.idle-share"),
    warning(622, "solve.title.undecided"),
    advice(623, "solve.title.by-width"),
    warning(624, "solve.title.below-floor"),
    warning(625, "solve.title.idle-allow"),
    warning(626, "solve.title.idle-bound"),
    warning(627, "solve.title.idle-preference"),
    warning(628, "solve.title.idle-model"),
    advice(629, "solve.title.unused-bound"),
    advice(630, "solve.title.unused-forbid"),
    warning(631, "rules.title.dead"),
    advice(640, "rules.title.uncertain"),
    advice(641, "rules.title.memory_advice"),
    advice(642, "rules.title.delivery"),
    warning(643, "rules.title.maturity"),
    warning(644, "rules.title.slow_kernel"),
    warning(645, "rules.title.quant_quality"),
    warning(646, "rules.title.system_at_run_time"),
    advice(647, "rules.title.build"),
    advice(648, "rules.title.background"),
    warning(649, "rules.title.language_unsure"),
    warning(650, "rules.title.behaviour"),
    advice(651, "rules.title.license_advice"),
    advice(652, "rules.title.first_load"),
    advice(653, "rules.title.long_prompt"),
    advice(654, "rules.title.system_offers"),
    //
    // 07xx: catalog and rule files.
    error(700, "catalog.title.syntax"),
    error(701, "catalog.title.shape"),
    error(702, "catalog.title.unknown_name"),
    error(703, "catalog.title.duplicate"),
    error(704, "catalog.title.no_source"),
    error(705, "catalog.title.absurd"),
    error(706, "catalog.title.inconsistent"),
    error(707, "catalog.title.nothing_to_override"),
    error(740, "rules.title.unreadable"),
    error(741, "rules.title.shape"),
    error(742, "rules.title.name"),
    error(743, "rules.title.duplicate"),
    error(744, "rules.title.class"),
    error(745, "rules.title.placeholder"),
    error(746, "rules.title.example"),
    error(747, "rules.title.assignment"),
    error(751, "gguf.title.not_gguf"),
    error(752, "gguf.title.ends"),
    error(753, "gguf.title.impossible"),
    error(754, "gguf.title.parts"),
    error(755, "gguf.title.no_tensors"),
    //
    // 08xx: input, lock and reproducibility.
    //
    error(801, "input.title.unreadable"),
    error(802, "input.title.not_utf8"),
    error(803, "input.title.too_large"),
    error(804, "input.title.no_specs"),
    error(805, "input.title.differs"),
    error(806, "config.title.syntax"),
    error(807, "config.title.unknown_key"),
    error(808, "config.title.wrong_value"),
    error(809, "config.title.fixed_level"),
    warning(810, "baseline.title.stale"),
    warning(811, "input.title.left"),
    error(812, "input.title.unmet"),
    //
    // 09xx: prose.
    error(901, "prose.title.number"),
    error(902, "prose.title.unit"),
    error(903, "prose.title.subject"),
    error(904, "prose.title.name"),
    error(905, "prose.title.pair"),
    error(906, "prose.title.comparison"),
    error(907, "prose.title.turn"),
    error(908, "prose.title.words"),
    error(909, "prose.title.hidden"),
    error(910, "prose.title.markup"),
    error(911, "prose.title.instruction"),
    error(912, "prose.title.unclear"),
    error(913, "prose.title.missing"),
    error(914, "prose.title.unreadable"),
    error(915, "prose.title.stale"),
];

/// The row of a code.
#[must_use]
pub fn find(code: Code) -> Option<&'static CodeInfo> {
    let index = CODES.binary_search_by_key(&code, |info| info.code).ok()?;
    CODES.get(index)
}

/// The code spelled `EP0301`, `ep0301`, `0301` or `301`, if it is registered.
#[must_use]
pub fn parse(text: &str) -> Option<&'static CodeInfo> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower.strip_prefix("ep").unwrap_or(&lower);
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    find(Code(digits.parse().ok()?))
}

mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));

    pub(super) fn table(locale: super::Locale) -> &'static [(u16, &'static str)] {
        match locale {
            super::Locale::En => EN,
            super::Locale::ZhCn => ZH_CN,
        }
    }
}

/// The Markdown page that explains a code.
#[must_use]
pub fn page(code: Code, locale: Locale) -> Option<&'static str> {
    let table = pages::table(locale);
    let index = table.binary_search_by_key(&code.0, |(n, _)| *n).ok()?;
    table.get(index).map(|(_, text)| *text)
}

/// Where the page of a code is published.
#[must_use]
pub fn url(code: Code, locale: Locale) -> String {
    let folder = match locale {
        Locale::En => "docs/errors",
        Locale::ZhCn => "docs/errors/zh-CN",
    };
    format!(
        "{}/blob/main/{folder}/{code}.md",
        env!("CARGO_PKG_REPOSITORY")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn codes_are_found_however_they_are_spelled() {
        for spelling in ["EP0801", "ep0801", "0801", "801"] {
            assert_eq!(parse(spelling).map(|info| info.code), Some(Code(801)));
        }
        for nonsense in ["", "EP", "EP9999", "08011", "-801", "EPx"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
