//! Plans say what some phones miss of what others get. What is told must be so in the same plan.

use edgeplan::catalog;
use edgeplan::plan::types::{Plan, Stack};

use crate::support::{compile, files, read, relative};

/// The model of a place on a class.
fn model<'p>(plan: &'p Plan, class: &str, feature: &str, role: &str) -> Option<&'p Stack> {
    let holds = |id: &String| id == class;
    let tier = plan
        .tiers
        .iter()
        .find(|tier| tier.classes.iter().any(|class| holds(&class.id)))?;
    let mut stacks = tier.stacks.iter();
    stacks.find(|stack| stack.feature == feature && stack.role == role)
}

fn quality(id: &str) -> f64 {
    let mut models = catalog::builtin().models.iter();
    let found = models.find(|model| model.id == id);
    let quality = found.and_then(|model| model.quality.as_ref());
    quality.map_or(0.0, |quality| quality.index)
}

#[test]
fn what_phones_miss_is_what_others_get_and_better() {
    let (mut told, mut refused, mut lost) = (0, 0, 0);
    for path in files("specs", ".edgeplan") {
        let Some(plan) = compile(&read(&path), &relative(&path)).plan else {
            continue;
        };
        for missed in &plan.elsewhere {
            told += 1;
            let of = |class: &str| model(&plan, class, &missed.feature, &missed.role);
            let giver = of(&missed.given_to).expect("a class that gets it");
            assert_eq!(giver.model.id, missed.model, "{}", path.display());
            for class in &missed.classes {
                let own = of(class).expect("a class that goes without");
                assert_eq!(own.model.name, missed.winner);
                assert!(quality(&own.model.id) < quality(&missed.model));
            }
            refused += usize::from(!missed.reasons.is_empty());
            if let Some((won, worse)) = &missed.values {
                lost += 1;
                assert_ne!(won, worse, "{}", path.display());
                assert!(missed.loses_on.is_some() && missed.reasons.is_empty());
            }
        }
    }
    assert!(
        told > 0 && refused > 0 && lost > 0,
        "{told} {refused} {lost}"
    );
}
