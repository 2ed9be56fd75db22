#pragma once
#include <filesystem>

#include "mid/base/json.hpp"

namespace mid::desktop {

/// The complete specification that lies in a file or folder from outside: a specification, a result of `mid run --out` or
/// `--json`, or the folder that `--out` wrote. Throws Error: one sentence for whoever named or dropped it.
Json opened_spec(const std::filesystem::path& path);

/// Whether a file that was named or dropped is a table (.csv, .tsv, packed or not) rather than a specification.
bool is_table(const std::filesystem::path& path);

/// Whether a file that was dropped is a model to attack on such a table: by its name, and of JSON by what it holds, a tree.
bool is_model(const std::filesystem::path& path);

/// Where a file that the visitor asked for belongs: the folder for downloads if there is one, else the working folder; a name
/// that is taken gets a number.
std::filesystem::path download_path(const std::string& name);

/// The text of a link in whatever was pasted: a page's whole address, "#s=TEXT", or TEXT. Empty: there is none.
std::string pasted_link(std::string text);

}  // namespace mid::desktop
