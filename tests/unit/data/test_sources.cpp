#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

#include "check_error.hpp"
#include "folder.hpp"
#include "load.hpp"
#include "mid/data/files.hpp"
#include "mid/data/labelled_pictures.hpp"

using namespace mid;

namespace {
using Names = std::vector<std::string>;
}  // namespace

TEST_CASE("london-faces: 40 known by their neutral photo, 20 visitors, 41 strangers for the attacker") {
  const Data data = load("london-faces");
  CHECK(data.set.rows() == 202);
  CHECK(data.split.train.size() == 40);
  CHECK(data.split.test.size() == 40);
  CHECK(data.split.attacked.size() == 40);
  CHECK(data.split.auxiliary.size() == 82);
  CHECK(data.set.classes.size() == 40);
  for (int i = 0; i < 40; ++i) {
    CHECK(data.set.label[data.split.train[i]] == i);
    CHECK(data.set.label[data.split.test[i]] == i);
    CHECK(data.set.pool[data.split.train[i]] == 0);
    CHECK(data.set.pool[data.split.test[i]] == 1);
    CHECK(data.set.person[data.split.train[i]] == data.set.person[data.split.test[i]]);
  }
  for (int row : data.split.attacked) CHECK(data.set.label[row] == -1);
  for (const std::string& name : data.set.row_names) CHECK(name.substr(0, 3) != "143");
  CHECK(data.set.row_names[0] == "001_neutral");
}

TEST_CASE("london-faces: the model sees 32 x 32, normalised by the attacker's own pictures") {
  const Data data = load("london-faces");
  const Dataset& set = data.set;
  CHECK(set.pictures.cols() == 64 * 64);
  CHECK(set.inputs.cols() == 32 * 32);
  CHECK(set.pictures.minCoeff() >= 0);
  CHECK(set.pictures.maxCoeff() <= 1);
  const float mean_of_four = (set.pictures(5, 0) + set.pictures(5, 1) + set.pictures(5, 64) + set.pictures(5, 65)) / 4;
  CHECK(std::abs(set.inputs(5, 0) - mean_of_four) < 1e-6f);
  Matrix open = rows_of(set.inputs, data.split.auxiliary);
  open.rowwise() -= set.input_mean.row(0);
  open.array().rowwise() /= set.input_sd.row(0).array();
  CHECK(open.colwise().mean().cwiseAbs().maxCoeff() < 1e-5f);
  CHECK(std::abs(open.array().square().mean() - 1) < 1e-4f);
  CHECK(set.input_sd.minCoeff() == set.input_sd.maxCoeff());
}

TEST_CASE("mnist: 3,000 private, of which 2,000 attacked, 3,000 auxiliary, 1,000 held out") {
  const Data data = load("mnist");
  CHECK(data.set.rows() == 7000);
  CHECK(data.split.train.size() == 3000);
  CHECK(data.split.attacked == std::vector<int>(data.split.train.begin(), data.split.train.begin() + 2000));
  CHECK(data.split.auxiliary.size() == 3000);
  CHECK(data.split.test.size() == 1000);
  CHECK(data.set.inputs == data.set.pictures);
  CHECK(data.set.input_mean.isZero());
  CHECK(data.set.input_sd.isOnes());
  std::vector<int> count(10, 0);
  for (int i = 0; i < 1000; ++i) ++count[data.set.label[i]];  // the file is sorted; the fixed shuffle deals it out
  for (int digit = 0; digit < 10; ++digit) CHECK((count[digit] > 70 && count[digit] < 130));
  CHECK(data.set.pool == data.set.kind);
}

TEST_CASE("adult: the 32 inputs of the survey story") {
  const Data data = load("adult");
  const Dataset& set = data.set;
  CHECK(set.rows() == 32561);
  REQUIRE(set.inputs.cols() == 32);
  CHECK(set.input_names[5] == "race=White");
  CHECK(set.input_names[30] == "sex=Male");
  CHECK(set.input_names[31] == "married=yes");
  // 39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male, 2174, 0, 40, ...
  CHECK(set.inputs(0, 0) == static_cast<float>((39. - 38) / 14));
  CHECK(set.inputs(0, 1) == static_cast<float>((13. - 10) / 2.6));
  CHECK(set.inputs(0, 2) == 0);
  CHECK(set.inputs(0, 3) == static_cast<float>(std::log(2175.) / 5));
  CHECK(set.inputs(0, 4) == 0);
  CHECK(set.inputs(0, 5) == 1);
  CHECK(set.inputs.row(0).segment(6, 9).sum() == 1);
  CHECK(set.inputs.row(0).segment(15, 15).sum() == 1);
  CHECK(set.inputs(0, 30) == 1);
  CHECK(set.inputs(0, 31) == 0);
  CHECK(set.classes == std::vector<std::string>{"<=50K", ">50K"});
  CHECK(set.label.sum() == 7841);
  CHECK(set.table.columns.size() == 11);
  CHECK(set.secret->name == "sex");
  CHECK(set.secret->values == std::vector<std::string>{"Female", "Male"});
  CHECK(set.secret->inputs == std::vector{30});
  CHECK(set.secret->code == (Matrix(2, 1) << 0, 1).finished());
  CHECK(data.split.train.size() == 3000);
  CHECK(data.split.test.size() == 5000);
  CHECK(data.split.attacked == data.split.test);
  CHECK(data.split.auxiliary.size() == 5000);
}

TEST_CASE("adult: whether somebody is married can be the secret instead") {
  const Data data = load("adult", {{"sensitive", "married"}});
  CHECK(data.set.secret->inputs == std::vector{31});
  CHECK(data.set.secret->of_row.sum() == 14976);
}

TEST_CASE("without strangers at the door the enrolled people are the victims") {
  const Data data = load("london-faces", {{"held_out", 0}, {"auxiliary", 61}});
  CHECK(data.split.attacked == data.split.train);
  CHECK(data.split.auxiliary.size() == 122);
}

TEST_CASE("a split depends on the seed and on nothing else") {
  CHECK(load("adult", Json::object(), 3).split.train == load("adult", Json::object(), 3).split.train);
  CHECK(load("adult", Json::object(), 3).split.train != load("adult", Json::object(), 4).split.train);
}

TEST_CASE("mnist: a digit of one's own is the first victim, and in nobody's training") {
  Matrix picture = Matrix::Zero(1, 784);
  picture.middleCols(400, 100).setConstant(2.f / 3);
  const Data with = load("mnist", {{"drawn", drawn_text(picture)}, {"drawn_label", 7}}), without = load("mnist");
  REQUIRE(with.set.rows() == without.set.rows() + 1);
  const int own = with.split.attacked.front();
  CHECK(own == without.set.rows());
  CHECK(with.set.pictures.row(own).isApprox(picture.row(0), 1e-5f));
  CHECK(with.set.label[own] == 7);
  CHECK(with.set.pool[static_cast<std::size_t>(own)] == 7);
  CHECK(with.set.row_names[static_cast<std::size_t>(own)] == "drawn");
  CHECK(with.split.train == without.split.train);
  CHECK(with.split.auxiliary == without.split.auxiliary);
  CHECK(with.split.test == without.split.test);
  CHECK(std::vector<int>(with.split.attacked.begin() + 1, with.split.attacked.end()) == without.split.attacked);
  CHECK(check_error([] { load("mnist", {{"drawn", "AAAA"}, {"drawn_label", 7}}); }, "262 letters of base64url, found 4 letters") ==
        "data.drawn");
  CHECK(check_error([] { load("mnist", {{"drawn", "A?"}, {"drawn_label", 7}}); }, "found other letters") == "data.drawn");
  CHECK(check_error([&] { load("mnist", {{"drawn", drawn_text(picture)}}); }, "0 to 9") == "data.drawn_label");
  CHECK(check_error([&] { load("mnist", {{"drawn", drawn_text(picture)}, {"drawn_label", 10}}); }, "10") == "data.drawn_label");
}

TEST_CASE("mnist: the page's packed file gives the same data to the bit") {
  const std::string images = read_data_file("mnist10k/images.idx3-ubyte"), labels = read_data_file("mnist10k/labels.idx1-ubyte");
  constexpr std::size_t kSize = 28 * 28;
  std::string inked{0, 0, 8, 2, 0, 0, 0x1b, 0x58, 0, 0, 0, kSize / 8}, ink;
  std::string packed_labels = labels.substr(0, 4) + std::string("\0\0\x1b\x58", 4);
  for (std::size_t i = 0; i < 7000; ++i) {
    const std::size_t row = (i * 6997 + 1234) % 10000;
    for (std::size_t at = 0; at < kSize; at += 8) {
      int bits = 0;
      for (std::size_t b = 0; b < 8; ++b)
        if (const char value = images[16 + row * kSize + at + b]; value != 0) bits |= 128 >> b, ink += value;
      inked += static_cast<char>(bits);
    }
    packed_labels += labels[8 + row];
  }
  std::string ink_header{0, 0, 8, 1};
  for (int shift = 24; shift >= 0; shift -= 8) ink_header += static_cast<char>(ink.size() >> shift);
  const Data whole = load("mnist");
  const Folder folder;
  folder.write("mnist10k/mnist7k-inked.idx2-ubyte", inked);
  folder.write("mnist10k/mnist7k-ink.idx1-ubyte", ink_header + ink);
  folder.write("mnist10k/mnist7k-labels.idx1-ubyte", packed_labels);
  const DataFolderIs here(folder.path());
  const Data packed = load("mnist");
  CHECK(packed.set.pictures == whole.set.pictures);
  CHECK(packed.set.label == whole.set.label);
  CHECK(packed.split.train == whole.split.train);
}

TEST_CASE("the residuals that the page embeds are the very faces") {
  constexpr std::size_t kSide = 64, kHeader = 16;
  const std::string faces = read_data_file("london-faces64/faces64-gray.idx3-ubyte");
  std::string residuals = faces;
  for (std::size_t i = 0; i < faces.size() - kHeader; ++i) {
    const auto pixel = [&](std::size_t back, bool there) {
      return there ? static_cast<int>(static_cast<unsigned char>(faces[kHeader + i - back])) : 0;
    };
    const bool has_left = i % kSide != 0, has_up = i / kSide % kSide != 0;
    const int left = pixel(1, has_left), up = pixel(kSide, has_up), corner = pixel(kSide + 1, has_left && has_up);
    const int guess = corner >= std::max(left, up)   ? std::min(left, up)
                      : corner <= std::min(left, up) ? std::max(left, up)
                                                     : left + up - corner;
    residuals[kHeader + i] = static_cast<char>(pixel(0, true) - guess);
  }
  const Data whole = load("london-faces");
  const Folder folder;
  folder.write("london-faces64/faces64-gray-residuals.idx3-ubyte", residuals);
  folder.write("london-faces64/index.csv", read_data_file("london-faces64/index.csv"));
  const DataFolderIs here(folder.path());
  const Data packed = load("london-faces");
  CHECK(packed.set.pictures == whole.set.pictures);
  CHECK(packed.set.inputs == whole.set.inputs);
}

TEST_CASE("digits: 800 private, 700 auxiliary, the rest held out") {
  const Data data = load("digits");
  CHECK(data.set.rows() == 1797);
  CHECK(data.set.inputs.cols() == 64);
  CHECK(data.split.train.size() == 800);
  CHECK(data.split.auxiliary.size() == 700);
  CHECK(data.split.test.size() == 297);
  CHECK(data.split.attacked.size() == 500);
  CHECK(data.set.pictures(0, 2) == 5.f / 16);  // the file begins 0,0,5,13,9,1
  CHECK(data.set.pictures(0, 3) == 13.f / 16);
  CHECK(data.set.label[0] == 0);
}

TEST_CASE("steak: 331 complete answers, 12 columns, who ever cheated") {
  const Data data = load("steak");
  CHECK(data.set.rows() == 331);
  CHECK(data.set.table.columns.size() == 12);
  CHECK(data.split.train.size() == 124);
  CHECK(data.split.test.size() == 83);
  CHECK(data.set.classes.size() == 5);
  CHECK(data.set.secret->values == Names{"No", "Yes"});
  CHECK(std::abs(1 - data.set.secret->of_row.cast<double>().mean() - .83) < .02);
  CHECK(load("steak", {{"auxiliary", 0}}).split.train.size() == 248);
  for (const Column& column : data.set.table.columns)
    for (const std::string& category : column.categories) CHECK(category != "Response");
}

TEST_CASE("affairs: happy marriages, and who had an affair") {
  const Data data = load("affairs");
  CHECK(data.set.rows() == 601);
  CHECK(data.set.classes == Names{"unhappy", "happy"});
  CHECK(data.set.label.sum() == 426);
  CHECK(data.set.secret->of_row.sum() == 150);
  CHECK(data.set.table.columns.size() == 8);
}

TEST_CASE("diabetes: a regression with sex as the secret") {
  const Data data = load("diabetes");
  CHECK(data.set.rows() == 442);
  CHECK(data.set.classes.empty());
  CHECK(data.set.target[0] == 151);
  CHECK(data.set.inputs.cols() == 10);
  CHECK(data.set.inputs(0, 2) == 32.1f);
  CHECK(data.set.secret->name == "sex");
  CHECK(data.set.secret->of_row[0] == 1);
}

TEST_CASE("warfarin: 14 inputs as in the file, VKORC1 one secret of three values") {
  const Data data = load("warfarin");
  const Dataset& set = data.set;
  CHECK(set.rows() == 1780);
  CHECK(set.input_names.size() == 14);
  CHECK(set.target[0] == std::sqrt(21.));
  CHECK(set.target_name == "sqrt(weekly_dose_mg)");
  CHECK(set.secret->values == Names{"G/G", "A/G", "A/A"});
  VectorXi counts = VectorXi::Zero(3);
  for (int value : set.secret->of_row) ++counts[value];
  CHECK(counts == (VectorXi(3) << 669, 627, 484).finished());
  CHECK(set.secret->code == (Matrix(3, 2) << 0, 0, 1, 0, 0, 1).finished());
  const Data no_open = load("warfarin", {{"auxiliary", 0}});
  CHECK(no_open.split.train.size() == 1335);
  CHECK(no_open.split.test.size() == 445);
}

TEST_CASE("synthetic-dose: made-up patients follow the published formula") {
  const Data data = load("synthetic-dose", {{"rows", 20000}});
  const Dataset& set = data.set;
  CHECK(set.rows() == 20000);
  CHECK(set.input_names == Names{"age", "height", "weight", "race=asian", "race=black", "race=missing", "enzyme=yes", "amiodarone=yes",
                                 "VKORC1=A/G", "VKORC1=A/A", "CYP2C9=*1/*2", "CYP2C9=*1/*3", "CYP2C9=*2/*2", "CYP2C9=*2/*3",
                                 "CYP2C9=*3/*3"});
  const MatrixD x = set.inputs.cast<double>();
  MatrixD centred = x.rowwise() - x.colwise().mean();
  const VectorXd w = (centred.transpose() * centred).ldlt().solve(centred.transpose() * set.target);
  const VectorXd want = (VectorXd(15) << -.2614, .0087, .0128, -.1092, -.2760, -.1032, 1.1816, -.5503, -.8677, -1.6974, -.5211, -.9357,
                         -1.0616, -1.9206, -2.3312)
                            .finished();
  const VectorXd left = (set.target.array() - set.target.mean()).matrix() - centred * w;
  CHECK(std::abs(std::sqrt(left.squaredNorm() / 20000) - .9) < .02);
  const VectorXd error_sd = (.81 * (centred.transpose() * centred).inverse().diagonal()).cwiseSqrt();
  for (int i = 0; i < 15; ++i) {
    INFO(set.input_names[static_cast<std::size_t>(i)]);
    CHECK(std::abs(w[i] - want[i]) < 4 * error_sd[i] + .03 * std::abs(want[i]));  // the floor at 1 bends it a little
  }
  CHECK(set.target.minCoeff() >= 1);
  CHECK(set.inputs.col(2).minCoeff() >= 40);
  CHECK(set.inputs.col(2).maxCoeff() <= 150);
  CHECK(set.inputs.col(0).minCoeff() == 2);
  CHECK(set.inputs.col(0).maxCoeff() == 8);
  CHECK(std::abs((set.secret->of_row.array() == 0).count() / 20000. - .376) < .015);
}

TEST_CASE("synthetic-dose: the patients are the same for every seed and number of rows") {
  const Data few = load("synthetic-dose", {{"rows", 100}}, 1), many = load("synthetic-dose", {{"rows", 200}}, 2);
  CHECK(few.set.inputs == many.set.inputs.topRows(100));
  CHECK(load("synthetic-dose").set.rows() == 1780);
}

TEST_CASE("a completed specification loads the same data as a short one") {
  for (const DataSource* source : data_sources()) {
    if (source->about.name == "csv") continue;
    INFO(source->about.name);
    Json whole = complete(source->about.params(), Json::object());
    whole["name"] = source->about.name;
    const Data a = source->load(whole, Stream{3}), b = source->load(Json::object(), Stream{3});
    CHECK(a.split.train == b.split.train);
    CHECK(a.split.test == b.split.test);
    CHECK(a.split.auxiliary == b.split.auxiliary);
    CHECK(a.set.inputs == b.set.inputs);
  }
}

TEST_CASE("every source says whose data it is") {
  for (const DataSource* source : data_sources()) {
    INFO(source->about.name);
    CHECK(!source->about.title.empty());
    CHECK(!source->about.summary.empty());
    CHECK(!source->licence.empty());
    if (source->about.name != "csv") CHECK(!source->load(Json::object(), Stream{}).set.credit.empty());
  }
}

TEST_CASE("a bad data specification is refused by a sentence that names the field") {
  const struct {
    const char* source;
    Json spec;
    std::string field, words;
  } bad[] = {
      {"london-faces", {{"private", 90}}, "data.private", "there are 101 people"},
      {"london-faces", {{"auxiliary", 42}}, "data.auxiliary", "too many"},
      {"london-faces", {{"auxiliary", 0}}, "data.auxiliary", "found 0"},
      {"london-faces", {{"private", 81}}, "data.auxiliary", "would be 0"},
      {"london-faces", {{"image_size", 20}}, "data.image_size", "must divide 64"},
      {"london-faces", {{"image_size", 128}}, "data.image_size", "in 4 to 64"},
      {"london-faces", {{"drop_ids", {"999"}}}, "data.drop_ids", "found \"999\""},
      {"london-faces", {{"drop_ids", {"143", "143"}}}, "data.drop_ids", "each once"},
      {"london-faces", {{"drop_ids", 143}}, "data.drop_ids", "list of texts"},
      {"london-faces", {{"sensitive", "sex"}}, "data.sensitive", "is unknown"},
      {"mnist", {{"attacked", 3001}}, "data.attacked", "at most data.private, 3000"},
      {"mnist", {{"rows", 6000}}, "data.private", "there are 6,000 rows"},
      {"mnist", {{"image_size", 12}}, "data.image_size", "4, 7, 14 or 28"},
      {"digits", {{"auxiliary", 1000}}, "data.auxiliary", "too many"},
      {"adult", {{"sensitive", "race"}}, "data.sensitive", "sex or married"},
      {"adult", {{"sensitive", nullptr}}, "data.sensitive", "must be text"},
      {"adult", {{"private", 30000}}, "data.private", "there are 32,561 rows"},
      {"adult", {{"rows", 10000}}, "data.held_out", "there are 10,000 rows"},
      {"adult", {{"drop", {"relationship"}}}, "data.drop", "\"relationship\""},
      {"adult", {{"drop", {"sex"}}}, "data.drop", "the secret"},
      {"warfarin", {{"sensitive", "Age"}}, "data.sensitive", "VKORC1"},
      {"warfarin", {{"test_fraction", 0}}, "data.test_fraction", "found 0"},
      {"synthetic-dose", {{"noise", -1}}, "data.noise", "found -1"},
      {"synthetic-dose", {{"rows", 2000000000}}, "data.rows", "found 2000000000"},
  };
  for (const auto& [source, spec, field, words] : bad) {
    INFO(source << " " << spec.dump());
    CHECK(check_error([&, &name = source, &given = spec] { load(name, given); }, words) == field);
  }
}

TEST_CASE("adult: a dropped column takes its inputs along") {
  const Data data = load("adult", {{"drop", {"race", "occupation"}}});
  CHECK(data.set.inputs.cols() == 16);
  CHECK(data.set.secret->inputs == std::vector{14});
  const Data standardized = load("adult", {{"standardize", "features"}});
  CHECK(standardized.set.input_sd(0, 0) != 1);
  CHECK(standardized.set.input_sd(0, 5) == 1);
}

TEST_CASE("adult: a share to hold out takes the place of the standard 5,000") {
  CHECK(load("adult", {{"test_fraction", .25}}).split.test.size() == 8140);
  CHECK(load("warfarin", {{"held_out", 100}}).split.test.size() == 100);
}

TEST_CASE("london-faces: other sizes and other people") {
  const Data data = load("london-faces", {{"image_size", 64}, {"drop_ids", Json::array()}, {"private", 10}, {"held_out", 5}});
  CHECK(data.set.inputs == data.set.pictures);
  CHECK(data.set.rows() == 204);
  CHECK(data.split.auxiliary.size() == 2 * 87);
}
