#include "mid/experiment/user_table.hpp"

#include <algorithm>
#include <filesystem>

#include "mid/base/error.hpp"
#include "mid/data/csv.hpp"
#include "mid/experiment/spec.hpp"

namespace mid {
namespace {

constexpr int kFewestRows = 20;
constexpr int kMostTexts = 200;        // as in data/encode: more name the row
constexpr int kMostClassNumbers = 10;  // as in data/tabular: more are a number to predict
constexpr int kMostSecretNumbers = 20;
constexpr std::size_t kShownValues = 6;

bool names_rows(const CsvColumn& c) { return !c.numeric && c.distinct > kMostTexts; }

/// Why a column can serve neither as target nor as secret, in a few words; empty: it can.
Message why_not(const CsvColumn& c) {
  if (c.distinct < 2) return Message(c.distinct == 0 ? "refusal.part.empty_column" : "refusal.part.constant_column");
  if (names_rows(c)) return Message("refusal.part.texts_name_row").with("n", std::to_string(c.distinct));
  return {};
}

Message why_no_target(const CsvColumn& c, int rows) {
  if (rows - c.missing < kFewestRows) return Message("refusal.part.few_values").with("rows", counted(rows - c.missing, "row"));
  return why_not(c);
}

Message why_no_secret(const CsvColumn& c, int rows) {
  if (Message why = why_no_target(c, rows); !why.empty()) return why;
  if (c.numeric && c.distinct > kMostSecretNumbers)
    return Message("refusal.part.many_numbers").with("n", std::to_string(c.distinct)).with("most", std::to_string(kMostSecretNumbers));
  return {};
}

const UserColumn& column_of(const UserTable& table, const std::string& name) {
  if (const UserColumn* found = table.column(name)) return *found;
  throw Error(table.file, Message("refusal.table_lacks").with("column", shown(Json(name))));
}

}  // namespace

const UserColumn* UserTable::column(std::string_view name) const {
  for (const UserColumn& c : columns)
    if (c.name == name) return &c;
  return nullptr;
}

UserTable user_table(const std::string& path) {
  const std::string file = std::filesystem::path(path).filename().string();
  const CsvSchema schema = describe_csv(read_csv_text(path), file);
  if (schema.columns.size() < 2) throw Error(file, Message("refusal.one_column"));
  if (schema.rows < kFewestRows)
    throw Error(file, Message("refusal.few_rows").with("found", counted(schema.rows, "row")).with("least", std::to_string(kFewestRows)));
  UserTable table{path, file, schema.rows, {}};
  int targets = 0, secrets = 0;
  for (const CsvColumn& c : schema.columns) {
    const Message no_target = why_no_target(c, schema.rows), no_secret = why_no_secret(c, schema.rows);
    UserColumn& out = table.columns.emplace_back();
    out.name = c.name, out.numeric = c.numeric, out.missing = c.missing, out.distinct = c.distinct, out.values = c.values;
    if (out.values.size() > kShownValues) out.values.resize(kShownValues);
    out.target = !no_target.empty() ? "" : c.numeric && c.distinct > kMostClassNumbers ? "number" : "classes";
    out.secret = no_secret.empty(), out.id = c.names_row, out.row_names = names_rows(c) || c.names_row;
    out.why = {no_target.in("en"), no_secret.in("en")}, out.why_message = {no_target, no_secret};
    targets += no_target.empty(), secrets += no_secret.empty();
  }
  // Target and secret are two columns; a column that may be secret may also be predicted.
  if (secrets == 0) throw Error(file, Message("refusal.no_secret_column").with("most", std::to_string(kMostSecretNumbers)));
  if (targets < 2) throw Error(file, Message("refusal.one_varying_column").with("found", counted(targets, "column")));
  return table;
}

Json own_spec(const UserTable& table, const std::string& target, const std::string& secret) {
  const UserColumn &predicted = column_of(table, target), &hidden = column_of(table, secret);
  if (const Message& why = predicted.why_message.target; !why.empty())
    throw Error(table.file, Message("refusal.cannot_predict").with("column", shown(Json(target))).with("why", why));
  if (const Message& why = hidden.why_message.secret; !why.empty())
    throw Error(table.file, Message("refusal.cannot_keep_secret").with("column", shown(Json(secret))).with("why", why));
  if (target == secret) throw Error(table.file, Message("refusal.same_column"));
  Json data{{"name", "csv"}, {"csv", table.csv}, {"target", target}, {"sensitive", secret}, {"auxiliary", 0}, {"drop", Json::array()}};
  for (const UserColumn& c : table.columns)
    if (c.name != target && c.name != secret && c.row_names && !c.id) data["drop"].push_back(c.name);
  Json spec{{"version", 1}, {"seed", 1}};
  if (predicted.target == "number") {
    data["standardize"] = "all";  // so that the slider's prices mean the same for every unit
    spec["model"] = {{"kind", "linear"}};
    spec["attack"] = {{"kind", "map_inference"}};
  } else {
    const int learnt = (table.rows - std::max(predicted.missing, hidden.missing)) * 3 / 4;
    spec["model"] = {{"kind", "tree"}, {"max_depth", 6}, {"min_leaf", std::clamp(learnt / 40, 2, 25)}, {"numeric", "bins"}};
    spec["attack"] = {{"kind", "tree_black_box"}};
  }
  spec["data"] = std::move(data);
  return check_spec(spec).json();
}

}  // namespace mid
