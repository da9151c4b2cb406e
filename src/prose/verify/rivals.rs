//! Sentences about a model that was not chosen: on what it lost, why it was refused. Every word must be a phrase of the rivals'
//! lexicon, a name or a number, and all of them must hold of one rival of the plan.

use super::grounds::Grounds;
use crate::prose::facts::{Attribute, Facts, Fate, Ground, Kind, Rival, Value};
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::meaning::{Compare, Degree, End};
use crate::prose::read::number::Quantity;
use crate::prose::read::rival_words::{Because, Sense, found};
use crate::prose::read::rounding::same;
use crate::quantity::Dimension;

/// One thing a sentence says, in order.
#[derive(Debug)]
enum Said<'a> {
    Sense(&'a str, &'a Sense),
    Atom(&'a What),
}

/// Whether a sentence is about a rival and follows from what the plan says of it.
pub(crate) fn judge(facts: &Facts, text: &str, all: &[Atom]) -> Option<Grounds> {
    let is_name = |atom: &&Atom| {
        matches!(
            atom.what,
            What::Name(_) | What::Chunk(_) | What::Quantity(_) | What::Version(_)
        )
    };
    let names: Vec<_> = all
        .iter()
        .filter(is_name)
        .map(|atom| atom.span.clone())
        .collect();
    let mut phrases = found(text, &names);
    // Words for figures stand for themselves, but in what it lost on; and a phrase inside of another word is none: 不超过.
    phrases.retain(|(span, _, sense)| {
        let inside = |atom: &Atom| span.start <= atom.span.start && atom.span.end <= span.end;
        let is_figure = |atom: &Atom| matches!(&atom.what, What::Attribute(words) if words.iter().any(is_figure_of_rival));
        let silent = matches!(sense, Sense::Glue | Sense::Limit | Sense::Over);
        let mut atoms = all.iter().filter(|atom| atom.overlaps(span));
        atoms.all(|atom| inside(atom) && !(silent && is_figure(atom)))
    });
    let mut said: Vec<(usize, Said<'_>)> = phrases
        .iter()
        .map(|(span, words, sense)| (span.start, Said::Sense(words, sense)))
        .collect();
    let covered = |atom: &&Atom| {
        let mut phrases = phrases.iter();
        phrases.any(|(span, ..)| atom.overlaps(span))
    };
    let free = all.iter().filter(|atom| !covered(atom));
    said.extend(free.map(|atom| (atom.span.start, Said::Atom(&atom.what))));
    said.sort_by_key(|(at, _)| *at);
    let said: Vec<Said<'_>> = said.into_iter().map(|(_, said)| said).collect();
    let fates = |said: &Said<'_>| {
        matches!(
            said,
            Said::Sense(
                _,
                Sense::Lost
                    | Sense::Second
                    | Sense::Refused
                    | Sense::Unchosen
                    | Sense::Would
                    | Sense::Because(_)
                    | Sense::Over
            )
        )
    };
    if !said.iter().any(fates) {
        return None;
    }
    let holds = |rival: &Rival| Case::of(rival).holds(&said);
    // What a sentence rests on is no row: it counts as a statement of nothing.
    let mut rivals = facts.rivals.iter();
    rivals.any(holds).then(Grounds::default)
}

/// A rival and what a sentence has said of it so far.
struct Case<'a> {
    rival: &'a Rival,
    /// It was named.
    named: bool,
    /// What became of it was said.
    told: bool,
    /// A phrase said that a figure went over a limit.
    over: bool,
    /// The one it lost to may be named.
    lost: bool,
    /// The next number is rounded, or an end.
    about: bool,
    end: Option<End>,
    degree: Option<Degree>,
    /// Words for the figure of the next number.
    of: Vec<Attribute>,
    /// Numbers of both sides that were said.
    own: Vec<usize>,
    /// Figures and limits that were said: the first over the second is what degrees are of.
    figure: Option<f64>,
    limit: Option<f64>,
    /// Words for figures that no number took up.
    open: Vec<Attribute>,
    /// A class was named that its figures are not those of.
    elsewhere: bool,
    /// It was said that it would have what follows.
    would: bool,
    /// A language must follow.
    language: bool,
    /// The number of reasons was said, and what it counts must follow.
    counted: bool,
}

impl<'a> Case<'a> {
    const fn of(rival: &'a Rival) -> Self {
        Self {
            rival,
            named: false,
            told: false,
            over: false,
            lost: false,
            about: false,
            end: None,
            degree: None,
            of: Vec::new(),
            own: Vec::new(),
            figure: None,
            limit: None,
            open: Vec::new(),
            elsewhere: false,
            would: false,
            language: false,
            counted: false,
        }
    }

    fn grounds(&self) -> &'a [Ground] {
        match &self.rival.fate {
            Fate::Refused(grounds) => grounds,
            Fate::Lost { .. } => &[],
        }
    }

    /// Whether all that is said holds, and enough is said.
    fn holds(mut self, said: &[Said<'_>]) -> bool {
        for one in said {
            let right = match one {
                _ if self.language && !matches!(one, Said::Sense(_, Sense::Language(_))) => false,
                Said::Sense(words, sense) => self.sense(words, sense),
                Said::Atom(what) => self.atom(what),
            };
            if !right {
                return false;
            }
        }
        let apart = match (self.degree, self.figure, self.limit) {
            (None, ..) => true,
            (Some(degree), Some(figure), Some(limit)) => degree.holds(figure, limit),
            _ => false,
        };
        let bounded = !self.over || self.limit.is_some();
        let lost = matches!(self.rival.fate, Fate::Lost { .. });
        let known = |attribute: &Attribute| lost || self.figures().any(|(of, _)| of == attribute);
        // Speed and memory are those of the first class; quality is the same on all.
        let measured = match &self.rival.fate {
            Fate::Lost { on, .. } => on.as_deref() != Some("quality"),
            Fate::Refused(_) => false,
        };
        let placed = !(self.elsewhere && measured && !self.own.is_empty());
        !self.counted
            && placed
            && self.named
            && self.told
            && apart
            && bounded
            && !self.language
            && self.open.iter().all(known)
    }

    fn figures(&self) -> impl Iterator<Item = (&'a Attribute, &'a Ground)> + use<'a> {
        let grounds = self.grounds().iter();
        grounds.filter_map(|ground| Some((&ground.figure.as_ref()?.0, ground)))
    }

    fn sense(&mut self, words: &str, sense: &Sense) -> bool {
        let lost = matches!(self.rival.fate, Fate::Lost { .. });
        match (sense, &self.rival.fate) {
            (Sense::Glue, _) => true,
            (Sense::Lost, _) => {
                self.lost = true;
                self.told = true;
                lost && self.named
            }
            (Sense::Second, Fate::Lost { second, .. }) => {
                self.told = true;
                *second
            }
            (Sense::Refused, Fate::Refused(_)) | (Sense::Unchosen, _) => {
                self.told = true;
                self.named
            }
            (Sense::Admissible, _) => lost,
            // It would have a figure, and nothing else.
            (Sense::Would, Fate::Refused(_)) => {
                self.would = true;
                if words.contains("peak") {
                    self.of = vec![Attribute::PeakMemory];
                }
                self.named
            }
            (Sense::On(axis), Fate::Lost { on, .. }) => on.as_ref() == Some(axis),
            (Sense::NotOn(axis), Fate::Lost { on, .. }) => {
                on.as_ref().is_some_and(|on| on != axis) && self.told
            }
            (Sense::Because(because), Fate::Refused(_)) => {
                self.told = true;
                self.language = *because == Because::Language;
                self.named
                    && self
                        .grounds()
                        .iter()
                        .any(|ground| is_so(ground, *because, words))
            }
            (Sense::Language(code), Fate::Refused(grounds)) => {
                let unlisted = |ground: &Ground| {
                    ground.id == "language-refused"
                        && ground
                            .named
                            .as_ref()
                            .is_some_and(|named| named.split(", ").any(|one| one == code))
                };
                std::mem::take(&mut self.language) && grounds.iter().any(unlisted)
            }
            (Sense::Over, Fate::Refused(_)) => {
                self.told = true;
                self.over = true;
                self.end = None;
                self.named
            }
            (Sense::Limit, Fate::Refused(_)) => self.named,
            (Sense::Reasons, Fate::Refused(_)) => std::mem::take(&mut self.counted),
            _ => false,
        }
    }

    fn atom(&mut self, what: &What) -> bool {
        match what {
            What::Break | What::And => true,
            What::Name(options) => options
                .iter()
                .any(|(kind, name)| self.is_named(*kind, name)),
            What::Chunk(name) => self.is_rival(name),
            What::About => {
                self.about = true;
                true
            }
            What::End(end) => {
                self.end = Some(*end);
                true
            }
            What::Degree(degree) => self.degree.replace(*degree).is_none(),
            What::Attribute(words) if !words.iter().any(is_figure_of_rival) => {
                let of = |attribute: &Attribute| match attribute {
                    Attribute::Limit => self.figures().next().is_some(),
                    Attribute::DownloadLimit => {
                        self.figures().any(|(of, _)| *of == Attribute::Download)
                    }
                    Attribute::StorageLimit => {
                        self.figures().any(|(of, _)| *of == Attribute::Storage)
                    }
                    _ => false,
                };
                words.iter().all(of)
            }
            What::Attribute(words) => {
                self.of.clone_from(words);
                self.open.extend(words.first());
                words.len() == 1
            }
            What::Compare(Compare::More) => self.sense("", &Sense::Over),
            // `Below the 4 tok/s of the spec`: of what must not be less.
            What::Compare(Compare::Less) => {
                let mut figures = self.figures();
                figures.any(|(of, _)| *of == Attribute::Decode) && self.sense("", &Sense::Over)
            }
            // `Could reach`, `may take`: the larger end.
            What::Guard(group) if group == "may" => {
                self.end = Some(End::High);
                true
            }
            What::Guard(group) if group == "because" => self.told,
            What::Guard(group) if group == "barely" => true,
            What::Quantity(quantity) => self.number(quantity),
            _ => false,
        }
    }

    /// A name of the facts: the rival itself where it is chosen elsewhere, the winner after it lost, where, what for.
    fn is_named(&mut self, kind: Kind, name: &str) -> bool {
        match kind {
            Kind::Model if !self.named && name == self.rival.model => {
                self.named = true;
                true
            }
            Kind::Model => {
                matches!(&self.rival.fate, Fate::Lost { winner, .. } if self.lost && winner == name)
            }
            Kind::Class => {
                let mut classes = self.rival.classes.iter();
                self.elsewhere |= classes.clone().next().is_some_and(|class| class != name);
                classes.any(|class| class == name)
            }
            Kind::Role => self.rival.role == name,
            Kind::Runtime => {
                let mut grounds = self.grounds().iter();
                self.named && grounds.any(|ground| ground.by.as_deref() == Some(name))
            }
            Kind::Quantization => self.named && self.rival.quantization == name,
            _ => false,
        }
    }

    fn is_rival(&mut self, name: &str) -> bool {
        let own = &self.rival.model;
        let short = own
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
            && own
                .get(name.len()..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let first = !self.named;
        self.named |= short;
        let by = |ground: &Ground| ground.by.as_deref() == Some(name);
        short && first || !first && self.grounds().iter().any(by)
    }

    fn number(&mut self, quantity: &Quantity) -> bool {
        let about = std::mem::take(&mut self.about);
        let end = self.end.take();
        let of = std::mem::take(&mut self.of);
        match &self.rival.fate {
            Fate::Lost {
                on, own, theirs, ..
            } => {
                let says = |value: &Value| {
                    let dimension = value.dimension.unwrap_or(Dimension::Number);
                    same(quantity, about, value.value, dimension)
                };
                let measures = |attribute: &Attribute| {
                    attribute.dimension() == quantity.dimension
                        && decides(on.as_deref(), *attribute)
                };
                if end.is_some() || !of.iter().all(measures) {
                    return false;
                }
                // Its own number first, then that of the other.
                let dimension = dimension_of(quantity);
                let before = self.own.contains(&dimension);
                self.own.push(dimension);
                let unknown = own.is_empty();
                match before || unknown {
                    true => theirs.iter().any(says),
                    false => own.iter().any(says),
                }
            }
            Fate::Refused(grounds) if !quantity.has_unit => {
                self.counted = quantity.value == grounds.len() as f64;
                self.counted
            }
            Fate::Refused(grounds) => {
                let figure = |ground: &&Ground| {
                    let Some((attribute, figure)) = &ground.figure else {
                        return false;
                    };
                    let value = match end {
                        Some(End::High | End::Worst) => figure.high,
                        Some(End::Low | End::Best) => figure.low,
                        _ => figure.likely,
                    };
                    (of.is_empty() || of.contains(attribute))
                        && same(quantity, about, value, attribute.dimension())
                };
                if let Some(ground) = grounds.iter().find(figure) {
                    self.told |= self.would;
                    self.figure = ground.figure.as_ref().map(|(_, figure)| figure.likely);
                    return self.open.iter().all(|attribute| is_of(ground, *attribute))
                        || !of.is_empty();
                }
                let limit = |ground: &&Ground| {
                    let dimension = ground
                        .figure
                        .as_ref()
                        .map(|(attribute, _)| attribute.dimension());
                    let of_it = self.open.iter().all(|attribute| is_of(ground, *attribute));
                    let stated = ground.limit.zip(dimension);
                    of_it
                        && stated.is_some_and(|(limit, dimension)| {
                            same(quantity, false, limit, dimension)
                        })
                };
                let Some(ground) = grounds.iter().find(limit) else {
                    return false;
                };
                self.limit = ground.limit;
                end.is_none() && !about
            }
        }
    }
}

fn is_of(ground: &Ground, attribute: Attribute) -> bool {
    ground
        .figure
        .as_ref()
        .is_some_and(|(of, _)| *of == attribute)
}

/// Whether what a model lost on is measured by this.
fn decides(on: Option<&str>, attribute: Attribute) -> bool {
    match on {
        Some("comfort") => matches!(attribute, Attribute::FirstToken | Attribute::Decode),
        Some("memory" | "store") => attribute == Attribute::PeakMemory,
        Some("download") => attribute == Attribute::Download,
        Some("energy") => attribute == Attribute::Energy,
        _ => false,
    }
}

/// Whether it is a figure of a model, and no limit.
const fn is_figure_of_rival(attribute: &Attribute) -> bool {
    !attribute.is_bound() && !matches!(attribute, Attribute::Admissible | Attribute::Combinations)
}

/// Numbers are told apart by what they measure.
fn dimension_of(quantity: &Quantity) -> usize {
    quantity.dimension as usize
}

/// Whether a reason of the plan is the one prose gives.
fn is_so(ground: &Ground, because: Because, words: &str) -> bool {
    let research = words.contains("research") || words.contains("研究");
    let named = |part: &str| {
        ground
            .named
            .as_ref()
            .is_some_and(|name| name.contains(part))
    };
    match because {
        Because::Language => ground.id == "language-refused",
        Because::Commercial => ground.id == "non-commercial" && (!research || named("Research")),
        Because::Size => matches!(
            ground.id.as_str(),
            "oversized" | "memory-over-budget" | "weights-over-ram"
        ),
        Because::Functions => ground.id == "no-function-calling",
        Because::Binding => {
            ground.id == "ui-binding" && (!words.contains("flutter") || named("flutter"))
        }
    }
}
