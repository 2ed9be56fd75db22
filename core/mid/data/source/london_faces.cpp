#include <algorithm>
#include <cmath>

#include "mid/data/csv.hpp"
#include "mid/data/files.hpp"
#include "mid/data/idx.hpp"
#include "mid/data/labelled_pictures.hpp"
#include "mid/data/pictures.hpp"
#include "mid/data/source.hpp"
#include "mid/data/split.hpp"

namespace mid::source {
namespace {

constexpr int kSide = 64;
constexpr const char* kFaces = "london-faces64/faces64-gray.idx3-ubyte";
// What pack_web.py makes of the same pictures for the page: see from_residuals().
constexpr const char* kPackedFaces = "london-faces64/faces64-gray-residuals.idx3-ubyte";
constexpr const char* kIndex = "london-faces64/index.csv";

struct Spec : SplitSpec {
  Spec() {
    private_ = 40;
    held_out = 20;
  }
  int image_size = 32;
  std::vector<std::string> drop_ids{"143"};
  std::string population = "records";  // read by whoever runs the attack

  static std::vector<Param> params() {
    std::vector<Param> params = split_params<Spec>("people", 1, 0);
    params.push_back(param(&Spec::image_size, "image_size", 4, kSide, "pixels", "data.image_size.64"));
    params.push_back(param(&Spec::drop_ids, "drop_ids", "data.london-faces.drop_ids"));
    params.push_back(choice(&Spec::population, "population", {"records", "gaussian"}, "data.population", "method.md section 5"));
    return params;
  }
};

Idx read_faces() {
  const bool packed = has_data_file(kPackedFaces);
  const char* file = packed ? kPackedFaces : kFaces;
  Idx idx = parse_idx(read_data_file(file), file);
  if (idx.sizes.size() != 3 || idx.sizes[1] != kSide || idx.sizes[2] != kSide)
    throw Error(file, Message("refusal.data_file").with("wanted", Message("refusal.part.pictures_of").with("side", std::to_string(kSide))));
  return packed ? from_residuals(std::move(idx)) : idx;
}

/// One line of index.csv: a picture of the file.
struct Photo {
  int row = 0;
  std::string id;
  bool smiling = false;
};

std::vector<Photo> read_index(int pictures) {
  const std::string text = read_data_file(kIndex);
  const CsvRows csv = parse_csv(text, kIndex);
  const int row = csv.column("row"), id = csv.column("face_id"), expression = csv.column("expression");
  std::vector<Photo> photos;
  for (int i = 0; i < csv.rows(); ++i) {
    const std::optional<double> number = parse_number(csv.cell(i, row));
    if (!number || *number < 0 || *number >= pictures)
      throw Error(kIndex, Message("refusal.data_line")
                              .with("line", std::to_string(csv.line(i)))
                              .with("wanted", Message("refusal.part.picture_number").with("last", std::to_string(pictures - 1)))
                              .with("found", shown(std::string(csv.cell(i, row)))));
    photos.push_back({static_cast<int>(*number), std::string(csv.cell(i, id)), csv.cell(i, expression) == "smiling"});
  }
  return photos;
}

/// The ids of all people in file order, without those to leave out.
std::vector<std::string> people_of(const std::vector<Photo>& photos, const std::vector<std::string>& drop) {
  std::vector<std::string> ids;
  for (const Photo& photo : photos)
    if (std::find(ids.begin(), ids.end(), photo.id) == ids.end()) ids.push_back(photo.id);
  for (const std::string& id : drop) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end())
      throw Error("data.drop_ids", Message("refusal.people").with("first", ids.front()).with("last", ids.back()).with("found", shown(id)));
    std::erase(ids, id);
  }
  return ids;
}

/// Mean of each pixel and one sd for all of them, over the attacker's own pictures.
void normalise(Dataset& set, const std::vector<int>& auxiliary) {
  const MatrixD x = rows_of(set.inputs, auxiliary).cast<double>();
  const Eigen::RowVectorXd mean = x.colwise().mean();
  const double sd = std::sqrt((x.rowwise() - mean).array().square().mean());
  set.input_mean = mean.cast<float>();
  set.input_sd = Matrix::Constant(1, x.cols(), static_cast<float>(sd > 0 ? sd : 1));
}

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  check_image_size(spec.image_size, kSide);
  const Idx idx = read_faces();
  const std::vector<Photo> photos = read_index(idx.sizes[0]);
  const std::vector<std::string> people = people_of(photos, spec.drop_ids);
  const int n = static_cast<int>(people.size());
  const Parts parts = cut(shares(spec, n, {}, "people", 1, 0), n, random.sub("split"));

  Data data;
  Dataset& set = data.set;
  set.name = "london-faces";
  std::vector<int> picture_rows;
  std::vector<std::vector<int>> neutral(people.size()), smiling(people.size());
  for (const Photo& photo : photos) {
    const auto person = std::find(people.begin(), people.end(), photo.id);
    if (person == people.end()) continue;
    const auto p = static_cast<std::size_t>(person - people.begin());
    (photo.smiling ? smiling : neutral)[p].push_back(static_cast<int>(picture_rows.size()));
    picture_rows.push_back(photo.row);
    set.person.push_back(static_cast<int>(p));
    set.pool.push_back(photo.smiling ? 1 : 0);
    set.kind.push_back(0);
    set.row_names.push_back(photo.id + (photo.smiling ? "_smiling" : "_neutral"));
  }
  set.pictures = rows_of(pictures_of(idx), picture_rows);
  set.height = set.width = kSide;
  set.inputs = reduced(set.pictures, kSide, kSide, kSide / spec.image_size);
  set.input_height = set.input_width = spec.image_size;

  const auto append = [](std::vector<int>& to, const std::vector<int>& from) { to.insert(to.end(), from.begin(), from.end()); };
  set.label = VectorXi::Constant(set.rows(), -1);
  for (int person : parts.private_) {
    const auto p = static_cast<std::size_t>(person);
    append(data.split.train, neutral[p]);
    append(data.split.test, smiling[p]);
    for (const std::vector<int>& rows : {neutral[p], smiling[p]})
      for (int row : rows) set.label[row] = static_cast<int>(set.classes.size());
    set.classes.push_back(people[p]);
  }
  for (const auto& [members, rows] : {std::pair{&parts.held_out, &data.split.attacked}, {&parts.auxiliary, &data.split.auxiliary}})
    for (int person : *members) {
      append(*rows, neutral[static_cast<std::size_t>(person)]);
      append(*rows, smiling[static_cast<std::size_t>(person)]);
    }
  // Without strangers the enrolled people are the victims: what does the model tell about those it learnt from?
  if (parts.held_out.empty()) data.split.attacked = data.split.train;
  set.target_name = "person";
  normalise(set, data.split.auxiliary);
  set.credit =
      "Face Research Lab London Set, Lisa DeBruine and Benedict Jones 2017, doi:10.6084/m9.figshare.5047666, CC BY 4.0; "
      "cropped, aligned and made grey";
  return data;
}

}  // namespace

extern const DataSource london_faces;
const DataSource london_faces{
    .about = {.name = "london-faces",
              .title = "data.london-faces.title",
              .summary = "data.london-faces.summary",
              .source = "DeBruine, Jones, figshare 2017, doi:10.6084/m9.figshare.5047666",
              .params = Spec::params},
    .load = load,
    .files = {"london-faces64/faces64-gray.idx3-ubyte", "london-faces64/index.csv"},
    .licence = "CC BY 4.0",
};

}  // namespace mid::source
