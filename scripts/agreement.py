"""Holds the solver to three other engines on random instances, and reports how many agree.

Reads the lines of `cargo run --example instances -- FIRST COUNT` from standard input. Checked:

- the optimum, to the last tie-break, against clingo and OR-Tools CP-SAT;
- all minimal conflicts and corrections of the limits, as sets, against CPMpy's `marco`;
- the smallest value of each limit that makes room, against CP-SAT, which minimises the same sum.

`scripts/agreement.sh` makes an environment of its own and runs this. Argument: how many instances must come. Every disagreement is
printed with its instance and counted; one is enough to exit with 1, and so is an instance that did not come.
"""

import json
import sys
import time
from collections import Counter
from importlib.metadata import version

import clingo
import cpmpy
from cpmpy.tools.explain.marco import marco
from ortools.sat.python import cp_model


class CpSat:
    """The instance in CP-SAT: one 0/1 variable per choice, one per file, one per instance and memory limit."""

    def __init__(self, problem, without=()):
        self.problem = problem
        self.model = cp_model.CpModel()
        model = self.model
        self.pick = [
            [model.new_bool_var(f"x{s}_{c}") for c in range(len(slot))]
            for s, slot in enumerate(problem["slots"])
        ]
        for slot in self.pick:
            model.add_exactly_one(slot)
        everywhere = range(len(problem["slots"]))
        self.files = self.used(everywhere, "file", len(problem["files"]))
        self.instances = self.used(everywhere, "instance", len(problem["instances"]))
        self.costs = [self.sum_of(limit) for limit in problem["sums"]]
        self.costs.append(sum(self.files[f] * cost[0] for f, cost in enumerate(problem["files"])))
        storage = sum(self.files[f] * cost[1] for f, cost in enumerate(problem["files"]))
        storage += sum(self.instances[i] * cost[1] for i, cost in enumerate(problem["instances"]))
        self.costs.append(storage)
        for at, value in enumerate(limits(problem)):
            if value is not None and at not in without:
                model.add(self.costs[at] <= value)

    def used(self, slots, key, count):
        """Per file or instance: whether some of the slots chose it."""
        flags = []
        for number in range(count):
            users = [
                self.pick[s][c]
                for s in slots
                for c, choice in enumerate(self.problem["slots"][s])
                if choice[key] == number
            ]
            flag = self.model.new_bool_var(f"{key}{number}")
            self.model.add_max_equality(flag, users + [0])
            flags.append(flag)
        return flags

    def sum_of(self, limit):
        slots = self.problem["slots"]
        own = sum(
            self.pick[s][c] * choice[limit["of"]]
            for s in limit["slots"]
            for c, choice in enumerate(slots[s])
        )
        if limit["of"] == "time":
            return own
        loaded = self.used(limit["slots"], "instance", len(self.problem["instances"]))
        return own + sum(loaded[i] * cost[0] for i, cost in enumerate(self.problem["instances"]))

    def best(self, expression, largest):
        (self.model.maximize if largest else self.model.minimize)(expression)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        assert status == cp_model.OPTIMAL, solver.status_name(status)
        value = round(solver.objective_value)
        self.model.clear_objective()
        return value

    def optimum(self):
        """The picks that are best on every goal in turn, then by files, instances and order."""
        slots = self.problem["slots"]
        for slot, score in self.problem["goals"]:
            reached = sum(
                self.pick[slot][c] * choice["scores"][score] for c, choice in enumerate(slots[slot])
            )
            best = self.best(reached, largest=True)
            if best is None:
                return None
            self.model.add(reached == best)
        for flags in (self.files, self.instances):
            fewest = self.best(sum(flags), largest=False)
            if fewest is None:
                return None
            self.model.add(sum(flags) == fewest)
        picks = []
        for slot in self.pick:
            number = sum(c * flag for c, flag in enumerate(slot))
            first = self.best(number, largest=False)
            self.model.add(number == first)
            picks.append(first)
        return picks


def limits(problem):
    """All limits by number: the sums in order, the download, the storage."""
    sums = [limit["limit"] for limit in problem["sums"]]
    return sums + [problem["download"], problem["storage"]]


PROGRAM = """
1 { pick(S, C) : choice(S, C) } 1 :- slot(S).
file(F) :- pick(S, C), uses(S, C, F, _).
instance(I) :- pick(S, C), uses(S, C, _, I).
loaded(L, I) :- memory(L), in(L, S), pick(S, C), uses(S, C, _, I).
:- memory(L), limit(L, M), #sum { X, s, S : in(L, S), pick(S, C), own(S, C, X); X, i, I : loaded(L, I), weight(I, X) } > M.
:- time(L), limit(L, M), #sum { X, S : in(L, S), pick(S, C), takes(S, C, X) } > M.
:- download(M), #sum { X, F : file(F), fetched(F, X) } > M.
:- storage(M), #sum { X, f, F : file(F), stored(F, X); X, i, I : instance(I), unpacked(I, X) } > M.
#maximize { X@P, S : goal(P, S, G), pick(S, C), score(S, C, G, X) }.
#minimize { 1@P, F : rank(files, P), file(F) }.
#minimize { 1@P, I : rank(instances, P), instance(I) }.
#minimize { C@P, S : rank(slot(S), P), pick(S, C) }.
"""


def by_clingo(problem):
    """The same optimum, as an answer set with one priority level per goal."""
    facts = []
    levels = len(problem["goals"]) + len(problem["slots"]) + 2
    for s, slot in enumerate(problem["slots"]):
        facts.append(f"slot({s}).")
        for c, choice in enumerate(slot):
            facts.append(f"choice({s},{c}). uses({s},{c},{choice['file']},{choice['instance']}).")
            facts.append(f"own({s},{c},{choice['memory']}). takes({s},{c},{choice['time']}).")
            facts += [f"score({s},{c},{g},{x})." for g, x in enumerate(choice["scores"])]
    for number, (download, storage) in enumerate(problem["files"]):
        facts.append(f"fetched({number},{download}). stored({number},{storage}).")
    for number, (memory, storage) in enumerate(problem["instances"]):
        facts.append(f"weight({number},{memory}). unpacked({number},{storage}).")
    for number, limit in enumerate(problem["sums"]):
        facts.append(f"{limit['of']}({number}). limit({number},{limit['limit']}).")
        facts += [f"in({number},{s})." for s in limit["slots"]]
    for name in ("download", "storage"):
        if problem[name] is not None:
            facts.append(f"{name}({problem[name]}).")
    for number, (slot, score) in enumerate(problem["goals"]):
        facts.append(f"goal({levels - number},{slot},{score}).")
    left = levels - len(problem["goals"])
    facts.append(f"rank(files,{left}). rank(instances,{left - 1}).")
    facts += [f"rank(slot({s}),{left - 2 - s})." for s in range(len(problem["slots"]))]
    control = clingo.Control(["--warn=none"])
    control.add("base", [], PROGRAM + "\n".join(facts))
    control.ground([("base", [])])
    picks = None
    with control.solve(yield_=True) as answers:
        for model in answers:
            chosen = [atom.arguments for atom in model.symbols(atoms=True) if atom.name == "pick"]
            picks = [c for _, c in sorted((s.number, c.number) for s, c in chosen)]
    return picks


def by_marco(problem):
    """All minimal conflicts and corrections of the limits, by number."""
    slots = problem["slots"]
    pick = [[cpmpy.boolvar() for _ in slot] for slot in slots]
    hard = [cpmpy.sum(slot) == 1 if slot else cpmpy.BoolVal(False) for slot in pick]

    def used(members, key, count):
        flags = []
        for number in range(count):
            users = [
                pick[s][c] for s in members for c, one in enumerate(slots[s]) if one[key] == number
            ]
            flags.append(cpmpy.any(users) if users else None)
        return flags

    def total(pairs):
        terms = [weight * flag for weight, flag in pairs if weight and flag is not None]
        return cpmpy.sum(terms) if terms else 0

    soft = {}
    for at, limit in enumerate(problem["sums"]):
        pairs = [
            (one[limit["of"]], pick[s][c]) for s in limit["slots"] for c, one in enumerate(slots[s])
        ]
        if limit["of"] == "memory":
            loaded = used(limit["slots"], "instance", len(problem["instances"]))
            pairs += [(cost[0], loaded[i]) for i, cost in enumerate(problem["instances"])]
        soft[at] = total(pairs) <= limit["limit"]
    everywhere = range(len(slots))
    files = used(everywhere, "file", len(problem["files"]))
    instances = used(everywhere, "instance", len(problem["instances"]))
    fetched = [(cost[0], files[f]) for f, cost in enumerate(problem["files"])]
    kept = [(cost[1], files[f]) for f, cost in enumerate(problem["files"])]
    kept += [(cost[1], instances[i]) for i, cost in enumerate(problem["instances"])]
    for at, (pairs, value) in enumerate(
        [(fetched, problem["download"]), (kept, problem["storage"])], len(problem["sums"])
    ):
        if value is not None:
            soft[at] = total(pairs) <= value
    # A limit that is a constant is decided here: marco wants expressions.
    constant = {at: value for at, value in soft.items() if isinstance(value, (bool,))}
    assert all(constant.values()), "an amount is never negative"
    names = [at for at in soft if at not in constant]
    number = {id(soft[at]): at for at in names}
    # CPMpy 1.1.1 never tries the empty set, so it would miss the correction that drops every limit. A limit that always
    # holds makes that set one of the others; it is in no conflict and no correction.
    always = cpmpy.boolvar()
    conflicts, corrections = set(), set()
    for kind, found in marco([soft[at] for at in names] + [always], hard, solver="ortools"):
        members = tuple(sorted(number[id(one)] for one in found))
        (conflicts if kind == "MUS" else corrections).add(members)
    return conflicts, corrections


def compared(line):
    """What is compared for one instance: a name, our answer, the other engine's answer."""
    problem, answer = line["problem"], line["answer"]
    picks = answer.get("picks")
    kind = "optimum" if picks is not None else "no optimum"
    yield f"clingo: {kind}", picks, by_clingo(problem)
    yield f"CP-SAT: {kind}", picks, CpSat(problem).optimum()
    if picks is not None:
        return
    conflicts = {tuple(one) for one in answer["conflicts"]}
    corrections = {tuple(one) for one in answer["corrections"]}
    if all(problem["slots"]):
        theirs = by_marco(problem)
        yield "CPMpy marco: all conflicts", conflicts, theirs[0]
        yield "CPMpy marco: all corrections", corrections, theirs[1]
    else:
        # Marco wants hard constraints that hold. That these do not without any limit is the whole conflict.
        found = CpSat(problem, without=set(range(len(limits(problem))))).optimum()
        yield "CP-SAT: no answer without any limit either", (conflicts, corrections, None), ({()}, set(), found)
    for at, value in enumerate(limits(problem)):
        if value is not None:
            alone = CpSat(problem, without={at})
            yield "CP-SAT: way out by one limit", answer["relaxed"][at], alone.best(alone.costs[at], largest=False)


def main():
    wanted = int(sys.argv[1])
    asked, differ, instances = Counter(), 0, Counter()
    begin = time.monotonic()
    for text in sys.stdin:
        line = json.loads(text)
        kind = "with an answer" if "picks" in line["answer"] else "without"
        instances[kind] += 1
        for name, ours, theirs in compared(line):
            asked[name] += 1
            if ours != theirs:
                differ += 1
                print(f"{name}: we say {ours}, they say {theirs}: {text}", file=sys.stderr)
    engines = ", ".join(f"{name} {version(name)}" for name in ("clingo", "ortools", "cpmpy"))
    print(f"engines: {engines}")
    print(f"instances: {instances.total()} ({instances['with an answer']} with an answer, {instances['without']} without)")
    for name, count in sorted(asked.items()):
        print(f"{count:5} {name}")
    print(f"disagreements: {differ}")
    print(f"{time.monotonic() - begin:.0f} seconds", file=sys.stderr)
    if instances.total() != wanted:
        sys.exit(f"{wanted} instances were asked for")
    sys.exit(differ > 0)


if __name__ == "__main__":
    main()
