//! Attention: queries, keys and values, the cache, and the product. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::{Attention, QkNorm, Reads};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

/// Queries, keys and values by heads. Blocks that read another block's cache have queries alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heads {
    pub(super) query: Id,
    pub(super) key: Option<Id>,
    pub(super) value: Option<Id>,
}

impl Net<'_> {
    /// Attention of one block over `x`.
    pub(super) fn attention(&mut self, x: Id, attention: &Attention) -> Id {
        if let Some(latent) = attention.latent {
            return self.latent_attention(x, attention, latent);
        }
        if attention.gated {
            return self.gated_attention(x, attention);
        }
        let heads = self.projected(x, attention);
        let mut out = if self.decoder.habits.reads == Reads::Cache {
            self.attend(heads, attention, None)
        } else {
            self.attend_uncached(heads, attention)
        };
        if attention.head_gate {
            out = self.gated_by_head(out, x, attention);
        }
        if attention.inner_norm {
            out = self.norm(out);
        }
        self.attention_output(out, attention)
    }

    /// Each head of `out` times a number that comes of `x`.
    fn gated_by_head(&mut self, out: Id, x: Id, attention: &Attention) -> Id {
        let gate = self.linear(x, attention.heads);
        let gate = self.each(gate);
        let (row, tokens) = (self.graph.axes(out), self.tokens);
        let heads = [attention.value, attention.heads, tokens, 1];
        let heads = self.graph.reshape(out, heads);
        let single = self.graph.reshape(gate, [1, attention.heads, tokens, 1]);
        let gated = self.join(heads, single);
        self.graph.reshape(gated, row)
    }

    /// The output matrix and its bias.
    pub(super) fn attention_output(&mut self, out: Id, attention: &Attention) -> Id {
        let out = self.linear(out, self.decoder.width);
        if attention.output_bias {
            self.each(out)
        } else {
            out
        }
    }

    /// Matrices, norms and rotation of queries, keys and values.
    fn projected(&mut self, x: Id, attention: &Attention) -> Heads {
        let &Attention {
            heads,
            kv_heads,
            key,
            value,
            ..
        } = attention;
        let tokens = self.tokens;
        let by_row = attention.qk_norm == QkNorm::Row;
        let (mut query, mut keys, mut values);
        if attention.fused {
            let mut all = self.linear(x, (heads + kv_heads) * key + kv_heads * value);
            if attention.bias {
                all = self.each(all);
            }
            query = self.slice(all, [key, heads]);
            keys = self.slice(all, [key, kv_heads]);
            values = self.slice(all, [value, kv_heads]);
        } else {
            query = self.linear(x, heads * key);
            if attention.bias {
                query = self.each(query);
            }
            if by_row {
                query = self.norm(query);
            }
            query = self.graph.reshape(query, [key, heads, tokens, 1]);
            if !attention.caches {
                let query = self.query_by_position(query, attention);
                return Heads {
                    query,
                    key: None,
                    value: None,
                };
            }
            keys = self.linear(x, kv_heads * key);
            let plain = keys;
            if attention.bias {
                keys = self.each(keys);
            }
            if by_row {
                keys = self.norm(keys);
            }
            values = if attention.keys_are_values {
                plain
            } else {
                self.linear(x, kv_heads * value)
            };
            if attention.bias {
                values = self.each(values);
            }
            keys = self.graph.reshape(keys, [key, kv_heads, tokens, 1]);
            values = self.graph.reshape(values, [value, kv_heads, tokens, 1]);
        }
        let query = self.query_by_position(query, attention);
        let keys = self.by_position(keys, attention);
        if attention.v_norm {
            values = self.each(values);
        }
        Heads {
            query,
            key: Some(keys),
            value: Some(values),
        }
    }

    /// Heads inside the rows of a fused product.
    fn slice(&mut self, all: Id, [width, heads]: [u64; 2]) -> Id {
        let row = self.graph.strides(all)[1];
        let axes = [width, heads, self.tokens, 1];
        let plane = row.saturating_mul(self.tokens);
        self.graph.view(all, axes, [4, width * 4, row, plane])
    }

    fn query_by_position(&mut self, query: Id, attention: &Attention) -> Id {
        let query = self.by_position(query, attention);
        let query = if self.decoder.habits.tempered || attention.tempered {
            self.join(query, self.temperature)
        } else {
            query
        };
        if attention.scales_query {
            self.each(query)
        } else {
            query
        }
    }

    /// Norm by heads and rotation, in the order of the architecture.
    pub(super) fn by_position(&mut self, heads: Id, attention: &Attention) -> Id {
        let by_heads = attention.qk_norm == QkNorm::Heads;
        let mut heads = heads;
        if by_heads && !attention.norm_after_rope {
            heads = self.norm(heads);
        }
        if attention.rotates {
            heads = self.rotate(heads);
        }
        if by_heads && attention.norm_after_rope {
            heads = self.norm(heads);
        }
        heads
    }

    /// Rotation by position.
    pub(super) fn rotate(&mut self, heads: Id) -> Id {
        self.graph.alike(heads, &[heads, self.positions])
    }

    /// A product with a Hadamard matrix, as quantized caches ask for.
    fn hadamard(&mut self, heads: Id, matrix: Id) -> Id {
        let axes = self.graph.axes(heads);
        let side = self.graph.axes(matrix)[0];
        let rows = [side, self.graph.elements(heads) / side, 1, 1];
        let flat = if self.graph.is_contiguous(heads) {
            self.graph.reshape(heads, rows)
        } else {
            self.graph.fresh(Kind::F32, rows, &[heads])
        };
        let product = self.graph.mul_mat(matrix, flat);
        self.graph.reshape(product, axes)
    }

    /// Writes the cache, reads it, and multiplies. `decompress` is the width of the matrix that widens latent values.
    pub(super) fn attend(
        &mut self,
        heads: Heads,
        attention: &Attention,
        decompress: Option<u64>,
    ) -> Id {
        let inputs = self.cache(attention.windowed);
        let Heads {
            mut query,
            mut key,
            mut value,
        } = heads;
        if let Some(matrix) = inputs.key_rotation {
            query = self.hadamard(query, matrix);
            key = key.map(|key| self.hadamard(key, matrix));
        }
        let latent = decompress.is_some();
        if let Some(matrix) = inputs.value_rotation {
            value = value.map(|value| self.hadamard(value, matrix));
        }
        let caches_apart = self.decoder.window.is_some();
        self.graph.expand(query);
        let order = if caches_apart {
            [key, value]
        } else {
            [value, key]
        };
        for tensor in order.into_iter().flatten() {
            self.graph.expand(tensor);
        }
        if let Some(key) = key {
            self.store_key(key, inputs.key_rows);
        }
        if let Some(value) = value.filter(|_| !latent) {
            self.store_value(value, inputs.value_rows);
        }
        let out = self.product(query, attention, inputs.cells, inputs.mask, decompress);
        match inputs.value_rotation {
            Some(matrix) => self.hadamard(out, matrix),
            None => out,
        }
    }

    fn store_key(&mut self, key: Id, rows: Id) {
        let flat = self.flat_view(key);
        let cache = self.graph.external(self.run.keys, self.graph.axes(flat));
        let stored = self.graph.set_rows(cache, flat, rows);
        self.graph.expand(stored);
    }

    /// `heads` with a row for each token.
    fn flat_view(&mut self, heads: Id) -> Id {
        let (axes, strides) = (self.graph.axes(heads), self.graph.strides(heads));
        let flat = [axes[0] * axes[1], axes[2], 1, 1];
        let plane = strides[2].saturating_mul(axes[2]);
        self.graph
            .view(heads, flat, [strides[0], strides[2], plane, plane])
    }

    fn store_value(&mut self, value: Id, rows: Id) {
        let axes = self.graph.axes(value);
        let width = axes[0] * axes[1];
        let stored = if self.run.flash {
            let flat = self.flat_view(value);
            let cache = self.graph.external(self.run.values, self.graph.axes(flat));
            self.graph.set_rows(cache, flat, rows)
        } else {
            // Without flash attention values are stored transposed, element by element.
            let flat = [width, axes[2], 1, 1];
            let mut rows_of_value = if self.graph.strides(value)[2] == width * 4 {
                self.graph.reshape(value, flat)
            } else {
                self.graph.fresh(Kind::F32, flat, &[value])
            };
            let widest = self.decoder.widest_value();
            if width < widest {
                let padded = [widest, axes[2], 1, 1];
                rows_of_value = self.graph.fresh(Kind::F32, padded, &[rows_of_value]);
            }
            let elements = self.graph.elements(rows_of_value);
            let single = self.graph.reshape(rows_of_value, [1, elements, 1, 1]);
            let cache = self.graph.external(self.run.values, [1, elements, 1, 1]);
            self.graph.set_rows(cache, single, rows)
        };
        self.graph.expand(stored);
    }

    /// Softmax of queries times keys, times values.
    fn product(
        &mut self,
        query: Id,
        attention: &Attention,
        cells: u64,
        mask: Id,
        decompress: Option<u64>,
    ) -> Id {
        let &Attention {
            kv_heads,
            key,
            value,
            ..
        } = attention;
        let streams = self.run.streams();
        let (axes, strides) = (self.graph.axes(query), self.graph.strides(query));
        let each = axes[2] / streams;
        let by_stream = [axes[0], axes[1], each, streams];
        let steps = [strides[0], strides[1], strides[2], strides[2] * each];
        let query = self.graph.view(query, by_stream, steps);
        let query = self.graph.permute(query, [0, 2, 1, 3]);
        let keys = self
            .graph
            .external(self.run.keys, [key, cells, kv_heads, streams]);
        let out = if self.run.flash && !attention.scores_bias {
            let heads = axes[1];
            let result = [value, heads, each, streams];
            let values = [value, cells, kv_heads, streams];
            let values = self.graph.external(self.run.values, values);
            let read = [query, self.narrowed(keys), self.narrowed(values), mask];
            let attended = self.graph.fresh(Kind::F32, result, &read);
            let by_token = match decompress {
                Some(width) => {
                    let by_head = self.graph.permute(attended, [0, 2, 1, 3]);
                    let wide = self.linear(by_head, width);
                    let by_token = self.graph.permute(wide, [0, 2, 1, 3]);
                    self.graph.copy(by_token)
                }
                None => attended,
            };
            let rows = flat(self.graph.axes(by_token));
            self.graph.reshape(by_token, rows)
        } else {
            let weights = self.weights(query, keys, mask, attention);
            // Latent values are keys: they are transposed for each batch. Others are stored that way, but for flash
            // attention, which T5 has no place for.
            let transposed = [cells, value, kv_heads, streams];
            let values = if decompress.is_some() {
                self.graph.fresh(self.run.keys, transposed, &[])
            } else if self.run.flash {
                self.graph.fresh(self.run.values, transposed, &[])
            } else {
                self.graph.external(self.run.values, transposed)
            };
            let mut product = self.graph.mul_mat(values, weights);
            if let Some(width) = decompress {
                product = self.linear(product, width);
            }
            let by_token = self.graph.permute(product, [0, 2, 1, 3]);
            let rows = flat(self.graph.axes(by_token));
            self.graph.fresh(Kind::F32, rows, &[by_token])
        };
        self.graph.expand(out);
        out
    }

    /// Keys or values as flash attention reads them: of 32 bits they are copied into 16 first.
    fn narrowed(&mut self, cached: Id) -> Id {
        let axes = self.graph.axes(cached);
        if self.graph.tensor(cached).kind == Kind::F32 {
            self.graph.fresh(Kind::F16, axes, &[cached])
        } else {
            cached
        }
    }

    /// Softmax of queries times keys.
    pub(super) fn weights(&mut self, query: Id, keys: Id, mask: Id, attention: &Attention) -> Id {
        let mut scores = self.graph.mul_mat(keys, query);
        if self.decoder.habits.squashes_scores {
            for _ in 0..3 {
                scores = self.each(scores);
            }
        }
        if attention.scores_bias {
            let bias = self.bias_by_distance(attention.heads);
            scores = self.join(scores, bias);
        }
        self.graph.alike(scores, &[scores, mask])
    }

    /// Attention whose heads are gated by the second half of the query (Qwen 3.5).
    fn gated_attention(&mut self, x: Id, attention: &Attention) -> Id {
        let &Attention {
            heads,
            kv_heads,
            key,
            value,
            ..
        } = attention;
        let tokens = self.tokens;
        let both = self.linear(x, heads * key * 2);
        let row = self.graph.strides(both)[1];
        let strides = [4, key * 8, row, row.saturating_mul(tokens)];
        let query = self.graph.view(both, [key, heads, tokens, 1], strides);
        let gate = self.graph.view(both, [key, heads, tokens, 1], strides);
        let gate = self
            .graph
            .fresh(Kind::F32, [key * heads, tokens, 1, 1], &[gate]);
        let keys = self.linear(x, kv_heads * key);
        let keys = self.graph.reshape(keys, [key, kv_heads, tokens, 1]);
        let values = self.linear(x, kv_heads * value);
        let values = self.graph.reshape(values, [value, kv_heads, tokens, 1]);
        let parts = Heads {
            query: self.query_by_position(query, attention),
            key: Some(self.by_position(keys, attention)),
            value: Some(values),
        };
        let out = self.attend(parts, attention, None);
        let open = self.each(gate);
        let out = self.join(out, open);
        self.attention_output(out, attention)
    }
}

/// Axes with all heads of a token in one row.
const fn flat(axes: [u64; 4]) -> [u64; 4] {
    [
        axes[0].saturating_mul(axes[1]),
        axes[2].saturating_mul(axes[3]),
        1,
        1,
    ]
}
