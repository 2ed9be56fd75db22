// A model in a safetensors file. The first byte chooses network or regression and who attacks; the rest is the file.
#include "loaded_model.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t how = input.choice(4);
  const std::string kind = how % 2 ? "linear" : "network";
  fuzz::load_model(kind, input.rest(), how < 2 ? "none" : how == 2 ? "likelihood_inference" : "map_inference");
  return 0;
}
