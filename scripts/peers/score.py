"""Errors of answers, and how they are printed. Asks nobody."""

import collections
import statistics

NEAR = 0.05


class Score:
    """The answers of one tool over some rows."""

    def __init__(self):
        self.asked = 0
        self.errors = collections.defaultdict(list)
        self.refusals = collections.Counter()

    def refused(self, why):
        self.asked += 1
        self.refusals[why] += 1

    def answered(self, **pairs):
        """Notes what a tool said and what was measured, by what they are of; what it does not state is `None`."""
        self.asked += 1
        for of, (said, seen) in pairs.items():
            if said is not None and seen:
                self.errors[of].append(abs(said / seen - 1))

    def memory(self, said, seen):
        parts = {of: (getattr(said, of), getattr(seen, of)) for of in ("total", "weights", "cache")}
        self.answered(**parts)


def percent(share):
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def middle(errors):
    return percent(statistics.median(errors)) if errors else "not stated"


def near(errors):
    return percent(sum(error <= NEAR for error in errors) / len(errors)) if errors else "none"


def table(title, scores, parts):
    """Prints the errors of each tool as a table in Markdown, the rows it answers first."""
    print(f"\n{title}\n")
    more = "".join(f" {part} |" for part in parts[1:])
    print(f"| tool | rows answered | {parts[0]}, median error | within 5 % |{more}")
    print("|" + "---|" * (4 + len(parts[1:])))
    for name, score in scores.items():
        whole = score.errors[parts[0]]
        more = "".join(f" {middle(score.errors[part])} |" for part in parts[1:])
        print(f"| {name} | {len(whole)} of {score.asked} | {middle(whole)} | {near(whole)} |{more}")
    for name, score in scores.items():
        for why, count in score.refusals.most_common():
            print(f"\n{name}, {count} rows not answered: {why}", end="")
    print()
