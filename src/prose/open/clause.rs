//! A sentence in clauses, each with what it speaks of: places, names, figures, and the words that rule them.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Line, Named, Open};
use super::token::{Place, Token};
use crate::prose::facts::Kind;

/// What is being spoken of.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) place: Option<Place>,
    /// By the kind that decides, every reading of the name.
    pub(super) names: BTreeMap<Kind, Vec<Named>>,
    pub(super) role: Option<String>,
    pub(super) features: Option<BTreeSet<usize>>,
}

impl Scope {
    /// Takes in what a clause names. `None` where it names two things of one kind.
    pub(super) fn take(&mut self, open: &Open, tokens: &[Token]) -> Option<()> {
        let mut own: BTreeMap<Kind, Vec<Named>> = BTreeMap::new();
        let mut places: Vec<&Place> = Vec::new();
        let mut roles: BTreeSet<&String> = BTreeSet::new();
        let mut features: Option<BTreeSet<usize>> = None;
        for token in tokens {
            match token {
                Token::Place(place) => places.push(place),
                Token::Role(role) => {
                    roles.insert(role);
                }
                Token::Feature(of) => {
                    features = Some(match features {
                        Some(known) => known.intersection(of).copied().collect(),
                        None => of.clone(),
                    });
                }
                Token::Name(named) => {
                    let kind = named.iter().map(|one| one.kind).min()?;
                    match own.get(&kind) {
                        Some(known) if known != named => return None,
                        _ => own.insert(kind, named.clone()),
                    };
                }
                _ => {}
            }
        }
        match places.as_slice() {
            [] => {}
            [place] => {
                self.place = Some((*place).clone());
                if !is_elliptic(tokens) {
                    self.names.clear();
                }
            }
            _ => return None,
        }
        if roles.len() > 1 {
            return None;
        }
        if let Some(role) = roles.into_iter().next() {
            match open.roles.contains(role) {
                true => self.role = Some(role.clone()),
                // Any model may translate.
                false if role == "translate" => {}
                false => return None,
            }
            if self.role.is_some() {
                self.names.clear();
            }
        }
        if let Some(features) = features {
            if features.is_empty() {
                return None;
            }
            self.features = Some(features);
        }
        if let Some(model) = own.get(&Kind::Model) {
            self.names.clear();
            self.role = None;
            // A model of another feature.
            let of_feature = self.features.as_ref().is_none_or(|of| {
                let mut lines = open.lines.iter();
                lines.any(|line| of.contains(&line.feature) && has(line, model))
            });
            if !of_feature
                && !tokens
                    .iter()
                    .any(|token| matches!(token, Token::Feature(_)))
            {
                self.features = None;
            }
        }
        self.names.extend(own);
        Some(())
    }

    /// The lines that are spoken of.
    pub(super) fn lines<'a>(&self, open: &'a Open) -> Vec<&'a Line> {
        let mut lines: Vec<&Line> = self.placed(open);
        lines.retain(|line| self.names_of(line));
        lines
    }

    fn placed<'a>(&self, open: &'a Open) -> Vec<&'a Line> {
        let is = |line: &&Line| {
            self.place
                .as_ref()
                .is_none_or(|place| place.classes.contains(&line.class))
                && self.role.as_ref().is_none_or(|role| line.role == *role)
                && self
                    .features
                    .as_ref()
                    .is_none_or(|of| of.contains(&line.feature))
        };
        open.lines.iter().filter(is).collect()
    }

    fn names_of(&self, line: &Line) -> bool {
        self.names.values().all(|names| has(line, names))
    }

    /// Whether the names belong together: every class that is spoken of has a line with all of them; where none is said, every
    /// line of the model.
    /// `told` are numbers of the clause: they are of where the model is.
    pub(super) fn holds_together(&self, open: &Open, told: bool) -> bool {
        let placed = self.placed(open);
        if placed.is_empty() {
            return false;
        }
        if self.names.is_empty() {
            return true;
        }
        let wide = self.place.as_ref().is_none_or(|place| place.wide && told);
        if wide && let Some(model) = self.names.get(&Kind::Model) {
            let of = placed.iter().filter(|line| has(line, model));
            let mut of = of.peekable();
            return of.peek().is_some() && of.all(|line| self.names_of(line));
        }
        let classes: BTreeSet<usize> = placed.iter().map(|line| line.class).collect();
        classes.iter().all(|class| {
            let mut own = placed.iter().filter(|line| line.class == *class);
            own.any(|line| self.names_of(line))
        })
    }
}

/// `On Metal`, `at 18 tok/s`: a clause without words of its own goes on about the model in another place.
fn is_elliptic(tokens: &[Token]) -> bool {
    let words = tokens.iter().filter(|token| **token == Token::Fill).count();
    let figures = tokens
        .iter()
        .any(|token| matches!(token, Token::Attribute(..)));
    let numbers = tokens
        .iter()
        .any(|token| matches!(token, Token::Number(_) | Token::Span(..)));
    !figures && (numbers || words < 3)
}

/// Whether a line has a name, in one of its readings. A binding is called by its engine too.
pub(super) fn has(line: &Line, names: &[Named]) -> bool {
    let is = |kind: Kind, name: &String| line.names.get(&kind) == Some(name);
    names.iter().any(|one| match one.kind {
        Kind::Runtime | Kind::Engine => is(Kind::Runtime, &one.name) || is(Kind::Engine, &one.name),
        kind => is(kind, &one.name),
    })
}

/// The clauses of a sentence, without what parts them.
pub(super) fn clauses(tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut all = vec![Vec::new()];
    for token in tokens {
        if token.parts() {
            all.push(Vec::new());
        } else if let Some(last) = all.last_mut() {
            last.push(token.clone());
        }
    }
    all.retain(|clause| !clause.is_empty());
    all
}
