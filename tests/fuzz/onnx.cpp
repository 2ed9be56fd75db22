// A model in an ONNX file. The first byte chooses what is read of it and who attacks; the rest is the file.
#include "loaded_model.hpp"
#include "mid/model/file/onnx_model.hpp"
#include "mid/model/file/onnx_trees.hpp"

using namespace mid;

namespace {

struct How {
  const char *kind, *attack;
};
constexpr How kHow[] = {{"network", "none"},           {"linear", "none"},         {"network", "likelihood_inference"},
                        {"linear", "map_inference"},   {"tree", "tree_white_box"}, {"black_box", "tree_black_box"},
                        {"black_box", "map_inference"}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const How& how = kHow[input.choice(std::size(kHow))];
  const std::string bytes = input.rest(), kind = how.kind;
  fuzz::reads([&] { (void)kind_of_onnx(bytes, "the file"); });
  fuzz::reads([&] {  // whatever its first byte says
    if (kind == "linear")
      (void)linear_from_onnx(bytes, "the file");
    else if (kind == "network")
      (void)network_from_onnx(bytes, "the file");
    else
      (void)read_onnx_trees(bytes, "the file");
  });
  fuzz::load_model(kind, bytes, how.attack);
  return 0;
}
