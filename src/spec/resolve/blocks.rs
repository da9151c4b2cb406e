//! `budget` and `fleet`.

use std::collections::BTreeMap;

use super::app::ram_class;
use super::desk::{Desk, without};
use super::limits::Direction;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::quantity::{Dimension, Share};
use crate::spec::model::{Asked, Budget, FleetClass, FleetShare};
use crate::syntax::tree::{Block, ClassTerm, StatementKind};

/// Limits over all features together.
pub(super) fn budget(desk: &mut Desk<'_>, block: &Block) -> Budget {
    let mut budget = Budget::default();
    let mut firsts = BTreeMap::new();
    for statement in &block.statements {
        desk.once(&mut firsts, statement);
        let StatementKind::Limit { bound, of_ram } = &statement.kind else {
            continue;
        };
        let span = statement.span;
        match statement.keyword.text.as_str() {
            "memory" => {
                let amount = desk.amount(bound, *of_ram);
                budget.memory = amount.map(|amount| Asked::written(amount, span));
            }
            "download" => {
                let bytes = desk.bytes(bound, *of_ram);
                budget.download = bytes.map(|bytes| Asked::written(bytes, span));
            }
            "storage" => {
                let bytes = desk.bytes(bound, *of_ram);
                budget.storage = bytes.map(|bytes| Asked::written(bytes, span));
            }
            "battery" => {
                let drain = desk.limit(bound, Dimension::Drain, Direction::AtMost);
                budget.battery = drain.map(|drain| Asked::written(drain.value, span));
            }
            _ => {}
        }
    }
    budget
}

/// How common each class is; all shares together are at most the whole.
pub(super) fn fleet(desk: &mut Desk<'_>, block: &Block) -> Vec<FleetShare> {
    let mut shares: Vec<FleetShare> = Vec::new();
    let mut total = 0.0;
    for statement in &block.statements {
        let StatementKind::Share { class, share } = &statement.kind else {
            continue;
        };
        let class = self::class(desk, class);
        let share = desk.quantity(share, Dimension::Share);
        let (Some(class), Some(share)) = (class, share) else {
            continue;
        };
        if let Some(first) = shares.iter().find(|known| known.class == class) {
            let message = Text::key("language.fleet-twice");
            let finding = Diagnostic::error(Code(217), statement.span, message)
                .also(first.span, Text::key("language.first-here"));
            desk.report(without(finding, statement.span));
            continue;
        }
        let before = total;
        total += share.value;
        // A hair of rounding is no mistake.
        if total > 1.000_001 && before <= 1.000_001 {
            let message =
                Text::key("language.fleet-sum").arg("total", Share::new(total).to_string());
            desk.report(Diagnostic::error(Code(228), statement.span, message));
        }
        shares.push(FleetShare {
            class,
            share: Share::new(share.value),
            span: statement.span,
        });
    }
    shares
}

/// A class as named in a fleet or behind `on`.
pub(super) fn class(desk: &mut Desk<'_>, class: &ClassTerm) -> Option<FleetClass> {
    match class {
        ClassTerm::Ram(value) => ram_class(desk, value).map(FleetClass::Ram),
        ClassTerm::Device(value) => desk.device(value).map(FleetClass::Device),
    }
}
