#pragma once
#include <functional>
#include <optional>
#include <string>

#include "ui/choice.hpp"
#include "ui/own.hpp"
#include "ui/queue.hpp"
#include "ui/runs.hpp"

namespace mid::ui {

/// What the page stands on: what is chosen, what runs, what has been run and is shown. It knows neither pixels nor events; panels read
/// its three parts and call what stands here. The Session is reached by `send` and answers by receive().
class PageModel {
 public:
  using ForProgram = std::function<void(int ticket, const Json& result)>;

  /// `answer`: gets the result of a run that ask() began.
  PageModel(const Json& catalogue, Queue::Send send, ForProgram answer, Queue::Help help = {});
  PageModel(const PageModel&) = delete;
  PageModel& operator=(const PageModel&) = delete;

  const Choice& choice() const { return choice_; }
  const Queue& queue() const { return queue_; }
  const Runs& runs() const { return runs_; }

  // Choosing. Each of these makes the choice and wants its run.
  void choose_story(int story);
  void set_strength(double strength);
  /// Gives the slider to another defence (Choice::choose).
  void choose_defence(const std::string& rival);
  void set_seed(int seed);
  /// Sets fields ("attack.repeats": 10), all or none. What the core refuses becomes `notice`; false then.
  bool set_fields(const Json& fields);
  void load(const Run& run);
  /// Asks the Session what is in a CSV of one's own, and opens the wizard for it.
  void open_table(const std::string& csv);
  /// A model to attack on that table, which may still have to come.
  void open_model(const std::string& path) { own.bring(path); }
  /// Runs the story of the table that the wizard has come to the end of.
  void run_own();
  /// A specification from outside: a link, a program, a file. `tolerant`: fields that the core refuses are left out, with a
  /// notice.
  void adopt(Json spec, int story, bool tolerant);
  void back_to_last_good();
  void undo() { go("undo", choice_.undo_steps()); }
  void redo() { go("redo", choice_.redo_steps()); }

  // The run under way.
  void pause() { queue_.pause(); }
  void resume() { queue_.resume(); }
  /// To the end of the round, then paused; at rest it trains again and stops after the first round.
  void step();
  /// Trains and attacks again, whatever the stage cache holds.
  void restart() { want(true); }
  /// Gives up what runs: the choice is again what is shown.
  void stop();
  /// Rounds a second; 0: as fast as it goes.
  void set_speed(double rounds) { queue_.set_speed(rounds); }

  /// Runs the slider's other stops, one after the other, whenever nothing else is wanted: the chart's line without dragging.
  void fill() { queue_.fill(runs_.missing_stops()); }
  void stop_filling() { queue_.stop_filling(); }
  /// Stops that fill() would run, or is still to run while it does.
  int unfilled() const;
  /// Whether the pictures of the same run without defence are wanted, too.
  void set_beside(bool on) { runs_.set_beside(on); }

  /// A run on the side. Its result reaches `answer` under the returned ticket.
  int ask(Json spec) { return queue_.ask(std::move(spec)); }
  /// Asks for the tree on the stage as "svg" or "dot"; it comes as `file`.
  void export_tree(const std::string& format);
  /// Takes over what json_of(runs().saved()) was in an earlier visit.
  void restore(const Json& saved) { send_({{"do", "restore"}, {"state", saved}}); }

  /// A snapshot of the Session.
  void receive(Snapshot snapshot);
  /// One of the second Session (Queue::Help): what it has run joins the first one's runs.
  void receive_help(const Snapshot& snapshot);
  /// There is no second Session any more: the first one runs all.
  void lose_help() { queue_.lose_help(); }
  /// Sends what is due; `now` in seconds. Returns the seconds after which it wants to be called again; negative: never.
  double advance(double now);

  const Message& error() const { return error_; }
  Message notice;                    ///< one sentence to show until it is closed
  Own own;                           ///< the table of one's own that is being opened
  std::optional<ExportedFile> file;  ///< what export_tree() asked for, until somebody takes it

 private:
  void take(const Json& spec, int story);
  void want_choice();  ///< what the visitor chose; a sentence about the choice before is over
  void want(bool fresh = false, bool stepping = false);
  void go(const char* where, int steps);
  void finish(Snapshot& s);
  void fail(const Snapshot& s);

  Queue::Send send_;
  ForProgram answer_;
  Choice choice_;
  Queue queue_;
  Runs runs_;
  Message error_;
};

}  // namespace mid::ui
