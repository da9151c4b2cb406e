//! Blocks that carry a state from token to token, and the size of what they carry. Holds no weights.

/// A state that is carried from token to token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurrent {
    /// A short convolution (LFM2).
    ShortConvolution {
        /// Taps.
        kernel: u64,
        /// Channels.
        width: u64,
    },
    /// A selective state space with a state for each channel (Mamba).
    Mamba {
        /// Taps of the convolution.
        kernel: u64,
        /// Channels.
        inner: u64,
        /// State of a channel.
        state: u64,
        /// Rank of the step size.
        rank: u64,
        /// Step size, input and output are normed (`FalconMamba`, Jamba).
        normed: bool,
    },
    /// A selective state space with heads (Mamba 2).
    Mamba2 {
        /// Taps of the convolution.
        kernel: u64,
        /// Channels.
        inner: u64,
        /// State of a channel.
        state: u64,
        /// Heads.
        heads: u64,
        /// Groups of heads that share input and output.
        groups: u64,
        /// The result is normed by groups.
        normed: bool,
    },
    /// The same with its state by heads and Mamba's matrices (`PLaMo` 2).
    MambaByHeads {
        /// Taps of the convolution.
        kernel: u64,
        /// Channels.
        inner: u64,
        /// State of a channel.
        state: u64,
        /// Heads.
        heads: u64,
        /// Rank of the step size.
        rank: u64,
    },
    /// A decaying state whose decay depends on the token (RWKV 6).
    Rwkv6 {
        /// Width of the model.
        width: u64,
        /// Width of a head.
        head: u64,
        /// Rank of how a token is mixed with the one before.
        mix: u64,
        /// Rank of the decay.
        decay: u64,
        /// The five mixes are one operation.
        fused: bool,
        /// Keys and values of other heads, where a decoder with attention was taught to recur (QRWKV 6).
        kv_heads: Option<u64>,
    },
    /// A generalized delta rule (RWKV 7).
    Rwkv7 {
        /// Width of the model.
        width: u64,
        /// Width of a head.
        head: u64,
        /// Ranks of what depends on the token.
        ranks: RwkvRanks,
        /// The result is normed by heads.
        normed: bool,
        /// Has a channel mix that looks at the token before too; else a dense network (ARWKV 7).
        mixes_channels: bool,
    },
    /// A gated delta rule (Qwen 3.5).
    DeltaNet {
        /// Taps of the convolution.
        kernel: u64,
        /// Channels of values.
        inner: u64,
        /// Width of a key.
        state: u64,
        /// Heads of values.
        heads: u64,
        /// Heads of keys.
        groups: u64,
        /// Which matrices make what it reads.
        matrices: DeltaMatrices,
    },
}

/// Which matrices make what a delta rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeltaMatrices {
    /// Beta and decay have one each (Qwen 3.5).
    Apart,
    /// Beta and decay share one, and queries and keys are repeated for the heads of values (Qwen 3 Next).
    Shared,
    /// The same, and queries, keys, values and gate lie by groups in one (its first files).
    ByGroups,
}

/// Ranks of what depends on the token in RWKV 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RwkvRanks {
    /// Decay.
    pub decay: u64,
    /// In-context learning rate.
    pub rate: u64,
    /// Pull to the values of the first block.
    pub value: u64,
    /// Gate; `None` where there is none.
    pub gate: Option<u64>,
}

impl Recurrent {
    /// Channels that pass the convolution, and its taps.
    const fn convolution(&self) -> (u64, u64) {
        match *self {
            Self::ShortConvolution { kernel, width } => (width, kernel),
            // The token before, for time mix and, where there is one, channel mix.
            Self::Rwkv6 {
                width, kv_heads, ..
            } => (width, if kv_heads.is_none() { 3 } else { 2 }),
            Self::Rwkv7 {
                width,
                mixes_channels,
                ..
            } => (width, if mixes_channels { 3 } else { 2 }),
            Self::Mamba { kernel, inner, .. } | Self::MambaByHeads { kernel, inner, .. } => {
                (inner, kernel)
            }
            Self::Mamba2 {
                kernel,
                inner,
                state,
                groups,
                ..
            }
            | Self::DeltaNet {
                kernel,
                inner,
                state,
                groups,
                ..
            } => (
                inner.saturating_add(groups.saturating_mul(state).saturating_mul(2)),
                kernel,
            ),
        }
    }

    /// Elements of the convolution's state for one sequence.
    #[must_use]
    pub const fn convolution_state(&self) -> u64 {
        let (channels, kernel) = self.convolution();
        channels.saturating_mul(kernel.saturating_sub(1))
    }

    /// Elements of the carried state for one sequence.
    #[must_use]
    pub const fn carried_state(&self) -> u64 {
        match *self {
            Self::ShortConvolution { .. } => 0,
            Self::Rwkv6 { width, head, .. } | Self::Rwkv7 { width, head, .. } => {
                width.saturating_mul(head)
            }
            Self::Mamba { inner, state, .. }
            | Self::MambaByHeads { inner, state, .. }
            | Self::Mamba2 { inner, state, .. }
            | Self::DeltaNet { inner, state, .. } => inner.saturating_mul(state),
        }
    }
}
