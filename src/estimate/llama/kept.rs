//! Which tensors the quantizer leaves as the converter wrote them (ggml 0.26.0), and how that is. Chooses no mix.

use crate::gguf::{Kind, Shaped};

/// Whether the quantizer touches a tensor at all; others stay as the converter wrote them.
pub(super) fn is_quantized(tensor: &Shaped) -> bool {
    const KEPT: [&str; 26] = [
        "position_embd.weight",
        "token_types.weight",
        "_norm.weight",
        "ffn_gate_inp.weight",
        "altup",
        "laurel",
        "per_layer_model_proj",
        "ssm_conv1d",
        "shortconv.conv.weight",
        "attn_rel_b.weight",
        "time_mix_first.weight",
        "time_mix_w0.weight",
        "time_mix_w1.weight",
        "time_mix_w2.weight",
        "time_mix_v0.weight",
        "time_mix_v1.weight",
        "time_mix_v2.weight",
        "time_mix_a0.weight",
        "time_mix_a1.weight",
        "time_mix_a2.weight",
        "time_mix_g1.weight",
        "time_mix_g2.weight",
        "time_mix_decay_w1.weight",
        "time_mix_decay_w2.weight",
        "time_mix_lerp_fused.weight",
        "ffn_gate_tid2eid.weight",
    ];
    tensor.dimensions() >= 2
        && tensor.name.ends_with("weight")
        && !KEPT.iter().any(|part| tensor.name.contains(part))
}

/// The type of a tensor that is not quantized: F32 for vectors and small matrices, 16 bits otherwise.
pub(super) fn converted(tensor: &Shaped) -> Kind {
    const SINGLE: [&str; 13] = [
        "position_embd.weight",
        "token_types.weight",
        "ffn_gate_inp.weight",
        "shortconv.conv.weight",
        "altup_correct_coef.weight",
        "altup_predict_coef.weight",
        "ssm_conv1d.weight",
        "time_mix_first.weight",
        "time_mix_w1.weight",
        "time_mix_w2.weight",
        "time_mix_decay_w1.weight",
        "time_mix_decay_w2.weight",
        "time_mix_lerp_fused.weight",
    ];
    let single = tensor.dimensions() < 2
        || tensor.name.ends_with("_norm.weight")
        || !tensor.name.ends_with(".weight")
        || SINGLE.iter().any(|part| tensor.name.ends_with(part));
    if single { Kind::F32 } else { Kind::F16 }
}
