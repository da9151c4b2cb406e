"""Holds other tools and edgeplanc against the same rows: memory that llama.cpp allocated, speed that phones reached.

Run by `scripts/peers.sh`, which installs the tools. Arguments: folder of the Python peers, folder of the JavaScript
ones, edgeplanc, the `shapes` example, what `edgeplanc verify --rows` wrote for measurements.csv.
"""

import collections
import csv
import importlib.util
import pathlib
import sys
import tempfile

import command_peers
import headers
import models
import python_peers
import tables
from question import MIB, Memory, Phone, Refused
from score import Score, table

# The context that the headers say the models were trained with; only hf-mem could use it, and it is told the row's.
TRAINED = 131072
# Memory of the machine that llmfit is told where only sizes are asked (GB).
ROOM = Phone(50.0, 64.0, False)


class Session:
    """The tools, the header files, and answers that were given already."""

    def __init__(self, home, node_home, edgeplanc, files, contents):
        self.home, self.node_home, self.edgeplanc = home, node_home, edgeplanc
        self.files, self.contents = files, contents
        self.known = {}

    def content(self, question):
        return self.contents[question.model, question.quant]

    def once(self, key, ask):
        """The answer to what may have been asked before, or why there is none."""
        if key not in self.known:
            try:
                self.known[key] = ask()
            except Refused as why:
                self.known[key] = str(why)
        return self.known[key]

    def plan(self, question, phone):
        return command_peers.llmfit(question, phone, self.home, self.files)

    def one_memory(self, peer, question):
        asks = {
            "edgeplanc": lambda: command_peers.edgeplanc(question, self.files, self.edgeplanc),
            "llmfit": lambda: command_peers.llmfit_memory(self.plan(question, ROOM), question.kv),
            "ggufit": lambda: python_peers.ggufit(question, self.content(question)),
            "modelinfo-cli": lambda: python_peers.modelinfo(question, self.files),
            "hf-mem": lambda: python_peers.hf_mem(question, self.files),
        }
        return self.once((peer, question), asks[peer])

    def one_speed(self, peer, question, phone):
        asks = {
            "llmfit": lambda: command_peers.llmfit_speed(self.plan(question, phone), phone.graphics),
            "quantprobe": lambda: python_peers.quantprobe_speed(question, phone, self.files),
            "ggufit": lambda: python_peers.ggufit_speed(question, phone, self.content(question)),
        }
        return self.once((peer, question, phone), asks[peer])

    def memory(self, title, pairs, peers, parts, others=()):
        """Asks for the memory of each question and prints the errors against what was measured, behind `others`."""
        scores = collections.defaultdict(Score, others)
        for peer in peers:
            if peer in ("fitllm", "node-llama-cpp"):
                asked = list(dict.fromkeys(it for it, _ in pairs if not isinstance(it, str)))
                answers = command_peers.in_javascript(peer, asked, self.files, self.contents, self.node_home)
                self.known.update({(peer, question): answer for question, answer in zip(asked, answers, strict=True)})
            for question, seen in pairs:
                # A row without a question says why.
                answer = question
                if not isinstance(question, str):
                    answer = self.known.get((peer, question)) or self.one_memory(peer, question)
                if isinstance(answer, str):
                    scores[peer].refused(answer)
                else:
                    scores[peer].memory(answer, seen)
        table(title, scores, parts)


def main():
    home, node_home, edgeplanc, shapes, predictions = (pathlib.Path(it).resolve() for it in sys.argv[1:6])
    with predictions.open(encoding="utf-8") as text:
        own = {row["id"]: row for row in csv.DictReader(text)}
    allocated = list(tables.allocated())
    measured = list(tables.measured())
    questions = [question for question, _ in allocated]
    questions += [row[1] for row in measured if not isinstance(row[1], str)]
    files = list(dict.fromkeys((question.model, question.quant) for question in questions))
    contents = dict(zip(files, models.contents(files, shapes), strict=True))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for question in questions:
            path = folder / question.header
            if not path.exists():
                headers.write(path, contents[question.model, question.quant], TRAINED)
        session = Session(home, node_home, edgeplanc, folder, contents)
        run(session, allocated, measured, own)


def run(session, allocated, measured, own):
    peers = ["llmfit", "fitllm", "ggufit", "modelinfo-cli", "hf-mem", "node-llama-cpp"]
    title = f"Memory: {len(allocated)} rows of what llama.cpp allocated"
    session.memory(title, allocated, ["edgeplanc", *peers], ["total", "once", "weights", "cache"])

    logged = [(row[0], row[1], row[5]) for row in measured if row[5]]
    asked = [(question, Memory(seen)) for _, question, seen in logged]
    predicted = Score()
    for name, _, seen in logged:
        said = own.get(name, {}).get("peak_mem_mb_likely")
        predicted.answered(total=(float(said) * MIB if said else None, seen))
    title = f"Memory: {len(logged)} rows of llama.cpp's log on phones; edgeplanc knows names alone"
    session.memory(title, asked, peers, ["total"], {"edgeplanc": predicted})
    speeds(session, measured, own)


def speeds(session, measured, own):
    """Decode speed, backend by backend."""
    quantprobe = importlib.util.find_spec("quantprobe") is not None
    peers = ["llmfit", "ggufit", *(["quantprobe"] if quantprobe else [])]
    for backend in sorted({row[2] for row in measured if row[2] and row[4]}):
        scores = {name: Score() for name in ("edgeplanc", *peers)}
        rows = [row for row in measured if row[2] == backend and row[4]]
        for name, question, _, phone, seen, _ in rows:
            said = own.get(name, {}).get("decode_tok_s_likely")
            if said:
                scores["edgeplanc"].answered(decode=(float(said), seen))
            else:
                scores["edgeplanc"].refused("not predicted")
            for peer in peers:
                if isinstance(question, str) or phone is None:
                    answer = question if isinstance(question, str) else "the chip's bandwidth is not known"
                else:
                    answer = session.one_speed(peer, question, phone)
                if isinstance(answer, str):
                    scores[peer].refused(answer)
                else:
                    scores[peer].answered(decode=(answer, seen))
        table(f"Decode speed: {len(rows)} rows of llama.cpp, {backend}", scores, ["decode"])


main()
