//! Sentences that say a saying of the plan in another order: `split a GGUF into shards` as `a GGUF can be split into shards`.
//!
//! No word may be added. Parts may change places; within a part the order stays, and so does all that compares or turns.

use std::collections::{BTreeMap, BTreeSet};

use super::apis::{Named, named};
use super::clause::Scope;
use super::rows::{is_place, kind_of, rows_of};
use super::statement::{Read, is_optional, matches, means_something};
use crate::prose::facts::{Attribute, Facts, Kind};
use crate::prose::open::Saying;
use crate::prose::read::atom::{Atom, What};
use crate::prose::read::fold::is_han;
use crate::prose::read::lexicon::lexicon;
use crate::prose::read::names::{Names, Options};
use crate::prose::read::sentences;

/// Most parts that change places.
const PARTS: usize = 4;

/// Most words that are left out between two of a part.
const GAP: usize = 2;

/// Least share of each clause that is kept in its order.
const KEPT: f64 = 0.6;

/// Least share of all clauses that are used where parts change places, and of each of them.
const MOVED: (f64, f64) = (0.75, 0.5);

/// Most Han characters of a word.
const HAN: usize = 4;

/// Most words of other sayings of its rule.
const WORDS: usize = 2;

/// Stems of words for the use of an API, and such characters.
const CALLS: [&str; 9] = [
    "call", "method", "function", "api", "class", "flag", "option", "invok", "help",
];
const CALLS_HAN: &str = "调用借助通过接口相关函数方法";

/// A saying, read.
#[derive(Debug)]
pub(super) struct Retold<'a> {
    saying: &'a Saying,
    sentences: Vec<Read>,
    /// Words of the other sayings of its rule: what it is about, though it does not say so itself.
    beside: BTreeSet<String>,
}

/// Where the atoms of a sentence stand in a saying.
struct Aligned {
    used: Vec<bool>,
    /// In the order of the sentence: they ascend within a part.
    places: Vec<usize>,
}

/// Lets the sayings of a rule know each other's words.
pub(super) fn share_words(all: &mut [Retold<'_>]) {
    let mut of_rule: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in all.iter() {
        let words = of_rule.entry(one.saying.of.clone()).or_default();
        let atoms = one.sentences.iter().flat_map(|read| &read.atoms);
        words.extend(atoms.filter_map(|atom| match &atom.what {
            What::Word(word) => Some(word.clone()),
            _ => None,
        }));
    }
    for one in all {
        one.beside = of_rule.get(&one.saying.of).cloned().unwrap_or_default();
    }
}

impl<'a> Retold<'a> {
    pub(super) fn new(saying: &'a Saying, names: &Names) -> Self {
        let ranges = sentences(&saying.text).into_iter();
        let read = ranges.map(|range| Read::new(0, &saying.text[range], &[], names));
        Self {
            saying,
            sentences: read.collect(),
            beside: BTreeSet::new(),
        }
    }

    /// Its rule.
    pub(super) fn of(&self) -> &str {
        &self.saying.of
    }

    /// The words of it that hold signs, such as names of APIs.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let apis = self.saying.apis.iter().map(String::as_str);
        apis.chain([self.saying.text.as_str()])
    }

    /// Whether a sentence says it in its own order.
    pub(super) fn is_told_by(
        &self,
        facts: &Facts,
        text: &str,
        all: &[Atom],
        scope: &Scope,
    ) -> bool {
        let (Some(first), Some(last)) = (all.first(), all.last()) else {
            return false;
        };
        let apis = named(&self.saying.apis, text, &(first.span.start..last.span.end));
        let in_api = |atom: &Atom| {
            let mut spans = apis.iter().flat_map(|(_, spans)| spans);
            spans.any(|span| atom.overlaps(span))
        };
        let atoms: Vec<&Atom> = all
            .iter()
            .filter(|atom| means_something(&atom.what) && !in_api(atom))
            .collect();
        self.sentences.iter().any(|read| {
            let has = |atom: &&Atom| {
                let mut own = read.atoms.iter();
                own.any(|own| matches(&atom.what, &own.what, false))
            };
            let (wanted, besides): (Vec<&Atom>, Vec<&Atom>) = atoms.iter().copied().partition(has);
            self.bears(facts, &wanted, &besides, !apis.is_empty())
                && self.holds_of(facts, &wanted, &besides)
                && says_enough(&wanted)
                && read.aligned(&wanted).is_some_and(|mut aligned| {
                    self.take_apis(read, &apis, &mut aligned.used);
                    let adds = besides
                        .iter()
                        .any(|atom| matches!(atom.what, What::Word(_)));
                    // A word of the rule may stand beside those of the saying, not in the place of one.
                    (!adds || read.kept(&aligned.used) == Some(1.0))
                        && read.keeps_order(&aligned, scope)
                        && self.pairs(read, &apis, all, &wanted, &aligned)
                })
        })
    }

    /// Whether what the sentence says besides the words of the saying is known of it: names of its stacks, and few words that
    /// its rule says elsewhere.
    fn bears(&self, facts: &Facts, wanted: &[&Atom], besides: &[&Atom], calls: bool) -> bool {
        let start = wanted.first().map_or(0, |atom| atom.span.start);
        let mut words = 0;
        besides.iter().all(|atom| match &atom.what {
            What::Name(name) => !rows_of(facts, &[name]).is_empty(),
            What::Version(version) => self.saying.rows.iter().any(|row| {
                let row = facts.rows.get(*row);
                let own = row.and_then(|row| row.names.get(&Kind::Version));
                own.is_some_and(|own| own == version)
            }),
            What::Everywhere(None) => self.saying.rows.len() == facts.rows.len(),
            What::Word(word) if calls && CALLS.contains(&word.as_str()) => true,
            What::Han(han, _) => calls && CALLS_HAN.contains(*han),
            What::Word(word) => {
                words += 1;
                // What it is about comes first; later it could stand for another thing.
                words <= WORDS && atom.span.start < start && self.beside.contains(word)
            }
            What::Topic(word) => !lexicon().is_topic(word),
            _ => false,
        })
    }

    /// Whether it holds where the sentence says. It need not be placed where it is said of the plan, or by a name of its own.
    fn holds_of(&self, facts: &Facts, wanted: &[&Atom], besides: &[&Atom]) -> bool {
        let named = |atom: &&&Atom| matches!(&atom.what, What::Name(_) | What::Chunk(_));
        let free = self.saying.free || wanted.iter().any(|atom| named(&atom));
        let extra: Vec<&Options> = besides.iter().filter_map(|atom| name(atom)).collect();
        let is_of_plan = |name: &Options| {
            let mut options = name.iter();
            options
                .any(|(kind, name)| *kind == Kind::Platform && self.saying.platforms.contains(name))
        };
        free && extra.iter().all(|name| is_of_plan(name)) || {
            let own = wanted.iter().filter_map(|atom| name(atom));
            let own = own.filter(|name| !rows_of(facts, &[*name]).is_empty());
            let said: Vec<&Options> = own.chain(extra.iter().copied()).collect();
            let of: BTreeSet<usize> = rows_of(facts, &said).into_iter().collect();
            !of.is_empty() && of.is_subset(&self.saying.rows)
        }
    }

    /// What the saying calls by a short name is said where the sentence names the API: `INTERNET`.
    fn take_apis(&self, read: &Read, apis: &[Named], used: &mut [bool]) {
        for (used, atom) in used.iter_mut().zip(&read.atoms) {
            if let What::Chunk(chunk) = &atom.what {
                let named = |(at, _): &Named| self.saying.apis[*at].contains(chunk.as_str());
                *used |= apis.iter().any(named);
            }
        }
    }

    /// Whether each API stands with what it is for: there is one clause or one API, or all stand in their order, or each stands
    /// with its clause, or all clauses are said where it is open which API is whose.
    fn pairs(
        &self,
        read: &Read,
        apis: &[Named],
        all: &[Atom],
        wanted: &[&Atom],
        aligned: &Aligned,
    ) -> bool {
        let words = read.clause.iter().zip(&read.atoms);
        let words = words.filter(|(_, atom)| matches!(atom.what, What::Word(_) | What::Han(..)));
        let clauses: BTreeSet<usize> = words.map(|(clause, _)| *clause).collect();
        let one = self.sentences.len() == 1 && clauses.len() == 1;
        let whole = apis.len() == self.saying.apis.len() && apis.is_sorted_by_key(|(at, _)| *at);
        if apis.is_empty() || one || self.saying.apis.len() == 1 || whole {
            return true;
        }
        let clause_of = |at: usize| {
            let clause = aligned
                .places
                .get(at)
                .and_then(|place| read.clause.get(*place));
            clauses.iter().position(|one| Some(one) == clause)
        };
        if self.sentences.len() > 1 || clauses.len() != self.saying.apis.len() {
            let said: BTreeSet<_> = (0..wanted.len()).filter_map(clause_of).collect();
            return self.sentences.len() == 1 && said.len() == clauses.len();
        }
        let parts = |from: usize, to: usize| {
            let mut between = all
                .iter()
                .filter(|atom| (from..to).contains(&atom.span.start));
            between.any(|atom| matches!(atom.what, What::Break | What::And))
        };
        apis.iter().all(|(at, spans)| {
            let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
                return false;
            };
            let before = wanted
                .iter()
                .rposition(|atom| atom.span.start < first.start);
            let before = before.filter(|at| !parts(wanted[*at].span.end, first.start));
            let after = wanted.iter().position(|atom| atom.span.start >= last.end);
            let after = after.filter(|at| !parts(last.end, wanted[*at].span.start));
            let mut beside = before.into_iter().chain(after).map(clause_of).peekable();
            beside.peek().is_some() && beside.all(|clause| clause == Some(*at))
        })
    }
}

impl Read {
    /// The places of all atoms, longest pieces first; `None` where one has none.
    fn aligned(&self, wanted: &[&Atom]) -> Option<Aligned> {
        let mut used = vec![false; self.atoms.len()];
        let mut places: Vec<usize> = Vec::new();
        let mut parts = 1;
        let mut at = 0;
        while at < wanted.len() {
            let last = places.last().copied();
            let length = |start: usize| {
                let pairs = wanted[at..].iter().zip(self.atoms[start..].iter());
                let pairs = pairs.zip(&used[start..]).enumerate();
                pairs
                    .take_while(|(inside, ((want, have), used))| {
                        !**used
                            && matches(&want.what, &have.what, *inside > 0 && is_inside(&want.what))
                    })
                    .count()
            };
            let goes_on = |start: usize| last.is_none_or(|last| start > last);
            let best = (0..self.atoms.len())
                .map(|start| (length(start), goes_on(start), std::cmp::Reverse(start)))
                .max()?;
            let (length, goes_on, std::cmp::Reverse(start)) = best;
            let is_han = matches!(wanted[at].what, What::Han(..));
            if length == 0 || is_han && length < 2 {
                return None;
            }
            used[start..start + length].fill(true);
            places.extend(start..start + length);
            parts += usize::from(!goes_on);
            at += length;
        }
        (parts <= PARTS).then_some(Aligned { used, places })
    }

    /// Whether enough is said, and whatever turns, compares or measures stands where it stood.
    fn keeps_order(&self, aligned: &Aligned, scope: &Scope) -> bool {
        let Aligned { used, places } = aligned;
        let moved = !places.is_sorted();
        let kept = if moved {
            let (all, each) = MOVED;
            self.kept(used).is_some_and(|kept| kept >= all) && self.keeps_share(used, each, may_go)
        } else {
            self.keeps_share(used, KEPT, may_go)
        };
        if !(kept && self.keeps_turns(used, scope) && self.keeps_start(used)) {
            return false;
        }
        if !(0..places.len()).all(|at| self.keeps_turned(places, at)) {
            return false;
        }
        // Between two parts the second begins before the first.
        let tight = places.windows(2).all(|pair| {
            let between = || (pair[0] + 1..pair[1]).filter(|at| !used[*at]);
            let figures = between().any(|at| matches!(self.atoms[at].what, What::Version(_)));
            let apart = self.clause[pair[0]] != self.clause[pair[1]];
            !figures && (apart || between().count() <= GAP)
        });
        tight && (!moved || self.keeps_clauses(places))
    }

    /// Whether each clause is said in one piece, in which no more than one word moves: `split a GGUF` as `a GGUF is split`. Two
    /// figures, two APIs or two verbs cannot change places so.
    fn keeps_clauses(&self, places: &[usize]) -> bool {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        let mut last = None;
        for place in places {
            let clause = self.clause[*place];
            if last != Some(clause) {
                if !seen.insert(clause) {
                    return false;
                }
                blocks.push(Vec::new());
            }
            last = Some(clause);
            if let Some(block) = blocks.last_mut() {
                block.push(*place);
            }
        }
        blocks.iter().all(|block| self.moves_one(block))
    }

    /// Whether the places of a clause ascend but for one word that sets nothing in an order and stands beside nothing that does.
    fn moves_one(&self, block: &[usize]) -> bool {
        if block.is_sorted() {
            return true;
        }
        (0..block.len()).any(|at| {
            let word = self.word_at(block, at);
            let rest: Vec<usize> = block[..at]
                .iter()
                .chain(&block[at + word..])
                .copied()
                .collect();
            let (first, last) = (block[at], block[at + word - 1]);
            let beside = |other: Option<usize>| {
                let other =
                    other.filter(|other| self.clause.get(*other) == Some(&self.clause[first]));
                other.is_some_and(|other| self.sets_order(other))
            };
            rest.is_sorted()
                && !self.sets_order(first)
                && !beside(first.checked_sub(1))
                && !beside(Some(last + 1))
        })
    }

    /// How many atoms the word at a place of a clause has: one, or so many Han characters one after the other.
    fn word_at(&self, block: &[usize], at: usize) -> usize {
        let is_han = |at: &usize| matches!(self.atoms[block[*at]].what, What::Han(..));
        if !is_han(&at) {
            return 1;
        }
        let follows = |next: &usize| is_han(next) && block[*next] == block[next - 1] + 1;
        1 + (at + 1..block.len())
            .take_while(follows)
            .take(HAN - 1)
            .count()
    }

    /// Whether an atom sets what is around it in an order. Chinese words for before and after stand behind what they place.
    fn sets_order(&self, at: usize) -> bool {
        let what = &self.atoms[at].what;
        orders(what) && !(is_place_in_time(what) && self.text.contains(is_han))
    }

    /// Whether a turning word stands right beside what it turns in the saying.
    fn keeps_turned(&self, places: &[usize], at: usize) -> bool {
        let place = places[at];
        if !turns(&self.atoms[place].what) {
            return true;
        }
        let inside = |other: usize| self.clause.get(other) == self.clause.get(place);
        let before = || place > 0 && at > 0 && inside(place - 1) && places[at - 1] == place - 1;
        match inside(place + 1) {
            true if is_place_in_time(&self.atoms[place].what) && before() => true,
            true => places.get(at + 1) == Some(&(place + 1)),
            false => before(),
        }
    }

    /// The share that is kept of all clauses that are used.
    fn kept(&self, used: &[bool]) -> Option<f64> {
        let counts = self.counted(used, may_go).into_iter();
        let (all, kept) = counts.reduce(|one, other| (one.0 + other.0, one.1 + other.1))?;
        Some(f64::from(kept) / f64::from(all))
    }
}

/// What a clause may lack here: besides, names that say neither where nor which model.
fn may_go(what: &What) -> bool {
    match what {
        What::Name(name) => !is_place(name) && kind_of(name) != Some(Kind::Model),
        what => is_optional(what),
    }
}

fn name<'n>(atom: &&'n Atom) -> Option<&'n Options> {
    match &atom.what {
        What::Name(options) => Some(options),
        _ => None,
    }
}

/// Within a run of Han text.
const fn is_inside(what: &What) -> bool {
    matches!(what, What::Han(_, true))
}

/// Whether what is said is more than a name or a figure.
fn says_enough(wanted: &[&Atom]) -> bool {
    let says = |what: &What| match what {
        What::Word(_) | What::Han(..) | What::State(_) | What::Negation => true,
        What::Attribute(of) => !of.contains(&Attribute::PeakMemory),
        _ => false,
    };
    wanted.len() >= 2 && wanted.iter().any(|atom| says(&atom.what))
}

/// Words that set what is around them in an order.
fn orders(what: &What) -> bool {
    match what {
        What::Compare(_) | What::CompareAfter(_) | What::Than | What::Extreme(..) => true,
        What::Pairing | What::Degree(_) | What::End(_) | What::State(_) => true,
        What::Guard(group) => !matches!(group.as_str(), "all" | "only" | "always" | "may"),
        _ => false,
    }
}

/// `Before`, `after`: they place what they stand with.
fn is_place_in_time(what: &What) -> bool {
    matches!(what, What::Guard(group) if matches!(group.as_str(), "before" | "after"))
}

const fn turns(what: &What) -> bool {
    matches!(what, What::Negation | What::Guard(_))
}
