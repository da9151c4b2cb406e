"""The models that the tables measure: their shapes, and the names that other tools know them by. Asks nobody.

Shapes are those of `src/verify/shapes.csv` and, for models that phones ran, of the catalog.
"""

import csv
import json
import pathlib
import subprocess
from dataclasses import dataclass

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Models of llamacpp_memory.csv by the names of llmfit's catalog; one is a made-up mixture that no catalog can know.
SHAPES = {
    "smollm2-135m": "HuggingFaceTB/SmolLM2-135M-Instruct",
    "smollm2-360m": "HuggingFaceTB/SmolLM2-360M-Instruct",
    "llama-3.2-1b": "meta-llama/Llama-3.2-1B-Instruct",
    "llama-3-8b": "meta-llama/Meta-Llama-3-8B-Instruct",
    "tinyllama-1.1b": "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
    "mixtral-mini-8e": None,
    "qwen2.5-0.5b": "Qwen/Qwen2.5-0.5B",
    "qwen2.5-7b": "Qwen/Qwen2.5-7B-Instruct",
    "qwen3-0.6b": "Qwen/Qwen3-0.6B",
    "qwen3-30b-a3b": "Qwen/Qwen3-30B-A3B",
    "gemma2-2b": "google/gemma-2-2b-it",
    "gemma3-270m": "google/gemma-3-270m-it",
    "gemma3-1b": "google/gemma-3-1b-it",
    "gemma3n-e2b": "google/gemma-3n-E2B-it",
    "smollm3-3b": "HuggingFaceTB/SmolLM3-3B",
    "lfm2-350m": "LiquidAI/LFM2-350M",
}
# Models of measurements.csv: id in the catalog, name in llmfit's catalog.
MEASURED = {
    "Qwen2.5-0.5B": ("qwen2.5-0.5b-instruct", "Qwen/Qwen2.5-0.5B"),
    "Qwen2.5-1.5B": ("qwen2.5-1.5b-instruct", "Qwen/Qwen2.5-1.5B-Instruct"),
    "Gemma 3 1B": ("gemma-3-1b-it", "google/gemma-3-1b-it"),
    "Gemma 3n E2B": ("gemma-3n-e2b-it", "google/gemma-3n-E2B-it"),
    "Gemma 3n E4B": ("gemma-3n-e4b-it", "google/gemma-3n-E4B-it"),
    "Gemma 4 E2B": ("gemma-4-e2b-it", "google/gemma-4-E2B-it"),
    "Gemma 4 E4B": ("gemma-4-e4b-it", "google/gemma-4-E4B-it"),
    "SmolLM2-1.7B": ("smollm2-1.7b-instruct", "HuggingFaceTB/SmolLM2-1.7B-Instruct"),
    "Phi-3.5-mini": ("phi-3.5-mini-instruct", "microsoft/Phi-3.5-mini-instruct"),
    "Llama 3.2 1B": ("llama-3.2-1b-instruct", "meta-llama/Llama-3.2-1B-Instruct"),
    "DeepSeek-R1-Distill-Qwen-1.5B": (
        "deepseek-r1-distill-qwen-1.5b",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
    ),
    "OLMoE-1B-7B": ("olmoe-1b-7b-0924-instruct", "allenai/OLMoE-1B-7B-0924-Instruct"),
    "Qwen3-0.6B": ("qwen3-0.6b", "Qwen/Qwen3-0.6B"),
    "Qwen3-1.7B": ("qwen3-1.7b", "Qwen/Qwen3-1.7B"),
    "Qwen3 30B-A3B": ("qwen3-30b-a3b", "Qwen/Qwen3-30B-A3B"),
    "Qwen3.5-0.8B": ("qwen3.5-0.8b", "Qwen/Qwen3.5-0.8B"),
    "Qwen3.5-2B": ("qwen3.5-2b", "Qwen/Qwen3.5-2B"),
    "Qwen3.5-4B": ("qwen3.5-4b", "Qwen/Qwen3.5-4B"),
    "Qwen3.5-9B": ("qwen3.5-9b", "Qwen/Qwen3.5-9B"),
}
# Elements of the tensor of rotation factors that files of these families hold.
ROTATION = {"llama-3.2-1b": 32, "gemma-4": 256}


@dataclass(frozen=True)
class Model:
    """A model: family and shape as in the catalog, and its name in llmfit's catalog."""

    name: str
    family: str
    shape: str
    rope_factors: int | None
    llmfit: str | None

    @property
    def arch(self):
        """The shape as a dictionary."""
        return json.loads(self.shape)


def of_shapes():
    """The models of llamacpp_memory.csv by name."""
    models = {}
    with (ROOT / "src/verify/shapes.csv").open(encoding="utf-8") as text:
        for row in csv.DictReader(text):
            name = row["shape"]
            if name in SHAPES:
                rope = int(row["rope_factors"]) or None
                models[name] = Model(name, row["family"], json.dumps(arch(row)), rope, SHAPES[name])
    return models


def arch(row):
    """A row of shapes.csv in the form of the catalog."""
    names = ("layers", "hidden", "ffn", "heads", "kv_heads", "head_dim", "vocab")
    number = {name: int(value) for name, value in row.items() if value.isdecimal()}
    shape = {name: number[name] for name in names}
    shape["tied"] = number["tied"] == 1
    shape["attention"] = "full"
    if number["window"]:
        shape["attention"] = {
            "sliding": {
                "window": number["window"],
                "global_layers": number["full"],
                "local_layers": number["local"],
            }
        }
    elif number["state"]:
        shape["attention"] = {"hybrid": {"full_layers": number["full"], "state_elements": number["state"]}}
    if number["experts"]:
        shape["moe"] = {
            "experts": number["experts"],
            "top_k": number["top_k"],
            "expert_ffn": number["expert_ffn"],
        }
    if number["per_layer"]:
        shape["per_layer_embedding"] = number["per_layer"]
    return shape


def of_measurements():
    """The models of measurements.csv by name."""
    records = {}
    for path in (ROOT / "catalog/models/llm").glob("*.yaml"):
        for record in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            records[record["id"]] = record
    models = {}
    for name, (catalog, llmfit) in MEASURED.items():
        record = records[catalog]
        shape = {key: value for key, value in record["arch"].items() if key != "sources"}
        rope = next((it for start, it in ROTATION.items() if catalog.startswith(start)), None)
        models[name] = Model(name, record["family"], json.dumps(shape), rope, llmfit)
    return models


def contents(models_and_quants, command):
    """What a file of each (model, quantization) holds, as `examples/shapes.rs` prints it."""
    asked = [
        json.dumps(
            {
                "family": model.family,
                "arch": model.arch,
                "quant": quant,
                "rope_factors": model.rope_factors,
            }
        )
        for model, quant in models_and_quants
    ]
    done = subprocess.run([command], input="\n".join(asked), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
