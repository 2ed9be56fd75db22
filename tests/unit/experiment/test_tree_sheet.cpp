// A tree as it is drawn: what its leaves give away, and what MID cut off (experiment/tree_sheet.hpp).
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "../temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/experiment/tree_file.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

/// 200 rows a job. Of job a 100 buy with a car and 80 of 100 without; of job b 10 of 100 either way. The question "job" gains
/// 1 - H(.1) = .531 bits and tells 1; "car" in job a gains .5 (H(.1) - .5 H(.2)) = .054 and tells .5: MID cuts it from lambda .108 on.
std::string buyers() {
  std::string text = "job,car,label,set\n";
  const auto rows = [&](const char* job, const char* car, int buy, int all, const char* set) {
    for (int i = 0; i < all; ++i) text += std::string(job) + "," + car + "," + (i < buy ? "buys" : "leaves") + "," + set + "\n";
  };
  rows("a", "yes", 100, 100, "train"), rows("a", "no", 80, 100, "train"), rows("b", "yes", 10, 100, "train"),
      rows("b", "no", 10, 100, "train");
  rows("a", "yes", 10, 10, "test"), rows("b", "no", 1, 10, "test");
  return text;
}

Outcome run(const std::string& csv, Json defense, const char* sensitive = "car") {
  Json spec{{"data", {{"name", "csv"}, {"csv", csv}, {"target", "label"}, {"split_column", "set"}}},
            {"model", {{"kind", "tree"}, {"min_leaf", 5}}},
            {"defense", std::move(defense)}};
  if (sensitive) spec["data"]["sensitive"] = sensitive, spec["attack"] = {{"kind", "tree_black_box"}};
  return outcome_of(spec);
}

const Json& node_at(const Json& sheet, const std::string& branch) {
  for (const Json& n : sheet["nodes"])
    if (n["branch"] == branch) return n;
  FAIL("no branch " << branch);
  return sheet;
}

std::string written(const TemporaryFolder& folder) {
  const auto path = folder.path() / "buyers.csv";
  write_file(path, buyers());
  return path.string();
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("without a defence no branch is cut, and leaves that name the secret give it away") {
  const TemporaryFolder folder;
  const Json sheet = json_of(run(written(folder), {{"kind", "none"}}).tree);
  CHECK(sheet["nodes"].size() == 5);
  for (const Json& n : sheet["nodes"]) CHECK(n["cut"].is_null());
  CHECK(sheet["nodes"][0]["question"] == "job");
  const Json& with = node_at(sheet, "car = yes");
  CHECK(with["tells"] == 1);
  CHECK(with["tells_name"] == "car");
  CHECK(with["everyone"] == Approx(.5));
  CHECK(with["gives_away"] == true);
  CHECK(node_at(sheet, "car = no")["tells"] == 0);
  CHECK(node_at(sheet, "car = no")["gives_away"] == true);
  CHECK(node_at(sheet, "job = b")["gives_away"] == false);
}

TEST_CASE("MID's cut is where the question about the secret would have been, and only there") {
  const TemporaryFolder folder;
  const std::string csv = written(folder);
  CHECK(run(csv, {{"kind", "mid"}, {"lambda", .1}}).tree->nodes.size() == 5);
  for (const char* kind : {"mid", "mid_targeted"}) {
    const Json sheet = json_of(run(csv, {{"kind", kind}, {"lambda", .12}}).tree);
    CHECK(sheet["nodes"].size() == 3);
    CHECK(node_at(sheet, "job = a")["cut"] == Json{{"question", "car"}, {"asks", true}, {"leaves", 2}});
    CHECK(node_at(sheet, "job = b")["cut"].is_null());
    CHECK(sheet["nodes"][0]["cut"].is_null());
  }
}

TEST_CASE("of three values a leaf tells of the one that is most beyond everyone's share") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "three.csv";
  std::string text = "city,label,set\n";
  for (const char* city : {"Bern", "Oslo", "Rome"})
    for (int i = 0; i < 40; ++i)
      text += std::string(city) + "," + (city == std::string("Oslo") ? "in" : "out") + "," + (i < 30 ? "train" : "test") + "\n";
  write_file(path, text);
  const Json sheet = json_of(run(path.string(), {{"kind", "none"}}, "city").tree);
  const Json& oslo = node_at(sheet, "city = Oslo");
  CHECK(oslo["tells_name"] == "Oslo");
  CHECK(oslo["tells"] == 1);
  CHECK(oslo["everyone"] == Approx(1 / 3.));
}

TEST_CASE("a tree as a file: DOT, text, and an SVG that dashes what was cut and marks what is given away") {
  const TemporaryFolder folder;
  const std::string csv = written(folder);
  const Outcome open = run(csv, {{"kind", "none"}}), cut = run(csv, {{"kind", "mid"}, {"lambda", .12}});
  CHECK(tree_file(cut, "dot").starts_with("digraph tree {"));
  CHECK(tree_file(cut, "txt").starts_with("all: 400 rows"));
  const std::string before = tree_file(open, "svg"), after = tree_file(cut, "svg");
  CHECK(before.starts_with("<svg xmlns="));
  CHECK(after.ends_with("</svg>\n"));
  CHECK(count(before, "stroke-dasharray") == 0);
  CHECK(count(after, "stroke-dasharray") == 2);  // the way there, and the box
  CHECK(after.find("car?  2 leaves cut") != after.npos);
  CHECK(before.find("100\u00a0% car") != before.npos);
  // Attack colours: the question and its two leaves before, the cut question after.
  CHECK(count(before, "fill=\"#fdf1e7\"") == 2);
  CHECK(count(after, "fill=\"#fdf1e7\"") == 0);
  // In the words of a reader: columns, answers and sentences; what they leave out stays.
  const std::string data = open.result.spec["data"].value("name", "");
  const Json words{{"data_column." + data + ".car", "Auto"}, {"tree.drawing", "Baum: {secret}"}, {"tree.cut.leaves", "{n} gestutzt"}};
  const std::string german = tree_file(cut, "svg", words);
  CHECK(german.find("Auto?  2 gestutzt") != german.npos);
  CHECK(german.find("Baum: Auto") != german.npos);
  CHECK(german.find("everyone") != german.npos);
  CHECK(tree_file(open, "dot", words).find("Auto = ") != std::string::npos);
  CHECK(tree_file(open, "dot", words).find("car = ") == std::string::npos);
  CHECK_THROWS_AS(tree_file(cut, "pdf"), Error);
  CHECK_THROWS_AS(tree_file(run(csv, {{"kind", "none"}}, nullptr), "svg"), Error);
  Outcome other = open;
  other.result.spec["model"]["kind"] = "network";
  CHECK_THROWS_AS(tree_file(other, "dot"), Error);
}
