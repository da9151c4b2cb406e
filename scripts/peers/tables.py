"""Reads the rows that tools are held against: what was asked, and what was measured. Asks nobody."""

import csv
import re

import models
import yaml
from question import MIB, Memory, Phone, Question

ALLOCATED = models.ROOT / "src/estimate/testdata/llamacpp_memory.csv"
MEASURED = models.ROOT / "src/verify/testdata/measurements.csv"
# Memory that is told where a row does not say (GB); no tool's speed depends on it while the model fits.
MEMORY = 16
# A computer's chip, which the catalog of phones has not: as `src/verify/aliases.rs` takes it (GB/s).
COMPUTERS = {"M4 Max": 546.1}
# What a row of llama.cpp's own log is called in `mem_kind`.
LOGGED = "llama.cpp buffers weights+kv+compute (MiB)"


def rows(path):
    with path.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def allocated():
    """Questions and what llama.cpp allocated: weights held once, caches and state, everything with repacked copies."""
    known = models.of_shapes()
    for row in rows(ALLOCATED):
        on = {key: row[key] == "1" for key in ("flash_attn", "swa_full", "mmap", "repack")}
        question = Question(
            known[row["model_shape"]],
            row["quant"],
            int(row["n_ctx"]),
            int(row["n_ubatch"]),
            row["kv_type"],
            on["flash_attn"],
            on["swa_full"],
            on["mmap"],
            on["repack"],
            int(row["n_outputs_max"]),
        )
        mib = {key: float(value) for key, value in row.items() if key.endswith("_mib")}
        cache = mib["kv_buffer_mib"] + mib["rs_buffer_mib"]
        total = mib["model_buffer_mib"] + cache + mib["compute_buffer_mib"] + mib["output_buffer_mib"]
        # Without mmap, repacked tensors are held in their new form alone.
        once = mib["model_mapped_mib"] or mib["model_buffer_mib"]
        copies = mib["model_buffer_mib"] - once
        yield question, Memory(total * MIB, once * MIB, cache * MIB, (total - copies) * MIB)


def measured():
    """Rows of llama.cpp on devices: id, question or why there is none, backend, phone, decode speed, logged memory."""
    known, chips = models.of_measurements(), bandwidths()
    for row in rows(MEASURED):
        if "llama.cpp" not in row["runtime"]:
            continue
        quant = row["quant"].removeprefix("GGUF ")
        backend = next((it for it in ("cpu", "opencl", "hexagon", "metal", "vulkan") if it in row["backend"]), None)
        depth = int(row["prompt_tokens"] or 0) + int(row["gen_tokens"] or 0)
        if row["model"] not in known:
            question = "not asked: edgeplanc's catalog has no shape of the model"
        elif "PowerInfer" in row["runtime"] or "memory limited" in row["notes"]:
            question = "not asked: weights are streamed from storage, which no tool is told"
        elif not re.fullmatch(r"I?Q\d_\w+|F16", quant):
            question = "not asked: the quantization is not stated"
        else:
            context = int(row["context"] or depth or 512)
            flash = "flash_attn off" not in row["notes"]
            question = Question(known[row["model"]], quant, context, flash=flash, mmap="mmap off" not in row["notes"])
        bandwidth = chips.get(re.sub(r" \(.*|^Apple ", "", row["soc"]))
        phone = bandwidth and Phone(bandwidth, float(row["ram_gb"] or MEMORY), backend != "cpu", depth)
        speed = row["decode_tok_s"] and float(row["decode_tok_s"])
        memory = float(row["peak_mem_mb"]) * MIB if row["mem_kind"] == LOGGED else None
        yield row["id"], question, backend, phone, speed, memory


def bandwidths():
    """Peak memory bandwidth (GB/s) of chips by name."""
    found = dict(COMPUTERS)
    for path in (models.ROOT / "catalog/socs").glob("*.yaml"):
        for chip in yaml.safe_load(path.read_text(encoding="utf-8"))["socs"]:
            # Chips of a known class without a published figure are placed by it.
            stated = chip.get("bandwidth") or chip.get("placed")
            if stated:
                name = re.sub(r" \(.*|^Google | Bionic", "", chip["name"])
                found[name] = float(stated["value"].removesuffix(" GB/s"))
    return found
