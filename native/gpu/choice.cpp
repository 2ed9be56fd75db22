#include "choice.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

#include "bench.hpp"
#include "mid/base/error.hpp"
#include "mid/base/file.hpp"
#include "mid/base/json.hpp"
#include "mid/base/user_folders.hpp"

namespace mid::gpu {
namespace {

class AutoDevice : public Device {
 public:
  AutoDevice(std::unique_ptr<Device> cpu, std::unique_ptr<Device> gpu, double operations)
      : cpu_(std::move(cpu)), gpu_(std::move(gpu)), operations_(operations) {}
  std::string name() const override { return "auto"; }
  bool remote() const override { return true; }
  std::string adapter() const override {
    return std::to_string(of_gpu_) + " of " + std::to_string(of_gpu_ + of_cpu_) + " Programs on " + gpu_->adapter();
  }
  std::uint64_t dispatches() const override { return gpu_->dispatches(); }
  void begin_run() override { of_gpu_ = of_cpu_ = 0; }

  std::unique_ptr<Executable> compile(Program program) override {
    double work = 0;
    for (const Node& n : program.nodes()) work += operations_of(program, n);
    bool on_gpu = work >= operations_;
    // Who shares a Parameter with a living Program follows it.
    auto here = std::make_shared<bool>(on_gpu);
    for (const Node& n : program.nodes())
      if (n.op == Op::parameter)
        if (const auto other = where_[n.parameter].lock()) here = other;
    on_gpu = *here;
    for (const Node& n : program.nodes())
      if (n.op == Op::parameter) where_[n.parameter] = here;
    std::erase_if(where_, [](const auto& item) { return item.second.expired(); });
    ++(on_gpu ? of_gpu_ : of_cpu_);
    return std::make_unique<Placed>((on_gpu ? *gpu_ : *cpu_).compile(std::move(program)), here);
  }

 private:
  /// Keeps in mind where its Parameters are for as long as it lives.
  class Placed : public Executable {
   public:
    Placed(std::unique_ptr<Executable> inner, std::shared_ptr<bool> place) : inner_(std::move(inner)), place_(std::move(place)) {}
    void write(Var input, MatrixRef value) override { inner_->write(input, value); }
    void gather(Var input, const Matrix& from, std::span<const int> rows) override { inner_->gather(input, from, rows); }
    void normal(Var input, Stream stream, std::uint64_t first) override { inner_->normal(input, stream, first); }
    void run() override { inner_->run(); }
    bool run_part() override { return inner_->run_part(); }
    bool read(Var value, Matrix& out) override { return inner_->read(value, out); }
    bool sync() override { return inner_->sync(); }

   private:
    std::unique_ptr<Executable> inner_;
    std::shared_ptr<bool> place_;
  };

  std::unique_ptr<Device> cpu_, gpu_;
  double operations_;
  std::map<const Parameter*, std::weak_ptr<bool>> where_;
  int of_gpu_ = 0, of_cpu_ = 0;
};

Json number(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }

std::string said(double operations) {
  if (!std::isfinite(operations)) return "the processor is faster for every size measured and does all the work";
  if (operations == 0) return "the GPU is faster for every size measured and does all the work";
  char text[160];
  std::snprintf(text, sizeof text, "Programs of %.2g operations a run and more go to the GPU, smaller ones to the processor", operations);
  return text;
}

}  // namespace

std::filesystem::path rule_file() {
  const std::filesystem::path cache = user_cache_folder();
  return cache.empty() ? cache : cache.parent_path() / "device.json";
}

std::optional<Rule> read_rule(const Gpu& gpu) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(rule_file(), error)) return std::nullopt;
  try {
    const Json j = json_or_discarded(read_file(rule_file(), kLargestSpec));
    const auto text = [&](const char* key) {
      return j.is_object() && j.contains(key) && j[key].is_string() ? j[key].get<std::string>() : std::string();
    };
    Rule rule{std::numeric_limits<double>::infinity(), text("adapter"), text("cpu")};
    if (rule.adapter != gpu.facts().name || rule.cpu != cpu_simd()) return std::nullopt;
    if (!j.contains("operations")) return std::nullopt;
    if (j["operations"].is_number()) rule.operations = j["operations"].get<double>();
    return rule;
  } catch (const Error&) {  // it cannot be read: measured again
    return std::nullopt;
  }
}

void write_rule(const Rule& rule) {
  if (rule_file().empty())
    throw Failure("the rule for --device auto cannot be kept: neither HOME nor XDG_CACHE_HOME names a folder; set one of them");
  write_file(rule_file(), Json{{"adapter", rule.adapter}, {"cpu", rule.cpu}, {"operations", number(rule.operations)}}.dump(2) + "\n");
}

std::unique_ptr<Device> auto_device(std::unique_ptr<Device> cpu, std::unique_ptr<Device> gpu, double operations) {
  return std::make_unique<AutoDevice>(std::move(cpu), std::move(gpu), operations);
}

DeviceOffer device_for(const std::string& wish, std::shared_ptr<Workers> workers) {
  if (wish == "cpu") return {cpu_device(std::move(workers)), ""};
  std::string why_not;
  const std::shared_ptr<Gpu> gpu = Gpu::open(why_not);
  if (!gpu)
    return {cpu_device(std::move(workers)),
            (wish == "gpu" ? "the GPU was asked for, but " : "") + why_not + "; the processor does the work"};
  auto device = std::make_unique<GpuDevice>(gpu);
  if (wish == "gpu") {
    if (gpu->facts().software)
      return {std::move(device), "'" + gpu->facts().name + "' is a GPU made of software: right, but slower than the processor"};
    return {std::move(device), ""};
  }
  static std::mutex once;  // sweeps have several sessions
  const std::lock_guard lock(once);
  std::optional<Rule> rule = read_rule(*gpu);
  if (!rule) {
    const auto cpu = cpu_device();
    rule = Rule{crossover(bench_quickly(*cpu, *device)), gpu->facts().name, cpu_simd()};
    try {
      write_rule(*rule);
    } catch (const Failure&) {  // a folder that cannot be written: measured again next time
    }
  }
  return {auto_device(cpu_device(std::move(workers)), std::move(device), rule->operations),
          said(rule->operations) + " (measured here, " + (rule_file().empty() ? "and not kept" : rule_file().string()) +
              "; mid bench --device all measures anew)"};
}

DeviceMaker devices(int threads) {
  return [workers = worker_threads(threads)](const std::string& wish) { return device_for(wish, workers); };
}

}  // namespace mid::gpu
