//! The names a spec may refer to, handed in by whoever owns them.
//!
//! The spec station stands above the catalog and may not import it; this is all it needs to know of it.

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
