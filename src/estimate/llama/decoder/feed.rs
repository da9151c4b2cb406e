//! The feed-forward part of a block: dense networks and mixtures. Holds no weights.

/// The feed-forward part of one block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Feed {
    /// One network for all tokens.
    Dense(Dense),
    /// Some of many networks for each token.
    Experts(Experts),
    /// Both, added (Gemma 4 26B).
    DenseAndExperts(Dense, Experts),
    /// The channel mix of RWKV, by the width inside.
    ChannelMix(u64),
    /// None (Mamba).
    None,
}

/// A dense feed-forward network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dense {
    /// Width inside.
    pub inner: u64,
    /// How the activation is made.
    pub gate: Gate,
    /// Matrices have a bias.
    pub bias: bool,
    /// The activation is normed before the last matrix (`BitNet`).
    pub inner_norm: bool,
}

/// How an activation is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gate {
    /// Gate and up side by side, joined by one operation.
    #[default]
    Parallel,
    /// Gate and up in one matrix (Phi 3).
    Fused,
    /// No gate: that many element-wise operations (`relu` and square: 2).
    Alone(u8),
}

/// A mixture of experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Experts {
    /// All.
    pub count: u64,
    /// Used for a token.
    pub used: u64,
    /// Width inside one.
    pub inner: u64,
    /// How the router's logits become weights.
    pub router: Router,
    /// Only experts of the best groups are chosen (`DeepSeek` V3).
    pub groups: Option<Groups>,
    /// Weights are divided by their sum.
    pub normalizes: bool,
    /// Weights are scaled.
    pub scales: bool,
    /// A bias helps to choose (`DeepSeek` V3, LFM2).
    pub choice_bias: bool,
    /// Router and experts have biases (gpt-oss).
    pub bias: bool,
    /// How the activation is made; [`Gate::Fused`]: gate and up are one tensor.
    pub gate: Gate,
    /// The router reads the residual stream before attention (`SmallThinker`).
    pub routes_early: bool,
    /// Logits choose, and weights scale what goes into the experts (Llama 4).
    pub weighs_input: bool,
    /// Width of what experts read and write, where it is not the model's (Nemotron 3 Super).
    pub latent: Option<u64>,
    /// Width of the network that all tokens pass besides.
    pub shared: Option<u64>,
    /// How that network is gated.
    pub shared_gate: SharedGate,
    /// Gate and up of that network are one matrix (Granite with windows).
    pub shared_fused: bool,
}

/// Groups of experts, of which the best ones are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups {
    /// All.
    pub count: u64,
    /// Searched for a token.
    pub used: u64,
}

/// How the network that all tokens pass is gated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SharedGate {
    /// Not at all.
    #[default]
    None,
    /// By a sigmoid (Qwen 3.5 mixtures).
    Sigmoid,
    /// By a sigmoid in two operations: `SiLU`, divided by what it read (Qwen 2 mixtures).
    DividedSilu,
}

/// How the router's logits become weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Router {
    /// Softmax over all experts.
    #[default]
    Softmax,
    /// Sigmoid.
    Sigmoid,
    /// Softmax over the chosen ones (gpt-oss).
    SoftmaxOfChosen,
}
