//! Sentences on why a model was refused, by the numbers of one reason: what it takes, the limit, and how far beyond it is. Each
//! number is read by what stands before it, whatever else the sentence is built like.

use super::facts::{Fate, Ground, Named, Open, Rival};
use super::grounds::{HALF_PERCENT, end_of, model};
use super::said::Why;
use super::scan::BOUND;
use super::token::Token;
use crate::prose::facts::Attribute;
use crate::prose::read::meaning::{Compare, Way};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// Whether a sentence holds of one reason of a model that was refused.
pub(super) fn judge(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    let mut models = tokens.iter().filter_map(|token| match token {
        Token::Name(named) => model(named),
        _ => None,
    });
    let first = models.next().ok_or("refusal: no model")?;
    if models.any(|other| other != first) {
        return Err("refusal: several models".to_owned());
    }
    let mut why = "refusal: no such model".to_owned();
    let of_model = open.rivals.iter().filter(|rival| rival.model == first);
    for rival in of_model {
        let Fate::Refused(grounds) = &rival.fate else {
            continue;
        };
        let is_there = tokens.iter().all(|token| match token {
            Token::Place(place) => {
                !place.classes.is_empty() && place.classes.is_subset(&rival.classes)
            }
            _ => true,
        });
        if !is_there {
            continue;
        }
        for ground in grounds {
            match says(rival, ground, tokens) {
                Ok(()) => return Ok(()),
                Err(found) => why = found,
            }
        }
    }
    Err(why)
}

/// What the next number is.
#[derive(PartialEq)]
enum Next {
    Figure,
    Limit,
}

fn says(rival: &Rival, ground: &Ground, tokens: &[Token]) -> Result<(), Why> {
    let mut next = Next::Figure;
    let mut about = false;
    // A number or a word that only this reason bears out.
    let mut borne = false;
    let mut refused = false;
    for token in tokens {
        let wrong = || Err(format!("refusal: {token:?}"));
        match token {
            Token::Fill => {}
            Token::Break(_) => next = Next::Figure,
            Token::Name(named) => {
                if model(named).is_none() && !is_of_stack(rival, named) {
                    return wrong();
                }
            }
            Token::Place(_) => {}
            Token::Feature(of) => {
                if rival.feature.is_some_and(|own| !of.contains(&own)) {
                    return wrong();
                }
            }
            Token::Role(role) if *role == rival.role => {}
            Token::Group(group) => match group.as_str() {
                "and" | "because" | "with" | "to" | "modal" | "once" => {}
                "refused" | "unchosen" | "lost" => refused = true,
                "about" => about = true,
                "than" => next = Next::Limit,
                BOUND if ground.id.starts_with("line.") => next = Next::Limit,
                "by-spec" if ground.id.starts_with("line.") => {}
                _ => return wrong(),
            },
            Token::Attribute(of, _) if of.iter().any(|one| is_limit(ground, *one)) => {
                next = Next::Limit;
            }
            Token::Attribute(of, light) => {
                let known = ground.figure.is_some_and(|(known, _)| of.contains(&known));
                let file = of.contains(&Attribute::File) && is_of_file(ground);
                if !(*light || known || file) {
                    return wrong();
                }
                next = Next::Figure;
            }
            Token::Compare(Compare::More) | Token::Way(Way::More) => {
                if !is_above(ground) {
                    return wrong();
                }
                refused = true;
                next = Next::Limit;
            }
            Token::Compare(Compare::Less) if is_below(ground) => {
                refused = true;
                next = Next::Limit;
            }
            Token::Number(said) if said.dimension == Dimension::Share => {
                let is = |beyond: f64| (beyond - said.value).abs() <= HALF_PERCENT;
                if !(ground.beyond.is_some_and(is) && is_above(ground)) {
                    return wrong();
                }
                borne = true;
            }
            Token::Number(said) => {
                if !is(ground, said, about, &next) {
                    return wrong();
                }
                borne = true;
                about = false;
                next = Next::Figure;
            }
            _ => return wrong(),
        }
    }
    let says = borne && refused;
    says.then_some(())
        .ok_or_else(|| "refusal: nothing said".to_owned())
}

fn is(ground: &Ground, said: &Quantity, about: bool, next: &Next) -> bool {
    match next {
        Next::Limit => ground
            .limit
            .is_some_and(|(limit, dimension)| same(said, about, limit, dimension)),
        Next::Figure => ground.figure.is_some_and(|(attribute, figure)| {
            same(
                said,
                about,
                end_of(None, &figure, attribute),
                attribute.dimension(),
            )
        }),
    }
}

/// Whether words for a limit are for the one of the reason.
fn is_limit(ground: &Ground, attribute: Attribute) -> bool {
    let of = ground.figure.map(|(of, _)| of);
    match attribute {
        Attribute::Limit => ground.limit.is_some(),
        Attribute::PlatformLimit => of == Some(Attribute::PeakMemory),
        Attribute::DownloadLimit => of == Some(Attribute::Download),
        Attribute::StorageLimit => of == Some(Attribute::Storage),
        _ => false,
    }
}

/// Whether it is refused for having too much of something.
fn is_above(ground: &Ground) -> bool {
    match (&ground.figure, ground.limit) {
        (Some((_, figure)), Some((limit, _))) if figure.likely > limit => true,
        // Some limits are a share of what is known.
        _ => ground.beyond.is_some() && !is_below(ground),
    }
}

/// Whether it is refused for having too little of something: it is too slow.
fn is_below(ground: &Ground) -> bool {
    ground
        .figure
        .is_some_and(|(of, _)| of.dimension() == Dimension::Rate)
}

/// Whether what is compared is the file, as it is downloaded or loaded.
fn is_of_file(ground: &Ground) -> bool {
    let of = ground.figure.map(|(of, _)| of);
    matches!(
        of,
        Some(Attribute::Download | Attribute::File | Attribute::Storage)
    )
}

fn is_of_stack(rival: &Rival, named: &[Named]) -> bool {
    let with = |name: &str| {
        rival
            .with
            .iter()
            .any(|known| known == name || known.starts_with(&format!("{name} ")))
    };
    named.iter().any(|one| with(&one.name))
}
