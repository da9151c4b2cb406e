//! `edgeplanc estimate`: what one stack costs one phone, line by line.

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::format::Format;
use crate::cli::knowledge::Knowledge;
use crate::estimate::report::{Ask, report};

/// Estimate memory, speed and energy of one stack on one phone, with the derivation
#[derive(Debug, Args)]
pub(crate) struct Estimate {
    /// Model id, see `catalog list models`
    #[arg(long, value_name = "ID")]
    model: String,
    /// Quantization id
    #[arg(long, value_name = "ID")]
    quant: String,
    /// Runtime id
    #[arg(long, value_name = "ID")]
    runtime: String,
    /// Backend id
    #[arg(long, value_name = "ID")]
    backend: String,
    /// Device id
    #[arg(long, value_name = "ID")]
    device: String,
    /// Context to allocate, in tokens
    #[arg(long, value_name = "TOKENS", default_value_t = 4096)]
    context: u64,
    /// Element type of the KV cache: f16, q8_0, q4_0 or int8 [default: the runtime's]
    #[arg(long, value_name = "TYPE")]
    kv: Option<String>,
    /// Tokens of the prompt [default: a quarter of the context]
    #[arg(long, value_name = "TOKENS")]
    prompt: Option<u64>,
    /// Format of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    #[command(flatten)]
    knowledge: Knowledge,
}

impl Estimate {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let loaded = self.knowledge.load(console)?;
        let ask = Ask {
            model: self.model,
            quant: self.quant,
            runtime: self.runtime,
            backend: self.backend,
            device: self.device,
            context: self.context,
            kv: self.kv,
            prompt: self.prompt,
        };
        let report = report(&loaded.catalog, &ask).map_err(Failure::Said)?;
        let answer = match self.format {
            Format::Text => report.text(&loaded.catalog, console.locale),
            Format::Json => format!("{:#}\n", report.json(&loaded.catalog, console.locale)),
        };
        console.out(&answer)?;
        Ok(Exit::Done)
    }
}
