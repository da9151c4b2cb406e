//! The facts of one stack on one phone under one spec, read from the catalog and the estimate.

use super::{Budgets, Value};
use crate::catalog::types::{
    Artifact, Backend, Catalog, DeviceIx, License, Model, Platform, Quantization, Role, Runtime,
    RuntimeBackend,
};
use crate::estimate::types::{Estimate, Phone, Stack};
use crate::quantity::Dimension;
use crate::spec::model::{Feature, Spec};

/// What is judged: a stack for one role of one feature on one phone.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// The feature served.
    pub feature: &'a Feature,
    /// The role filled.
    pub role: Role,
    /// The phone.
    pub phone: Phone,
    /// The phones it must serve: a class of them, or the named device alone; empty for the phone itself.
    pub covers: &'a [DeviceIx],
    /// Lowest OS version asked for on the phone's platform.
    pub min_os: f64,
    /// The stack.
    pub stack: Stack,
}

/// Answers every fact of `FACTS` for a case.
#[derive(Debug, Clone)]
pub struct StackFacts<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) case: Case<'a>,
    pub(super) estimate: &'a Estimate,
    pub(super) budgets: Budgets,
    pub(super) platform: &'a Platform,
    pub(super) model: &'a Model,
    pub(super) artifact: &'a Artifact,
    pub(super) quant: &'a Quantization,
    pub(super) runtime: &'a Runtime,
    pub(super) engine: &'a Runtime,
    pub(super) backend: &'a Backend,
    pub(super) row: Option<&'a RuntimeBackend>,
    pub(super) license: Option<&'a License>,
}

impl<'a> StackFacts<'a> {
    /// Facts of `case`. `None` when an index of the case does not belong to `catalog`.
    #[must_use]
    pub fn new(catalog: &'a Catalog, case: Case<'a>, estimate: &'a Estimate) -> Option<Self> {
        let budgets = Budgets::of(catalog, case.spec, &case.phone);
        Self::within(catalog, case, estimate, budgets)
    }

    /// The same under limits that are known already: many stacks share them.
    #[must_use]
    pub fn within(
        catalog: &'a Catalog,
        case: Case<'a>,
        estimate: &'a Estimate,
        budgets: Budgets,
    ) -> Option<Self> {
        let stack = &case.stack;
        let model = catalog.models.get(stack.model.at())?;
        let artifact = catalog.artifacts.get(stack.artifact.at())?;
        let runtime = catalog.runtimes.get(stack.runtime.at())?;
        let engine = match runtime.engine {
            Some(engine) => catalog.runtimes.get(engine.at())?,
            None => runtime,
        };
        let on = |runtime: &'a Runtime| {
            runtime
                .backends
                .iter()
                .find(|row| row.backend == stack.backend && row.platform == case.phone.platform)
        };
        Some(Self {
            catalog,
            case,
            estimate,
            budgets,
            platform: catalog.platforms.get(case.phone.platform.at())?,
            model,
            artifact,
            quant: catalog.quantizations.get(artifact.quant.at())?,
            runtime,
            engine,
            backend: catalog.backends.get(stack.backend.at())?,
            row: on(runtime).or_else(|| on(engine)),
            license: match model.license {
                Some(license) => catalog.licenses.get(license.at()),
                None => None,
            },
        })
    }

    /// The facts of the same case with other figures.
    #[must_use]
    pub fn with<'b>(&self, estimate: &'b Estimate) -> StackFacts<'b>
    where
        'a: 'b,
    {
        StackFacts {
            estimate,
            ..self.clone()
        }
    }

    /// The limits that hold on the phone.
    #[must_use]
    pub const fn budgets(&self) -> &Budgets {
        &self.budgets
    }

    pub(super) const fn platform(&self) -> &'a Platform {
        self.platform
    }
}

/// A fact path with the way its value is read.
pub(super) type Getter = (
    &'static str,
    for<'a, 'b> fn(&'a StackFacts<'b>) -> Value<'a>,
);

pub(super) fn text(text: &str) -> Value<'_> {
    Value::Text(text)
}

pub(super) fn number<'a>(value: Option<f64>) -> Value<'a> {
    value.map_or(Value::Nothing, |value| {
        Value::exact(value, Dimension::Number)
    })
}
