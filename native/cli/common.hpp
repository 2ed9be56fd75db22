#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/json.hpp"
#include "mid/report/painter.hpp"

/// What the commands that run experiments share.
namespace mid::cli {

constexpr int kRunFailed = 1, kInterrupted = 130;
constexpr double kSlice = 25;  ///< ms between two looks at Ctrl-C and the clock

/// Becomes true at Ctrl-C (or SIGTERM) after catch_interrupts(). Who sees it keeps the state of the work and ends. Where nobody
/// does within .9 s, because a large file is being read, the program ends there: with exit code 130, and with nothing
/// half-written, since files are put in place whole. On a busy machine it is given more time, up to 9 s, because it had less of it.
extern std::atomic<bool> interrupted;
void catch_interrupts();
/// While it lives the state is being kept, which may take longer.
struct Keeping {
  Keeping();
  ~Keeping();
};

/// Text for a person or JSON on standard output; what strangers named (columns, files, keys) is spelled so that no terminal obeys
/// it (base/text.hpp).
void print(std::string_view text);
/// One sentence on standard error, "mid: ...", likewise.
void tell(std::string_view sentence);

/// A cell of a CSV file: quoted where it would not be read as it is.
std::string csv_cell(const std::string& text);

/// The specification named by a file, "-" or preset:NAME, with the --set fields in it; not checked yet.
Json read_spec(const std::string& name, const std::vector<std::string>& set);
/// Throws Error unless `seeds` seeds from `first` on exist.
void check_seeds(std::uint64_t first, int seeds);
/// Makes the folder named by `option`; throws Error when it is a file or cannot be written.
void make_folder(const std::string& option, const std::filesystem::path& folder);
/// Throws Error when the cache folder is a file, and says so where there is none.
void check_cache(const std::filesystem::path& cache);

/// The typeface of pictures and charts.
Fonts inter();

}  // namespace mid::cli
