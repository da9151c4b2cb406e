//! Sentences of several parts of which some compare: `A takes 23 s, six more than B`. Each part is read by itself; what it leaves
//! unsaid is the one thing the part before spoke of. And lists told in order: `A and B take 1 and 2 GiB respectively`.

use super::facts::Open;
use super::said::Why;
use super::scan::in_unit_of;
use super::token::Token;
use super::{claims, compare};
use crate::diagnostic::Locale;

/// Most parts that a sentence is taken apart into.
const MOST: usize = 4;

/// Whether a sentence follows, part by part.
pub(super) fn judge(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    if tokens.iter().any(|token| token.is_group("respectively")) {
        return in_order(open, tokens);
    }
    let ends = |token: &Token| {
        matches!(token, Token::Break(',' | ';' | ':' | '–')) || token.is_group("contrast")
    };
    let parts: Vec<&[Token]> = tokens
        .split(ends)
        .filter(|part| {
            part.iter()
                .any(|token| !matches!(token, Token::Fill | Token::Break(_)))
        })
        .collect();
    if parts.len() < 2 || parts.len() > 2 * MOST {
        return Err("one part".to_owned());
    }
    if tokens.iter().any(|token| token.is_group("because")) {
        return Err("a reason".to_owned());
    }
    read(open, &parts, &[], false)
}

/// Reads parts one after the other, as many together as will do; one of them must compare.
fn read(open: &Open, parts: &[&[Token]], before: &[Token], compared: bool) -> Result<(), Why> {
    if parts.is_empty() {
        return match compared {
            true => Ok(()),
            false => Err("no comparison".to_owned()),
        };
    }
    let mut why = "no part".to_owned();
    for many in (1..=parts.len().min(MOST)).rev() {
        let own = parts[..many].join(&Token::Break(','));
        let Some(whole) = carried(open, before, &own) else {
            continue;
        };
        let told = claims::judge(open, &whole).map(|()| false);
        // `Faster, 8.3 against 6.8 tok/s`.
        let numbers_only = parts[1..many].iter().all(|part| {
            part.iter().all(|token| {
                matches!(token, Token::Number(_) | Token::Fill)
                    || token.is_group("versus")
                    || token.is_group("about")
            })
        });
        let told = match many {
            _ if numbers_only => told.or_else(|_| compare::judge(open, &whole).map(|()| true)),
            _ => told,
        };
        match told {
            Ok(compares) => match read(open, &parts[many..], &whole, compared || compares) {
                Ok(()) => return Ok(()),
                Err(found) => why = found,
            },
            Err(found) => why = found,
        }
    }
    Err(why)
}

/// A part with what it leaves unsaid: the place of the part before, and what was measured there.
fn carried(open: &Open, before: &[Token], own: &[Token]) -> Option<Vec<Token>> {
    let place = |token: &Token| matches!(token, Token::Place(_));
    let figure = |token: &Token| matches!(token, Token::Attribute(_, false));
    let name = |token: &Token| matches!(token, Token::Name(_) | Token::Role(_) | Token::Feature(_));
    let mut whole = Vec::new();
    let spoken: Vec<&Token> = before.iter().filter(|token| place(token)).collect();
    let own_places = own.iter().filter(|token| place(token)).count();
    let refers = own
        .iter()
        .any(|token| token.is_group("than") || token.is_group("versus"));
    let multiple = own
        .iter()
        .any(|token| matches!(token, Token::Ratio(_)) || token.is_group("times"));
    let trails = own
        .iter()
        .any(|token| token.is_group("behind") || token.is_group("ahead"));
    let lacks = own_places == 0 || own_places == 1 && (refers || multiple || trails);
    let mut after = None;
    if lacks && let Some(first) = spoken.first() {
        // Of two places the first compares, and goes on being spoken of; more are no one thing.
        if spoken.len() > 2 || spoken.len() == 2 && !compares(before) {
            return None;
        }
        match own_places == 0 || !is_subject(open, own)? {
            true => whole.push((*first).clone()),
            false => after = Some((*first).clone()),
        }
    }
    // `A and B are alike, decoding is faster`: of the same two.
    let goes_on = own_places == 0 && own.iter().any(|token| matches!(token, Token::Way(_)));
    if goes_on && let [_, second] = spoken.as_slice() {
        after = Some((*second).clone());
    }
    let mut lasts: Vec<&Token> = before.iter().filter(|token| figure(token)).collect();
    lasts.dedup();
    if !own.iter().any(figure)
        && let [one] = lasts.as_slice()
    {
        whole.push((*one).clone());
    }
    if !own.iter().any(name) {
        let mut names: Vec<&Token> = before.iter().filter(|token| name(token)).collect();
        names.dedup();
        if own_places == 0 || lacks {
            whole.extend(names.into_iter().cloned());
        }
    }
    whole.extend_from_slice(own);
    if goes_on && after.is_some() {
        // Numbers of both come after the places.
        let at = own
            .iter()
            .position(|token| matches!(token, Token::Number(_)));
        let numbers = whole.split_off(whole.len() - own.len() + at.unwrap_or(own.len()));
        whole.push(Token::Group("than".to_owned()));
        whole.extend(after);
        whole.push(Token::Break(','));
        whole.extend(numbers);
    } else {
        whole.extend(after);
    }
    Some(whole)
}

/// Whether the place of a part is what it compares, and not what with: `for B it is half of that`, but 是 B 的一半. Nothing where
/// it may be either.
fn is_subject(open: &Open, own: &[Token]) -> Option<bool> {
    let place = own
        .iter()
        .position(|token| matches!(token, Token::Place(_)))?;
    let refers = |token: &Token| token.is_group("than") || token.is_group("versus");
    if own[..place].iter().any(refers) {
        return Some(false);
    }
    let turns = |token: &Token| {
        matches!(token, Token::Ratio(_) | Token::Way(_) | Token::Compare(_))
            || ["times", "behind", "ahead", "again-as-much"]
                .iter()
                .any(|group| token.is_group(group))
    };
    let first = own.iter().position(turns)?;
    match open.locale {
        Locale::En => Some(place < first),
        Locale::ZhCn => (first == place + 1).then_some(false),
    }
}

/// Whether tokens set one place beside another.
fn compares(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| {
        ["than", "versus", "times", "behind", "ahead", "same"]
            .iter()
            .any(|group| token.is_group(group))
            || matches!(token, Token::Ratio(_))
    })
}

/// `A and B take 1 and 2 GiB respectively`: what is listed and the numbers, each with its own.
fn in_order(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    let number = |token: &Token| matches!(token, Token::Number(_));
    let place = |token: &Token| matches!(token, Token::Place(_));
    let figure = |token: &Token| matches!(token, Token::Attribute(_, false));
    let at = |is: &dyn Fn(&Token) -> bool| -> Vec<usize> {
        (0..tokens.len()).filter(|at| is(&tokens[*at])).collect()
    };
    let (numbers, places, figures) = (at(&number), at(&place), at(&figure));
    let listed = match (places.len(), figures.len()) {
        (of, 0 | 1) if of == numbers.len() => places,
        (0 | 1, of) if of == numbers.len() => figures,
        _ => return Err("a list without its numbers".to_owned()),
    };
    if numbers.len() < 2 {
        return Err("a list of one".to_owned());
    }
    // The unit may stand with the last alone.
    let unit = numbers.iter().rev().find_map(|at| match &tokens[*at] {
        Token::Number(quantity) if quantity.has_unit => Some(quantity.clone()),
        _ => None,
    });
    let measured = |token: &Token| match (token, &unit) {
        (Token::Number(bare), Some(unit)) if !bare.has_unit => {
            Token::Number(in_unit_of(bare, unit))
        }
        _ => token.clone(),
    };
    let kept = |one: usize, all: &[usize], of: usize| !all.contains(&one) || all[of] == one;
    (0..numbers.len()).try_for_each(|of| {
        let own: Vec<Token> = (0..tokens.len())
            .filter(|one| kept(*one, &numbers, of) && kept(*one, &listed, of))
            .map(|one| &tokens[one])
            .filter(|token| {
                !token.is_group("respectively")
                    && !token.is_group("and")
                    && !matches!(token, Token::Break(',' | '、'))
            })
            .map(measured)
            .collect();
        claims::judge(open, &own)
    })
}
