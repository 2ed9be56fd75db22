#include "mid/run/figure_names.hpp"

#include <algorithm>

#include "mid/attack/attack.hpp"

namespace mid {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

void add_new(Names& to, const Names& more) {
  for (const std::string& name : more)
    if (!has(to, name)) to.push_back(name);
}

}  // namespace

FigureNames figure_names(const Json& spec) {
  FigureNames out;
  const auto model = spec.at("model").at("kind").get<std::string>(), attack = spec.at("attack").at("kind").get<std::string>();
  if (model == "linear") {
    out.utility = {"rmse", "rmse_released", "rmse_rescaled", "mse", "within_20", "within_20_released"};
    out.information = {"mixture_upper", "taylor2", "mixture_lower", "information"};
  } else {
    out.utility = {"accuracy", "nll", "calibration_error", "accuracy_train", "nll_train"};
    out.information = model == "tree" ? Names{"leaf_information", "leaves"} : Names{"kl_bound", "kl_train"};
    for (const char* of_codes : {"mixture_upper", "information", "mixture_lower", "leave_one_out"})
      if (model == "network") out.information.insert(out.information.end(), {of_codes, std::string(of_codes) + "_code"});
    if (model == "network") {  // of single defences
      out.utility.emplace_back("purifier_agreement");
      out.information.insert(out.information.end(), {"conditional_kl", "conditional_kl_train", "epsilon"});
    }
  }
  const Attack* a = attack_called(attack);
  if (!a) return out;
  if (a->finds == Attack::Finds::attribute || a->finds == Attack::Finds::label) {
    out.privacy = {"advantage", "attack_accuracy", "mcc", "auc", "macro_f1", "precision", "recall"};
    out.privacy_beginnings = {"advantage_", "attack_accuracy_", "mcc_", "auc_"};
  } else {
    out.privacy = {"advantage", "line_up", "detail_back", "correlation", "psnr", "ssim"};
    out.privacy_beginnings = {"line_up_", "correlation_"};
  }
  if (a->finds == Attack::Finds::class_picture) {
    out.utility.emplace_back("judge_accuracy");
    out.privacy.insert(out.privacy.end(), {"nearest_class", "identified", "identified_top5", "feature_distance"});
  } else if (a->finds != Attack::Finds::label) {
    out.information.insert(out.information.end(), {"attacker_limit", "secret_information"});
  }
  return out;
}

void check_figure_name(const std::vector<Json>& specs, const std::string& name, bool privacy, const std::string& option) {
  if (name.empty()) return;
  Names known;
  for (const Json& spec : specs) {
    const FigureNames names = figure_names(spec);
    add_new(known, privacy ? names.privacy : names.utility);
    if (!privacy) continue;
    add_new(known, names.information);
    for (const std::string& beginning : names.privacy_beginnings)
      if (name.starts_with(beginning) && name.size() > beginning.size()) return;
  }
  if (!has(known, name)) throw Error(option, "must be a measure that the runs give, " + listed(known) + ", found " + shown(name));
}

}  // namespace mid
