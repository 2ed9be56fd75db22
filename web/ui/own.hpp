#pragma once
#include <string>

#include <optional>
#include "mid/base/json.hpp"
#include "mid/base/message.hpp"
#include "mid/experiment/user_model.hpp"
#include "mid/experiment/user_table.hpp"
#include "mid/session/snapshot.hpp"

namespace mid::ui {

/// A table of one's own on its way to a story: which file, what is in it, what is predicted, what is secret; and, if somebody brings one,
/// the model that is attacked on it as it is. The panel over it is panels/own.cpp.
class Own {
 public:
  enum Step { target, secret, go };

  bool open = false;  ///< stands in the stage's place
  int page = 0;       ///< of the list of columns

  /// Another file: what is in it comes by receive().
  void begin(std::string csv);
  /// What the Session found in it.
  void receive(Answer<UserTable> table);
  /// Opens for the table of a specification that came without it (a link). Its columns are chosen again when a file has them.
  void expect(Json spec);

  Step step() const { return step_; }
  /// Goes to a step whose choices before it are made.
  void show(Step step);
  /// Chooses a column at this step and goes on to the next. Columns that cannot serve are ignored.
  void choose(const std::string& column);
  /// Whether a column may be chosen at this step; if not, `why` says in a few words.
  bool may(const UserColumn& column, std::string& why) const;

  bool waiting() const { return waiting_; }
  const std::string& csv() const { return csv_; }                   ///< path of the file; empty: none yet
  std::string file() const;                                         ///< its name, or that of the expected one
  const std::optional<UserTable>& table() const { return table_; }  ///< empty: none
  /// The table as JSON with the reasons in the language of the page; null: none.
  Json table_in_language() const;
  const Message& failed() const { return failed_; }  ///< why the file cannot be used; empty: it can
  const std::string& target_column() const { return target_; }
  const std::string& secret_column() const { return secret_; }
  bool expects() const { return expected_.is_object(); }

  /// A model beside the table, which may come before or after it. What the Session recognises comes by receive().
  void bring(std::string model);
  void receive(Answer<UserModel> model);
  /// Goes on without one: a model is trained on the table.
  void drop_model();
  /// What the Session is to be asked now, once each: the model, as soon as target and secret are chosen; null: nothing.
  Json question();
  const std::string& model_path() const { return model_path_; }  ///< empty: none
  /// Its name; where a link is about one that is not here, that one's.
  std::string model_file() const;
  bool examining() const { return !model_path_.empty() && step_ == go && !model_ && model_failed_.empty(); }
  /// What was recognised; null: nothing yet, or not for what is chosen.
  const UserModel* model() const { return model_ ? &*model_ : nullptr; }
  const Message& model_failed() const { return model_failed_; }  ///< why it cannot be used; empty: it can
  const std::string& attack() const { return attack_; }          ///< on that model
  /// Of those that go with it; others are ignored. Before the model is recognised it is a wish.
  void choose_attack(const std::string& attack);
  /// Runs as soon as the model is recognised; empty after that, and after a refusal.
  bool run_when_recognised = false;

  /// The story, complete. Throws Error.
  Json spec() const;

 private:
  /// Whether a column can be chosen at a step.
  bool offers(const std::string& column, Step step) const;
  /// What is chosen is another: what was recognised was for the last one.
  void examine_again();
  std::string csv_, target_, secret_, model_path_, attack_, wished_attack_;
  Message failed_, model_failed_;
  std::optional<UserTable> table_;
  std::optional<UserModel> model_;
  Json asked_;  // the question that has no answer yet
  Json expected_;
  Step step_ = target;
  bool waiting_ = false;
};

/// Whether a file that was dropped is meant as a model rather than as a table, by its name.
bool is_model_name(const std::string& path);
/// The name of a file at the end of its path.
std::string file_name(const std::string& path);
/// A name of somebody's as the page shows it: printable, no longer than `most` letters (base/text.hpp).
std::string shortened(const std::string& name, std::size_t most);

}  // namespace mid::ui
