// Steps of networks by one thread and by several, in turns on the clock, and their ratio.
//
//   cmake --build --preset release --target bench_threads && build/release/bin/bench_threads [THREADS]
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "mid/base/workers.hpp"
#include "network_steps.hpp"

using namespace mid;
using namespace mid::bench;

namespace {

double milliseconds(Step& step, int steps) {
  const auto begin = std::chrono::steady_clock::now();
  step.run(steps);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / steps;
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const auto workers = worker_threads(argc > 1 ? std::atoi(argv[1]) : 0);
  std::printf("steps of networks, %s, one thread and %d\n", cpu_simd().c_str(), workers->count());
  const auto compare = [&](const char* name, int steps, const std::function<void(Program&, Network&)>& record, const Network& network) {
    Network first = network, second = network;
    Step alone([&](Program& p) { record(p, first); }), shared([&](Program& p) { record(p, second); }, workers);
    std::vector<double> one, several, ratio;
    for (int round = 0; round < 21; ++round) {
      one.push_back(milliseconds(alone, steps));
      several.push_back(milliseconds(shared, steps));
      ratio.push_back(one.back() / several.back());
    }
    std::printf("  %-42s %8.3f ms %8.3f ms, ratio %.2f\n", name, median(one), median(several), median(ratio));
  };
  const Network digits = network_of({256, 128}, 0, false, 784, 10);
  for (int rows : {32, 128, 512})
    compare(("784-256-128-10, batch " + std::to_string(rows)).c_str(), 2000 / rows,
            [rows](Program& p, Network& n) { plain_step(p, n, rows); }, digits);
  compare(
      "bottleneck 784-256-2x64-10, batch 128", 20, [](Program& p, Network& n) { bottleneck_step(p, n, 128); },
      network_of({256}, 64, true, 784, 10));
  Parameter picture{Matrix::Zero(40, 1024), {}, {}, 0};
  compare(
      "MI-Face 1024-128-40, 40 pictures", 50, [&](Program& p, Network& n) { picture_step(p, n, picture); },
      network_of({128}, 0, false, 1024, 40));
  compare("convolutions 8-16, 128-10, batch 128", 2, [](Program& p, Network& n) { plain_step(p, n, 128); }, lenet(false));
}
