#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "channels.hpp"
#include "http/http.hpp"
#include "mid/base/error.hpp"
#include "mid/base/param.hpp"
#include "mid/base/text.hpp"

namespace mid::outside {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::milliseconds(20);  // that receive() waits
constexpr double kFirstWait = .2, kLongestWait = 10;       // s before a request is sent again; each is twice the one before

struct Question {
  std::string path, body;
  std::size_t most = 0;
};

/// What the thread that calls and the one that waits share. The first may hang in a call when nobody waits any more, so it holds a
/// share of its own and ends when it comes back.
struct Shared {
  Shared(const ChannelSpec& of, const std::string& origin) : spec(of), client(origin, of.time_limit) {}
  ChannelSpec spec;
  http::Client client;
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  std::optional<Question> question;
  std::optional<std::string> answer;
  std::optional<Message> failed;
  Clock::time_point begun{};  // of the try under way
};

bool worth_another_try(int status) { return status == 0 || status == 408 || status == 429 || status >= 500; }

/// {"error": "..."}, or what else was said.
std::string said(const std::string& body) {
  const Json j = json_or_discarded(body, std::size_t{1} << 20);
  if (j.is_object() && j.contains("error") && j["error"].is_string())
    return shown(Json(printable(shortened(j["error"].get<std::string>(), 300))));
  return shown(Json(printable(std::string_view(body).substr(0, 160))));
}

/// One question until it is answered, refused or given up.
void call(const std::shared_ptr<Shared>& shared, const Question& question, const std::string& path) {
  const Message name = shared->spec.name();
  const auto over = [&] {
    const std::lock_guard lock(shared->mutex);
    return shared->over;
  };
  const auto end = [&](std::optional<std::string> answer, std::optional<Message> failed) {
    const std::lock_guard lock(shared->mutex);
    shared->answer = std::move(answer), shared->failed = std::move(failed);
    shared->changed.notify_all();
  };
  double wait = kFirstWait;
  for (int attempt = 0;; ++attempt) {
    {
      const std::lock_guard lock(shared->mutex);
      shared->begun = Clock::now();
    }
    const auto begun = Clock::now();
    const auto in_time = [&] { return !over() && std::chrono::duration<double>(Clock::now() - begun).count() <= shared->spec.time_limit; };
    http::Answer answer = shared->client.call(path + question.path, question.body, question.most, in_time);
    if (over()) return;
    if (answer.too_large) return end({}, Message("refusal.outside_endless").with("who", name).with("most", std::to_string(question.most)));
    if (answer.status == 200) return end(std::move(answer.body), {});
    if (std::chrono::duration<double>(Clock::now() - begun).count() > shared->spec.time_limit)
      return end({}, Message("refusal.outside_slow").with("who", name).with("seconds", shown(Json(shared->spec.time_limit))));
    // Who is told that there are no more answers, and not when, asks no further.
    const bool again = worth_another_try(answer.status) && (answer.status != 429 || answer.retry_after >= 0);
    if (!again || attempt >= shared->spec.retries) {
      const std::string tries = std::to_string(attempt + 1);
      if (answer.status == 0)
        return end({}, Message("refusal.outside_unreachable").with("who", name).with("why", answer.problem).with("tries", tries));
      return end({}, Message("refusal.outside_status")
                         .with("who", name)
                         .with("status", std::to_string(answer.status))
                         .with("found", said(answer.body))
                         .with("tries", tries));
    }
    std::unique_lock lock(shared->mutex);
    shared->begun = Clock::time_point::max();  // waiting is no part of the time limit
    shared->changed.wait_for(lock, std::chrono::duration<double>(std::max(wait, std::min(answer.retry_after, kLongestWait))),
                             [&] { return shared->over; });
    if (shared->over) return;
    wait = std::min(2 * wait, kLongestWait);
  }
}

void work(std::shared_ptr<Shared> shared, const std::string& path) {
  for (;;) {
    Question question;
    {
      std::unique_lock lock(shared->mutex);
      shared->changed.wait(lock, [&] { return shared->over || shared->question; });
      if (shared->over) return;
      question = *std::exchange(shared->question, std::nullopt);
    }
    call(shared, question, path);
  }
}

class AddressChannel : public Channel {
 public:
  explicit AddressChannel(const ChannelSpec& spec) {
    constexpr std::size_t kBegin = 7;  // "http://"
    const auto slash = spec.url.find('/', kBegin);
    std::string path = spec.url.substr(slash);
    while (path.ends_with('/')) path.pop_back();
    shared_ = std::make_shared<Shared>(spec, spec.url.substr(0, slash));
    std::thread([shared = shared_, path] { work(shared, path); }).detach();
  }
  ~AddressChannel() override {
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->over = true;
    }
    shared_->changed.notify_all();
    shared_->client.stop();
  }
  AddressChannel(const AddressChannel&) = delete;
  AddressChannel& operator=(const AddressChannel&) = delete;

  void send(const std::string& path, std::string body, std::size_t most) override {
    const std::lock_guard lock(shared_->mutex);
    shared_->question = {path, std::move(body), most};
    shared_->answer.reset(), shared_->failed.reset();
    shared_->begun = Clock::time_point::max();
    shared_->changed.notify_all();
  }

  bool receive(std::string& answer) override {
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait_for(lock, kPatience, [&] { return shared_->answer || shared_->failed; });
    if (shared_->failed) throw Failure(*shared_->failed);
    if (shared_->answer) {
      answer = std::move(*shared_->answer);
      shared_->answer.reset();
      return true;
    }
    // One that trickles in, or hangs where the library does not look at the clock.
    if (const auto now = Clock::now();
        shared_->begun < now && std::chrono::duration<double>(now - shared_->begun).count() > shared_->spec.time_limit + 1)
      throw Failure(
          Message("refusal.outside_slow").with("who", shared_->spec.name()).with("seconds", shown(Json(shared_->spec.time_limit))));
    return false;
  }

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace

std::unique_ptr<Channel> channel_to_address(const ChannelSpec& spec) { return std::make_unique<AddressChannel>(spec); }

}  // namespace mid::outside
