//! The model a row was measured with. What the catalog lacks is stood in for by its own shape, where it is known, or by
//! the nearest the catalog has.

use super::measured::Measured;
use super::resolve::{because, plain};
use crate::catalog::types::{Architecture, Attention, Catalog, Model, ModelIx, Role, Sourced};
use crate::diagnostic::Text;
use crate::quantity::Params;

/// Words that tell versions of one model apart which run alike.
const TAILS: [&str; 8] = [
    "",
    "instruct",
    "it",
    "chat",
    "instruct2507",
    "2507",
    "instructv03",
    "thinking",
];

/// Words of models that do not generate text, which this does not predict.
const SPEECH: [&str; 10] = [
    "whisper",
    "moonshine",
    "kokoro",
    "melo",
    "parakeet",
    "zipformer",
    "vits",
    "piper",
    "sdm",
    "diffusion",
];

/// Shapes of models nobody plans for any more, or not yet, that sources measured: from their public `config.json`. A plain
/// name starts with one of `names`.
const EARLIER: &str = include_str!("earlier_models.csv");

/// The shortest start of a name that is taken for the whole.
const SHORTEST_START: usize = 5;

/// The model of a row; one the catalog lacks is added to it.
///
/// # Errors
/// The model makes no text, or nobody says how large it is.
pub(super) fn model(catalog: &mut Catalog, row: &Measured) -> Result<ModelIx, Text> {
    let name = row.model.split(" (").next().unwrap_or(&row.model);
    let wanted = plain(name);
    if SPEECH.iter().any(|word| wanted.contains(word)) {
        return Err(because("verify.reason.speech", &row.model));
    }
    let index = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok()).map(ModelIx);
    for tail in TAILS {
        let full = format!("{wanted}{tail}");
        let is = |it: &Model| shaped(it) && (plain(&it.id) == full || plain(&it.name) == full);
        if let Some(found) = index(catalog.models.iter().position(is)) {
            return Ok(found);
        }
    }
    // A file name holds the model's name and more.
    let within = catalog
        .models
        .iter()
        .enumerate()
        .filter(|(_, it)| shaped(it) && agrees(it, row.params_b))
        .filter(|(_, it)| {
            let name = plain(&it.id);
            name.len() > 6 && wanted.starts_with(&name)
        })
        .max_by_key(|(_, it)| it.id.len())
        .map(|(at, _)| at);
    if let Some(found) = index(within) {
        return Ok(found);
    }
    if let Some(found) = index(cut_short(catalog, &wanted, row.params_b)) {
        return Ok(found);
    }
    let earlier = earlier(&wanted);
    let stated = row.params_b.filter(|it| *it > 0.0);
    let params = earlier
        .as_ref()
        .map(|(params, _)| *params)
        .or_else(|| stated.or_else(|| size_in(name)).map(|it| it * 1e9))
        .ok_or_else(|| because("verify.reason.model", &row.model))?;
    like(catalog, &row.model, params, earlier.map(|it| it.1))
        .ok_or_else(|| because("verify.reason.model", &row.model))
}

fn shaped(it: &Model) -> bool {
    it.arch.is_some() && it.params.is_some()
}

/// Whether a stated size is that of the model, rounding aside.
fn agrees(model: &Model, params_b: Option<f64>) -> bool {
    params_b.is_none_or(|stated| near(stated, billions(model)))
}

fn billions(model: &Model) -> f64 {
    let params = model.params.as_ref();
    params.map_or(0.0, |it| it.value.get() as f64 / 1e9)
}

fn near(one: f64, other: f64) -> bool {
    (one / other - 1.0).abs() < 0.3
}

/// The model whose id starts with the name, as `SmolLM3` or `Phi-3.5-mini`; none where models of several sizes do.
fn cut_short(catalog: &Catalog, wanted: &str, params_b: Option<f64>) -> Option<usize> {
    let known = catalog.models.iter().enumerate();
    let named: Vec<(usize, &Model)> = known
        .filter(|(_, it)| wanted.len() >= SHORTEST_START && plain(&it.id).starts_with(wanted))
        .filter(|(_, it)| shaped(it) && agrees(it, params_b))
        .collect();
    let (at, first) = named.iter().min_by_key(|(_, it)| it.id.len())?;
    let of_one_size = named
        .iter()
        .all(|(_, it)| near(billions(it), billions(first)));
    of_one_size.then_some(*at)
}

/// Parameters and shape of a model of [`EARLIER`].
fn earlier(wanted: &str) -> Option<(f64, Architecture)> {
    let rows = EARLIER.lines().skip(1).map(|line| line.split(','));
    rows.filter_map(|mut cells| {
        let names = cells.next()?;
        let starts = names.split(' ').filter(|it| wanted.starts_with(it));
        let longest = starts.map(str::len).max()?;
        let numbers: Vec<u64> = cells.map_while(|it| it.parse().ok()).collect();
        let &[
            params,
            layers,
            hidden,
            ffn,
            heads,
            kv_heads,
            head_dim,
            vocab,
            tied,
        ] = numbers.as_slice()
        else {
            return None;
        };
        let of = |it: u64| u32::try_from(it).unwrap_or(0);
        let shape = Architecture {
            layers: of(layers),
            hidden: of(hidden),
            ffn: of(ffn),
            heads: of(heads),
            kv_heads: of(kv_heads),
            head_dim: of(head_dim),
            vocab: of(vocab),
            tied: Some(tied == 1),
            attention: Attention::Full,
            moe: None,
            per_layer_embedding: None,
        };
        Some((longest, params as f64, shape))
    })
    .max_by_key(|it| it.0)
    .map(|(_, params, shape)| (params, shape))
}

/// Billions of parameters as a name gives them: `1.5B`, `360M`.
fn size_in(name: &str) -> Option<f64> {
    let lower = name.to_lowercase();
    lower
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .find_map(|word| {
            let (digits, unit) = word.split_at_checked(word.len().checked_sub(1)?)?;
            let value: f64 = digits.parse().ok()?;
            match unit {
                "b" => Some(value),
                "m" => Some(value / 1000.0),
                _ => None,
            }
        })
}

/// Adds a model of that size, with its own shape or that of the nearest dense one.
fn like(
    catalog: &mut Catalog,
    name: &str,
    params: f64,
    shape: Option<Architecture>,
) -> Option<ModelIx> {
    let id = format!("like {}", plain(name));
    let known = catalog.models.iter().position(|it| it.id == id);
    let at = if let Some(at) = known {
        at
    } else {
        let distance = |it: &Model| {
            let size = it.params.as_ref()?.value.get() as f64;
            let arch = &it.arch.as_ref()?.value;
            let dense = arch.moe.is_none() && arch.per_layer_embedding.is_none();
            (dense && it.roles.contains(&Role::Llm)).then(|| {
                if size > params {
                    size / params
                } else {
                    params / size
                }
            })
        };
        let nearest = catalog
            .models
            .iter()
            .filter_map(|it| Some((distance(it)?, it)))
            .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)))?
            .1;
        let mut model = nearest.clone();
        model.id = id;
        name.clone_into(&mut model.name);
        model.params = Some(Sourced::unsourced(Params::new(params as u64)));
        if let Some(shape) = shape {
            model.arch = Some(Sourced::unsourced(shape));
        }
        catalog.models.push(model);
        catalog.models.len() - 1
    };
    u32::try_from(at).ok().map(ModelIx)
}
