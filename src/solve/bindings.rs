//! Which runners run a file alike: bindings of one engine on a backend of which the catalog says the same. Judges nothing.

use crate::catalog::types::{BackendIx, Catalog, RuntimeBackend, RuntimeIx};
use crate::estimate::backend_row;
use crate::estimate::types::{Phone, Stack};

/// The runners of one platform, numbered by what they share.
pub(super) struct Bindings<'q, 'a> {
    catalog: &'a Catalog,
    phone: &'q Phone,
    /// By runtime, then by backend, once somebody asked.
    numbers: Vec<Option<usize>>,
    /// By number. A binding has a copy of its engine's row, but for what it says itself.
    shared: Vec<(RuntimeIx, BackendIx, Option<&'a RuntimeBackend>)>,
}

impl<'q, 'a> Bindings<'q, 'a> {
    pub(super) fn new(catalog: &'a Catalog, phone: &'q Phone) -> Self {
        Self {
            catalog,
            phone,
            numbers: vec![None; catalog.runtimes.len() * catalog.backends.len()],
            shared: Vec::new(),
        }
    }

    /// The number of the runner of a stack; those that run files alike have one number.
    pub(super) fn number(&mut self, stack: &Stack) -> usize {
        let (runtime, backend) = (stack.runtime, stack.backend);
        let (catalog, phone, shared) = (self.catalog, self.phone, &mut self.shared);
        let at = runtime.at() * catalog.backends.len() + backend.at();
        *self.numbers[at].get_or_insert_with(|| {
            let engine = catalog.runtimes[runtime.at()].engine.unwrap_or(runtime);
            let row = backend_row(catalog, runtime, backend, phone);
            let of = (engine, backend, row);
            let known = shared.iter().position(|one| *one == of);
            known.unwrap_or_else(|| {
                shared.push(of);
                shared.len() - 1
            })
        })
    }
}
