#!/usr/bin/env python3
"""Tests that cannot fail are no tests: each one-line mistake below, of the kind that this field is full of, is put into a copy of
the sources, and the test named beside it must turn red.

The copy is built in a temporary folder from the compiler cache, so a mistake costs one file, one library and one program.
    tests/system/test_mutants.py [WORD]    only those whose name contains WORD
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE, BUILD = pathlib.Path(os.environ["MIDLAB_SOURCE"]), pathlib.Path(os.environ["MIDLAB_BUILD"])

# name, file in core/mid, right line's part, wrong one, unit program, test
MUTANTS = [
    ("a sign in the KL", "info/kl.cpp", "double kl_of_unit(double mu, double sigma) { return (mu * mu + sigma * sigma - 1) / 2 - std::log(sigma); }",
     "double kl_of_unit(double mu, double sigma) { return (mu * mu + sigma * sigma - 1) / 2 + std::log(sigma); }", "info", "a row's KL is the sum over its units"),
    ("sigma for sigma squared in the loss", "model/network/network.cpp", "program.mul(vars.sigma, vars.sigma))", "vars.sigma)", "model", "the recorded KL and its gradient are those worked out by hand"),
    ("mean-z served and called MID", "oracle/release.cpp", "if (network ? network->stochastic : sigma.size() != 0)", "if (network ? false : sigma.size() != 0)", "defense",
     "a stochastic bottleneck gives a new answer to every query, a sticky one the same to the same record"),
    ("victims among the attacker's own records", "data/split.cpp", "{third, third + s.auxiliary}", "{third - 1, third - 1 + s.auxiliary}", "data", "the parts of a cut are disjoint, seeded and the victims stay when auxiliary grows"),
    ("a sticky answer keyed by its place", "oracle/oracle.cpp", "hash[static_cast<std::size_t>(r)] = hash_of_row(inputs, r);", "hash[static_cast<std::size_t>(r)] = hash_of_row(inputs, 0) + static_cast<std::uint64_t>(r);", "attack",
     "a sticky answer hangs on the record alone, not on its place or on who asks"),
    ("the bias left out of a record's norm", "defense/dp_sgd.cpp", "p.shift(squares(layer.input), 1)", "squares(layer.input)", "defense", "clipped gradients equal PyTorch's, one record after the other"),
    ("dropout in the answers' scale", "nn/fit.cpp", "const auto kept = static_cast<float>(1 / keep);", "const auto kept = 1.f;", "nn", "masks keep what they should and raise it, and progress goes from 0 towards 1"),
    ("a conversion with the wrong sign", "info/rdp.cpp", "(std::log(delta) + std::log(a))", "(std::log(delta) - std::log(a))", "info", "epsilon of many steps: the method's examples"),
    ("ties won in the line-up", "measure/picture.cpp", "lower += f < own - kTie;", "lower += f < own + kTie;", "measure", "a line-up is C(w, 9) / C(m, 9), by hand"),
    ("half rounded to even", "release/round.cpp", "std::round(static_cast<double>(value) * scale)", "std::nearbyint(static_cast<double>(value) * scale)", "defense", "rounding keeps decimals, half away from zero, and does not renormalise"),
    ("Fano's weak form", "info/secret.cpp", "p * std::log(values - 1.) < uncertainty", "p * std::log(values * 1.) < uncertainty", "info", "the least error by hand"),
    ("the divergence the other way round", "info/gaussian_rows.cpp", "kl.array() += log_root[j] - log_root.array();", "kl.array() += log_root.array() - log_root[j];", "info", "pairwise bounds of two Gaussians by hand"),
    ("photos of one face as independent facts", "measure/interval.cpp", "const std::vector<std::size_t> place = places(numerator.size(), person);", "const std::vector<std::size_t> place = places(numerator.size(), person.first(0));", "measure", "records of one person are drawn together"),
    ("half the gradient of A", "info/mixture.cpp", "out.gradient = -(u.cwiseProduct(own.col(1)) + others.col(1)) / (n * s);", "out.gradient = -2 * u.cwiseProduct(own.col(1)) / (n * s);", "info", "the information and its gradient equal NumPy's"),
    ("information rewarded instead of priced", "model/tree/tree_grow.cpp", "gain - lambda * information", "gain + lambda * information", "model", "growing equals textbook ID3, with and without a penalty"),
    ("repeats of a sticky answer counted as new", "experiment/measure_parts.hpp", 'release.once_a_record() ? 1 :', 'release.once_a_record() && false ? 1 :', "experiment", "fresh answers multiply the bound, sticky ones do not"),
    ("updates piled on one another", "oracle/oracle.cpp", "  Model updated = model_;", "  static Model updated = model_;", "experiment", "every update begins at the model as it was, whatever came before"),
    ("the last picture instead of the best", "attack/search/class_search.cpp", "if (rule.is_best(cost(i, 0))) {", "if (rule.is_best(cost(i, 0)) || !rule.ended()) {", "attack", "the best picture is kept, never the last: too large steps leave the start in place"),
    ("records clipped together", "defense/dp_sgd.cpp", "const Var norm = p.sqrt(square);", "const Var norm = p.spread_rows(p.scale(p.sum_rows(p.sqrt(square)), 1.f / static_cast<float>(p.rows(square))), p.rows(square));", "defense",
     "clipped gradients equal PyTorch's, one record after the other"),
    ("the guess without the answer taken for granted", "experiment/measure_limit.cpp", "if (is_constant(prior)) {", "if (!is_constant(prior)) {", "experiment", "no attacker of the dose beats Fano's limit, nor does a guess from the rest of the record"),
    ("impossible confidences unfloored", "attack/belief/average_answer.cpp", "x = (x.array().max(static_cast<float>(kLeastLogConfidence))", "x = (x.array()", "attack", "a decoder reads certainty as 23.026 and impossibility as 0"),
]


def run(command, **how):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **how)


def build(tree, target):
    out = run(["cmake", "--build", tree / "build/release", "-j2", "--target", f"unit_{target}"])
    return out.returncode == 0, out.stdout[-3000:] + out.stderr[-2000:]


def test_passes(tree, target, name):
    """Whether the test passes; a program that knows no such test fails this script."""
    program = next(p for p in (tree / "build/release").rglob(f"unit_{target}") if p.is_file())
    escaped = name.replace("\\", "\\\\").replace(",", "\\,").replace("[", "\\[")
    out = run([program, escaped], cwd=tree / "build/release", timeout=600)
    if "No test cases matched" in out.stdout + out.stderr:
        sys.exit(f"unit_{target} has no test called “{name}”")
    return out.returncode == 0


def main():
    chosen = [m for m in MUTANTS if len(sys.argv) < 2 or sys.argv[1] in m[0]]
    with tempfile.TemporaryDirectory(prefix="midlab-mutants-") as folder:
        tree = pathlib.Path(folder)
        for name in ("CMakeLists.txt", "CMakePresets.json"):
            shutil.copy(SOURCE / name, tree)
        for name in ("core", "tests", "web", "native", "shaders", "docs"):
            shutil.copytree(SOURCE / name, tree / name)
        # The same places below the root as in the original, so that the compiler cache knows every file.
        (tree / "build").mkdir()
        (tree / "build/deps").symlink_to(SOURCE / "build/deps")
        flags = [line.split("=", 1)[1] for line in (BUILD / "CMakeCache.txt").read_text().splitlines() if line.startswith("MIDLAB_WERROR:")]
        start = time.time()
        out = run(["cmake", "-S", tree, "--preset", "release", *[f"-DMIDLAB_WERROR={flag}" for flag in flags]], cwd=tree)
        if out.returncode != 0:
            sys.exit(f"the copy cannot be configured: {out.stdout[-2000:]}{out.stderr[-2000:]}")
        for target in sorted({m[4] for m in chosen}):
            good, words = build(tree, target)
            if not good:
                sys.exit(f"the copy does not build unit_{target}: {words}")
        for name, _, _, _, target, test in chosen:
            if not test_passes(tree, target, test):
                sys.exit(f"“{test}” fails without any mistake")
        print(f"copy built in {time.time() - start:.0f} s", flush=True)
        survivors = []
        for name, file, right, wrong, target, test in chosen:
            path = tree / "core/mid" / file
            text = path.read_text(encoding="utf-8")
            if text.count(right) != 1:
                sys.exit(f"“{name}”: {file} holds the line {text.count(right)} times; update the table")
            path.write_text(text.replace(right, wrong), encoding="utf-8")
            good, words = build(tree, target)
            if not good:
                sys.exit(f"“{name}” does not compile: {words}")
            red = not test_passes(tree, target, test)
            print(f"{'red' if red else 'SURVIVED'}: {name} ({test})", flush=True)
            if not red:
                survivors.append(name)
            path.write_text(text, encoding="utf-8")
        if survivors:
            sys.exit(f"{len(survivors)} mistakes go unnoticed: {', '.join(survivors)}")
        print(f"{len(chosen)} mistakes, each found by its test; {time.time() - start:.0f} s")


main()
