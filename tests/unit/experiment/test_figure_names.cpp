// What may be asked of a sweep before it has run.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <set>

#include "mid/attack/attack.hpp"
#include "mid/base/language.hpp"
#include "mid/defense/defense.hpp"
#include "mid/experiment/figure_names.hpp"
#include "mid/measure/figure.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool accepts(const Json& spec, const char* name, bool privacy) {
  try {
    check_figure_name(std::vector<Json>(1, check_spec(spec).json()), name, privacy, "--it");
    return true;
  } catch (const Error& e) {
    return std::string(e.what()).find("--it must be a measure") == std::string::npos;
  }
}

/// A preset with other settings; of faces small ones, whose figures have the same names.
Json with(const char* story, const Json& fields) {
  Json spec = with_fields(preset(story), fields);
  if (spec["data"]["name"] == "london-faces") spec["data"]["image_size"] = 16;
  return spec;
}

/// Small runs with every attack, and one of them under every defence of networks.
std::vector<Json> many_specs() {
  std::vector<Json> out;
  const Json digits{{"data.name", "digits"}, {"data.private", 150}, {"data.auxiliary", 300},
                    {"data.held_out", 100},  {"data.attacked", 40}, {"train.epochs", 1}};
  out.push_back(with("visitors", {{"train.epochs", 1}}));
  out.push_back(with("which-seven", digits));
  const auto digits_with = [&](const Json& more) {
    Json fields = digits;
    fields.update(more);
    out.push_back(with("which-seven", fields));
  };
  digits_with({{"attack", {{"kind", "inversion_network"}, {"epochs", 1}, {"hidden", Json::array({8})}}}});
  digits_with({{"data.population", "gaussian"}});
  out.push_back(with("face-from-name", {{"train.epochs", 1}, {"attack.steps", 3}}));
  const Json gmi{{"kind", "gmi"}, {"steps", 2}, {"generator_steps", 2}, {"judge", false}};
  out.push_back(with("face-from-name", {{"train.epochs", 1}, {"attack", gmi}}));
  const Json distributions{{"kind", "ked_mi"}, {"steps", 2}, {"epochs", 2}, {"trials", 1}, {"judge", false}};
  out.push_back(with("face-from-name", {{"train.epochs", 1}, {"attack", distributions}}));
  const Json labels_only{{"kind", "brep_mi"}, {"queries", 100}, {"judge", false}},
      scores_only{{"kind", "cma_es"}, {"queries", 40}, {"restarts", 2}, {"views", 2}, {"judge", false}};
  for (const Json& attack : {labels_only, scores_only}) out.push_back(with("face-from-name", {{"train.epochs", 1}, {"attack", attack}}));
  const Json members{{"kind", "membership"}, {"shadows", 4}};
  out.push_back(with("confidence",
                     {{"data.private", 1100}, {"data.auxiliary", 200}, {"data.held_out", 1100}, {"train.epochs", 1}, {"attack", members}}));
  const Json learned{{"kind", "learned_inference"}, {"networks", 1}};
  out.push_back(with("confidence", {{"data.private", 300},
                                    {"data.auxiliary", 300},
                                    {"data.held_out", 200},
                                    {"train.epochs", 1},
                                    {"release.of", "embedding"},
                                    {"attack", learned}}));
  const Json small_survey{{"data.private", 400}, {"data.held_out", 200}};
  for (const char* kind : {"tree_black_box", "tree_white_box", "csmia", "lomia"}) {
    Json fields = small_survey;
    fields["attack"] = {{"kind", kind}};
    out.push_back(with("survey-tree", fields));
  }
  out.push_back(preset("dose"));
  Json confidence{{"data.private", 300}, {"data.auxiliary", 500}, {"data.held_out", 300}, {"train.epochs", 1}};
  for (const Defense* d : defenses())
    if (d->network) {
      confidence["defense"] = {{"kind", std::string(d->about.name)}};
      out.push_back(with("confidence", confidence));
    }
  const Json updates_leak{{"kind", "updates_leak"}, {"probes", 20}, {"networks", 1}, {"epochs", 1}};
  const Json update{{"train.epochs", 1}, {"data.attacked", 40}, {"attack", updates_leak}};
  for (const char* release : {"none", "sticky"}) {
    Json fields = update;
    fields["release.kind"] = release;
    out.push_back(with("label-from-update", fields));
  }
  return out;
}

/// Each with its specification as it ran; computed once.
const std::vector<Outcome>& many_runs() {
  static const std::vector<Outcome> all = [] {
    std::vector<Outcome> out;
    for (const Json& spec : many_specs()) out.push_back(outcome_of(spec, &shared_stages()));
    return out;
  }();
  return all;
}

}  // namespace

TEST_CASE("every figure that a run gives is known before it runs") {
  for (const Outcome& outcome : many_runs()) {
    const Json& spec = outcome.result.spec;
    INFO(spec["data"]["name"] << " " << spec["defense"]["kind"] << " " << spec["attack"]["kind"]);
    const FigureNames names = figure_names(spec);
    const auto begins = [&](const std::string& name) {
      return std::ranges::any_of(names.privacy_beginnings, [&](const std::string& b) { return name.starts_with(b); });
    };
    for (const auto& [name, m] : outcome.result.utility) CHECK(has(names.utility, name));
    for (const auto& [name, m] : outcome.result.information) CHECK(has(names.information, name));
    for (const auto& [name, m] : outcome.result.privacy) CHECK((has(names.privacy, name) || begins(name)));
  }
}

TEST_CASE("every figure of every attack is what the table of figures says") {
  std::set<std::string> attacked, seen;
  for (const Outcome& outcome : many_runs()) {
    const Result& result = outcome.result;
    REQUIRE_FALSE(result.failed);
    attacked.insert(result.spec["attack"]["kind"].get<std::string>());
    using enum FigureKind::Group;
    const std::pair<FigureKind::Group, const std::map<std::string, Measure>*> groups[] = {
        {utility, &result.utility}, {privacy, &result.privacy}, {information, &result.information}};
    for (const auto& [group, measures] : groups)
      for (const auto& [name, m] : *measures) {
        INFO(result.spec["defense"]["kind"] << " " << result.spec["attack"]["kind"] << ": " << name);
        const FigureKind* kind = figure_kind(name);
        REQUIRE(kind);
        seen.insert(std::string(kind->key));
        CHECK(kind->group == group);
        if (kind->unit != kUnitOfTarget && m.value) CHECK(m.unit == kind->unit);
        CHECK((!m.baseline || !kind->baseline.empty()));
        CHECK((m.low.has_value() == m.high.has_value()));
        if (kind->interval == FigureKind::Interval::none) CHECK_FALSE(m.low);
        if (kind->interval == FigureKind::Interval::wilson && m.value && m.n) CHECK(m.low);
      }
  }
  for (const Attack* a : attacks()) CHECK(attacked.contains(std::string(a->about.name)));
  // An entry of the table that nothing fills is a leftover.
  for (const FigureKind& f : figure_kinds()) {
    INFO(f.key);
    CHECK(seen.contains(std::string(f.key)));
  }
}

TEST_CASE("every figure has a title, plain words and words for its baseline in every language") {
  std::set<std::string_view> keys;
  for (const FigureKind& f : figure_kinds())
    for (const Language& l : languages()) {
      INFO(f.key << " in " << l.code);
      CHECK((keys.insert(f.key).second || l.code != "en"));
      CHECK(own_text(f.title_key(), l.code));
      CHECK(own_text(f.plain_key(), l.code));
      CHECK((f.baseline.empty() || own_text(f.baseline, l.code)));
    }
}

TEST_CASE("a figure that an earlier version called otherwise is refused with the name that it has now") {
  CHECK(renamed_figure("detail_back") == "r_squared");
  CHECK(renamed_figure("detail_back_mean") == "r_squared_mean");
  for (const char* name : {"information", "mixture_upper", "mixture_lower", "leave_one_out"})
    CHECK(renamed_figure(name + std::string("_code")) == name + std::string("_embedding"));
  for (const char* name : {"r_squared", "information", "line_up_mean", "nonsense", ""}) CHECK(renamed_figure(name).empty());
  const std::vector<Json> visitors(1, check_spec(preset("visitors")).json());
  CHECK_NOTHROW(check_figure_name(visitors, "r_squared", true, "--privacy"));
  CHECK_THROWS_WITH(check_figure_name(visitors, "detail_back", true, "--privacy"),
                    "--privacy names the figure detail_back, which is called r_squared since version 0.1.0; write that");
  for (const FigureKind& f : figure_kinds()) CHECK((f.formerly.empty() || !figure_kind(f.formerly)));
}

TEST_CASE("a figure of an attacker with a name is a variant of the figure it begins with") {
  CHECK(figure_kind("line_up_mean")->key == "line_up");
  CHECK(figure_kind("attack_accuracy_mean")->key == "attack_accuracy_mean");  // it has words of its own
  CHECK(figure_kind("attack_accuracy_answer")->key == "attack_accuracy");
  CHECK(figure_kind("psnr_naive") == nullptr);
  CHECK(figure_kind("line_up_") == nullptr);
  CHECK(figure_kind("") == nullptr);
  std::vector<std::string> names{"zz", "recall", "mcc_x", "advantage", "accuracy", "attack_accuracy_x"};
  std::ranges::sort(names, reads_before);
  CHECK(names == std::vector<std::string>{"accuracy", "advantage", "recall", "attack_accuracy_x", "mcc_x", "zz"});
}

TEST_CASE("there is one figure for each purpose that a run has") {
  const auto picked = [](FigureKind::Group group, unsigned FigureKind::* purpose, unsigned of) {
    int n = 0;
    for (const FigureKind& f : figure_kinds()) n += f.group == group && (f.*purpose & of) ? 1 : 0;
    CHECK(n == (picked_figure(group, purpose, of).empty() ? 0 : 1));
    return picked_figure(group, purpose, of);
  };
  using enum FigureKind::Group;
  using enum FigureKind::Of;
  for (const unsigned model : {linear, tree, network}) CHECK_FALSE(picked(utility, &FigureKind::compared, model).empty());
  for (const unsigned attack : {attribute, label, instance_picture, class_picture})
    CHECK_FALSE(picked(privacy, &FigureKind::compared, attack).empty());
  for (const unsigned model : {linear, tree, network}) CHECK_FALSE(picked(information, &FigureKind::estimate, model).empty());
  CHECK(picked(information, &FigureKind::bound, tree).empty());  // what a tree tells is known exactly
  for (const unsigned model : {linear, network})
    for (const auto group : {utility, information}) CHECK_FALSE(picked(group, &FigureKind::weighed, model).empty());
  CHECK(gains_when_lower("rmse_released"));
  CHECK_FALSE(gains_when_lower("accuracy"));
}

TEST_CASE("a measure that no run will give is refused") {
  CHECK(accepts(preset("dose"), "rmse", false));
  CHECK(accepts(preset("dose"), "attack_accuracy_true_target", true));
  CHECK(accepts(preset("dose"), "mixture_upper", true));
  CHECK(accepts(preset("dose"), "", true));
  CHECK_FALSE(accepts(preset("dose"), "accuracy", false));
  CHECK_FALSE(accepts(preset("dose"), "line_up", true));
  CHECK_FALSE(accepts(preset("visitors"), "attack_accuracy_true_target", true));
  Json nobody = preset("dose");
  nobody["attack"] = {{"kind", "none"}};
  CHECK_FALSE(accepts(nobody, "advantage", true));
  CHECK(accepts(nobody, "information", true));
}
