#include "mid/measure/figure.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "mid/base/error.hpp"
#include "mid/measure/figure_entry.hpp"

namespace mid {
namespace {

/// One entry a figure that is computed together with others (experiment/measure_*.cpp), in the order in which a person reads them.
constexpr auto kTogether = [] {
  using enum FigureKind::Group;
  using enum FigureKind::Interval;
  using enum FigureKind::Of;
  constexpr auto lower = FigureKind::Gain::lower, neither = FigureKind::Gain::neither;
  constexpr std::string_view kProportion = "proportion", kNats = "nats", kBits = "bits", kPure = "";
  constexpr std::string_view kMajority = "baseline.majority", kShares = "baseline.shares", kMean = "baseline.mean", kZero = "baseline.zero",
                             kChance = "baseline.chance", kPrior = "baseline.prior", kAverage = "baseline.average",
                             kAllInformation = "baseline.all_information";
  return std::to_array<FigureKind>({
      // What the model can do.
      {.key = "accuracy",
       .group = utility,
       .unit = kProportion,
       .baseline = kMajority,
       .interval = wilson,
       .models = classifiers,
       .compared = classifiers},
      {.key = "rmse", .group = utility, .unit = kUnitOfTarget, .baseline = kMean, .interval = bootstrap, .models = linear, .gain = lower},
      {.key = "rmse_released",
       .group = utility,
       .unit = kUnitOfTarget,
       .baseline = kMean,
       .interval = bootstrap,
       .models = linear,
       .gain = lower,
       .compared = linear},
      {.key = "nll", .group = utility, .unit = kNats, .baseline = kShares, .interval = none, .models = classifiers, .gain = lower},
      {.key = "accuracy_train",
       .group = utility,
       .unit = kProportion,
       .baseline = kMajority,
       .interval = wilson,
       .models = classifiers,
       .detail = true},
      {.key = "nll_train",
       .group = utility,
       .unit = kNats,
       .baseline = kShares,
       .interval = none,
       .models = classifiers,
       .gain = lower,
       .weighed = classifiers,
       .detail = true},
      {.key = "purifier_agreement", .group = utility, .unit = kProportion, .baseline = "", .interval = wilson, .models = network},
      {.key = "judge_accuracy",
       .group = utility,
       .unit = kProportion,
       .baseline = "baseline.target",
       .interval = wilson,
       .models = classifiers,
       .attacks = class_picture},
      {.key = "mse",
       .group = utility,
       .unit = kPure,
       .baseline = kMean,
       .interval = bootstrap,
       .models = linear,
       .gain = lower,
       .weighed = linear},
      {.key = "rmse_rescaled",
       .group = utility,
       .unit = kUnitOfTarget,
       .baseline = kMean,
       .interval = bootstrap,
       .models = linear,
       .gain = lower},
      {.key = "within_20", .group = utility, .unit = kProportion, .baseline = kMean, .interval = wilson, .models = linear},
      {.key = "within_20_released", .group = utility, .unit = kProportion, .baseline = kMean, .interval = wilson, .models = linear},

      // What the attacker gets.
      {.key = "line_up",
       .group = privacy,
       .unit = kProportion,
       .baseline = kChance,
       .interval = bootstrap,
       .attacks = pictures,
       .variants = pictures,
       .compared = instance_picture},
      {.key = "attack_accuracy",
       .group = privacy,
       .unit = kProportion,
       .baseline = kPrior,
       .interval = wilson,
       .attacks = values,
       .variants = values,
       .compared = values},
      {.key = "advantage",
       .group = privacy,
       .unit = kProportion,
       .baseline = kPrior,
       .interval = bootstrap,
       .attacks = values | pictures,
       .variants = values,
       .drawn_first = true},
      {.key = "attack_accuracy_same_noise",
       .group = privacy,
       .unit = kProportion,
       .baseline = kPrior,
       .interval = wilson,
       .attacks = label},
      {.key = "attack_accuracy_fresh_noise",
       .group = privacy,
       .unit = kProportion,
       .baseline = kPrior,
       .interval = wilson,
       .attacks = label},
      {.key = "attack_accuracy_mean", .group = privacy, .unit = kProportion, .baseline = kPrior, .interval = wilson, .attacks = label},
      {.key = "attack_accuracy_no_update", .group = privacy, .unit = kProportion, .baseline = kPrior, .interval = wilson, .attacks = label},
      {.key = "mcc", .group = privacy, .unit = kPure, .baseline = kPrior, .interval = bootstrap, .attacks = values, .variants = values},
      {.key = "auc", .group = privacy, .unit = kPure, .baseline = kPrior, .interval = bootstrap, .attacks = values, .variants = values},
      {.key = "tpr_at_fpr_10",
       .group = privacy,
       .unit = kProportion,
       .baseline = kChance,
       .interval = bootstrap,
       .attacks = membership,
       .variants = membership},
      {.key = "tpr_at_fpr_1",
       .group = privacy,
       .unit = kProportion,
       .baseline = kChance,
       .interval = bootstrap,
       .attacks = membership,
       .variants = membership},
      {.key = "r_squared",
       .formerly = "detail_back",
       .group = privacy,
       .unit = kProportion,
       .baseline = kAverage,
       .interval = bootstrap,
       .attacks = pictures},
      {.key = "correlation",
       .group = privacy,
       .unit = kPure,
       .baseline = kAverage,
       .interval = bootstrap,
       .attacks = pictures,
       .variants = pictures,
       .compared = class_picture},
      {.key = "ssim", .group = privacy, .unit = kPure, .baseline = kAverage, .interval = bootstrap, .attacks = pictures},
      {.key = "identified",
       .group = privacy,
       .unit = kProportion,
       .baseline = kAverage,
       .interval = bootstrap,
       .models = classifiers,
       .attacks = class_picture},
      {.key = "identified_top5",
       .group = privacy,
       .unit = kProportion,
       .baseline = kAverage,
       .interval = bootstrap,
       .models = classifiers,
       .attacks = class_picture},
      {.key = "feature_distance",
       .group = privacy,
       .unit = kPure,
       .baseline = kAverage,
       .interval = bootstrap,
       .models = classifiers,
       .attacks = class_picture,
       .gain = lower},
      {.key = "nearest_class", .group = privacy, .unit = kProportion, .baseline = kChance, .interval = wilson, .attacks = class_picture},
      {.key = "macro_f1", .group = privacy, .unit = kPure, .baseline = kPrior, .interval = bootstrap, .attacks = values},
      {.key = "precision", .group = privacy, .unit = kProportion, .baseline = "baseline.share", .interval = bootstrap, .attacks = values},
      {.key = "recall", .group = privacy, .unit = kProportion, .baseline = kPrior, .interval = bootstrap, .attacks = values},

      // What the answer tells.
      {.key = "kl_bound",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = bootstrap,
       .models = network,
       .bound = network},
      {.key = "kl_train",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = bootstrap,
       .models = network,
       .weighed = network,
       .detail = true},
      {.key = "conditional_kl", .group = information, .unit = kNats, .baseline = kZero, .interval = bootstrap, .models = network},
      {.key = "conditional_kl_train",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = bootstrap,
       .models = network,
       .detail = true},
      {.key = "epsilon", .group = information, .unit = kPure, .baseline = kZero, .interval = none},
      {.key = "mixture_upper",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = none,
       .models = linear | network,
       .weighed = linear,
       .bound = linear},
      {.key = "taylor2", .group = information, .unit = kNats, .baseline = kZero, .interval = none, .models = linear},
      {.key = "mixture_lower", .group = information, .unit = kNats, .baseline = kZero, .interval = none, .models = linear | network},
      {.key = "information",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = standard_error,
       .models = linear | network,
       .estimate = linear | network,
       .saturates = true},
      {.key = "leave_one_out", .group = information, .unit = kNats, .baseline = kZero, .interval = standard_error, .models = network},
      {.key = "mixture_upper_embedding",
       .formerly = "mixture_upper_code",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = none,
       .models = network},
      {.key = "information_embedding",
       .formerly = "information_code",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = standard_error,
       .models = network,
       .saturates = true},
      {.key = "mixture_lower_embedding",
       .formerly = "mixture_lower_code",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = none,
       .models = network},
      {.key = "leave_one_out_embedding",
       .formerly = "leave_one_out_code",
       .group = information,
       .unit = kNats,
       .baseline = kZero,
       .interval = standard_error,
       .models = network},
      {.key = "leaf_information",
       .group = information,
       .unit = kBits,
       .baseline = kZero,
       .interval = none,
       .models = tree,
       .estimate = tree},
      {.key = "secret_information",
       .group = information,
       .unit = kNats,
       .baseline = kAllInformation,
       .interval = bootstrap,
       .attacks = attribute | instance_picture},
      {.key = "attacker_limit",
       .group = information,
       .unit = kProportion,
       .baseline = kPrior,
       .interval = none,
       .attacks = attribute | instance_picture,
       .no_limit_from = 1},
      // Of Gaussian people: what no attacker's r_squared exceeds.
      {.key = "ceiling",
       .group = information,
       .unit = kProportion,
       .baseline = kZero,
       .interval = none,
       .models = network,
       .attacks = instance_picture,
       .no_limit_from = 1},
      {.key = "ceiling_van_trees",
       .group = information,
       .unit = kProportion,
       .baseline = kZero,
       .interval = none,
       .models = network,
       .attacks = instance_picture,
       .detail = true,
       .no_limit_from = 1},
      {.key = "ceiling_rate_distortion",
       .group = information,
       .unit = kProportion,
       .baseline = kZero,
       .interval = none,
       .models = network,
       .attacks = instance_picture,
       .detail = true,
       .no_limit_from = 1},
      {.key = "ceiling_cem",
       .group = information,
       .unit = kProportion,
       .baseline = kZero,
       .interval = none,
       .models = network,
       .attacks = instance_picture,
       .detail = true,
       .no_limit_from = 1},
      {.key = "ceiling_fisher",
       .group = information,
       .unit = kProportion,
       .baseline = kZero,
       .interval = none,
       .models = network,
       .attacks = instance_picture,
       .detail = true,
       .no_limit_from = 1},
      {.key = "leaves",
       .group = information,
       .unit = kPure,
       .baseline = "baseline.one_leaf",
       .interval = none,
       .models = tree,
       .gain = neither},
  });
}();

/// Whether `name` is the figure `key` of an attacker with a name: "line_up_mean" of line_up.
bool is_variant(std::string_view name, std::string_view key) {
  return name.size() > key.size() + 1 && name.starts_with(key) && name[key.size()] == '_';
}

/// Those and the ones with a file of their own, each in its place.
std::vector<FigureKind> all_figures() {
  std::vector<FigureKind> out(kTogether.begin(), kTogether.end());
  for (const FigureEntry* entry : figure_entries()) {
    auto at = std::ranges::find(out, entry->after, &FigureKind::key);
    if (at == out.end())
      at = std::ranges::find_if(out.rbegin(), out.rend(), [&](const FigureKind& f) { return f.group == entry->kind.group; }).base() - 1;
    out.insert(at + 1, entry->kind);
  }
  return out;
}

}  // namespace

std::span<const FigureKind> figure_kinds() {
  static const std::vector<FigureKind> all = all_figures();
  return all;
}

const FigureKind* figure_kind(std::string_view name) {
  const FigureKind* of = nullptr;
  for (const FigureKind& f : figure_kinds()) {
    if (f.key == name) return &f;
    if (f.variants && is_variant(name, f.key) && (!of || of->key.size() < f.key.size())) of = &f;
  }
  return of;
}

std::string renamed_figure(std::string_view name) {
  if (figure_kind(name)) return {};
  for (const FigureKind& f : figure_kinds())
    if (!f.formerly.empty() && (name == f.formerly || is_variant(name, f.formerly)))
      return std::string(f.key) + std::string(name.substr(f.formerly.size()));
  return {};
}

void refuse_renamed_figure(std::string_view name, const std::string& field) {
  if (const std::string now = renamed_figure(name); !now.empty())
    throw Error(field, Message("refusal.renamed_figure").with("old", std::string(name)).with("now", now));
}

bool reads_before(std::string_view a, std::string_view b) {
  const auto place = [](std::string_view name) {
    return std::pair(std::ranges::find(figure_kinds(), name, &FigureKind::key) - figure_kinds().begin(), name);
  };
  return place(a) < place(b);
}

bool gains_when_lower(std::string_view name) {
  const FigureKind* kind = figure_kind(name);
  return kind && kind->gain == FigureKind::Gain::lower;
}

std::string_view picked_figure(FigureKind::Group group, unsigned FigureKind::* purpose, unsigned of) {
  for (const FigureKind& f : figure_kinds())
    if (f.group == group && (f.*purpose & of)) return f.key;
  return {};
}

std::string_view group_name(FigureKind::Group group) {
  switch (group) {
    case FigureKind::Group::utility: return "utility";
    case FigureKind::Group::privacy: return "privacy";
    case FigureKind::Group::information: return "information";
  }
  return {};
}

FigureKind::Of model_bit(std::string_view kind) {
  return kind == "linear"      ? FigureKind::linear
         : kind == "tree"      ? FigureKind::tree
         : kind == "network"   ? FigureKind::network
         : kind == "black_box" ? FigureKind::every_model  // what it answers depends on the data
                               : FigureKind::nobody;
}

}  // namespace mid
