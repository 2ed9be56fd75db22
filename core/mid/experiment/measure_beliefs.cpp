#include "mid/experiment/measures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "mid/experiment/measure_parts.hpp"
#include "mid/measure/attribute.hpp"
#include "mid/measure/classification.hpp"
#include "mid/measure/interval.hpp"
#include "mid/measure/true_positive_rate.hpp"

namespace mid {
namespace {

constexpr int kShownBeliefs = 1000;

/// How far the belief of each row leans to the value `positive` of two: ln of the odds, which compare between rows. Where
/// neither value is possible the prior decides. Differences below 1e-9 are rounding and no ranking.
VectorXd leaning(const MatrixD& log_posterior, const MatrixD& prior, int positive) {
  VectorXd out(log_posterior.rows());
  for (Eigen::Index i = 0; i < out.size(); ++i) {
    const MatrixD& by =
        std::max(log_posterior(i, 0), log_posterior(i, 1)) > -std::numeric_limits<double>::infinity() ? log_posterior : prior;
    out[i] = std::round((by(i, positive) - by(i, 1 - positive)) * 1e9) / 1e9;
  }
  return out;
}

/// What a belief is about, and in which words: what the values are called, and the thing itself.
struct Question {
  std::vector<std::string> values;
  std::string about;
};

Question question_of(const Dataset& set, Attack::Finds finds) {
  switch (finds) {
    case Attack::Finds::label: return {set.classes, set.target_name};
    case Attack::Finds::membership: return {{"stranger", "member"}, "membership"};
    default: return {set.secret->values, set.secret->name};
  }
}

/// The rates at which an attack on membership is looked at: with few strangers the smaller one says nothing.
constexpr double kModestRate = .1, kSmallRate = .01;
constexpr int kEnoughStrangers = 1000;

/// Of an attack on membership: names of the figures at fixed false-positive rates, with those rates.
std::vector<std::pair<std::string, double>> rates_of(Attack::Finds finds, const VectorXi& truth) {
  if (finds != Attack::Finds::membership) return {};
  std::vector<std::pair<std::string, double>> out{{"tpr_at_fpr_10", kModestRate}};
  if ((truth.array() == 0).count() >= kEnoughStrangers) out.emplace_back("tpr_at_fpr_1", kSmallRate);
  return out;
}

/// Adds those figures to `privacy`, and their resamples behind those of `also`.
void add_rates(const std::vector<std::pair<std::string, double>>& rates, const std::string& suffix, const VectorXd& ranked,
               const VectorXi& truth, std::map<std::string, Measure>& privacy, AlsoResampled& also) {
  if (rates.empty()) return;
  const auto found = std::make_shared<TruePositiveRate>(ranked, truth.array() == 1);
  const std::size_t before = also.measures.size();
  for (const auto& [name, rate] : rates) {
    Measure& m = privacy[name + suffix];
    m = measure(found->at(rate), rate, static_cast<int>(truth.sum()), "proportion");
    also.measures.push_back(&m);
  }
  also.of = [others = also.of, found, before, rates](std::span<const int> weight, std::span<double> figures) {
    others(weight, figures.first(before));
    for (std::size_t i = 0; i < rates.size(); ++i) figures[before + i] = found->at(rates[i].second, weight);
  };
}

/// Of each row, from logarithms up to a constant.
MatrixD probabilities(MatrixD p) {
  p.colwise() -= p.rowwise().maxCoeff().eval();
  p = p.array().exp();
  p.array().colwise() /= p.rowwise().sum().eval().array();
  return p;
}

}  // namespace

Task measure_beliefs(const Data& data, Attack::Finds finds, const AttackResult& attack_result, Stream random, OnSheets on_sheets,
                     Outcome& out) {
  const Question question = question_of(data.set, finds);
  const std::vector<std::string>& names = question.values;
  const JudgedRecords judged = judged_records(data, finds);
  const std::vector<int>&rows = judged.rows, &person = judged.person;
  const int values = static_cast<int>(names.size()), n = static_cast<int>(rows.size());
  const auto pick = [&](const MatrixD& m) {
    MatrixD kept(n, m.cols());
    for (int i = 0; i < n; ++i) kept.row(i) = m.row(rows[static_cast<std::size_t>(i)]);
    return kept;
  };
  const VectorXi& truth = judged.truth;
  const double work_of_look = 10. * n * values;  // of every matrix of beliefs, read a few times
  const MatrixD log_posterior = pick(attack_result.log_posterior), prior = pick(attack_result.prior);
  if (tick_due(2 * work_of_look)) co_await Tick{};
  const VectorXi guess = guesses(log_posterior, prior), before = guesses(prior, prior);
  const VectorXd won = wins(guess, truth), won_before = wins(before, truth);

  auto& privacy = out.result.privacy;
  privacy["attack_accuracy"] = proportion(won.sum(), n, n ? won_before.sum() / n : 0);
  const auto w = list(won), w_before = list(won_before);
  privacy["attack_accuracy"].halves = halves(w, person);
  if (tick_due(work_of_look)) co_await Tick{};
  privacy["macro_f1"] = measure(macro_f1(guess, truth, values), macro_f1(before, truth, values), n, "");
  AlsoResampled also{{&privacy["macro_f1"]}};
  const int positive = finds == Attack::Finds::membership ? 1 : values == 2 ? rarest_value(truth, values) : -1;
  const auto rates = rates_of(finds, truth);
  VectorXd ranked;
  if (values == 2) {
    const Claims made = claims(guess, truth, positive);
    ranked = leaning(log_posterior, prior, positive);
    privacy["precision"] = measure(precision(made), n ? static_cast<double>((truth.array() == positive).count()) / n : 0, n, "proportion");
    privacy["recall"] = measure(recall(made), recall(claims(before, truth, positive)), n, "proportion");
    privacy["mcc"] = measure(matthews(guess, truth, positive), matthews(before, truth, positive), n, "");
    privacy["auc"] =
        measure(auc(ranked, truth.array() == positive), auc(leaning(prior, prior, positive), truth.array() == positive), n, "");
    for (const char* name : {"precision", "recall", "mcc", "auc"}) also.measures.push_back(&privacy[name]);
  }
  const ResampledGuesses resampled(guess, truth, values, positive, ranked);
  also.of = [&](std::span<const int> weight, std::span<double> figures) { resampled.figures(weight, figures); };
  add_rates(rates, "", ranked, truth, privacy, also);
  co_await paired_advantage(w, w_before, person, random.sub("advantage"), also, privacy["advantage"]);

  for (const auto& [name, other] : attack_result.more) {
    if (tick_due(3 * work_of_look + 200. * n)) co_await Tick{};
    const MatrixD belief = pick(other);
    const VectorXi named = guesses(belief, prior);
    const VectorXd won_by = wins(named, truth);
    const auto w_by = list(won_by);
    privacy["attack_accuracy_" + name] = proportion(won_by.sum(), n, n ? won_before.sum() / n : 0);
    privacy["attack_accuracy_" + name].halves = halves(w_by, person);
    AlsoResampled too;
    Measure unused;
    VectorXd ranked_by;
    if (values == 2) {
      ranked_by = leaning(belief, prior, positive);
      privacy["mcc_" + name] = measure(matthews(named, truth, positive), matthews(before, truth, positive), n, "");
      privacy["auc_" + name] =
          measure(auc(ranked_by, truth.array() == positive), auc(leaning(prior, prior, positive), truth.array() == positive), n, "");
      too.measures = {&unused, &unused, &unused, &privacy["mcc_" + name], &privacy["auc_" + name]};
    }
    const ResampledGuesses resampled_by(named, truth, values, positive, ranked_by);
    too.of = [&](std::span<const int> weight, std::span<double> figures) { resampled_by.figures(weight, figures); };
    add_rates(rates, "_" + name, ranked_by, truth, privacy, too);
    co_await paired_advantage(w_by, w_before, person, random.sub("advantage").sub(name), too, privacy["advantage_" + name]);
  }

  if (const auto entries = entries_of(out.result, &FigureEntry::of_beliefs); !entries.empty()) {
    const MatrixD belief = probabilities(log_posterior), guessed = probabilities(prior);
    for (const FigureEntry* f : entries) {
      if (tick_due(2 * work_of_look)) co_await Tick{};
      const double without = f->baseline ? *f->baseline : f->of_beliefs(guessed, truth).mean();
      const std::string name(f->kind.key);
      co_await mean_with_bootstrap(list(f->of_beliefs(belief, truth)), person, without, std::string(f->kind.unit), random.sub(name),
                                   privacy[name]);
    }
  }

  if (tick_due(400. * n)) co_await Tick{};
  const int shown = on_sheets == OnSheets::all_victims ? n : std::min(n, kShownBeliefs);
  BeliefSheet sheet;
  sheet.values = names, sheet.credit = data.set.credit, sheet.secret = question.about;
  sheet.before = probabilities(prior.topRows(shown)), sheet.after = probabilities(log_posterior.topRows(shown)),
  sheet.truth = truth.head(shown);
  if (attack_result.answer.size()) {
    sheet.conditional_mean = pick(attack_result.conditional_mean).topRows(shown),
    sheet.conditional_sd = pick(attack_result.conditional_sd).topRows(shown);
    sheet.answer.resize(shown);
    for (int i = 0; i < shown; ++i) sheet.answer[i] = attack_result.answer[rows[static_cast<std::size_t>(i)]];
  }
  if (data.set.target.size()) {
    // In the target's own units, whatever the model was fitted in.
    const double mean = data.set.target_mean, sd = data.set.target_sd;
    sheet.conditional_mean = (mean + sd * sheet.conditional_mean.array()).matrix(), sheet.conditional_sd *= sd;
    sheet.answer = (mean + sd * sheet.answer.array()).matrix();
    const VectorXd target = rows_of(data.set.target, data.split.attacked);
    sheet.target.resize(shown), sheet.root = data.set.target_is_root;
    for (int i = 0; i < shown; ++i) sheet.target[i] = data.set.readable(target[rows[static_cast<std::size_t>(i)]]);
  }
  out.beliefs = std::move(sheet);
}

}  // namespace mid
