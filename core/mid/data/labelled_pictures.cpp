#include "mid/data/labelled_pictures.hpp"

#include <algorithm>
#include <cmath>

#include "mid/base/base64.hpp"
#include "mid/data/pictures.hpp"

namespace mid {
namespace {

/// What was drawn as one row more, and as the first victim.
void add_drawn(const LabelledPicturesSpec& spec, int side, Matrix& pictures, VectorXi& label) {
  if (!spec.drawn_label) throw Error("data.drawn_label", Message("refusal.drawn_label"));
  const Eigen::Index n = pictures.rows();
  pictures.conservativeResize(n + 1, Eigen::NoChange);
  pictures.row(n) = drawn_picture(*spec.drawn, side);
  label.conservativeResize(n + 1);
  label[n] = *spec.drawn_label;
}

}  // namespace

std::string drawn_text(MatrixRef picture) {
  std::string bytes(static_cast<std::size_t>(picture.size() + 3) / 4, '\0');
  for (Eigen::Index i = 0; i < picture.size(); ++i) {
    const auto level = static_cast<unsigned>(std::lround(3 * std::clamp(picture(i / picture.cols(), i % picture.cols()), 0.f, 1.f)));
    auto& byte = bytes[static_cast<std::size_t>(i / 4)];
    byte = static_cast<char>(static_cast<unsigned char>(byte) | level << (2 * (i % 4)));
  }
  return base64url(bytes);
}

Matrix drawn_picture(const std::string& text, int side) {
  const auto bytes = from_base64url(text);
  const std::size_t size = static_cast<std::size_t>(side * side + 3) / 4;
  if (!bytes || bytes->size() != size)
    throw Error("data.drawn", Message("refusal.drawn")
                                  .with("side", std::to_string(side))
                                  .with("letters", std::to_string((size * 4 + 2) / 3))
                                  .with("found", bytes ? counted(std::ssize(text), "letter") : Message("refusal.part.other_letters")));
  Matrix picture(1, side * side);
  for (int i = 0; i < side * side; ++i)
    picture(0, i) = static_cast<float>(static_cast<unsigned char>((*bytes)[static_cast<std::size_t>(i / 4)]) >> (2 * (i % 4)) & 3) / 3;
  return picture;
}

void check_image_size(int size, int side) {
  if (side % size == 0) return;
  std::vector<std::string> allowed;
  for (int s = 4; s <= side; ++s)
    if (side % s == 0) allowed.push_back(std::to_string(s));
  throw Error("data.image_size", Message("refusal.divides")
                                     .with("side", std::to_string(side))
                                     .with("allowed", either_of(allowed))
                                     .with("found", std::to_string(size)));
}

Data labelled_pictures(std::string name, Matrix pictures, VectorXi label, int side, const LabelledPicturesSpec& spec, Stream random) {
  constexpr int kDigits = 10;
  check_image_size(spec.image_size, side);
  const int n = static_cast<int>(spec.rows ? std::min<Eigen::Index>(*spec.rows, pictures.rows()) : pictures.rows());
  const Parts parts = cut(shares(spec, n, {}, "rows", 1), n, random.sub("split"));
  const std::vector<int>& victims = spec.victims == "private" ? parts.private_ : parts.held_out;
  if (spec.attacked > static_cast<int>(victims.size()))
    throw Error("data.attacked", Message("refusal.at_most_data")
                                     .with("of", spec.victims)
                                     .with("most", std::to_string(victims.size()))
                                     .with("found", std::to_string(spec.attacked)));
  Data data;
  Dataset& set = data.set;
  set.name = std::move(name);
  set.pictures = pictures.topRows(n);
  set.label = label.head(n);
  if (spec.drawn) add_drawn(spec, side, set.pictures, set.label);
  set.height = set.width = side;
  set.inputs = reduced(set.pictures, side, side, side / spec.image_size);
  set.input_height = set.input_width = spec.image_size;
  set.input_mean = Matrix::Zero(1, set.inputs.cols());
  set.input_sd = Matrix::Ones(1, set.inputs.cols());
  for (int digit = 0; digit < kDigits; ++digit) set.classes.push_back(std::to_string(digit));
  set.target_name = "digit";
  set.pool.assign(set.label.begin(), set.label.end());
  set.kind = set.pool;
  data.split.train = parts.private_;
  data.split.test = parts.held_out;
  data.split.attacked.assign(victims.begin(), victims.begin() + spec.attacked);
  if (spec.drawn) {
    data.split.attacked.insert(data.split.attacked.begin(), n);
    for (int row = 0; row < n; ++row) set.row_names.push_back(std::to_string(row + 1));  // as number_in_file counts
    set.row_names.push_back("drawn");
  }
  data.split.auxiliary = parts.auxiliary;
  return data;
}

}  // namespace mid
