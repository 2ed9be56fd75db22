#include "mid/base/base64.hpp"
#include "mid/experiment/handover.hpp"
#include "mid/session/session_body.hpp"

namespace mid {
namespace {

/// What a Session hands over at most; of a larger outcome, that of a large model of the visitor's own, its figures alone.
constexpr std::size_t kMostHanded = std::size_t{8} << 20;
std::string handed(const Outcome& whole) {
  Packer all, figures;
  pack_members(all, whole);
  std::string bytes = all.take();
  if (bytes.size() > kMostHanded) {
    pack_members(figures, Outcome{.result = whole.result, .model = {}, .sheet = {}, .tree = {}, .beliefs = {}});
    bytes = figures.take();
  }
  return base64url(bytes);
}

}  // namespace

void Session::Body::take_device() {
  if (made == wish) return;
  DeviceOffer offer = devices ? devices(wish) : processor_only(wish);
  device = std::move(offer.device), note = std::move(offer.note), made = wish;
}

void Session::Body::start(const Json& command) {
  error.clear(), field.clear();
  stepping = false;
  end_run();
  tag = command.value("tag", Json()), spec = nullptr;
  const auto fault = fault_in([&] {
    Spec checked = check_spec(wanted(command));
    spec = checked.json();
    take_device();
    if (is_set(command, "fresh")) forget_run(cache, checked, *device);
    run = std::make_unique<Run>(*device, cache, datasets, channels, std::move(checked),
                                is_set(command, "all_victims") ? OnSheets::all_victims : OnSheets::first_victims);
    run->aside = is_set(command, "aside"), run->logged = command.value("log", Json(true)) != Json(false);
    run->hand = is_set(command, "hand");
    if (!run->aside) notebook.choose(spec);
    // Without a folder nothing is kept to go on from.
    if (auto partial = cache.folder().empty() ? std::nullopt : cache.find(partial_key())) {
      cache.erase(partial_key());
      try {
        run->context.saves.unpack(*partial);
        run->resumed = true;
        run->rescue = std::move(*partial);  // until there is a newer one
      } catch (const Damaged&) {
        begin_anew();
      }
    }
    state = State::running;
  });
  if (fault) end_run(), fail(*fault);
  ++serial;
}

void Session::Body::begin_anew() {
  auto fresh = std::make_unique<Run>(*device, cache, datasets, channels, run->spec, run->on_sheets);
  fresh->aside = run->aside, fresh->logged = run->logged, fresh->hand = run->hand, fresh->seconds = run->seconds;
  run = std::move(fresh);
}

bool Session::Body::unit() {
  if (!run || state != State::running) return false;
  const auto start = Clock::now();
  bool more = false;
  const auto fault = fault_in([&] {
    try {
      more = run->task.advance();
      if (more) keep_for_rescue();
    } catch (const Damaged&) {
      if (!run->resumed) throw;
      begin_anew(), more = true;
    }
  });
  if (fault) fail(*fault);
  ++serial;
  const double took = since(start);
  run->seconds += took;
  if (run->stage != run->context.progress.stage) run->stage = run->context.progress.stage, run->stage_seconds = 0;
  run->stage_seconds += took;
  if (state == State::failed) {
    if (!input_at_fault && run->logged)
      notebook.log_failure(run->outcome.result.id.empty() ? run->spec.id() : run->outcome.result.id, spec, error, message);
    on_device = device->remote() && !input_at_fault;
    leave_device();
    return false;
  }
  if (!more) {
    outcome = std::move(run->outcome);
    packed = run->hand ? std::optional(handed(*outcome)) : std::nullopt;
    if (run->logged) notebook.log(outcome->result);
    if (!run->aside) notebook.settle();
    ++outcome_serial;
    end_run();
    state = State::done;
  } else if (stepping && run->context.progress.done != step_from) {
    stepping = false;
    state = State::paused;
  }
  return more;
}

void Session::Body::end_run() {
  if (!run) return;
  last_progress = run->context.progress, last_seconds = run->seconds;
  run.reset();
}

void Session::Body::cancel() {
  if (!run) return;
  const auto fault = fault_in([&] {
    SavePoints& saves = run->context.saves;
    bool more = true;
    // Weights on a device come back at the end of the turn under way.
    if (!cache.folder().empty())
      for (saves.ask(); more && !saves.ready();) more = run->task.advance();
    if (!cache.folder().empty() && more) cache.put(partial_key(), saves.pack());
  });
  // It would have failed now: the next try will say why. (Input at fault: the CSV has gone meanwhile, and with it the run that
  // could go on.)
  if (fault && !fault->input) leave_device();
  end_run();
  state = State::idle;
  ++serial;
}

void Session::Body::keep_for_rescue() {
  SavePoints& saves = run->context.saves;
  if (!device->remote() || cache.folder().empty() || run->seconds < run->rescued + kRescue) return;
  if (!saves.ready()) return saves.ask();
  run->rescue = saves.pack(), run->rescued = run->seconds;
}

void Session::Body::leave_device() {
  if (!run->rescue.empty() && !cache.folder().empty()) cache.put(partial_key(), run->rescue);
  const bool was_remote = device->remote();
  end_run();
  if (was_remote) device = cpu_device(), made = "cpu";
}

}  // namespace mid
