#pragma once
#include <string>
#include <vector>

#include <sys/types.h>

namespace mid::outside {

/// A child process with its three streams; ends with this object.
class Process {
 public:
  Process() = default;
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Starts it in a group of its own, so that Ctrl-C reaches this program alone. Returns why not; empty: it runs.
  std::string start(const std::vector<std::string>& command);
  /// Ends it: closes its input, and if it does not leave by itself within moments, by force. Afterwards how() says how it ended.
  void end();
  /// "exit status 3", "signal 9"; of one that ended.
  std::string how() const;
  bool running() const { return pid_ > 0; }

  /// Writes what the pipe takes at once. False: nobody reads any more.
  bool write_some(std::string& rest);
  /// Reads what is there, waiting at most so long for it, or for room to write where `writing`. False: its output has ended.
  bool read_some(std::string& output, std::string& error, bool writing, int milliseconds);
  /// What its standard error still holds, once its output has ended.
  void last_words(std::string& error, int milliseconds);

 private:
  void close_all();
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  int status_ = 0;
};

}  // namespace mid::outside
