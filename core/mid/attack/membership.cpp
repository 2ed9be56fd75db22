// Whether the model learnt from a record that the attacker holds. Two attackers: one looks how well the record is fitted (Yeom et al.,
// CSF 2018), one compares that with models of its own which never saw it (Carlini et al., IEEE S&P 2022, offline form).
#include <algorithm>
#include <cmath>
#include <tuple>

#include "mid/attack/attack.hpp"
#include "mid/attack/belief/membership_score.hpp"
#include "mid/base/error.hpp"
#include "mid/model/linear/logistic.hpp"

namespace mid::attack {
namespace {

struct Spec {
  int shadows = 16, repeats = 1;
  static std::vector<Param> params() {
    return {param(&Spec::shadows, "shadows", 4, 1000, "models", "attack.membership.shadows", "Carlini et al., IEEE S&P 2022"),
            param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.repeats")};
  }
};

using Flags = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;
constexpr int kLeastOwn = 8;
constexpr double kRidge = 1e-3;  // of the one weight that turns a score into a belief

/// What models of the attacker's own answer, a row each: about the records asked for, and about its own.
struct Shadows {
  MatrixD statistic, own_statistic, own_fit;
  void pack(Packer& out) const { out.add(statistic), out.add(own_statistic), out.add(own_fit); }
  void unpack(Unpacker& in) { in.get_same(statistic), in.get_same(own_statistic), in.get_same(own_fit); }
  static auto members(Shadows& s) { return std::tie(s); }
};

/// Adds what the oracle answers about its victims, `repeats` times.
Task overhear(Context& context, Oracle& oracle, int repeats, AnswersToOutcome& out) {
  for (int repeat = 0; repeat < repeats; ++repeat) {
    Answers answer;
    co_await oracle.observe(context, repeat, answer);
    out.add(answer);
    if (tick_due(25. * static_cast<double>(answer.value.size()))) co_await Tick{};
  }
}

/// ln of the beliefs (stranger, member) that a score stands for. The threshold tells the attacker's own records apart best; how sure a
/// score is beyond it is that of a logistic model of them.
Task beliefs(Context& context, VectorXd score, std::vector<std::pair<double, bool>> own, MatrixD& out) {
  count_work(60. * static_cast<double>(own.size()));
  const double threshold = best_threshold(own);
  co_await Tick{};
  double size = 0;
  for (const auto& [s, member] : own) size += std::pow(s - threshold, 2) / static_cast<double>(own.size());
  size = size > 0 ? std::sqrt(size) : 1;
  Matrix x(static_cast<Eigen::Index>(own.size()), 1);
  VectorXi member(x.rows());
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const auto& [s, is_member] = own[static_cast<std::size_t>(i)];
    x(i, 0) = static_cast<float>((s - threshold) / size), member[i] = is_member ? 1 : 0;
  }
  SparseRows rows;
  co_await sparse(std::move(x), rows);
  Logistic logistic;
  co_await fit_logistic(context, std::move(rows), std::move(member), 2, kRidge, logistic);
  // Where fitting says nothing about the own records the order of the scores still stands.
  const double slope = std::max(-logistic.weight(0, 0), 1e-3) / size;
  out = MatrixD::Zero(score.size(), 2);
  out.col(1) = slope * (score.array() - threshold);
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& auxiliary = knowledge.auxiliary;
  if (oracle.release_spec().of_embedding) throw Error("release.of", Message("refusal.needs_answer"));
  const bool number = oracle.classes() == 0;
  const int victims = oracle.victims();
  std::vector<int> own_rows;  // those with an outcome
  for (int row = 0; row < auxiliary.rows(); ++row)
    if (number || auxiliary.label[row] >= 0) own_rows.push_back(row);
  const int own = static_cast<int>(own_rows.size());
  if (own < kLeastOwn)
    throw Error("data.auxiliary",
                Message("refusal.membership_own").with("found", std::to_string(own)).with("least", std::to_string(kLeastOwn)));
  const Dataset mine = subset(auxiliary, own_rows);
  co_await Tick{};
  const auto outcomes = [&](const VectorXi& label, const VectorXd& target) {
    return AnswersToOutcome(number ? VectorXi() : label, number ? target : VectorXd(), oracle.release().cut->quantisation_half_width);
  };
  const int repeats = oracle.fresh() ? spec.repeats : 1;

  // Each shadow learns from a random half of the own records, or from as many as the owner's model if those are fewer: of the others it
  // says what strangers look like.
  const int each = std::min(own / 2, knowledge.training_records);
  Flags saw(spec.shadows, own), asked(spec.shadows, own);  // asked: as many again that it did not see, by which thresholds are learnt
  for (int k = 0; k < spec.shadows; ++k) {
    const std::vector<int> order = permutation(context.random.sub("shadow rows").sub(static_cast<std::uint64_t>(k)), own);
    for (int i = 0; i < own; ++i) {
      const int row = order[static_cast<std::size_t>(i)];
      saw(k, row) = i < each, asked(k, row) = i < 2 * each;
    }
  }
  Shadows shadows{MatrixD::Zero(spec.shadows, victims), MatrixD::Zero(spec.shadows, own), MatrixD::Zero(spec.shadows, own)};
  for (Loop shadow(context, "membership shadows", spec.shadows, shadows); shadow; co_await shadow.next()) {
    const int k = *shadow;
    std::vector<int> learnt;
    for (int i = 0; i < own; ++i)
      if (saw(k, i)) learnt.push_back(i);
    const Stream random{context.random.sub("shadow").sub(static_cast<std::uint64_t>(k)).name};
    Model like;
    Dataset set = mine;
    co_await knowledge.recipe.train(context, std::move(set), std::move(learnt), random, like);
    AnswersToOutcome about = outcomes(knowledge.label, knowledge.target), about_own = outcomes(mine.label, mine.target);
    Oracle ask_about(like, oracle.release_spec(), Access::scores, knowledge.known, random.sub("about"));
    Oracle ask_own(like, oracle.release_spec(), Access::scores, mine.inputs, random.sub("own"));
    co_await overhear(context, ask_about, repeats, about);
    co_await overhear(context, ask_own, repeats, about_own);
    shadows.statistic.row(k) = about.statistic().transpose();
    shadows.own_statistic.row(k) = about_own.statistic().transpose(), shadows.own_fit.row(k) = about_own.fit().transpose();
    context.progress.begin("attacking", spec.shadows, "network");
    context.progress.done = k + 1;
  }

  AnswersToOutcome heard = outcomes(knowledge.label, knowledge.target);
  co_await overhear(context, oracle, spec.repeats, heard);

  // What both attackers' scores mean they learn from their own records: each shadow in turn is the one that is asked, and those of
  // the others that did not learn from a record say what is usual.
  std::vector<std::pair<double, bool>> own_ratio, own_gap;
  for (int k = 0; k < spec.shadows; ++k) {
    Flags counts = !saw;
    counts.row(k) = false;
    const VectorXd score =
        ratio_scores(shadows.own_statistic.row(k).transpose(), shadows.own_statistic, counts, number ? mine.target : VectorXd());
    for (int i = 0; i < own; ++i) {
      if (!asked(k, i)) continue;
      own_ratio.emplace_back(score[i], saw(k, i));
      own_gap.emplace_back(shadows.own_fit(k, i), saw(k, i));
    }
    if (tick_due(12. * static_cast<double>(counts.size()))) co_await Tick{};
  }
  const VectorXd score = ratio_scores(heard.statistic(), shadows.statistic, Flags::Constant(spec.shadows, victims, true),
                                      number ? knowledge.target : VectorXd());
  co_await beliefs(context, score, std::move(own_ratio), out.log_posterior);
  co_await beliefs(context, heard.fit(), std::move(own_gap), out.more["gap"]);
  out.prior = MatrixD::Constant(victims, 2, std::log(.5));
  out.notes["shadow_records"] = each;
}

}  // namespace

extern const Attack membership;
const Attack membership{{"membership",
                         "attack.membership.title",
                         "attack.membership.summary",
                         "Carlini et al., IEEE S&P 2022; Yeom et al., CSF 2018",
                         &Spec::params,
                         {"network", "linear", "tree"}},
                        Access::scores,
                        Attack::Finds::membership,
                        &run};

}  // namespace mid::attack
