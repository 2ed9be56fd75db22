// What may be asked of a sweep before it has run.
#include <catch2/catch_test_macros.hpp>
#include <algorithm>

#include "mid/attack/attack.hpp"
#include "mid/defense/defense.hpp"
#include "mid/run/figure_names.hpp"
#include "outcome_of.hpp"

using namespace mid;

namespace {

bool has(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

bool accepts(const Json& spec, const char* name, bool privacy) {
  try {
    check_figure_name(std::vector<Json>(1, check_spec(spec).json()), name, privacy, "--it");
    return true;
  } catch (const Error& e) {
    return std::string(e.what()).find("--it must be a measure") == std::string::npos;
  }
}

/// The stories, and one of them under every defence of networks.
std::vector<Json> many_specs() {
  std::vector<Json> out;
  for (const char* story : {"visitors", "confidence", "which-seven", "survey-tree", "dose"}) out.push_back(preset(story));
  for (const Defense* d : defenses()) {
    if (!d->network) continue;
    Json spec = preset("confidence");
    spec["data"]["private"] = 300, spec["data"]["auxiliary"] = 500, spec["data"]["held_out"] = 300;
    spec["defense"] = {{"kind", std::string(d->about.name)}};
    out.push_back(std::move(spec));
  }
  for (Json& spec : out)
    if (spec["model"]["kind"] == "network") spec["train"]["epochs"] = 1;
  Json update = preset("label-from-update");
  update["attack"] = {{"kind", "updates_leak"}, {"probes", 20}, {"networks", 1}, {"epochs", 1}};
  out.push_back(std::move(update));
  return out;
}

}  // namespace

TEST_CASE("every figure that a run gives is known before it runs") {
  for (const Json& spec : many_specs()) {
    INFO(spec["data"]["name"] << " " << spec["defense"]["kind"]);
    const Outcome outcome = outcome_of(spec);
    const FigureNames names = figure_names(check_spec(spec).json());
    const auto begins = [&](const std::string& name) {
      return std::any_of(names.privacy_beginnings.begin(), names.privacy_beginnings.end(), [&](const std::string& b) { return name.starts_with(b); });
    };
    for (const auto& [name, m] : outcome.result.utility) CHECK(has(names.utility, name));
    for (const auto& [name, m] : outcome.result.information) CHECK(has(names.information, name));
    for (const auto& [name, m] : outcome.result.privacy) CHECK((has(names.privacy, name) || begins(name)));
  }
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
