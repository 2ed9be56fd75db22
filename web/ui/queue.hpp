#pragma once
#include <deque>
#include <functional>
#include <optional>

#include "mid/session/snapshot.hpp"

namespace mid::ui {

/// What is to be run and when: one run at a time, and beside it, where there is a second Session, one of those that fill the chart. What
/// the visitor wants goes first and drops whatever else runs; then come runs that a program asked for, then those that stand beside what is
/// shown (without defence, the story's companions), then the stops that fill the chart's line. It knows neither stories nor results; the
/// Session is reached by `send`.
class Queue {
 public:
  using Send = std::function<void(const Json& command)>;
  /// A command to a second Session, which is made when it is first needed; null: it is not needed any more. False: there is none now.
  using Help = std::function<bool(const Json& command)>;
  enum class Purpose { shown, asked, compare, fill };
  struct Job {
    Purpose purpose = Purpose::shown;
    Json spec;  ///< null: the Session's own choice (undo, redo)
    int story = 0, ticket = 0, tag = 0;
    bool fresh = false;      ///< trains and attacks again, whatever the stage cache holds
    bool stepping = false;   ///< stops after the first round
    bool companion = false;  ///< of the story (Story::companions)
    bool listed = true;      ///< stands in the list of runs
  };

  explicit Queue(Send send, Help help = {}) : send_(std::move(send)), help_(std::move(help)) {}

  bool busy() const { return wanted_ || runs(Purpose::shown); }
  bool paused() const { return paused_; }
  bool comparing() const { return runs(Purpose::compare); }
  bool filling() const { return filling_; }
  /// Whether the second Session runs something.
  bool helped() const { return helped_.has_value(); }
  /// Stops that are still to run, those under way among them.
  int left_to_fill() const { return static_cast<int>(fill_.size()) + (runs(Purpose::fill) ? 1 : 0) + (helped_ ? 1 : 0); }
  const RunProgress& progress() const { return progress_; }
  double speed() const { return speed_; }
  const std::optional<Job>& running() const { return running_; }

  /// What the visitor wants from now on.
  void want(Job job) { wanted_ = std::move(job); }
  /// Nothing any more.
  void drop_wanted() { wanted_.reset(); }
  /// A run on the side; returns its ticket.
  int ask(Json spec);
  void fill(const std::vector<Json>& specs);
  void stop_filling();

  void pause();
  void resume();
  /// To the end of the round, then paused.
  void step();
  /// Gives up what runs or is wanted.
  void stop();
  /// Rounds a second; 0: as fast as it goes.
  void set_speed(double rounds) { speed_ = rounds; }

  /// Begins at once, whatever runs.
  void begin(Job job);
  /// Sends what is due; `now` in seconds. `comparison` gives the run without defence, if one is due. Returns the seconds after which
  /// it wants to be called again; negative: never.
  double advance(double now, const std::function<std::optional<Job>()>& comparison);
  /// Takes a snapshot's state and progress; false: it is of an earlier run.
  bool receive(const Snapshot& s);
  /// The run of the second Session whose end this snapshot of it has; empty: it goes on, or is of an earlier run.
  std::optional<Job> receive_help(const Snapshot& s);
  /// There is no second Session any more.
  void lose_help();
  /// The run under way became that of a specification (undo, redo).
  void name_running(Json spec, int story) { running_->spec = std::move(spec), running_->story = story; }
  /// The run under way has ended, well or not.
  Job end(bool failed);

 private:
  bool runs(Purpose purpose) const { return running_ && running_->purpose == purpose; }
  static Json command_of(const Job& job);
  double pace(double now);
  void help();
  Send send_;
  Help help_;
  std::optional<Job> wanted_, running_, helped_;  ///< helped_: by the second Session
  std::deque<Job> asked_;
  std::deque<Json> fill_;
  bool filling_ = false;
  bool engaged_ = false;  ///< the second Session was called
  bool paused_ = false;   ///< by the visitor
  bool resting_ = false;  ///< the Session waits for the next step
  double speed_ = 0, last_step_ = -1, last_sent_ = -1;
  int last_tag_ = 0, last_ticket_ = 0;
  RunProgress progress_;
};

}  // namespace mid::ui
