#!/usr/bin/env python3
"""Writes docs/public.md: midlab beside the field's public programs, from tests/golden/public.json.

    python3 docs/write_public.py [--check]

With --check nothing is written; it fails where the page is not what the numbers say. Takes no time: the numbers are made by
tests/golden/make_golden_public.py, and the tests that the page names hold midlab to them."""
import json
import sys
from pathlib import Path

from written import put_or_check

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "public.md"
GOLDEN = json.loads((ROOT / "tests/golden/public.json").read_text(encoding="utf-8"))
ATTACKS, INFO = "[test_public](../tests/unit/attack/test_public.cpp)", "[test_rdp](../tests/unit/info/test_rdp.cpp)"
DEFENSES = "[test_network_defenses](../tests/unit/defense/test_network_defenses.cpp)"


def source(name):
    who, repository, commit, path = GOLDEN["sources"][name]
    return f"{who} ([{repository}](https://github.com/{repository}), {path}, commit {commit[:12]})"


def accountant():
    rows = "\n".join(f"| {c['steps']:,} | {c['rate']:g} | {c['sigma']:g} | {c['delta']:g} | {c['public_whole']:.4f} | {c['ours']:.4f} | {c['public']:.4f} | "
                     f"{c['public_order']:g} | {100 * (c['ours'] / c['public'] - 1):.1f} % |" for c in GOLDEN["accountant"])
    return f"""## The accountant of private descent

{source("accountant")}. Both use the Rényi divergence of the sampled Gaussian and the conversion of Balle et al. 2020.

| steps | share of the records | noise | δ | Opacus, whole orders | midlab | Opacus as it comes | its order | midlab higher by |
|---|---|---|---|---|---|---|---|---|
{rows}

**Differs**: Opacus also tries the orders 1.1, 1.2, ... 10.9; midlab whole orders alone (2 to 64, 128, 256, 512). midlab's ε is therefore never too small; where the best order lies near 1 or 2, that is for large ε, it is too large. Opacus stops at order 63. Its clipping divides by a record's norm plus 1e-6, which changes no gradient of the example by more than {GOLDEN["clipping"]["largest"]:.0e} of its size; midlab divides by the norm.
Held by: {INFO} “epsilon is that of Opacus over the whole orders, and never below what its fractions of orders give”."""


def mi_face():
    g = GOLDEN["mi_face"]
    many = g["many"]
    rows = "\n".join(f"| {t + 1} | {g['public']['step'][t]} | {g['public']['confidence'][t]:.4f} | {g['ours']['step'][t]} | {g['ours']['best'][t]:.4f} |" for t in range(4))
    return f"""## MI-Face

{source("mi_face")}. A network of one hidden layer, 6 pixels and 4 classes; from black pictures, rate {g["rate"]:g}, at most {g["steps"]} steps.

| class | steps, toolbox | confidence | steps, midlab | confidence |
|---|---|---|---|---|
{rows}

Step by step the pictures are the same. **Differs**: the publication ends a search when the cost is small or no better than the worst of the last steps; the toolbox goes on *while* that is so (`threshold` .99). A class is thus never ended by success, and one that begins below a confidence of .01 is given up after one step: with {many["classes"]} classes {many["given_up"]} of them, and the mean confidence is {many["public"]:.3f} where midlab's, after as many steps at most, is {many["ours"]:.3f}. midlab follows the publication, and answers the best picture on the way, the toolbox the last. midlab's *defaults* are another search: −ln p, Adam, typical pictures and a pull towards the average one ([method.md](method.md)), because plain descent on pixels is a weak attacker.
Held by: {ATTACKS} “MI-Face draws what the Adversarial Robustness Toolbox draws, and goes on where that gives up”."""


def gmi():
    whole = GOLDEN["gmi"]["whole"]
    rows = "\n".join(f"| {words} | {whole[n]['last']:.3f} | {whole[n]['best']:.3f} |" for n, words in
                     (("100", "authors' code, 100 classes at once"), ("5", "authors' code, 5 classes at once"), ("1", "midlab")))
    return f"""## Generative inversion (GMI)

{source("gmi")}. A generator, a critic and a classifier of 5 classes; 1,500 steps from one start; surprise is the mean of −ln p of the wanted class, less is a better picture for the model.

| search | surprise at the last step | at the best |
|---|---|---|
{rows}

At equal steps the codes are the same. **Differs**: the authors' costs are means over the classes that are searched at once, so that each class's step is shorter by their number, and how far a class comes depends on how many others there are; in midlab a class's step is its own. They answer the last code and keep, of 5 starts, the one with the largest raw output for the class, if any is above 0; midlab answers the best code on the way and keeps the start whose confidence is highest. Their first code is not cut to [−1, 1], midlab's is. They train the generator by Adam with (.5, .999), midlab with (.5, .9), as the publication of the gradient penalty does.
Held by: {ATTACKS} “a search with a generator takes the steps of GMI's authors, whose costs are means over the classes searched at once”."""


def inversion_network():
    g = GOLDEN["inversion_network"]
    return f"""## Inversion network

{source("inversion_network")}. What the decoder reads of 12 answers over 5 classes: ln p + 50 there, ln max(p, 1e-10) + 23.026 here: the same but for {g["shift"]:.3f}, and the very same once midlab has standardised each number over the attacker's own pictures.

**Differs**: a confidence of exactly 0 counts as e^−1000 there and lifts all others by 950; here as 1e-10. Classes cut off by a top-k answer are 0 in both, which there is 50 below certainty and here the floor. The decoder is a transposed convolution with batch normalisation there (Adam 2e-4, (.5, .999), AMSGrad, batches of 128), a perceptron here (Adam 1e-3, batches of 64); both learn for 100 rounds on the squared error. They keep the round with the least error *on the pictures that the model under attack learnt from*: the attacker is chosen by its victims. midlab answers the last round. The two decoders were not compared on pictures.
Held by: {ATTACKS} “a decoder reads the numbers of Yang et al. but for a constant, and the same ones once they are standardised”."""


def hsic():
    g = GOLDEN["hsic"]
    rows = "\n".join(f"| {words} | {theirs:.3f} | {ours:.6f} |" for words, theirs, ours in zip(("of inputs and code", "of code and labels"), g["public"], g["ours"]))
    return f"""## HSIC (BiDO)

{source("hsic")}. Six records, Gaussian kernels of s = 5 √dim, a linear one of the labels, the normalised form.

| | authors' code, single precision | midlab, double |
|---|---|---|
{rows}

**Differs** by precision alone: a matrix of condition 1e5 is inverted, which leaves single precision two or three digits (another order of its products gives other ones). midlab forms the same sum from a better conditioned matrix. Its prices lx .05 and ly .5 are theirs.
Held by: {DEFENSES} “BiDO's normalised HSIC and its gradient equal PyTorch's, worked out as the authors' code does”."""


def csmia():
    g = GOLDEN["csmia"]
    records = len(g["label"])
    alone = records - g["tied"]
    return f"""## Confidence scores (CSMIA)

{source("csmia")}. {records} records of a made-up tree, three values of the secret: {g["matches"].count(1)} records where one value gives the true outcome, {g["matches"].count(0)} where none does.

In all {alone} records with one best value both guess it. **Differs**: of the {g["tied"]} records with several equally good ones theirs draws by chance, midlab takes the most frequent value. Trees are grown and asked at BigML there; its `confidence` is documented as the lower end of a leaf's 95 % Wilson interval (from memory), where midlab takes the leaf's share: that would change {g["other_by_lower"]} of these guesses. LOMIA is a tree here and an ensemble of BigML there, which was not at hand.
Held by: {ATTACKS} “CSMIA guesses what its authors' code guesses, and of equal confidences the more frequent value”."""


def page():
    sections = [accountant(), mi_face(), gmi(), inversion_network(), hsic(), csmia()]
    return """# Beside the field's public programs

Written by docs/write_public.py from tests/golden/public.json; do not edit. Each public program was read in the snapshot named, and its constants and the order of its steps were written anew in tests/golden/make_golden_public.py; once, the programs themselves were run on the same numbers: their accountant, MI-Face, GMI search, decoder input and CSMIA guesses are those of that script (ε to 1e-8, pictures exactly, codes to 3e-5, the same values in each tie). The tests named below hold midlab to them.

These are rules and numbers of small cases: they say that midlab computes the same thing and where it does not, not how well an attack does on anyone's data. BREP-MI, KED-MI, LOMMA, CEM and Trap-MID take their constants from their authors' code, too; [method.md](method.md) says what differs, and they were not run beside it.

""" + "\n\n".join(sections) + "\n"


def main():
    put_or_check(PAGE, page(), "write_public.py", "numbers")


if __name__ == "__main__":
    main()
