// Random numbers on the GPU against core/mid/base/philox.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>

#include "adapter.hpp"
#include "mid/base/philox.hpp"

using namespace mid;

namespace {

/// Runs the kernel; `words` gives Philox's whole numbers.
std::vector<float> drawn(std::uint64_t count, Stream stream, std::uint64_t first, bool words) {
  const auto device = gpu_for_test();
  gpu::Gpu& g = device->gpu();
  const gpu::Dispatch kernel = gpu::normal_kernel(count, stream, first, words);
  const gpu::Memory numbers = g.uniform(kernel.numbers.size() * 4), out = g.memory(count * 4);
  g.write(numbers, 0, kernel.numbers.data(), kernel.numbers.size() * 4);
  const auto pipeline = g.pipeline(kernel.wgsl);
  const gpu::api::Buffer others[] = {out.buffer.get()};
  const auto group = g.bind(pipeline, numbers, others);
  gpu::Fetch fetch;
  fetch.memory = g.memory(count * 4, true);
  gpu::Gpu::Batch batch(g);
  batch.dispatch(pipeline, group.get(), kernel.groups);
  batch.copy(out, 0, fetch.memory, 0, count * 4);
  batch.submit();
  g.begin(fetch);
  while (!*fetch.arrived) g.poll();
  const float* from = g.numbers(fetch, count);
  std::vector<float> copy(from, from + count);
  g.end(fetch);
  return copy;
}

}  // namespace

TEST_CASE("Philox's whole numbers are equal bit by bit, across the carry of the counter", "[gpu]") {
  for (const std::uint64_t first : {0ull, 3ull, 4ull * 0xfffffff0ull, 0x7ffffffffffffff0ull}) {
    const Stream stream{0x123456789abcdef0ull, 0xfedcba9876543210ull};
    const std::vector<float> found = drawn(1000, stream, first, true);
    int wrong = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const std::uint32_t word = words_at(stream, (first + i) >> 2)[(first + i) & 3];
      std::uint32_t bits;
      std::memcpy(&bits, &found[i], 4);
      wrong += bits != word;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("normals are the processor's within 2e-6, wherever they begin", "[gpu]") {
  for (const std::uint64_t first : {0ull, 1ull, 2ull, 7ull, 1'000'000'007ull}) {
    constexpr std::uint64_t kCount = 300'001;
    const Stream stream{9, first};
    const std::vector<float> found = drawn(kCount, stream, first, false);
    Matrix wanted(1, kCount);
    fill_normal(stream, first, wanted);
    double worst = 0;
    for (std::uint64_t i = 0; i < kCount; ++i)
      worst = std::max(worst, std::abs(double{found[i]} - wanted(0, static_cast<Eigen::Index>(i))));
    CHECK(worst < 2e-6);
  }
}
