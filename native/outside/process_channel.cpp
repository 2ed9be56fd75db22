#include <chrono>
#include <utility>

#include "channels.hpp"
#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"
#include "process.hpp"

namespace mid::outside {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPatience = 20;             // ms that receive() waits
constexpr std::size_t kKeptError = 4096;  // bytes of what it last said on standard error
constexpr std::size_t kShownError = 600;

class ProcessChannel : public Channel {
 public:
  explicit ProcessChannel(ChannelSpec spec) : spec_(std::move(spec)) { start(); }

  void send(const std::string&, std::string line, std::size_t most) override {
    line_ = std::move(line), rest_ = line_, most_ = most;
    output_.clear();
    if (!process_.running()) start();
    asked_ = Clock::now();
  }

  bool receive(std::string& answer) override {
    const bool heard = process_.write_some(rest_);
    const bool more = process_.read_some(output_, error_, !rest_.empty(), kPatience);
    if (error_.size() > kKeptError) error_.erase(0, error_.size() - kKeptError);
    const auto end = output_.find('\n');
    if (end == std::string::npos ? output_.size() > most_ : end > most_)
      throw Failure(Message("refusal.outside_endless").with("who", spec_.name()).with("most", std::to_string(most_)));
    if (end != std::string::npos) {
      // It talks on where it should be silent, and the next answer would be the wrong one.
      if (end + 1 != output_.size())
        throw Failure(
            Message("refusal.outside_talks").with("who", spec_.name()).with("found", shown(Json(printable(output_.substr(end + 1, 160))))));
      answer = output_.substr(0, end);
      output_.clear();
      return true;
    }
    if (!heard || !more) return died();
    if (const double seconds = std::chrono::duration<double>(Clock::now() - asked_).count(); seconds > spec_.time_limit) {
      process_.end();
      throw Failure(Message("refusal.outside_slow").with("who", spec_.name()).with("seconds", shown(Json(spec_.time_limit))));
    }
    return false;
  }

 private:
  void start() {
    error_.clear();
    if (const std::string why = process_.start(spec_.command); !why.empty())
      throw Error("model.command", Message("refusal.outside_start").with("who", spec_.name()).with("why", why));
  }

  /// Once it is started again and asked again: it may have met a bad moment. Twice is no chance.
  bool died() {
    process_.last_words(error_, 200);
    process_.end();
    if (!std::exchange(restarted_, true)) {
      first_error_ = error_;
      start();
      rest_ = line_, asked_ = Clock::now();
      output_.clear();
      return false;
    }
    const std::string& said = error_.empty() ? first_error_ : error_;
    throw Failure(Message("refusal.outside_died")
                      .with("who", spec_.name())
                      .with("how", process_.how())
                      .with("said", said.empty() ? Message("refusal.outside_nothing") : Message::plain(shown_end(said))));
  }

  static std::string shown_end(const std::string& text) {
    const std::string end = text.size() > kShownError ? text.substr(text.size() - kShownError) : text;
    const auto first = end.find_first_not_of(" \r\n\t"), last = end.find_last_not_of(" \r\n\t");
    return first == std::string::npos ? "" : printable(end.substr(first, last - first + 1));
  }

  ChannelSpec spec_;
  Process process_;
  std::string line_, rest_, output_, error_, first_error_;
  std::size_t most_ = 0;
  Clock::time_point asked_{};
  bool restarted_ = false;
};

}  // namespace

std::unique_ptr<Channel> channel_to_process(const ChannelSpec& spec) { return std::make_unique<ProcessChannel>(spec); }

}  // namespace mid::outside
