#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "mid/experiment/measure_parts.hpp"
#include "mid/experiment/measures.hpp"
#include "mid/info/secret.hpp"
#include "mid/measure/interval.hpp"
#include "mid/model/linear/logistic.hpp"

namespace mid {
namespace {

constexpr double kMostWork = 1e11;          // of secret_information: minutes
constexpr std::size_t kGuessRows = 10'000;  // enough for what a logistic model can learn
constexpr std::size_t kIndicators = 30;     // a column of more different values than this counts as a number
constexpr double kRidge = 1e-3;

/// Columns as a logistic model wants them, fitted to the rows it learns from: an indicator for every value but the first of a
/// column with few values, the standardised number of others. Missing is a value of its own, or the mean.
class Features {
 public:
  Task learn(const MatrixD& x) {
    for (Eigen::Index c = 0; c < x.cols(); ++c) {
      if (tick_due(30. * static_cast<double>(x.rows()))) co_await Tick{};
      std::set<double> seen;
      bool missing = false;
      double sum = 0, square = 0, n = 0;
      for (Eigen::Index r = 0; r < x.rows(); ++r) {
        const double v = x(r, c);
        if (std::isnan(v))
          missing = true;
        else
          sum += v, square += v * v, ++n;
        if (!std::isnan(v) && seen.size() <= kIndicators) seen.insert(v);
      }
      Column column;
      if (seen.size() <= kIndicators) {
        column.indicators.assign(seen.begin(), seen.end());
        if (!column.indicators.empty()) column.indicators.erase(column.indicators.begin());
        if (missing) column.indicators.push_back(std::nan(""));
      } else {
        column.number = true, column.mean = sum / n, column.sd = std::sqrt(std::max(square / n - column.mean * column.mean, 1e-12));
      }
      width_ += column.number ? 1 : static_cast<Eigen::Index>(column.indicators.size());
      columns_.push_back(std::move(column));
    }
  }
  Task of(const MatrixD& x, SparseRows& out) const {
    out = {};
    out.inputs = width_;
    for (Eigen::Index r = 0; r < x.rows(); ++r) {
      int to = 0;
      for (Eigen::Index c = 0; c < x.cols(); ++c) {
        const Column& column = columns_[static_cast<std::size_t>(c)];
        const double v = x(r, c);
        if (column.number) out.add(to++, std::isnan(v) ? 0.f : static_cast<float>((v - column.mean) / column.sd));
        for (const double value : column.indicators) out.add(to++, v == value || (std::isnan(v) && std::isnan(value)) ? 1.f : 0.f);
      }
      out.end_row();
      if (tick_due(4. * to)) co_await Tick{};
    }
  }

 private:
  struct Column {
    bool number = false;
    double mean = 0, sd = 1;
    std::vector<double> indicators;
  };
  std::vector<Column> columns_;
  Eigen::Index width_ = 0;
};

/// ln of the belief in each value of the secret of the attacked records, by what the attacker knows of them alone: a logistic
/// model of everybody else's records. An attack that starts from how common the values are needs this beside it: what the rest
/// of the record says must not be put down to the answer.
Task guess_from_the_rest(Context& context, const Data& data, const Knowledge& knowledge, MatrixD& out, bool& converged) {
  const Secret& secret = *data.set.secret;
  std::vector<int> columns;
  for (int c = 0; c < data.set.inputs.cols(); ++c) {
    bool known = std::find(secret.inputs.begin(), secret.inputs.end(), c) == secret.inputs.end();
    for (const Unknown& u : knowledge.unknown) known = known && std::find(u.inputs.begin(), u.inputs.end(), c) == u.inputs.end();
    if (known) columns.push_back(c);
  }
  std::vector<char> is_other(static_cast<std::size_t>(data.set.rows()), 0);
  const auto mark = [&](const std::vector<int>& part, char as) {
    for (const int row : part) is_other[static_cast<std::size_t>(row)] = as;
  };
  mark(data.split.train, 1), mark(data.split.test, 1), mark(data.split.auxiliary, 1), mark(data.split.attacked, 0);
  std::vector<int> others;
  for (int row = 0; row < data.set.rows(); ++row)
    if (is_other[static_cast<std::size_t>(row)]) others.push_back(row);
  count_work(6. * data.set.rows());
  const std::vector<int> rows = spread_over(others, kGuessRows);
  const auto known_of = [&](const std::vector<int>& of) {
    count_work(6. * static_cast<double>(of.size()) * static_cast<double>(data.set.inputs.cols()));
    return MatrixD(rows_of(data.set.inputs, of)(Eigen::all, columns).cast<double>());
  };
  if (rows.empty() || columns.empty()) {
    out.resize(0, 0);
    co_return;
  }
  const MatrixD learnt = known_of(rows);
  co_await Tick{};
  Features features;
  co_await features.learn(learnt);
  SparseRows seen;
  co_await features.of(learnt, seen);
  Logistic logistic;
  co_await fit_logistic(context, std::move(seen), rows_of(secret.of_row, rows), static_cast<int>(secret.values.size()), kRidge, logistic);
  converged = logistic.converged;
  const MatrixD attacked = known_of(data.split.attacked);
  co_await Tick{};
  co_await features.of(attacked, seen);
  co_await log_probability(logistic, std::move(seen), out);
}

/// Whether the belief is the same for every record.
bool is_constant(const MatrixD& belief) {
  count_work(4. * static_cast<double>(belief.size()));
  return (belief.rowwise() - Eigen::RowVectorXd(belief.row(0))).cwiseAbs().maxCoeff() < 1e-12;
}

/// What all answers together tell about a record at most, in nats; none: nothing bounds it.
std::optional<double> leakage_bound(const Spec& spec, const Release& release, std::size_t classes, const Result& result) {
  const auto value = [&](const char* name) -> std::optional<double> {
    const auto at = result.information.find(name);
    return at == result.information.end() ? std::nullopt : at->second.value;
  };
  if (const auto bits = value("leaf_information")) {
    const double label = *release.form == AnswerForm::label ? std::log(static_cast<double>(classes)) : *bits;
    return std::min(*bits * std::numbers::ln2, label);
  }
  if (const auto kl = value("kl_bound")) return kl;
  if (const auto a = value("mixture_upper"); a && spec.model["kind"] != "network") return a;
  return std::nullopt;
}

/// `floor`: what is right without any answer.
void put_limit(const std::string& of, double uncertainty, int values, double floor, Result& result) {
  const Measure& attacker = result.privacy.at(of);
  Measure limit = measure(std::max({1 - least_error(uncertainty, values), floor, attacker.baseline.value_or(0)}),
                          attacker.baseline.value_or(0), attacker.n, "proportion");
  result.information["attacker_limit"] = limit;
  if (attacker.low && *attacker.low > *limit.value + 1e-9) result.warnings.push_back(Message("warning.beyond_limit").with("figure", of));
}

}  // namespace

Task measure_limit(Context& context, const Spec& spec, const Release& release, const Data& data, Attack::Finds finds,
                   const Knowledge& knowledge, const AttackResult& attack_result, Result& result) {
  // These ask about the model, or what it learnt last, and not about an answer.
  if (finds == Attack::Finds::class_picture || finds == Attack::Finds::label || finds == Attack::Finds::membership) co_return;
  const std::optional<double> at_most = leakage_bound(spec, release, data.set.classes.size(), result);
  if (finds == Attack::Finds::instance_picture) {
    const double chance = result.privacy.at("line_up").baseline.value_or(0);
    if (chance <= 0 || chance > .5) co_return;
    const int suspects = static_cast<int>(std::lround(1 / chance));
    put_limit("line_up", at_most ? std::log(suspects) - *at_most : 0, suspects, 0, result);
    co_return;
  }

  const JudgedRecords judged = judged_records(data, finds);
  const std::vector<int>& rows = judged.rows;
  const int values = static_cast<int>(data.set.secret->values.size());
  if (rows.empty() || values < 2) co_return;
  MatrixD prior = attack_result.prior;
  if (is_constant(prior)) {
    MatrixD guess;
    bool converged = true;
    co_await guess_from_the_rest(context, data, knowledge, guess, converged);
    if (!converged) {
      result.warnings.push_back(Message("warning.limit_left_out"));
      co_return;
    }
    if (guess.size()) prior = std::move(guess);
  }
  const bool bells = attack_result.conditional_mean.size() != 0;
  const std::optional<Cells>& cells = release.cut->cells;
  double open = 0, surprise = 0,
         right = 0;  // left without the answer: as the guess believes, and as the truth shows; guesses that are right
  double work = 0;
  VectorXd information = VectorXd::Zero(static_cast<Eigen::Index>(rows.size()));
  for (Eigen::Index i = 0; i < information.size(); ++i) {
    const auto row = rows[static_cast<std::size_t>(i)];
    VectorXd belief = (prior.row(row).array() - prior.row(row).maxCoeff()).exp();
    belief /= belief.sum();
    Eigen::Index likeliest = 0;
    belief.maxCoeff(&likeliest);
    open += entropy(belief) / static_cast<double>(information.size());
    surprise -= std::log(std::max(belief[judged.truth[i]], 1e-300)) / static_cast<double>(information.size());
    right += (likeliest == judged.truth[i] ? 1. : 0.) / static_cast<double>(information.size());
    if (bells) {
      const VectorXd mean = attack_result.conditional_mean.row(row), sd = attack_result.conditional_sd.row(row);
      if (cells)
        co_await information_of_cells(belief, mean, sd, *cells, information[i], work);
      else
        co_await information_of_bells(belief, mean, sd, information[i], work);
    }
    if (work > kMostWork) {
      result.warnings.push_back(Message("warning.secret_left_out")
                                    .with("values", std::to_string(values))
                                    .with("secret", shown(data.set.secret->name))
                                    .with("records", std::to_string(information.size())));
      co_return;
    }
    if (tick_due(40. * values)) co_await Tick{};
  }
  std::optional<double> about_secret = at_most;
  if (bells) {
    const auto t = list(information);
    co_await mean_with_bootstrap(t, judged.person, open, "nats", context.random.sub("bootstrap").sub("secret_information"),
                                 result.information["secret_information"]);
    const double all = information.mean() * fresh_answers(spec, release);
    about_secret = at_most ? std::min(*at_most, all) : all;
  }
  // A guess that is too sure of itself leaves less open than there is, one that is too modest more: take the smaller.
  // Who weighs the true outcome needs no answer and is beyond any limit of it: `answer` is who listens beside him.
  put_limit(attack_result.more.contains("answer") ? "attack_accuracy_answer" : "attack_accuracy",
            about_secret ? std::min(open, surprise) - *about_secret : 0, values, right, result);
}

}  // namespace mid
