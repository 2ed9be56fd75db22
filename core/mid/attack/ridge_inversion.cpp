// From answers back to pictures in closed form: ridge regression, learnt on the attacker's own pictures.
// Black box. demos.md stories 1 and 3; Hoerl and Kennard 1970 for the ridge.
#include <cassert>
#include <cmath>
#include <limits>

#include "mid/attack/attack.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/data/pictures.hpp"
#include "mid/model/prior.hpp"

namespace mid::attack {
namespace {

struct Spec {
  std::string features = "linear", prior = "pca";
  int components = 40;
  std::optional<double> regularisation;
  int draws = 4, repeats = 1, trials = 4;
  double floor = -25;
  int shifts = 2;
  bool mirror = true;
  static std::vector<Param> params() {
    return {
        choice(&Spec::features, "features", {"linear", "quadratic"}, "What is made of an answer: its numbers, or also their products."),
        choice(&Spec::prior, "prior", {"pca", "pixels"}, "What is predicted: coefficients of typical pictures, or each pixel."),
        param(&Spec::components, "components", 1, 400, "", "Typical pictures (principal components of the attacker's own) that make up a reconstruction."),
        param(&Spec::regularisation, "regularisation", 0, 1000, "per row",
              "Ridge penalty; not given: chosen from .003, .03, .1, .3, 1 and 3 by 5-fold cross-validation over persons."),
        param(&Spec::draws, "draws", 1, 50, "draws", "Answers to each of the attacker's own pictures that it learns from, of a model with noise."),
        param(&Spec::repeats, "repeats", 1, 1000, "answers", "Answers about each victim that the attacker averages (R)."),
        param(&Spec::trials, "trials", 1, 50, "", "Independent repetitions that the figures average over, of a model with noise."),
        param(&Spec::floor, "floor", -100, -1, "ln", "Log-confidences below this are raised to it."),
        param(&Spec::shifts, "shifts", 0, 8, "pixels", "The attacker also learns from its pictures moved by this much in four directions."),
        param(&Spec::mirror, "mirror", "The attacker also learns from its pictures mirrored left to right."),
    };
  }
};

constexpr double kCandidates[] = {.003, .03, .1, .3, 1, 3};
constexpr int kFolds = 5, kBlock = 256;

/// The mean of several answers, in the scale in which averaging helps: log-confidences, logits, codes.
Matrix averaged(const std::vector<Answers>& answers, const ReleaseSpec& release, double floor) {
  Matrix sum;
  for (const Answers& a : answers) {
    Matrix x = a.value;
    if (a.form == AnswerForm::probability) x = (x.array() + .5f * std::pow(10.f, static_cast<float>(-release.decimals))).log();
    if (a.form == AnswerForm::log_probability || a.form == AnswerForm::probability) x = x.array().max(static_cast<float>(floor));
    sum = sum.size() ? Matrix(sum + x) : x;
  }
  return sum / static_cast<float>(answers.size());
}

/// Standardises each number by the attacker's own answers, then adds the products and the constant.
struct Features {
  bool quadratic = false;
  Eigen::RowVectorXf mean, scale;
  void learn(const Matrix& x) {
    mean = x.colwise().mean();
    const Eigen::RowVectorXf sd = (x.rowwise() - mean).array().square().colwise().mean().sqrt();
    // A number that never changes carries nothing: it is switched off instead of divided by 0.
    scale = (sd.array() > 1e-6f).select(sd.array().inverse(), Eigen::RowVectorXf::Zero(sd.cols()).array());
  }
  Matrix of(const Matrix& x) const {
    const Eigen::Index d = x.cols();
    Matrix out(x.rows(), 1 + d + (quadratic ? d * (d + 1) / 2 : 0));
    out.col(0).setOnes();
    out.middleCols(1, d) = (x.rowwise() - mean).array().rowwise() * scale.array();
    if (quadratic)
      for (Eigen::Index i = 0, to = 1 + d; i < d; ++i)
        for (Eigen::Index k = i; k < d; ++k, ++to) out.col(to) = out.col(1 + i).cwiseProduct(out.col(1 + k));
    return out;
  }
};

/// Sums over one fold's rows: all that ridge regression and its error need.
struct Moments {
  Eigen::MatrixXd xx, xy;
  VectorXd yy;  // of each number that is predicted
  int rows = 0;
  void add(const Moments& o) {
    if (rows == 0) *this = o;
    else xx += o.xx, xy += o.xy, yy += o.yy, rows += o.rows;
  }
};

/// The weights; the constant (first feature) is not penalised.
Eigen::MatrixXd ridge(const Moments& m, double penalty) {
  Eigen::MatrixXd a = m.xx;
  a.diagonal().array() += penalty * m.rows;
  a(0, 0) = m.xx(0, 0);
  a.diagonal().array() += 1e-9 * m.rows;  // a switched-off number leaves a row of zeros
  return a.ldlt().solve(m.xy);
}

/// Of each number that is predicted.
VectorXd squared_error(const Moments& m, const Eigen::MatrixXd& w) {
  return m.yy + (w.cwiseProduct(m.xx * w) - 2 * w.cwiseProduct(m.xy)).colwise().sum().transpose();
}

/// Which fold each row is in: persons stay together, so that cross-validation predicts people never seen.
std::vector<int> folds_by_person(const std::vector<int>& person, int rows, Stream random) {
  int persons = rows;
  if (!person.empty()) persons = 1 + *std::max_element(person.begin(), person.end());
  const std::vector<int> place = permutation(random, persons);
  std::vector<int> fold(static_cast<std::size_t>(rows));
  for (int i = 0; i < rows; ++i) fold[static_cast<std::size_t>(i)] = place[static_cast<std::size_t>(person.empty() ? i : person[static_cast<std::size_t>(i)])] % kFolds;
  return fold;
}

/// The eigenpictures depend on the attacker's own pictures alone, so every victim and every strength shares them.
Task learn_prior(Context& context, const Knowledge& knowledge, const Spec& spec, const Matrix& pictures, PcaPrior& out) {
  const Json depends_on{{"open", knowledge.fingerprint}, {"components", spec.components}, {"shifts", spec.shifts}, {"mirror", spec.mirror}};
  const std::string key = StageCache::key("pca", depends_on);
  if (context.cache)
    if (auto bytes = context.cache->find(key)) {
      Unpacker in(*bytes);
      in.get(out.mean), in.get(out.components), in.get(out.sd);
      co_return;
    }
  co_await fit_pca(context, pictures, spec.components, context.random.sub("pca"), out);
  if (!context.cache) co_return;
  Packer bytes;
  bytes.add(out.mean), bytes.add(out.components), bytes.add(out.sd);
  context.cache->put(key, bytes.take());
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, Evidence& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& open = knowledge.open;
  assert(open.pictures.size() != 0);  // run/experiment has checked that the data has some

  // The attacker's own pictures, moved and mirrored: row i comes from open record i modulo their number.
  Matrix pictures = with_shifts(open.pictures, open.height, open.width, spec.shifts);
  if (spec.mirror) {
    const Matrix flipped = mirrored(pictures, open.height, open.width);
    Matrix both(2 * pictures.rows(), pictures.cols());
    both << pictures, flipped;
    pictures = std::move(both);
  }
  co_await Tick{};
  const int own = static_cast<int>(pictures.rows());
  const Matrix inputs = reduced(pictures, open.height, open.width, open.height / open.input_height);
  co_await Tick{};

  const bool pca = spec.prior == "pca";
  PcaPrior prior;
  Matrix wanted;  // what is predicted, about unit variance
  if (pca) {
    co_await learn_prior(context, knowledge, spec, pictures, prior);
    wanted = prior.code(pictures);
    for (Eigen::Index c = 0; c < wanted.cols(); ++c) wanted.col(c) /= static_cast<float>(std::max(prior.sd[c], 1e-9));
  } else {
    wanted = pictures;
  }
  co_await Tick{};

  // Learn from the answers as they will be overheard: means of `repeats` where repeats are fresh.
  const int averaged_over = oracle.fresh() ? spec.repeats : 1;
  const int stacked = oracle.fresh() ? spec.draws : 1;
  std::vector<Answers> answers;
  co_await oracle.ask(context, inputs, stacked * averaged_over, answers);
  std::vector<Matrix> draws;
  for (int d = 0; d < stacked; ++d) {
    const std::vector<Answers> some(answers.begin() + d * averaged_over, answers.begin() + (d + 1) * averaged_over);
    draws.push_back(averaged(some, oracle.release(), spec.floor));
    co_await Tick{};
  }
  Features features{spec.features == "quadratic", {}, {}};
  {
    Matrix all(own * stacked, draws[0].cols());
    for (int d = 0; d < stacked; ++d) all.middleRows(d * own, own) = draws[static_cast<std::size_t>(d)];
    features.learn(all);
  }

  std::vector<int> person(static_cast<std::size_t>(own));
  for (int i = 0; i < own; ++i) {
    const int record = i % open.rows();
    person[static_cast<std::size_t>(i)] = open.person.empty() ? record : open.person[static_cast<std::size_t>(record)];
  }
  const std::vector<int> fold = folds_by_person(person, own, context.random.sub("folds"));
  std::vector<std::vector<int>> rows_of_fold(kFolds);
  for (int i = 0; i < own; ++i) rows_of_fold[static_cast<std::size_t>(fold[static_cast<std::size_t>(i)])].push_back(i);
  std::vector<Moments> moments(kFolds);
  for (int f = 0; f < kFolds; ++f)
    for (const Matrix& draw : draws)
      for (std::size_t first = 0; first < rows_of_fold[static_cast<std::size_t>(f)].size(); first += kBlock) {
        const auto& all = rows_of_fold[static_cast<std::size_t>(f)];
        const std::vector<int> rows(all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(std::min(first + kBlock, all.size())));
        const Matrix x = features.of(rows_of(draw, rows)), y = rows_of(wanted, rows);
        Moments part;  // products in float, sums over blocks in double
        part.xx = (x.transpose() * x).cast<double>();
        part.xy = (x.transpose() * y).cast<double>();
        part.yy = y.cast<double>().colwise().squaredNorm();
        part.rows = static_cast<int>(x.rows());
        moments[static_cast<std::size_t>(f)].add(part);
        co_await Tick{};
      }
  Moments total;
  for (const Moments& m : moments) total.add(m);

  double penalty = spec.regularisation.value_or(0);
  if (!spec.regularisation) {
    // The error that counts is that of the picture: each coefficient weighs as much as it moves pixels.
    const VectorXd importance = pca ? VectorXd(prior.sd.array().square()) : VectorXd::Ones(wanted.cols());
    double best = std::numeric_limits<double>::infinity();
    for (double candidate : kCandidates) {
      double error = 0;
      for (const Moments& left_out : moments) {
        if (left_out.rows == 0) continue;
        Moments rest = total;
        rest.xx -= left_out.xx, rest.xy -= left_out.xy, rest.rows -= left_out.rows;
        error += importance.dot(squared_error(left_out, ridge(rest, candidate)));
        co_await Tick{};
      }
      if (error < best) best = error, penalty = candidate;
    }
    const VectorXd of_the_mean = total.yy - total.xy.row(0).transpose().cwiseAbs2() / total.rows;
    out.notes["cross_validation_r2"] = 1 - best / std::max(1e-12, importance.dot(of_the_mean));
  }
  const Matrix weight = ridge(total, penalty).cast<float>();
  co_await Tick{};

  const int trials = oracle.fresh() ? spec.trials : 1;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<Answers> overheard(static_cast<std::size_t>(averaged_over));
    for (int r = 0; r < averaged_over; ++r) co_await oracle.observe(context, trial * averaged_over + r, overheard[static_cast<std::size_t>(r)]);
    const Matrix x = features.of(averaged(overheard, oracle.release(), spec.floor));
    Matrix picture(x.rows(), pictures.cols());
    for (Eigen::Index first = 0; first < x.rows(); first += kBlock) {
      const Eigen::Index n = std::min<Eigen::Index>(kBlock, x.rows() - first);
      Matrix guess = x.middleRows(first, n) * weight;
      if (pca) {
        for (Eigen::Index c = 0; c < guess.cols(); ++c) guess.col(c) *= static_cast<float>(std::max(prior.sd[c], 1e-9));
        guess = prior.picture(guess);
      }
      picture.middleRows(first, n) = guess.cwiseMax(0.f).cwiseMin(1.f);
      co_await Tick{};
    }
    out.pictures.push_back(std::move(picture));
  }
  out.notes["regularisation"] = penalty;
  out.notes["own_pictures"] = own;
  if (pca) out.notes["components"] = prior.components.rows();
}

}  // namespace

extern const Attack ridge_inversion;
const Attack ridge_inversion{{"ridge_inversion", "Ridge inversion",
                              "Learns on its own pictures which picture belongs to which answer, then draws the victims from theirs.",
                              "demos.md stories 1 and 3; Hoerl and Kennard 1970", &Spec::params, {"network"}},
                             Access::scores, Attack::Finds::instance_picture, &run};

}  // namespace mid::attack
