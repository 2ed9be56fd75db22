// Gzip files, as data sets and tables of one's own may come.
#include "mid/data/gzip.hpp"
#include "fuzz.hpp"

using namespace mid;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLargest = 1 << 20;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::reads([&] { fuzz::expect(gunzip(bytes, "the file", kLargest).size() <= kLargest, "more than the limit was unpacked"); });
  return 0;
}
