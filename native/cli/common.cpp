#include "common.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iostream>

#include "fonts.hpp"
#include "mid/base/file.hpp"
#include "mid/base/text.hpp"
#include "mid/experiment/spec.hpp"

namespace mid::cli {

namespace {

constexpr std::int64_t kPatience = 900'000;  // microseconds
// A program that had less of the processors than this meanwhile was not slow to see Ctrl-C: others had them, or it was stopped.
constexpr std::int64_t kOwnTime = kPatience / 2;
constexpr int kMostTurns = 10;  // what waits for a disk has no time of its own either
std::atomic<int> being_kept{0}, turns{0};
std::atomic<std::int64_t> spent{0};  // of the processors, in microseconds, when the wait began
std::atomic<bool> has_line{false};   // a line of progress stands on the terminal
std::atomic<bool> has_kept{false};

// What the two handlers call may be called there: system calls, and atomics without a lock.
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<std::int64_t>::is_always_lock_free);

std::int64_t own_time() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

void set_alarm() {
  itimerval wait{};
  wait.it_value.tv_usec = kPatience;
  setitimer(ITIMER_REAL, &wait, nullptr);
}

void wait_again() {
  turns = 0, spent = own_time();
  set_alarm();
}

void say(const char* text, std::size_t length) { [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text, length); }

void give_up(int) {
  if (being_kept > 0) return wait_again();
  if (own_time() - spent < kOwnTime && ++turns < kMostTurns) return set_alarm();
  constexpr char kClear[] = "\r\033[K", kLost[] = "mid: interrupted; what was under way is not kept\n",
                 kSome[] = "mid: interrupted; run the same command again to go on\n";
  if (has_line) say(kClear, sizeof kClear - 1);
  has_kept ? say(kSome, sizeof kSome - 1) : say(kLost, sizeof kLost - 1);
  _exit(kInterrupted);
}

}  // namespace

std::atomic<bool> interrupted{false};

void catch_interrupts() {
  has_line = isatty(STDERR_FILENO) != 0;
  std::signal(SIGALRM, &give_up);
  for (int signal : {SIGINT, SIGTERM})
    std::signal(signal, [](int) {
      if (!interrupted.exchange(true)) wait_again();
    });
}

Keeping::Keeping() { ++being_kept; }
Keeping::~Keeping() {
  has_kept = true;
  --being_kept;
  wait_again();  // for the others, and for what is left to say
}

void print(std::string_view text) { std::cout << printable_lines(text); }
void tell(std::string_view sentence) { std::fprintf(stderr, "mid: %s\n", printable(sentence).c_str()); }

namespace {

std::string standard_input() {
  std::string text;
  for (char block[4096]; std::cin.read(block, sizeof block), std::cin.gcount() > 0;) {
    text.append(block, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > kLargestSpec)
      throw Error("standard input", "has more than " + shown_size(kLargestSpec) + ", and no specification has");
  }
  return text;
}

}  // namespace

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos && !text.empty() && text[0] != ' ' && text.back() != ' ') return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

Json read_spec(const std::string& name, const std::vector<std::string>& set) {
  Json spec = name == "-" ? parse_spec(standard_input(), "standard input") : named_spec(name);
  if (!spec.is_object()) throw Error("the specification", "must be an object in braces, found " + shown(spec));
  for (const std::string& assignment : set) set_field(spec, assignment);
  return spec;
}

void check_seeds(std::uint64_t first, int seeds) {
  if (first + static_cast<std::uint64_t>(seeds) - 1 > kLargestSeed)
    throw Error("--seeds", "would go beyond the largest seed, " + std::to_string(kLargestSeed) + "; lower it or seed, found " +
                               std::to_string(seeds) + " from " + std::to_string(first) + " on");
}

void make_folder(const std::string& option, const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_directory(folder, error))
    throw Error(option, "must be a folder, found the file " + folder.string());
  std::filesystem::create_directories(folder, error);
  if (error || access(folder.c_str(), W_OK) != 0)
    throw Error(option, "must be a folder that can be written, found " + folder.string() + " (" +
                            (error ? error.message() : "no permission") + ")");
}

void check_cache(const std::filesystem::path& cache) {
  std::error_code error;
  if (cache.empty())
    tell("finished stages are not kept: neither HOME nor XDG_CACHE_HOME names a folder; set one of them, or name one with --cache");
  if (std::filesystem::exists(cache, error) && !std::filesystem::is_directory(cache, error))
    throw Error("--cache", "must be a folder, found the file " + cache.string());
}

Fonts inter() { return {ui::font::inter_regular, ui::font::inter_medium, ui::font::inter_semibold}; }

}  // namespace mid::cli
