#include "mid/model/attribute_scores.hpp"

#include <cassert>
#include <cmath>

#include "mid/base/error.hpp"
#include "mid/model/tree/tree_grow.hpp"

namespace mid {
namespace {

constexpr double kSameScore = 1e-12;
constexpr std::size_t kMostClasses = 200;  // y becomes a column of a tree
constexpr int kLomiaDepth = 6, kLomiaMinLeaf = 5;

double prior_of(const MatrixD& prior, Eigen::Index record, Eigen::Index value) { return prior(prior.rows() == 1 ? 0 : record, value); }

/// The records numbered `rows`, their true class as one more column, and `direct` as what there is to learn.
TreeData learnable(const TreeData& known, const std::vector<int>& rows, const std::vector<std::string>& values, const VectorXi& direct) {
  TreeData out{known.columns, MatrixD(static_cast<Eigen::Index>(rows.size()), known.values.cols() + 1),
               VectorXi(static_cast<Eigen::Index>(rows.size())), values};
  out.columns.push_back({"true class", false, known.classes});
  for (Eigen::Index i = 0; i < out.label.size(); ++i) {
    const int row = rows[static_cast<std::size_t>(i)];
    out.values.row(i) << known.values.row(row), static_cast<double>(known.label[row]);
    out.label[i] = direct[row];
  }
  return out;
}

}  // namespace

MatrixD confusion(const VectorXi& truth, const VectorXi& predicted, int classes) {
  assert(truth.size() == predicted.size());
  MatrixD pi = MatrixD::Ones(classes, classes);
  for (Eigen::Index i = 0; i < truth.size(); ++i) pi(truth[i], predicted[i]) += 1;
  for (Eigen::Index c = 0; c < classes; ++c) pi.col(c) /= pi.col(c).sum();
  return pi;
}

MatrixD confusion_score(const Eigen::MatrixXi& predicted, const VectorXi& label, const MatrixD& pi, const MatrixD& prior) {
  MatrixD chance(predicted.rows(), predicted.cols());
  for (Eigen::Index i = 0; i < chance.rows(); ++i)
    for (Eigen::Index v = 0; v < chance.cols(); ++v) chance(i, v) = pi(label[i], predicted(i, v));
  return confidence_score(chance, prior);
}

MatrixD confidence_score(const MatrixD& confidence, const MatrixD& prior) {
  assert(prior.cols() == confidence.cols() && (prior.rows() == 1 || prior.rows() == confidence.rows()));
  MatrixD out(confidence.rows(), confidence.cols());
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index v = 0; v < out.cols(); ++v) out(i, v) = std::log(confidence(i, v)) + std::log(prior_of(prior, i, v));
  return out;
}

CsmiaGuess csmia(const Eigen::MatrixXi& predicted, const MatrixD& confidence, const VectorXi& label, const MatrixD& prior) {
  assert(predicted.rows() == label.size() && confidence.rows() == label.size() && predicted.cols() == confidence.cols());
  CsmiaGuess out{VectorXi(label.size()), VectorXi(label.size())};
  count_work(10. * static_cast<double>(predicted.size()));
  for (Eigen::Index i = 0; i < label.size(); ++i) {
    out.matches[i] = static_cast<int>((predicted.row(i).array() == label[i]).count());
    const auto eligible = [&](Eigen::Index v) { return out.matches[i] == 0 || predicted(i, v) == label[i]; };
    const double sign = out.matches[i] == 0 ? -1 : 1;
    double best = 0;
    bool any = false;
    for (Eigen::Index v = 0; v < predicted.cols(); ++v)
      if (eligible(v) && (!any || sign * confidence(i, v) > best)) best = sign * confidence(i, v), any = true;
    int guess = -1;
    for (int v = 0; v < predicted.cols(); ++v)
      if (eligible(v) && sign * confidence(i, v) >= best - kSameScore && (guess < 0 || prior_of(prior, i, v) > prior_of(prior, i, guess)))
        guess = v;
    out.guess[i] = guess;
  }
  return out;
}

Task lomia(Context& context, TreeData known, std::vector<std::string> values, CsmiaGuess direct, MatrixD prior, VectorXi& guess) {
  if (known.classes.size() > kMostClasses)
    throw Error("data.target", Message("refusal.classes_for_attack")
                                   .with("most", std::to_string(kMostClasses))
                                   .with("found", std::to_string(known.classes.size())));
  std::vector<int> sure, others;
  for (int i = 0; i < direct.guess.size(); ++i) (direct.matches[i] == 1 ? sure : others).push_back(i);
  guess = direct.guess;
  if (others.empty()) co_return;
  if (sure.empty()) {
    for (int i : others) {
      Eigen::Index best = 0;
      prior.row(prior.rows() == 1 ? 0 : i).maxCoeff(&best);
      guess[i] = static_cast<int>(best);
    }
    co_return;
  }
  TreeData lesson = learnable(known, sure, values, direct.guess);
  TreeSpec spec;
  spec.max_depth = kLomiaDepth;
  spec.min_leaf = kLomiaMinLeaf;
  TreePenalty none;
  Tree tree;
  co_await grow_tree(context, "lomia", std::move(lesson), spec, none, tree);
  const VectorXi answer = predicted(tree, learnable(known, others, values, direct.guess).values);
  for (std::size_t k = 0; k < others.size(); ++k) guess[others[k]] = answer[static_cast<Eigen::Index>(k)];
}

}  // namespace mid
