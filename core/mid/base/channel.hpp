#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "mid/base/message.hpp"

namespace mid {

/// Something outside of this program that answers text with text: a process, or an address. The core knows neither processes nor
/// sockets; a program that has them hands a ChannelMaker in (native/outside).
class Channel {
 public:
  virtual ~Channel() = default;
  /// Sends a request: to the path below the address with an empty body as a question for what lies there (a process knows no
  /// paths, and takes a line). Its answer is fetched by receive() before the next one. An answer of more than `most` bytes is
  /// a failure. Returns at once.
  virtual void send(const std::string& path, std::string body, std::size_t most) = 0;
  /// Waits for the answer, at most so long that a person who stops the run does not notice. False: not yet. Throws Failure when
  /// none comes any more: it ended, took longer than the time limit, sent too much, refused.
  virtual bool receive(std::string& answer) = 0;
};

/// What a channel leads to.
struct ChannelSpec {
  std::vector<std::string> command;  ///< program and arguments; empty: an address
  std::string url;                   ///< http://HOST:PORT/PATH
  double time_limit = 60;            ///< seconds an answer may take
  int retries = 5;                   ///< of an address: times that a request is sent again
  /// "model.url \"http://...\"", which begins every sentence about it.
  Message name() const;
};

/// Opens a channel; throws Error or Failure when that cannot be. Programs without one leave it empty.
using ChannelMaker = std::function<std::unique_ptr<Channel>(const ChannelSpec&)>;

}  // namespace mid
