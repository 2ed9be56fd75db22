#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/members.hpp"

namespace mid {

/// Why a column cannot serve; a part is empty where it can.
template <class Text>
struct ColumnRefusal {
  Text target, secret;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("target", self.target), each("secret", self.secret);
  }
};

/// A column of a CSV of one's own.
struct UserColumn {
  std::string name;
  bool numeric = false;
  int missing = 0;                     ///< cells without a value
  int distinct = 0;                    ///< different values
  std::vector<std::string> values;     ///< the first few
  std::string target;                  ///< "number", "classes", or "" where it cannot be predicted
  bool secret = false;                 ///< it may be the secret
  bool id = false;                     ///< an id (row_ids), which a run leaves out by itself with a warning
  bool row_names = false;              ///< it only names the row: an id, or more than 200 texts
  ColumnRefusal<std::string> why;      ///< a few words in English
  ColumnRefusal<Message> why_message;  ///< the same for every language
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("name", self.name), each("numeric", self.numeric), each("missing", self.missing), each("distinct", self.distinct),
        each("values", self.values), each("target", self.target), each("secret", self.secret), each("id", self.id),
        each("row_names", self.row_names), each("why", self.why), each("why_message", self.why_message);
  }
};

/// What is in a CSV of one's own, for choosing what is predicted and what is secret.
struct UserTable {
  std::string csv;   ///< its path
  std::string file;  ///< its name
  int rows = 0;
  std::vector<UserColumn> columns;
  /// Null: there is none of that name.
  const UserColumn* column(std::string_view name) const;
  template <class Self, class F>
  static void each_member(Self& self, F&& each) {
    each("csv", self.csv), each("file", self.file), each("rows", self.rows), each("columns", self.columns);
  }
};

/// Reads the file at `path`. Throws Error, one sentence that begins with the file's name, for what is no table, has less than two
/// columns or 20 rows, or no column to predict or to keep secret.
UserTable user_table(const std::string& path);

/// The story of such a table: of a number a regression and map_inference, of classes a tree and tree_black_box, both without a
/// defence until the slider sets MID. A quarter of the rows are the victims, the model learns from the others, and columns that
/// only name a row (more than 200 texts) are left out. Throws Error if the table does not allow `target` or `secret`.
Json own_spec(const UserTable& table, const std::string& target, const std::string& secret);

}  // namespace mid
