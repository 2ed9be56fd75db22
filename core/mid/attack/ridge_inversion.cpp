// From answers back to pictures in closed form: ridge regression, learnt on the attacker's own pictures.
// Black box. The presets visitors and which-seven; Hoerl and Kennard 1970 for the ridge.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "mid/attack/belief/average_answer.hpp"
#include "mid/attack/search/auxiliary_pictures.hpp"
#include "mid/data/pictures.hpp"
#include "mid/model/linear/ridge.hpp"

namespace mid::attack {
namespace {

struct Spec {
  std::string features = "linear", prior = "pca";
  std::optional<int> components, shifts;
  std::optional<double> regularisation, floor;
  int draws = 4, repeats = 1, trials = 4;
  std::optional<bool> mirror;
  static std::vector<Param> params() {
    return {
        choice(&Spec::features, "features", {"linear", "quadratic"}, "attack.ridge_inversion.features"),
        choice(&Spec::prior, "prior", {"pca", "pixels"}, "attack.ridge_inversion.prior"),
        param(&Spec::components, "components", 1, 400, "", "attack.ridge_inversion.components"),
        param(&Spec::regularisation, "regularisation", 0, 1000, "per row", "attack.ridge_inversion.regularisation"),
        param(&Spec::draws, "draws", 1, 50, "draws", "attack.inversion_network.draws"),
        param(&Spec::repeats, "repeats", 1, 1000, "answers", "attack.repeats"),
        param(&Spec::trials, "trials", 1, 50, "", "attack.trials"),
        param(&Spec::floor, "floor", -100, -1, "ln", "attack.ridge_inversion.floor"),
        param(&Spec::shifts, "shifts", 0, 8, "pixels", "attack.ridge_inversion.shifts"),
        param(&Spec::mirror, "mirror", "attack.ridge_inversion.mirror"),
    };
  }
};

constexpr int kFolds = 5, kBlock = 256;
constexpr int kMostComponents = 100;
constexpr OwnPictures kCopies{2, true};  // that the attacker may make of its pictures, where nothing else is said
/// Sure networks tell in confidences of e^-50 what unsure ones tell above e^-12; below -100 a float's exponential is 0.
constexpr double kFloors[] = {-12, -25, -50, -100};

/// Whether answers come as logarithms of confidences, which a floor is about.
bool has_floor(AnswerForm form) {
  return form == AnswerForm::log_probability || form == AnswerForm::probability || form == AnswerForm::top;
}

/// Which fold each row is in: persons stay together, so that cross-validation predicts people never seen.
std::vector<int> folds_by_person(const std::vector<int>& person, Stream random) {
  const std::vector<int> place = permutation(random, 1 + *std::max_element(person.begin(), person.end()));
  std::vector<int> fold;
  for (int p : person) fold.push_back(place[static_cast<std::size_t>(p)] % kFolds);
  return fold;
}

/// One way to learn from the attacker's own pictures: with all copies that may be made of them, or with those alone that are told to be.
struct Way {
  OwnPictures made;
  std::vector<int> rows;  ///< of all the pictures; empty: all
  PcaPrior prior;
  Matrix wanted;       ///< what is predicted, about unit variance
  double outside = 0;  ///< squared error that the components cannot mend, of the pictures as they are
};

/// What is predicted of the pictures of a way; the first `records` are the attacker's own as they are.
Task prepare(Context& context, const Knowledge& knowledge, const Spec& spec, const Matrix& all, int records, Way& way) {
  Matrix some;
  if (!way.rows.empty()) some = rows_of(all, way.rows);
  const Matrix& pictures = way.rows.empty() ? all : some;
  if (spec.prior != "pca") {
    way.wanted = pictures;
    co_return;
  }
  const Eigen::Index own = pictures.rows();
  PcaPrior& prior = way.prior;
  co_await learn_components(context, knowledge, way.made, spec.components.value_or(kMostComponents), pictures, prior);
  way.wanted.resize(own, prior.components.rows());
  for (Eigen::Index first = 0; first < own; first += kBlock) {
    const Eigen::Index n = std::min<Eigen::Index>(kBlock, own - first), tested = std::clamp<Eigen::Index>(records - first, 0, n);
    way.wanted.middleRows(first, n) = prior.code(pictures.middleRows(first, n));
    if (tested > 0)
      way.outside += static_cast<double>((pictures.middleRows(first, tested).rowwise() - prior.mean.row(0)).squaredNorm() -
                                         way.wanted.middleRows(first, tested).squaredNorm());
    co_await Tick{};
  }
  for (Eigen::Index c = 0; c < way.wanted.cols(); ++c) way.wanted.col(c) /= static_cast<float>(std::max(prior.sd[c], 1e-9));
}

Task run(Context& context, Oracle& oracle, const Knowledge& knowledge, Json j, AttackResult& out) {
  const Spec spec = read<Spec>(j, "attack");
  const Dataset& auxiliary = knowledge.auxiliary;
  assert(auxiliary.pictures.size() != 0);  // experiment/experiment has checked that the data has some

  const OwnPictures most{spec.shifts.value_or(kCopies.shifts), spec.mirror.value_or(kCopies.mirror)};
  Matrix pictures;
  co_await most.load(auxiliary, pictures);
  const int own = static_cast<int>(pictures.rows()), records = auxiliary.rows();
  const Matrix inputs = reduced(pictures, auxiliary.height, auxiliary.width, auxiliary.height / auxiliary.input_height);
  co_await Tick{};

  // Copies teach what a moved face looks like. Where no victim has moved, as among people drawn from a Gaussian, they mislead.
  std::vector<Way> ways(1);
  ways[0].made = most;
  if (std::vector<int> told = most.rows(records, spec.shifts.has_value(), spec.mirror.value_or(false));
      told.size() < static_cast<std::size_t>(own)) {
    ways.emplace_back();
    ways[1].made = {spec.shifts.value_or(0), spec.mirror.value_or(false)}, ways[1].rows = std::move(told);
  }
  const bool pca = spec.prior == "pca", chooses = ways.size() > 1;
  for (Way& way : ways) co_await prepare(context, knowledge, spec, pictures, records, way);
  co_await Tick{};

  // Learn from the answers as they will be overheard: means of `repeats` where repeats are fresh.
  const int averaged_over = oracle.fresh() ? spec.repeats : 1;
  const int stacked = oracle.fresh() ? spec.draws : 1;
  const double half_width = oracle.release().cut->quantisation_half_width;
  const bool floored = has_floor(*oracle.release().form);
  std::vector<double> floors{spec.floor.value_or(kFloors[0])};
  if (!spec.floor && floored) floors.assign(std::begin(kFloors), std::end(kFloors));
  std::vector<std::vector<Matrix>> draws(floors.size());  // the same answers, by floor
  std::vector<AverageAnswer> average;
  for (const double floor : floors) average.emplace_back(half_width, floor);
  int heard = 0;
  const std::function<void(const Answers&)> listen = [&](const Answers& answer) {
    ++heard;
    for (std::size_t f = 0; f < floors.size(); ++f) {
      average[f].add(answer);
      if (heard % averaged_over != 0) continue;
      draws[f].push_back(average[f].mean());
      average[f] = AverageAnswer(half_width, floors[f]);
    }
  };
  co_await oracle.ask(context, inputs, stacked * averaged_over, listen);

  std::vector<int> person(static_cast<std::size_t>(own));
  for (int i = 0; i < own; ++i) {
    const int record = i % records;
    person[static_cast<std::size_t>(i)] = auxiliary.person.empty() ? record : auxiliary.person[static_cast<std::size_t>(record)];
  }
  const std::vector<int> fold = folds_by_person(person, context.random.sub("folds"));
  Ridge ridge;
  double floor = floors[0], least = 0;
  const Way* chosen = nullptr;
  for (std::size_t f = 0; f < floors.size(); ++f) {
    for (const Way& way : ways) {
      std::vector<Matrix> some;
      std::vector<int> some_folds;
      for (const int row : way.rows) some_folds.push_back(fold[static_cast<std::size_t>(row)]);
      if (!way.rows.empty())
        for (const Matrix& answer : draws[f]) some.push_back(rows_of(answer, way.rows));
      // The error that counts is that of the picture: each coefficient weighs as much as it moves pixels.
      const VectorXd importance = pca ? VectorXd(way.prior.sd.array().square()) : VectorXd::Ones(way.wanted.cols());
      const RidgeProblem problem{way.rows.empty() ? draws[f] : some,
                                 way.wanted,
                                 way.rows.empty() ? fold : some_folds,
                                 importance,
                                 spec.regularisation,
                                 chooses || floors.size() > 1,
                                 chooses ? Eigen::Index{records} : 0};
      Ridge fitted;
      fitted.features.quadratic = spec.features == "quadratic";
      co_await fit_ridge(context, problem, fitted);
      const double error = chooses ? fitted.error + static_cast<double>(draws[f].size()) * way.outside : 1 - fitted.r2.value_or(0);
      if (chosen && error >= least) continue;
      ridge = std::move(fitted), floor = floors[f], least = error, chosen = &way;
    }
    draws[f].clear();
  }
  const PcaPrior& prior = chosen->prior;

  const int trials = oracle.fresh() ? spec.trials : 1;
  for (int trial = 0; trial < trials; ++trial) {
    AverageAnswer overheard(half_width, floor);
    for (int r = 0; r < averaged_over; ++r) {
      Answers answer;
      co_await oracle.observe(context, trial * averaged_over + r, answer);
      overheard.add(answer);
    }
    const Matrix x = ridge.features.of(overheard.mean());
    Matrix picture(x.rows(), pictures.cols());
    for (Eigen::Index first = 0; first < x.rows(); first += kBlock) {
      const Eigen::Index n = std::min<Eigen::Index>(kBlock, x.rows() - first);
      Matrix guess = ridge.predict(x.middleRows(first, n));
      if (pca) {
        for (Eigen::Index c = 0; c < guess.cols(); ++c) guess.col(c) *= static_cast<float>(std::max(prior.sd[c], 1e-9));
        guess = prior.picture(guess);
      }
      picture.middleRows(first, n) = guess.cwiseMax(0.f).cwiseMin(1.f);
      co_await Tick{};
    }
    out.pictures.push_back(std::move(picture));
  }
  out.notes["regularisation"] = ridge.penalty;
  if (floored) out.notes["floor"] = floor;
  if (ridge.r2) out.notes["cross_validation_r2"] = *ridge.r2;
  out.notes["auxiliary_pictures"] = chosen->wanted.rows();
  if (chooses) out.notes["shifts"] = chosen->made.shifts, out.notes["mirror"] = chosen->made.mirror;
  if (pca) out.notes["components"] = prior.components.rows();
}

}  // namespace

extern const Attack ridge_inversion;
const Attack ridge_inversion{{"ridge_inversion",
                              "attack.ridge_inversion.title",
                              "attack.ridge_inversion.summary",
                              "Hoerl and Kennard 1970",
                              &Spec::params,
                              {"network", "black_box"}},
                             Access::scores,
                             Attack::Finds::instance_picture,
                             &run};

}  // namespace mid::attack
