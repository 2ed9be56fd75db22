// A tree in a JSON file, as it is read, drawn, printed and attacked.
#include "loaded_model.hpp"
#include "mid/model/tree/tree_text.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (fuzz::reads([&] {
        const Tree tree = std::get<Tree>(model_from_bytes("tree", bytes, "the file"));
        fuzz::check_text(tree_text(tree), "a tree as text");
        fuzz::check_text(tree_dot(tree), "a tree as dot");
      }))
    fuzz::load_model("tree", bytes, size % 2 ? "tree_white_box" : "tree_black_box");
  return 0;
}
