//! Sentences on problems and remedies in words of their own: each part of a sentence must be a telling of a statement of the
//! plan, with no word besides, on the class and the model the statement is of; what follows from what must be as the plan has it.

use std::collections::BTreeSet;

use super::facts::{Named, Open, Statement};
use super::said::Why;
use super::scan::scan;
use super::token::{Place, Token};
use super::told_words::{Item, Part, SILENT, Telling, told};
use super::{places, words};
use crate::plan::types::{Plan, Words};
use crate::prose::facts::{Kind, plain};
use crate::prose::read::number::Quantity;
use crate::prose::read::rounding::same;

/// The statements of a plan. `class` finds a class by its id.
pub(super) fn statements(
    plan: &Plan,
    open: &Open,
    class: &dyn Fn(&str) -> Option<usize>,
) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    for challenge in &plan.challenges {
        let of_all = |words: &Words, apis: &[String]| Statement {
            of: challenge.id.clone(),
            text: plain(words.get(open.locale)),
            apis: apis.to_vec(),
            classes: class(&challenge.found_on.0).into_iter().collect(),
            models: BTreeSet::new(),
            anywhere: true,
        };
        all.push(of_all(&challenge.title, &[]));
        all.push(of_all(&challenge.problem, &[]));
        for remedy in &challenge.remedies {
            all.push(of_all(&remedy.text, &remedy.apis));
        }
    }
    let risks = plan.risks.iter().map(|risk| (&risk.id, &risk.text));
    let checks = plan.checks.iter().map(|check| (&check.id, &check.text));
    for (id, text) in risks.chain(checks) {
        all.push(Statement {
            of: id.clone(),
            text: plain(text.get(open.locale)),
            apis: Vec::new(),
            classes: open.lines.iter().map(|line| line.class).collect(),
            models: BTreeSet::new(),
            anywhere: true,
        });
    }
    all.extend(findings(plan, open));
    all
}

/// What was found on the stacks, each text once with all its classes and models.
fn findings(plan: &Plan, open: &Open) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    let mut class = 0;
    for tier in &plan.tiers {
        let of_tier: BTreeSet<usize> = (class..class + tier.classes.len()).collect();
        class += tier.classes.len();
        for stack in &tier.stacks {
            let found = stack.findings.iter().flat_map(|finding| {
                let of = &finding.reason.id;
                [(of, &finding.reason.text), (of, &finding.remedy)]
            });
            for (of, text) in found {
                let text = plain(text.get(open.locale));
                let known = all.iter_mut().find(|one| one.of == *of && one.text == text);
                match known {
                    Some(known) => {
                        known.classes.extend(&of_tier);
                        known.models.insert(stack.model.name.clone());
                    }
                    None => all.push(Statement {
                        of: of.clone(),
                        text,
                        apis: Vec::new(),
                        classes: of_tier.clone(),
                        models: [stack.model.name.clone()].into(),
                        anywhere: false,
                    }),
                }
            }
        }
    }
    for one in &mut all {
        let platforms = platforms(open, &one.classes);
        let mut lines = open.lines.iter();
        one.anywhere = lines.all(|line| {
            !platforms.contains(line.platform.as_str()) || one.classes.contains(&line.class)
        });
    }
    all
}

fn platforms<'a>(open: &'a Open, classes: &BTreeSet<usize>) -> BTreeSet<&'a str> {
    let of = open
        .lines
        .iter()
        .filter(|line| classes.contains(&line.class));
    of.map(|line| line.platform.as_str()).collect()
}

/// Whether a sentence tells what statements of the plan say.
pub(super) fn judge(open: &Open, sentence: &str) -> Result<(), Why> {
    let told = told(open.locale);
    let tokens = scan(open, &told.words, sentence);
    if let Some(Token::Stranger(word)) = tokens
        .iter()
        .find(|token| matches!(token, Token::Stranger(_)))
    {
        return Err(format!("told: word {word}"));
    }
    let tokens = places::placed(open, &tokens).ok_or("told: count of classes")?;
    let teller = Teller {
        open,
        tokens: &tokens,
        tellings: &told.tellings,
        codes: codes(sentence),
    };
    match teller.rest(0, None) {
        true => Ok(()),
        false => Err("told: nothing of the plan".to_owned()),
    }
}

/// Words of a sentence that are written as code is: `prewarm()`, `n_ubatch`, `BAManager`.
fn codes(sentence: &str) -> Vec<String> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '=');
    let chunks = sentence.split(|c: char| !inside(c));
    let chunks = chunks.map(|chunk| chunk.trim_matches('.'));
    let is_code = |chunk: &&str| {
        let mut letters = chunk.chars();
        letters.next();
        let large = letters.any(|c| c.is_ascii_uppercase());
        let small = chunk.contains(|c: char| c.is_ascii_lowercase());
        let dotted = chunk.contains('.') && chunk.contains(|c: char| c.is_ascii_alphabetic());
        chunk.contains(['_', '=']) || large && small || dotted
    };
    chunks.filter(is_code).map(str::to_owned).collect()
}

struct Teller<'a> {
    open: &'a Open,
    tokens: &'a [Token],
    tellings: &'a [Telling],
    codes: Vec<String>,
}

/// What was told before: of which rule, as what, and whether as a reason of what comes.
type Before<'a> = Option<(&'a str, Part, bool)>;

impl<'a> Teller<'a> {
    /// Whether the tokens from `at` on are tellings, one after the other.
    fn rest(&self, at: usize, before: Before<'a>) -> bool {
        let mut from = at;
        let mut because = false;
        let mut so = false;
        while let Some(token) = self.tokens.get(from)
            && (token.parts() || token.is_group("so") || *token == Token::Fill)
        {
            because |= token.is_group("because");
            so |= token.is_group("so");
            from += 1;
        }
        if from == self.tokens.len() {
            return before.is_some_and(|(.., reason)| !reason) && !because && !so;
        }
        let ends = (from + 1..=self.tokens.len()).filter(|end| {
            let next = self.tokens.get(*end);
            next.is_none_or(|next| next.parts() || next.is_group("so"))
        });
        let mut ends: Vec<usize> = ends.collect();
        // The longest part first.
        ends.reverse();
        ends.into_iter().any(|end| {
            let segment = &self.tokens[from..end];
            self.tellings.iter().any(|telling| {
                let part = (telling.of.as_str(), telling.part);
                let reason = because && before.is_none()
                    || !because
                        && !so
                        && before.is_some_and(|(_, known, reason)| reason && known == part.1);
                joined(before, part, because, so)
                    && self.tells(telling, segment)
                    && self.rest(end, Some((part.0, part.1, reason)))
            })
        })
    }

    fn tells(&self, telling: &Telling, segment: &[Token]) -> bool {
        if !is_shaped(telling, segment) {
            return false;
        }
        let of_rule = self.open.told.iter().filter(|one| one.of == telling.of);
        let mut holding = of_rule.filter(|one| one.text.contains(&telling.holds));
        holding.any(|statement| self.says(statement, telling, segment))
    }

    fn says(&self, statement: &Statement, telling: &Telling, segment: &[Token]) -> bool {
        let read = scan(self.open, words::words(), &statement.text);
        let numbers: Vec<&Quantity> = read
            .iter()
            .flat_map(|token| match token {
                Token::Number(one) => vec![one],
                Token::Span(low, high) => vec![low, high],
                _ => Vec::new(),
            })
            .collect();
        let mut wanted = telling.items.iter().filter_map(|item| match item {
            Item::Number(at, _) => Some(*at),
            Item::Idea(..) => None,
        });
        let about = segment.iter().any(|token| token.is_group("about"));
        let mut is = |said: &Quantity| {
            wanted.any(|at| {
                let known = numbers.get(at);
                known.is_some_and(|known| same(said, about, known.value, known.dimension))
            })
        };
        let right = segment.iter().all(|token| match token {
            Token::Number(said) => is(said),
            Token::Span(low, high) => spans(&numbers, telling, low, high),
            Token::Name(named) => self.names(statement, &read, named, segment),
            Token::Place(place) => self.is_at(statement, &read, place),
            Token::Feature(of) => {
                let mut lines = self.open.lines.iter();
                lines.any(|line| {
                    statement.classes.contains(&line.class) && of.contains(&line.feature)
                })
            }
            _ => true,
        });
        let all = format!("{} {}", statement.text, statement.apis.join(" "));
        let named = self.codes.iter().all(|code| {
            all.contains(code.as_str())
                || self.open.names.contains_key(&code.to_ascii_lowercase())
                || self.of_other_parts(telling, code)
        });
        right && named && (statement.anywhere || self.is_named(statement))
    }

    /// A code word may be of another statement of the same rule; its ideas are bound there.
    fn of_other_parts(&self, telling: &Telling, code: &str) -> bool {
        let mut others = self.open.told.iter().filter(|one| one.of == telling.of);
        others.any(|one| one.text.contains(code) || one.apis.iter().any(|api| api.contains(code)))
    }

    /// A name must be the statement's; where the statement names several of a kind, all of them must be said.
    fn names(
        &self,
        statement: &Statement,
        read: &[Token],
        named: &[Named],
        segment: &[Token],
    ) -> bool {
        let said = |kind: Kind| named.iter().any(|one| one.kind == kind);
        if said(Kind::Model) && named.iter().any(|one| statement.models.contains(&one.name)) {
            return true;
        }
        let of_kind: Vec<&Vec<Named>> = read
            .iter()
            .filter_map(|token| match token {
                Token::Name(other) if other.iter().any(|one| said(one.kind)) => Some(other),
                _ => None,
            })
            .collect();
        let shares = |one: &[Named], other: &[Named]| one.iter().any(|name| other.contains(name));
        let all_said = of_kind.iter().all(|other| {
            segment.iter().any(|token| match token {
                Token::Name(named) => shares(named, other),
                _ => false,
            })
        });
        of_kind.iter().any(|other| shares(named, other)) && all_said
    }

    fn is_at(&self, statement: &Statement, read: &[Token], place: &Place) -> bool {
        if !place.classes.is_empty() && place.classes.is_subset(&statement.classes) {
            return true;
        }
        let of_text: BTreeSet<&str> = read
            .iter()
            .filter_map(|token| match token {
                Token::Platform(id) => Some(id.as_str()),
                _ => None,
            })
            .collect();
        let spoken = platforms(self.open, &place.classes);
        let known = match of_text.is_empty() {
            true => platforms(self.open, &statement.classes),
            false => of_text,
        };
        place.wide && !spoken.is_empty() && spoken.is_subset(&known)
    }

    /// Whether the sentence names what a statement that does not hold everywhere is of.
    fn is_named(&self, statement: &Statement) -> bool {
        let codes = self.codes.iter();
        codes
            .into_iter()
            .any(|code| statement.text.contains(code.as_str()))
            || self.tokens.iter().any(|token| match token {
                Token::Place(place) => place.classes.is_subset(&statement.classes),
                Token::Name(named) => named.iter().any(|one| {
                    statement.models.contains(&one.name)
                        || one.kind != Kind::Model && statement.text.contains(&one.name)
                }),
                _ => false,
            })
    }
}

/// Whether a span is that of the statement: its numbers stand side by side.
fn spans(numbers: &[&Quantity], telling: &Telling, low: &Quantity, high: &Quantity) -> bool {
    let is = |said: &Quantity, at: usize| {
        let known = numbers.get(at);
        known.is_some_and(|known| same(said, false, known.value, known.dimension))
    };
    telling.items.iter().any(|item| match item {
        Item::Number(at, _) => is(low, *at) && is(high, *at + 1),
        Item::Idea(..) => false,
    })
}

/// Whether a part may follow another: reasons go from a cause to its problem, from that to its remedy, and from a remedy to its
/// aim.
fn joined(before: Before<'_>, next: (&str, Part), because: bool, so: bool) -> bool {
    let Some((of, part, reason)) = before else {
        return !so && (!because || next.1 <= Part::Problem);
    };
    let follows = of == next.0 && part < next.1;
    match (because, so) {
        (false, false) => !reason || of == next.0 && part <= next.1,
        (true, false) => {
            of == next.0 && (next.1 < part || part == Part::Remedy && next.1 == Part::Aim)
        }
        (false, true) => follows,
        (true, true) => false,
    }
}

/// Whether a segment has all ideas of a telling and no other.
fn is_shaped(telling: &Telling, segment: &[Token]) -> bool {
    let mut seen = vec![false; telling.items.len()];
    let mut least = 0;
    for token in segment {
        let fits = |item: &Item| match (token, item) {
            (Token::Concept(said), Item::Idea(of, _)) => !said.is_disjoint(of),
            (Token::Number(_) | Token::Span(..), Item::Number(..)) => true,
            _ => false,
        };
        match token {
            Token::Concept(_) | Token::Number(_) | Token::Span(..) => {
                let from = if telling.ordered { least } else { 0 };
                let found: Vec<usize> = (from..telling.items.len())
                    .filter(|at| fits(&telling.items[*at]))
                    .collect();
                let Some(first) = found.first() else {
                    match token {
                        Token::Concept(said) if said.contains(&SILENT) => continue,
                        _ => return false,
                    }
                };
                least = *first;
                match telling.ordered || matches!(telling.items[*first], Item::Number(..)) {
                    true => seen[*first] = true,
                    false => found.iter().for_each(|at| seen[*at] = true),
                }
            }
            Token::Fill | Token::Break(_) | Token::Name(_) | Token::Place(_) => {}
            Token::Feature(_) | Token::Phone => {}
            Token::Group(group)
                if matches!(group.as_str(), "and" | "or" | "about" | "contrast" | "to") => {}
            _ => return false,
        }
    }
    telling
        .items
        .iter()
        .zip(seen)
        .all(|(item, seen)| match item {
            Item::Idea(_, must) | Item::Number(_, must) => seen || !must,
        })
}
