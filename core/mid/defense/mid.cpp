// MID: information that the answer tells is paid for. Networks: of a stochastic bottleneck; regression: of a noisy number;
// trees: of the leaf.
// Wang, Zhang, Jia, AAAI 2021 (arXiv 2009.05241); the bound is Alemi et al., ICLR 2017. method.md sections 4 and 4.1.
#include "mid/defense/defense.hpp"
#include "mid/model/tree/tree_grow.hpp"
#include "mid/model/tree/tree_prune.hpp"

namespace mid::defense {
namespace {

struct Spec {
  double beta = 0.01;
  static std::vector<Param> params() {
    return {param(&Spec::beta, "beta", 0, 1000, "per nat", "defense.mid.beta", "arXiv 2009.05241; method.md section 4")};
  }
};
struct LinearPrice {
  double lambda = .3, noise = 1;
  static std::vector<Param> params() {
    return {param(&LinearPrice::lambda, "lambda", 0, 1e6, "squared target units per nat", "defense.mid.lambda",
                  "arXiv 2009.05241; method.md section 2"),
            param(&LinearPrice::noise, "noise", 1e-9, 1e6, "target units", "defense.mid.noise", "method.md section 2")};
  }
};
struct TreePrice {
  double lambda = .02;
  std::string by = "growing";
  static std::vector<Param> params() {
    return {param(&TreePrice::lambda, "lambda", 0, 1000, "per bit", "defense.mid.lambda.tree", "arXiv 2009.05241; method.md section 3"),
            choice(&TreePrice::by, "by", {"growing", "pruning"}, "defense.mid.by", "method.md section 3, Pruning")};
  }
};

std::vector<Param> params() {
  std::vector<Param> all;
  for (const Param& p : Spec::params()) all.push_back(p.only_for({"network"}));
  for (const Param& p : LinearPrice::params()) all.push_back(p.only_for({"linear"}));
  for (const Param& p : TreePrice::params()) all.push_back(p.only_for({"tree"}));
  return all;
}

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.stochastic = true;
  hooks.penalty = [beta = spec.beta](Program& p, const NetworkVars& v, const Batch& batch) {
    return p.scale(p.sum(record_kl(p, v)), static_cast<float>(beta / batch.rows));
  };
  return hooks;
}

/// One start of the fit as it is noted down.
Json descent_note(const char* start, const Descent& descent) {
  constexpr const char* kEnds[] = {"converged", "steps", "rounding"};
  return {{"start", start}, {"loss", descent.loss}, {"steps", descent.steps}, {"end", kEnds[static_cast<int>(descent.end)]}};
}

Task linear(Context& context, LinearProblem problem, Json j, Linear& out, Json& notes) {
  const auto price = read<LinearPrice>(j, "defense");
  LinearMidFit fit;
  co_await fit_linear_mid(context, "fit", std::move(problem.x), std::move(problem.y), price.lambda, price.noise, fit);
  out = std::move(fit.model);
  out.noise = price.noise;
  notes["descents"] = Json::array({descent_note("ols", fit.from_ols), descent_note("shrunk", fit.from_shrunk)});
  notes["kept_start"] = fit.kept_shrunk ? "shrunk" : "ols";
}

/// Every price at which the best pruning changes, with what it leaves: lists of one length, in order of the price.
Json path_note(const std::vector<PruneStep>& path) {
  Json note{{"lambda", Json::array()}, {"leaves", Json::array()}, {"error", Json::array()}, {"information", Json::array()}};
  for (const PruneStep& step : path)
    note["lambda"].push_back(step.lambda), note["leaves"].push_back(step.leaves), note["error"].push_back(step.cost.error),
        note["information"].push_back(step.cost.information);
  return note;
}

Task tree(Context& context, TreeProblem problem, Json j, Tree& out, Json& notes) {
  const auto price = read<TreePrice>(j, "defense");
  TreePenalty penalty;
  if (price.by == "growing") penalty.lambda = price.lambda;
  co_await grow_tree(context, "fit", std::move(problem.data), problem.spec, penalty, out);
  if (price.by == "growing") co_return;
  notes["pruning"] = path_note(prune_path(out));
  co_await Tick{};
  out = pruned(out, price.lambda);
}

}  // namespace

extern const Defense mid;
const Defense mid{{"mid", "defense.mid.title", "defense.mid.summary", "Wang, Zhang, Jia, AAAI 2021 (arXiv 2009.05241)", &params},
                  &network,
                  nullptr,
                  "beta",
                  &linear,
                  &tree,
                  {1e-4, 3e-4, 1e-3, 3e-3, .01, .03, .1, .2, .4},
                  nullptr,
                  {{"by"}},
                  Mark::disc,
                  Place::code,
                  {Place::layers, Place::units, Place::targets, Place::loss, Place::answers},
                  TreePenalty::On::every_split};

}  // namespace mid::defense
