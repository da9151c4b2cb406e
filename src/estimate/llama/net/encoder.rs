//! Encoders: attention without a cache, and what becomes of the last hidden state. One block at a time.

use super::attention::Heads;
use super::{CacheInputs, Net};
use crate::estimate::llama::decoder::{Attention, Pooling};
use crate::estimate::llama::graph::{Graph, Id};
use crate::estimate::llama::run::Run;
use crate::gguf::Kind;

/// The inputs of attention among the tokens of one batch.
pub(super) fn uncached_inputs(graph: &mut Graph, run: &Run) -> CacheInputs {
    let tokens = run.graph_tokens();
    let mask = if run.flash { Kind::F16 } else { Kind::F32 };
    let rows = graph.input(Kind::I64, [tokens, 1, 1, 1]);
    CacheInputs {
        cells: tokens,
        key_rows: rows,
        value_rows: rows,
        mask: graph.input(mask, [tokens, tokens, 1, 1]),
        key_rotation: None,
        value_rotation: None,
    }
}

impl Net<'_> {
    /// Attention among the tokens of the batch.
    pub(super) fn attend_uncached(&mut self, heads: Heads, attention: &Attention) -> Id {
        let mask = self.cache(attention.windowed).mask;
        self.attend_among(heads, attention, mask)
    }

    /// Attention among keys that no cache holds.
    pub(super) fn attend_among(&mut self, heads: Heads, attention: &Attention, mask: Id) -> Id {
        let Heads { query, key, value } = heads;
        let (Some(key), Some(value)) = (key, value) else {
            return query;
        };
        for tensor in [query, key, value] {
            self.graph.expand(tensor);
        }
        let axes = self.graph.axes(query);
        let query = self.graph.view(query, axes, self.graph.strides(query));
        let query = self.graph.permute(query, [0, 2, 1, 3]);
        let key = self.graph.permute(key, [0, 2, 1, 3]);
        let value = self.graph.permute(value, [0, 2, 1, 3]);
        let rows = [attention.heads * attention.value, axes[2], 1, 1];
        let out = if self.run.flash && !attention.scores_bias {
            let key = self.graph.fresh(Kind::F16, self.graph.axes(key), &[key]);
            let value = self
                .graph
                .fresh(Kind::F16, self.graph.axes(value), &[value]);
            let result = [attention.value, attention.heads, axes[2], 1];
            let attended = self
                .graph
                .fresh(Kind::F32, result, &[query, key, value, mask]);
            self.graph.reshape(attended, rows)
        } else {
            let weights = self.weights(query, key, mask, attention);
            let value = self.graph.transpose(value);
            let value = self.graph.copy(value);
            let product = self.graph.mul_mat(value, weights);
            let by_token = self.graph.permute(product, [0, 2, 1, 3]);
            self.graph.fresh(Kind::F32, rows, &[by_token])
        };
        self.graph.expand(out);
        out
    }

    /// The last hidden state, and one vector for each sequence.
    pub(super) fn pooled(&mut self, stream: Id, pooling: Pooling) {
        let hidden = if self.decoder.habits.normed_output {
            self.norm(stream)
        } else {
            stream
        };
        self.graph.keep(hidden);
        self.graph.expand(hidden);
        let sequences = self.run.sequences.max(1);
        let pooled = match pooling {
            Pooling::None => return,
            Pooling::Mean => {
                let by_element = self.graph.transpose(hidden);
                let by_element = self.graph.copy(by_element);
                let shares = [self.tokens, sequences, 1, 1];
                let shares = self.graph.input(Kind::F32, shares);
                self.graph.mul_mat(by_element, shares)
            }
            Pooling::Token => {
                let which = self.graph.input(Kind::I32, [sequences, 1, 1, 1]);
                self.graph.get_rows(hidden, which)
            }
        };
        self.graph.keep(pooled);
        self.graph.expand(pooled);
    }
}
