/// @file
/// @ingroup work
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "mid/base/archive.hpp"
#include "mid/base/channel.hpp"
#include "mid/base/philox.hpp"
#include "mid/base/task.hpp"

namespace mid {

class Device;      // nn/device.hpp
class StageCache;  // base/stage_cache.hpp

class Along;

/// Where the loops of a run stand, so that an interrupted run goes on instead of starting again.
///
/// Each Loop is known by a name that is unique within the run. A finished loop's state is kept as bytes; a running
/// one is packed only when pack() is called, between two ticks.
class SavePoints {
 public:
  /// Everything needed to go on: the states of finished and running loops.
  std::string pack() const;
  /// Puts a pack()ed state in place; call before the task starts. An empty string means a fresh start. Throws Damaged.
  void unpack(std::string_view bytes);

  // A loop whose numbers are on a device between two turns holds its state back: pack() would find old numbers. Who wants to
  // pack asks, and lets the task go on until the state is there again, a turn later at most.
  void hold() { held_ = true; }                      ///< the state is on a device
  void release() { held_ = false, asked_ = false; }  ///< it is here again
  void ask() { asked_ = held_; }                     ///< somebody wants to pack
  bool asked() const { return asked_; }              ///< somebody waits for release()
  bool ready() const { return !held_; }              ///< pack() may be called

 private:
  template <class S>
  friend class Loop;
  friend class Along;
  void add_along(Packer& out) const;
  void get_along(Unpacker& in) const;
  std::map<std::string, Along*> along_;
  std::map<std::string, std::string> known_;  // finished in this run, or loaded by unpack()
  std::map<std::string, std::function<std::string()>> running_;
  bool held_ = false, asked_ = false;
};

/// A number that runs through a whole run, between its loops as well as in them: queries asked, seconds worked. Every save
/// point of a loop holds it as it was there, and where a loop goes on from its save point `restored` is told that number.
class Along {
 public:
  /// `name` is unique within the run. Outlives no run; `saves` outlives this.
  Along(SavePoints& saves, std::string name, std::function<double()> now, std::function<void(double)> restored);
  ~Along();
  Along(const Along&) = delete;
  Along& operator=(const Along&) = delete;

 private:
  friend class SavePoints;
  SavePoints& saves_;
  std::string name_;
  std::function<double()> now_;
  std::function<void(double)> restored_;
};

/// Seconds since it was made; in a run that goes on from a save point, those before it too.
class Stopwatch {
 public:
  /// Begins to count. `name` is unique within the run; `saves` outlives this.
  Stopwatch(SavePoints& saves, std::string name);
  /// Counted so far.
  double seconds() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double before_ = 0;
  Along along_;
};

/// What a run says of itself while it works. Front ends read it between ticks.
struct Progress {
  std::string stage;                   ///< "training", "attacking", ...
  int done = 0;                        ///< units of the stage that are behind
  int total = 0;                       ///< all its units
  std::string unit;                    ///< "round", "step", ...
  std::map<std::string, double> live;  ///< figures that change while the stage runs: "accuracy", "loss"
  /// Begins a stage: forgets the figures of the one before.
  void begin(std::string name, int units, std::string unit_name) {
    stage = std::move(name), total = units, unit = std::move(unit_name), done = 0;
    live.clear();
  }
};

/// What long work gets from whoever runs it. It outlives the task.
struct Context {
  Device& device;               ///< runs Programs
  Stream random;                ///< the experiment's seed
  StageCache* cache = nullptr;  ///< finished stages; null: nothing is kept
  SavePoints saves{};           ///< where its loops stand
  Progress progress{};          ///< what it says of itself
  ChannelMaker channels{};      ///< ways to models outside; empty: this program has none
};

/// A loop of a Task with a save point at each turn:
///
///     for (Loop step(context, "mi_face", steps, state); step; co_await step.next()) { ... *step ... }
///
/// `S` is a plain struct that holds all that the turns change, with `static auto members(S& s) { return std::tie(...); }`.
/// When the context was restored, the loop begins at the turn it had reached, with `state` as it was then.
template <class S>
class Loop {
 public:
  /// `name` is unique within the run; `state` outlives this. Throws Damaged for a save point that is not this loop's.
  Loop(Context& context, std::string name, int turns, S& state)
      : saves_(context.saves), name_(std::move(name)), turns_(turns), state_(state) {
    if (auto found = saves_.known_.find(name_); found != saves_.known_.end()) {
      Unpacker in(found->second);
      in.get(turn_);
      std::apply([&](auto&... m) { (in.get(m), ...); }, S::members(state_));
      saves_.get_along(in);
      // A state that ran further than this loop may go (fewer rounds asked for) is not this loop's state.
      Unpacker::expect(in.at_end() && turn_ >= 0 && turn_ <= turns_);
    }
    saves_.running_[name_] = [this] { return packed(); };
  }
  ~Loop() { saves_.running_.erase(name_); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Whether a turn is to be done.
  explicit operator bool() const { return turn_ < turns_; }
  /// The number of the turn, from 0.
  int operator*() const { return turn_; }
  /// Ends a turn. The last one keeps the state, so that a restored run skips this loop.
  Tick next() {
    if (++turn_ == turns_) saves_.known_[name_] = packed();
    return {};
  }
  /// Leaves before the last turn (a stop rule), keeping the state as the loop's result.
  void stop() {
    turn_ = turns_;
    saves_.known_[name_] = packed();
  }

 private:
  std::string packed() const {
    Packer out;
    out.add(turn_);
    std::apply([&](auto&... m) { (out.add(m), ...); }, S::members(state_));
    saves_.add_along(out);
    return out.take();
  }
  SavePoints& saves_;
  std::string name_;
  int turns_, turn_ = 0;
  S& state_;
};

}  // namespace mid
