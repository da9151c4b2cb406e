//! The names a spec may refer to, handed in by whoever owns them.
//!
//! The spec station stands above the catalog and may not import it; this is all it needs to know of it.

use crate::syntax::nearest::fold;

/// One name with the spellings that are accepted for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The id used everywhere after resolution.
    pub id: String,
    /// Spellings accepted in specs besides the id; compared without regard to case, spaces, `-` and `_`.
    pub spellings: Vec<String>,
}

/// All names by kind, each sorted by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Models.
    pub models: Vec<Name>,
    /// Quantizations.
    pub quantizations: Vec<Name>,
    /// Runtimes.
    pub runtimes: Vec<Name>,
    /// Backends.
    pub backends: Vec<Name>,
    /// Platforms (`ios`, `android`, `harmonyos`).
    pub platforms: Vec<Name>,
    /// Devices.
    pub devices: Vec<Name>,
    /// Licences; groups such as `llama-community` are names too, see `license_groups`.
    pub licenses: Vec<Name>,
    /// Groups of licences: name and members.
    pub license_groups: Vec<(String, Vec<String>)>,
    /// Vendors of models.
    pub vendors: Vec<Name>,
    /// Architecture families.
    pub families: Vec<Name>,
}

impl Vocabulary {
    /// The names that a fact (`model.id`, `runtime.id`, ...) may have; none where any text will do.
    #[must_use]
    pub fn names(&self, fact: &str) -> &[Name] {
        match fact {
            "runtime.id" => &self.runtimes,
            "model.id" => &self.models,
            "backend.id" => &self.backends,
            "quant.id" => &self.quantizations,
            "license.id" => &self.licenses,
            "model.vendor" => &self.vendors,
            "model.family" => &self.families,
            "device.id" => &self.devices,
            "platform.id" => &self.platforms,
            _ => &[],
        }
    }
}

/// The name that is spelled so.
#[must_use]
pub fn find<'n>(names: &'n [Name], text: &str) -> Option<&'n Name> {
    names.iter().find(|name| name.id == text).or_else(|| {
        let wanted = fold(text);
        names.iter().find(|name| {
            fold(&name.id) == wanted || name.spellings.iter().any(|s| fold(s) == wanted)
        })
    })
}
