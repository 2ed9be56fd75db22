#include "mid/data/labelled_pictures.hpp"

#include "mid/data/pictures.hpp"

namespace mid {

void check_image_size(int size, int side) {
  if (side % size == 0) return;
  std::vector<std::string> allowed;
  for (int s = 4; s <= side; ++s)
    if (side % s == 0) allowed.push_back(std::to_string(s));
  throw Error("data.image_size", "must divide " + std::to_string(side) + " (" + listed(allowed) + "), found " +
                                     std::to_string(size));
}

Data labelled_pictures(std::string name, Matrix pictures, VectorXi label, int side, const LabelledPicturesSpec& spec,
                       Stream random) {
  constexpr int kDigits = 10;
  check_image_size(spec.image_size, side);
  const int n = static_cast<int>(spec.rows ? std::min<Eigen::Index>(*spec.rows, pictures.rows()) : pictures.rows());
  const Parts parts = cut(shares(spec, n, {}, "rows", 1), n, random.sub("split"));
  if (spec.attacked > static_cast<int>(parts.private_.size()))
    throw Error("data.attacked", "must be at most data.private, " + std::to_string(parts.private_.size()) + ", found " +
                                     std::to_string(spec.attacked));
  Data data;
  Dataset& set = data.set;
  set.name = std::move(name);
  set.pictures = pictures.topRows(n);
  set.height = set.width = side;
  set.inputs = reduced(set.pictures, side, side, side / spec.image_size);
  set.input_height = set.input_width = spec.image_size;
  set.input_mean = Matrix::Zero(1, set.inputs.cols());
  set.input_sd = Matrix::Ones(1, set.inputs.cols());
  set.label = label.head(n);
  for (int digit = 0; digit < kDigits; ++digit) set.classes.push_back(std::to_string(digit));
  set.target_name = "digit";
  set.pool.assign(set.label.begin(), set.label.end());
  set.kind = set.pool;
  data.split.train = parts.private_;
  data.split.test = parts.held_out;
  data.split.attacked.assign(parts.private_.begin(), parts.private_.begin() + spec.attacked);
  data.split.open = parts.open;
  return data;
}

}  // namespace mid
