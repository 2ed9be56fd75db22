#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "../unit/temporary_folder.hpp"
#include "mid/base/error.hpp"
#include "mid/base/json.hpp"
#include "mid/base/text.hpp"

/// What a fuzz target defines: reads one input, whatever it is, and returns 0. libFuzzer calls it; where there is none, driver.cpp.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// How the address sanitizer is to work where nobody says otherwise (ASAN_OPTIONS): what was freed is kept back for as long as an input
/// takes, and not in 256 MB, each page of which would be new; a stack is remembered as deep as tells who called. Twice as fast.
extern "C" const char* __asan_default_options();
extern "C" __attribute__((weak, used)) const char* __asan_default_options() {
  return "quarantine_size_mb=4:thread_local_quarantine_size_kb=64:malloc_context_size=6";
}

namespace mid::fuzz {

/// Ends the program, so that the input is kept.
[[noreturn]] inline void finding(const std::string& what) {
  std::fprintf(stderr, "finding: %s\n", what.c_str());
  std::abort();
}
inline void expect(bool good, const std::string& what) {
  if (!good) finding(what);
}

/// What reaches a person or the page must be UTF-8: the library that writes JSON throws for anything else.
inline void check_text(const std::string& text, const char* what) {
  try {
    (void)Json(text).dump();
  } catch (const Json::exception&) {
    finding(std::string(what) + " is not UTF-8: " + text);
  }
}

/// Calls a reader. True: it took the input. False: it refused it in a sentence. All else that it may do is a finding, and so is a
/// refusal in which a letter was cut: one that is not UTF-8 although `of`, the text that it is about, is.
template <class F>
bool reads(F reader, std::string_view of = {}) {
  std::string sentence;
  try {
    reader();
    return true;
  } catch (const Error& e) {
    sentence = e.what();
  } catch (const Failure& e) {
    sentence = e.what();
  }
  if (is_utf8(of)) check_text(sentence, "a refusal");
  expect(!sentence.empty() && sentence.size() < 10'000, "a refusal of " + std::to_string(sentence.size()) + " bytes");
  return false;
}

/// The bytes of an input: some from the front choose what is done, the rest is what the reader gets.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  /// The next byte modulo `n`; 0 at the end.
  std::size_t choice(std::size_t n) {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte % n;
  }
  /// What stands before the next `end`, which goes, too; all of the rest where there is none.
  std::string until(char end) {
    const std::size_t at = std::min(rest_.find(end), rest_.size());
    std::string part(rest_.substr(0, at));
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return part;
  }
  /// The next `n` bytes, or as many as there are.
  std::string part(std::size_t n) {
    std::string bytes(rest_.substr(0, n));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }
  std::string rest() const { return std::string(rest_); }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// The folder of this program, in memory where the system has such a place; gone when the program ends.
class Folder {
 public:
  Folder() {
    if (std::filesystem::is_directory("/dev/shm") && !std::getenv("TMPDIR")) setenv("TMPDIR", "/dev/shm", 0);
    folder_.emplace();
  }
  const std::filesystem::path& path() const { return folder_->path(); }
  /// Writes a file and returns its path. Not write_file(): nobody looks while it is written.
  std::string write(const std::filesystem::path& name, std::string_view bytes) const {
    const std::filesystem::path file = path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
  }

 private:
  std::optional<TemporaryFolder> folder_;
};
inline const Folder& folder() {
  static const Folder one;
  return one;
}

}  // namespace mid::fuzz
