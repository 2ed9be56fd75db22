#include "mid/run/figures.hpp"

#include <algorithm>
#include <cmath>

#include "mid/info/kl.hpp"
#include "mid/metric/classification.hpp"
#include "mid/metric/interval.hpp"
#include "mid/metric/picture.hpp"

namespace mid {
namespace {

constexpr int kShownPictures = 60, kShownBeliefs = 1000;

/// Undefined or infinite becomes null, and says so.
Measure measure(double value, double baseline, int n, const char* unit) {
  Measure m;
  m.value = finite(value), m.baseline = finite(baseline), m.n = n, m.unit = unit;
  return m;
}

void warn_if_empty(Result& result, const Measure& m, const std::string& name, const std::string& why) {
  if (!m.value) result.warnings.push_back(name + " is not defined here: " + why);
}

std::vector<double> list(const VectorXd& v) { return {v.data(), v.data() + v.size()}; }

std::vector<int> some(const std::vector<int>& of, const std::vector<int>& rows) {
  std::vector<int> out;
  if (!of.empty())
    for (int r : rows) out.push_back(of[static_cast<std::size_t>(r)]);
  return out;
}

/// The average picture of each attacked row: the mean of the open pictures of the same kind.
Matrix averages(const Data& data) {
  const Dataset& set = data.set;
  const int kinds = set.kind.empty() ? 1 : 1 + *std::max_element(set.kind.begin(), set.kind.end());
  MatrixD sum = MatrixD::Zero(kinds, set.pictures.cols());
  VectorXd count = VectorXd::Zero(kinds);
  const auto kind = [&](int row) { return set.kind.empty() ? 0 : set.kind[static_cast<std::size_t>(row)]; };
  for (int r : data.split.open) sum.row(kind(r)) += set.pictures.row(r).cast<double>(), count[kind(r)] += 1;
  // A kind that the attacker never saw gets the mean of all.
  const MatrixD all = sum.colwise().sum() / std::max(1.0, count.sum());
  for (int k = 0; k < kinds; ++k) sum.row(k) = count[k] > 0 ? MatrixD(sum.row(k) / count[k]) : all;
  Matrix out(static_cast<Eigen::Index>(data.split.attacked.size()), set.pictures.cols());
  for (std::size_t i = 0; i < data.split.attacked.size(); ++i) out.row(static_cast<Eigen::Index>(i)) = sum.row(kind(data.split.attacked[i])).cast<float>();
  return out;
}

}  // namespace

Task measure_use(Context& context, Oracle& user, const Network& network, VectorXi label, std::string suffix, Result& result) {
  const int classes = network.classes, draws = user.fresh() ? kUtilityDraws : 1, n = static_cast<int>(label.size());
  double right = 0, surprise = 0, calibration = 0;
  for (int draw = 0; draw < draws; ++draw) {
    Answers answer;
    co_await user.observe(context, draw, answer);
    const Released released{std::move(answer.value), answer.form};
    const MatrixD log_p = log_probability_of(released, network, classes);
    right += correct_share(log_p, label) / draws;
    surprise += negative_log_likelihood(log_p, label) / draws;
    calibration += calibration_error(log_p, label) / draws;
    co_await Tick{};
  }
  result.utility["accuracy" + suffix] = proportion(right * n, n, majority_share(label, classes));
  Measure nll = measure(surprise, class_entropy(label, classes), n, "nats");
  warn_if_empty(result, nll, "nll" + suffix, "a released confidence of 0 for the true class is infinitely surprising");
  result.utility["nll" + suffix] = nll;
  if (suffix.empty()) result.utility["calibration_error"] = measure(calibration, 0, n, "proportion");
}

Task measure_information(Context& context, const Spec& spec, const Network& network, const Data& data, Result& result) {
  const bool label_only = spec.release["kind"] == "label_only" && spec.release["of"] == "answer";
  const double most = label_only ? std::log(static_cast<double>(network.classes)) : std::numeric_limits<double>::infinity();
  const int n = static_cast<int>(data.split.attacked.size());
  Measure bound;
  bound.n = n, bound.unit = "nats", bound.baseline = 0;
  if (network.stochastic) {
    Activations inside;
    co_await activations(context, network, rows_of(data.set.inputs, data.split.attacked), inside);
    const VectorXd kl = kl_of_rows(inside.mu, inside.sigma);
    co_await Tick{};
    // Every repeat with fresh noise may tell as much again; a sticky answer tells it once.
    const int repeats = spec.release["kind"] == "sticky" ? 1 : spec.attack.value("repeats", 1);
    const auto values = list(kl);
    const auto person = some(data.set.person, data.split.attacked);
    bound = mean_with_bootstrap(values, person, 0.0, "nats", context.random.sub("bootstrap").sub("kl_bound"));
    for (auto* part : {&bound.value, &bound.low, &bound.high})
      if (*part) *part = std::min(**part * repeats, most * repeats);

    Activations train;
    co_await activations(context, network, rows_of(data.set.inputs, data.split.train), train);
    const auto train_values = list(kl_of_rows(train.mu, train.sigma));
    result.information["kl_train"] = mean_with_bootstrap(train_values, some(data.set.person, data.split.train), 0.0, "nats", context.random.sub("bootstrap").sub("kl_train"));
  } else if (label_only) {
    bound.value = most;
  }
  warn_if_empty(result, bound, "kl_bound", "without noise inside the model nothing bounds what an exact answer tells");
  result.information["kl_bound"] = bound;
}

void measure_pictures(const Data& data, const Evidence& evidence, Stream random, Outcome& out) {
  const Dataset& set = data.set;
  const Matrix truth = rows_of(set.pictures, data.split.attacked), average = averages(data);
  const auto person = some(set.person, data.split.attacked);
  const auto pool = set.pool.empty() ? std::vector<int>(data.split.attacked.size(), 0) : some(set.pool, data.split.attacked);
  const Eigen::Index n = truth.rows();
  const auto trials = static_cast<double>(evidence.pictures.size());
  VectorXd picked = VectorXd::Zero(n), like = picked, error = picked, noise_ratio = picked, similar = picked, first_picked;
  for (const Matrix& guess : evidence.pictures) {
    const VectorXd one = line_up(guess, truth, average, pool);
    if (first_picked.size() == 0) first_picked = one;
    picked += one / trials;
    like += correlation(guess, truth, average) / trials;
    error += squared_error(guess, truth) / trials;
    noise_ratio += psnr(guess, truth) / trials;
    similar += ssim(guess, truth, set.height, set.width) / trials;
  }
  const double chance = line_up_chance(pool);
  auto& privacy = out.result.privacy;
  const auto over_persons = [&](const VectorXd& values, double baseline, const char* name, const char* unit) {
    const auto v = list(values);
    privacy[name] = mean_with_bootstrap(v, person, baseline, unit, random.sub(name));
  };
  over_persons(picked, chance, "line_up", "proportion");
  Measure advantage = privacy["line_up"];
  for (auto* part : {&advantage.value, &advantage.low, &advantage.high})
    if (*part) **part -= chance;
  advantage.baseline = 0;
  privacy["advantage"] = advantage;
  over_persons(like, 0, "correlation", "");
  over_persons(noise_ratio, psnr(average, truth).mean(), "psnr", "dB");
  over_persons(similar, ssim(average, truth, set.height, set.width).mean(), "ssim", "");
  const auto e = list(error), e_average = list(squared_error(average, truth));
  privacy["detail_back"] = detail_back(e, e_average, person, random.sub("detail_back"));

  PictureSheet sheet = sheet_before_attack(data);
  const Eigen::Index shown = sheet.truth.rows();
  sheet.guess = evidence.pictures.front().topRows(shown);
  sheet.line_up.assign(first_picked.begin(), first_picked.begin() + shown);
  out.sheet = std::move(sheet);
}

PictureSheet sheet_before_attack(const Data& data) {
  const Dataset& set = data.set;
  const auto shown = std::min(data.split.attacked.size(), static_cast<std::size_t>(kShownPictures));
  const std::vector<int> rows(data.split.attacked.begin(), data.split.attacked.begin() + static_cast<std::ptrdiff_t>(shown));
  PictureSheet sheet;
  sheet.height = set.height, sheet.width = set.width, sheet.credit = set.credit;
  sheet.truth = rows_of(set.pictures, rows), sheet.average = averages(data).topRows(static_cast<Eigen::Index>(shown));
  for (const int row : rows) sheet.names.push_back(set.row_names.empty() ? std::to_string(row) : set.row_names[static_cast<std::size_t>(row)]);
  return sheet;
}

void measure_beliefs(const Data& data, const Evidence& evidence, Stream random, Outcome& out) {
  const Secret& secret = *data.set.secret;
  const VectorXi all_truth = rows_of(secret.of_row, data.split.attacked);
  // Records whose secret is missing cannot be judged.
  std::vector<int> rows, person;
  const auto all_person = some(data.set.person, data.split.attacked);
  for (int i = 0; i < all_truth.size(); ++i)
    if (all_truth[i] >= 0) {
      rows.push_back(i);
      if (!all_person.empty()) person.push_back(all_person[static_cast<std::size_t>(i)]);
    }
  const int values = static_cast<int>(secret.values.size()), n = static_cast<int>(rows.size());
  const auto pick = [&](const MatrixD& m) {
    MatrixD kept(n, m.cols());
    for (int i = 0; i < n; ++i) kept.row(i) = m.row(rows[static_cast<std::size_t>(i)]);
    return kept;
  };
  const VectorXi truth = rows_of(all_truth, rows);
  const MatrixD score = pick(evidence.score), prior = pick(evidence.prior);
  const VectorXi guess = guesses(score, prior), before = guesses(prior, prior);
  const VectorXd won = wins(guess, truth), won_before = wins(before, truth);

  auto& privacy = out.result.privacy;
  privacy["attack_accuracy"] = proportion(won.sum(), n, n ? won_before.sum() / n : 0);
  const auto w = list(won), w_before = list(won_before);
  privacy["advantage"] = paired_advantage(w, w_before, person, random.sub("advantage"));
  if (values == 2) {
    const int positive = rarest_value(truth, values);
    privacy["mcc"] = measure(matthews(guess, truth, positive), matthews(before, truth, positive), n, "");
  }

  const int shown = std::min(n, kShownBeliefs);
  BeliefSheet sheet;
  sheet.values = secret.values, sheet.credit = data.set.credit;
  const auto probabilities = [&](const MatrixD& log_p) {
    MatrixD p = log_p.topRows(shown);
    p.colwise() -= p.rowwise().maxCoeff().eval();
    p = p.array().exp();
    p.array().colwise() /= p.rowwise().sum().eval().array();
    return p;
  };
  sheet.before = probabilities(prior), sheet.after = probabilities(score), sheet.truth = truth.head(shown);
  if (evidence.answer.size()) {
    sheet.bell_mean = pick(evidence.bell_mean).topRows(shown), sheet.bell_sd = pick(evidence.bell_sd).topRows(shown);
    sheet.answer.resize(shown);
    for (int i = 0; i < shown; ++i) sheet.answer[i] = evidence.answer[rows[static_cast<std::size_t>(i)]];
  }
  out.beliefs = std::move(sheet);
}

}  // namespace mid
