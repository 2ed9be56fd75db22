#!/usr/bin/env python3
"""Writes docs/paper-map.md: each claim of the paper, what shows it here, and whether it held.

    python3 docs/write_paper_map.py          # needs no build: the figures are those of other written pages
    python3 docs/write_paper_map.py --check  # ends with an error where docs/paper-map.md is not what this would write

Figures come from docs/expected.json, docs/stories.md, docs/attackers.md and docs/comparison.md, which programs write. Whether a figure
bears a claim out is decided by a rule beside it, and a claim's verdict by its figures: no number and no verdict is typed."""
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from write_expected import STORIES as EXPECTED, settings_of
from written import put_or_check

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "paper-map.md"
KEPT_USE = .95  # of the use without a defence
COSTLY = .02    # of the same: a defence that loses less has not hindered the model


@dataclass
class Figure:
    """A mean with the standard deviation over seeds, as `text` says it."""
    text: str
    mean: float
    sd: float = 0

    def above(self, other):
        """By more than the larger of the two standard deviations: of few seeds, so what is smaller counts as no difference."""
        return round(self.mean - other.mean - max(self.sd, other.sd), 9) > 0


def percent(share):
    return f"{100 * share:.0f} %"


def number(value):
    return Figure(f"{value:.3f}", value)


class Page:
    """The tables of a written page by the beginning of their section's heading."""

    def __init__(self, name):
        self.name, self.rows = name, []  # (heading, first cell, cells by their column)
        heading, head = "", None
        for line in (DOCS / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            if not line.startswith("|"):
                head = None
                continue
            cells = [c.strip() for c in line.strip("|").split("|")]
            if head is None:
                head = cells
            elif not set(line) <= set("|-: "):
                self.rows.append((heading, cells[0], dict(zip(head, cells))))

    def cell(self, section, row, column):
        found = [r for heading, first, r in self.rows if heading.startswith(section) and first == row and column in r]
        if len(found) != 1:
            sys.exit(f"docs/{self.name}: {len(found)} rows “{row}” with a column “{column}” in the section “{section}” instead of one")
        text = found[0][column].split(" · ")[0]  # behind the dot stands what prototypes gave
        parts = re.match(r"(-?[\d.]+)(?: [(±] ?([\d.]+)\)?)?", text)
        if not parts:
            sys.exit(f"docs/{self.name}: “{row}”, “{column}” holds no figure, but “{text}”")
        return Figure(parts.group(0), float(parts.group(1)), float(parts.group(2) or 0))

    def column(self, section, column):
        return {first: self.cell(section, first, column) for heading, first, _ in self.rows if heading.startswith(section)}


STORIES, ATTACKERS, COMPARISON = Page("stories.md"), Page("attackers.md"), Page("comparison.md")
STOPS = json.loads((DOCS / "expected.json").read_text(encoding="utf-8"))
SECTIONS = {"visitors": "1. ", "confidence": "2. ", "which-seven": "3. ", "face-from-name": "4. ", "survey-tree": "5. ",
            "steak-tree": "The small tree", "dose": "6. ", "label-from-update": "7. ", "numbers-inside": "9. ", "private-training": "10. "}


def stops(story):
    return [s for s in STOPS["stops"] if s["story"] == story]


def guess(story):
    return number(stops(story)[0]["privacy_guess"])


def story(name, row, column):
    return STORIES.cell(SECTIONS[name], row, column)


def while_true(sentence, *figures):
    """A sentence that says more than its figures: where they no longer bear it out, the page must say something else."""
    if not all(figures):
        sys.exit(f"no longer true, so the page must say something else: {sentence}")
    return sentence


@dataclass
class Line:
    """What shows a claim: in words, the command, its figures in words, and whether they bear the claim out."""
    what: str
    command: str
    figures: str
    holds: bool


@dataclass
class Claim:
    title: str
    says: str    # the claim, in our words
    rule: str    # when a figure bears it out
    lines: list
    but: str = ""

    def verdict(self):
        held = sum(line.holds for line in self.lines)
        return "held" if held == len(self.lines) else "held in part" if held else "did not hold"

    def count(self):
        return f"{sum(line.holds for line in self.lines)} of {len(self.lines)}"


def run(preset, *settings, seeds=5):
    return " ".join([f"mid run preset:{preset} --seeds {seeds}", *(f"--set {s}" for s in settings)])


def beta(value):
    return f"defense.beta={value}"


OFF = "defense.kind=none"
FACES_OFF = [OFF, "model.bottleneck=0"]
COMPARED = "mid compare preset:confidence --settings 8 --seeds 6 --out rivals"
BANK = "The confidence that tells your sex"


def undefended():
    """Every kind of model, without a defence, beside a guess without an answer."""
    def line(what, name, column, row, settings, base):
        found = story(name, row, column)
        return Line(what, run(name, *settings), f"{found.text}; guessing {base.text}", found.above(base))
    lines = [line("regression: a gene from an exact dose", "dose", "sees the answer", "off: exact answers", [OFF], guess("dose")),
             line("tree: marriage from its confidences", "survey-tree", "sees the answer", "off", [OFF], guess("survey-tree")),
             line("network: sex from one confidence", "confidence", "secret named", "off", [OFF], guess("confidence")),
             line("network: strangers' faces from 40 numbers (line-up)", "visitors", "line-up", "off", FACES_OFF, guess("visitors")),
             line("network's weights: a face for each name (line-up)", "face-from-name", "line-up", "off", FACES_OFF, guess("face-from-name"))]
    return Claim("Models without a defence can be inverted",
                 "Regressions, trees and networks have all been attacked with success where nothing protects them.",
                 "the attacker is right more often than the guess without an answer", lines)


def population():
    lines = []
    for what, name, column, row, settings in [
            ("faces of people whom the network never saw (line-up)", "visitors", "line-up", "off", FACES_OFF),
            ("sex of people held out from training", "confidence", "secret named", "off", [OFF])]:
        found, base = story(name, row, column), guess(name)
        lines.append(Line(what, run(name, *settings), f"{found.text}; guessing {base.text}", found.above(base)))
    strangers, base = story("steak-tree", "off, attacking strangers", "MCC"), number(0)
    lines.append(Line("a secret of strangers to a small tree (MCC)", run("steak-tree", OFF, "data.victims=held_out"),
                      f"{strangers.text}; guessing {base.text}", strangers.above(base)))
    members = story("steak-tree", "off", "MCC")
    but = while_true(f"What the small tree tells it has memorised: of the people whom it learnt from the same attacker reaches {members.text}.",
                     members.above(strangers))
    return Claim("It concerns the population, not only the records learnt from",
                 "What is inferred is how the training data are distributed, so people outside of it are concerned, too.",
                 "people whom the model never saw are found more often than by guessing", lines, but)


def price(name):
    """A story's slider at the strongest price that keeps 95 % of the use; None: none keeps it."""
    off, *rest = stops(name)
    kept = [s for s in rest if s["utility_mean"] >= KEPT_USE * off["utility_mean"]]
    return off, kept[-1] if kept else None


def mid_stories():
    return [name for name, page in EXPECTED.items() if "mid" in page["slider"]["defences"]]


def limited():
    lines = []
    for name in mid_stories():
        off, at = price(name)
        symbol = EXPECTED[name]["slider"]["symbol"]
        if at is None:
            first, use = stops(name)[1], max(s["utility_mean"] for s in stops(name)[1:])
            lines.append(Line(f"`{name}`", run(name, *settings_of(EXPECTED[name], first["stop"]), seeds=STOPS["seeds"]),
                              f"no price keeps {percent(KEPT_USE)} of the use: {off['utility_mean']:.3f} → {use:.3f} at best, "
                              "because the noise comes with it", False))
            continue
        guessing = off["privacy_guess"]
        left = (at["privacy_mean"] - guessing) / (off["privacy_mean"] - guessing)
        lines.append(Line(f"`{name}`", run(name, *settings_of(EXPECTED[name], at["stop"]), seeds=STOPS["seeds"]),
                          f"{off['privacy_mean']:.3f} → {at['privacy_mean']:.3f} at {symbol} {at['stop']}; guessing {guessing:.3f}; "
                          f"{percent(max(0, left))} of the advantage left", at["privacy_mean"] < off["privacy"][0]))
    held = {line.what: line.holds for line in lines}
    return Claim("Limiting what an answer tells limits the attacker",
                 "The less a prediction says about its input, the less can be inferred from it.",
                 f"the attacker, at the strongest price that keeps {percent(KEPT_USE)} of the use, lies below the range without a defence "
                 "(mean - 3 sd)", lines, while_true(
                 "For the tree the information in the leaf goes down and the attack does not: total information is not the leak of one "
                 "attribute. For a face "
                 "from a name the attacker takes what the people of a class have in common, which is what the model is for.",
                     not held["`survey-tree`"], not held["`face-from-name`"]))


def every_model():
    lines = []
    for what, name, column, rows, settings, unit in [
            ("network: KL of the code from its prior", "visitors", "information, visitors (nats)", ("β .003", "β .1"), [beta(.1)], "nats"),
            ("regression: bound A of the noisy answer", "dose", "information at most, A (nats)", ("s 1, λ 0: noise alone", "s 1, λ 1"),
             ["defense.lambda=1"], "nats"),
            ("tree: entropy of the leaf", "survey-tree", "information in the leaf (bits)", ("off", "λ .02"), ["defense.lambda=0.02"],
             "bits")]:
        low, high = (story(name, row, column) for row in rows)
        lines.append(Line(what, run(name, *settings), f"{low.text} → {high.text} {unit} ({rows[0]} → {rows[1]})", low.above(high)))
    return Claim("One principle fits every kind of model",
                 "The penalty asks nothing of the model, and regressions, trees and networks have a form of it that can be computed.",
                 "a higher price lowers the computed information", lines,
                 "The network's form is that of the authors' code. The regression's and the tree's are derived here from the objective "
                 "([method.md](method.md), sections 2 and 3): the paper's own were not at hand.")


def game():
    off, with_mid = story("confidence", "off", "better than guessing"), story("confidence", "β 3e-3", "better than guessing")
    lines = [Line("advantage of who sees the confidence, undefended", run("confidence", OFF), off.text, off.above(number(0))),
             Line("the same with MID", run("confidence", beta(.003)), with_mid.text, off.above(with_mid))]
    swapped, chance = STORIES.cell("What adaptive attackers get", "off: numbers of another stranger", "line-up"), guess("numbers-inside")
    lines.append(Line("control: numbers of another stranger (line-up)", run("numbers-inside", OFF, "control=permuted"),
                      f"{swapped.text}; guessing {chance.text}", not swapped.above(chance)))
    dealt, base = story("private-training", "off: doses of other patients", "gene named"), guess("private-training")
    lines.append(Line("control: doses of other patients",
                      run("private-training", OFF, "data.private=24", "attack.kind=map_inference", "control=permuted"),
                      f"{dealt.text}; guessing {base.text}", not dealt.above(base)))
    return Claim("Inversion is a game, and the leak a number",
                 "An attack is defined as a game with an adversary, and what leaks is measured against what was known before.",
                 "there is an advantage where there is a leak, a smaller one with a defence, and none where the answers are another's", lines,
                 "[concepts.md](concepts.md#the-game-and-the-advantage) states the game as it is played here; it is a usual form, "
                 "not copied from the paper.")


def private():
    """Differential privacy: how much of the advantage it leaves."""
    def line(what, command, off, on, base):
        left = (on.mean - base.mean) / (off.mean - base.mean)
        return Line(what, command, f"{off.text} → {on.text}; guessing {base.text}; {percent(max(0, left))} of the advantage left",
                    left > .5)
    gene = lambda row: ATTACKERS.cell("Private training", row, "gene named")
    common = ATTACKERS.cell("Private training", "60 patients, no defence", "most frequent gene")
    exact = "functional mechanism, ε 10, exact answers"
    few = ["data.private=60", "data.held_out=445", "data.auxiliary=445", "defense.kind=functional_mechanism", "defense.epsilon=1"]
    lines = [line("regression on 60 patients, ε 1: the gene", run("dose", *few), gene("60 patients, no defence"),
                  gene("60 patients, functional mechanism, ε 1"), common),
             line("regression on all patients, ε 10: the gene", run("dose", "defense.kind=functional_mechanism", "defense.epsilon=10"),
                  story("dose", "off: exact answers", "sees the answer"), story("dose", exact, "sees the answer"), guess("dose")),
             line("tree, ε 1: marriage from its confidences", run("survey-tree", "defense.kind=dp_tree", "defense.epsilon=1"),
                  story("survey-tree", "off", "sees the answer"), story("survey-tree", "differentially private, ε 1", "sees the answer"),
                  guess("survey-tree"))]

    def leak(row):
        found = COMPARISON.cell(BANK, row, "leak at 95 %")
        return Figure(f"{found.text} %", found.mean)
    lines.append(line("network, DP-SGD at 95 % of the use: sex from one confidence", COMPARED, leak("no defence"), leak("dp sgd"),
                      Figure(f"{100 * guess('confidence').mean:.1f} %", 100 * guess("confidence").mean)))
    update = lambda row: story("label-from-update", row, "class named")
    lines.append(line("network, DP-SGD: the class of one update", run("label-from-update", "defense.kind=dp_sgd", "train.epochs=100"),
                      update("off"), update("DP-SGD, 100 rounds"), story("label-from-update", "off", "no update")))
    members, hidden = (ATTACKERS.cell("Private training", row, "AUC, gap") for row in
                       ("60 patients, no defence", "60 patients, functional mechanism, ε 1"))
    return Claim("Differential privacy does not stop inversion",
                 "Private training hides whether a record was there, which is another question than what an answer tells.",
                 "more than half of the advantage is left", lines, " ".join([
                     while_true(f"What it promises it keeps: among the 60 patients members are told from strangers with an AUC of {members.text} without it "
                                f"and {hidden.text} at ε 1.", members.above(hidden)),
                     while_true("The private tree takes away most of the advantage, and DP-SGD most of what one update tells.",
                                not lines[2].holds, not lines[4].holds),
                     "The presets `dp-fixed-model`, `dp-large-n` and `dp-weights` show three reasons "
                     "([concepts.md](concepts.md#why-differential-privacy-does-not-stop-inversion))."]))


def costly():
    """What earlier defences cost in use."""
    def line(what, command, off, on, better):
        lost = (on.mean / off.mean - 1) * (1 if better == "less" else -1)
        return Line(what, command, f"{off.text} → {on.text}", lost > COSTLY and (on.above(off) or off.above(on)))
    right = lambda name, row: story(name, row, "right")
    error = lambda row: story("dose", row, "rescaled")
    lines = [line("label only, sex from one confidence: right answers", run("confidence", OFF, "release.kind=label_only"),
                  right("confidence", "off"), right("confidence", "off, label only"), "more"),
             line("noise on the answer, the same", run("confidence", OFF, "release.kind=noise", "release.scale=0.5"),
                  right("confidence", "off"), right("confidence", "off, noise of sd .5"), "more"),
             line("rounding to one decimal, faces: right answers", run("visitors", *FACES_OFF, "release.kind=round", "release.decimals=1"),
                  right("visitors", "off"), right("visitors", "off, rounded to 1 decimal"), "more"),
             line("a tree that may ask for the secret only at depth 4: right answers",
                  run("survey-tree", "defense.kind=depth_placement", "defense.depth=4"),
                  right("survey-tree", "off"), right("survey-tree", "asks about marriage at depth 4 only"), "more"),
             line("noise on the dose: error, mg a week", run("dose", OFF, "release.kind=noise", "release.scale=1"),
                  error("off: exact answers"), error("plain noise 1"), "less"),
             line("functional mechanism on the dose, ε 10: error, mg a week",
                  run("dose", "defense.kind=functional_mechanism", "defense.epsilon=10"),
                  error("off: exact answers"), error("functional mechanism, ε 10, exact answers"), "less")]
    named = story("confidence", "off, label only", "secret named")
    return Claim("Earlier defences hinder the model",
                 "What was there before is made for one kind of model or is noise, and costs much of the use.",
                 f"use falls (or the error rises) by more than {percent(COSTLY)} of what it was, and by more than the larger standard deviation",
                 lines, while_true(
                     f"Saying the label alone costs a classifier no right answer and leaves the attacker {named.text}, beside "
                     f"{guess('confidence').text} by guessing; what it takes away are the confidences.", not lines[0].holds))


def best():
    """MID beside its rivals, one line a comparison that other pages hold."""
    volumes = COMPARISON.column(BANK, "volume, %")
    ranked = sorted(volumes, key=lambda d: -volumes[d].mean)
    top, mid = volumes[ranked[0]], volumes["mid"]
    lines = [Line(f"whole fronts, {len(ranked)} defences", COMPARED,
                  f"volume of MID {mid.text} %, number {ranked.index('mid') + 1} of {len(ranked)}; {ranked[0]} {top.text} %",
                  not top.above(mid))]

    def line(what, command, column, ours, rival):
        a, b = ours[1](column), rival[1](column)
        lines.append(Line(what, command, f"{ours[0]} {a.text}; {rival[0]} {b.text}", b.above(a)))
    row = lambda name, title: lambda column: story(name, title, column)
    line("faces from 40 numbers, beside the label alone: line-up", run("visitors", beta(.1)), "line-up",
         ("β .1", row("visitors", "β .1")), ("label only", row("visitors", "off, label only")))
    line("digits from ten numbers, beside the label alone: line-up", run("which-seven", beta(.02)), "line-up",
         ("β .02", row("which-seven", "β .02")), ("label only", row("which-seven", "off, label only")))
    line("faces from the numbers inside, beside trained noise: R²", run("numbers-inside", beta(.1)), "R²",
         ("β .1", row("numbers-inside", "β 0.1")), ("trained noise .5", row("numbers-inside", "trained noise 0.5")))
    digits = lambda title: lambda column: STORIES.cell("Digits, where the attacker", title, column)
    line("digits from the numbers inside, beside CEM: line-up", run("which-seven", beta(.02), "release.of=embedding"), "line-up",
         ("β .02", digits("β .02")), ("CEM, noise .5", digits("CEM, noise .5")))
    line("the class of an update, beside noise on the answer: class named", run("label-from-update", beta(.01)), "class named",
         ("β .01", row("label-from-update", "β .01")), ("noise of sd 1", row("label-from-update", "off, noise of sd 1")))
    line("a tree, beside targeted MID (ours): secret named", run("survey-tree", "defense.lambda=0.02"), "knows the income",
         ("λ .02", row("survey-tree", "λ .02")), ("targeted .4", row("survey-tree", "targeted .4")))
    equal = STORIES.cell(SECTIONS["dose"], "s 1, λ 0.3", "MID is better by")
    lines.append(Line("a dose, beside plain noise at equal error: gene named", run("dose", "defense.lambda=0.3"),
                      f"MID is better by {equal.text}", equal.above(number(0))))
    line("a face from a name, beside a narrow layer without noise: line-up", run("face-from-name", beta(.1)), "line-up",
         ("β .1", row("face-from-name", "β .1")), ("narrow layer", row("face-from-name", "no noise, 32 narrow units")))
    return Claim("MID gives the best balance of use and privacy",
                 "Over many attacks, models and data sets it does better than what there was.",
                 "MID leaves the attacker less than the rival does, by more than the larger standard deviation (whole fronts: no front covers more)",
                 lines,
                 "The rivals are those that [stories.md](stories.md) and [comparison.md](comparison.md) measure, several of them younger than the "
                 "paper. Use is about equal where the rows come from, but for the label alone (no confidences) and targeted MID (less accuracy); both pages have the numbers.")


def balance():
    lines = []
    for name in mid_stories():
        off, *_, last = stops(name)
        lines.append(Line(f"`{name}`, {EXPECTED[name]['slider']['symbol']} {last['stop']}",
                          run(name, *settings_of(EXPECTED[name], last["stop"]), seeds=STOPS["seeds"]),
                          f"attacker {off['privacy_mean']:.3f} → {last['privacy_mean']:.3f}; use {off['utility_mean']:.3f} → "
                          f"{last['utility_mean']:.3f}, guessing {off['utility_guess']:.3f}",
                          last["privacy_mean"] < off["privacy"][0] and last["utility_mean"] < off["utility_mean"]))
    return Claim("One price trades use against privacy", "The penalty's weight alone decides how much of each there is.",
                 "at the slider's last stop both attacker and use are lower than without a defence", lines,
                 "On the dose much of it is the noise that comes with the price; it is there at the first stop already.")


def access():
    lines = []
    for what, name, column, off, on, settings in [
            ("sees one confidence", "confidence", "secret named", "off", "β 3e-3", [beta(.003)]),
            ("sees 40 numbers", "visitors", "line-up", "off", "β .1", [beta(.1)]),
            ("asks before and after an update", "label-from-update", "class named", "off", "β .01", [beta(.01)]),
            ("holds the weights, MI-Face", "face-from-name", "line-up", "off", "β .1", [beta(.1)]),
            ("holds the weights, GMI among typical faces", "face-from-name", "line-up", "off, GMI among typical faces",
             "β .1, GMI among typical faces", [beta(.1), "attack.kind=gmi", "attack.prior=pca", "attack.draws=8"])]:
        a, b = story(name, off, column), story(name, on, column)
        lines.append(Line(what, run(name, *settings), f"{a.text} → {b.text}", a.above(b)))
    same = story("label-from-update", "β .01", "same noise")
    accuracy = story("face-from-name", "β 1", "right")
    fresh, stopped, free = (story(*cell) for cell in (("label-from-update", "β .01", "class named"), ("face-from-name", "β 1", "line-up"),
                                                      ("face-from-name", "off", "line-up")))
    return Claim("It holds for who asks and for who holds the model",
                 "Attackers who only ask and attackers who have the weights are both held off.",
                 "with MID the attacker is right less often, by more than the larger standard deviation", lines, " ".join([
                     while_true(f"Of an update it is the fresh noise that helps: with the same noise before and after, {same.text} are named.",
                                same.above(fresh)),
                     while_true(f"MI-Face falls to {stopped.text} at β 1, where the model is right in {accuracy.text} of cases.",
                                free.above(stopped))]))


def useful():
    def line(what, command, use, leak):
        return Line(what, command, f"use {use[0].text} → {use[1].text}; attacker {leak[0].text} → {leak[1].text}",
                    use[1].above(use[0]) and leak[1].above(leak[0]))
    two = lambda name, column, *rows: [story(name, row, column) for row in rows]
    lines = [line("faces, β .2 → β .003", run("visitors", beta(.003)), two("visitors", "right", "β .2", "β .003"),
                  two("visitors", "line-up", "β .2", "β .003")),
             line("sex from one confidence, β 3e-2 → off", run("confidence", OFF), two("confidence", "right", "β 3e-2", "off"),
                  two("confidence", "secret named", "β 3e-2", "off")),
             line("sex from one confidence, label alone → whole answers", run("confidence", OFF),
                  two("confidence", "right", "off, label only", "off"),
                  two("confidence", "secret named", "off, label only", "off")),
             line("small tree, λ .05 → off (AUC)", run("steak-tree", OFF), two("steak-tree", "right", "λ .05", "off"),
                  two("steak-tree", "AUC", "λ .05", "off")),
             line("private training, ε 1 → off (gene named)", run("private-training", OFF, "data.private=24", "attack.kind=map_inference"),
                  two("private-training", "within 20 %, as released", "ε 1", "off"), two("private-training", "gene named", "ε 1", "off"))]
    return Claim("A more useful model gives away more", "Predictive power and vulnerability go together.", "use and attacker both rise", lines,
                 while_true("Along one slider they do. Between models they need not: a tree that is of no use tells what it has memorised, and a "
                            "worthless dose names the gene as well as a good one.",
                            *(line.holds for line in lines[:2]), *(not line.holds for line in lines[3:])))


def limits():
    def line(what, name, column, once, again, settings):
        a, b = story(name, once, column), story(name, again, column)
        return Line(what, run(name, *settings), f"{a.text} → {b.text}", b.above(a))
    lines = [line("faces at β .1, ten answers averaged (line-up)", "visitors", "line-up", "β .1", "β .1, ten answers averaged",
                  [beta(.1), "attack.repeats=10"]),
             line("sex at β .003, fifty answers averaged", "confidence", "secret named", "β 3e-3", "β 3e-3, fifty answers",
                  [beta(.003), "attack.repeats=50"]),
             line("dose at λ .3, ten answers averaged", "dose", "sees the answer", "s 1, λ .3", "s 1, λ .3, ten answers averaged",
                  ["defense.lambda=0.3", "attack.repeats=10"])]
    return Claim("It makes attacks harder, not impossible", "The defence lowers the risk and does not rule an attack out.",
                 "who asks again gets more back", lines)


CLAIMS = {"The abstract": [undefended, population, costly, limited, every_model, game, private, best],
          "The summary": [balance, access, useful, limits]}


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page():
    overview, sections, place = [], [], 0
    for part, functions in CLAIMS.items():
        sections.append(f"## {part}\n")
        for function in functions:
            claim, place = function(), place + 1
            title = f"{place}. {claim.title}"
            overview.append(f"| [{title}](#{anchor(title)}) | {part.split()[-1]} | **{claim.verdict()}** | {claim.count()} |")
            table = "\n".join(f"| {line.what} | {line.figures} | {'yes' if line.holds else 'no'} | `{line.command}` |"
                              for line in claim.lines)
            but = f"\n\n{claim.but}" if claim.but else ""
            sections.append(f"### {title}\n{claim.says} A figure bears it out where {claim.rule}.\n\n"
                            f"| shown by | figures | borne out | command |\n|---|---|---|---|\n{table}\n\n"
                            f"**Here it {claim.verdict()}**: {claim.count()}.{but}\n")
    return f"""# The paper's claims, and what shows them here

Written by docs/write_paper_map.py from [stories.md](stories.md) (five seeds), [expected.json](expected.json) ({STOPS["seeds"]} seeds), [attackers.md](attackers.md) and [comparison.md](comparison.md); do not edit. The paper is arXiv 2009.05241 (Wang, Zhang, Jia, AAAI 2021). Its claims are put in our words. **No figure here is the paper's**, and none of its experiments is repeated: these are other data, small models and implementations of our own, so “held” and “did not hold” are said of midlab and not of the paper.

The abstract was read. The rest of the paper was not at hand, so the claims under “The summary” are those that published summaries of it report.

Means over seeds, the standard deviation in brackets or behind ±; differences smaller than the larger of the two count as none. Of five or six seeds that is a rule of thumb and no test. Each command repeats the run behind its row's figure; behind the arrow's end where there are two, and MID's where a rival stands beside it.

| claim | of the | here it | borne out by |
|---|---|---|---|
{chr(10).join(overview)}

{chr(10).join(sections)}"""


def main():
    put_or_check(PAGE, page(), "write_paper_map.py", "figures")


if __name__ == "__main__":
    main()
