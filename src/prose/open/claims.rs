//! Sentences of figures and names: each number is one of a figure of every line spoken of, and names belong together.

use super::bind::{assign, ends, in_frame, inherited, ruling, spots};
use super::clause::{Scope, clauses};
use super::facts::{Named, Open};
use super::figures::Claim;
use super::said::{Said, Why};
use super::states;
use super::token::Token;
use crate::prose::facts::{Attribute, Kind};
use crate::prose::read::meaning::Compare;
use crate::prose::read::number::Quantity;
use crate::quantity::Dimension;

/// Whether a sentence follows.
pub(super) fn judge(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    let mut scope = Scope::default();
    only_of(tokens, &mut scope);
    let tokens = &denied(tokens)?;
    gives_reason(tokens)?;
    let mut said = Said::default();
    let parts: Vec<Vec<Token>> = clauses(tokens).iter().map(|clause| under(clause)).collect();
    let unit = tokens.iter().find_map(|token| match token {
        Token::Number(quantity) | Token::Span(_, quantity) if quantity.has_unit => {
            Some(quantity.clone())
        }
        _ => None,
    });
    let mut last_unit = unit;
    said.bare = tokens.iter().any(|token| token.is_group("bare"));
    for (number, clause) in parts.iter().enumerate() {
        scope.take(open, clause).ok_or("two things in a clause")?;
        let own_names = clause.iter().any(|token| matches!(token, Token::Name(_)));
        let told = clause
            .iter()
            .any(|token| matches!(token, Token::Number(_) | Token::Span(..)));
        if !scope.holds_together(open, told) {
            return Err(format!("names do not belong together: {:?}", scope.names));
        }
        let linked = scope.place.is_some()
            || scope.names.len() > 1
            || scope.role.is_some()
            || scope.features.is_some();
        said.names |= own_names && linked;
        let mut before = parts[..number].iter().flatten();
        said.framed = said.claims.is_empty() && before.any(|token| token.is_group("bare"));
        let later = parts.get(number + 1..).unwrap_or_default();
        read(open, clause, later, &scope, &mut said, &mut last_unit)?;
    }
    let waiting = std::mem::take(&mut said.waiting);
    if !waiting.is_empty() {
        let last = said.claims.last_mut().filter(|claim| claim.ends.is_empty());
        last.ok_or("an end of nothing")?.ends = waiting;
    }
    let mut stated: Vec<Attribute> = Vec::new();
    for claim in &said.claims {
        let of = claim.holds(open).ok_or_else(|| {
            format!(
                "no figure {:?} of {:?} {:?}",
                claim.low.value / claim.low.factor,
                claim.of,
                claim.ends
            )
        })?;
        stated.push(of);
    }
    if said.hourly && !stated.contains(&Attribute::Battery) {
        return Err("an hour".to_owned());
    }
    // What several take together is known of what is one figure for all of them.
    if tokens.iter().any(|token| token.is_group("together"))
        && !stated.iter().all(|of| of.is_of_whole() || of.is_bound())
    {
        return Err("a sum".to_owned());
    }
    for (scope, compare, of) in &said.held {
        let subject = of.or_else(|| {
            stated
                .iter()
                .copied()
                .find(|one| !one.is_bound() && *one != Attribute::Slack)
        });
        states::keeps(open, scope, *compare, subject).ok_or("limit")?;
    }
    for spoken in &said.spoken {
        let used = |of: &Attribute| {
            let held = |held: &Option<Attribute>| {
                *held == Some(*of) || matches!(of, Attribute::Limit | Attribute::DownloadLimit)
            };
            stated.contains(of)
                || said.first.contains(of)
                || said.held.iter().any(|(_, _, of)| held(of))
        };
        let free = |of: &Attribute| {
            matches!(
                of,
                Attribute::File
                    | Attribute::Input
                    | Attribute::Context
                    | Attribute::Threads
                    | Attribute::Battery
            )
        };
        if !spoken.iter().any(used) && !spoken.iter().all(free) {
            return Err(format!("words for {spoken:?} without a number"));
        }
    }
    if said.claims.is_empty() && said.held.is_empty() && !said.names {
        return Err("nothing said".to_owned());
    }
    Ok(())
}

/// `No user downloads more than`: at most.
fn denied(tokens: &[Token]) -> Result<Vec<Token>, Why> {
    let is_denial = |token: &&Token| token.is_group("no-one");
    if tokens.iter().filter(is_denial).count() == 0 {
        return Ok(tokens.to_vec());
    }
    let compares = tokens
        .iter()
        .filter(|token| matches!(token, Token::Compare(_)));
    if compares.count() != 1 || tokens.iter().filter(is_denial).count() != 1 {
        return Err("a denial".to_owned());
    }
    let turned = tokens
        .iter()
        .filter(|token| !is_denial(token))
        .map(|token| match token {
            Token::Compare(compare) => Token::Compare(compare.denied()),
            token => token.clone(),
        });
    Ok(turned.collect())
}

/// `71 MiB under its limit` are what is left of it.
fn under(clause: &[Token]) -> Vec<Token> {
    let mut out = clause.to_vec();
    let is_limit =
        |token: &Token| matches!(token, Token::Attribute(of, _) if of.contains(&Attribute::Limit));
    for at in 1..out.len() {
        if out[at] != Token::Compare(Compare::Less) || !matches!(out[at - 1], Token::Number(_)) {
            continue;
        }
        let Some(next) = (at + 1..out.len()).find(|next| out[*next] != Token::Fill) else {
            continue;
        };
        let told = out[next + 1..]
            .iter()
            .any(|token| matches!(token, Token::Number(_)));
        if is_limit(&out[next]) && !told {
            out[at] = Token::Attribute(vec![Attribute::Slack], false);
            out[next] = Token::Fill;
        }
    }
    out
}

/// A reason is followed only where weights are not charged because they are mapped.
fn gives_reason(tokens: &[Token]) -> Result<(), Why> {
    let Some(at) = tokens.iter().position(|token| token.is_group("because")) else {
        return Ok(());
    };
    let state = |token: &Token| token.is_group("mapped") || token.is_group("uncharged");
    let right = tokens[at..].iter().any(state) && !tokens[..at].iter().any(state);
    right.then_some(()).ok_or_else(|| "a reason".to_owned())
}

/// A place or a feature that alone is named in a sentence is that of all its clauses.
fn only_of(tokens: &[Token], scope: &mut Scope) {
    let place = only(tokens, |token| match token {
        Token::Place(place) => Some(place),
        _ => None,
    });
    let features = only(tokens, |token| match token {
        Token::Feature(of) => Some(of),
        _ => None,
    });
    scope.place = place.cloned().or(scope.place.take());
    scope.features = features.cloned().or(scope.features.take());
}

/// The one thing of a kind that tokens name, however often one after the other.
fn only<'t, T: PartialEq>(
    tokens: &'t [Token],
    of: impl Fn(&'t Token) -> Option<&'t T>,
) -> Option<&'t T> {
    let mut named: Vec<&T> = tokens.iter().filter_map(of).collect();
    named.dedup();
    match named.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn read(
    open: &Open,
    clause: &[Token],
    later: &[Vec<Token>],
    scope: &Scope,
    said: &mut Said,
    last_unit: &mut Option<Quantity>,
) -> Result<(), Why> {
    let mut spots = spots(clause, last_unit);
    if crosses(open, clause) {
        return Err("an engine before its runtime".to_owned());
    }
    let drains = said
        .spoken
        .iter()
        .flatten()
        .any(|of| *of == Attribute::Battery);
    let cues: Vec<(usize, Vec<Attribute>, bool)> = clause
        .iter()
        .enumerate()
        .filter_map(|(at, token)| match token {
            Token::Attribute(of, light) => Some((at, in_frame(of, clause, said.framed), *light)),
            _ => None,
        })
        .collect();
    assign(&mut spots, &cues);
    ends(clause, &mut spots, said);
    let mut compares: Vec<usize> = Vec::new();
    let taken: Vec<usize> = spots.iter().filter_map(|spot| spot.cue).collect();
    for spot in &spots {
        let before = ruling(clause, spot.at);
        let follows = matches!(clause.get(spot.at + 2), Some(Token::Number(_)));
        let after = match clause.get(spot.at + 1) {
            Some(Token::CompareAfter(compare)) => Some((spot.at + 1, *compare)),
            // `1.7 s at the most`.
            Some(Token::Compare(compare @ (Compare::AtMost | Compare::AtLeast))) if !follows => {
                Some((spot.at + 1, *compare))
            }
            _ => None,
        };
        let compare = before.compare.or(after);
        compares.extend(compare.map(|(at, _)| at));
        let mut compare = compare.map(|(_, compare)| compare);
        let mut of = match spot
            .cue
            .and_then(|at| cues.iter().find(|(cue, ..)| *cue == at))
        {
            // `Where others need 448 MiB`: of what was spoken of.
            Some((_, of, true)) if of.contains(&Attribute::PeakMemory) => {
                let mut all = of.clone();
                all.extend(inherited(said, spot, &[]));
                all
            }
            Some((_, of, _)) => of.clone(),
            None if spot.low.dimension == Dimension::Bytes
                && clause.iter().any(|token| token.is_group("bare")) =>
            {
                vec![Attribute::BaseLimit]
            }
            None => inherited(said, spot, later),
        };
        // `The weights are charged 4 GiB` is not said of the whole process.
        let whole = of.contains(&Attribute::PeakMemory);
        let of_file = |(at, of, _): &(usize, Vec<Attribute>, bool)| {
            of.contains(&Attribute::File) && !taken.contains(at)
        };
        if whole && cues.iter().any(of_file) {
            return Err("weights or all".to_owned());
        }
        // `Below the 3 GiB limit` says what the limit is, and that something keeps it.
        if let Some(how) = compare
            && of.iter().any(|one| one.is_bound())
        {
            if how == Compare::AtLeast {
                return Err("a limit from below".to_owned());
            }
            let mut subjects = cues.iter().filter(|(at, of, _)| {
                Some(*at) != spot.cue && of.iter().any(|one| one.dimension() == Dimension::Bytes)
            });
            let subject = subjects.next().and_then(|(_, of, _)| of.first().copied());
            let limit = match subject {
                Some(Attribute::Download) => Some(Attribute::DownloadLimit),
                Some(Attribute::Storage) => Some(Attribute::StorageLimit),
                Some(Attribute::PeakMemory | Attribute::Slack) => Some(Attribute::Limit),
                _ => None,
            };
            if let Some(limit) = limit.filter(|limit| of.contains(limit)) {
                of = vec![limit];
            }
            if !matches!(how, Compare::AtMost | Compare::AtLeast) || subject.is_some() {
                said.held.push((scope.clone(), how, subject));
            }
            compare = None;
        }
        let of = match drains && of.is_empty() {
            true => vec![Attribute::Battery],
            false => of,
        };
        said.claims.push(Claim {
            scope: scope.clone(),
            low: spot.low.clone(),
            high: spot.high.clone(),
            of,
            about: before.about,
            near: before.near,
            steady: clause.iter().any(|token| token.is_group("steady"))
                || is_of_other(&clause[spot.at + 1..]),
            modal: clause[..spot.at]
                .iter()
                .any(|token| token.is_group("modal")),
            compare,
            ends: spot.ends.clone(),
        });
    }
    for (_, of, light) in &cues {
        if !light {
            said.spoken.push(of.clone());
        }
    }
    for (at, token) in clause.iter().enumerate() {
        let right = match token {
            Token::Compare(_) | Token::CompareAfter(_) if compares.contains(&at) => true,
            Token::Compare(compare) => {
                // `Stays below its limit`.
                let bound = |token: &Token| matches!(token, Token::Attribute(of, _) if of.contains(&Attribute::Limit));
                let next = clause[at + 1..]
                    .iter()
                    .find(|token| !matches!(token, Token::Fill));
                let subject = cues
                    .iter()
                    .find(|(cue, of, _)| *cue < at && !of.iter().any(|one| one.is_bound()));
                let subject = subject.and_then(|(_, of, _)| of.first().copied());
                said.held.push((scope.clone(), *compare, subject));
                next.is_some_and(bound)
            }
            Token::Group(group) => match group.as_str() {
                "all" => !matches!(clause.get(at + 1), Some(Token::Number(_) | Token::Span(..))),
                "about" | "modal" | "with" | "to" | "between" | "everywhere" | "bare"
                | "granted" | "together" | "steady" | "once" => true,
                "just-under" | "just-over" => {
                    matches!(clause.get(at + 1), Some(Token::Number(_) | Token::Group(_)))
                }
                "and-a-bit" => at > 0 && matches!(clause[at - 1], Token::Number(_)),
                "most" | "least" | "fastest" | "slowest" => {
                    let near = cues.iter().min_by_key(|(cue, ..)| cue.abs_diff(at));
                    let of = near.and_then(|(_, of, _)| of.first().copied());
                    said.first.extend(of);
                    said.names = true;
                    of.is_some_and(|of| states::is_first(open, scope, of, group))
                }
                "fits" => {
                    let bare = clause.iter().any(|token| token.is_group("bare")) || said.bare;
                    let limit = bare.then_some(Attribute::BaseLimit);
                    said.held.push((scope.clone(), Compare::Fits, limit));
                    true
                }
                "hourly" => {
                    said.hourly = true;
                    true
                }
                "only" => {
                    is_bare_only(&clause[at + 1..]) || {
                        said.names = true;
                        states::is_alone(open, scope, clause, at)
                    }
                }
                "same" => {
                    let near = cues.iter().min_by_key(|(cue, ..)| cue.abs_diff(at));
                    let of = near.and_then(|(_, of, _)| of.first().copied());
                    said.first.extend(of);
                    said.names = true;
                    of.is_some_and(|of| states::is_same(open, scope, of))
                }
                "nowhere-else" => {
                    said.names = true;
                    states::is_nowhere_else(open, scope)
                }
                "one-model" => {
                    said.names = true;
                    states::is_one_model(open, scope)
                }
                "the-same" => {
                    let next = clause[at + 1..].iter().find(|token| **token != Token::Fill);
                    match next {
                        Some(Token::Name(_)) => true,
                        Some(Token::Role(_)) => states::is_one_model(open, scope),
                        _ => false,
                    }
                }
                state => {
                    states::holds(open, scope, state).unwrap_or_default() && {
                        said.names = true;
                        true
                    }
                }
            },
            // `Qwen3.5 5B` is no name of the plan.
            Token::Name(named) if sizes(clause.get(at + 1)) => {
                !named.iter().any(|one| one.kind == Kind::Model)
            }
            Token::Number(_)
            | Token::Span(..)
            | Token::Attribute(..)
            | Token::End(_)
            | Token::Fill => true,
            Token::Name(_) | Token::Place(_) | Token::Role(_) | Token::Feature(_) => true,
            _ => false,
        };
        if !right {
            return Err(format!("{token:?}"));
        }
    }
    Ok(())
}

/// `More than the 17 tok/s on B`: a place right after a number may be that of another.
fn is_of_other(after: &[Token]) -> bool {
    let next = after.iter().find(|token| **token != Token::Fill);
    matches!(next, Some(Token::Place(_)))
}

/// `Only` right before a number adds nothing, also with light words for its figure between.
fn is_bare_only(after: &[Token]) -> bool {
    let skipped = |token: &&Token| match token {
        Token::Attribute(of, light) => *light || of.contains(&Attribute::Slack),
        Token::End(_) => true,
        Token::Group(group) => matches!(group.as_str(), "about" | "modal" | "once"),
        _ => false,
    };
    let next = after.iter().find(|token| !skipped(token));
    matches!(next, Some(Token::Number(_) | Token::Ratio(_)))
        || after.first().is_some_and(|token| token.is_group("once"))
}

/// Whether what follows a name is a size of its own.
fn sizes(next: Option<&Token>) -> bool {
    matches!(next, Some(Token::Number(quantity)) if quantity.dimension == Dimension::Params)
}

/// Whether an engine is named before the binding that holds it: `llama.cpp runs on llamadart`.
fn crosses(open: &Open, clause: &[Token]) -> bool {
    let names: Vec<&Vec<Named>> = clause
        .iter()
        .filter_map(|token| match token {
            Token::Name(named) => Some(named),
            _ => None,
        })
        .collect();
    let is =
        |named: &[Named], name: Option<&String>| named.iter().any(|one| Some(&one.name) == name);
    names.iter().enumerate().any(|(at, first)| {
        names[at + 1..].iter().any(|second| {
            open.lines.iter().any(|line| {
                let (engine, runtime) = (
                    line.names.get(&Kind::Engine),
                    line.names.get(&Kind::Runtime),
                );
                engine != runtime && is(first, engine) && is(second, runtime)
            })
        })
    })
}
