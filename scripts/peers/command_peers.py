"""Asks the peers that are commands of their own, and edgeplanc."""

import json
import pathlib
import subprocess

from python_peers import parameters
from question import Memory, Refused

# Models whose config.json fitllm refuses, and their names among those it ships.
BUILT_IN = {"Gemma 4 E2B": "Gemma 4 e2b", "Gemma 4 E4B": "Gemma 4 e4b"}
HERE = pathlib.Path(__file__).resolve().parent


def edgeplanc(question, headers, command):
    """What `edgeplanc inspect` says of the header that the peers get, on the kind of CPU the table was made on."""
    options = ["--context", str(question.context), "--ubatch", str(question.ubatch), "--kv", question.kv]
    options += ["--processor", "avx2", "--flash-attn", "on" if question.flash else "off"]
    options += ["--outputs", str(question.outputs)] if question.outputs else []
    options += ["--swa-full"] if question.swa_full else []
    options += [] if question.mmap else ["--no-mmap"]
    options += [] if question.repack else ["--no-repack"]
    done = subprocess.run(
        [command, "inspect", str(headers / question.header), "--format", "json", *options],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    # Without mmap, repacked tensors are held in their new form alone.
    copies = told["weights"]["repacked"] if question.mmap else 0
    weights = sum(told["weights"].values()) - copies
    cache = sum(it["bytes"] for it in told["kv_cache"].values()) + told["state"]["bytes"]
    return Memory(told["total"], weights, cache, told["total"] - copies)


def llmfit(question, phone, home, profiles):
    """llmfit's plan for a machine with unified memory; it knows models by name and takes no header."""
    if question.model.llmfit is None:
        raise Refused("its catalog does not know the model")
    # A profile must be called as its file is.
    path = profiles / f"{phone.bandwidth}-{phone.memory}" / "phone.json"
    path.parent.mkdir(exist_ok=True)
    hardware = {
        "total_ram_gb": phone.memory,
        "unified_memory": True,
        "gpu_memory_bandwidth_gbps": phone.bandwidth,
        "ddr_bandwidth_gbps": phone.bandwidth,
    }
    profile = {"schema_version": 1, "name": "phone", "match": {"gpu_name_contains": "none"}, "hardware": hardware}
    path.write_text(json.dumps(profile), encoding="utf-8")
    kv = {"f16": "fp16"}.get(question.kv, question.kv)
    done = subprocess.run(
        [home / "bin/llmfit", "--profile", path, "--json", "plan", question.model.llmfit]
        + ["--context", str(question.context), "--quant", question.quant.upper(), "--kv-quant", kv],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refused(done.stderr.strip().splitlines()[-1].removeprefix("Error: "))
    return json.loads(done.stdout)


def llmfit_memory(plan, kv):
    """Memory of a plan of llmfit. It counts weights in GB and the rest in GiB, and compares with GiB."""
    chosen = next(it for it in plan["kv_alternatives"] if it["kv_quant"] == {"f16": "fp16"}.get(kv, kv))
    gib = 2**30
    return Memory(chosen["memory_required_gb"] * gib, plan["disk_size_gb"] * 1e9, chosen["kv_cache_gb"] * gib)


def llmfit_speed(plan, graphics):
    """Decode speed of a plan of llmfit, on its path for graphics or for the CPU alone."""
    wanted = "gpu" if graphics else "cpu_only"
    path = next(it for it in plan["run_paths"] if it["path"] == wanted)
    if not path["estimated_tps"]:
        raise Refused("; ".join(path["notes"]))
    return path["estimated_tps"]


def in_javascript(peer, questions, headers, contents, home):
    """Answers of fitllm or node-llama-cpp, all by one process."""
    lines = []
    for question in questions:
        content = contents[question.model, question.quant]
        asked = {
            "header": str(headers / question.header),
            "model": question.model.llmfit or question.model.name,
            "builtin": BUILT_IN.get(question.model.name),
            "config": config(question.model, content),
            "parameters": parameters(content),
            "quant": question.quant,
            "context": question.context,
            "ubatch": question.ubatch,
            "kv": question.kv,
            "flash": question.flash,
            "swa_full": question.swa_full,
            "mmap": question.mmap,
        }
        lines.append(json.dumps(asked))
    done = subprocess.run(
        ["node", HERE / "node.mjs", peer, home], input="\n".join(lines), capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        answer["refused"] if "refused" in answer else Memory(answer["total"], answer["weights"], answer.get("cache"))
        for answer in answers
    ]


def config(model, content):
    """The model's config.json as its publisher writes it, as far as it decides about memory."""
    arch, blocks = model.arch, content["blocks"]
    told = {
        "model_type": {"qwen3_5": "qwen3_5_text"}.get(model.family, model.family),
        "num_hidden_layers": arch["layers"],
        "hidden_size": arch["hidden"],
        "intermediate_size": arch["ffn"],
        "num_attention_heads": arch["heads"],
        "num_key_value_heads": arch["kv_heads"],
        "head_dim": arch["head_dim"],
        "vocab_size": arch["vocab"],
        "tie_word_embeddings": arch["tied"],
        "max_position_embeddings": 131072,
        "torch_dtype": "bfloat16",
    }
    state = next((block["state"] for block in blocks if block["state"]), None)
    if content["window"]:
        told["sliding_window"] = content["window"]
        told["layer_types"] = ["sliding_attention" if it["windowed"] else "full_attention" for it in blocks]
        narrow, wide = arch["head_dim"], max(block["key"] for block in blocks)
        if wide > narrow:
            told["global_head_dim"] = wide
    elif state:
        kind = "linear_attention" if "groups" in state else "conv"
        told["layer_types"] = ["full_attention" if block["key"] else kind for block in blocks]
    if state and "groups" in state:
        told["linear_num_key_heads"] = state["groups"]
        told["linear_num_value_heads"] = state["heads"]
        told["linear_key_head_dim"] = state["state"]
        told["linear_value_head_dim"] = state["inner"] // state["heads"]
        told["linear_conv_kernel_dim"] = state["kernel"]
    if "moe" in arch:
        told["num_experts"] = arch["moe"]["experts"]
        told["num_experts_per_tok"] = arch["moe"]["top_k"]
        told["moe_intermediate_size"] = arch["moe"]["expert_ffn"]
    if content["per_layer"]:
        told["hidden_size_per_layer_input"] = content["per_layer"]
        told["vocab_size_per_layer_input"] = arch["vocab"]
    owners = sum(block["caches"] for block in blocks)
    if content["per_layer"]:
        told["num_kv_shared_layers"] = len(blocks) - owners
    return told
