// Attackers who lack more than the secret.
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "mid/data/source.hpp"
#include "mid/experiment/unknown_columns.hpp"
#include "outcome_of.hpp"

using namespace mid;
using Catch::Approx;

namespace {

std::map<std::string, Measure> privacy(Json spec, const std::vector<std::string>& unknown, const char* control = kNoControl) {
  spec["attack"]["also_unknown"] = unknown;
  spec["control"] = control;
  return outcome_of(spec).result.privacy;
}

Data data_of(const char* name, bool as_table) {
  Spec spec = check_spec(preset(name));
  spec.model["kind"] = as_table ? "tree" : "network";
  DatasetCache datasets;
  return datasets.data(spec);
}

std::string complaint(const Data& data, const std::vector<std::string>& names) {
  try {
    (void)unknown_columns(data, names);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an unknown column's values stand for what the training records hold") {
  for (const bool as_table : {false, true}) {
    const Data data = data_of("survey-tree", as_table);
    for (const char* name : {"sex", "occupation", "age", "capital-gain"}) {
      INFO(name << " " << as_table);
      const Unknown u = unknown_columns(data, {name})[0];
      CHECK(u.share.sum() == Approx(1));
      CHECK(u.share.minCoeff() > 0);
      CHECK(u.inputs.size() >= 1);
      CHECK(u.code.rows() == u.share.size());
      // On average the values are what the records are.
      for (std::size_t k = 0; k < u.inputs.size(); ++k) {
        double mean = 0, expected = 0;
        for (int row : data.split.train) mean += data.set.inputs(row, u.inputs[k]) / static_cast<double>(data.split.train.size());
        for (Eigen::Index v = 0; v < u.share.size(); ++v) expected += u.share[v] * u.code(v, static_cast<Eigen::Index>(k));
        CHECK(expected == Approx(mean).epsilon(1e-4).margin(1e-5));
      }
    }
    CHECK(unknown_columns(data, {"age"})[0].share.size() == 8);
    CHECK(unknown_columns(data, {"sex"})[0].share.size() == 2);
  }
}

TEST_CASE("columns that make no sense as unknown are refused by name") {
  const Data data = data_of("dose", false);
  CHECK(complaint(data, {"shoe_size"}).starts_with("attack.also_unknown names a column"));
  CHECK(complaint(data, {"VKORC1"}).find("the secret") != std::string::npos);
  CHECK(complaint(data, {"sqrt_dose"}).starts_with("attack.also_unknown"));
  std::vector<std::string> all;
  for (const Column& c : data.set.table.columns)
    if (c.name != "VKORC1") all.push_back(c.name);
  CHECK(complaint(data, {all[0], all[0]}).find("twice") != std::string::npos);
  CHECK(complaint(data, all).find("at most 1000 combinations") != std::string::npos);
}

TEST_CASE("the less an attacker knows, the less a regression's answer tells; and never more than guessing of other people's") {
  Json spec = preset("dose");
  spec["defense"] = {{"kind", "mid"}, {"lambda", .1}, {"noise", .3}};
  std::vector<std::string> others;
  for (const Column& c : data_of("dose", false).set.table.columns)
    if (c.name != "VKORC1") others.push_back(c.name);
  const auto all = privacy(spec, {}), some = privacy(spec, {others[1], others[2]});
  CHECK(some.at("attack_accuracy").value.value() < all.at("attack_accuracy").value.value() - .05);
  CHECK(some.at("advantage").low.value() > 0);
  const auto permuted = privacy(spec, {others[1], others[2]}, kPermuted);
  CHECK(permuted.at("advantage").low.value() <= 0);
  CHECK(permuted.at("advantage_true_target").low.value() <= 0);
}

TEST_CASE("a tree's attacker who lacks the sex and the occupation still runs, beside the same guess") {
  Json spec = preset("survey-tree");
  spec["data"]["rows"] = 3000, spec["data"]["private"] = 2000, spec["data"]["held_out"] = 1000;
  spec["defense"] = {{"kind", "none"}};
  const auto all = privacy(spec, {}), some = privacy(spec, {"sex", "occupation"});
  CHECK(some.at("attack_accuracy").baseline == all.at("attack_accuracy").baseline);
  CHECK(some.at("attack_accuracy_answer").value.value() <= all.at("attack_accuracy_answer").value.value());
  CHECK(some.at("auc").value != all.at("auc").value);
}

TEST_CASE("the area under the curve stands beside one half where everybody gets the same guess") {
  Json spec = preset("survey-tree");
  const auto found = privacy(spec, {}), permuted = privacy(spec, {}, kPermuted), empty = privacy(spec, {}, kZero);
  CHECK(found.at("auc").baseline == .5);
  CHECK(found.at("auc").value.value() > .6);
  CHECK(found.at("auc_answer").value.value() > .9);
  CHECK(permuted.at("auc").value.value() == Approx(.5).margin(.04));
  // Not quite one half for who compares answers: which ones a record could have had depends on the rest of it, and that goes
  // with the secret.
  CHECK(permuted.at("auc_answer").value.value() < .57);
  CHECK(empty.at("auc").value == .5);
  // A single leaf says the same of both values, whatever the outcome: rounding ranks nobody.
  Json leaf = preset("steak-tree");
  leaf["defense"]["lambda"] = 1;
  CHECK(privacy(leaf, {}).at("auc").value == .5);
  CHECK_FALSE(privacy(preset("dose"), {}).contains("auc"));  // three values
}
