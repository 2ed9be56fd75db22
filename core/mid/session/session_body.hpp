#pragma once
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "mid/base/error.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/base/text.hpp"
#include "mid/session/notebook.hpp"
#include "mid/session/session.hpp"

// What a Session is made of: session_commands.cpp follows commands, session_run.cpp is the run under way.
namespace mid {

using Clock = std::chrono::steady_clock;
/// Seconds that have gone by.
inline double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Why something could not be done, the field at fault, and whether the input was at fault.
struct Fault {
  Message message;
  std::string field;
  bool input = false;
  std::string sentence() const { return printable(message.in("en")); }
};

/// Does `work`. Whatever it throws ends here: a front end's thread has nobody who would catch it.
template <class F>
std::optional<Fault> fault_in(F&& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& e) {
    return Fault{e.message(), printable(e.field()), true};
  } catch (const Failure& e) {
    return Fault{e.message(), "", false};
  } catch (const std::bad_alloc&) {
    return Fault{Message("refusal.memory"), "", false};
  } catch (const std::exception& e) {  // nothing we know of: still a sentence
    return Fault{Message("refusal.unexpected").with("why", printable(e.what())), "", false};
  }
}

/// Whether a command says so.
inline bool is_set(const Json& command, const char* name) { return command.value(name, Json()) == Json(true); }

/// One run under way: everything that its task refers to lives here, at one address.
struct Run {
  Run(Device& device, StageCache& cache, DatasetCache& datasets, const ChannelMaker& channels, Spec of, OnSheets sheets)
      : context{device, Stream{of.seed}, &cache, {}, {}, channels},
        spec(std::move(of)),
        on_sheets(sheets),
        task(run_experiment(context, datasets, spec, outcome, {}, sheets)) {}
  Context context;
  Spec spec;
  OnSheets on_sheets;
  Outcome outcome;
  Task task;
  bool aside = false, logged = true, hand = false, previewed = false, resumed = false;
  double seconds = 0, stage_seconds = 0, rescued = 0;
  std::string stage, rescue;  // rescue: a save point, for the case that a device is lost
};

struct Session::Body {
  Body(std::filesystem::path folder, std::uint64_t memory, std::uint64_t disk, DeviceMaker maker, std::string device_wish,
       ChannelMaker channel_maker)
      : devices(std::move(maker)),
        channels(std::move(channel_maker)),
        wish(std::move(device_wish)),
        device(cpu_device()),
        cache(std::move(folder), memory, disk) {}
  DeviceMaker devices;    // none: the processor only
  ChannelMaker channels;  // none: no models outside
  std::string wish, made = "cpu", note;
  std::unique_ptr<Device> device;
  StageCache cache;
  DatasetCache datasets;
  std::unique_ptr<Run> run;
  std::optional<Outcome> outcome;
  std::optional<std::string> packed;  // the same, if it is to be handed over
  Progress last_progress;             // of a run that has ended
  double last_seconds = 0;
  Notebook notebook;
  Json spec, tag;
  std::optional<Answer<UserTable>> table;    // to "describe", until it is sent
  std::optional<Answer<UserModel>> model;    // to "recognise"
  std::optional<Answer<ExportedFile>> file;  // to "export"
  State state = State::idle;
  bool stepping = false;
  int step_from = 0;
  std::string error, field;
  Message message;  // the same as error
  bool input_at_fault = false, on_device = false;
  std::uint64_t serial = 1, outcome_serial = 0, sent_outcome = 0, sent_notebook = 0;

  // ---- failures ----
  void fail(Fault fault);
  /// A command that cannot be followed: a run under way goes on.
  void refuse(const std::string& at, const Message& why) { refuse(Fault{why.with("field", at), at, true}); }
  void refuse(Fault fault);

  // ---- commands ----
  void follow(const Json& command);
  void choose_device(const Json& command);
  void set(const Json& command);
  /// The end of another Session's run.
  void take(const Json& command);
  /// The specification that "run" is about.
  Json wanted(const Json& command) const;
  /// The outcome of the specification that the command names, or the last one.
  Outcome outcome_of(const Json& command);
  /// Answers at once, in the next snapshot's `part`; a run under way goes on.
  template <class T, class F>
  void answer(std::optional<Answer<T>>& part, F make) {
    part.emplace();
    if (auto fault = fault_in([&] { part->value = make(); })) part->value.reset(), part->failed = std::move(fault->message);
  }

  // ---- the run under way ----
  std::string partial_key() const { return StageCache::key("partial", Json{{"spec", run->spec.json()}, {"data", data_key(run->spec)}}); }
  void start(const Json& command);
  /// The same run from its beginning: what it was to go on from is damaged.
  void begin_anew();
  /// One unit of work; false when there is none.
  bool unit();
  void cancel();
  void end_run();
  /// The device that was wished for: opened at the first run that needs it.
  void take_device();
  /// Weights on a device are gone with it; at most so many seconds of work, too.
  static constexpr double kRescue = 2;
  void keep_for_rescue();
  /// After a failure, perhaps because a device was lost: the last state that was saved goes to the cache, and the next run
  /// opens the device anew.
  void leave_device();
};

}  // namespace mid
