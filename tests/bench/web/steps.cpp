// Steps of networks as WebAssembly, for compare.mjs, which runs them in turns with those of other libraries.
//
//   cmake --build --preset web --target bench_web
#include <emscripten/emscripten.h>

#include <string>

#include "../network_steps.hpp"
#include "mid/nn/matmul.hpp"

using namespace mid;
using namespace mid::bench;

namespace {

struct Workload {
  const char* name;
  void (*make)();
};
// One at a time: what a step refers to lives as long as the step.
Network network;
Parameter picture;
std::unique_ptr<Step> step;

void train_digits(int rows) {
  network = network_of({256, 128}, 0, false, 784, 10);
  step = std::make_unique<Step>([&](Program& p) { plain_step(p, network, rows); });
}
template <bool kNoisy, int kRows>
void train_convolutions() {
  network = lenet(kNoisy);
  step = std::make_unique<Step>([](Program& p) { kNoisy ? bottleneck_step(p, network, kRows) : plain_step(p, network, kRows); });
}
const Workload kWorkloads[] = {
    {"784-256-128-10, batch 32", [] { train_digits(32); }},
    {"784-256-128-10, batch 128", [] { train_digits(128); }},
    {"bottleneck 784-256-2x64-10, batch 128",
     [] {
       network = network_of({256}, 64, true, 784, 10);
       step = std::make_unique<Step>([](Program& p) { bottleneck_step(p, network, 128); });
     }},
    {"bottleneck 32-32-2x8-3, batch 50",
     [] {
       network = network_of({32}, 8, true, 32, 3);
       step = std::make_unique<Step>([](Program& p) { bottleneck_step(p, network, 50); });
     }},
    {"MI-Face 1024-128-40, 40 pictures",
     [] {
       network = network_of({128}, 0, false, 1024, 40);
       picture = {Matrix::Zero(40, 1024), {}, {}, 0};
       step = std::make_unique<Step>([](Program& p) { picture_step(p, network, picture); });
     }},
    {"convolutions 8-16, 128-10, batch 50", train_convolutions<false, 50>},
    {"convolutions 8-16, 128-10, batch 128", train_convolutions<false, 128>},
    {"convolutions 8-16, 128-2x16-10, batch 50", train_convolutions<true, 50>},
    {"convolutions 8-16, 128-2x16-10, batch 128", train_convolutions<true, 128>},
};

}  // namespace

extern "C" {
/// Prepares the workload of this name; 0: there is none.
EMSCRIPTEN_KEEPALIVE int bench_prepare(const char* name) {
  for (const Workload& w : kWorkloads)
    if (std::string(name) == w.name) {
      step.reset();
      w.make();
      return 1;
    }
  return 0;
}
EMSCRIPTEN_KEEPALIVE void bench_run(int steps) { step->run(steps); }
EMSCRIPTEN_KEEPALIVE const char* bench_kernel() { return matmul_simd(); }
}
