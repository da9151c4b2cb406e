//! Why there is no stack at all, before anything is judged: no file is known, or nothing on the platform loads one.

use super::stacks::{each_stack, has_runner};
use crate::catalog::types::{Catalog, ModelIx, Role};
use crate::estimate::types::Phone;
use crate::quantity::Tokens;

/// What the catalog lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    /// No runtime on the platform fills the role.
    Runtime,
    /// The model has no file.
    File,
    /// The platform has runtimes for the role, and none loads a file that there is.
    Unread,
}

/// What the catalog lacks for a role on a phone, with this model or with any; `None` where it has a stack.
pub(super) fn absence(
    catalog: &Catalog,
    role: Role,
    phone: &Phone,
    model: Option<ModelIx>,
) -> Option<Absence> {
    let mine = |at: ModelIx| model.is_none_or(|model| at == model);
    let mut any = false;
    // Which stacks there are does not depend on the context.
    let context = Tokens::new(1);
    each_stack(catalog, role, phone, context, &mine, |_| any = true);
    if any {
        return None;
    }
    if model.is_some_and(|model| catalog.artifacts_of(model).next().is_none()) {
        return Some(Absence::File);
    }
    if !has_runner(catalog, phone, role) {
        return Some(Absence::Runtime);
    }
    Some(Absence::Unread)
}
