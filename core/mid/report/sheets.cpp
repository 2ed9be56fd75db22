#include "mid/report/sheets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mid {

Pictures8 picture_bytes(MatrixRef pictures) {
  Pictures8 bytes;
  bytes.reserve(static_cast<std::size_t>(pictures.size()));
  for (Eigen::Index r = 0; r < pictures.rows(); ++r)
    for (Eigen::Index c = 0; c < pictures.cols(); ++c)
      bytes.push_back(static_cast<std::uint8_t>(std::lround(255 * std::min(1.f, std::max(0.f, pictures(r, c))))));
  return bytes;
}

std::size_t PicturePath::frame_at(int at) const {
  const auto next = std::upper_bound(step.begin(), step.end(), at);
  return next == step.begin() ? 0 : static_cast<std::size_t>(next - step.begin()) - 1;
}

double PicturePath::confidence_of(std::size_t frame) const {
  const std::size_t people = step.empty() ? 0 : confidence.size() / step.size();
  if (people == 0) return 0;
  const auto from = confidence.begin() + static_cast<std::ptrdiff_t>(frame * people);
  return std::accumulate(from, from + static_cast<std::ptrdiff_t>(people), 0.) / static_cast<double>(people);
}

bool AnswerSheet::is_whole(int rows) const {
  if (numbers < 0 || rows < 0) return false;
  const auto n = static_cast<std::size_t>(rows), each = static_cast<std::size_t>(numbers);
  if (each == 0) return names.empty() && value.empty() && spread.empty();
  return value.size() % each == 0 && value.size() / each == n && (names.empty() || names.size() == each) &&
         (spread.empty() || spread.size() == n);
}

bool LineUpSheet::is_whole(int rows, std::size_t pixels) const {
  if (size < 0 || rows < 0) return false;
  const auto n = static_cast<std::size_t>(rows), each = static_cast<std::size_t>(size);
  if (each == 0) return candidate.empty() && likeness.empty() && truth.empty() && pick.empty() && others.empty();
  if (candidate.size() % each != 0 || candidate.size() / each != n || likeness.size() != candidate.size() || truth.size() != n ||
      pick.size() != n || (pixels == 0 ? !others.empty() : others.size() % pixels != 0))
    return false;
  const auto most = n + (pixels ? others.size() / pixels : 0);
  const auto all = [](const std::vector<int>& list, int least, std::size_t end) {
    return std::all_of(list.begin(), list.end(), [&](int i) { return i >= least && (i < 0 || static_cast<std::size_t>(i) < end); });
  };
  return all(candidate, -1, most) && all(truth, 0, each) && all(pick, -1, each);
}

bool PictureSheet::is_whole() const {
  constexpr int kLargestSide = 4096, kMostRows = 1 << 20;
  if (height < 0 || width < 0 || rows < 0 || height > kLargestSide || width > kLargestSide || rows > kMostRows) return false;
  const auto n = static_cast<std::size_t>(rows), size = n * pixels(), frames = path.step.size();
  const std::size_t most = truth.size() / std::max<std::size_t>(size, 1) + path.pictures.size();  // no product below overflows
  return truth.size() == size && average.size() == size && (guess.empty() || guess.size() == size) && names.size() <= n &&
         classes.size() <= n && line_up.size() <= n && frames <= most && path.confidence.size() == frames * n &&
         path.detail.size() == frames && path.best_step.size() == (frames ? n : 0) && path.pictures.size() == frames * size &&
         std::is_sorted(path.step.begin(), path.step.end()) && answers.is_whole(rows) && line_ups.is_whole(rows, pixels());
}

int BeliefSheet::guess(const MatrixD& belief, int row) {
  if (row < 0 || row >= belief.rows() || belief.cols() == 0) return -1;
  Eigen::Index best = 0;
  for (Eigen::Index v = 1; v < belief.cols(); ++v)
    if (belief(row, v) > belief(row, best)) best = v;
  return static_cast<int>(best);
}

bool BeliefSheet::is_whole() const {
  const auto n = truth.size(), each = static_cast<Eigen::Index>(values.size());
  const auto is_row = [&](const VectorXd& v) { return v.size() == 0 || v.size() == n; };
  const auto is_belief = [&](const MatrixD& m) { return m.rows() == n && m.cols() == each; };
  return is_belief(before) && is_belief(after) && (conditional_mean.size() == 0 || is_belief(conditional_mean)) &&
         (conditional_sd.size() == 0 || is_belief(conditional_sd)) && is_row(answer) && is_row(target) &&
         (n == 0 || (truth.minCoeff() >= 0 && truth.maxCoeff() < each));
}

void BeliefSheet::restore_shapes() {
  const auto n = truth.size(), each = static_cast<Eigen::Index>(values.size());
  for (MatrixD* m : {&before, &after, &conditional_mean, &conditional_sd}) {
    if (m->size() == n * each && (m->size() > 0 || m == &before || m == &after))
      m->resize(n, each);  // row-major and of the same size: the numbers stay where they are
    else if (m->size() == 0)
      m->resize(0, 0);
  }
}

bool TreeSheet::is_whole() const {
  const int n = static_cast<int>(nodes.size());
  for (int i = 0; i < n; ++i) {
    const TreeSheetNode& node = nodes[static_cast<std::size_t>(i)];
    if ((i == 0) != (node.parent == -1) || node.parent < -1 || node.parent >= i || node.values.size() != values.size()) return false;
  }
  return n > 0 && std::all_of(victims.begin(), victims.end(), [&](int end) { return end >= 0 && end < n; });
}

}  // namespace mid
