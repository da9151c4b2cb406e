//! Claims without a number that figures decide: a limit that is kept, weights that are mapped, whose limit it is.

use std::collections::{BTreeMap, BTreeSet};

use super::clause::{Scope, has};
use super::facts::{Line, Named, Open};
use super::token::Token;
use crate::prose::facts::{Attribute, Kind};
use crate::prose::read::meaning::Compare;
use crate::quantity::Dimension;

/// Whether what is spoken of keeps its limit so, on every line.
pub(super) fn keeps(
    open: &Open,
    scope: &Scope,
    compare: Compare,
    subject: Option<Attribute>,
) -> Option<()> {
    let (subject, bare) = match subject {
        Some(Attribute::BaseLimit) => (Attribute::PeakMemory, true),
        subject => (subject.unwrap_or(Attribute::PeakMemory), false),
    };
    let limit = match subject {
        Attribute::PeakMemory if bare => Attribute::BaseLimit,
        Attribute::PeakMemory => Attribute::Limit,
        Attribute::Download => Attribute::DownloadLimit,
        Attribute::Storage => Attribute::StorageLimit,
        _ => return None,
    };
    let mut seen = false;
    for line in scope.lines(open) {
        let (Some(own), Some(limit)) = (line.figures.get(&subject), line.figures.get(&limit))
        else {
            return None;
        };
        seen = true;
        let right = match compare {
            Compare::Less | Compare::AtMost | Compare::Fits => own.high <= limit.low,
            Compare::More | Compare::AtLeast | Compare::Misfits => own.low > limit.high,
        };
        if !right {
            return None;
        }
    }
    seen.then_some(())
}

/// Whether a state holds on every line; nothing for words that are no state.
pub(super) fn holds(open: &Open, scope: &Scope, state: &str) -> Option<bool> {
    let lines = scope.lines(open);
    let of =
        |test: &dyn Fn(&Line) -> bool| !lines.is_empty() && lines.iter().all(|line| test(line));
    let get = |line: &Line, attribute| line.figures.get(&attribute).map(|one| one.likely);
    let charged = |line: &Line| get(line, Attribute::ChargedWeights);
    let is_mapped = |line: &Line| get(line, Attribute::MappedWeights).is_some_and(|it| it > 0.0);
    Some(match state {
        "uncharged" => of(&|line| charged(line) == Some(0.0)),
        "mapped" => of(&|line| charged(line) == Some(0.0) && is_mapped(line)),
        "charged" => of(&|line| {
            let weights = charged(line);
            weights.is_some_and(|it| it > 0.0) && weights == get(line, Attribute::File)
        }),
        "by-spec" => of(&|line| get(line, Attribute::SpecLimit).is_some()),
        "flash-on" | "flash-off" | "mmap-on" | "mmap-off" => {
            let set = |line: &&&Line| !line.switches.is_empty();
            let mut set = lines.iter().filter(set).peekable();
            set.peek().is_some() && set.all(|line| line.switches.contains(state))
        }
        "by-platform" => of(&|line| get(line, Attribute::PlatformLimit).is_some()),
        _ => return None,
    })
}

/// Whether one class is the first of all in a figure, by likely values. `group` says which way.
pub(super) fn is_first(open: &Open, scope: &Scope, of: Attribute, group: &str) -> bool {
    let speed = matches!(of.dimension(), Dimension::Rate | Dimension::Time);
    let rate = of.dimension() == Dimension::Rate;
    let more = match group {
        "most" => true,
        "least" => false,
        "fastest" if speed => rate,
        "slowest" if speed => !rate,
        _ => return false,
    };
    let Some(place) = &scope.place else {
        return false;
    };
    let anywhere = Scope {
        place: None,
        names: BTreeMap::new(),
        ..scope.clone()
    };
    let all = anywhere.lines(open);
    let own = |line: &&&Line| place.classes.contains(&line.class);
    let values = |keep: &dyn Fn(&&&Line) -> bool| -> Vec<f64> {
        let lines = all.iter().filter(keep);
        lines
            .filter_map(|line| line.figures.get(&of))
            .map(|figure| figure.likely)
            .collect()
    };
    let (mine, others) = (values(&own), values(&|line| !own(line)));
    let ahead = |one: &f64, other: &f64| if more { one > other } else { one < other };
    !mine.is_empty()
        && !others.is_empty()
        && scope.holds_together(open, false)
        && mine
            .iter()
            .all(|one| others.iter().all(|other| ahead(one, other)))
}

/// `Only Android 8 GB uses X`, `X only on Android 8 GB`, `only the CPU`: what `only` stands before excludes all others.
pub(super) fn is_alone(open: &Open, scope: &Scope, clause: &[Token], at: usize) -> bool {
    let next = clause[at + 1..].iter().find(|token| **token != Token::Fill);
    let plain = |token: &Token| {
        matches!(
            token,
            Token::Name(_) | Token::Place(_) | Token::Fill | Token::Role(_) | Token::Feature(_)
        ) || token.is_group("only")
            || token.is_group("with")
    };
    if !clause.iter().all(plain) {
        return false;
    }
    match next {
        Some(Token::Place(_)) => is_nowhere_else(open, scope),
        Some(Token::Name(named)) => {
            let mut others = scope.clone();
            let Some(kind) = named.iter().map(|one| one.kind).min() else {
                return false;
            };
            others.names.remove(&kind);
            // `Only Qwen3 runs on Metal` speaks of a place of its own.
            if kind == Kind::Model || scope.place.is_none() && others.names.is_empty() {
                return false;
            }
            let lines = others.lines(open);
            !lines.is_empty() && lines.iter().all(|line| has(line, named))
        }
        _ => false,
    }
}

/// Whether the names that are spoken of are on no class besides.
pub(super) fn is_nowhere_else(open: &Open, scope: &Scope) -> bool {
    let Some(place) = &scope.place else {
        return false;
    };
    let names: Vec<&Vec<Named>> = scope.names.values().collect();
    let anywhere = Scope {
        place: None,
        ..scope.clone()
    };
    let all = anywhere.lines(open);
    names.len() == 1
        && !all.is_empty()
        && all.iter().all(|line| place.classes.contains(&line.class))
        && place
            .classes
            .iter()
            .all(|class| all.iter().any(|line| line.class == *class))
}

/// Whether each feature has the same model, in the same quantization, wherever it is spoken of.
pub(super) fn is_one_model(open: &Open, scope: &Scope) -> bool {
    let anywhere = Scope {
        names: BTreeMap::new(),
        ..scope.clone()
    };
    let lines = anywhere.lines(open);
    let model = |line: &&Line| line.names.get(&Kind::Model).cloned();
    let first = lines.first().map(model);
    !lines.is_empty() && lines.iter().all(|line| Some(model(line)) == first)
}

/// Whether a figure is the same on all of several classes.
pub(super) fn is_same(open: &Open, scope: &Scope, of: Attribute) -> bool {
    let lines = scope.lines(open);
    let shown = |line: &&Line| {
        let figure = line.figures.get(&of);
        figure.map(|figure| figure.shown(of.dimension()))
    };
    let first = lines.first().and_then(shown);
    let classes: BTreeSet<usize> = lines.iter().map(|line| line.class).collect();
    classes.len() > 1 && first.is_some() && lines.iter().all(|line| shown(line) == first)
}
