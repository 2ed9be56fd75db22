#include "mid/session/session.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <new>
#include <optional>
#include <utility>

#include "mid/base/base64.hpp"
#include "mid/base/error.hpp"
#include "mid/base/stage_cache.hpp"
#include "mid/base/text.hpp"
#include "mid/experiment/handover.hpp"
#include "mid/experiment/named_files.hpp"
#include "mid/experiment/tree_file.hpp"
#include "mid/experiment/user_model.hpp"
#include "mid/experiment/user_table.hpp"
#include "mid/session/notebook.hpp"

namespace mid {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool is_set(const Json& command, const char* name) { return command.value(name, Json()) == Json(true); }

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

static_assert(kMostJsonLevels == 64);
constexpr const char* kUnsound = "refusal.command_unreadable";

/// Whether a command can be kept, sent and written: all its text is UTF-8, and it is no deeper than `levels`.
bool is_sound(const Json& j, int levels = kMostJsonLevels) {
  if (j.is_string()) return is_utf8(j.get_ref<const std::string&>());
  if (!j.is_structured()) return true;
  if (levels == 0) return false;
  for (auto part = j.begin(); part != j.end(); ++part)
    if ((j.is_object() && !is_utf8(part.key())) || !is_sound(*part, levels - 1)) return false;
  return true;
}

}  // namespace

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

  std::string partial_key() const { return StageCache::key("partial", Json{{"spec", run->spec.json()}, {"data", data_key(run->spec)}}); }

  void fail(Fault fault) {
    error = fault.sentence(), message = std::move(fault.message), field = std::move(fault.field), input_at_fault = fault.input,
    on_device = false;
    state = State::failed;
    ++serial;
  }

  /// A command that cannot be followed: a run under way goes on.
  void refuse(const std::string& at, const Message& why) { refuse(Fault{why.with("field", at), at, true}); }
  void refuse(Fault fault) {
    const State before = state;
    fail(std::move(fault));
    if (run) state = before;
  }

  /// The device that was wished for: opened at the first run that needs it.
  void take_device() {
    if (made == wish) return;
    DeviceOffer offer = devices ? devices(wish) : processor_only(wish);
    device = std::move(offer.device), note = std::move(offer.note), made = wish;
  }

  void follow(const Json& command);

  void choose_device(const Json& command) {
    const Json name = command.value("name", Json());
    const std::string chosen = name.is_string() ? name.get<std::string>() : "";
    if (std::find(std::begin(kDeviceNames), std::end(kDeviceNames), chosen) == std::end(kDeviceNames))
      return refuse("name", Message("refusal.must_be")
                                .with("allowed", either_of({std::begin(kDeviceNames), std::end(kDeviceNames)}))
                                .with("found", shown(name)));
    wish = chosen;
  }

  /// Weights on a device are gone with it; at most so many seconds of work, too.
  static constexpr double kRescue = 2;
  void keep_for_rescue() {
    SavePoints& saves = run->context.saves;
    if (!device->remote() || cache.folder().empty() || run->seconds < run->rescued + kRescue) return;
    if (!saves.ready()) return saves.ask();
    run->rescue = saves.pack(), run->rescued = run->seconds;
  }

  void end_run() {
    if (!run) return;
    last_progress = run->context.progress, last_seconds = run->seconds;
    run.reset();
  }

  void start(const Json& command) {
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

  /// What a Session hands over at most; of a larger outcome, that of a large model of the visitor's own, its figures alone.
  static constexpr std::size_t kMostHanded = std::size_t{8} << 20;
  static std::string handed(const Outcome& whole) {
    Packer all, figures;
    pack_members(all, whole);
    std::string bytes = all.take();
    if (bytes.size() > kMostHanded) {
      pack_members(figures, Outcome{.result = whole.result, .model = {}, .sheet = {}, .tree = {}, .beliefs = {}});
      bytes = figures.take();
    }
    return base64url(bytes);
  }

  /// The end of another Session's run.
  void take(const Json& command) {
    const Spec of = check_spec(command.value("spec", Json()));
    if (command.contains("failed")) {
      Trouble why;
      read_members(command["failed"], why);
      return notebook.log_failure(run_id(of), of.json(), why.sentence, why.message);
    }
    const auto bytes = from_base64url(text_of(command, "outcome"));
    Unpacker::expect(bytes.has_value());
    Unpacker in(*bytes);
    Outcome taken;
    unpack_members(in, taken);
    Unpacker::expect(in.at_end() && taken.result.id == run_id(of) && taken.result.spec == of.json());
    if (!taken.model.empty()) keep_outcome(cache, of, *device, taken);
    notebook.log(taken.result);
  }

  Json wanted(const Json& command) const {
    if (command.contains("preset")) return preset(command["preset"].get<std::string>());
    if (command.contains("spec")) return command["spec"];
    return notebook.chosen().is_object() ? notebook.chosen() : Json::object();
  }

  void set(const Json& command) {
    notebook.choose(with_fields(notebook.chosen().is_object() ? notebook.chosen() : Json::object(), command.value("fields", Json())));
  }

  /// Answers at once, in the next snapshot's `part`; a run under way goes on.
  template <class T, class F>
  void answer(std::optional<Answer<T>>& part, F make) {
    part.emplace();
    if (auto fault = fault_in([&] { part->value = make(); })) part->value.reset(), part->failed = std::move(fault->message);
  }

  static std::string text_of(const Json& command, const char* name) {
    const Json value = command.value(name, Json());
    if (!value.is_string())
      throw Error(name, Message("refusal.must_be").with("allowed", Message("refusal.part.text")).with("found", shown(value)));
    const auto text = value.get<std::string>();
    if (!is_utf8(text)) throw Error(name, Message("refusal.csv_name").with("found", shown(value)));
    return text;
  }

  /// The outcome of the specification that the command names, or the last one.
  Outcome outcome_of(const Json& command) {
    if (!command.contains("spec")) {
      if (!outcome) throw Error("export", Message("refusal.export_needs_run"));
      return *outcome;
    }
    const Spec wanted = check_spec(command["spec"]);
    if (outcome && outcome->result.id == run_id(wanted)) return *outcome;
    if (auto kept = kept_outcome(cache, wanted, *device)) return std::move(*kept);
    throw Error("export", Message("refusal.export_needs_run"));
  }

  /// After a failure, perhaps because a device was lost: the last state that was saved goes to the cache, and the next run
  /// opens the device anew.
  void leave_device() {
    if (!run->rescue.empty() && !cache.folder().empty()) cache.put(partial_key(), run->rescue);
    const bool was_remote = device->remote();
    end_run();
    if (was_remote) device = cpu_device(), made = "cpu";
  }

  void cancel() {
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

  /// The same run from its beginning: what it was to go on from is damaged.
  void begin_anew() {
    auto fresh = std::make_unique<Run>(*device, cache, datasets, channels, run->spec, run->on_sheets);
    fresh->aside = run->aside, fresh->logged = run->logged, fresh->hand = run->hand, fresh->seconds = run->seconds;
    run = std::move(fresh);
  }

  /// One unit of work; false when there is none.
  bool unit() {
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
};

Session::Session(std::filesystem::path folder, std::uint64_t memory, std::uint64_t disk, DeviceMaker devices, std::string wish,
                 ChannelMaker channels)
    : body_(std::make_unique<Body>(std::move(folder), memory, disk, std::move(devices), std::move(wish), std::move(channels))) {}
Session::~Session() = default;

void Session::command(const Json& c) {
  Body& b = *body_;
  ++b.serial;
  if (b.state != State::failed) b.error.clear(), b.field.clear();
  if (auto fault = fault_in([&] { b.follow(c); })) b.refuse(std::move(*fault));
}

void Session::Body::follow(const Json& c) {
  const std::string what = c.is_object() && c.contains("do") && c["do"].is_string() ? c["do"].get<std::string>() : "";
  const bool asks = what == "describe" || what == "recognise" || what == "export";
  if (!asks && !is_sound(c)) return refuse("", Message(kUnsound));
  if (what == "run") {
    if (c.contains("preset") && !c["preset"].is_string())
      return refuse("preset", Message("refusal.must_be").with("allowed", Message("refusal.part.text")).with("found", shown(c["preset"])));
    start(c);
  } else if (what == "set") {
    set(c);
  } else if (what == "undo") {
    notebook.undo();
  } else if (what == "redo") {
    notebook.redo();
  } else if (what == "restore") {
    if (!notebook.restore(c.value("state", Json())))
      refuse("state", Message("refusal.state").with("found", shown(c.value("state", Json()))));
  } else if (what == "take") {
    take(c);
  } else if (what == "pause") {
    if (state == State::running) state = State::paused;
  } else if (what == "resume") {
    if (state == State::paused) state = State::running;
    stepping = false;
  } else if (what == "step") {
    if (run && (state == State::paused || state == State::running))
      state = State::running, stepping = true, step_from = run->context.progress.done;
  } else if (what == "device") {
    choose_device(c);
  } else if (what == "cancel") {
    cancel();
  } else if (what == "describe") {
    answer(table, [&] { return user_table(text_of(c, "csv")); });
  } else if (what == "recognise") {
    answer(model, [&] {
      return user_model(datasets, user_table(text_of(c, "csv")), text_of(c, "target"), text_of(c, "secret"), text_of(c, "model"));
    });
  } else if (what == "export") {
    answer(file, [&] {
      if (!is_sound(c)) throw Error("", Message(kUnsound));
      const std::string format = text_of(c, "format");
      return ExportedFile{"tree." + format, tree_file(outcome_of(c), format)};
    });
  } else {
    refuse("do", Message("refusal.must_be")
                     .with("allowed", either_of({"run", "set", "undo", "redo", "restore", "take", "describe", "recognise", "export",
                                                 "pause", "resume", "step", "device", "cancel"}))
                     .with("found", shown(c.is_object() ? c.value("do", Json()) : c)));
  }
}

bool Session::advance(double milliseconds) {
  const auto start = Clock::now();
  while (body_->unit())
    if (since(start) * 1000 >= milliseconds) return true;
  return false;
}

bool Session::advance_units(int units) {
  for (int i = 0; i < units; ++i)
    if (!body_->unit()) return false;
  return true;
}

std::uint64_t Session::serial() const { return body_->serial; }
Session::State Session::state() const { return body_->state; }
const Progress& Session::progress() const { return body_->run ? body_->run->context.progress : body_->last_progress; }
double Session::seconds() const { return body_->run ? body_->run->seconds : body_->last_seconds; }

double Session::seconds_left() const {
  if (!body_->run) return 0;
  const Progress& p = progress();
  if (p.total <= 0 || p.done <= 0) return -1;
  return body_->run->stage_seconds * (p.total - p.done) / p.done;
}

const Outcome* Session::outcome() const { return body_->outcome ? &*body_->outcome : nullptr; }
const std::string& Session::error() const { return body_->error; }
const std::string& Session::error_field() const { return body_->field; }
bool Session::error_is_input() const { return body_->input_at_fault; }
bool Session::failed_on_device() const { return body_->on_device; }
const std::string& Session::device_note() const { return body_->note; }
const std::string& Session::cache_warning() const { return body_->cache.warning(); }

Snapshot Session::snapshot(bool everything) {
  Body& b = *body_;
  Snapshot s;
  s.serial = b.serial, s.state = b.state, s.tag = b.tag, s.spec = b.spec, s.outcome = b.outcome_serial;
  static_cast<Progress&>(s.progress) = progress();
  s.progress.fraction = s.progress.total > 0 ? static_cast<double>(s.progress.done) / s.progress.total : 0;
  s.progress.seconds = seconds();
  if (const double left = seconds_left(); left >= 0) s.progress.seconds_left = left;
  if (b.run && b.run->outcome.sheet && !b.run->previewed) {
    b.run->previewed = true;
    s.sheet = b.run->outcome.sheet;
  }
  s.chosen = b.notebook.chosen(), s.undo = b.notebook.undo_steps(), s.redo = b.notebook.redo_steps();
  if (everything || b.sent_notebook != b.notebook.serial()) {
    b.sent_notebook = b.notebook.serial();
    s.saved = b.notebook.save();
  }
  s.table = std::exchange(b.table, std::nullopt), s.model = std::exchange(b.model, std::nullopt);
  s.file = std::exchange(b.file, std::nullopt);
  s.device = {b.wish, b.device->name(), b.device->adapter(), b.note, {"cpu"}};
  if (b.devices) s.device.choices.assign(std::begin(kDeviceNames), std::end(kDeviceNames));
  if (!b.error.empty()) s.error = Trouble{b.field, b.error, b.message, b.input_at_fault};
  if (b.outcome && (everything || b.sent_outcome != b.outcome_serial)) {
    b.sent_outcome = b.outcome_serial;
    s.result = b.outcome->result, s.warnings = b.outcome->result.all_warnings();
    s.sheet = b.outcome->sheet, s.beliefs = b.outcome->beliefs, s.tree = b.outcome->tree, s.packed = b.packed;
  }
  return s;
}

}  // namespace mid
