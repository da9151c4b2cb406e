//! What the process may take on a phone: the platform's grant and the spec's own limits.

use crate::catalog::types::{Catalog, MemoryBudget};
use crate::estimate::types::Phone;
use crate::quantity::{Bytes, Share};
use crate::spec::model::{Amount, Spec};

/// The limits that hold on one phone. `None` where nobody sets or knows one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budgets {
    /// The smaller of the platform's grant (with the entitlement where that figure is known) and the spec's budget.
    /// Compared with the charged peak of the stack plus the app's own footprint, so the printed sum is the process.
    pub memory: Option<Bytes>,
    /// The platform's grant without any entitlement.
    pub base: Option<Bytes>,
    /// The grant with the entitlement.
    pub entitled: Option<Bytes>,
    /// What the spec allows.
    pub asked: Option<Bytes>,
    /// The store's threshold for this class of RAM.
    pub store: Option<Bytes>,
    /// Sources differ on the grant.
    pub contested: bool,
}

impl Budgets {
    /// The limits for `phone` under `spec`.
    #[must_use]
    pub fn of(catalog: &Catalog, spec: &Spec, phone: &Phone) -> Self {
        let row = row(catalog, phone);
        let asked = spec.budget.memory.as_ref().map(|asked| match asked.value {
            Amount::Absolute(bytes) => bytes,
            Amount::OfRam(share) => ram_share(phone, share),
        });
        let base = row.map(|row| row.base.value);
        let entitled = row.and_then(|row| row.entitled.as_ref().map(|figure| figure.value));
        let grant = entitled.or(base);
        Self {
            memory: match (grant, asked) {
                (Some(grant), Some(asked)) => Some(grant.min(asked)),
                (grant, asked) => grant.or(asked),
            },
            base,
            entitled,
            asked,
            store: row.and_then(|row| row.store_threshold.as_ref().map(|figure| figure.value)),
            contested: row.is_some_and(|row| row.contested),
        }
    }
}

/// The row of the phone's class: the largest one that is not above its RAM, so that an odd size is not promised more.
fn row<'a>(catalog: &'a Catalog, phone: &Phone) -> Option<&'a MemoryBudget> {
    let platform = catalog.platforms.get(phone.platform.at())?;
    platform
        .budgets
        .iter()
        .filter(|row| row.ram_gib <= phone.ram_gib)
        .max_by_key(|row| row.ram_gib)
}

fn ram_share(phone: &Phone, share: Share) -> Bytes {
    Bytes::gib(u64::from(phone.ram_gib)).scaled(share)
}
