"""Median error of the decode speed that each tool predicts, on the rows all of them can answer.

Arguments: folder of the peers' commands, measurements, predictions of `edgeplanc verify --rows`.
The rows are the llama.cpp ones of three phones. Peers know no phone: each is given its memory and its peak bandwidth,
and takes it for a machine with unified memory.
"""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile

# Peak memory bandwidth (GB/s) and memory (GB), the same figures for every tool.
PHONES = {
    "Snapdragon 8 Gen 2": (68.3, 8),
    "Snapdragon 8 Elite Gen 5": (85.3, 12),
    "Dimensity 8400 (MT6899)": (68.3, 8),
}
# The models as llmfit's catalog calls them.
MODELS = {
    "Qwen2.5-1.5B": "Qwen/Qwen2.5-1.5B-Instruct",
    "Gemma 3 1B": "google/gemma-3-1b-it",
    "SmolLM2-1.7B": "HuggingFaceTB/SmolLM2-1.7B-Instruct",
    "Phi-3.5-mini": "microsoft/Phi-3.5-mini-instruct",
    "Llama 3.2 1B": "meta-llama/Llama-3.2-1B-Instruct",
    "DeepSeek-R1-Distill-Qwen-1.5B": "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
    "Qwen3-1.7B": "Qwen/Qwen3-1.7B",
    "Qwen3.5-0.8B": "Qwen/Qwen3.5-0.8B",
    "Qwen3.5-2B": "Qwen/Qwen3.5-2B",
}
# Bits per weight of the GGUF types, for tools that ask for them.
BITS = {"Q2_K": 3.16, "Q3_K_M": 4.0, "Q4_0": 4.5, "Q4_K_M": 4.89, "Q5_K_M": 5.7, "Q6_K": 6.56, "Q8_0": 8.5}


def answer(command):
    """Standard output of a command; empty when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout


def numbers(value, key):
    """Every number under a key, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key and isinstance(inner, (int, float)):
                yield float(inner)
            else:
                yield from numbers(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner, key)


def llmfit(folder, row, quant, profiles):
    """Decode speed by llmfit, on the path it calls current."""
    model = MODELS.get(row["model"])
    if model is None:
        return None
    bandwidth, memory = PHONES[row["soc"]]
    # A profile must be called as its file is.
    home = os.path.join(profiles, row["soc"])
    path = os.path.join(home, "phone.json")
    if not os.path.exists(path):
        os.makedirs(home)
        with open(path, "w", encoding="utf-8") as out:
            hardware = {
                "total_ram_gb": memory,
                "unified_memory": True,
                "gpu_memory_bandwidth_gbps": bandwidth,
                "ddr_bandwidth_gbps": bandwidth,
            }
            profile = {"schema_version": 1, "name": "phone", "match": {"gpu_name_contains": "none"}, "hardware": hardware}
            json.dump(profile, out)
    text = answer(
        [os.path.join(folder, "llmfit"), "--profile", path, "--json", "plan", model]
        + ["--context", "2048", "--quant", quant]
    )
    try:
        plan = json.loads(text)
    except ValueError:
        return None
    for path_plan in plan.get("run_paths", []):
        wanted = "cpu" if row["backend"] == "cpu" else "gpu"
        if wanted in str(path_plan.get("path", "")).lower():
            found = next(numbers(path_plan, "estimated_tps"), None)
            if found:
                return found
    return None


def quantprobe(folder, row, quant, _):
    """Decode speed by quantprobe without its anchors, which are of desktops."""
    command = os.path.join(folder, "quantprobe")
    if not os.path.exists(command) or row["backend"] != "cpu":
        return None
    bandwidth, memory = PHONES[row["soc"]]
    size = row["params_b"]
    text = answer(
        [command, "plan", "--total", size, "--active", size, "--always-active", size]
        + ["--bits", str(BITS[quant]), "--vram", "0", "--ram", str(memory)]
        + ["--ram-bw", str(bandwidth), "--disk-bw", "1", "--ctx", "320", "--no-anchors", "--json"]
    )
    try:
        return next((it for key in ("tok_s", "tps", "decode_tok_s") for it in numbers(json.loads(text), key)), None)
    except ValueError:
        return None


def main():
    folder, measurements, predictions = sys.argv[1:4]
    with open(predictions, encoding="utf-8") as text:
        own = {row["id"]: row["decode_tok_s_likely"] for row in csv.DictReader(text)}
    errors = {}
    with tempfile.TemporaryDirectory() as profiles, open(measurements, encoding="utf-8") as text:
        for row in csv.DictReader(text):
            quant = row["quant"].removeprefix("GGUF ")
            usable = row["soc"] in PHONES and "llama.rn" in row["runtime"] and quant in BITS
            if not (usable and row["decode_tok_s"] and own.get(row["id"])):
                continue
            seen = float(row["decode_tok_s"])
            for name, tool in (("llmfit", llmfit), ("quantprobe", quantprobe)):
                said = tool(folder, row, quant, profiles)
                if said:
                    pair = (abs(said / seen - 1), abs(float(own[row["id"]]) / seen - 1))
                    errors.setdefault((name, row["backend"]), []).append(pair)
    for (name, backend), pairs in sorted(errors.items()):
        theirs = statistics.median(pair[0] for pair in pairs) * 100
        ours = statistics.median(pair[1] for pair in pairs) * 100
        print(f"{backend}, {len(pairs)} rows: {name} {theirs:.0f} %, edgeplanc {ours:.0f} %")


main()
