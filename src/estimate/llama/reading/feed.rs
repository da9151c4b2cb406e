//! Feed-forward parts, block by block.

use super::{NoDecoder, Reading};
use crate::estimate::llama::decoder::{
    Dense, Experts, Feed, Gate, Groups, Mixer, Router, SharedGate,
};
use crate::estimate::llama::traits::Division;

/// As many as llama.cpp has room for.
const MOST_EXPERTS: u64 = 1024;

impl Reading<'_> {
    pub(super) fn feed(&self, at: usize) -> Result<Feed, NoDecoder> {
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let dense = named("ffn_up.weight").then(|| self.dense(at)).transpose()?;
        let experts = (named("ffn_up_exps.weight") || named("ffn_gate_up_exps.weight"))
            .then(|| self.experts(at))
            .transpose()?;
        if named("channel_mix_key.weight") {
            return Ok(Feed::ChannelMix(self.axis(
                at,
                "channel_mix_key.weight",
                1,
            )?));
        }
        match (dense, experts) {
            (Some(dense), Some(experts)) => Ok(Feed::DenseAndExperts(dense, experts)),
            (Some(dense), None) => Ok(Feed::Dense(dense)),
            (None, Some(experts)) => Ok(Feed::Experts(experts)),
            (None, None) if self.needs_no_feed(at) => Ok(Feed::None),
            (None, None) => Err(NoDecoder::Missing(format!("blk.{at}.ffn_up.weight"))),
        }
    }

    fn dense(&self, at: usize) -> Result<Dense, NoDecoder> {
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let rows = self.axis(at, "ffn_up.weight", 1)?;
        let gate = self.gate(at, rows)?;
        Ok(Dense {
            inner: if gate == Gate::Fused { rows / 2 } else { rows },
            gate,
            bias: named("ffn_up.bias"),
            inner_norm: self.traits.inner_norm,
        })
    }

    fn experts(&self, at: usize) -> Result<Experts, NoDecoder> {
        let named = |name: &str| self.has(&format!("blk.{at}.{name}"));
        let gate = if named("ffn_gate_up_exps.weight") {
            Gate::Fused
        } else if named("ffn_gate_exps.weight") {
            Gate::Parallel
        } else {
            match self.traits.gate {
                Gate::Alone(operations) => Gate::Alone(operations),
                Gate::Parallel | Gate::Fused => Gate::Alone(1),
            }
        };
        let count = self.number("expert_count")?;
        if count > MOST_EXPERTS {
            return Err(self.missing("expert_count"));
        }
        let used = self
            .by_block("expert_used_count")
            .map(|all| all[at])
            .filter(|used| (1..=count).contains(used))
            .ok_or_else(|| self.missing("expert_used_count"))?;
        let router = match self.optional("expert_gating_func") {
            Some(2) => Router::Sigmoid,
            Some(3) => Router::SoftmaxOfChosen,
            Some(1) => Router::Softmax,
            _ => self.traits.router,
        };
        let scale = self.real("expert_weights_scale").unwrap_or(0.0);
        let shared = named("ffn_up_shexp.weight")
            .then(|| self.axis(at, "ffn_up_shexp.weight", 1))
            .transpose()?;
        let shared_fused = self.architecture == "granite_swa" && !named("ffn_gate_shexp.weight");
        Ok(Experts {
            count,
            used,
            inner: self.axis(at, "ffn_down_exps.weight", 0)?,
            router,
            groups: self.groups(count)?,
            normalizes: match self.traits.division {
                Division::Always => true,
                Division::Never => false,
                Division::Said => self.header.truth(&self.key("expert_weights_norm")) == Some(true),
            },
            scales: self.scales_experts() && scale != 0.0 && (scale - 1.0).abs() > f64::EPSILON,
            choice_bias: named("exp_probs_b.bias"),
            bias: named("ffn_up_exps.bias"),
            gate,
            routes_early: self.architecture == "smallthinker",
            weighs_input: self.architecture == "llama4",
            latent: named("ffn_latent_down.weight")
                .then(|| self.axis(at, "ffn_latent_down.weight", 1))
                .transpose()?,
            shared: shared.map(|rows| if shared_fused { rows / 2 } else { rows }),
            shared_fused,
            shared_gate: match self.traits.shared_gate {
                _ if !named("ffn_gate_inp_shexp.weight") => SharedGate::None,
                SharedGate::None => SharedGate::Sigmoid,
                gate => gate,
            },
        })
    }

    /// How a dense network gates; Jina's models and T5's differ among themselves.
    fn gate(&self, at: usize, rows: u64) -> Result<Gate, NoDecoder> {
        let varies = matches!(self.architecture, "jina-bert-v2" | "t5" | "t5encoder");
        if !varies {
            return Ok(self.traits.gate);
        }
        Ok(if self.has(&format!("blk.{at}.ffn_gate.weight")) {
            Gate::Parallel
        } else if rows != self.number("feed_forward_length")? {
            Gate::Fused
        } else {
            Gate::Alone(1)
        })
    }

    /// Whether a block without feed-forward part is one of its architecture.
    fn needs_no_feed(&self, at: usize) -> bool {
        match self.architecture {
            "mamba" | "mamba2" | "nemotron_h" | "nemotron_h_moe" => true,
            // Its graph drops a block without one, attention and all.
            "deci" => self.mixer(at, false) == Ok(Mixer::None),
            _ => false,
        }
    }

    /// Whether the loader reads the scale of the experts' weights.
    fn scales_experts(&self) -> bool {
        self.traits.division == Division::Said || self.architecture == "deepseek"
    }

    /// The groups of experts, which all architectures may have.
    fn groups(&self, experts: u64) -> Result<Option<Groups>, NoDecoder> {
        let count = self.optional("expert_group_count").unwrap_or(0);
        if count <= 1 {
            return Ok(None);
        }
        let used = self.optional("expert_group_used_count").unwrap_or(0);
        let whole = experts.is_multiple_of(count) && experts / count >= 2;
        if !whole || !(1..=count).contains(&used) {
            return Err(self.missing("expert_group_count"));
        }
        Ok(Some(Groups { count, used }))
    }
}
