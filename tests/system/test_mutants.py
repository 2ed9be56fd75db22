#!/usr/bin/env python3
"""Tests that cannot fail are no tests: each one-line mistake below, of the kind that this field is full of, is put into a copy of
one source, and the test named beside it must turn red.

Only what holds the line is compiled again, by the build's command for it, and linked before the library, whose part it replaces. The
files lie in mutants/ of the build, so that the compiler cache knows them in every clone.
    tests/system/test_mutants.py [WORD]    only those whose name contains WORD
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
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
    ("information rewarded instead of priced", "model/tree/tree_split.cpp", "gain - lambda * information", "gain + lambda * information", "model", "growing equals textbook ID3, with and without a penalty"),
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


def ninja(*words):
    out = run(["ninja", "-C", BUILD, *words])
    if out.returncode != 0:
        sys.exit(f"ninja {' '.join(words)} failed: {out.stdout[-1000:]}{out.stderr[-1000:]}")
    return out.stdout


def compiled_in(units, dependencies, path):
    """The compile commands of the library whose objects hold what `path` says: the file's own or its group's; of a header, those of
    all that include it."""
    if path.suffix == ".hpp":
        return [u for u in units if str(path) in dependencies.get(u["output"], ())]
    group = f'/{path.relative_to(SOURCE)}"'
    return [u for u in units if u["file"] == str(path) or ("/together/" in u["file"] and group in pathlib.Path(u["file"]).read_text())]


def read_dependencies():
    """Object -> the files that it was made of, from ninja's log."""
    found, current = {}, None
    for line in ninja("-t", "deps").splitlines():
        if line and not line.startswith(" "):
            current = found.setdefault(line.split(": #deps")[0], set())
        elif line.strip():
            current.add(os.path.normpath(BUILD / line.strip()))
    return found


def mutate(unit, folder, path, text):
    """Compiles the unit with `text` in the place of `path`; returns the object."""
    copy = folder / path.relative_to(SOURCE)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text, encoding="utf-8")
    file = pathlib.Path(unit["file"])
    lines = file.read_text(encoding="utf-8").splitlines() if "/together/" in unit["file"] else [f'#include "{os.path.relpath(file, folder)}"']
    # The group's other files lie as far from this folder as from the group's.
    one = [f'#include "{path.relative_to(SOURCE)}"' if line.endswith(f'/{path.relative_to(SOURCE)}"') else line for line in lines]
    changed, target = folder / file.name, folder / (file.name + ".o")
    changed.write_text("\n".join(one) + "\n", encoding="utf-8")
    command = shlex.split(unit["command"])
    out, source = command.index("-o"), command.index("-c")
    command[out + 1], command[source + 1] = str(target), str(changed)
    for flag, value in (("-MF", str(target) + ".d"), ("-MT", str(target))):
        command[command.index(flag) + 1] = value
    include = next(i for i, word in enumerate(command) if word.startswith("-I"))
    done = run([*command[:include], f"-I{folder / 'core'}", *command[include:], "-Wno-error"], cwd=BUILD)
    if done.returncode != 0:
        sys.exit(f"a mistake in {path.relative_to(SOURCE)} does not compile: {done.stderr[-3000:]}")
    return target


def link(target, objects, program):
    """Links unit_TARGET with the objects before the library: what they define is not taken from there."""
    command = ninja("-t", "commands", f"unit_{target}").splitlines()[-1]
    command = re.sub(r" -o \S+", f" -o {shlex.quote(str(program))}", command, count=1)
    library = re.search(r" \S*core/lib\w+[.]a", command)
    if not library:
        sys.exit(f"unit_{target} is not linked with the library: {command}")
    names = "".join(f" {shlex.quote(str(o))}" for o in objects)
    done = run(["sh", "-c", command[:library.start()] + names + command[library.start():]], cwd=BUILD)
    if done.returncode != 0:
        sys.exit(f"unit_{target} cannot be linked with a mistake: {done.stderr[-3000:]}")


def test_passes(program, name):
    """Whether the test passes; a program that knows no such test fails this script."""
    escaped = name.replace("\\", "\\\\").replace(",", "\\,").replace("[", "\\[")
    out = run([program, escaped], cwd=BUILD, timeout=600)
    if "No test cases matched" in out.stdout + out.stderr:
        sys.exit(f"{program.name} has no test called “{name}”")
    return out.returncode == 0


def main():
    chosen = [m for m in MUTANTS if len(sys.argv) < 2 or sys.argv[1] in m[0]]
    start = time.time()
    units = [u for u in json.loads(ninja("-t", "compdb")) if "/mid_core.dir/" in u["output"] and u["output"].endswith(".o")]
    dependencies = read_dependencies()
    mutants = BUILD / "mutants"
    shutil.rmtree(mutants, ignore_errors=True)
    survivors = []
    for number, (name, file, right, wrong, target, test) in enumerate(chosen):
        path, folder, program = SOURCE / "core/mid" / file, mutants / str(number), mutants / f"unit_{target}"
        text = path.read_text(encoding="utf-8")
        if text.count(right) != 1:
            sys.exit(f"“{name}”: {file} holds the line {text.count(right)} times; update the table")
        if not test_passes(BUILD / f"bin/unit_{target}", test):
            sys.exit(f"“{test}” fails without any mistake")
        concerned = compiled_in(units, dependencies, path)
        if not concerned:
            sys.exit(f"“{name}”: nothing in the build is made of {file}")
        link(target, [mutate(unit, folder, path, text.replace(right, wrong)) for unit in concerned], program)
        red = not test_passes(program, test)
        print(f"{'red' if red else 'SURVIVED'}: {name} ({test})", flush=True)
        if not red:
            survivors.append(name)
        shutil.rmtree(folder)
    shutil.rmtree(mutants)
    if survivors:
        sys.exit(f"{len(survivors)} mistakes go unnoticed: {', '.join(survivors)}")
    print(f"{len(chosen)} mistakes, each found by its test; {time.time() - start:.0f} s")


main()
