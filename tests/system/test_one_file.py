#!/usr/bin/env python3
"""One new file is a new attack, release, defence, data set, figure, story or language (a figure and a story have their texts in a second
one): it is found by `mid schema`, `mid run` and the commands that list such things, and in what the page makes its forms of.

Builds the program once more with all of them from outside the tree (MIDLAB_EXTRA_ENTRIES), in a folder beside the other builds, so
that ccache knows everything but the files and the lists of entries.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

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

Task run(Context&, Oracle& oracle, const Knowledge& knowledge, Json json, AttackResult& out) {
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
#include "mid/oracle/release.hpp"

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

DEFENSE = """// Dropout by another name: the smallest possible defence of networks.
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double share = .5;
  static std::vector<Param> params() { return {param(&Spec::share, "share", 0, .9, "", "Which part of the units is silent.")}; }
};

NetworkHooks network(const Json& j) {
  NetworkHooks hooks;
  hooks.needs = NetworkHooks::Needs::hidden;
  hooks.dropout = read<Spec>(j, "defense").share;
  return hooks;
}

}  // namespace

extern const Defense hush;
const Defense hush{
    .about = {.name = "hush", .title = "Hush", .summary = "Silences units.", .source = "a test", .params = Spec::params, .models = {"network"}},
    .network = &network,
    .why_not = "only a network has hidden units",
    .strength = "share",
    .strengths = {.3, .8},
};

}  // namespace mid::defense
"""

SOURCE_FILE = """// Coins that a machine sorts by weight; whether one shows heads is the secret, and leans on its weight.
#include "mid/data/source.hpp"
#include "mid/data/tabular.hpp"

namespace mid::source {
namespace {

struct Spec : TabularSpec {
  Spec() { sensitive = "heads", rows = 600, test_fraction = .25; }
  static std::vector<Param> params() { return tabular_params<Spec>({"heads"}); }
};

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  TabularSource source;
  source.table.columns = {{"weight", true, {}, 0}, {"age", true, {}, 0}, {"heads", false, {"no", "yes"}, 0}, {"accepted", false, {"no", "yes"}, 0}};
  source.table.values.resize(600, 4);
  const Stream all = Stream{}.sub("coins");
  for (int row = 0; row < 600; ++row) {
    Random coin(all.sub(static_cast<std::uint64_t>(row)));
    const double heads = coin.uniform() < .4 ? 1 : 0, weight = coin.normal() + heads;
    source.table.values.row(row) << weight, coin.uniform(), heads, weight + .5 * heads > .6 ? 1 : 0;
  }
  source.name = "coins", source.target = "accepted", source.credit = "made up by a test";
  source.test_fraction = Spec().test_fraction;
  return tabular(std::move(source), spec, random);
}

}  // namespace

extern const DataSource coins;
const DataSource coins{
    .about = {.name = "coins", .title = "Coins", .summary = "Made-up coins.", .source = "a test", .params = Spec::params},
    .load = load,
    .files = {},
    .licence = "none: generated",
};

}  // namespace mid::source
"""

FIGURE = """// The squared distance of an attacker's belief from the truth.
#include "mid/measure/figure_entry.hpp"

namespace mid::figure {
namespace {

VectorXd distance(const MatrixD& belief, const VectorXi& truth) {
  VectorXd out = belief.rowwise().squaredNorm();
  for (Eigen::Index i = 0; i < out.size(); ++i) out[i] += 1 - 2 * belief(i, truth[i]);
  return out;
}

}  // namespace

extern const FigureEntry brier;
const FigureEntry brier{
    .kind = {.key = "brier", .group = FigureKind::Group::privacy, .unit = "", .baseline = "baseline.prior",
             .interval = FigureKind::Interval::bootstrap, .attacks = FigureKind::values, .gain = FigureKind::Gain::lower},
    .after = "advantage",
    .of_beliefs = &distance,
};

}  // namespace mid::figure
"""

STORY = {
    "version": 1,
    "order": 25,
    "specification": {"data": {"name": "coins", "private": 200, "auxiliary": 200, "held_out": 200},
                      "model": {"kind": "network", "hidden": [8], "bottleneck": 4}, "train": {"epochs": 3},
                      "defense": {"kind": "hush", "share": 0.3}, "attack": {"kind": "likelihood_inference"}},
    "texts": {"own": ["coin-story", "confidence"]},
    "page": {"track": "survey", "stage": "beliefs", "figures": {"utility": "accuracy", "privacy": "brier"},
             "slider": {"parameter": "share", "symbol": "s", "stops": [0, 0.3, 0.8], "defences": ["hush"]},
             "recognises": [{"data.name": ["coins"]}]},
}

TEXTS = """{
  "A test's own": {
    "coin-story.menu": "Coins that are told by their weight",
    "coin-story.title": "Which side is up?",
    "figure.brier": "Brier score",
    "measure.brier": "how far the attacker is from the truth"
  }
}
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


def written(folder):
    """The entries as files: kind and path."""
    german = (SOURCE / "core/teach/texts/de.json").read_text(encoding="utf-8")
    language = german.replace('"name": "Deutsch"', '"name": "Testo"').replace('"capital_nouns": true', '"unreviewed": true', 1)
    if '"Testo"' not in language:
        sys.exit("de.json does not give its name as this test expects")
    title = re.search(r'"lesson.confidence.title": "([^"]*)"', german)[1]
    language = language.replace(f'"lesson.confidence.title": "{title}"', '"lesson.confidence.title": "La konfido"')
    for kind, name, text in (("attack", "dummy.cpp", DUMMY), ("release", "cooled.cpp", RELEASE), ("defense", "hush.cpp", DEFENSE),
                             ("source", "coins.cpp", SOURCE_FILE), ("figure", "brier.cpp", FIGURE),
                             ("story", "overheard.json", json.dumps(STORY)), ("texts", "en.json", TEXTS), ("texts", "eo.json", language)):
        (folder / name).write_text(text, encoding="utf-8")
        yield kind, folder / name


def look_at_the_others(mid, catalogue):
    """Defence, data set, figure, story and language, which the story's preset brings together."""
    schema = json.loads(call(mid, "schema"))["properties"]
    for section, key, name, field in (("defense", "kind", "hush", "share"), ("data", "name", "coins", "sensitive")):
        found = [e for e in schema[section]["oneOf"] if e["properties"][key].get("const") == name]
        expect(len(found) == 1 and field in found[0]["properties"],
               f"mid schema does not know {section}.{key} {name} with its field {field}")
        entries = next(s for s in catalogue["sections"] if s["name"] == section)["entries"]
        expect(any(e["name"] == name and any(p["name"] == field for p in e["params"]) for e in entries),
               f"the page's catalogue does not know {name}")
    expect("coins" in call(mid, "data", "list"), "mid data list does not know the coins")

    keys = [f["name"] for f in catalogue["figures"]]
    expect(keys.index("brier") == keys.index("advantage") + 1, f"the figure stands elsewhere: {keys}")
    figure = catalogue["figures"][keys.index("brier")]
    expect((figure["title"], figure["plain"], figure["gain"]) == ("Brier score", "how far the attacker is from the truth", "lower"),
           f"the page's catalogue has {figure}")

    stories = [s["name"] for s in catalogue["stories"]]
    expect(stories.index("confidence") + 1 == stories.index("overheard"), f"the story stands elsewhere: {stories}")
    expect(catalogue["stories"][stories.index("overheard")]["menu"] == "Coins that are told by their weight", "the story has another name")
    expect(catalogue["presets"]["overheard"]["defense"] == {"kind": "hush", "share": .3},
           f"the preset is {catalogue['presets']['overheard']}")
    expect("overheard" in call(mid, "run", "--help"), "the help of mid run does not list the preset")

    result = json.loads(call(mid, "run", "preset:overheard", "--json", "--no-cache"))
    brier = result["privacy"]["brier"]
    # An answer without noise tells a coin's side; the guess without it is the share of heads, .4.
    expect(0 <= brier["low"] <= brier["value"] <= brier["high"] < brier["baseline"], f"the figure is {brier}")
    expect(brier["n"] == 200 and .3 < brier["baseline"] < .5, f"the figure is {brier}")
    expect(result["spec"]["data"]["sensitive"] == "heads", f"the secret is {result['spec']['data']}")
    expect("how far the attacker is from the truth (brier)" in call(mid, "run", "preset:overheard", "--no-cache"),
           "the table of a run does not name the figure")
    with tempfile.TemporaryDirectory() as out:
        small = ["preset:overheard", "--set", "defense.kind=mid", "--set", "data.private=60", "--quick", "--seeds", "1"]
        rivals = json.loads(call(mid, "compare", *small, "--out", out, "--no-cache", "--json"))
        family = next((f for f in rivals["families"] if f["name"] == "hush"), None)
        tried = [float(s["words"].split()[-1]) for s in family["settings"] if s["words"]] if family else []
        expect(len(tried) == 3 and .3 <= min(tried) < .5 and .6 < max(tried) <= .8, f"mid compare tries of the defence {tried}")

    expect("La konfido" in call(mid, "lesson", "list", "--language", "eo"), "mid lesson does not speak the language")


def main():
    shutil.rmtree(BUILD, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        entries = [f"{kind}:{path}" for kind, path in written(pathlib.Path(folder))]
        settings = [s for name in ("CMAKE_BUILD_TYPE", "CMAKE_CXX_COMPILER", "CMAKE_CXX_FLAGS", "MIDLAB_WERROR", "MIDLAB_DEPS",
                                   "MIDLAB_ARCHIVES") for s in cached(name)]
        call("cmake", "-S", SOURCE, "-B", BUILD, "-G", "Ninja", "-DMIDLAB_TESTS=OFF", f"-DMIDLAB_EXTRA_ENTRIES={';'.join(entries)}", *settings)
        began = time.monotonic()
        call("cmake", "--build", BUILD, "--target", "mid", "-j2")
        print(f"built in {time.monotonic() - began:.0f} s", flush=True)
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
        expect(len(found) == 1 and found[0]["properties"]["temperature"]["maximum"] == 100,
               "mid schema does not know the release cooled with its range")
        entries = next(s for s in catalogue["sections"] if s["name"] == "release")["entries"]
        expect(any(e["name"] == "cooled" and e["models"] == ["network"] for e in entries),
               "the page's catalogue does not know the release cooled")
        short = ["run", "preset:visitors", "--set", "train.epochs=2", "--set", "model.bottleneck=0", "--set", "defense.kind=none", "--json", "--no-cache"]
        plain = json.loads(call(mid, *short))
        cooled = json.loads(call(mid, *short, "--set", "release.kind=cooled", "--set", "release.temperature=50"))
        expect(cooled["spec"]["release"] == {"kind": "cooled", "of": "answer", "temperature": 50.0},
               f"the run had the release {cooled['spec']['release']}")
        expect(cooled["utility"]["nll"]["value"] != plain["utility"]["nll"]["value"], "a temperature changes nothing of what users see")
        gap = cooled["privacy"]["line_up"]["value"] - plain["privacy"]["line_up"]["value"]
        expect(abs(gap) <= .05, f"a release that can be inverted protects: the line-up moves by {gap}")
        look_at_the_others(mid, catalogue)
    shutil.rmtree(BUILD)
    print("one file each added an attack, a release, a defence, a data set, a figure, a story and a language, everywhere")


main()
