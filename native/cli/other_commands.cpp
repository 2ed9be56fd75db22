#include <cstdio>
#include <iostream>

#include "commands.hpp"
#include "common.hpp"
#include "gpu/choice.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/data/files.hpp"
#include "mid/nn/device.hpp"
#include "mid/report/text.hpp"
#include "mid/session/session.hpp"
#include "mid/version.hpp"
#include "run_folder.hpp"

namespace mid::cli {

int show(const std::filesystem::path& folder, bool json) {
  check_results_folder(folder);
  std::error_code error;
  if (std::filesystem::exists(folder / "sweep.json", error)) return show_sweep(folder, json);
  if (std::filesystem::exists(folder / "compare.json", error)) return show_comparison(folder, json);
  const auto summary = folder / "summary.json";
  if (std::filesystem::exists(summary, error)) {  // of --seeds
    const Json all = json_of_run(summary);
    check_seed_summary(all, shown_path(summary));
    print(json ? all.dump(2) + "\n" : seed_summary_text(all["summary"], static_cast<int>(all["seeds"].size())));
    return 0;
  }
  const Result result = result_of_folder(folder);
  print(json ? result.json().dump(2) + "\n" : result_text(result));
  return 0;
}

int collect(const CollectOptions& options) {
  check_results_folder(options.out);
  std::error_code error;
  if (std::filesystem::exists(options.out / "sweep.json", error)) return collect_sweep(options);
  if (std::filesystem::exists(options.out / "compare.json", error)) return collect_comparison(options);
  throw Error(shown_path(options.out), "holds no sweep and no comparison; name a folder that mid sweep or mid compare wrote (--out)");
}

int schema(bool catalogue) {
  std::cout << (catalogue ? Session::catalogue() : spec_schema()).dump(2) << "\n";
  return 0;
}

int info(const std::filesystem::path& cache, bool devices) {
  std::printf("midlab   %s\n", std::string(kVersion).c_str());
  std::printf("device   %s (%s)\n", cpu_device()->name().c_str(), cpu_simd().c_str());
  if (devices) {
    std::string why_not;
    if (const auto gpu = gpu::Gpu::open(why_not)) {
      const gpu::AdapterFacts& f = gpu->facts();
      std::printf("device   gpu (%s%s)\n", f.name.c_str(), f.software ? ", made of software" : "");
      std::printf("         vendor %s, architecture %s, by %s, driver %s\n", f.vendor.c_str(),
                  f.architecture.empty() ? "unknown" : f.architecture.c_str(), f.backend.c_str(),
                  f.driver.empty() ? "unknown" : f.driver.c_str());
      std::printf("         %llu MB in one matrix, %u buffers and %u threads in a kernel\n",
                  static_cast<unsigned long long>(std::min(f.limits.storage_size, f.limits.buffer_size) >> 20), f.limits.storage_buffers,
                  f.limits.workgroup_threads);
      print("         library " + gpu::webgpu_library().file.string() + "\n");
      if (const auto rule = gpu::read_rule(*gpu))
        std::printf("         auto: the GPU takes Programs of %.2g operations a run and more (%s)\n", rule->operations,
                    gpu::rule_file().string().c_str());
    } else {
      print("device   gpu: " + why_not + "\n");
    }
  }
  print("data     " + data_folder().string() + "\n");
  print("cache    " + (cache.empty() ? "none: neither HOME nor XDG_CACHE_HOME names a folder" : cache.string()) + "\n");
  std::printf("presets ");
  for (const std::string& name : preset_names()) std::printf(" %s", name.c_str());
  std::printf("\n");
  return 0;
}

int cache_clear(const std::filesystem::path& cache) {
  if (cache.empty())
    throw Error("", "there is no folder of finished stages: neither HOME nor XDG_CACHE_HOME names one; name it with --cache");
  const int n = StageCache(cache).clear();
  print("removed " + std::to_string(n) + " finished stages from " + cache.string() + "\n");
  return 0;
}

}  // namespace mid::cli
