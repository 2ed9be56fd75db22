#!/usr/bin/env python3
"""One new file is a new attack or a new release: it appears in `mid schema`, in `mid run --set attack.kind=dummy` and in the page's
catalogue.

Builds the program once more with the files from outside the tree (MIDLAB_EXTRA_ENTRIES), in a folder beside the other
builds, so that ccache knows everything but the files and the two lists.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
BUILD = SOURCE / "build" / "one-file"

DUMMY = """// Draws the average picture with a little of nothing: the smallest possible attack.
#include "mid/attack/attack.hpp"

namespace mid::attack {
namespace {

struct Spec {
  double brightness = .5;
  static std::vector<Param> params() {
    return {param(&Spec::brightness, "brightness", 0, 1, "", "How light the grey picture is.")};
  }
};

Task run(Context&, Oracle& oracle, const Knowledge& knowledge, Json json, Evidence& out) {
  const Spec spec = read<Spec>(json, "attack");
  out.pictures.push_back(Matrix::Constant(oracle.victims(), knowledge.auxiliary.pictures.cols(), static_cast<float>(spec.brightness)));
  co_await Tick{};
}

}  // namespace

extern const Attack dummy;
const Attack dummy{
    .about = {.name = "dummy", .title = "Dummy", .summary = "Draws plain grey.", .source = "a test", .params = Spec::params},
    .needs = Access::label,
    .finds = Attack::Finds::instance_picture,
    .run = run,
};

}  // namespace mid::attack
"""

RELEASE = """// Divides logits by a temperature: the smallest possible release. It hides nothing, and says how it is inverted.
#include "mid/defense/release.hpp"

namespace mid::release {
namespace {

struct Spec {
  std::string of = "answer";
  double temperature = 2;
  static std::vector<Param> params() {
    return {of_answer_param<Spec>(), param(&Spec::temperature, "temperature", 1, 100, "", "What logits are divided by.")};
  }
};

Release make(const Json& settings, const ReleaseSubject& subject) {
  const auto t = static_cast<float>(read<Spec>(settings, "release").temperature);
  return {.show = [=](Matrix logits) { return full_answer(subject, logits / t); },
          .invert = [=](Released seen) { return full_answer(subject, seen.value * t); },
          .form = full_answer(subject, Matrix(0, subject.columns)).form,
          .cut = kExact};
}

}  // namespace

extern const ReleaseKind cooled;
const ReleaseKind cooled{
    .about = {.name = "cooled", .title = "Cooled", .summary = "Logits divided by a temperature.", .source = "a test", .params = Spec::params, .models = {"network"}},
    .make = &make,
    .noise = ReleaseKind::Noise::as_the_model,
    .strengths = {2, 8},
};

}  // namespace mid::release
"""


def cached(name):
    """A setting of the build that runs this test, so that the compiler's calls are the same."""
    text = (pathlib.Path(os.environ["MIDLAB_BUILD"]) / "CMakeCache.txt").read_text()
    match = re.search(rf"^{name}:\w+=(.*)$", text, re.M)
    return [f"-D{name}={match[1]}"] if match and match[1] else []


def call(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout


def expect(condition, sentence):
    if not condition:
        sys.exit(sentence)


def main():
    shutil.rmtree(BUILD, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "dummy.cpp"
        file.write_text(DUMMY)
        release = pathlib.Path(folder) / "cooled.cpp"
        release.write_text(RELEASE)
        settings = [s for name in ("CMAKE_BUILD_TYPE", "CMAKE_CXX_COMPILER", "CMAKE_CXX_FLAGS", "MIDLAB_WERROR", "MIDLAB_DEPS",
                                   "MIDLAB_ARCHIVES") for s in cached(name)]
        call("cmake", "-S", SOURCE, "-B", BUILD, "-G", "Ninja", "-DMIDLAB_TESTS=OFF", f"-DMIDLAB_EXTRA_ENTRIES=attack:{file};release:{release}", *settings)
        call("cmake", "--build", BUILD, "--target", "mid", "-j2")
        mid = BUILD / "bin" / "mid"

        attacks = json.loads(call(mid, "schema"))["properties"]["attack"]["oneOf"]
        found = [a for a in attacks if a["properties"]["kind"]["const"] == "dummy"]
        expect(len(found) == 1, "mid schema does not know the attack dummy")
        expect(found[0]["properties"]["brightness"]["maximum"] == 1, "mid schema lacks the range of brightness")

        # The page's forms and panels are made from this.
        catalogue = json.loads(call(mid, "schema", "--catalogue"))
        attack = next(s for s in catalogue["sections"] if s["name"] == "attack")
        entry = next((e for e in attack["entries"] if e["name"] == "dummy"), None)
        expect(entry and entry["title"] == "Dummy", "the page's catalogue does not know the attack dummy")
        expect([p["name"] for p in entry["params"]] == ["brightness"], "the page's catalogue lacks its parameter")

        result = json.loads(call(mid, "run", "preset:visitors", "--set", "train.epochs=1", "--set", "attack.kind=dummy",
                                 "--set", "attack.brightness=0.25", "--json", "--no-cache"))
        expect(result["spec"]["attack"] == {"kind": "dummy", "brightness": 0.25}, f"the run had the attack {result['spec']['attack']}")
        # A picture that is the same for everybody is told from the others by nobody's face: about one in ten.
        expect(0 <= result["privacy"]["line_up"]["value"] <= .3, f"plain grey wins line-ups: {result['privacy']['line_up']}")

        releases = json.loads(call(mid, "schema"))["properties"]["release"]["oneOf"]
        found = [r for r in releases if r["properties"]["kind"]["const"] == "cooled"]
        expect(len(found) == 1 and found[0]["properties"]["temperature"]["maximum"] == 100, "mid schema does not know the release cooled with its range")
        entries = next(s for s in catalogue["sections"] if s["name"] == "release")["entries"]
        expect(any(e["name"] == "cooled" and e["models"] == ["network"] for e in entries), "the page's catalogue does not know the release cooled")
        short = ["run", "preset:visitors", "--set", "train.epochs=2", "--set", "model.bottleneck=0", "--set", "defense.kind=none", "--json", "--no-cache"]
        plain = json.loads(call(mid, *short))
        cooled = json.loads(call(mid, *short, "--set", "release.kind=cooled", "--set", "release.temperature=50"))
        expect(cooled["spec"]["release"] == {"kind": "cooled", "of": "answer", "temperature": 50.0}, f"the run had the release {cooled['spec']['release']}")
        expect(cooled["utility"]["nll"]["value"] != plain["utility"]["nll"]["value"], "a temperature changes nothing of what users see")
        gap = cooled["privacy"]["line_up"]["value"] - plain["privacy"]["line_up"]["value"]
        expect(abs(gap) <= .05, f"a release that can be inverted protects: the line-up moves by {gap}")
    shutil.rmtree(BUILD)
    print("one file added one attack and one release, everywhere")


main()
