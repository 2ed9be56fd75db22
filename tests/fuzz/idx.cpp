// IDX, the format of MNIST's pictures and labels, and the two packings of it that travel with the page.
#include "mid/data/idx.hpp"
#include "fuzz.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  fuzz::reads([&] {
    const Idx idx = parse_idx(bytes, "the file");
    std::size_t count = 1;
    for (const int n : idx.sizes) count *= static_cast<std::size_t>(n);
    fuzz::expect(count == idx.values.size(), "sizes and values differ");
    if (!idx.sizes.empty()) fuzz::expect(pictures_of(idx).allFinite(), "a pixel is not a number");
    if (idx.sizes.size() == 3) fuzz::expect(from_residuals(idx).values.size() == count, "residuals and pictures differ in size");
    // A first half that says which pixels are inked, a second half that says how dark they are.
    if (idx.sizes.size() == 2 && idx.sizes[0] > 1) {
      const int rows = idx.sizes[0] / 2, bytes_a_row = idx.sizes[1];
      const std::size_t half = static_cast<std::size_t>(rows) * static_cast<std::size_t>(bytes_a_row);
      const Idx inked{{rows, bytes_a_row}, idx.values.substr(0, half)}, ink{{static_cast<int>(count - half)}, idx.values.substr(half)};
      (void)from_ink(inked, ink, 1, bytes_a_row * 8, "the file");
    }
  });
  return 0;
}
