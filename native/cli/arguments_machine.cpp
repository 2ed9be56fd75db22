// The words of `mid info`, `bench` and `cache`: about this machine.
#include <CLI/CLI.hpp>
#include <memory>

#include "arguments.hpp"

namespace mid::cli {
namespace {

constexpr const char* kInfoExamples = R"(
Examples:
  mid info                                                   version, processor and where files are looked for
  mid info --devices                                         the GPU in full)";

constexpr const char* kBenchExamples = R"(
Examples:
  mid bench                                                  both devices, and from which size on --device auto takes the GPU
  mid bench --device cpu --most 1e9 --json                   the processor alone, nothing large)";

constexpr const char* kCacheExamples = R"(
Examples:
  mid cache clear                                            removes all finished stages; the next runs compute them again
  mid cache clear --cache DIR                                of another folder)";

}  // namespace

void add_info(Program& p) {
  const auto devices = std::make_shared<bool>(false);
  auto* info = p.app.add_subcommand("info", "Version, processor, folders");
  info->add_flag("--devices", *devices, "The GPU in full: adapter, driver, limits, library");
  info->add_option("--cache", p.cache, "Folder of finished stages")->type_name("DIR");
  examples(info, kInfoExamples);
  p.commands.push_back({info, [=, &p] { return cli::info(p.cache, *devices); }});
}

void add_bench(Program& p) {
  const auto options = std::make_shared<BenchOptions>();
  auto* bench = p.app.add_subcommand("bench", "Time networks by size on processor and GPU, and where the GPU begins to be faster");
  bench->add_option("--device", options->device, "all: both, with their ratio; cpu or gpu: one of them")
      ->check(CLI::IsMember({"all", "cpu", "gpu"}))
      ->type_name("DEVICE");
  bench->add_option("--most", options->most, "Leave out work of more operations than this")->check(CLI::Range(1e6, 1e15))->type_name("N");
  bench->add_flag("--json", options->json, "As JSON");
  examples(bench, kBenchExamples);
  p.commands.push_back({bench, [=] { return cli::bench(*options); }});
}

void add_cache(Program& p) {
  auto* cache = p.app.add_subcommand("cache", "Finished stages of earlier runs");
  cache->require_subcommand(1);
  auto* cache_clear = cache->add_subcommand("clear", "Remove them all");
  cache_clear->add_option("--cache", p.cache, "Folder of finished stages")->type_name("DIR");
  examples(cache, kCacheExamples);
  p.commands.push_back({cache_clear, [&p] { return cli::cache_clear(p.cache); }});
}

}  // namespace mid::cli
