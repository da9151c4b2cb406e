"""Asks the peers that are written in Python through the functions behind their commands: figures are not rounded.

A peer that reads GGUF files gets the header; one that does not gets the model's shape in its own terms.
"""

import contextlib
import io
import re
import sys

from question import Memory, Refused


def modelinfo(question, headers):
    """modelinfo-cli reads the header; it takes no type of the cache, no batch and no flash attention."""
    from modelinfo.calculator import calculate_footprint
    from modelinfo.parsers.gguf import parse_gguf_header

    try:
        told = calculate_footprint(parse_gguf_header(str(headers / question.header)), question.context)
    except (TypeError, ValueError) as error:
        raise Refused(f"{type(error).__name__}: {error}") from error
    return Memory(told["total_memory_bytes"], told["base_memory_bytes"], told["kv_cache_bytes"])


def hf_mem(question, headers):
    """hf-mem reads the header from the hub; its parser is given the same bytes from the file."""
    from hf_mem.gguf.metadata import parse_gguf_metadata

    with (headers / question.header).open("rb") as file:
        start = file.read(8_000_000)
    try:
        told = parse_gguf_metadata(start, True, question.context, question.kv.upper())
    except (RuntimeError, KeyError, ValueError) as error:
        raise Refused(f"{type(error).__name__}: {error}") from error
    cache = told.kv_cache.cache_size
    return Memory(told.bytes_count + cache, told.bytes_count, cache)


def ggufit_terms(question):
    """A model and a quantization as ggufit's catalog writes them."""
    arch = question.model.arch
    bits = re.match(r"(?:I?Q(\d)|F(16))", question.quant.upper())
    quant = f"q{bits[1]}" if bits[1] else "fp16"
    if quant == "q1":
        raise Refused(f"knows no {question.quant}")
    return quant, {
        "layers": arch["layers"],
        "hidden_size": arch["hidden"],
        "num_attention_heads": arch["heads"],
        "num_key_value_heads": arch["kv_heads"],
        "head_dim": arch["head_dim"],
    }


def ggufit(question, content):
    """ggufit takes parameters and shape; it takes no batch and no flash attention."""
    from ggufit import calculator

    quant, model = ggufit_terms(question)
    bits = {"f16": 16, "q8_0": 8, "q4_0": 4}[question.kv]
    weights = calculator.model_size_gb(parameters(content) / 1e9, quant)
    cache = calculator.kv_cache_gb(model, question.context, kv_bits=bits)
    total = weights * calculator.overhead_multiplier(weights) + cache
    return Memory(total * 2**30, weights * 2**30, cache * 2**30)


def ggufit_speed(question, phone, content):
    """Decode speed by ggufit."""
    from ggufit import calculator

    quant, _ = ggufit_terms(question)
    size = calculator.model_size_gb(active(content) / 1e9, quant)
    return calculator.tokens_per_sec(size, phone.bandwidth)


def quantprobe_speed(question, phone, headers):
    """Decode speed by quantprobe, without the anchors that are of desktops. Graphics memory is the phone's memory.

    Its answer depends a little on the number of cores of the machine it runs on.
    """
    from quantprobe.cli import main

    if phone.graphics:
        card = ["--vram", str(phone.memory), "--vram-bw", str(phone.bandwidth)]
    else:
        card = ["--vram", "0"]
    arguments = ["quantprobe", "plan", "--gguf", str(headers / question.header), *card]
    arguments += ["--ram", str(phone.memory), "--ram-bw", str(phone.bandwidth), "--disk-bw", "1"]
    arguments += ["--ctx", str(phone.depth), "--no-anchors"]
    said, kept = io.StringIO(), sys.argv
    sys.argv = arguments
    try:
        with contextlib.redirect_stdout(said):
            main()
    except (SystemExit, ValueError, KeyError, ArithmeticError) as stop:
        if "tok/s" not in said.getvalue():
            raise Refused(f"{type(stop).__name__}: {stop}") from stop
    finally:
        sys.argv = kept
    # Its best placement stands first; with graphics, the processor alone is no answer to what was run.
    speed = re.search(r"([\d.]+) tok/s\s+all in VRAM" if phone.graphics else r"\* +([\d.]+) tok/s", said.getvalue())
    if not speed:
        raise Refused("does not place the model in graphics memory")
    return float(speed[1])


def parameters(content):
    """All elements of a file's tensors."""
    return sum(elements(axes) for _, axes, _ in content["tensors"])


def active(content):
    """Elements that a token meets: of experts, the share that is used."""
    total = 0
    experts = next((block["experts"] for block in content["blocks"] if block["experts"]), None)
    for name, axes, _ in content["tensors"]:
        share = experts["used"] / experts["count"] if experts and "_exps" in name else 1
        total += elements(axes) * share
    return total


def elements(axes):
    product = 1
    for axis in axes:
        product *= axis
    return product
