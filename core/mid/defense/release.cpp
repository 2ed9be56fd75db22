#include "mid/defense/release.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "mid/model/log_softmax.hpp"
#include <numeric>
#include <vector>

namespace mid {
namespace {

const std::vector<std::string> kOf{"answer", "embedding"};

Param of_param() {
  return choice(&ReleaseSpec::of, "of", kOf, "What leaves the model: its answer, or the numbers inside (as in split inference; networks only).");
}

std::vector<Param> plain_params() { return {of_param()}; }
std::vector<Param> round_params() {
  return {of_param(), param(&ReleaseSpec::decimals, "decimals", 0, 9, "digits",
                            "Decimals that are kept: of each confidence, of a predicted number, or of each number of the code in units of its sd.",
                            "method.md 4.1, Output defences")};
}
std::vector<Param> noise_params() {
  return {of_param(), param(&ReleaseSpec::scale, "scale", 0, 1000, "",
                            "Standard deviation of fresh Gaussian noise on each logit, on each number of the code, or on a predicted number.")};
}
Param of_answer_param() {
  return choice(&ReleaseSpec::of, "of", {"answer"}, "What leaves the model: its answer; an embedding has no confidences.");
}
std::vector<Param> mixing_params() {
  return {of_answer_param(), param(&ReleaseSpec::weight, "weight", 0, .999, "", "The part of every answer that is the same for everybody (1 / classes for each class).",
                                   "method.md 4.1, Output defences")};
}
std::vector<Param> top_k_params() {
  return {of_answer_param(), param(&ReleaseSpec::keep, "keep", 1, 10'000, "classes", "How many of the largest confidences are shown; the others are shown as 0.",
                                   "method.md 4.1, Output defences")};
}

const std::array<ReleaseKind, 7> kKinds{{
    {{"none", "Everything", "The full answer, every digit.", "", &plain_params}},
    {{"round", "Rounded", "Confidences rounded to a few decimals (half away from zero, not renormalised).", "method.md 4.1", &round_params}},
    {{"label_only", "Label only", "Only the most likely class; of an embedding one bit a number: above or below its mean.", "method.md 4.1", &plain_params, {"network", "tree"}}},
    {{"sticky", "Sticky", "One noise sample for each record, so that asking again returns the same answer.", "ours; demos.md", &plain_params, {"network", "linear"}}},
    {{"noise", "Noise", "Gaussian noise on the answers of a model that was not trained for it: on logits, or on a predicted number.", "", &noise_params, {"network", "linear"}}},
    {{"mixing", "Mixed", "Confidences mixed with equal shares for all classes. Who knows the weight undoes it: it hides nothing.", "method.md 4.1", &mixing_params, {"network", "tree"}}},
    {{"top_k", "Top k", "Only the largest confidences (not renormalised, ties to the lower class).", "method.md 4.1", &top_k_params, {"network", "tree"}}},
}};

float rounded(float value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return static_cast<float>(std::round(static_cast<double>(value) * scale) / scale);
}

/// Adds sd * N(0, 1) to each row, from the stream of the query or, when sticky, of the record.
void add_noise(Matrix& to, MatrixRef sd, bool sticky, std::span<const std::uint64_t> record_hash, Stream random, std::uint64_t query) {
  Matrix eps(to.rows(), to.cols());
  if (!sticky) fill_normal(random.sub(query), 0, eps);
  else
    for (Eigen::Index r = 0; r < eps.rows(); ++r) fill_normal(random.sub(record_hash[static_cast<std::size_t>(r)]), 0, eps.row(r));
  to.array() += sd.array() * eps.array();
}

Matrix label_of(const Matrix& logits) {
  Matrix out = Matrix::Zero(logits.rows(), logits.cols());
  for (Eigen::Index r = 0; r < out.rows(); ++r) {
    if (logits.cols() == 1) out(r, 0) = logits(r, 0) > 0 ? 1.f : 0.f;
    else {
      Eigen::Index best = 0;
      logits.row(r).maxCoeff(&best);  // the first of equals: ties to the lower class
      out(r, best) = 1;
    }
  }
  return out;
}

void mix(Matrix& p, double weight, int classes) {
  p = (p.array() * static_cast<float>(1 - weight) + static_cast<float>(weight / classes)).matrix();
}

/// Sets all but the `keep` largest of each row to 0.
void keep_largest(Matrix& p, int keep) {
  if (keep >= p.cols()) return;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(p.cols()));
  for (Eigen::Index r = 0; r < p.rows(); ++r) {
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return p(r, a) > p(r, b); });
    for (auto c = order.begin() + keep; c != order.end(); ++c) p(r, *c) = 0;
  }
}

Released release_code(const ReleaseSpec& spec, const Network& network, Matrix code) {
  if (spec.kind != "round" && spec.kind != "label_only") return {std::move(code), AnswerForm::code};
  const bool scaled = network.code_sd.size() != 0;
  for (Eigen::Index c = 0; c < code.cols(); ++c) {
    const float mean = scaled ? network.code_mean(0, c) : 0.f, sd = scaled ? std::max(network.code_sd(0, c), 1e-6f) : 1.f;
    for (Eigen::Index r = 0; r < code.rows(); ++r) {
      const float unit = (code(r, c) - mean) / sd;
      // One bit is served as the mean of a half-normal, so that the rest of the model can go on with it.
      const float kept = spec.kind == "round" ? rounded(unit, spec.decimals) : unit > 0 ? .79788456f : -.79788456f;
      code(r, c) = mean + sd * kept;
    }
  }
  return {std::move(code), spec.kind == "round" ? AnswerForm::code_rounded : AnswerForm::code_sign};
}

Released release_answer(const ReleaseSpec& spec, const Matrix& logits) {
  const bool two = logits.cols() == 1;
  if (spec.kind == "label_only") return {label_of(logits), AnswerForm::label};
  if (spec.kind == "top_k") {
    Matrix p(logits.rows(), two ? 2 : logits.cols());
    if (two) p << (1 + logits.array().exp()).inverse(), (1 + (-logits.array()).exp()).inverse();
    else p = log_softmax(logits).array().exp();
    keep_largest(p, spec.keep);
    return {std::move(p), AnswerForm::top};
  }
  if (spec.kind != "round" && spec.kind != "mixing") return {two ? logits : log_softmax(logits), two ? AnswerForm::logit : AnswerForm::log_probability};
  Matrix p = two ? Matrix((1 + (-logits.array()).exp()).inverse()) : Matrix(log_softmax(logits).array().exp());
  if (spec.kind == "mixing") {
    mix(p, spec.weight, two ? 2 : static_cast<int>(p.cols()));
    return {std::move(p), AnswerForm::mixed};
  }
  for (Eigen::Index i = 0; i < p.size(); ++i) p.data()[i] = rounded(p.data()[i], spec.decimals);
  return {std::move(p), AnswerForm::probability};
}

/// Of a tree: its confidences, or one-hot the most likely class (ties to the lower one).
Released release_confidences(const ReleaseSpec& spec, Matrix p) {
  if (spec.kind == "label_only") {
    Matrix label = Matrix::Zero(p.rows(), p.cols());
    for (Eigen::Index r = 0; r < p.rows(); ++r) {
      Eigen::Index best = 0;
      p.row(r).maxCoeff(&best);
      label(r, best) = 1;
    }
    return {std::move(label), AnswerForm::label};
  }
  if (spec.kind == "mixing") {
    mix(p, spec.weight, static_cast<int>(p.cols()));
    return {std::move(p), AnswerForm::mixed};
  }
  if (spec.kind == "top_k") {
    keep_largest(p, spec.keep);
    return {std::move(p), AnswerForm::top};
  }
  if (spec.kind == "round")
    for (Eigen::Index i = 0; i < p.size(); ++i) p.data()[i] = rounded(p.data()[i], spec.decimals);
  return {std::move(p), AnswerForm::probability};
}

Released release_number(const ReleaseSpec& spec, Matrix number, MatrixRef sd, std::span<const std::uint64_t> record_hash,
                        std::uint64_t query, Stream random) {
  if (sd.size()) add_noise(number, sd, spec.kind == "sticky", record_hash, random.sub("bottleneck"), query);
  if (spec.kind == "noise")
    add_noise(number, Matrix::Constant(number.rows(), 1, static_cast<float>(spec.scale)), false, record_hash, random.sub("release"), query);
  if (spec.kind == "round")
    for (float& v : number.reshaped()) v = rounded(v, spec.decimals);
  return {std::move(number), AnswerForm::number};
}

}  // namespace

std::span<const ReleaseKind> release_kinds() { return kKinds; }

ReleaseSpec read_release(const Json& j, const std::string& path) {
  ReleaseSpec spec;
  spec.kind = j.value("kind", std::string("none"));
  for (const ReleaseKind& kind : kKinds)
    if (kind.about.name == spec.kind) {
      const std::string skip[] = {"kind"};
      read_fields(&spec, kind.about.params(), j, path, skip);
      return spec;
    }
  std::vector<std::string> names;
  for (const ReleaseKind& kind : kKinds) names.emplace_back(kind.about.name);
  throw Error(path + ".kind", "must be " + listed(names) + ", found " + shown(spec.kind));
}

Released release(const ReleaseSpec& spec, const Network& network, MatrixRef mu, MatrixRef sigma,
                 std::span<const std::uint64_t> record_hash, std::uint64_t query, Stream random) {
  const bool sticky = spec.kind == "sticky";
  Matrix code = mu;
  if (network.stochastic) add_noise(code, sigma, sticky, record_hash, random.sub("bottleneck"), query);
  const auto plain_noise = [&](Matrix& m) {
    if (spec.kind != "noise") return;
    const Matrix sd = Matrix::Constant(m.rows(), m.cols(), static_cast<float>(spec.scale));
    add_noise(m, sd, false, record_hash, random.sub("release"), query);
  };
  if (spec.of == "embedding") {
    plain_noise(code);
    return release_code(spec, network, std::move(code));
  }
  Matrix logits = logits_of(network, code);
  plain_noise(logits);
  return release_answer(spec, logits);
}

Released release(const ReleaseSpec& spec, const Model& model, MatrixRef mu, MatrixRef sigma,
                 std::span<const std::uint64_t> record_hash, std::uint64_t query, Stream random) {
  if (const auto* network = std::get_if<Network>(&model)) return release(spec, *network, mu, sigma, record_hash, query, random);
  if (std::holds_alternative<Tree>(model)) return release_confidences(spec, mu);
  return release_number(spec, mu, sigma, record_hash, query, random);
}

Released undone(const ReleaseSpec& spec, Released answer, int classes) {
  Matrix& v = answer.value;
  if (answer.form == AnswerForm::mixed) {
    // In double: a confidence is a small difference of two numbers that are not small.
    const double equal = static_cast<float>(spec.weight / classes), kept = static_cast<float>(1 - spec.weight);
    v = ((v.cast<double>().array() - equal) / kept).cwiseMax(0.0).cwiseMin(1.0).cast<float>();
    answer.form = AnswerForm::probability;
  } else if (answer.form == AnswerForm::top && v.cols() == 2) {
    for (Eigen::Index r = 0; r < v.rows(); ++r) {
      const int shown = v(r, 0) > v(r, 1) ? 0 : 1;
      v(r, 1 - shown) = 1 - v(r, shown);
    }
    answer.form = AnswerForm::probability;
  }
  return answer;
}

double half_step(const ReleaseSpec& spec, int classes) {
  if (spec.kind == "round") return .5 * std::pow(10.0, -spec.decimals);
  if (spec.kind == "top_k") return std::ldexp(1.0, -25);  // next to 1
  if (spec.kind != "mixing" || spec.weight == 0) return 0;
  return std::ldexp(1.0, std::ilogb(spec.weight / classes) - 24) / (1 - spec.weight);
}

MatrixD log_probability_of(const Released& answer, const Model& model) {
  if (std::holds_alternative<Tree>(model)) return answer.value.cast<double>().array().log();
  const Network& network = std::get<Network>(model);
  const int classes = network.classes;
  const bool code = answer.form == AnswerForm::code || answer.form == AnswerForm::code_rounded || answer.form == AnswerForm::code_sign;
  const MatrixD v = (code ? logits_of(network, answer.value) : answer.value).cast<double>();
  const bool two = classes == 2;
  MatrixD out(v.rows(), classes);
  if (answer.form == AnswerForm::top) return v.array().log();
  if (answer.form == AnswerForm::probability || answer.form == AnswerForm::label || answer.form == AnswerForm::mixed) {
    // A confidence of 0 is -infinity here: the figure built on it says so instead of inventing a floor.
    if (two) out << (1 - v.array()).log(), v.array().log();
    else out = v.array().log();
    return out;
  }
  if (two) {
    const auto softplus = [](double a) { return std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a))); };
    for (Eigen::Index r = 0; r < v.rows(); ++r) out(r, 0) = -softplus(v(r, 0)), out(r, 1) = -softplus(-v(r, 0));
    return out;
  }
  return code ? log_softmax(v) : v;
}

}  // namespace mid
