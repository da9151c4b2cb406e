//! Mixtures of experts: the router, the chosen networks, their sum. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::{Dense, Experts, Gate, Groups, Router, SharedGate};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// A mixture over `x`; `logits` where the router was asked already.
    pub(super) fn experts(&mut self, x: Id, experts: &Experts, logits: Option<Id>) -> Id {
        let (read, logits) = match experts.latent {
            Some(width) => {
                let low = self.linear(x, width);
                let logits = logits.unwrap_or_else(|| self.linear(x, experts.count));
                (low, Some(logits))
            }
            None => (x, logits),
        };
        let (chosen, weights) = self.route(read, experts, logits);
        let axes = self.graph.axes(read);
        let (width, tokens) = (axes[0], axes[1]);
        let mut cube = self.graph.reshape(read, [width, 1, tokens, 1]);
        if experts.weighs_input {
            let repeated = [width, experts.used, tokens, 1];
            let repeated = self.graph.fresh(Kind::F32, repeated, &[cube]);
            cube = self.join(repeated, weights);
        }
        let activation = self.activation(cube, chosen, experts);
        let mut out = self.of_chosen(activation, width, chosen, experts.bias);
        if !experts.weighs_input {
            out = self.join(out, weights);
        }
        self.graph.expand(out);
        let mut sum = self.sum_of_experts(out, experts.used, tokens);
        if experts.latent.is_some() {
            sum = self.linear(sum, self.decoder.width);
        }
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
        let mut choice = if experts.choice_bias {
            self.each(probabilities)
        } else if experts.weighs_input {
            logits
        } else {
            probabilities
        };
        if let Some(groups) = experts.groups {
            choice = self.of_best_groups(choice, groups);
        }
        let chosen = self.largest(choice, experts.used);
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

    /// The places of the largest elements of each row: all of them sorted, and a view of the first.
    fn largest(&mut self, x: Id, count: u64) -> Id {
        let axes = self.graph.axes(x);
        let sorted = self.graph.fresh(Kind::I32, axes, &[x]);
        let strides = self.graph.strides(sorted);
        self.graph
            .view(sorted, [count, axes[1], axes[2], axes[3]], strides)
    }

    /// `choice` with all experts ruled out but those of the best groups, which are judged by their two best.
    fn of_best_groups(&mut self, choice: Id, groups: Groups) -> Id {
        let axes = self.graph.axes(choice);
        let (count, tokens) = (axes[0], axes[1]);
        let each = count / groups.count;
        let grouped = self.graph.reshape(choice, [each, groups.count, tokens, 1]);
        let best = self.largest(grouped, 2);
        let single = self.graph.reshape(grouped, [1, each, groups.count, tokens]);
        let scores = self.graph.get_rows(single, best);
        let scores = self.graph.reshape(scores, [2, groups.count, tokens, 1]);
        let scores = self.graph.sum_rows(scores);
        let scores = self.graph.reshape(scores, [groups.count, tokens, 1, 1]);
        let chosen = self.largest(scores, groups.used);
        let kept = self.graph.get_rows(grouped, chosen);
        let ruled_out = self.each(grouped);
        let choice = self.graph.set_rows(ruled_out, kept, chosen);
        self.graph.reshape(choice, [count, tokens, 1, 1])
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
        match experts.gate {
            Gate::Fused => {
                let rows = experts.inner.saturating_mul(2);
                let both = self.of_chosen(cube, rows, chosen, experts.bias);
                let (axes, strides) = (self.graph.axes(both), self.graph.strides(both));
                let half = [experts.inner, axes[1], axes[2], 1];
                let gate = self.graph.view(both, half, strides);
                let up = self.graph.view(both, half, strides);
                self.graph.gated(gate, up)
            }
            Gate::Parallel => {
                let up = self.of_chosen(cube, experts.inner, chosen, experts.bias);
                let gate = self.of_chosen(cube, experts.inner, chosen, experts.bias);
                self.graph.gated(gate, up)
            }
            Gate::Alone(operations) => {
                let mut up = self.of_chosen(cube, experts.inner, chosen, experts.bias);
                for _ in 0..operations {
                    up = self.each(up);
                }
                up
            }
        }
    }

    /// The chosen experts' results added up, one after the other.
    fn sum_of_experts(&mut self, out: Id, used: u64, tokens: u64) -> Id {
        let width = self.graph.axes(out)[0];
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
            gate: match experts.gate {
                _ if experts.shared_fused => Gate::Fused,
                Gate::Fused => Gate::Parallel,
                gate => gate,
            },
            ..Dense::default()
        };
        let mut shared = self.dense(x, &network);
        if experts.shared_gate != SharedGate::None {
            let read = self.linear(x, 1);
            let mut gate = self.each(read);
            if experts.shared_gate == SharedGate::DividedSilu {
                gate = self.join(gate, read);
            }
            shared = self.join(shared, gate);
        }
        self.join(sum, shared)
    }
}
