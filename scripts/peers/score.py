"""Errors of answers, and how they are printed. Asks nobody."""

import collections
import statistics

NEAR = 0.05


class Score:
    """The answers of one tool over the rows of a table, which every tool is asked about in the same order."""

    def __init__(self):
        self.asked = 0
        self.errors = collections.defaultdict(dict)
        self.refusals = collections.Counter()

    def refused(self, why):
        self.asked += 1
        self.refusals[why] += 1

    def answered(self, **pairs):
        """Notes what a tool said and what was measured, by what they are of; what it does not state is `None`."""
        self.asked += 1
        for of, (said, seen) in pairs.items():
            if said is not None and seen:
                self.errors[of][self.asked] = abs(said / seen - 1)

    def memory(self, said, seen):
        pairs = {of: (getattr(said, of), getattr(seen, of)) for of in ("total", "weights", "cache")}
        self.answered(once=(said.once or said.total, seen.once), **pairs)


def percent(share):
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def middle(errors):
    return percent(statistics.median(errors)) if errors else "not stated"


def near(errors):
    return percent(sum(error <= NEAR for error in errors) / len(errors)) if errors else "none"


def table(title, scores, parts):
    """Prints the errors of each tool as a table in Markdown, beside the first tool's on the rows that both answer."""
    first = next(iter(scores))
    whole, more = parts[0], parts[1:]
    heads = ["tool", "rows answered", f"{whole}, median error", "within 5 %", f"{first} on those rows", *more]
    print(f"\n{title}\n\n| {' | '.join(heads)} |")
    print("|" + "---|" * len(heads))
    for name, score in scores.items():
        errors, own = score.errors[whole], scores[first].errors[whole]
        shared = [own[row] for row in errors if row in own]
        cells = [name, f"{len(errors)} of {score.asked}", middle(errors.values()), near(errors.values())]
        cells += [middle(shared), *(middle(score.errors[part].values()) for part in more)]
        print(f"| {' | '.join(cells)} |")
    print()
    for name, score in scores.items():
        for why, count in score.refusals.most_common():
            print(f"- {name}, {count} not answered: {why}")
