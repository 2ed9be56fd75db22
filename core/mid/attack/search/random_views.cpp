#include "mid/attack/search/random_views.hpp"

#include <algorithm>
#include <cmath>

#include "mid/data/pictures.hpp"

namespace mid {
namespace {

constexpr int kShift = 2, kPriorSamples = 200;
constexpr double kDarkest = .9, kBrightest = 1.1;

/// p of each class, rows x classes, of pictures as the network would have them, without its noise.
Task noiseless_confidence(Context& context, const Network& network, Matrix pictures, Matrix& out) {
  Activations inside;
  co_await activations(context, network, std::move(pictures), inside);
  out = purifier_input(logits_of(network, inside.mu)).array().exp();
}

}  // namespace

std::vector<View> random_views(int count, Stream random) {
  Random draw(random);
  std::vector<View> out(static_cast<std::size_t>(count));
  for (View& v : out) {
    v.down = draw.below(2 * kShift + 1) - kShift, v.right = draw.below(2 * kShift + 1) - kShift;
    v.mirror = draw.uniform() < .5;
    v.brightness = static_cast<float>(kDarkest + (kBrightest - kDarkest) * draw.uniform());
  }
  return out;
}

Matrix under_view(MatrixRef pictures, int height, int width, const View& view) {
  Matrix out(pictures.rows(), pictures.cols());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int from_y = std::clamp(y - view.down, 0, height - 1), at = std::clamp(x - view.right, 0, width - 1);
      const int from_x = view.mirror ? width - 1 - at : at;
      out.col(y * width + x) = pictures.col(from_y * width + from_x);
    }
  return (view.brightness * out).cwiseMax(0.f).cwiseMin(1.f);
}

int best_candidate(const MatrixD& score) {
  Eigen::Index best = 0;
  score.rowwise().mean().maxCoeff(&best);  // the first of the largest
  return static_cast<int>(best);
}

Task confidence_in_views(Context& context, const Network& network, const PictureSpace& space, Matrix code, std::vector<View> views,
                         VectorXd& out) {
  Matrix pictures, p;
  co_await space.inputs(context, std::move(code), pictures);
  out = VectorXd::Zero(pictures.rows());
  for (const View& view : views) {
    Matrix changed = under_view(pictures, space.height(), space.width(), view);
    if (tick_due(6. * static_cast<double>(changed.size()))) co_await Tick{};
    co_await noiseless_confidence(context, network, std::move(changed), p);
    for (Eigen::Index r = 0; r < p.rows(); ++r) out[r] += double{p(r, r)} / static_cast<double>(views.size());
  }
}

Task likely_starts(Context& context, const Network& network, const PictureSpace& space, int restarts, std::vector<Matrix>& out) {
  out.assign(1, space.start().replicate(network.classes, 1));
  if (restarts == 1) co_return;
  Matrix code(kPriorSamples, space.numbers()), pictures, p;
  fill_normal(context.random.sub("prior samples"), 0, code);
  code = ((code * static_cast<float>(space.spread())).rowwise() + space.start().row(0)).eval();
  space.keep_inside(code);
  co_await space.inputs(context, code, pictures);
  co_await noiseless_confidence(context, network, std::move(pictures), p);
  out.resize(static_cast<std::size_t>(restarts), out[0]);
  std::vector<int> order(kPriorSamples);
  for (int c = 0; c < network.classes; ++c) {
    for (int i = 0; i < kPriorSamples; ++i) order[static_cast<std::size_t>(i)] = i;
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return p(a, c) > p(b, c); });
    for (std::size_t k = 1; k < out.size(); ++k) out[k].row(c) = code.row(order[k - 1]);
  }
}

Task choose_candidates(Context& context, const Network& network, const PictureSpace& space, std::vector<ClassCodes> found, int views,
                       bool draw_all, ClassCodes& best, AttackResult& out) {
  const Eigen::Index classes = found[0].code.rows();
  std::vector<MatrixD> score(static_cast<std::size_t>(classes), MatrixD(static_cast<Eigen::Index>(found.size()), 1));
  const std::vector<View> all = random_views(views, context.random.sub("views"));
  for (std::size_t k = 0; k < found.size(); ++k) {
    VectorXd one = found[k].confidence;
    if (views > 0) co_await confidence_in_views(context, network, space, found[k].code, all, one);
    for (Eigen::Index c = 0; c < classes; ++c) score[static_cast<std::size_t>(c)](static_cast<Eigen::Index>(k), 0) = one[c];
    if (views == 0 || !draw_all) continue;
    Matrix drawn;
    co_await space.draw(context, found[k].code, drawn);
    out.more_pictures["unselected"].push_back(std::move(drawn));
  }
  best = found[0];
  for (Eigen::Index c = 0; c < classes; ++c)
    best.take(c, found[static_cast<std::size_t>(best_candidate(score[static_cast<std::size_t>(c)]))]);
}

}  // namespace mid
