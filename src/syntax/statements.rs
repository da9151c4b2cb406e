//! From a statement's pair to the statement. Slips the grammar lets through are reported on the way.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use super::term::{Term, read_term};
use super::tree::{
    Bound, ClassTerm, LanguageTerm, PlatformTerm, Selection, Statement, StatementKind, Value,
    ValueKind, Word,
};
use crate::diagnostic::{Applicability, Code, Diagnostic, Text};

/// The parts of a statement, read one after the other.
struct Parts<'r, 't, 'p> {
    reader: &'r mut Reader<'t>,
    parts: Vec<Pair<'p>>,
}

impl<'p> Parts<'_, '_, 'p> {
    /// Takes out the first part of that rule.
    fn take(&mut self, rule: Rule) -> Option<Pair<'p>> {
        let index = self.parts.iter().position(|part| part.as_rule() == rule)?;
        Some(self.parts.remove(index))
    }

    fn value(&mut self) -> Option<Value> {
        let index = self.parts.iter().position(|part| {
            matches!(
                part.as_rule(),
                Rule::value | Rule::word_value | Rule::text | Rule::os_version
            )
        })?;
        let part = self.parts.remove(index);
        Some(self.reader.value(part))
    }

    fn values(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.value()).collect()
    }

    fn word(&mut self, rule: Rule) -> Option<Word> {
        self.take(rule).map(|part| self.reader.word(&part))
    }

    fn bound(&mut self) -> Option<Bound> {
        let operator = self.take(Rule::relation).map(|sign| {
            let operator = self.reader.comparison(&sign);
            (operator, self.reader.span(&sign))
        });
        let value = self.value()?;
        Some(Bound { operator, value })
    }

    fn expression(&mut self) -> Option<Term> {
        let part = self.take(Rule::expression)?;
        read_term(self.reader, part)
    }

    fn selection(&mut self) -> Option<Selection> {
        let inner = self.take(Rule::selection)?;
        let mut inner = parts(self.reader, inner);
        inner.slips("|");
        let kind = inner.word(Rule::word)?;
        let any_of = inner.values();
        Some(Selection { kind, any_of })
    }

    fn on(&mut self) -> Option<ClassTerm> {
        let inner = self.take(Rule::on)?;
        parts(self.reader, inner).class()
    }

    fn class(&mut self) -> Option<ClassTerm> {
        let ram = self.take(Rule::kw_ram).is_some();
        let value = self.value()?;
        Some(if ram {
            ClassTerm::Ram(value)
        } else {
            ClassTerm::Device(value)
        })
    }

    /// Reports the slips among the parts; `comma` is what a comma should have been.
    fn slips(&mut self, comma: &str) {
        for part in &self.parts {
            match part.as_rule() {
                Rule::odd_sep => self.reader.needless(part),
                Rule::odd_dollar => self.reader.needless(part),
                Rule::odd_comma => self.reader.wrong_operator(part, comma),
                Rule::odd_dots => self.reader.wrong_operator(part, ".."),
                Rule::odd_colon if comma == ":" => self.reader.needless(part),
                Rule::odd_colon => self.reader.wrong_operator(part, "="),
                Rule::assign => {
                    let odd = part.clone().into_inner().next();
                    if let Some(odd) = odd.filter(|odd| odd.as_rule() == Rule::odd_equals) {
                        self.reader.wrong_operator(&odd, "=");
                    }
                }
                Rule::odd_semicolon => {
                    let message = Text::key("language.semicolon");
                    self.reader.slip(111, part, message, "");
                }
                _ => {}
            }
        }
    }
}

fn parts<'r, 't, 'p>(reader: &'r mut Reader<'t>, pair: Pair<'p>) -> Parts<'r, 't, 'p> {
    let parts = pair.into_inner().collect();
    Parts { reader, parts }
}

/// The statement of a pair that is not a block; `None` when a part of it was reported as unusable.
pub(super) fn simple(reader: &mut Reader<'_>, pair: Pair<'_>) -> Option<Statement> {
    let rule = pair.as_rule();
    let span = reader.span(&pair);
    let first = pair.clone().into_inner().next()?;
    let keyword = reader.word(&first);
    let mut parts = parts(reader, pair);
    parts.slips(match rule {
        Rule::prefer => ">",
        Rule::limit => ":",
        _ => "|",
    });
    let because = parts
        .take(Rule::because)
        .and_then(|inner| self::parts(parts.reader, inner).value());
    let kind = match rule {
        Rule::version => StatementKind::Version(number(&mut parts)?),
        Rule::name => StatementKind::Name(parts.value()?),
        Rule::locale => StatementKind::Locale(parts.values()),
        Rule::param => StatementKind::Param {
            name: parts.word(Rule::ident)?,
            declared: parts.word(Rule::param_type),
            default: parts.value(),
        },
        Rule::platform => StatementKind::Platform(platforms(&mut parts)),
        Rule::ui => StatementKind::Ui(parts.value()?),
        Rule::ram => ram(&mut parts)?,
        Rule::device => StatementKind::Device(parts.values()),
        Rule::confidence => StatementKind::Confidence(parts.bound()?),
        Rule::users => StatementKind::Users(parts.bound()?),
        Rule::region => StatementKind::Region(parts.values()),
        Rule::flag => StatementKind::Flag,
        Rule::task => StatementKind::Task(parts.value()?),
        Rule::languages => StatementKind::Languages(languages(&mut parts)),
        Rule::limit => limit(&mut parts)?,
        Rule::require => StatementKind::Require(parts.expression()?),
        Rule::prefer => {
            let words = std::iter::from_fn(|| parts.word(Rule::word)).collect();
            StatementKind::Prefer(words)
        }
        Rule::use_ => StatementKind::Use(parts.selection()?),
        Rule::forbid => match parts.selection() {
            Some(selection) => StatementKind::ForbidName(selection),
            None => StatementKind::ForbidCondition(parts.expression()?),
        },
        Rule::pin => StatementKind::Pin {
            path: parts.word(Rule::path)?,
            value: parts.value()?,
        },
        Rule::allow => StatementKind::Allow(parts.word(Rule::word)?),
        Rule::resident => {
            let words = std::iter::from_fn(|| parts.word(Rule::ident)).collect();
            StatementKind::Resident(words)
        }
        Rule::fleet_line => StatementKind::Share {
            class: parts.class()?,
            share: parts.value()?,
        },
        Rule::set => StatementKind::Set {
            name: parts.word(Rule::ident)?,
            value: parts.value()?,
        },
        Rule::expect => expect(&mut parts)?,
        _ => return None,
    };
    Some(Statement {
        kind,
        keyword,
        span,
        because,
    })
}

fn number(parts: &mut Parts<'_, '_, '_>) -> Option<super::tree::Number> {
    let part = parts.take(Rule::number)?;
    Some(parts.reader.plain_number(&part))
}

fn ram(parts: &mut Parts<'_, '_, '_>) -> Option<StatementKind> {
    let Some(range) = parts.take(Rule::range) else {
        return Some(StatementKind::Ram(parts.bound()?));
    };
    let mut range = self::parts(parts.reader, range);
    range.slips("|");
    Some(StatementKind::RamRange(range.value()?, range.value()?))
}

fn platforms(parts: &mut Parts<'_, '_, '_>) -> Vec<PlatformTerm> {
    let mut terms = Vec::new();
    while let Some(term) = parts.take(Rule::platform_term) {
        let mut term = self::parts(parts.reader, term);
        let Some(name) = term.value() else {
            continue;
        };
        let version = match term.take(Rule::plain) {
            None => term.bound(),
            Some(quantity) => {
                let number = term.reader.number(quantity);
                let here = crate::diagnostic::Span {
                    end: number.span.start,
                    ..number.span
                };
                let message = Text::key("language.version-sign");
                let title = Text::key("language.write").arg("what", ">=");
                let finding = Diagnostic::error(Code(109), number.span, message);
                term.reader.findings.push(finding.fix(
                    Applicability::Automatic,
                    title,
                    here,
                    ">= ",
                ));
                let span = number.span;
                let kind = ValueKind::Number(number);
                Some(Bound {
                    operator: None,
                    value: Value { kind, span },
                })
            }
        };
        terms.push(PlatformTerm { name, version });
    }
    terms
}

fn languages(parts: &mut Parts<'_, '_, '_>) -> Vec<LanguageTerm> {
    let mut terms = Vec::new();
    while let Some(term) = parts.take(Rule::language_term) {
        let mut term = self::parts(parts.reader, term);
        if let Some(from) = term.value() {
            let to = term.value();
            terms.push(LanguageTerm { from, to });
        }
    }
    terms
}

fn limit(parts: &mut Parts<'_, '_, '_>) -> Option<StatementKind> {
    let amount = parts.take(Rule::amount)?;
    let operator = parts.take(Rule::relation).map(|sign| {
        let operator = parts.reader.comparison(&sign);
        (operator, parts.reader.span(&sign))
    });
    let mut amount = self::parts(parts.reader, amount);
    let of_ram = amount.take(Rule::of_ram).is_some();
    let value = amount.value()?;
    let bound = Bound { operator, value };
    Some(StatementKind::Limit { bound, of_ram })
}

fn expect(parts: &mut Parts<'_, '_, '_>) -> Option<StatementKind> {
    let on = parts.on();
    if let Some(outcome) = parts.take(Rule::outcome) {
        let feasible = outcome.as_str() == "feasible";
        return Some(StatementKind::ExpectOutcome { feasible, on });
    }
    let condition = parts.expression()?;
    Some(StatementKind::Expect { condition, on })
}
