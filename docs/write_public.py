#!/usr/bin/env python3
"""Writes docs/public.md: midlab beside the field's public programs, from tests/golden/public.json
and rivals.json.

    python3 docs/write_public.py [--check]

With --check nothing is written; it fails where the page is not what the numbers say. Takes no time: the numbers are made by
tests/golden/make_golden_public.py and make_golden_rivals.py, and the tests that the page names hold midlab to them."""
import json
import sys
from pathlib import Path

from written import put_or_check

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "public.md"
GOLDEN, RIVALS = (json.loads((ROOT / "tests/golden" / name).read_text(encoding="utf-8")) for name in ("public.json", "rivals.json"))
ATTACKS, INFO = "[test_public](../tests/unit/attack/test_public.cpp)", "[test_rdp](../tests/unit/info/test_rdp.cpp)"
DEFENSES = "[test_network_defenses](../tests/unit/defense/test_network_defenses.cpp)"
COMPANIONS, TRAPS = (f"[{n}](../tests/unit/defense/{n}.cpp)" for n in ("test_companions", "test_trap_mid"))


def source(name):
    who, repository, commit, path = {**RIVALS["sources"], **GOLDEN["sources"]}[name]
    return f"{who} ([{repository}](https://github.com/{repository}), {path}, commit {commit[:12]})"


def accountant():
    rows = "\n".join(f"| {c['steps']:,} | {c['rate']:g} | {c['sigma']:g} | {c['delta']:g} | {c['public']:.4f} | {c['public_order']:g} | {c['ours']:.4f} | "
                     f"{c['our_order']:g} | {c['whole']:.4f} | {100 * (c['whole'] / c['ours'] - 1):.1f} % |" for c in GOLDEN["accountant"])
    return f"""## The accountant of private descent

{source("accountant")}. Both use the Rényi divergence of the sampled Gaussian and the conversion of Balle et al. 2020.

| steps | share of the records | noise | δ | Opacus | its order | midlab | its order | whole orders alone | higher by |
|---|---|---|---|---|---|---|---|---|---|
{rows}

Both try the orders 1.1, 1.2, ... 10.9. Where the best one lies near 1 or 2, that is for large ε, whole orders alone promise much less than holds. **Differs**: between whole orders Opacus adds up a series, midlab integrates what it is a series of, to 1e-12; midlab goes on at 64, 128, 256 and 512, where Opacus stops at 63. Opacus' clipping divides by a record's norm plus 1e-6, which changes no gradient of the example by more than {GOLDEN["clipping"]["largest"]:.0e} of its size; midlab divides by the norm.
Held by: {INFO} “epsilon is that of Opacus, and never above what whole orders alone give”."""


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

**Differs**: a confidence of exactly 0 counts as e^−1000 there and lifts all others by 950; here as 1e-10. Classes cut off by a top-k answer are 0 in both, which there is 50 below certainty and here the floor. The decoder is a transposed convolution with batch normalisation there (Adam 2e-4, (.5, .999), AMSGrad, batches of 128), a perceptron here (Adam 1e-3, batches of 64); both learn for 100 rounds on the squared error. They keep the round with the least error *on the pictures that the model under attack learnt from*: the attacker is chosen by its victims. midlab answers the last round.

On pictures a decoder of midlab's shape was written in PyTorch and learnt the same pairs of answer and digit, with the same batches, steps and rates but other weights at the start (`which-seven` without a defence and bottleneck, 400 pictures of the attacker's own, 100 rounds, 60 victims):

| seed | squared error of a pixel, PyTorch | midlab | midlab minus PyTorch, paired | the average picture |
|---|---|---|---|---|
| 1 | 0.0372 | 0.0378 | +0.0006 ± 0.0003 | 0.0563 |
| 2 | 0.0358 | 0.0354 | −0.0003 ± 0.0002 | 0.0501 |
| 3 | 0.0350 | 0.0348 | −0.0002 ± 0.0002 | 0.0559 |

Held by: {ATTACKS} “a decoder reads the numbers of Yang et al. but for a constant, and the same ones once they are standardised”."""


def hsic():
    g = GOLDEN["hsic"]
    rows = "\n".join(f"| {words} | {theirs:.3f} | {ours:.6f} |" for words, theirs, ours in zip(("of inputs and code", "of code and labels"), g["public"], g["ours"]))
    return f"""## HSIC (BiDO)

{source("hsic")}. Six records, Gaussian kernels of s = 5 √dim, a linear one of the labels, the normalised form.

| | authors' code, single precision | midlab, double |
|---|---|---|
{rows}

**Differs** by precision alone: a matrix of condition 1e5 is inverted, which leaves single precision two or three digits (another order of its products gives other ones). midlab forms the same sum from a better conditioned matrix. Its prices lx .05 and ly .5 are theirs, and so is the sum over all layers, the one before the answer included. They measure against pixels in 0 to 1, midlab against what the network reads, which is standardised: the kernel is one of distances, and of 64 made-up pictures a first layer then holds {RIVALS["bido"]["standardised"]:.1f} in place of {RIVALS["bido"]["pixels"]:.1f}, so that lx .05 weighs twice as much here. They begin at a network that has seen ImageNet and keep the round with the best accuracy on the test people.
Held by: {DEFENSES} “BiDO's normalised HSIC and its gradient equal PyTorch's, worked out as the authors' code does”."""


def csmia():
    g = GOLDEN["csmia"]
    records = len(g["label"])
    alone = records - g["tied"]
    return f"""## Confidence scores (CSMIA)

{source("csmia")}. {records} records of a made-up tree, three values of the secret: {g["matches"].count(1)} records where one value gives the true outcome, {g["matches"].count(0)} where none does.

In all {alone} records with one best value both guess it. **Differs**: of the {g["tied"]} records with several equally good ones theirs draws by chance, midlab takes the most frequent value. Trees are grown and asked at BigML there; its `confidence` is documented as the lower end of a leaf's 95 % Wilson interval (from memory), where midlab takes the leaf's share: that would change {g["other_by_lower"]} of these guesses. LOMIA is a tree here and an ensemble of BigML there, which was not at hand.
Held by: {ATTACKS} “CSMIA guesses what its authors' code guesses, and of equal confidences the more frequent value”."""


def brep_mi():
    g = RIVALS["brep_mi"]
    (start, _), (theirs, theirs_error), (ours, ours_error) = (g["depth"][k] for k in ("start", "public", "ours"))
    return f"""## Labels only (BREP-MI)

{source("brep_mi")}. Classes are the nearest of six middles in 16 numbers, so that the distance of a code to its class's boundary is known; {g["queries"]:,} labels asked from the same start, mean of 20 starts of each class.

| | distance to the boundary |
|---|---|
| start | {start:.2f} |
| authors' rule | {theirs:.2f} ± {theirs_error:.2f} |
| midlab | {ours:.2f} ± {ours_error:.2f} |

32 points, radius 2, growth 1.3, a step of a third of the radius and at most 3, codes within ±1.5: the same, and from the same points the same code. **Differs**: the text enlarges the sphere when all points are of the class; the code asks whether their answers, +1 inside and −1 outside, add up to more than .75 of their number, which is more than seven in eight; midlab enlarges from three in four on. With seven in eight midlab's attack draws less on `face-from-name` without a defence (4 seeds: line-up 72.5 against 77.8 % at 2,500 questions, 87.3 against 89.4 % at 10,000), so three in four stay. Where the sphere grows they divide the push by the new radius: their step is 1.3 times shorter there. They enlarge even where the step is refused. A refused step and one that enlarges are not counted there, so that a search has no budget; midlab counts every question, those for the start included. A class that no random code hits keeps their search for starts going for ever; midlab says “no start”. They name labels of a model in evaluation mode; midlab's takes the majority of `repeats` where answers are noisy.
Held by: {ATTACKS} “boundary repulsion moves a code as BREP-MI's authors do, 1.3 times as far where they enlarge the sphere, and enlarges sooner”."""


def ked_mi():
    g = RIVALS["ked_mi"]
    return f"""## The critic that knows the model (KED-MI)

{source("ked_mi")}. Five pictures' answers over four classes:

| loss | authors' code | midlab |
|---|---|---|
| of the critic | {g["critic"]:.6f} | the same, its slopes, too |
| of the generator | {g["generator"]:.6f} | the same, its slopes, too |
| what a search pays for being unreal | {g["prior"]:.6f} | the same, its slopes, too |

The labels that the critic learns are the model's softmax, the entropy in the generator's loss is a sum over the batch, a search begins at mean 0 and log-variance 1 and is answered by 5 draws of where it ends: the same. **Differs**: theirs are convolutions of 64 × 64 photos with instance normalisation, and minibatch discrimination before the critic's last layer; midlab's are perceptrons without. 2,400 steps there, 300 here (`attack.steps`). Their cost is a mean over the 60 people searched at once, midlab's a sum: Adam takes the same steps. What they clip to ±1 after a step is thrown away before the next, and midlab does not clip; the LOMMA authors' copy does clip each draw. The networks of the publication and their checkpoints are of the size of CelebA: not run.
Held by: {ATTACKS} “critic, generator and recovery of KED-MI pay what the authors' code pays, with the same slopes”."""


def lomma():
    g = RIVALS["lomma"]
    return f"""## The logit in place of the confidence (LOMMA)

{source("lomma")}. Three classes, a generator of 4 numbers, a model and two students: {g["steps"]} steps of Adam at {g["rate"]:g}. With units as they are midlab's codes are the authors'. **Differs**: midlab divides each unit's distance from what is usual by that unit's standard deviation over the attacker's own pictures. Here that ends at a mean squared distance of {g["ours"]["pull"]:.2f} standard deviations in place of {g["public"]["pull"]:.2f}; on small networks without it the search is lost ([method.md](method.md)). The text draws the usual features at random, the code draws them and then takes their mean; so does midlab. Students learn the same loss there (Kullback-Leibler at temperature 1) by SGD .01 with momentum for 20 rounds, as EfficientNets that have seen ImageNet; here by Adam for 50 rounds, perceptrons from nothing. 2,400 steps there, in the searches of GMI and KED-MI; here in that of MI-Face, `attack.steps`.
Held by: {ATTACKS} “a search by the logit takes the steps of LOMMA's authors where units are not scaled, and stays nearer to what is usual else”."""


def cem():
    g = RIVALS["cem"]
    return f"""## Codes drawn together (CEM)

{source("cem")}. Nine codes of three classes, two clusters each.

| | price |
|---|---|
| authors' code | {g["public"]["penalty"]:.6f} |
| midlab | {g["ours"]["penalty"]:.6f} |

**Differs**: the code looks the shares and variances of a class up by the class's place among those of the batch, in a list that has a line for each *record*: with 128 records sorted by class all classes get those of the first one or two. With the first class's numbers midlab's price and gradient are theirs, with the right ones the second line. The floor .01, the threshold .125 s², the weight of the batch (10 times its share of the cluster, .99 at most) and k-means++ are the same, but: theirs begins k-means once and goes on from the centres of the round before, drawing first centres by distance, midlab begins anew before each round, drawing by squared distance; theirs gives a record to the centre that is nearest now, midlab to that at the beginning of the round; a cluster of one record loses its place in their list of shares. Their noise and the sigmoid before it are tanh and noise here. Their price is multiplied by .001/rate while the rate is above .00041: at the beginning λ 16 is .32; midlab's λ is one number, and comparisons try .03 to 30. The round with the best accuracy on the test people is kept there, the last one here. VGG on CIFAR-10, 240 rounds: not run.
Held by: {COMPANIONS} “CEM's price is that of the authors' code, which takes the first class's shares for all classes of a batch”."""


def trap_mid():
    g = RIVALS["trap_mid"]
    return f"""## Traps (Trap-MID)

{source("trap_mid")}. One picture twelve times, three classes, {g["steps"]} steps: the loss ({g["loss"]:.6f}), the triggers and the critic's weights are the same. a .02, weight .2, a step of .01 a pixel by the sign, critic by descent at .01 with momentum .9 and decay 1e-4 on the mean over real and triggered pictures, every class as often. **Differs**: they let the critic take its step first and the triggers follow it, both between the steps of the network; midlab lets both go at once, before a round of the network's. Pictures and triggered pictures are cropped (to .8 and more of the area), mirrored and turned by up to 30° with probability .5 each, there; here they are not: midlab's networks learn without views but for `train.shifts`, and a trap that survives turning is not to be had from it. They report that views help (their figure 5, which was not at hand). The network itself learns as `train` says, theirs by SGD .01; they keep the round with the best accuracy on the test people. VGG16 on CelebA: not run.
Held by: {TRAPS} “triggers, critic and loss go as the authors' code has them: eight steps on twelve times one picture”."""


def ceilings():
    return """## Ceilings of detail

No public program has these bounds. They were worked out anew in NumPy from the photos of the data set, the exported weights and the formulas alone, with other made-up people and other draws (`numbers-inside`, `data.population` = `gaussian`, `trained_noise` of .5, seed 1):

| the most detail of made-up people | NumPy | midlab |
|---|---|---|
| van Trees | 0.809 | 0.811 |
| rate-distortion | 0.842 | 0.843 |
| CEM's bound | 0.863 | 0.864 |

The first differs by the people it averages over: 2,000 there, 500 here, whose uncertainty midlab adds. Attackers that are not in the tree (scikit-learn), who learn from 2,000 of the made-up people, bring back 0.560 (ridge), 0.611 (kernel ridge) and 0.604 (perceptron) of the detail of 2,000 others, the perceptron 0.621 from 6,000: more than midlab's ridge inversion as that preset has it (0.515, which learns shifted and mirrored copies, too, and draws 40 of the 60 components), and none more than a ceiling. With its own defaults (`--set attack.kind=ridge_inversion`) it chooses by cross-validation, and leaves copies alone that nobody's picture is one of: of Gaussian digits (`which-seven`, `data.name` = `digits`, 600 private, 200 held out, 600 auxiliary, 10 rounds, `model.bottleneck` = 8, `trained_noise` of .5, the numbers inside) it brings back 0.298 (0.019) of the detail, with copies and 40 components −0.031 (0.036), under a ceiling of 0.354 (5 seeds)."""


def page():
    sections = [accountant(), mi_face(), gmi(), brep_mi(), ked_mi(), lomma(), inversion_network(), hsic(), cem(), trap_mid(), csmia(), ceilings()]
    return """# Beside the field's public programs

Written by docs/write_public.py from tests/golden/public.json and rivals.json; do not edit. Each public program was read in the snapshot named, and its constants and the order of its steps were written anew in tests/golden/make_golden_public.py and make_golden_rivals.py; once, the programs themselves were run on the same numbers: their accountant, MI-Face, GMI search, decoder input and CSMIA guesses are those of these scripts (ε to 1e-8, pictures exactly, codes to 3e-5, the same values in each tie), and so are their turns of boundary repulsion, KED-MI's losses, LOMMA's search and CEM's price with its gradient (to 1e-15). Of Trap-MID and BiDO the code was read, not run. The tests named below hold midlab to them.

These are rules and numbers of small cases: they say that midlab computes the same thing and where it does not, not how well an attack does on anyone's data.

""" + "\n\n".join(sections) + "\n"


def main():
    put_or_check(PAGE, page(), "write_public.py", "numbers")


if __name__ == "__main__":
    main()
