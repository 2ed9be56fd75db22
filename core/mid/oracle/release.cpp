#include "mid/oracle/release.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "mid/base/known_params.hpp"
#include "mid/model/network/log_softmax.hpp"

namespace mid {
namespace {

/// Adds sd * N(0, 1) to each row, from the stream of the query or, once a record, of the record.
void add_noise(Matrix& to, MatrixRef sd, bool once_a_record, std::span<const std::uint64_t> record_hash, Stream random,
               std::uint64_t query) {
  Matrix eps(to.rows(), to.cols());
  if (!once_a_record)
    fill_normal(random.sub(query), 0, eps);
  else
    for (Eigen::Index r = 0; r < eps.rows(); ++r) fill_normal(random.sub(record_hash[static_cast<std::size_t>(r)]), 0, eps.row(r));
  to.array() += sd.array() * eps.array();
}

/// ln p; of two classes the one logit. A confidence of 0 counts as the least that a float holds.
Matrix logits_of_confidences(const Matrix& p) {
  const Matrix ln = p.array().max(std::numeric_limits<float>::min()).log();
  return p.cols() == 2 ? Matrix(ln.col(1) - ln.col(0)) : ln;
}

Matrix confidences_of_logits(Matrix logits) {
  if (logits.cols() > 1) return log_softmax(std::move(logits)).array().exp();
  Matrix p(logits.rows(), 2);
  p.col(1) = (1 + (-logits.col(0).array()).exp()).inverse();
  p.col(0) = (1 + logits.col(0).array().exp()).inverse();
  return p;
}

/// What leaves a model, drawn at random: sure and unsure answers.
Matrix example_of(const ReleaseSubject& subject) {
  constexpr int kRows = 16;
  const bool code = subject.of == ReleaseSubject::Of::code;
  Matrix x(kRows, subject.columns);
  fill_normal(Stream{1}.sub("release example"), 0, x);
  if (!code) x *= 3;
  for (Eigen::Index c = 0; code && c < x.cols(); ++c) x.col(c) = (x.col(c).array() * subject.sd(c) + subject.mean(c)).matrix();
  if (subject.of == ReleaseSubject::Of::confidences) x = log_softmax(x).array().exp();
  return x;
}

/// Whether `found`, inverted, is the answer of which the release showed something, as closely as it says.
bool is_inverse(const Release& release, const Matrix& x, const Released& found) {
  constexpr double kSlack = 1e-4;
  const ReleaseSubject& subject = release.subject;
  const double half = release.cut->quantisation_half_width;
  const auto near = [&](const Matrix& truth, double unit) {
    return found.value.rows() == truth.rows() && found.value.cols() == truth.cols() &&
           ((found.value - truth).cast<double>().array().abs() <=
            half * unit * (1 + 1e-3) + kSlack * (1 + truth.cast<double>().array().abs()))
               .all();
  };
  const auto both = [&] {  // of two classes, from the one that is released
    const Matrix p = confidences_of(subject, x);
    Matrix out = p;
    if (p.cols() == 1) out.resize(p.rows(), 2), out << (1 - p.array()).matrix(), p;
    return out;
  };
  const auto first_largest = [](const auto& row) {
    Eigen::Index best = 0;
    row.maxCoeff(&best);
    return best;
  };
  if (found.form != *release.form || !found.value.allFinite()) return false;
  switch (found.form) {
    case AnswerForm::log_probability:
    case AnswerForm::logit:
    case AnswerForm::number:
    case AnswerForm::code: return full_answer(subject, x).form == found.form && near(full_answer(subject, x).value, 1);
    case AnswerForm::probability: return near(found.value.cols() == 2 ? both() : confidences_of(subject, x), 1);
    case AnswerForm::code_rounded:
    case AnswerForm::code_sign:
      for (Eigen::Index c = 0; c < x.cols(); ++c)
        for (Eigen::Index r = 0; r < x.rows(); ++r) {
          const double sd = subject.sd(c), mean = subject.mean(c);
          if (found.form == AnswerForm::code_sign ? (found.value(r, c) > mean) != (x(r, c) > mean)
                                                  : std::abs(found.value(r, c) - x(r, c)) > (half * (1 + 1e-3) + kSlack) * sd)
            return false;
        }
      return true;
    case AnswerForm::label:
      for (Eigen::Index r = 0; r < x.rows(); ++r) {
        const auto truth = first_largest(both().row(r));
        if (found.value.cols() == 1 ? (found.value(r, 0) > .5f) != (truth == 1) : first_largest(found.value.row(r)) != truth) return false;
      }
      return true;
    case AnswerForm::top: {
      const Matrix truth = both();
      if (found.value.cols() != truth.cols()) return false;
      for (Eigen::Index r = 0; r < x.rows(); ++r) {
        const float least = (found.value.row(r).array() > 0).select(found.value.row(r).array(), 2.f).minCoeff();
        for (Eigen::Index c = 0; c < truth.cols(); ++c)
          if (found.value(r, c) > 0 ? std::abs(found.value(r, c) - truth(r, c)) > half + kSlack : truth(r, c) > least + kSlack)
            return false;
      }
      return true;
    }
  }
  return false;
}

}  // namespace

const ReleaseKind* release_called(std::string_view name) {
  for (const ReleaseKind* kind : release_kinds())
    if (kind->about.name == name) return kind;
  return nullptr;
}

const ReleaseKind* release_in(const Json& release) {
  return release.is_object() && release.contains("kind") && release["kind"].is_string() ? release_called(release["kind"].get<std::string>())
                                                                                        : nullptr;
}

bool leaves_answers(const Json& release) {
  if (!release.is_object() || !release.contains("kind")) return true;
  const ReleaseKind* kind = release_in(release);
  return kind && kind->plain;
}

ReleaseSpec::ReleaseSpec() {
  const auto all = release_kinds();
  kind = *std::find_if(all.begin(), all.end(), [](const ReleaseKind* k) { return k->plain; });
  settings = {{"kind", std::string(kind->about.name)}};
}

ReleaseSpec read_release(const Json& j, const std::string& path) {
  ReleaseSpec spec;
  if (!j.contains("kind")) {
    spec.settings.update(j);
  } else if (const ReleaseKind* kind = release_in(j)) {
    spec.kind = kind, spec.settings = j;
  } else {
    std::vector<std::string> names;
    for (const ReleaseKind* k : release_kinds()) names.emplace_back(k->about.name);
    throw Error(path + ".kind", Message("refusal.must_be").with("allowed", either_of(names)).with("found", shown(j["kind"])));
  }
  const std::string skip[] = {"kind"};
  const std::vector<Param>& params = known_params(spec.kind->about);
  for (const auto& [key, value] : spec.settings.items()) {
    if (key == "kind") continue;
    const auto p = std::find_if(params.begin(), params.end(), [&wanted = key](const Param& q) { return q.name == wanted; });
    if (p == params.end())
      throw Error(path + "." + key, Message("refusal.not_a_field_of").with("entry", shown(std::string(spec.kind->about.name))));
    check_value(*p, value, path + "." + key);
  }
  spec.settings.update(complete(params, spec.settings, skip));
  spec.of_embedding = spec.settings["of"] == "embedding";
  return spec;
}

ReleaseSubject subject_of(const Model& model, bool embedding) {
  using enum ReleaseSubject::Of;
  if (std::holds_alternative<Linear>(model)) return {.of = number};
  const int classes = classes_of(model);
  if (std::holds_alternative<BlackBox>(model) && classes == 0) return {.of = number};
  if (!std::holds_alternative<Network>(model)) return {.of = confidences, .classes = classes, .columns = classes};
  const Network& network = std::get<Network>(model);
  if (embedding)
    return {.of = code, .classes = classes, .columns = network.code_size(), .unit_mean = network.code_mean, .unit_sd = network.code_sd};
  return {.of = logits, .classes = classes, .columns = classes == 2 ? 1 : classes};
}

Release release_on(const ReleaseSpec& spec, const Model& model) {
  const ReleaseSubject subject = subject_of(model, spec.of_embedding);
  Release release = (*spec.kind->make)(spec.settings, subject);
  release.noise = *spec.kind->noise, release.subject = subject;
  if (spec.disguise) release = spec.disguise(std::move(release));
  const Matrix x = example_of(subject);
  if (!is_inverse(release, x, (*release.invert)((*release.show)(x))))
    throw Failure(Message("refusal.release_inverse").with("release", shown(std::string(spec.kind->about.name))));
  return release;
}

Released full_answer(const ReleaseSubject& subject, Matrix value) {
  switch (subject.of) {
    case ReleaseSubject::Of::number: return {std::move(value), AnswerForm::number};
    case ReleaseSubject::Of::code: return {std::move(value), AnswerForm::code};
    case ReleaseSubject::Of::confidences: return {std::move(value), AnswerForm::probability};
    default: break;
  }
  if (value.cols() == 1) return {std::move(value), AnswerForm::logit};
  return {log_softmax(std::move(value)), AnswerForm::log_probability};
}

Matrix confidences_of(const ReleaseSubject& subject, const Matrix& value) {
  if (subject.of == ReleaseSubject::Of::confidences) return value;
  if (value.cols() == 1) return (1 + (-value.array()).exp()).inverse();
  return log_softmax(value).array().exp();
}

Release full_release(const ReleaseSubject& subject) {
  return {.show = [subject](Matrix value) { return full_answer(subject, std::move(value)); },
          .invert = [](Released shown) { return shown; },
          .form = full_answer(subject, Matrix(0, subject.columns)).form,
          .cut = kExact};
}

Released shown_answer(const Release& release, const Model& model, MatrixRef mu, MatrixRef sigma, std::span<const std::uint64_t> record_hash,
                      std::uint64_t query, Stream random) {
  Matrix value = mu;
  const auto* network = std::get_if<Network>(&model);
  if (network ? network->stochastic : sigma.size() != 0)
    add_noise(value, sigma, release.once_a_record(), record_hash, random.sub("bottleneck"), query);
  if (release.subject.of == ReleaseSubject::Of::logits) value = logits_of(*network, value);
  if (release.adds_noise()) {
    const bool confidences = release.subject.of == ReleaseSubject::Of::confidences;
    if (confidences) value = logits_of_confidences(value);  // as a network's, so that confidences stay confidences
    const Matrix sd = Matrix::Constant(value.rows(), value.cols(), static_cast<float>(release.noise_sd));
    add_noise(value, sd, false, record_hash, random.sub("release"), query);
    if (confidences) value = confidences_of_logits(std::move(value));
  }
  return (*release.show)(std::move(value));
}

MatrixD log_probability_of(const Released& answer, const Model& model) {
  if (!std::holds_alternative<Network>(model)) return answer.value.cast<double>().array().log();
  const Network& network = std::get<Network>(model);
  const int classes = network.classes;
  const bool code = answer.form == AnswerForm::code || answer.form == AnswerForm::code_rounded || answer.form == AnswerForm::code_sign;
  const MatrixD v = (code ? logits_of(network, answer.value) : answer.value).cast<double>();
  const bool two = classes == 2;
  MatrixD out(v.rows(), classes);
  if (answer.form == AnswerForm::top) return v.array().log();
  if (answer.form == AnswerForm::probability || answer.form == AnswerForm::label) {
    // A confidence of 0 is -infinity here: the figure built on it says so instead of inventing a floor.
    if (two)
      out << (1 - v.array()).log(), v.array().log();
    else
      out = v.array().log();
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
