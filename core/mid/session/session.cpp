#include "mid/session/session.hpp"

#include "mid/session/session_body.hpp"

namespace mid {

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
