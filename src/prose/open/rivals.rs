//! Sentences about a model that was not chosen: to whom it lost and on what, or why it was refused, in free words.

use super::facts::{Fate, Ground, Named, Number, Open, Rival};
use super::grounds::{HALF_PERCENT, end_of, is_spoken_of, measured, model};
use super::said::Why;
use super::scan::in_unit_of;
use super::token::Token;
use crate::prose::facts::{Attribute, Figure, Kind};
use crate::prose::read::meaning::{Compare, End, Way};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// Whether a sentence holds of one of the models that were not chosen.
pub(super) fn judge(open: &Open, tokens: &[Token]) -> Result<(), Why> {
    let first = tokens.iter().find_map(|token| match token {
        Token::Name(named) => model(named),
        _ => None,
    });
    let first = first.ok_or("no model")?;
    let mut why = "no such rival".to_owned();
    for rival in open.rivals.iter().filter(|rival| rival.model == first) {
        match (Case {
            rival,
            ..Case::of(rival)
        })
        .holds(tokens)
        {
            Ok(()) => return Ok(()),
            Err(found) => why = found,
        }
    }
    Err(why)
}

/// What a sentence has said of a rival so far.
struct Case<'a> {
    rival: &'a Rival,
    told: bool,
    reason: bool,
    own: bool,
    about: bool,
    /// The unit of the number before.
    unit: Option<Quantity>,
    end: Option<End>,
    /// The end of the number before.
    said_end: Option<End>,
    /// Whose number comes next, where a name said so in this clause.
    winner: Option<bool>,
    numbers: usize,
    /// A comparison stands before in this clause: a limit follows.
    compared: bool,
    /// Words for what decided stand in this clause.
    figured: bool,
    /// The reasons that words speak of; all where they speak of none.
    of: Vec<&'a Ground>,
}

impl<'a> Case<'a> {
    fn of(rival: &'a Rival) -> Self {
        Self {
            rival,
            told: false,
            reason: false,
            own: false,
            about: false,
            unit: None,
            end: None,
            said_end: None,
            winner: None,
            numbers: 0,
            compared: false,
            figured: false,
            of: Vec::new(),
        }
    }

    fn grounds(&self) -> &'a [Ground] {
        match &self.rival.fate {
            Fate::Refused(grounds) => grounds,
            Fate::Lost { .. } => &[],
        }
    }

    fn holds(mut self, tokens: &[Token]) -> Result<(), Why> {
        self.of = self
            .grounds()
            .iter()
            .filter(|ground| is_spoken_of(ground, tokens))
            .collect();
        if self.of.is_empty() {
            self.of = self.grounds().iter().collect();
        }
        for (at, token) in tokens.iter().enumerate() {
            // `the 58 ms of Gemma`: whose number it is may be said after it.
            let rest = tokens[at + 1..]
                .iter()
                .take_while(|token| !token.parts() && !matches!(token, Token::Number(_)));
            let named = rest
                .filter_map(|token| match token {
                    Token::Name(named) => model(named),
                    _ => None,
                })
                .next();
            if !self.token(tokens, at, token, named) {
                return Err(format!("{token:?} of {}", self.rival.model));
            }
        }
        if self.numbers > 0 && !self.is_of_its_class(tokens) {
            return Err("values of another class".to_owned());
        }
        (self.told && self.reason && self.end.is_none())
            .then_some(())
            .ok_or_else(|| "no reason of a rival".to_owned())
    }

    fn token(&mut self, tokens: &[Token], at: usize, token: &Token, next: Option<&str>) -> bool {
        let lost = matches!(self.rival.fate, Fate::Lost { .. });
        if token.parts() {
            self.winner = None;
            self.compared = false;
            self.figured = tokens[at + 1..]
                .iter()
                .take_while(|token| !token.parts())
                .any(|token| self.figures(token));
        } else if at == 0 {
            self.figured = tokens
                .iter()
                .take_while(|token| !token.parts())
                .any(|token| self.figures(token));
        }
        match token {
            Token::Fill | Token::Break(',' | '.' | ':' | ';' | '(' | ')' | '–') => true,
            Token::Name(named) => self.name(named),
            Token::Place(place) => {
                let inside = place.classes.is_subset(&self.rival.classes);
                let meets = place
                    .classes
                    .intersection(&self.rival.classes)
                    .next()
                    .is_some();
                inside || place.wide && meets
            }
            Token::Feature(of) => self.rival.feature.is_none_or(|own| of.contains(&own)),
            Token::Role(role) => *role == self.rival.role,
            Token::Group(group) => match group.as_str() {
                "lost" | "fits" => {
                    self.told = true;
                    lost
                }
                "second" => {
                    self.told = true;
                    matches!(self.rival.fate, Fate::Lost { second: true, .. })
                }
                "refused" => {
                    self.told = true;
                    !lost
                }
                "unchosen" => {
                    self.told = true;
                    true
                }
                "by-width" => {
                    self.told |= !lost;
                    self.reason = true;
                    let grounds = self.grounds();
                    !grounds.is_empty() && grounds.iter().all(|ground| ground.by_width)
                }
                "behind" => {
                    self.told |= lost;
                    lost
                }
                "just-under" => self.is_less(),
                "by-spec" => self.of.iter().any(|ground| ground.id.starts_with("line.")),
                "once" | "the-same" => true,
                "about" => {
                    self.about = true;
                    true
                }
                "and" | "or" | "contrast" | "versus" | "because" | "modal" | "with" | "to"
                | "between" => true,
                "than" if !lost => {
                    self.compared = true;
                    true
                }
                "only" => self.is_plain_only(&tokens[at + 1..]),
                _ => false,
            },
            Token::Way(Way::More) if !lost => {
                self.compared = false;
                let end = self.end.take();
                let over = |ground: &&Ground| match (&ground.figure, ground.limit) {
                    (Some((of, figure)), Some((limit, _))) => end_of(end, figure, *of) > limit,
                    _ => false,
                };
                self.of.iter().any(over)
            }
            Token::Reason(reason) => {
                self.told |= !lost;
                self.reason = true;
                self.reasoned(reason, tokens.get(at + 1))
            }
            Token::Language(code) => {
                self.reason = true;
                let said = tokens[..at].iter().rev().take(3);
                let mut said = said
                    .filter(|token| matches!(token, Token::Reason(reason) if reason == "language"));
                said.next().is_some() && self.named(code)
            }
            Token::Attribute(of, light) => *light || self.is_about(of) && measured(tokens, at, of),
            Token::End(end) => self.end.replace(*end).is_none() && !lost,
            Token::Number(quantity) => {
                self.reason = true;
                self.numbers += 1;
                let bound = tokens[at + 1..].iter().find(|token| **token != Token::Fill);
                let bound = matches!(bound, Some(Token::Attribute(of, _)) if of.iter().any(|one| one.is_bound()));
                self.compared |= bound;
                let right = self.number(quantity, next);
                self.compared &= !bound;
                self.about = false;
                right
            }
            Token::Ratio(ratio) => {
                self.reason = true;
                let beyond = self.of.iter().filter_map(|ground| ground.beyond);
                let over = tokens
                    .get(at + 1)
                    .is_some_and(|next| *next == Token::Compare(Compare::More));
                over && beyond
                    .into_iter()
                    .any(|beyond| (beyond - ratio).abs() <= 0.02)
            }
            Token::Compare(compare) => {
                self.told |= !lost;
                self.compared = true;
                // `Its low end of 3.1 tok/s is under 4`.
                let end = self.end.or(self.said_end);
                let below = |ground: &Ground| match (&ground.figure, ground.limit) {
                    (Some((of, figure)), Some((limit, _))) => end_of(end, figure, *of) < limit,
                    _ => false,
                };
                self.end = None;
                let known = |ground: &Ground| ground.figure.is_some() && ground.limit.is_some();
                match compare {
                    Compare::More => self.of.iter().any(|ground| known(ground) && !below(ground)),
                    Compare::Less => self.of.iter().any(|ground| below(ground)),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Values are those of one class; a score of quality is the same on all.
    fn is_of_its_class(&self, tokens: &[Token]) -> bool {
        if matches!(&self.rival.fate, Fate::Lost { on: Some(on), .. } if on == "quality") {
            return true;
        }
        let mut places = tokens.iter().filter_map(|token| match token {
            Token::Place(place) => Some(place),
            _ => None,
        });
        places
            .all(|place| place.wide || self.rival.at.is_some_and(|at| place.classes.contains(&at)))
    }

    /// Whether words are those for a figure that decided.
    fn figures(&self, token: &Token) -> bool {
        let of = |attribute: &Attribute| {
            self.of
                .iter()
                .any(|ground| ground.figure.is_some_and(|(known, _)| known == *attribute))
        };
        matches!(token, Token::Attribute(words, false) if words.iter().any(of))
    }

    fn name(&mut self, named: &[Named]) -> bool {
        if let Some(name) = model(named) {
            let winner = matches!(&self.rival.fate, Fate::Lost { winner, .. } if winner == name);
            self.winner = Some(winner);
            self.reason |= winner;
            return winner || name == self.rival.model;
        }
        // Who has no binding is the runtime that the reason names.
        let unbound = self.of.iter().any(|ground| ground.id == "ui-binding");
        let runs = named
            .iter()
            .any(|one| matches!(one.kind, Kind::Runtime | Kind::Engine));
        if unbound && runs && self.of.len() < self.grounds().len().max(2) {
            return named.iter().any(|one| {
                self.of
                    .iter()
                    .any(|ground| ground.id == "ui-binding" && ground.named.contains(&one.name))
            });
        }
        named
            .iter()
            .any(|one| self.rival.with.contains(&one.name) || self.named(&one.name))
    }

    /// Whether `only` excludes nothing that counts: a lost contest has one reason, and so has who fails by the width alone.
    fn is_plain_only(&self, after: &[Token]) -> bool {
        let silent = |token: &&Token| **token == Token::Fill || token.is_group("because");
        let next = after.iter().find(|token| !silent(token));
        match next {
            Some(Token::Number(_) | Token::Ratio(_)) => true,
            Some(token) if token.is_group("by-width") => true,
            Some(Token::Attribute(..) | Token::Reason(_) | Token::Way(_)) => {
                matches!(self.rival.fate, Fate::Lost { .. })
            }
            Some(token) => token.is_group("lost") && matches!(self.rival.fate, Fate::Lost { .. }),
            None => false,
        }
    }

    /// Whether it lost with the smaller value.
    fn is_less(&self) -> bool {
        match &self.rival.fate {
            Fate::Lost { own, theirs, .. } => {
                let mut values = own.iter().zip(theirs);
                values.next().is_some_and(|(own, theirs)| own.0 < theirs.0)
            }
            Fate::Refused(_) => false,
        }
    }

    fn named(&self, name: &str) -> bool {
        let mut grounds = self.grounds().iter();
        grounds.any(|ground| {
            ground
                .named
                .iter()
                .any(|own| own == name || own.split(", ").any(|one| one == name))
        })
    }

    fn reasoned(&self, reason: &str, next: Option<&Token>) -> bool {
        match &self.rival.fate {
            Fate::Lost { on, .. } => on.as_deref() == Some(reason),
            Fate::Refused(grounds) => {
                let of = |id: &str| grounds.iter().any(|ground| ground.id == id);
                match reason {
                    "language" => {
                        of("language-refused") && matches!(next, Some(Token::Language(_)))
                    }
                    "licence" => of("non-commercial"),
                    "banned" => of("line.license.id"),
                    "binding" => of("ui-binding"),
                    "binding-flutter" => of("ui-binding") && self.named("flutter"),
                    "binding-react-native" => of("ui-binding") && self.named("react-native"),
                    "size" => of("oversized") || of("weights-over-ram") || of("memory-over-budget"),
                    "storage-pages" => of("pages-over-ram"),
                    "streaming" => of("line.model.streaming"),
                    "functions" => of("no-function-calling"),
                    "download" | "storage" | "decode" => of(&format!("line.{reason}")),
                    "params" => of("line.model.params"),
                    "memory" => of("line.peak_memory") || of("memory-over-budget"),
                    _ => false,
                }
            }
        }
    }

    /// Whether words for a figure are of what decided.
    fn is_about(&self, of: &[Attribute]) -> bool {
        match &self.rival.fate {
            Fate::Lost { on, .. } => {
                let known: &[Attribute] = match on.as_deref() {
                    Some("quality") => &[Attribute::Quality],
                    Some("comfort") => &[Attribute::FirstToken, Attribute::Decode],
                    Some("ttft") => &[Attribute::FirstToken],
                    Some("memory") => &[Attribute::PeakMemory],
                    Some("energy") => &[Attribute::Energy],
                    Some("download") => &[Attribute::Download],
                    _ => &[],
                };
                of.iter().any(|one| known.contains(one))
            }
            Fate::Refused(grounds) => {
                let of_memory = |ground: &Ground| {
                    matches!(
                        ground.id.as_str(),
                        "line.peak_memory" | "memory-over-budget" | "oversized"
                    )
                };
                // `The memory line`.
                if of.contains(&Attribute::PlatformLimit) {
                    return grounds.iter().any(of_memory);
                }
                let limit = grounds.iter().any(|ground| ground.limit.is_some());
                of.iter().any(|one| {
                    let own =
                        |ground: &Ground| ground.figure.is_some_and(|(known, _)| known == *one);
                    grounds.iter().any(own)
                        || *one == Attribute::Limit && limit
                        || self.rival.figures.iter().any(|(known, _)| known == one)
                        || *one == Attribute::DownloadLimit
                            && grounds.iter().any(|ground| ground.id == "line.download")
                })
            }
        }
    }

    fn number(&mut self, quantity: &Quantity, next: Option<&str>) -> bool {
        // `183 MiB, and the other 122`.
        let in_unit = match (&self.unit, quantity.has_unit) {
            (Some(unit), false) if unit.dimension != Dimension::Number => {
                in_unit_of(quantity, unit)
            }
            _ => quantity.clone(),
        };
        if in_unit.has_unit {
            self.unit = Some(in_unit.clone());
        }
        let quantity = &in_unit;
        let is = |(value, dimension): &Number| {
            let bare = quantity.dimension == Dimension::Number && *dimension == Dimension::Number;
            (bare
                && (quantity.value - value).abs() < 0.5 * 10_f64.powi(-(quantity.decimals as i32)))
                || same(quantity, self.about, *value, *dimension)
        };
        match &self.rival.fate {
            Fate::Lost {
                own,
                theirs,
                winner,
                ..
            } => {
                let theirs_said = next == Some(winner.as_str())
                    || next.is_none() && self.winner == Some(true) && self.numbers > 0;
                let said_own = next == Some(self.rival.model.as_str());
                match (theirs_said, said_own, self.own) {
                    (true, ..) => theirs.iter().any(is),
                    (false, true, _) | (false, false, false) => {
                        self.own = true;
                        own.iter().any(is)
                    }
                    // After its own comes that of the other, or another of its own.
                    (false, false, true) => theirs.iter().any(is),
                }
            }
            Fate::Refused(_) => {
                // A limit has no ends: they wait for what is held against it.
                let end = match self.compared {
                    true => None,
                    false => self.end.take(),
                };
                self.said_end = end;
                let at = |figure: &Figure, attribute: Attribute| end_of(end, figure, attribute);
                let figure = |(attribute, figure): &(Attribute, Figure)| {
                    is(&(at(figure, *attribute), attribute.dimension()))
                };
                let beyond = |ground: &Ground| {
                    let share = |beyond: f64| (beyond - quantity.value).abs() <= HALF_PERCENT;
                    quantity.dimension == Dimension::Share && ground.beyond.is_some_and(share)
                };
                let of_ground = |ground: &Ground| {
                    let limit = !self.figured || self.compared;
                    !self.compared && ground.figure.as_ref().is_some_and(figure)
                        || end.is_none()
                            && (limit && ground.limit.as_ref().is_some_and(is) || beyond(ground))
                };
                self.of.iter().any(|ground| of_ground(ground))
                    || self.rival.figures.iter().any(figure)
            }
        }
    }
}
