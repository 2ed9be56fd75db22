#include "runner.hpp"

#include <chrono>
#include <utility>

#include "exceptions.hpp"
#include "gpu/choice.hpp"
#include "mid/experiment/spec.hpp"
#include "mid/report/text.hpp"
#include "outside/channels.hpp"
#include "views.hpp"

namespace mid::python {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kSlice = 25;                                       // ms between two looks at Ctrl-C
constexpr auto kNewsEvery = std::chrono::milliseconds(100);         // progress that is told
constexpr std::uint64_t kMemory = 64ull << 20, kDisk = 2ull << 30;  // of finished stages

ChannelMaker channels_for(Predict& predict) {
  if (predict.function.is_none()) return outside::channel_to;
  return [&predict](const ChannelSpec&) { return channel_to(predict); };
}

}  // namespace

Runner::Runner(const std::string& cache, const std::string& device, int threads, py::object predict)
    : predict_{std::move(predict)}, session_(cache, kMemory, kDisk, gpu::devices(threads), device, channels_for(predict_)) {}

Runner::Run Runner::run(const std::string& spec, const py::object& progress, const std::string& planned, bool all_victims) {
  const Json checked = check_spec(parse_spec(spec, "the specification")).json();
  predict_.thrown = nullptr;
  work(checked, progress, all_victims);
  if (session_.state() != Session::State::failed) return ended();
  if (predict_.thrown) std::rethrow_exception(std::exchange(predict_.thrown, nullptr));
  if (planned.empty()) fail();
  Result result;
  result.id = planned, result.spec = checked;
  result.failed = RunFailure{session_.progress().stage, session_.error(), session_.error_is_input(), session_.failed_on_device()};
  return {result.json().dump(), py::none(), py::none(), py::none(), py::bytes()};
}

void Runner::work(const Json& spec, const py::object& progress, bool all_victims) {
  const auto cancel = [this] {
    const py::gil_scoped_release unlocked;
    session_.command({{"do", "cancel"}});
  };
  {
    const py::gil_scoped_release unlocked;
    session_.command({{"do", "run"}, {"spec", spec}, {"aside", true}, {"log", false}, {"all_victims", all_victims}});
  }
  auto told = Clock::now() - kNewsEvery;
  for (bool more = true; more;) {
    {
      const py::gil_scoped_release unlocked;
      more = session_.advance(kSlice);
    }
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (progress.is_none() || Clock::now() < told + kNewsEvery) continue;
      const Progress& p = session_.progress();
      progress(p.total > 0 ? static_cast<double>(p.done) / p.total : 0., text_object(progress_words(p)));
      told = Clock::now();
    } catch (const py::error_already_set&) {
      cancel();
      throw;
    }
  }
}

Runner::Run Runner::ended() {
  auto snapshot = std::make_unique<Snapshot>(session_.snapshot(true));
  const Snapshot& s = *snapshot;
  const py::object owner = owner_of(std::move(snapshot));
  return {s.result->json().dump(), object_of(s.sheet, owner), object_of(s.beliefs, owner), object_of(s.tree, owner),
          py::bytes(session_.outcome()->model)};
}

void Runner::fail() const {
  if (session_.error_is_input()) raise_error(session_.error_field(), session_.error());
  raise_failure(session_.progress().stage, session_.error());
}

py::list Runner::notes() {
  py::list out;
  for (auto [now, told] : {std::pair{&session_.device_note(), &told_device_}, {&session_.cache_warning(), &told_cache_}})
    if (*now != *told) *told = *now, out.append(text_object(*now));
  return out;
}

}  // namespace mid::python
