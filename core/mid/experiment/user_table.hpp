#pragma once
#include <string>

#include "mid/base/json.hpp"

namespace mid {

/// What is in a CSV of one's own, for choosing what is predicted and what is secret:
///   {"csv": its path, "file": its name, "rows": 4000,
///    "columns": [{"name":"age", "numeric":true, "missing":3, "distinct":61, "values":[the first few],
///                 "target": "number", "classes", or "" where it cannot be predicted, "secret": true if it may be the secret,
///                 "row_names": true if it only names the row: an id, or more than 200 texts, "id": true for an id (row_ids), which a run
///                 leaves out by itself with a warning,
///                 "why": {"target": a few words why not or "", "secret": the same}, "why_message": the same as Message::json}, ...]}
/// Throws Error, one sentence that begins with the file's name, for what is no table, has less than two columns or 20 rows, or
/// no column to predict or to keep secret.
Json user_table(const std::string& path);

/// The story of such a table: of a number a regression and map_inference, of classes a tree and tree_black_box, both without a
/// defence until the slider sets MID. A quarter of the rows are the victims, the model learns from the others, and columns that
/// only name a row (more than 200 texts) are left out. Throws Error if the table does not allow `target` or `secret`.
Json own_spec(const Json& table, const std::string& target, const std::string& secret);

}  // namespace mid
