//! Mixtures of experts: the router, the chosen networks, their sum. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::{Dense, Experts, Router};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// A mixture over `x`; `logits` where the router was asked already.
    pub(super) fn experts(&mut self, x: Id, experts: &Experts, logits: Option<Id>) -> Id {
        let (chosen, weights) = self.route(x, experts, logits);
        let tokens = self.graph.axes(x)[1];
        let cube = self.graph.reshape(x, [self.decoder.width, 1, tokens, 1]);
        let activation = self.activation(cube, chosen, experts);
        let mut out = self.of_chosen(activation, self.decoder.width, chosen, experts.bias);
        out = self.join(out, weights);
        self.graph.expand(out);
        let sum = self.sum_of_experts(out, experts.used, tokens);
        self.with_shared(x, sum, experts)
    }

    /// Which experts each token takes, and how much of each.
    fn route(&mut self, x: Id, experts: &Experts, logits: Option<Id>) -> (Id, Id) {
        let tokens = self.graph.axes(x)[1];
        let mut logits = match logits {
            Some(logits) => logits,
            None => self.linear(x, experts.count),
        };
        if experts.bias {
            logits = self.each(logits);
        }
        let probabilities = match experts.router {
            Router::Softmax | Router::Sigmoid => self.each(logits),
            Router::SoftmaxOfChosen => logits,
        };
        let choice = if experts.choice_bias {
            self.each(probabilities)
        } else {
            probabilities
        };
        let axes = self.graph.axes(choice);
        let sorted = self.graph.fresh(Kind::I32, axes, &[choice]);
        let strides = self.graph.strides(sorted);
        let chosen = self
            .graph
            .view(sorted, [experts.used, tokens, 1, 1], strides);
        let single = [1, experts.count, tokens, 1];
        let probabilities = self.graph.reshape(probabilities, single);
        let mut weights = self.graph.get_rows(probabilities, chosen);
        let by_token = [experts.used, tokens, 1, 1];
        let cube = [1, experts.used, tokens, 1];
        if experts.router == Router::SoftmaxOfChosen {
            weights = self.graph.reshape(weights, by_token);
            weights = self.each(weights);
            weights = self.graph.reshape(weights, cube);
        }
        if experts.normalizes {
            weights = self.graph.reshape(weights, by_token);
            let sum = self.graph.sum_rows(weights);
            let sum = self.each(sum);
            weights = self.join(weights, sum);
            weights = self.graph.reshape(weights, cube);
        }
        if experts.scales {
            weights = self.each(weights);
        }
        self.graph.expand(weights);
        (chosen, weights)
    }

    /// `x` times the chosen experts' matrices.
    fn of_chosen(&mut self, x: Id, rows: u64, chosen: Id, bias: bool) -> Id {
        let width = self.graph.axes(x)[0];
        let matrices = self.graph.external(Kind::F32, [width, rows, 1, 1]);
        let product = self.graph.mul_mat_id(matrices, x, chosen);
        if bias {
            self.graph.alike(product, &[product, chosen])
        } else {
            product
        }
    }

    fn activation(&mut self, cube: Id, chosen: Id, experts: &Experts) -> Id {
        if experts.fused {
            let rows = experts.inner.saturating_mul(2);
            let both = self.of_chosen(cube, rows, chosen, experts.bias);
            let (axes, strides) = (self.graph.axes(both), self.graph.strides(both));
            let half = [experts.inner, axes[1], axes[2], 1];
            let gate = self.graph.view(both, half, strides);
            let up = self.graph.view(both, half, strides);
            self.graph.gated(gate, up)
        } else {
            let up = self.of_chosen(cube, experts.inner, chosen, experts.bias);
            let gate = self.of_chosen(cube, experts.inner, chosen, experts.bias);
            self.graph.gated(gate, up)
        }
    }

    /// The chosen experts' results added up, one after the other.
    fn sum_of_experts(&mut self, out: Id, used: u64, tokens: u64) -> Id {
        let width = self.decoder.width;
        let plane = self.graph.strides(out)[2];
        let end = plane.saturating_mul(tokens);
        let mut parts = Vec::new();
        for _ in 0..used {
            let part = self
                .graph
                .view(out, [width, tokens, 1, 1], [4, plane, end, end]);
            self.graph.expand(part);
            parts.push(part);
        }
        let mut parts = parts.into_iter();
        let Some(mut sum) = parts.next() else {
            return out;
        };
        for part in parts {
            sum = self.join(sum, part);
            self.graph.expand(sum);
        }
        if used == 1 {
            sum = self.graph.copy(sum);
        }
        sum
    }

    /// Adds the network that all tokens pass.
    fn with_shared(&mut self, x: Id, sum: Id, experts: &Experts) -> Id {
        let Some(inner) = experts.shared else {
            return sum;
        };
        let network = Dense {
            inner,
            ..Dense::default()
        };
        let mut shared = self.dense(x, &network);
        if experts.shared_gate {
            let gate = self.linear(x, 1);
            let gate = self.each(gate);
            shared = self.join(shared, gate);
        }
        self.join(sum, shared)
    }
}
