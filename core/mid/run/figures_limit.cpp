#include <algorithm>
#include <cmath>
#include <numbers>

#include "mid/info/secret.hpp"
#include "mid/metric/interval.hpp"
#include "mid/run/figure_parts.hpp"
#include "mid/run/figures.hpp"

namespace mid {
namespace {

constexpr Eigen::Index kRowsOfTurn = 200;

/// What all answers together tell about a record at most, in nats; none: nothing bounds it.
std::optional<double> told_at_most(const Spec& spec, const Result& result) {
  const auto value = [&](const char* name) -> std::optional<double> {
    const auto at = result.information.find(name);
    return at == result.information.end() ? std::nullopt : at->second.value;
  };
  if (const auto bits = value("leaf_information")) return *bits * std::numbers::ln2;
  if (const auto kl = value("kl_bound")) return kl;
  if (const auto a = value("mixture_upper"); a && spec.model["kind"] == "linear") return a;
  return std::nullopt;
}

void put_limit(const std::string& of, double uncertainty, int values, Result& result) {
  const Measure& attacker = result.privacy.at(of);
  Measure limit = measure(1 - least_error(uncertainty, values), attacker.baseline.value_or(0), attacker.n, "proportion");
  result.information["attacker_limit"] = limit;
  if (attacker.low && *attacker.low > *limit.value + 1e-9)
    result.warnings.push_back(of + " is beyond attacker_limit by more than chance explains: what the answer tells was estimated too low, or the guess without it too sure of itself");
}

}  // namespace

Task measure_limit(Context& context, const Spec& spec, const Data& data, Attack::Finds finds, const Evidence& evidence, Result& result) {
  // These ask about the model, or what it learnt last, and not about an answer.
  if (finds == Attack::Finds::class_picture || finds == Attack::Finds::label) co_return;
  const std::optional<double> at_most = told_at_most(spec, result);
  if (finds == Attack::Finds::instance_picture) {
    const double chance = result.privacy.at("line_up").baseline.value_or(0);
    if (chance <= 0 || chance > .5) co_return;
    const int suspects = static_cast<int>(std::lround(1 / chance));
    put_limit("line_up", at_most ? std::log(suspects) - *at_most : 0, suspects, result);
    co_return;
  }

  const JudgedRecords judged = judged_records(data, finds);
  const std::vector<int>& rows = judged.rows;
  const int values = static_cast<int>(data.set.secret->values.size());
  if (rows.empty() || values < 2) co_return;
  const bool bells = evidence.bell_mean.size() != 0;
  double open = 0, surprise = 0;  // left without the answer: as the guess believes, and as the truth shows
  VectorXd told = VectorXd::Zero(static_cast<Eigen::Index>(rows.size()));
  for (Eigen::Index i = 0; i < told.size(); ++i) {
    const auto row = rows[static_cast<std::size_t>(i)];
    VectorXd belief = (evidence.prior.row(row).array() - evidence.prior.row(row).maxCoeff()).exp();
    belief /= belief.sum();
    open += entropy(belief) / static_cast<double>(told.size());
    surprise -= std::log(std::max(belief[judged.truth[i]], 1e-300)) / static_cast<double>(told.size());
    if (bells) told[i] = information_of_bells(belief, evidence.bell_mean.row(row), evidence.bell_sd.row(row));
    if (i % kRowsOfTurn == kRowsOfTurn - 1) co_await Tick{};
  }
  std::optional<double> about_secret = at_most;
  if (bells) {
    const auto t = list(told);
    result.information["secret_information"] = mean_with_bootstrap(t, judged.person, open, "nats", context.random.sub("bootstrap").sub("secret_information"));
    const double all = told.mean() * fresh_answers(spec);
    about_secret = at_most ? std::min(*at_most, all) : all;
  }
  // A guess that is too sure of itself leaves less open than there is, one that is too modest more: take the smaller.
  put_limit("attack_accuracy", about_secret ? std::min(open, surprise) - *about_secret : 0, values, result);
}

}  // namespace mid
