"""Writes the headers of GGUF files: all that a file says but its weights, which are a hole. Asks nobody.

Tools that read GGUF files get these, the best input they take. A file is as long as a whole one; it takes kilobytes.
"""

import math

import numpy

import gguf
from gguf import GGMLQuantizationType, GGUFWriter

ALIGNMENT = 32
# What the loaders of some architectures ask for beside shapes; no figure of any tool depends on the values.
REALS = {
    "gemma2": {"attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0},
    "gemma4": {"final_logit_softcapping": 30.0, "rope.freq_base_swa": 10000.0},
    "gemma3n": {"rope.freq_base_swa": 10000.0},
}
# Every how many blocks one attends to all tokens, where a file lists the pattern.
LISTED = ("gemma3n", "gemma4")


def write(path, content, context):
    """Writes the header that `content` (see `examples/shapes.rs`) describes; `context` is what it was trained on."""
    name = content["architecture"]
    writer = GGUFWriter(path, name)
    writer.add_name("model")
    writer.add_context_length(context)
    describe(writer, content)
    # No vocabulary: nothing is tokenized. Its size is in the shape of the embedding and in a key of its own.
    writer.add_tokenizer_model("no_vocab")
    writer.add_vocab_size(content["vocab"])
    end = 0
    for tensor, axes, kind in content["tensors"]:
        kind = GGMLQuantizationType(kind)
        block, size = gguf.GGML_QUANT_SIZES[kind]
        bytes_of = math.prod(axes) // block * size
        shape = tuple(reversed(axes))
        writer.add_tensor_info(tensor, shape, numpy.dtype(numpy.float16), bytes_of, raw_dtype=kind)
        end = padded(end) + bytes_of
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    file = writer.fout[0]
    file.truncate(padded(file.tell()) + padded(end))
    writer.close()


def padded(size):
    return -(-size // ALIGNMENT) * ALIGNMENT


def describe(writer, content):
    """The keys that hold the shape."""
    name, blocks = content["architecture"], content["blocks"]
    attending = [block for block in blocks if block["key"]]
    widest = max(block["key"] for block in attending)
    writer.add_embedding_length(content["width"])
    writer.add_block_count(len(blocks))
    writer.add_feed_forward_length(max(block["inner"] or expert(blocks, "inner") for block in blocks))
    writer.add_head_count(max(block["heads"] for block in blocks))
    kv_heads = [block["kv_heads"] for block in blocks]
    mixed = name == "lfm2"
    writer.add_head_count_kv(kv_heads if mixed else max(kv_heads))
    writer.add_key_length(widest)
    writer.add_value_length(widest)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_rope_dimension_count(64 if name == "qwen35" else widest)
    if expert(blocks, "count"):
        writer.add_expert_count(expert(blocks, "count"))
        writer.add_expert_used_count(expert(blocks, "used"))
        writer.add_expert_feed_forward_length(expert(blocks, "inner"))
    if content["window"]:
        windows(writer, content)
    recurrent(writer, name, blocks)
    if content["per_layer"]:
        writer.add_embedding_length_per_layer_input(content["per_layer"])
        writer.add_shared_kv_layers(sum(not block["caches"] for block in blocks))
    for key, value in REALS.get(name, {}).items():
        writer.add_float32(f"{name}.{key}", value)
    if name == "gemma3n":
        writer.add_altup_active_idx(0)
        writer.add_altup_num_inputs(4)
        writer.add_activation_sparsity_scale([1.6448] * 10 + [-math.inf] * (len(blocks) - 10))


def expert(blocks, key):
    """A number of the experts; 0 in a dense model."""
    return next((block["experts"][key] for block in blocks if block["experts"]), 0)


def windows(writer, content):
    """The window, which blocks keep it, and the width of their heads where it differs."""
    name, blocks = content["architecture"], content["blocks"]
    writer.add_sliding_window(content["window"])
    if name in LISTED:
        writer.add_sliding_window_pattern([block["windowed"] for block in blocks])
    if name == "gemma4":
        narrow = min(block["key"] for block in blocks)
        writer.add_key_length_swa(narrow)
        writer.add_value_length_swa(narrow)
        writer.add_uint32(f"{name}.rope.dimension_count_swa", narrow)


def recurrent(writer, name, blocks):
    """The sizes of blocks that carry a state."""
    state = next((block["state"] for block in blocks if block["state"]), None)
    if state is None:
        return
    if name == "lfm2":
        writer.add_shortconv_l_cache(state["kernel"])
        return
    writer.add_ssm_conv_kernel(state["kernel"])
    writer.add_ssm_inner_size(state["inner"])
    writer.add_ssm_state_size(state["state"])
    writer.add_ssm_time_step_rank(state["heads"])
    writer.add_ssm_group_count(state["groups"])
    interval = next(at + 1 for at, block in enumerate(blocks) if block["key"])
    writer.add_uint32(f"{name}.full_attention_interval", interval)
    writer.add_array(f"{name}.rope.dimension_sections", [11, 11, 10, 0])
