#include "mid/experiment/population.hpp"

#include <algorithm>
#include <numeric>

#include "mid/data/pictures.hpp"
#include "mid/model/prior/prior.hpp"

namespace mid {
namespace {

constexpr int kComponents = 60, kDrawn = 2000, kBlockOfDrawn = 100;

void grow(Matrix& m, Eigen::Index rows) {
  Matrix larger = Matrix::Zero(rows, m.cols());
  larger.topRows(m.rows()) = m;
  m = std::move(larger);
}

}  // namespace

bool has_gaussian_people(const Spec& spec) { return spec.data.value("population", "records") == "gaussian"; }

Task gaussian_people(Context& context, const Data& data, Population& people, Data& out) {
  const Stream random = context.random.sub("population");
  PcaPrior prior;
  co_await fit_pca(context, rows_of(data.set.pictures, data.split.auxiliary), kComponents, random.sub("components"), prior);
  people.mean = prior.mean, people.components = prior.components;
  people.variance = prior.sd.array().square();
  out = data;
  Dataset& set = out.set;
  const Eigen::Index first = set.pictures.rows(), all = first + 2 * kDrawn;
  co_await Tick{};
  grow(set.pictures, all);
  co_await Tick{};
  grow(set.inputs, all);
  co_await Tick{};
  const Eigen::RowVectorXf sd = prior.sd.cast<float>().transpose();
  for (Eigen::Index row = first; row < all; row += kBlockOfDrawn) {
    const Eigen::Index count = std::min<Eigen::Index>(kBlockOfDrawn, all - row);
    Matrix code(count, sd.size());
    fill_normal(random.sub("people"), static_cast<std::uint64_t>((row - first) * sd.size()), code);
    code.array().rowwise() *= sd.array();
    const Matrix drawn = prior.picture(code);
    set.pictures.middleRows(row, count) = drawn;
    set.inputs.middleRows(row, count) = reduced(drawn, set.height, set.width, set.height / set.input_height);
    co_await Tick{};
  }
  const auto extend = [&](std::vector<int>& numbers, int from, int step) {
    for (Eigen::Index row = first; !numbers.empty() && row < all; ++row) numbers.push_back(from + step * static_cast<int>(row - first));
  };
  const int last_person = set.person.empty() ? 0 : *std::max_element(set.person.begin(), set.person.end());
  extend(set.person, last_person + 1, 1), extend(set.pool, 0, 0), extend(set.kind, 0, 0);
  for (Eigen::Index row = first; !set.row_names.empty() && row < all; ++row)
    set.row_names.push_back("drawn_" + std::to_string(row - first));
  if (set.label.size()) {
    VectorXi label = VectorXi::Constant(all, -1);
    label.head(first) = set.label;
    set.label = label;
  }
  out.split.attacked.resize(kDrawn), out.split.auxiliary.resize(kDrawn);
  std::iota(out.split.attacked.begin(), out.split.attacked.end(), static_cast<int>(first));
  std::iota(out.split.auxiliary.begin(), out.split.auxiliary.end(), static_cast<int>(first) + kDrawn);
}

}  // namespace mid
