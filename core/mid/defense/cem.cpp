// Conditional entropy maximisation: noise of a fixed size on the bottleneck, and the codes of each class pulled together into few
// clusters, so that what comes out tells less of what went in. Xia et al., CVPR 2025 (arXiv 2503.00383), and their code
// (xiasong0501/CEM). Ours: tanh, one optimiser, rows keep their cluster inside an epoch. method.md 4.1, "CEM".
#include <algorithm>
#include <cmath>
#include <limits>

#include "mid/base/work.hpp"
#include "mid/defense/defense.hpp"

namespace mid::defense {
namespace {

constexpr int kFewRows = 15, kRounds = 50;
constexpr float kFloor = .01f, kFloorOfNoise = .125f;  // their code: below these variances nothing is pulled any more
constexpr float kBatchWeight = 10, kMostOfBatch = .99f;

struct Spec {
  double noise = .5, lambda = 1;
  int clusters = 5;
  static std::vector<Param> params() {
    return {param(&Spec::noise, "noise", .001, 100, "", "defense.cem.noise", "arXiv 2503.00383; method.md 4.1, CEM"),
            param(&Spec::lambda, "lambda", 0, 1000, "", "defense.cem.lambda", "arXiv 2503.00383; method.md 4.1, CEM"),
            param(&Spec::clusters, "clusters", 1, 50, "", "defense.cem.clusters", "their code")};
  }
};

/// Each row's nearest of the centres, and how far that is, squared.
void nearest(const MatrixD& points, const MatrixD& centres, VectorXi& of_row, VectorXd& distance) {
  for (Eigen::Index r = 0; r < points.rows(); ++r) {
    Eigen::Index best = 0;
    distance[r] = (centres.rowwise() - points.row(r)).rowwise().squaredNorm().minCoeff(&best);
    of_row[r] = static_cast<int>(best);
  }
}

/// k-means++ and at most kRounds rounds: centres, and each point's. A cluster that nobody is nearest to stays where it is.
Task k_means(MatrixD points, int clusters, Stream random, MatrixD& centres, VectorXi& of_row) {
  Random draw(random);
  const Eigen::Index n = points.rows();
  of_row = VectorXi::Zero(n);
  centres = points.row(draw.below(static_cast<int>(n)));
  VectorXd distance = VectorXd::Zero(n);
  const double work = 3. * static_cast<double>(points.size());
  while (centres.rows() < clusters) {
    nearest(points, centres, of_row, distance);
    double at = draw.uniform() * distance.sum();
    Eigen::Index chosen = 0;
    while (chosen + 1 < n && (at -= distance[chosen]) > 0) ++chosen;
    centres.conservativeResize(centres.rows() + 1, Eigen::NoChange);
    centres.row(centres.rows() - 1) = points.row(chosen);
    if (tick_due(work * static_cast<double>(centres.rows()))) co_await Tick{};
  }
  for (int round = 0; round < kRounds; ++round) {
    const VectorXi before = of_row;
    nearest(points, centres, of_row, distance);
    MatrixD sum = MatrixD::Zero(clusters, points.cols());
    VectorXd count = VectorXd::Zero(clusters);
    for (Eigen::Index r = 0; r < n; ++r) sum.row(of_row[r]) += points.row(r), count[of_row[r]] += 1;
    for (int j = 0; j < clusters; ++j)
      if (count[j] > 0) centres.row(j) = sum.row(j) / count[j];
    if (tick_due(work * (clusters + 1.))) co_await Tick{};
    if (round > 0 && of_row == before) break;
  }
}

class Clusters : public Companion {
 public:
  explicit Clusters(const Spec& spec) : spec_(spec) {}

  void begin(Network& network, const TrainingRows& rows, Stream random) override {
    inputs_ = &rows.inputs, random_ = random;
    rows_of_class_.resize(static_cast<std::size_t>(network.classes));
    for (Eigen::Index r = 0; r < rows.targets.rows(); ++r) {
      Eigen::Index label = rows.targets(r, 0) > .5f ? 1 : 0;
      if (rows.targets.cols() > 1) rows.targets.row(r).maxCoeff(&label);
      rows_of_class_[static_cast<std::size_t>(label)].push_back(static_cast<int>(r));
    }
    int total = 0;
    for (const auto& own : rows_of_class_) total += clusters_of(own);
    const int classes = network.classes;
    centre_.value = Matrix::Zero(total, network.code_size());
    variance_.value = Matrix::Zero(1, total), size_.value = share_.value = Matrix::Ones(1, total);
    of_class_.value = Matrix::Zero(total, classes), begun_.value = Matrix::Zero(1, 1);
    record_data_ = Matrix::Zero(rows.targets.rows(), total);
    for (int c = 0, j = 0; c < classes; ++c)
      for (int i = 0; i < clusters_of(rows_of_class_[static_cast<std::size_t>(c)]); ++i) of_class_.value(j++, c) = 1;
  }
  std::vector<Parameter*> kept() override { return {&centre_, &variance_, &size_, &share_, &of_class_, &begun_}; }
  Matrix* record_data() override { return &record_data_; }

  Task before_epoch(Context& context, const Network& network, int epoch) override {
    if (epoch == 0) co_return;  // the codes mean nothing yet
    Activations inside;
    co_await activations(context, network, *inputs_, inside);
    Matrix record_data = Matrix::Zero(record_data_.rows(), record_data_.cols());
    Eigen::Index first = 0;
    for (std::size_t c = 0; c < rows_of_class_.size(); ++c) {
      const std::vector<int>& own = rows_of_class_[c];
      const int clusters = clusters_of(own);
      if (clusters == 0) continue;
      MatrixD points(static_cast<Eigen::Index>(own.size()), inside.mu.cols()), centres;
      for (std::size_t r = 0; r < own.size(); ++r) points.row(static_cast<Eigen::Index>(r)) = inside.mu.row(own[r]).cast<double>();
      VectorXi of_row;
      co_await k_means(points, clusters, random_.sub(static_cast<std::uint64_t>(epoch)).sub(c), centres, of_row);
      VectorXd count = VectorXd::Zero(clusters), away = VectorXd::Zero(clusters);
      for (std::size_t r = 0; r < own.size(); ++r) {
        const int j = of_row[static_cast<Eigen::Index>(r)];
        record_data(own[r], first + j) = 1, count[j] += 1;
        away[j] += (points.row(static_cast<Eigen::Index>(r)) - centres.row(j)).squaredNorm() / static_cast<double>(points.cols());
      }
      for (int j = 0; j < clusters; ++j) {
        const double many = std::max(count[j], 1.);
        variance_.value(0, first + j) = static_cast<float>(away[j] / many), size_.value(0, first + j) = static_cast<float>(many);
        share_.value(0, first + j) = static_cast<float>(count[j] / static_cast<double>(own.size()));
      }
      centre_.value.middleRows(first, clusters) = centres.cast<float>();
      first += clusters;
    }
    record_data_ = std::move(record_data);
    begun_.value(0, 0) = 1;
  }

  /// lambda times the mean over the classes in the batch of sum_j w_j relu(ln(V_j + .01) - ln(.125 s^2 + .01)), V_j from the batch and,
  /// as far as that has few of the cluster, from all rows.
  Var penalty(Program& p, const NetworkVars& v, const Batch& batch) override {
    const Var all_centres = p.parameter(centre_), of_class = p.parameter(of_class_);
    const Var away = p.sub(v.mu, p.matmul(batch.record_data, all_centres));
    const int clusters = p.cols(batch.record_data);
    const Var distance = p.scale(p.sum_cols(p.mul(away, away)), 1.f / static_cast<float>(p.cols(away)));
    const Var here = p.sum_rows(batch.record_data);  // rows of each cluster
    const Var sum = p.sum_rows(p.mul(batch.record_data, p.spread_cols(distance, clusters)));
    const auto at_most = [&](Var a, float most) { return p.sub(a, p.leaky_relu(p.shift(a, -most), 0)); };
    const Var mean = p.div(sum, p.add(here, p.leaky_relu(p.shift(p.scale(here, -1), 1), 0)));
    const Var weight = at_most(p.scale(p.div(here, p.parameter(size_)), kBatchWeight), kMostOfBatch);
    const Var stored = p.parameter(variance_);
    const Var variance = p.add(stored, p.mul(weight, p.sub(mean, stored)));
    const auto least = static_cast<float>(std::log(kFloorOfNoise * spec_.noise * spec_.noise + kFloor));
    const Var over = p.leaky_relu(p.shift(p.log(p.shift(variance, kFloor)), -least), 0);
    const Var classes = at_most(p.matmul(here, of_class), 1);  // 1: some row of the batch has it
    const Var present = p.matmul(classes, of_class, false, true);
    const Var total = p.sum(p.mul(present, p.mul(p.parameter(share_), over)));
    const Var count = p.sum(classes);
    const Var many = p.add(count, p.leaky_relu(p.shift(p.scale(count, -1), 1), 0));
    return p.scale(p.mul(p.parameter(begun_), p.div(total, many)), static_cast<float>(spec_.lambda));
  }

 private:
  int clusters_of(const std::vector<int>& rows) const {
    if (rows.empty()) return 0;
    return static_cast<int>(rows.size()) < kFewRows ? 1 : std::min(spec_.clusters, static_cast<int>(rows.size()));
  }

  Spec spec_;
  const Matrix* inputs_ = nullptr;
  Stream random_;
  std::vector<std::vector<int>> rows_of_class_;
  // Of each cluster: where it is, the variance and number of its rows, its share of its class, which class (clusters x classes).
  Parameter centre_, variance_, size_, share_, of_class_, begun_;
  Matrix record_data_;  // rows x clusters: the one of each row
};

NetworkHooks network(const Json& j) {
  const auto spec = read<Spec>(j, "defense");
  NetworkHooks hooks;
  hooks.stochastic = true;
  hooks.noise_sd = spec.noise;
  if (spec.lambda > 0) hooks.companion = [spec] { return std::make_unique<Clusters>(spec); };
  return hooks;
}

}  // namespace

extern const Defense cem;
const Defense cem{
    {"cem", "defense.cem.title", "defense.cem.summary", "Xia et al., CVPR 2025 (arXiv 2503.00383)", &Spec::params, {"network"}},
    &network,
    "only a network has a code that can be drawn together",
    "noise",
    nullptr,
    nullptr,
    {.05, .1, .25, .5, .7, 1, 1.4, 2},
    nullptr,
    {{"lambda", .03, 30}, {"clusters", 1, 10}},
    Mark::cross,
    Place::code,
    {Place::layers, Place::units, Place::targets, Place::answers}};

}  // namespace mid::defense
