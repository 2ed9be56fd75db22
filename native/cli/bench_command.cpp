#include <cmath>
#include <cstdio>

#include "commands.hpp"
#include "common.hpp"
#include "gpu/bench.hpp"
#include "gpu/choice.hpp"
#include "mid/base/error.hpp"

namespace mid::cli {

int bench(const BenchOptions& options) {
  std::string why_not;
  const bool with_gpu = options.device != "cpu";
  const auto gpu = with_gpu ? gpu::Gpu::open(why_not) : nullptr;
  if (with_gpu && !gpu) std::fprintf(stderr, "mid: %s; only the processor is timed\n", why_not.c_str());
  const auto cpu = cpu_device();
  const auto device = gpu ? std::make_unique<gpu::GpuDevice>(gpu) : nullptr;
  if (!options.json) {
    std::printf("processor: %s\n", cpu_simd().c_str());
    if (gpu)
      std::printf("GPU: %s, %s%s\n", gpu->facts().name.c_str(), gpu->facts().backend.c_str(),
                  gpu->facts().software ? ", made of software" : "");
    std::printf("\n%-52s %10s %12s %12s %8s %12s %10s\n", "a step of", "operations", "processor", "GPU", "ratio", "first step", "of 1,000");
  }
  const auto milliseconds = [](double s) {
    char text[32] = "-";
    if (s > 0) std::snprintf(text, sizeof text, "%.3f ms", 1000 * s);
    return std::string(text);
  };
  const auto rows =
      gpu::bench_devices(options.device == "gpu" ? nullptr : cpu.get(), device.get(), options.most, [&](const gpu::BenchRow& r) {
        if (options.json) return;
        char ratio[32] = "-", lasting[32] = "-";
        if (r.cpu_seconds > 0 && r.gpu_seconds > 0) {
          std::snprintf(ratio, sizeof ratio, "%.2f", r.cpu_seconds / r.gpu_seconds);
          std::snprintf(lasting, sizeof lasting, "%.2f", r.ratio());
        }
        std::printf("%-52s %10.1e %12s %12s %8s %12s %10s\n", r.name.c_str(), r.operations, milliseconds(r.cpu_seconds).c_str(),
                    milliseconds(r.gpu_seconds).c_str(), ratio, milliseconds(r.gpu_first).c_str(), lasting);
        std::fflush(stdout);
      });
  Json out{{"cpu", cpu_simd()}, {"gpu", gpu ? Json(gpu->facts().name) : Json(nullptr)}, {"rows", Json::array()}};
  for (const gpu::BenchRow& r : rows)
    out["rows"].push_back({{"name", r.name},
                           {"operations", r.operations},
                           {"cpu_s", r.cpu_seconds},
                           {"gpu_s", r.gpu_seconds},
                           {"gpu_first_s", r.gpu_first},
                           {"gpu_dispatches", r.dispatches}});
  const bool both = gpu && options.device == "all";
  const double from = both ? gpu::crossover(rows) : 0;
  // Whether the GPU leads in larger work is not known where that was left out.
  if (both && (rows.empty() || (std::isinf(from) && options.most < BenchOptions().most))) {
    std::fprintf(
        stderr,
        "mid: no rule for --device auto was written: the processor leads in all that was measured, and --most left larger work out\n");
  } else if (both) {
    const gpu::Rule rule{from, gpu->facts().name, cpu_simd()};
    gpu::write_rule(rule);
    out["crossover"] = std::isfinite(rule.operations) ? Json(rule.operations) : Json(nullptr);
    if (!options.json) {
      std::printf(
          "\nratio: how many times as fast the GPU is; of 1,000: over a thousand steps, the first one counted, which translates the "
          "kernels\n");
      if (rule.operations == 0)
        std::printf("\n--device auto gives everything to the GPU; written to %s\n", gpu::rule_file().string().c_str());
      else if (std::isfinite(rule.operations))
        std::printf("\n--device auto gives the GPU what takes %.2g operations a run and more; written to %s\n", rule.operations,
                    gpu::rule_file().string().c_str());
      else
        std::printf("\nThe processor is faster in the largest: --device auto gives it everything; written to %s\n",
                    gpu::rule_file().string().c_str());
    }
  }
  if (options.json) print(out.dump(2) + "\n");
  return 0;
}

}  // namespace mid::cli
