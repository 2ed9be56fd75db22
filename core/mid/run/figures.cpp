#include "mid/run/figures.hpp"

#include <algorithm>
#include <cmath>

#include "mid/info/kl.hpp"
#include "mid/info/mixture.hpp"
#include "mid/metric/attribute.hpp"
#include "mid/metric/classification.hpp"
#include "mid/metric/interval.hpp"
#include "mid/metric/picture.hpp"
#include "mid/metric/regression.hpp"

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

Task measure_use(Context& context, Oracle& user, const Model& model, VectorXi label, std::string suffix, Result& result) {
  const int classes = classes_of(model), draws = user.fresh() ? kUtilityDraws : 1, n = static_cast<int>(label.size());
  double right = 0, surprise = 0, calibration = 0;
  for (int draw = 0; draw < draws; ++draw) {
    Answers answer;
    co_await user.observe(context, draw, answer);
    const Released released{std::move(answer.value), answer.form};
    const MatrixD log_p = log_probability_of(released, model);
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

Task measure_fit(Context& context, Oracle& user, Oracle& trainer, const Model& model, const Data& data, Result& result) {
  const Dataset& set = data.set;
  const auto readable = [&](const VectorXd& v) { return VectorXd(v.unaryExpr([&](double x) { return set.readable(x); })); };
  const VectorXd truth = readable(rows_of(set.target, data.split.test)), train_target = rows_of(set.target, data.split.train);
  const double constant = readable(train_target).mean();
  const auto person = some(set.person, data.split.test);
  const int n = static_cast<int>(truth.size()), draws = user.fresh() ? kUtilityDraws : 1;
  const std::string unit = set.target_is_root ? "" : set.target_name;
  const Stream bootstrap = context.random.sub("bootstrap");

  Activations inside;
  co_await inside_of(context, model, rows_of(set.inputs, data.split.test), inside);
  const VectorXd exact = readable(inside.mu.col(0).cast<double>());
  Answers answer;
  co_await trainer.observe(context, 0, answer);
  const Line line = rescale_line(answer.value.col(0).cast<double>(), train_target);
  VectorXd released_error = VectorXd::Zero(n), rescaled_error = released_error, released_hits = released_error;
  for (int draw = 0; draw < draws; ++draw) {
    co_await user.observe(context, draw, answer);
    const VectorXd y = answer.value.col(0).cast<double>(), released = readable(y), rescaled = readable(line.of(y));
    released_error += (released - truth).array().square().matrix() / draws;
    rescaled_error += (rescaled - truth).array().square().matrix() / draws;
    released_hits += within(released, truth, .2) / draws;
  }
  const VectorXd exact_error = (exact - truth).array().square();
  const double same_for_all = n ? within(VectorXd::Constant(n, constant), truth, .2).mean() : 0;
  for (const auto& [name, error] : {std::pair{"rmse", exact_error}, {"rmse_released", released_error}, {"rmse_rescaled", rescaled_error}}) {
    result.utility[name] = root_mean_square(list(error), truth, constant, person, unit, bootstrap.sub(name));
    co_await Tick{};
  }
  const VectorXd squared = (inside.mu.col(0).cast<double>() - rows_of(set.target, data.split.test)).array().square();
  result.utility["mse"] = mean_with_bootstrap(list(squared), person, (rows_of(set.target, data.split.test).array() - train_target.mean()).square().mean(), "", bootstrap.sub("mse"));
  result.utility["within_20"] = proportion(within(exact, truth, .2).sum(), n, same_for_all);
  result.utility["within_20_released"] = proportion(released_hits.sum(), n, same_for_all);
}

namespace {

/// Of a regression with noise, over the training rows.
Task measure_mixture(const Linear& linear, double noise, const Data& data, Result& result) {
  VectorXd mu = linear.predict(rows_of(data.set.inputs, data.split.train));
  const int n = static_cast<int>(mu.size());
  AnswerInformation about;
  co_await answer_information(mu, noise, about);
  double truth = 0;
  co_await information_by_quadrature(std::move(mu), noise, truth);
  const auto put = [&](const char* name, double value) { result.information[name] = measure(value, 0, n, "nats"); };
  put("mixture_upper", about.upper), put("taylor2", about.taylor2), put("mixture_lower", about.lower), put("information", truth);
}

Task measure_kl(Context& context, const Spec& spec, const Network& network, const Data& data, Result& result) {
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

}  // namespace

Task measure_information(Context& context, const Spec& spec, const Model& model, const Data& data, Result& result) {
  if (const auto* network = std::get_if<Network>(&model)) {
    co_await measure_kl(context, spec, *network, data, result);
  } else if (const auto* linear = std::get_if<Linear>(&model)) {
    const double noise = std::hypot(linear->noise, spec.release["kind"] == "noise" ? spec.release["scale"].get<double>() : 0.);
    if (noise > 0) co_await measure_mixture(*linear, noise, data, result);
    else warn_if_empty(result, result.information["mixture_upper"], "mixture_upper", "without noise nothing bounds what an exact number tells");
  } else {
    const Tree& tree = std::get<Tree>(model);
    const bool label = spec.release["kind"] == "label_only";
    result.information["leaf_information"] = measure(label ? label_information(tree) : leaf_information(tree), 0, static_cast<int>(data.split.train.size()), "bits");
    result.information["leaves"] = measure(tree.leaves(), 1, static_cast<int>(data.split.train.size()), "");
  }
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
  privacy["macro_f1"] = measure(macro_f1(guess, truth, values), macro_f1(before, truth, values), n, "");
  if (values == 2) {
    const int positive = rarest_value(truth, values);
    const Claims made = claims(guess, truth, positive);
    privacy["precision"] = measure(precision(made), n ? static_cast<double>((truth.array() == positive).count()) / n : 0, n, "proportion");
    privacy["recall"] = measure(recall(made), recall(claims(before, truth, positive)), n, "proportion");
    privacy["mcc"] = measure(matthews(guess, truth, positive), matthews(before, truth, positive), n, "");
  }

  for (const auto& [name, other] : evidence.more) {
    const VectorXi named = guesses(pick(other), prior);
    const VectorXd won_by = wins(named, truth);
    const auto w_by = list(won_by);
    privacy["attack_accuracy_" + name] = proportion(won_by.sum(), n, n ? won_before.sum() / n : 0);
    privacy["advantage_" + name] = paired_advantage(w_by, w_before, person, random.sub("advantage").sub(name));
    if (values == 2) {
      const int positive = rarest_value(truth, values);
      privacy["mcc_" + name] = measure(matthews(named, truth, positive), matthews(before, truth, positive), n, "");
    }
  }

  const int shown = std::min(n, kShownBeliefs);
  BeliefSheet sheet;
  sheet.values = secret.values, sheet.credit = data.set.credit, sheet.secret = secret.name;
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
  if (data.set.target.size()) {
    const VectorXd target = rows_of(data.set.target, data.split.attacked);
    sheet.target.resize(shown), sheet.root = data.set.target_is_root ? 1 : 0;
    for (int i = 0; i < shown; ++i) sheet.target[i] = data.set.readable(target[rows[static_cast<std::size_t>(i)]]);
  }
  out.beliefs = std::move(sheet);
}

}  // namespace mid
