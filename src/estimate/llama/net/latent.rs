//! Multi-head latent attention: compressed queries, keys and values. One block at a time.

use super::Net;
use super::attention::Heads;
use crate::estimate::llama::decoder::{Attention, Latent};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// Latent attention of one block over `x`.
    pub(super) fn latent_attention(&mut self, x: Id, attention: &Attention, latent: Latent) -> Id {
        let (tokens, heads) = (self.tokens, attention.heads);
        let plain = latent.key.saturating_sub(latent.rope);
        let compressed = match latent.query_rank {
            Some(rank) => {
                let low = self.linear(x, rank);
                self.norm(low)
            }
            None => x,
        };
        let query = self.linear(compressed, heads * latent.key);
        let query = self.graph.reshape(query, [latent.key, heads, tokens, 1]);
        let both = self.linear(x, latent.rank + latent.rope);
        let row = self.graph.strides(both)[1];
        let plane = row.saturating_mul(tokens);
        let low = self
            .graph
            .view(both, [latent.rank, tokens, 1, 1], [4, row, plane, plane]);
        let rope = self
            .graph
            .view(both, [latent.rope, 1, tokens, 1], [4, row, row, plane]);
        let low = self.norm(low);
        let (parts, decompress) = if latent.absorbed {
            let strides = self.graph.strides(query);
            let head = |width| ([width, heads, tokens, 1], strides);
            let (axes, steps) = head(plain);
            let unrotated = self.graph.view(query, axes, steps);
            let (axes, steps) = head(latent.rope);
            let rotated = self.graph.view(query, axes, steps);
            let rotated = self.rotate(rotated);
            let rope = self.rotate(rope);
            let by_head = self.graph.permute(unrotated, [0, 2, 1, 3]);
            let absorbed = self.linear(by_head, latent.rank);
            let absorbed = self.graph.permute(absorbed, [0, 2, 1, 3]);
            let query = self.graph.concat(absorbed, rotated, 0);
            let value = self.graph.reshape(low, [latent.rank, 1, tokens, 1]);
            let key = self.graph.concat(value, rope, 0);
            let query = if self.decoder.habits.tempered {
                self.join(query, self.temperature)
            } else {
                query
            };
            let parts = Heads {
                query,
                key: Some(key),
                value: Some(value),
            };
            (parts, Some(latent.value))
        } else {
            let wide = self.linear(low, heads * (plain + latent.value));
            let step = (plain + latent.value) * 4;
            let strides = [4, step, step * heads, step * heads * tokens];
            let key = self.graph.view(wide, [plain, heads, tokens, 1], strides);
            let value = self
                .graph
                .view(wide, [latent.value, heads, tokens, 1], strides);
            let value = self.graph.copy(value);
            let query = self.rotate(query);
            let rope = self.rotate(rope);
            let repeated = [latent.rope, heads, tokens, 1];
            let repeated = self.graph.fresh(Kind::F32, repeated, &[rope]);
            let key = self.graph.concat(key, repeated, 0);
            let parts = Heads {
                query,
                key: Some(key),
                value: Some(value),
            };
            (parts, None)
        };
        let out = self.attend(parts, attention, decompress);
        self.attention_output(out, attention)
    }
}
