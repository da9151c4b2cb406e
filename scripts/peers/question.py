"""What every tool is asked about a row, and what it may answer. Asks nobody."""

from dataclasses import dataclass

from models import Model

MIB = 2**20


@dataclass(frozen=True)
class Question:
    """One model under the settings of one run of llama.cpp."""

    model: Model
    quant: str
    context: int
    ubatch: int = 512
    kv: str = "f16"
    flash: bool = True
    swa_full: bool = False
    mmap: bool = True
    repack: bool = True
    outputs: int = 0

    @property
    def header(self):
        """Name of the header file in its folder."""
        return f"{self.model.name}-{self.quant}.gguf".replace(" ", "-")


@dataclass(frozen=True)
class Phone:
    """What tools that predict speed are told: GB/s, GB, whether graphics or the NPU decode, and tokens in the cache."""

    bandwidth: float
    memory: float
    graphics: bool
    depth: int = 0


@dataclass(frozen=True)
class Memory:
    """Bytes that a tool predicts, or that were measured; `None` for what is not stated.

    `once` is the total without copies of weights that llama.cpp repacks for the CPU. A prediction has but one total.
    """

    total: float
    weights: float | None = None
    cache: float | None = None
    once: float | None = None


class Refused(Exception):
    """Why a tool does not answer."""
