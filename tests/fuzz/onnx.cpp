// A model in an ONNX file. The first byte chooses network or regression and who attacks; the rest is the file.
#include "loaded_model.hpp"
#include "mid/model/file/onnx_model.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t how = input.choice(4);
  const std::string bytes = input.rest(), kind = how % 2 ? "linear" : "network";
  fuzz::reads([&] { (void)kind_of_onnx(bytes, "the file"); });
  fuzz::reads([&] {  // whatever its first byte says
    if (how % 2)
      (void)linear_from_onnx(bytes, "the file");
    else
      (void)network_from_onnx(bytes, "the file");
  });
  fuzz::load_model(kind, bytes, how < 2 ? "none" : how == 2 ? "likelihood_inference" : "map_inference");
  return 0;
}
