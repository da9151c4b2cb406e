//! The distinct choices for one place, so that each is said once with the phones that get it.

use crate::plan::types::{Settings, Stack, Tier};

/// One choice for a place, and the phones that get it.
pub(super) struct Variant<'a> {
    pub(super) stack: &'a Stack,
    pub(super) tiers: Vec<&'a Tier>,
    /// Settings and the phones they are for; one entry where all phones start it alike.
    pub(super) settings: Vec<(&'a Settings, Vec<&'a Tier>)>,
}

/// The distinct choices for the place `at` over tiers of one platform.
pub(super) fn variants<'a>(tiers: &[&'a Tier], at: usize) -> Vec<Variant<'a>> {
    let mut found: Vec<Variant<'a>> = Vec::new();
    for tier in tiers {
        let Some(stack) = tier.stacks.get(at) else {
            continue;
        };
        let known = found.iter_mut().find(|variant| {
            let other = variant.stack;
            other.model.id == stack.model.id
                && other.file.id == stack.file.id
                && other.runtime.id == stack.runtime.id
                && other.backend == stack.backend
        });
        let variant = match known {
            Some(variant) => variant,
            None => {
                found.push(Variant {
                    stack,
                    tiers: Vec::new(),
                    settings: Vec::new(),
                });
                let last = found.len() - 1;
                &mut found[last]
            }
        };
        variant.tiers.push(tier);
        if let Some(settings) = &stack.settings {
            match variant
                .settings
                .iter_mut()
                .find(|(other, _)| *other == settings)
            {
                Some((_, phones)) => phones.push(tier),
                None => variant.settings.push((settings, vec![tier])),
            }
        }
    }
    found
}
