#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "expected.hpp"
#include "mid/session/snapshot.hpp"
#include "own.hpp"
#include "story.hpp"

namespace mid::ui {

/// A finished run, as the chart and the table remember it: the Session's list, read.
struct Run {
  int story = 0;
  double strength = 0;
  int seed = 1, repeats = 1;
  std::string release = "none", defence = "none";
  std::size_t family = 0;  ///< runs that differ in strength, seed and release only have the same
  Json spec;
  std::optional<double> utility, privacy;  ///< empty: it failed, `error` says why
  /// What an answer tells: the most that it may, and how much it does (an estimate; exact of regressions and trees).
  std::optional<double> bound, told;
  Message error;
};

/// What the page stands on: what is chosen, what runs, what is shown, what has been run. It knows neither pixels nor
/// events; panels read it and call it. The Session is reached by `send` and answers by receive().
///
/// One run at a time: what the visitor of the page wants goes first and drops whatever else runs; then come runs that a
/// program asked for (`ask`), then the run without defence that the marks on the bars need, then the stops of fill().
class Lab {
 public:
  using Send = std::function<void(const Json& command)>;
  using Answer = std::function<void(int ticket, const Json& result)>;

  Lab(const Json& catalogue, Send send, Answer answer);

  // Choosing. Each of these makes the choice and wants its run.
  void choose_story(int story);
  void set_strength(double strength);
  void set_seed(int seed);
  /// Sets fields ("attack.repeats": 10), all or none. What the core refuses becomes `notice`; false then.
  bool set_fields(const Json& fields);
  void load(const Run& run);
  /// Asks the Session what is in a CSV of one's own, and opens the wizard for it.
  void open_table(const std::string& csv);
  /// Runs the story of the table that the wizard has come to the end of.
  void run_own();
  /// A specification from outside: a link, a program, a file. `tolerant`: fields that the core refuses are left out, with a
  /// notice.
  void adopt(Json spec, int story, bool tolerant);
  void back_to_last_good();
  void undo() { go("undo"); }
  void redo() { go("redo"); }

  // The run under way.
  void pause();
  void resume();
  /// To the end of the round, then paused; at rest it trains again and stops after the first round.
  void step();
  /// Trains and attacks again, whatever the stage cache holds.
  void restart();
  /// Gives up what runs: the choice is again what is shown.
  void stop();
  /// Rounds a second; 0: as fast as it goes.
  void set_speed(double rounds) { speed_ = rounds; }
  double speed() const { return speed_; }

  /// Runs the slider's other stops, one after the other, whenever nothing else is wanted: the chart's line without dragging.
  void fill();
  void stop_filling();
  /// Stops that fill() would run, or is still to run while it does.
  int unfilled() {
    return static_cast<int>(filling_ ? fill_.size() + (running_ && running_->purpose == Purpose::fill ? 1 : 0) : missing_stops().size());
  }
  bool filling() const { return filling_; }

  /// A run on the side. Its result reaches `answer` under the returned ticket.
  int ask(Json spec);
  /// Asks for the tree on the stage as "svg" or "dot"; it comes as `file`.
  void export_tree(const std::string& format) {
    send_({{"do", "export"}, {"format", format}, {"spec", shown_.result ? shown_.result->spec : spec_}});
  }
  /// Takes over what saved() was in an earlier visit.
  void restore(const Json& saved) { send_({{"do", "restore"}, {"state", saved}}); }

  /// A snapshot of the Session.
  void receive(Snapshot snapshot);
  /// Sends what is due; `now` in seconds. Returns the seconds after which it wants to be called again; negative: never.
  double advance(double now);

  int story_index() const { return story_; }
  const Story& story() const { return stories()[static_cast<std::size_t>(story_)]; }
  /// spec_words() of what is chosen.
  std::string says(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> values = {}) const {
    return spec_words(spec_, story(), key, values);
  }
  double strength() const { return strength_; }
  int seed() const { return seed_; }
  const Json& spec() const { return spec_; }  ///< as chosen, complete
  /// The objects of a specification with their entries and parameters (Session::catalogue).
  const Json& sections() const { return sections_; }
  /// What the story begins with.
  Json preset() const { return preset(story()); }

  /// Any preset by its name; null: there is none.
  Json preset(const std::string& name) const;

  bool busy() const { return wanted_ || (running_ && running_->purpose == Purpose::shown); }
  bool paused() const { return paused_; }
  bool comparing() const { return running_ && running_->purpose == Purpose::compare; }
  const RunProgress& progress() const { return progress_; }
  int undo_steps() const { return undo_; }
  int redo_steps() const { return redo_; }

  /// What is on the stage: of this story, or nothing. While busy it may belong to another choice.
  struct Shown {
    std::optional<Result> result;
    std::vector<Message> warnings;
    std::optional<PictureSheet> sheet;
    std::optional<BeliefSheet> beliefs;
    std::optional<TreeSheet> tree;
    double strength = 0;
    int seed = 0, story = -1;
    int serial = 0;            ///< changes whenever the rest does
    const Json& spec() const;  ///< of the result; null: there is none
    double seconds() const { return result ? result->timing.train + result->timing.attack : 0; }
  };
  const Shown& shown() const { return shown_; }
  /// What other seeds gave for what is shown; empty: nobody measured that.
  const std::optional<Expected>& expected() const { return expected_; }
  /// The pictures of the same run without defence, for the eye to compare: set_beside(true) asks for them.
  const Shown* beside() const { return plain_.sheet && plain_family_ == family_ && plain_.seed == seed_ ? &plain_ : nullptr; }
  void set_beside(bool on) { beside_ = on; }
  /// False: what is shown is without defence itself.
  bool defended() const { return defence_of(spec_) != "none" || release_of(spec_) != "none"; }
  bool has_result() const { return shown_.story == story_ && shown_.result; }
  /// A figure of what is on the stage; without a value where there is no result.
  Measure figure(std::string_view group, std::string_view name) const {
    return has_result() ? shown_.result->figure(group, name) : Measure{};
  }
  /// True while the numbers on the page belong to an earlier choice.
  bool stale() const { return has_result() && stale_; }

  const std::vector<Run>& runs() const { return runs_; }
  /// Runs that the chart may compare with what is chosen.
  bool comparable(const Run& run) const { return run.family == family_; }
  /// The run of this very specification, if it has ended well.
  const Run* run_of(const Json& spec) const;
  /// The same without defence, if it has been run.
  const Run* undefended() const;
  /// All that is worth keeping, of the Session; empty before the first run has ended.
  const std::optional<Saved>& saved() const { return saved_; }
  std::size_t saved_serial() const { return saved_serial_; }  ///< grows whenever saved() changes
  const Message& error() const { return error_; }
  Message notice;                    ///< one sentence to show until it is closed
  Own own;                           ///< the table of one's own that is being opened
  std::optional<ExportedFile> file;  ///< what export_tree() asked for, until somebody takes it

 private:
  enum class Purpose { shown, asked, compare, fill };
  struct Job {
    Purpose purpose = Purpose::shown;
    Json spec;  ///< null: the Session's own choice (undo, redo)
    int story = 0, ticket = 0, tag = 0;
    bool fresh = false, stepping = false;
  };
  void want_choice();  ///< what the visitor chose; a sentence about the choice before is over
  void want(bool fresh = false, bool stepping = false);
  void go(const char* where);
  void begin(Job job);
  void choose(const Json& spec, int story);
  void remember(Saved saved);
  void finish(Snapshot& s);
  void fail(const Snapshot& s);
  double pace(double now);
  Json preset(const Story& story) const;
  Json without_defence() const;
  const std::vector<Json>& missing_stops();

  Json presets_, sections_ = Json::array();
  Send send_;
  Answer answer_;

  int story_ = 0, seed_ = 1;
  double strength_ = 0;
  std::size_t family_ = 0, compare_failed_ = 0;
  Json base_, spec_;
  bool paused_ = false;   ///< by the visitor
  bool resting_ = false;  ///< the Session waits for the next step
  bool stale_ = false;
  double speed_ = 0, last_step_ = -1;

  int last_tag_ = 0, last_ticket_ = 0, undo_ = 0, redo_ = 0;
  double last_sent_ = -1;
  std::optional<Job> wanted_, running_;
  std::deque<Job> asked_;
  std::deque<Json> fill_;
  bool filling_ = false;
  std::vector<Json> missing_;  ///< the slider's stops that have not been run, of missing_for_
  Json missing_for_;
  std::size_t missing_serial_ = 0;  ///< saved_serial_ of then
  RunProgress progress_;
  Shown shown_, plain_;
  std::optional<Expected> expected_;
  std::size_t plain_family_ = 0;
  bool beside_ = false;
  std::vector<Run> runs_;
  std::optional<Saved> saved_;
  std::size_t saved_serial_ = 0;
  Message error_;
};

}  // namespace mid::ui
