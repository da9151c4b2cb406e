//! Places told by those that were spoken of before, or by how many there are: `the other Androids`, `the two smaller ones`.

use std::collections::BTreeSet;

use super::facts::{Line, Open};
use super::token::{Place, Token};
use crate::prose::read::meaning::Way;

/// Places told by what was spoken of before: `the other Androids`, `the two smaller ones`. The outer nothing is a wrong count.
#[allow(clippy::option_option)]
pub(super) fn relative(
    open: &Open,
    tokens: &[Token],
    at: usize,
    before: &[Token],
) -> Option<Option<(Place, usize)>> {
    let spoken: Vec<&Place> = before
        .iter()
        .filter_map(|token| match token {
            Token::Place(place) => Some(place),
            _ => None,
        })
        .collect();
    let mut next = at;
    let mut count = None;
    let mut kind = None;
    while let Some(token) = tokens.get(next)
        && next < at + 5
    {
        match token {
            Token::Number(quantity) if !quantity.has_unit && count.is_none() => {
                count = Some(quantity.value);
            }
            token if token.is_group("others") && kind.is_none() => kind = Some(Relation::Others),
            Token::Way(Way::Less) if kind.is_none() => kind = Some(Relation::Smaller),
            Token::Way(Way::More) if kind.is_none() => kind = Some(Relation::Larger),
            Token::Fill if next > at => {}
            token if token.is_group("all") || token.is_group("both") => {}
            _ => break,
        }
        next += 1;
    }
    let Some(kind) = kind else {
        return Some(None);
    };
    let (platform, end) = match tokens.get(next) {
        Some(Token::Platform(id)) => (Some(id.as_str()), past_phone(tokens, next + 1)),
        Some(Token::Phone) => match tokens.get(next + 1) {
            Some(Token::Platform(id)) => (Some(id.as_str()), next + 2),
            _ => (None, next + 1),
        },
        _ => return Some(None),
    };
    let Some(found) = related(open, kind, platform, &spoken, count) else {
        return Some(None);
    };
    match count {
        Some(count) if found.len() as f64 != count => None,
        _ if found.is_empty() => Some(None),
        _ => Some(Some((
            Place {
                classes: found,
                wide: false,
            },
            end - at,
        ))),
    }
}

/// How places are told by others.
#[derive(Clone, Copy)]
enum Relation {
    Others,
    Smaller,
    Larger,
}

/// The classes that stand so to those that were spoken of.
fn related(
    open: &Open,
    kind: Relation,
    platform: Option<&str>,
    spoken: &[&Place],
    count: Option<f64>,
) -> Option<BTreeSet<usize>> {
    let known: BTreeSet<usize> = spoken
        .iter()
        .flat_map(|one| &one.classes)
        .copied()
        .collect();
    let of_known = |line: &&Line| known.contains(&line.class);
    let all = |keep: &dyn Fn(&&Line) -> bool| -> Vec<(u32, usize)> {
        let lines = open.lines.iter().filter(keep);
        let rams: BTreeSet<(u32, usize)> = lines.map(|line| (line.ram, line.class)).collect();
        rams.into_iter().collect()
    };
    // Without a platform they are on that of the place before.
    let mut platforms: Vec<&str> = match (platform, spoken.last()) {
        (Some(id), _) => vec![id],
        (None, Some(last)) => {
            let lines = open
                .lines
                .iter()
                .filter(|line| last.classes.contains(&line.class));
            lines.map(|line| line.platform.as_str()).collect()
        }
        (None, None) => return None,
    };
    platforms.sort_unstable();
    platforms.dedup();
    let [platform] = platforms.as_slice() else {
        return None;
    };
    let own = all(&|line| line.platform == *platform);
    let before = all(&|line| line.platform == *platform && of_known(line));
    let found: BTreeSet<usize> = match kind {
        Relation::Others => {
            let left = own.iter().filter(|(_, class)| !known.contains(class));
            left.map(|(_, class)| *class).collect()
        }
        Relation::Smaller => {
            let least = before.iter().map(|(ram, _)| *ram).min();
            let many = count.map_or(usize::MAX, |count| count as usize);
            let below = own
                .iter()
                .filter(|(ram, _)| least.is_none_or(|least| *ram < least));
            let below = below.map(|(_, class)| *class);
            match least {
                Some(_) => below.collect(),
                None => below.take(many.min(own.len() - 1)).collect(),
            }
        }
        Relation::Larger => {
            let most = before.iter().map(|(ram, _)| *ram).max();
            let many = count.map_or(usize::MAX, |count| count as usize);
            let above = own
                .iter()
                .rev()
                .filter(|(ram, _)| most.is_none_or(|most| *ram > most));
            let above = above.map(|(_, class)| *class);
            match most {
                Some(_) => above.collect(),
                None => above.take(many.min(own.len() - 1)).collect(),
            }
        }
    };
    // `The smaller ones` without a place before are of two sizes that cannot be told.
    if before.is_empty() && count.is_none() && !matches!(kind, Relation::Others) && own.len() != 2 {
        return None;
    }
    Some(found)
}

/// Where the words for phones after a place end.
pub(super) fn past_phone(tokens: &[Token], mut at: usize) -> usize {
    while matches!(tokens.get(at), Some(Token::Phone)) {
        at += 1;
    }
    at
}
