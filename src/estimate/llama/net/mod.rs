//! The graph of a decoder, in the order llama.cpp builds it (ggml 0.26.0). Decides nothing about memory.

mod altup;
mod attention;
mod cross;
mod delta;
mod embedding;
mod encoder;
mod experts;
mod feed;
mod latent;
mod parallel;
mod recurrent;
mod rwkv;

use super::decoder::{Attention, Decoder, Feed, Layer, Mixer, Norms, Reads, Recurrent, Selects};
use super::fold::folded;
use super::graph::{Axes, Graph, Id};
use super::run::Run;
use crate::gguf::Kind;

/// The inputs of one cache.
#[derive(Debug, Clone, Copy)]
struct CacheInputs {
    cells: u64,
    key_rows: Id,
    value_rows: Id,
    mask: Id,
    key_rotation: Option<Id>,
    value_rotation: Option<Id>,
}

/// A graph under construction.
struct Net<'a> {
    graph: Graph,
    decoder: &'a Decoder,
    /// The blocks to run.
    layers: &'a [Layer],
    run: &'a Run,
    /// Tokens of the batch.
    tokens: u64,
    positions: Id,
    output_rows: Id,
    temperature: Id,
    /// The embedding as the first block reads it; slices of `DeepStack` lie beside it.
    input: Option<Id>,
    /// Values of the first block, which later ones look back at (RWKV 7).
    first_value: Option<Id>,
    full: CacheInputs,
    windowed: Option<CacheInputs>,
    /// Which state each sequence continues.
    states: Id,
    /// What an encoder made, and its mask.
    encoded: Option<(Id, Id)>,
    /// Distances between tokens and cells, which biases of scores are looked up by.
    distances: Id,
}

/// Where the tensors of a graph lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// All on the CPU.
    Cpu,
    /// The part of a graph whose blocks run on a GPU that lies on the GPU.
    Device,
    /// The part of such a graph that stays on the host: inputs and the embedding.
    Host,
}

/// The graph of one physical batch of `decoder` under `run`, without blocks that only repeat others.
pub(crate) fn graph(decoder: &Decoder, run: &Run, place: Place) -> Graph {
    // AltUp counts its blocks: the first ones differ.
    if decoder.habits.streams.is_some() {
        graph_of(decoder, &decoder.layers, run, place)
    } else {
        graph_of(decoder, &folded(&decoder.layers), run, place)
    }
}

/// The same with these of its blocks.
pub(super) fn graph_of(decoder: &Decoder, layers: &[Layer], run: &Run, place: Place) -> Graph {
    let mut net = Net::new(decoder, layers, run);
    let embedding = net.embedding(place);
    if place == Place::Host {
        net.host_inputs();
    } else if decoder.habits.streams.is_some() {
        net.altup(embedding);
    } else {
        net.blocks(embedding);
    }
    net.graph
}

impl<'a> Net<'a> {
    fn new(decoder: &'a Decoder, layers: &'a [Layer], run: &'a Run) -> Self {
        let mut graph = Graph::with_room();
        let tokens = run.graph_tokens();
        let axes = if decoder.habits.four_positions { 4 } else { 1 };
        let cells = run.cells();
        let uncached = decoder.habits.reads != Reads::Cache;
        let full = if uncached {
            encoder::uncached_inputs(&mut graph, run)
        } else {
            cache_inputs(&mut graph, decoder, run, cells, false)
        };
        let windowed = decoder.window.map(|window| {
            if uncached {
                return encoder::uncached_inputs(&mut graph, run);
            }
            let cells = run.window_cells(window);
            cache_inputs(&mut graph, decoder, run, cells, true)
        });
        Self {
            positions: graph.input(Kind::I32, [tokens * axes, 1, 1, 1]),
            output_rows: graph.input(Kind::I32, [run.graph_outputs(), 1, 1, 1]),
            temperature: graph.input(Kind::F32, [1, 1, tokens, 1]),
            states: graph.input(Kind::I32, [run.sequences, 1, 1, 1]),
            encoded: decoder.habits.cross.map(|length| {
                let mask = if run.flash { Kind::F16 } else { Kind::F32 };
                let encoded = graph.input(Kind::F32, [decoder.width, length, 1, 1]);
                (encoded, graph.input(mask, [length, tokens, 1, 1]))
            }),
            distances: graph.input(Kind::I32, [full.cells, tokens, 1, 1]),
            input: None,
            first_value: None,
            graph,
            decoder,
            layers,
            run,
            tokens,
            full,
            windowed,
        }
    }

    /// Inputs that are set on the host and copied to the GPU.
    fn host_inputs(&mut self) {
        let mut inputs = vec![self.positions];
        for cache in std::iter::once(self.full).chain(self.windowed) {
            inputs.extend([cache.key_rows, cache.value_rows, cache.mask]);
            inputs.extend(cache.key_rotation.iter().chain(&cache.value_rotation));
        }
        inputs.push(self.output_rows);
        for input in inputs {
            self.graph.expand(input);
        }
    }

    fn cache(&self, windowed: bool) -> CacheInputs {
        match self.windowed {
            Some(inputs) if windowed => inputs,
            _ => self.full,
        }
    }

    /// `x` times a weight matrix with `rows` rows.
    fn linear(&mut self, x: Id, rows: u64) -> Id {
        let by = self.graph.axes(x);
        self.graph
            .fresh(Kind::F32, [rows, by[1], by[2], by[3]], &[x])
    }

    /// An element-wise operation on `x` alone, or with a weight.
    fn each(&mut self, x: Id) -> Id {
        self.graph.alike(x, &[x])
    }

    /// An element-wise operation on two tensors, shaped as the first.
    fn join(&mut self, a: Id, b: Id) -> Id {
        self.graph.alike(a, &[a, b])
    }

    /// A norm and its weight.
    fn norm(&mut self, x: Id) -> Id {
        let normed = if self.decoder.habits.layer_norm {
            self.graph.copy(x)
        } else {
            self.each(x)
        };
        self.each(normed)
    }

    fn rows_with_output(&mut self, x: Id) -> Id {
        self.graph.get_rows(x, self.output_rows)
    }

    /// Blocks, last norm and output matrix of a decoder with one residual stream.
    fn blocks(&mut self, embedding: Id) {
        let per_layer = self.decoder.habits.per_layer.map(|width| {
            let count = self.decoder.layers.len() as u64;
            self.per_layer_inputs(embedding, width, count)
        });
        let mut stream = embedding;
        let last = self.layers.len().saturating_sub(1);
        for (at, layer) in self.layers.iter().enumerate() {
            stream = self.block(stream, layer, at == last);
            if let (Some(inputs), Some(width)) = (per_layer, self.decoder.habits.per_layer) {
                stream = self.per_layer_input(stream, inputs, width);
            }
            if layer.scaled {
                stream = self.each(stream);
            }
            if let Some(input) = self.input.filter(|_| layer.deepstack) {
                let slice = self.slice_of(input);
                stream = self.join(stream, slice);
            }
            if layer.closes {
                stream = self.norm(stream);
            }
        }
        self.head(stream);
    }

    /// One block on the residual stream.
    fn block(&mut self, stream: Id, layer: &Layer, last: bool) -> Id {
        let habits = self.decoder.habits;
        if let (Some(parallel), Mixer::Attention(attention)) = (habits.parallel, &layer.mixer) {
            return self.parallel(stream, attention, &layer.feed, parallel, last);
        }
        match (&layer.mixer, &layer.feed) {
            (Mixer::Attention(attention), feed) if self.encoded.is_some() => {
                return self.crossed(stream, attention, feed, last);
            }
            (Mixer::Recurrent(recurrent), Feed::ChannelMix(inner)) => {
                return self.rwkv(stream, recurrent, *inner, last);
            }
            (
                Mixer::Recurrent(recurrent @ (Recurrent::Rwkv6 { .. } | Recurrent::Rwkv7 { .. })),
                feed,
            ) => return self.rwkv_and_feed(stream, recurrent, feed, last),
            _ => {}
        }
        let early = match layer.feed {
            Feed::Experts(experts) if experts.routes_early => {
                Some(self.linear(stream, experts.count))
            }
            _ => None,
        };
        let reads_stream = matches!(habits.norms, Norms::After | Norms::Sums)
            || layer.mixer == Mixer::None
            || layer.unnormed;
        let normed = if reads_stream {
            stream
        } else {
            self.norm(stream)
        };
        let mut residual = stream;
        let mut mixed = match &layer.mixer {
            Mixer::Attention(attention) => self.attention(normed, attention),
            Mixer::Recurrent(recurrent) => {
                if matches!(recurrent, Recurrent::DeltaNet { .. }) {
                    self.graph.expand(normed);
                }
                self.recurrent(normed, recurrent)
            }
            Mixer::Both(attention, recurrent) => {
                let attended = self.attention(normed, attention);
                let again = self.norm(stream);
                let carried = self.recurrent(again, recurrent);
                let both = self.join(attended, carried);
                residual = self.join(both, stream);
                if last {
                    residual = self.rows_with_output(residual);
                }
                let normed = self.norm(residual);
                let fed = self.feed(normed, &layer.feed);
                return self.join(fed, residual);
            }
            Mixer::Linear => self.linear(normed, self.decoder.width),
            Mixer::None => stream,
        };
        let mut early = early;
        if last && habits.selects == Selects::LastBlock {
            mixed = self.rows_with_output(mixed);
            residual = self.rows_with_output(residual);
            early = early.map(|logits| self.rows_with_output(logits));
        }
        if layer.mixer == Mixer::None {
            if layer.feed == Feed::None {
                return mixed;
            }
            let fed = self.fed(mixed, layer, early);
            return self.sum(fed, mixed, habits.residual_first[1]);
        }
        if matches!(habits.norms, Norms::After | Norms::Both) {
            mixed = self.norm(mixed);
        }
        if habits.scales_residual {
            mixed = self.each(mixed);
        }
        let mut middle = self.sum(mixed, residual, habits.residual_first[0]);
        if habits.norms == Norms::Sums {
            middle = self.norm(middle);
        }
        if layer.feed == Feed::None {
            return middle;
        }
        let fed = self.fed(middle, layer, early);
        let out = self.sum(fed, middle, habits.residual_first[1]);
        if habits.norms == Norms::Sums {
            self.norm(out)
        } else {
            out
        }
    }

    /// What a block adds, and the residual stream; the order decides whose memory is written over.
    fn sum(&mut self, added: Id, residual: Id, residual_first: bool) -> Id {
        if residual_first {
            self.join(residual, added)
        } else {
            self.join(added, residual)
        }
    }

    /// The feed-forward part with its norms; `logits` where the router was asked before.
    fn fed(&mut self, middle: Id, layer: &Layer, logits: Option<Id>) -> Id {
        let habits = self.decoder.habits;
        let mut fed = match &layer.feed {
            Feed::DenseAndExperts(dense, experts) => self.dense_and_experts(middle, dense, experts),
            feed => {
                let normed = if matches!(habits.norms, Norms::After | Norms::Sums) {
                    middle
                } else {
                    self.norm(middle)
                };
                match feed {
                    Feed::Experts(experts) => self.experts(normed, experts, logits),
                    feed => self.feed(normed, feed),
                }
            }
        };
        if matches!(habits.norms, Norms::After | Norms::Both) {
            fed = self.norm(fed);
        }
        if habits.scales_residual {
            fed = self.each(fed);
        }
        fed
    }

    /// Last norm, output matrix, logits.
    fn head(&mut self, stream: Id) {
        let habits = self.decoder.habits;
        if let Some(pooling) = habits.encoder {
            self.pooled(stream, pooling);
            return;
        }
        let mut hidden = stream;
        if habits.selects == Selects::BeforeNorm {
            if habits.keeps_hidden {
                self.graph.keep(hidden);
            }
            hidden = self.rows_with_output(hidden);
        }
        hidden = self.norm(hidden);
        if habits.selects != Selects::BeforeNorm && habits.keeps_hidden {
            self.graph.keep(hidden);
        }
        if habits.selects == Selects::AfterNorm {
            hidden = self.rows_with_output(hidden);
        }
        self.graph.keep(hidden);
        if habits.scales_norm {
            hidden = self.each(hidden);
        }
        let mut logits = self.linear(hidden, self.decoder.vocab);
        for _ in 0..habits.logit_operations {
            logits = self.each(logits);
        }
        self.graph.keep(logits);
        self.graph.expand(logits);
    }
}

/// Inputs of the cache of full or windowed layers.
fn cache_inputs(
    graph: &mut Graph,
    decoder: &Decoder,
    run: &Run,
    cells: u64,
    windowed: bool,
) -> CacheInputs {
    let tokens = run.graph_tokens();
    let streams = run.streams();
    let mask_kind = if run.flash { Kind::F16 } else { Kind::F32 };
    let values = if run.flash {
        tokens
    } else {
        tokens.saturating_mul(decoder.widest_value())
    };
    let (key_rotation, value_rotation) = rotations(decoder, run, windowed);
    let square = |graph: &mut Graph, side: u64| graph.input(Kind::F32, [side, side, 1, 1]);
    let mask: Axes = [cells, tokens / streams, 1, streams];
    CacheInputs {
        cells,
        key_rows: graph.input(Kind::I64, [tokens, 1, 1, 1]),
        value_rows: graph.input(Kind::I64, [values, 1, 1, 1]),
        mask: graph.input(mask_kind, mask),
        key_rotation: key_rotation.map(|side| square(graph, side)),
        value_rotation: value_rotation.map(|side| square(graph, side)),
    }
}

/// Sides of the Hadamard matrices by which keys and values are rotated before they are quantized: the largest power
/// of two times 64 that divides all keys of the cache; 64 for values. None where heads differ in width or are no
/// multiple of 64.
fn rotations(decoder: &Decoder, run: &Run, windowed: bool) -> (Option<u64>, Option<u64>) {
    let heads = || {
        decoder
            .layers
            .iter()
            .filter_map(|layer| layer.mixer.attention())
            .filter(move |it| it.caches && (decoder.window.is_none() || it.windowed == windowed))
    };
    let same = |width: fn(&Attention) -> u64| {
        let first = heads().next().map(width)?;
        heads().all(|it| width(it) == first).then_some(first)
    };
    // Whether rotation applies at all is asked of the first block of the model, whatever cache it writes to.
    let first = decoder.layers.iter().find_map(|it| it.mixer.attention());
    let latent = first.is_some_and(|it| it.latent.is_some_and(|latent| latent.absorbed));
    let key = same(|it| it.key)
        .filter(|_| run.keys.is_quantized() && !latent)
        .filter(|_| first.is_some_and(|it| it.key.is_multiple_of(64)))
        .map(|width| {
            let mut side = 64;
            while width.is_multiple_of(2 * side) {
                side *= 2;
            }
            side
        });
    let value = same(|it| it.value)
        .filter(|_| run.values.is_quantized() && !latent)
        .filter(|_| first.is_some_and(|it| it.value.is_multiple_of(64)))
        .map(|_| 64);
    (key, value)
}
