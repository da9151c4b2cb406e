//! Language tags and regions.

use super::desk::Desk;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::syntax::tree::{Value, ValueKind};

/// The two-letter codes of ISO 639-1.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is \
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu yue";

/// Names people write instead of codes.
const NAMES: &[(&str, &str)] = &[
    ("chinese", "zh"),
    ("mandarin", "zh"),
    ("cn", "zh"),
    ("english", "en"),
    ("japanese", "ja"),
    ("jp", "ja"),
    ("korean", "ko"),
    ("kr", "ko"),
    ("german", "de"),
    ("french", "fr"),
    ("spanish", "es"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("italian", "it"),
    ("arabic", "ar"),
    ("hindi", "hi"),
];

/// The language of a tag (`zh-CN` -> `zh`); `None` for what is no language.
pub(super) fn base(tag: &str) -> Option<String> {
    let language = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    CODES
        .split_ascii_whitespace()
        .any(|code| code == language)
        .then_some(language)
}

impl Desk<'_> {
    /// A language by its code.
    pub(super) fn language(&mut self, value: &Value) -> Option<String> {
        let settled = self.settle(value)?;
        let (ValueKind::Word(word) | ValueKind::Text(word)) = &settled.kind else {
            let message = Text::key("language.wrong-kind")
                .arg("found", super::desk::show(&settled.kind))
                .arg("wanted", Text::key("language.what.language"));
            let finding = Diagnostic::error(Code(234), settled.span, message);
            self.report_on(&settled, finding);
            return None;
        };
        if let Some(language) = base(word) {
            return Some(language);
        }
        let lower = word.to_ascii_lowercase();
        let message = Text::key("language.unknown-name")
            .arg("what", Text::key("language.what.language"))
            .arg("name", word.as_str());
        let finding = Diagnostic::error(Code(208), settled.span, message);
        let finding = match NAMES.iter().find(|(name, _)| *name == lower) {
            Some((_, code)) => finding.fix(
                crate::diagnostic::Applicability::Automatic,
                Text::key("language.write").arg("what", *code),
                settled.span,
                *code,
            ),
            None => finding.help(Text::key("language.language-codes")),
        };
        self.report_on(&settled, finding);
        None
    }

    /// A region by its ISO 3166 code, or `EU`.
    pub(super) fn region(&mut self, value: &Value) -> Option<String> {
        let text = self.text(value)?;
        let code = text.to_ascii_uppercase();
        if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Some(code);
        }
        let message = Text::key("language.region").arg("name", text.as_str());
        self.report(Diagnostic::error(Code(233), value.span, message));
        None
    }
}
