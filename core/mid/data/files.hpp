#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mid {

/// The folder with the data sets: the environment's MIDLAB_DATA; else `data` beside the running program; else
/// ../share/midlab/data (as installed); else the one named when midlab was built. In the browser it is /data. A folder
/// counts when it holds SHA256SUMS, except MIDLAB_DATA, which is taken at its word. Throws Error when there is none.
std::filesystem::path data_folder();

/// Whether the data folder has `name`, plain or with ".gz" behind it.
bool has_data_file(std::string_view name);

/// A file of the data folder by its path there ("adult/adult.data"); if only `name`.gz exists, that one unpacked. A name
/// that ends in .gz is unpacked, too. Throws Error naming the file.
std::string read_data_file(std::string_view name);

/// What became of one line of SHA256SUMS.
struct FileCheck {
  enum class State { good, changed, missing };
  std::string name;  ///< as in SHA256SUMS
  State state{};
};

/// Compares every file that SHA256SUMS of the data folder names. Throws Error when the list itself is missing or not one.
std::vector<FileCheck> verify_data();

}  // namespace mid
