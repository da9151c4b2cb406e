//! What an entry of the lexicon becomes where it stands. Some need a number after them, or other words beside them.

use super::atom::{Atom, What};
use super::lexicon::stem;
use super::meaning::{End, Meaning};
use super::number;
use crate::prose::facts::{Attribute, Kind};

/// A type of KV cache is one only beside the words for it: `f16` is a quantization too.
pub(crate) fn caches(mut atoms: Vec<Atom>, text: &str) -> Vec<Atom> {
    for at in 0..atoms.len() {
        let beside = [at.checked_sub(1), Some(at + 1)]
            .into_iter()
            .flatten()
            .filter_map(|side| atoms.get(side))
            .any(|atom| is_cache_word(&atom.what))
            || is_precision(&atoms, at, text);
        let Some(Atom {
            what: What::Name(options),
            span,
        }) = atoms.get_mut(at)
        else {
            continue;
        };
        let is_cache = |(kind, _): &(Kind, String)| *kind == Kind::Cache;
        if options.iter().any(is_cache) {
            options.retain(|option| is_cache(option) == beside);
            if options.is_empty() {
                let name = text.get(span.clone()).unwrap_or_default().to_owned();
                atoms[at].what = What::Chunk(name);
            }
        }
    }
    atoms
}

/// `The KV cache takes 384 MiB at 4096 tokens and f16 precision`: whether it is the precision of the KV cache, with nothing but
/// figures between.
fn is_precision(atoms: &[Atom], at: usize, text: &str) -> bool {
    const OTHER: [&str; 6] = ["model", "weight", "run", "use", "模型", "权重"];
    let span = &atoms[at].span;
    let after = text.get(span.end..).unwrap_or_default().trim_start();
    let cache = atoms[..at]
        .iter()
        .rposition(|atom| is_cache_word(&atom.what));
    let Some(cache) = cache.filter(|_| after.starts_with("precision") || after.starts_with("精度"))
    else {
        return false;
    };
    let of_figures = |atom: &Atom| {
        matches!(
            atom.what,
            What::Quantity(_) | What::Attribute(_) | What::About | What::And | What::Topic(_)
        )
    };
    let between = text.get(atoms[cache].span.end..span.start);
    atoms[cache + 1..at].iter().all(of_figures)
        && between.is_some_and(|between| !OTHER.iter().any(|other| between.contains(other)))
}

/// Whether an atom is the words for the KV cache.
pub(crate) fn is_cache_word(what: &What) -> bool {
    matches!(what, What::Attribute(words) if words.contains(&Attribute::KvCache))
}

/// Words that may stand between the end of an interval and its number.
const LEADS: [char; 9] = ['约', '为', '达', '可', '到', '会', '是', ' ', '~'];

/// Whether a number comes next.
fn leads_to_number(text: &str) -> bool {
    let rest = text.trim_start_matches(LEADS);
    let rest = ["about ", "around ", "some "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    number::digits(rest)
        .or_else(|| number::spelled(rest))
        .is_some()
}

/// Whether an entry of the lexicon may stand before `rest`: some need a number after them.
pub(crate) fn may_stand(meanings: &[Meaning], rest: &str) -> bool {
    let needs = |meaning: &Meaning| matches!(meaning, Meaning::End(End::High | End::Low));
    !meanings.iter().all(needs) || leads_to_number(rest)
}

/// What an entry means that speaks of one of several, or of an end where a number follows: `最大`, `最快`.
pub(crate) fn extreme(meanings: &[Meaning], text: &str, rest: &str) -> Option<What> {
    let extreme = meanings.iter().find_map(|meaning| match meaning {
        Meaning::Extreme(extreme) => Some(*extreme),
        _ => None,
    })?;
    let bound = meanings.iter().find_map(|meaning| match meaning {
        Meaning::Compare(compare) => Some(What::Compare(*compare)),
        Meaning::End(end) => Some(What::End(*end)),
        _ => None,
    });
    bound
        .filter(|_| leads_to_number(rest))
        .or_else(|| Some(What::Extreme(extreme, stem(text))))
}

/// The bytes of `'s` after a name or a word.
pub(crate) fn possessive(rest: &str, before: Option<char>) -> Option<usize> {
    let after = rest.strip_prefix("'s")?;
    let inside = before.is_some_and(|c| c.is_ascii_alphanumeric());
    (inside && !after.starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(2)
}

/// `一小时` before a percentage is no time but what the percentage is counted by.
pub(crate) fn is_per_hour(rest: &str) -> bool {
    let clause = rest.strip_prefix("一小时").unwrap_or_default();
    let clause = clause.split(['，', '。', '；', ',', ';']).next();
    clause.is_some_and(|clause| clause.contains('%') || clause.contains("百分之"))
}

pub(crate) fn glue(meanings: &[Meaning], what: &What) -> bool {
    matches!(what, What::Word(_)) && meanings == [Meaning::Glue]
}

pub(crate) fn plain(meaning: &Meaning, text: &str) -> What {
    match meaning {
        Meaning::Attribute(attribute) => What::Attribute(vec![*attribute]),
        Meaning::Compare(compare) => What::Compare(*compare),
        Meaning::CompareAfter(_) => What::Guard("bound".to_owned()),
        Meaning::About => What::About,
        Meaning::Negation => What::Negation,
        // Words of degree have opposites in their own group: each stands for itself.
        Meaning::Guard(group) if matches!(group.as_str(), "more" | "most" | "least") => {
            What::Guard(stem(text))
        }
        Meaning::Guard(group) => What::Guard(group.clone()),
        Meaning::Pairing => What::Pairing,
        Meaning::Instruction => What::Instruction,
        Meaning::Link(link) => What::Link(*link),
        Meaning::End(end) => What::End(*end),
        Meaning::Extreme(extreme) => What::Extreme(*extreme, stem(text)),
        Meaning::State(state) => What::State(*state),
        Meaning::Everywhere(count) => What::Everywhere(*count),
        Meaning::Than => What::Than,
        Meaning::Sum => What::Sum,
        Meaning::Same(alike) => What::Same(*alike),
        Meaning::Left => What::Left,
        Meaning::Degree(degree) => What::Degree(*degree),
        Meaning::Nowhere => What::Nowhere,
        Meaning::Others { counted } => What::Others { counted: *counted },
        Meaning::Topic => What::Topic(stem(text)),
        Meaning::Glue | Meaning::Plain => What::Word(text.to_lowercase()),
    }
}
