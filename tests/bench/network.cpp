// Steps of training and of attacks on networks, as the program records them; tests/bench/network_torch.py does the same in
// PyTorch on one thread. Milliseconds of processor time, least of the rounds.
//
//   cmake --build --preset release --target bench_network && build/release/bin/bench_network
#include <cstdio>
#include <vector>

#include "mid/defense/defense.hpp"
#include "network_steps.hpp"

using namespace mid;
using namespace mid::bench;

namespace {

/// A step of DP-SGD: every record's gradient clipped, noise drawn and added. Which records enter is not drawn.
std::vector<Var> private_step(Program& p, Network& n, int rows) {
  const Defense* dp_sgd = nullptr;
  for (const Defense* d : defenses())
    if (d->about.name == "dp_sgd") dp_sgd = d;
  const NetworkHooks hooks = dp_sgd->network(Json{{"kind", "dp_sgd"}});
  Batch batch;
  batch.rows = batch.expected = rows;
  batch.data = {p.input(rows, n.inputs()), p.input(rows, n.classes)};
  for (Parameter* w : n.parameters())
    batch.gradient_noise.push_back(p.input(static_cast<int>(w->value.rows()), static_cast<int>(w->value.cols())));
  const Var rate = p.input(1, 1);
  const NetworkVars v = n.record(p, batch.data[0]);
  const Var row_loss = p.scale(p.sum_cols(p.mul(batch.data[1], p.log_softmax(v.logits))), -1);
  const auto gradient = hooks.gradient(p, v, row_loss, batch);
  std::size_t i = 0;
  for (Parameter* w : n.parameters()) p.adam(p.parameter(*w), gradient[i++], rate);
  return batch.gradient_noise;
}

void decoder_step(Program& p, Network& n, int rows) {
  const Var x = p.input(rows, n.inputs()), y = p.input(rows, n.classes);
  const Var off = p.sub(p.sigmoid(n.record(p, x).logits), y);
  train(p, p.scale(p.mean_of_rows(p.mul(off, off)), 1.f / static_cast<float>(n.classes)), n);
}

void print(const char* name, double ms) { std::printf("  %-42s %8.3f ms\n", name, ms); }

}  // namespace

int main() {
  std::printf("steps of networks, %s, one thread\n", cpu_simd().c_str());
  Network digits = network_of({256, 128}, 0, false, 784, 10);
  print("784-256-128-10, batch 32", Step([&](Program& p) { plain_step(p, digits, 32); }).ms(100, 9));
  print("784-256-128-10, batch 128", Step([&](Program& p) { plain_step(p, digits, 128); }).ms(50, 9));
  print("784-256-128-10, batch 512", Step([&](Program& p) { plain_step(p, digits, 512); }).ms(10, 9));
  Network tiny = network_of({32}, 0, false, 64, 10), least = network_of({16}, 0, false, 2, 2);
  print("64-32-10, batch 50", Step([&](Program& p) { plain_step(p, tiny, 50); }).ms(2000, 9));
  print("2-16-2, batch 50", Step([&](Program& p) { plain_step(p, least, 50); }).ms(5000, 9));
  Network wide = network_of({256}, 64, true, 784, 10);
  print("bottleneck 784-256-2x64-10, batch 128", Step([&](Program& p) { bottleneck_step(p, wide, 128); }).ms(50, 9));
  Network small = network_of({32}, 8, true, 32, 3);
  print("bottleneck 32-32-2x8-3, batch 50", Step([&](Program& p) { bottleneck_step(p, small, 50); }).ms(2000, 9));
  Network guarded = network_of({256}, 0, false, 784, 10);
  std::vector<Var> noise;
  std::vector<Matrix> drawn;
  Step private_training([&](Program& p) { noise = private_step(p, guarded, 256); });
  for (Parameter* w : guarded.parameters()) drawn.push_back(w->value);
  private_training.redraw(noise, drawn);
  print("DP-SGD 784-256-10, batch 256", private_training.ms(20, 9));
  Network decoder = network_of({512, 1024}, 0, false, 10, 784);
  print("decoder 10-512-1024-784, batch 64", Step([&](Program& p) { decoder_step(p, decoder, 64); }).ms(20, 9));
  Network faces = network_of({128}, 0, false, 1024, 40);
  Parameter picture{Matrix::Zero(40, 1024), {}, {}, 0};
  print("MI-Face 1024-128-40, 40 pictures", Step([&](Program& p) { picture_step(p, faces, picture); }).ms(100, 9));
  Network convolved = lenet(false), defended = lenet(true);
  print("convolutions 8-16, 128-10, batch 50", Step([&](Program& p) { plain_step(p, convolved, 50); }).ms(10, 9));
  print("convolutions 8-16, 128-10, batch 128", Step([&](Program& p) { plain_step(p, convolved, 128); }).ms(4, 9));
  print("convolutions 8-16, 128-2x16-10, batch 50", Step([&](Program& p) { bottleneck_step(p, defended, 50); }).ms(10, 9));
  print("convolutions 8-16, 128-2x16-10, batch 128", Step([&](Program& p) { bottleneck_step(p, defended, 128); }).ms(4, 9));
}
