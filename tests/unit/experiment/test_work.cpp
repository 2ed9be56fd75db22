// No entry works longer between two ticks than a page or Ctrl-C may wait. Counted in operations, never in time.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <ctime>
#include <string>

#include "../temporary_folder.hpp"
#include "mid/attack/attack.hpp"
#include "mid/base/file.hpp"
#include "mid/data/source.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/experiment.hpp"
#include "mid/nn/device.hpp"
#include "mid/oracle/release.hpp"

using namespace mid;

namespace {

/// A table of one's own: how many rows, columns of numbers and classes.
struct Shape {
  const char* name;
  int rows, numbers, classes;
};

// kEnough: operations of a run that is then left, since its loops have turned often enough. The release build counts; under sanitizers
// every loop is to be entered, at a fraction of the speed: there the tables are smaller, too.
#ifdef MIDLAB_SANITIZE
constexpr double kEnough = 1e8;
constexpr Shape kShapes[] = {{"wide", 120, 300, 2}, {"long", 4000, 3, 2}, {"classes", 1000, 6, 100}};
#else
constexpr double kEnough = 3e9;
constexpr Shape kShapes[] = {{"wide", 240, 2000, 2}, {"long", 100'000, 3, 2}, {"classes", 3000, 6, 100}};
#endif

/// A table of `numbers` columns of numbers and some of categories, with a secret `sex`, a class and a dose.
std::string table(int rows, int numbers, int classes) {
  Random draw(Stream{7}.sub("table"));
  std::string text;
  for (int c = 0; c < numbers; ++c) text += "n" + std::to_string(c) + ",";
  text += "town,sex,class,dose\n";
  for (int r = 0; r < rows; ++r) {
    const int sex = draw.below(2), kind = (sex + draw.below(classes)) % classes;
    int sum = kind;
    for (int c = 0; c < numbers; ++c) {
      const int x = draw.below(50);
      sum += c < 3 ? x : 0;
      text += std::to_string(x) + ",";
    }
    text += "t" + std::to_string(draw.below(12)) + "," + (sex ? "f" : "m") + ",k" + std::to_string(kind) + "," +
            std::to_string(sum + 10 * sex) + "." + std::to_string(draw.below(100)) + "\n";
  }
  return text;
}

/// What makes a run short without making its pieces smaller: one round, few steps, few networks.
void shorten(Json& part, const std::vector<Param>& params) {
  constexpr std::pair<const char*, int> kFew[] = {{"epochs", 1},   {"steps", 2},  {"restarts", 1}, {"networks", 1},
                                                  {"updates", 12}, {"trials", 1}, {"draws", 2},    {"generator_steps", 1}};
  for (const Param& p : params)
    for (const auto& [name, few] : kFew)
      if (p.name == name) part[name] = few;
}

std::vector<Param> params_of(const About& about) { return about.params ? about.params() : std::vector<Param>(); }

/// The longest piece of a run. Printed with the stage that it belonged to, and with the processor time of the longest wait: work
/// that nobody counts would show there, and only there.
double longest_piece(const std::string& name, const Json& spec) {
  const auto device = cpu_device();
  Context context{*device, Stream{1}};
  DatasetCache datasets;
  Outcome outcome;
  Task run = run_experiment(context, datasets, check_spec(spec), outcome);
  double longest = 0, all = 0;
  std::clock_t wait = 0;
  std::string where, wait_where;
  bool more = true;
  while (more && all < kEnough) {
    work_done.largest = 0;
    const std::clock_t start = std::clock();
    more = run.advance();
    const std::clock_t took = std::clock() - start;
    if (took > wait) wait = took, wait_where = context.progress.stage;
    const auto piece = static_cast<double>(work_done.largest);
    all += piece;
    if (piece > longest) longest = piece, where = context.progress.stage;
  }
  std::printf("%-52s %6.1f million operations (%s), %4.0f ms (%s)%s\n", name.c_str(), longest / 1e6, where.c_str(),
              1e3 * static_cast<double>(wait) / CLOCKS_PER_SEC, wait_where.c_str(), more ? ", left" : "");
  return longest;
}

bool is_for(const About& about, const std::string& model) {
  return about.models.empty() || std::find(about.models.begin(), about.models.end(), model) != about.models.end();
}

}  // namespace

TEST_CASE("no entry works longer than 100 million operations between two ticks", "[work]") {
  const TemporaryFolder folder;
  for (const Shape& shape : kShapes) {
    const auto file = folder.path() / (std::string(shape.name) + ".csv");
    write_file(file, table(shape.rows, shape.numbers, shape.classes));
    for (const char* model : {"network", "linear", "tree"}) {
      const std::string kind = model;
      if (shape.classes > 2 && kind == "linear") continue;
      Json spec{{"data",
                 {{"name", "csv"},
                  {"csv", file.string()},
                  {"target", kind == "linear" ? "dose" : "class"},
                  {"sensitive", "sex"},
                  {"drop", Json::array({kind == "linear" ? "class" : "dose"})}}},
                {"model", {{"kind", kind}}}};
      if (kind == "network") spec["train"] = {{"epochs", 1}};
      if (kind == "tree") spec["model"]["max_depth"] = 4;
      for (const Attack* attack : attacks()) {
        if (attack->finds != Attack::Finds::attribute || !is_for(attack->about, kind)) continue;
        Json one = spec;
        one["attack"] = {{"kind", attack->about.name}};
        shorten(one["attack"], params_of(attack->about));
        const std::string name = std::string(shape.name) + ", " + kind + ", attack " + std::string(attack->about.name);
        CHECK(longest_piece(name, one) <= kMostWorkOfTick);
        if (kind == "tree") continue;
        one["defense"]["kind"] = "mid";
        CHECK(longest_piece(name + ", mid", one) <= kMostWorkOfTick);
      }
      for (const Defense* defense : defenses()) {
        if (defense->about.name == "none" || !is_for(defense->about, kind)) continue;
        Json one = spec;
        one["attack"] = {{"kind", "none"}};
        one["defense"] = {{"kind", defense->about.name}};
        shorten(one["defense"], params_of(defense->about));
        CHECK(longest_piece(std::string(shape.name) + ", " + kind + ", defence " + std::string(defense->about.name), one) <=
              kMostWorkOfTick);
      }
    }
  }
}

TEST_CASE("no attack on pictures works longer than 100 million operations between two ticks", "[work]") {
  for (const Attack* attack : attacks()) {
    if (attack->finds == Attack::Finds::attribute) continue;
    Json spec{{"data",
               {{"name", "london-faces"},
                {"private", 40},
                {"held_out", attack->finds == Attack::Finds::class_picture ? 0 : 20},
                {"auxiliary", 41}}},
              {"model", {{"kind", "network"}}},
              {"train", {{"epochs", 2}}},
              {"defense", {{"kind", "mid"}}},
              {"attack", {{"kind", attack->about.name}}}};
    if (attack->finds == Attack::Finds::label || attack->finds == Attack::Finds::membership)
      spec["data"] = {{"name", "digits"}, {"private", 500}, {"held_out", 300},
                      {"auxiliary", 997}, {"attacked", 20}, {"victims", "held_out"}};
    shorten(spec["attack"], params_of(attack->about));
    CHECK(longest_piece("pictures, attack " + std::string(attack->about.name), spec) <= kMostWorkOfTick);
  }
}

TEST_CASE("a column of two hundred codes is learnt from within its work", "[work]") {
  // The logistic guess of a tree's attack: thousands of indicators.
  const TemporaryFolder folder;
  Random draw(Stream{9}.sub("codes"));
  std::string text = "icd,job,town,employer,faith,ill\n";
  for (int r = 0; r < 1500; ++r) {
    for (const int codes : {150, 190, 150, 190, 11}) text += "c" + std::to_string(draw.below(codes)) + ",";
    text += draw.below(2) ? "y\n" : "n\n";
  }
  write_file(folder.path() / "codes.csv", text);
  const Json spec{{"data", {{"name", "csv"}, {"csv", (folder.path() / "codes.csv").string()}, {"target", "ill"}, {"sensitive", "faith"}}},
                  {"model", {{"kind", "network"}}},
                  {"train", {{"epochs", 1}}},
                  {"defense", {{"kind", "mid"}}},
                  {"attack", {{"kind", "likelihood_inference"}}}};
  CHECK(longest_piece("codes, network, attack likelihood_inference", spec) <= kMostWorkOfTick);
}
