//! Dense feed-forward networks, and the per-layer inputs of Gemma. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::{Dense, Experts, Feed, Gate};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// The feed-forward part of one block over `x`.
    pub(super) fn feed(&mut self, x: Id, feed: &Feed) -> Id {
        match feed {
            Feed::Dense(dense) => self.dense(x, dense),
            Feed::Experts(experts) => self.experts(x, experts, None),
            Feed::DenseAndExperts(..) | Feed::ChannelMix(_) | Feed::None => x,
        }
    }

    fn biased(&mut self, x: Id, rows: u64, bias: bool) -> Id {
        let product = self.linear(x, rows);
        if bias { self.each(product) } else { product }
    }

    /// A dense network.
    pub(super) fn dense(&mut self, x: Id, dense: &Dense) -> Id {
        let inner = dense.inner;
        let mut activation = match dense.gate {
            Gate::Parallel => {
                let up = self.biased(x, inner, dense.bias);
                let gate = self.biased(x, inner, dense.bias);
                self.graph.gated(gate, up)
            }
            Gate::Fused => {
                let both = self.biased(x, inner.saturating_mul(2), dense.bias);
                let axes = self.graph.axes(both);
                let half = [inner, axes[1], axes[2], axes[3]];
                self.graph.fresh(Kind::F32, half, &[both])
            }
            Gate::Alone(operations) => {
                let mut up = self.biased(x, inner, dense.bias);
                for _ in 0..operations {
                    up = self.each(up);
                }
                up
            }
        };
        if dense.inner_norm {
            activation = self.norm(activation);
        }
        self.biased(activation, self.decoder.width, dense.bias)
    }

    /// A dense network and a mixture side by side (Gemma 4 26B).
    pub(super) fn dense_and_experts(&mut self, x: Id, dense: &Dense, experts: &Experts) -> Id {
        let normed = self.norm(x);
        let shared = self.dense(normed, dense);
        let shared = self.norm(shared);
        let chosen = self.norm(x);
        let mut routed = self.each(x);
        for _ in 0..2 {
            routed = self.each(routed);
        }
        let logits = self.linear(routed, experts.count);
        let mixed = self.experts(chosen, experts, Some(logits));
        let mixed = self.norm(mixed);
        self.join(shared, mixed)
    }

    /// The inputs of all blocks from the per-layer embedding, projected and normed: width, tokens, blocks.
    pub(super) fn per_layer_inputs(&mut self, embedding: Id, width: u64, blocks: u64) -> Id {
        let tokens = self.tokens;
        let table = self.graph.external(Kind::F32, [width * blocks, 1, 1, 1]);
        let ids = self.graph.input(Kind::I32, [tokens, 1, 1, 1]);
        let rows = self.graph.get_rows(table, ids);
        let rows = self.graph.reshape(rows, [width, blocks, tokens, 1]);
        let rows = self.each(rows);
        self.graph.expand(rows);
        let projected = self.linear(embedding, width * blocks);
        let projected = self.each(projected);
        let projected = self.graph.reshape(projected, [width, blocks, tokens, 1]);
        let projected = self.norm(projected);
        let sum = self.join(projected, rows);
        let sum = self.each(sum);
        let by_block = self.graph.permute(sum, [0, 2, 1, 3]);
        self.graph.copy(by_block)
    }

    /// One plane of `stack`: rows of `width`, one for each token.
    pub(super) fn plane(&mut self, stack: Id, width: u64) -> Id {
        let row = width * 4;
        let plane = row.saturating_mul(self.tokens);
        self.graph
            .view(stack, [width, self.tokens, 1, 1], [4, row, plane, plane])
    }

    /// Adds a block's own input to the residual stream (Gemma 4).
    pub(super) fn per_layer_input(&mut self, stream: Id, inputs: Id, width: u64) -> Id {
        let gate = self.linear(stream, width);
        let gate = self.each(gate);
        let own = self.plane(inputs, width);
        let gated = self.join(gate, own);
        let wide = self.linear(gated, self.decoder.width);
        let wide = self.norm(wide);
        self.join(stream, wide)
    }
}
