#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/labelled_pictures.hpp"
#include "mid/data/source.hpp"

namespace mid::source {
namespace {

constexpr int kSide = 8, kPixels = kSide * kSide;
constexpr const char* kFile = "digits8x8/digits.csv";

struct Spec : LabelledPicturesSpec {
  Spec() {
    private_ = 800;
    auxiliary = 700;
    attacked = 500;
    image_size = kSide;
  }
  static std::vector<Param> params() { return labelled_pictures_params<Spec>(kSide); }
};

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  const std::string text = read_data_file(kFile);
  const CsvRows csv = parse_csv(text, kFile, CsvHeader::absent);
  if (csv.columns() != kPixels + 1)
    throw Error(kFile,
                Message("refusal.data_columns").with("wanted", std::to_string(kPixels + 1)).with("found", std::to_string(csv.columns())));
  Matrix pictures(csv.rows(), kPixels);
  VectorXi label(csv.rows());
  for (int row = 0; row < csv.rows(); ++row)
    for (int c = 0; c <= kPixels; ++c) {
      const std::optional<double> value = parse_number(csv.cell(row, c));
      if (!value || *value < 0 || *value > (c < kPixels ? 16 : 9))
        throw Error(kFile, Message("refusal.data_line")
                               .with("line", std::to_string(csv.line(row)))
                               .with("wanted", Message("refusal.part.pixels_and_label"))
                               .with("found", shown(std::string(csv.cell(row, c)))));
      if (c < kPixels)
        pictures(row, c) = static_cast<float>(*value / 16);
      else
        label[row] = static_cast<int>(*value);
    }
  Data data = labelled_pictures("digits", std::move(pictures), std::move(label), kSide, spec, random);
  data.set.credit =
      "Optical recognition of handwritten digits, E. Alpaydin and C. Kaynak, UCI 1998, as shipped by scikit-learn (BSD-3-Clause)";
  return data;
}

}  // namespace

extern const DataSource digits;
const DataSource digits{
    .about = {.name = "digits",
              .title = "data.digits.title",
              .summary = "data.digits.summary",
              .source = "Alpaydin, Kaynak, UCI Machine Learning Repository 1998",
              .params = Spec::params},
    .load = load,
    .files = {"digits8x8/digits.csv.gz"},
    .licence = "BSD-3-Clause",
    .of_victims = kLabelledPicturesOfVictims,
};

}  // namespace mid::source
