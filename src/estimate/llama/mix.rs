//! Which storage type `llama_model_quantize` gives each tensor (ggml 0.26.0, no importance matrix). Weighs nothing.

use super::kept::{converted, is_quantized};
use crate::gguf::Kind;
use crate::gguf::Shaped;

/// A mix that files are named after: `Q4_K_M`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are llama.cpp's own")]
pub enum Mix {
    F32,
    F16,
    Bf16,
    Q8_0,
    Q6K,
    Q5KM,
    Q5KS,
    Q5_1,
    Q5_0,
    Q4KM,
    Q4KS,
    Q4_1,
    Q4_0,
    Iq4Nl,
    Iq4Xs,
    Q3KL,
    Q3KM,
    Q3KS,
    Iq3M,
    Iq3S,
    Iq3Xs,
    Iq3Xxs,
    Q2K,
    Q2KS,
    Iq2M,
    Iq2S,
    Iq2Xs,
    Iq2Xxs,
    Iq1M,
    Iq1S,
    Tq1_0,
    Tq2_0,
    Mxfp4,
}

/// Mix, its number in `general.file_type`, the catalog's id, the type most tensors get.
const TABLE: [(Mix, u32, &str, Kind); 33] = [
    (Mix::F32, 0, "f32", Kind::F32),
    (Mix::F16, 1, "f16", Kind::F16),
    (Mix::Bf16, 32, "bf16", Kind::Bf16),
    (Mix::Q8_0, 7, "q8_0", Kind::Q8_0),
    (Mix::Q6K, 18, "q6_k", Kind::Q6K),
    (Mix::Q5KM, 17, "q5_k_m", Kind::Q5K),
    (Mix::Q5KS, 16, "q5_k_s", Kind::Q5K),
    (Mix::Q5_1, 9, "q5_1", Kind::Q5_1),
    (Mix::Q5_0, 8, "q5_0", Kind::Q5_0),
    (Mix::Q4KM, 15, "q4_k_m", Kind::Q4K),
    (Mix::Q4KS, 14, "q4_k_s", Kind::Q4K),
    (Mix::Q4_1, 3, "q4_1", Kind::Q4_1),
    (Mix::Q4_0, 2, "q4_0", Kind::Q4_0),
    (Mix::Iq4Nl, 25, "iq4_nl", Kind::Iq4Nl),
    (Mix::Iq4Xs, 30, "iq4_xs", Kind::Iq4Xs),
    (Mix::Q3KL, 13, "q3_k_l", Kind::Q3K),
    (Mix::Q3KM, 12, "q3_k_m", Kind::Q3K),
    (Mix::Q3KS, 11, "q3_k_s", Kind::Q3K),
    (Mix::Iq3M, 27, "iq3_m", Kind::Iq3S),
    (Mix::Iq3S, 26, "iq3_s", Kind::Iq3S),
    (Mix::Iq3Xs, 22, "iq3_xs", Kind::Iq3S),
    (Mix::Iq3Xxs, 23, "iq3_xxs", Kind::Iq3Xxs),
    (Mix::Q2K, 10, "q2_k", Kind::Q2K),
    (Mix::Q2KS, 21, "q2_k_s", Kind::Q2K),
    (Mix::Iq2M, 29, "iq2_m", Kind::Iq2S),
    (Mix::Iq2S, 28, "iq2_s", Kind::Iq2Xs),
    (Mix::Iq2Xs, 20, "iq2_xs", Kind::Iq2Xs),
    (Mix::Iq2Xxs, 19, "iq2_xxs", Kind::Iq2Xxs),
    (Mix::Iq1M, 31, "iq1_m", Kind::Iq1M),
    (Mix::Iq1S, 24, "iq1_s", Kind::Iq1S),
    (Mix::Tq1_0, 36, "tq1_0", Kind::Tq1_0),
    (Mix::Tq2_0, 37, "tq2_0", Kind::Tq2_0),
    (Mix::Mxfp4, 38, "mxfp4", Kind::Mxfp4),
];

impl Mix {
    /// The mix of the catalog's quantization id, in any case.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|row| row.2.eq_ignore_ascii_case(id))
            .map(|row| row.0)
    }

    /// The mix of a file's `general.file_type`.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == number).map(|row| row.0)
    }

    /// The catalog's id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        TABLE[self as usize].2
    }

    pub(super) const fn base(self) -> Kind {
        TABLE[self as usize].3
    }
}

/// What the quantizer asks of a model beside its tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Blocks.
    pub layers: u64,
    /// Experts of a block; 0 for dense models.
    pub experts: u64,
    /// Query heads to a key-value head in the first block; 0 where it has no attention.
    pub grouping: u64,
    /// Falcon, for which the quantizer has rules of its own.
    pub falcon: bool,
}

/// The part a tensor plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Output,
    Embedding,
    Qkv,
    Value,
    Key,
    Query,
    AttentionOutput,
    Up,
    Gate,
    Down,
    Other,
}

impl Part {
    fn of(name: &str) -> Self {
        const PARTS: [(&str, Part); 9] = [
            ("attn_qkv.weight", Part::Qkv),
            ("attn_kv_b.weight", Part::Value),
            ("attn_v.weight", Part::Value),
            ("attn_k.weight", Part::Key),
            ("attn_q.weight", Part::Query),
            ("attn_output.weight", Part::AttentionOutput),
            ("ffn_up", Part::Up),
            ("ffn_gate", Part::Gate),
            ("ffn_down", Part::Down),
        ];
        match name {
            "output.weight" => Self::Output,
            "token_embd.weight" | "per_layer_token_embd.weight" => Self::Embedding,
            _ => PARTS
                .iter()
                .find(|(part, _)| name.contains(part))
                .map_or(Self::Other, |(_, part)| *part),
        }
    }

    const fn is_value(self) -> bool {
        matches!(self, Self::Value | Self::Qkv)
    }
}

/// Counts of tensors seen, by part.
struct State<'a> {
    model: &'a Model,
    mix: Mix,
    tied: bool,
    values: u64,
    seen_values: u64,
    seen_downs: u64,
    seen_gates: u64,
    seen_ups: u64,
}

/// The storage types of `tensors`, in their order. The quantizer counts them by block and name, whatever the order of the
/// file; names that do not begin with a block, as T5's, come first.
#[must_use]
pub fn kinds(tensors: &[Shaped], model: &Model, mix: Mix) -> Vec<Kind> {
    let mut state = State {
        model,
        mix,
        tied: !tensors.iter().any(|it| it.name == "output.weight"),
        values: tensors
            .iter()
            .filter(|it| Part::of(&it.name).is_value())
            .count() as u64,
        seen_values: 0,
        seen_downs: 0,
        seen_gates: 0,
        seen_ups: 0,
    };
    let mut order: Vec<usize> = (0..tensors.len()).collect();
    order.sort_by_key(|&at| (tensors[at].block(), tensors[at].name.as_str()));
    let mut kinds = vec![Kind::F32; tensors.len()];
    for at in order {
        kinds[at] = state.kind(&tensors[at]);
    }
    kinds
}

/// Blocks that get more bits: the first and last eighth, and every third between.
fn more_bits(at: u64, count: u64) -> bool {
    let eighth = count / 8;
    at < eighth || at >= 7 * count / 8 || (at - eighth) % 3 == 2
}

/// What is taken instead when a row is no multiple of the block.
fn fallback(kind: Kind, row: u64) -> Kind {
    if row.is_multiple_of(kind.block()) {
        return kind;
    }
    let smaller = match kind {
        Kind::Iq1S
        | Kind::Iq1M
        | Kind::Iq2Xxs
        | Kind::Iq2Xs
        | Kind::Iq2S
        | Kind::Iq3Xxs
        | Kind::Iq3S
        | Kind::Iq4Xs => Kind::Iq4Nl,
        Kind::Q2K | Kind::Q3K | Kind::Tq1_0 | Kind::Tq2_0 => Kind::Q4_0,
        Kind::Q4K => Kind::Q5_0,
        Kind::Q5K => Kind::Q5_1,
        Kind::Q6K => Kind::Q8_0,
        kind => kind,
    };
    if row.is_multiple_of(smaller.block()) {
        smaller
    } else {
        Kind::F16
    }
}

impl State<'_> {
    fn kind(&mut self, tensor: &Shaped) -> Kind {
        if !is_quantized(tensor) {
            return converted(tensor);
        }
        let base = self.mix.base();
        if !base.is_quantized() {
            return base;
        }
        let row = tensor.axes[0];
        fallback(self.chosen(tensor, base, row), row)
    }

    fn chosen(&mut self, tensor: &Shaped, base: Kind, row: u64) -> Kind {
        let part = Part::of(&tensor.name);
        match part {
            Part::Output => self.output(base, row),
            Part::Embedding if self.tied => self.output(base, row),
            _ if self.mix == Mix::Mxfp4 => {
                if tensor.axes[2] > 1 {
                    Kind::Mxfp4
                } else {
                    Kind::Q8_0
                }
            }
            Part::Embedding => self.embedding(base),
            _ if self.is_tiny() => self.tiny(part, base),
            Part::Value | Part::Qkv => self.value(base),
            Part::Key | Part::Query => self.key(part, base),
            Part::Down => self.down(tensor, base),
            Part::AttentionOutput => self.attention_output(base),
            Part::Gate | Part::Up => self.gate(part, tensor, base),
            Part::Other => base,
        }
    }

    fn is_tiny(&self) -> bool {
        use Mix::{Iq1M, Iq1S, Iq2M, Iq2S, Iq2Xs, Iq2Xxs};
        matches!(self.mix, Iq1M | Iq1S | Iq2M | Iq2S | Iq2Xs | Iq2Xxs)
    }

    fn output(&self, base: Kind, row: u64) -> Kind {
        let eight_bits = self.mix == Mix::Mxfp4 || base == Kind::Q8_0 || self.model.falcon;
        if eight_bits || !row.is_multiple_of(base.block()) {
            Kind::Q8_0
        } else if self.is_tiny() || self.mix == Mix::Iq3Xxs {
            Kind::Q5K
        } else {
            Kind::Q6K
        }
    }

    fn embedding(&self, base: Kind) -> Kind {
        match self.mix {
            Mix::Iq2Xxs | Mix::Iq2Xs | Mix::Iq1S | Mix::Iq1M => Kind::Q2K,
            Mix::Iq2S | Mix::Iq2M | Mix::Iq3Xxs => Kind::Iq3S,
            Mix::Tq1_0 | Mix::Tq2_0 => Kind::Q4K,
            _ => base,
        }
    }

    /// The mixes of one and two bits.
    fn tiny(&mut self, part: Part, base: Kind) -> Kind {
        let better = if matches!(self.mix, Mix::Iq2S | Mix::Iq2M) {
            Kind::Iq3S
        } else {
            Kind::Q2K
        };
        let eight = self.model.experts == 8;
        match part {
            part if part.is_value() => {
                self.seen_values += 1;
                if self.model.grouping >= 4 || self.model.experts >= 4 {
                    Kind::Q4K
                } else {
                    better
                }
            }
            Part::Key if eight => Kind::Q4K,
            Part::Down => {
                let early = self.seen_downs < self.model.layers / 8;
                self.seen_downs += 1;
                if early { better } else { base }
            }
            Part::AttentionOutput if eight => Kind::Q5K,
            Part::AttentionOutput => match self.mix {
                Mix::Iq1S | Mix::Iq1M => Kind::Iq2Xxs,
                Mix::Iq2S | Mix::Iq2M => Kind::Iq3S,
                _ => base,
            },
            _ => base,
        }
    }

    fn value(&mut self, base: Kind) -> Kind {
        let (at, count) = (self.seen_values, self.values);
        self.seen_values += 1;
        if self.model.experts == 8 {
            return Kind::Q8_0;
        }
        let grouped = self.model.grouping >= 4;
        match self.mix {
            Mix::Q2K if !grouped => Kind::Q3K,
            Mix::Q2K | Mix::Q2KS | Mix::Iq3Xxs | Mix::Iq3Xs | Mix::Iq3S if grouped => Kind::Q4K,
            Mix::Iq3Xxs => Kind::Iq3S,
            Mix::Iq3M => Kind::Q4K,
            Mix::Q3KM if at < 2 => Kind::Q5K,
            Mix::Q3KM => Kind::Q4K,
            Mix::Q3KL => Kind::Q5K,
            Mix::Iq4Nl | Mix::Iq4Xs if grouped => Kind::Q5K,
            Mix::Q4KM | Mix::Q5KM if more_bits(at, count) => Kind::Q6K,
            Mix::Q4KS if at < 4 => Kind::Q5K,
            _ => base,
        }
    }

    fn key(&self, part: Part, base: Kind) -> Kind {
        match self.mix {
            _ if part == Part::Key && self.model.experts == 8 => Kind::Q8_0,
            Mix::Iq3Xs => Kind::Iq3Xxs,
            Mix::Iq3Xxs => Kind::Iq2S,
            _ => base,
        }
    }

    /// The place of a tensor among its kind: counted in dense models, by name in mixtures.
    fn place(&self, tensor: &Shaped, seen: u64) -> u64 {
        if self.model.experts > 1 {
            tensor.block().unwrap_or(seen)
        } else {
            seen
        }
    }

    fn down(&mut self, tensor: &Shaped, base: Kind) -> Kind {
        let at = self.place(tensor, self.seen_downs);
        self.seen_downs += 1;
        let count = self.model.layers;
        let early = at < count / 8;
        if self.model.falcon {
            let first = at < count / 16;
            match self.mix {
                Mix::Q3KM if !first && !more_bits(at, count) => return Kind::Q3K,
                Mix::Q3KL => return Kind::Q4K,
                Mix::Q4KM if first => return Kind::Q6K,
                Mix::Q4KM if more_bits(at, count) => return Kind::Q5K,
                Mix::Q4KM | Mix::Q4KS => return base,
                _ => {}
            }
        }
        match self.mix {
            Mix::Q2K => Kind::Q3K,
            Mix::Q2KS if early => Kind::Q4K,
            Mix::Iq3Xxs if early => Kind::Q4K,
            Mix::Iq3Xxs => Kind::Q3K,
            Mix::Q3KM if at < count / 16 => Kind::Q5K,
            Mix::Q3KM => Kind::Q4K,
            Mix::Iq3M if early || (self.model.experts == 8 && more_bits(at, count)) => Kind::Q4K,
            Mix::Q3KL => Kind::Q5K,
            Mix::Q4KM | Mix::Q5KM if more_bits(at, count) => Kind::Q6K,
            Mix::Iq4Nl | Mix::Iq4Xs | Mix::Q4KS if early => Kind::Q5K,
            _ => base,
        }
    }

    fn attention_output(&self, base: Kind) -> Kind {
        if self.model.falcon {
            return if self.mix == Mix::Q3KL {
                Kind::Q4K
            } else {
                base
            };
        }
        use Mix::{Iq3M, Iq3S, Iq3Xs, Iq3Xxs, Iq4Nl, Iq4Xs, Q2K, Q3KL, Q3KM, Q3KS, Q4KM, Q4KS};
        if self.model.experts == 8 {
            return match self.mix {
                Q2K | Iq3Xs | Iq3Xxs | Q3KS | Q3KM | Iq4Nl | Q4KS | Q4KM | Iq3S | Iq3M | Iq4Xs => {
                    Kind::Q5K
                }
                _ => base,
            };
        }
        match self.mix {
            Q2K => Kind::Q3K,
            Iq3Xxs => Kind::Iq3S,
            Q3KM | Iq3M => Kind::Q4K,
            Q3KL => Kind::Q5K,
            _ => base,
        }
    }

    fn gate(&mut self, part: Part, tensor: &Shaped, base: Kind) -> Kind {
        let seen = if part == Part::Gate {
            &mut self.seen_gates
        } else {
            &mut self.seen_ups
        };
        let counted = *seen;
        *seen += 1;
        let at = self.place(tensor, counted);
        let count = self.model.layers;
        let middle = at >= count / 8 && at < 7 * count / 8;
        if self.mix == Mix::Iq3Xs && middle {
            Kind::Iq3Xxs
        } else {
            base
        }
    }
}
