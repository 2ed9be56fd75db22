#pragma once
#include <cstdint>
#include <ctime>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "http/http.hpp"
#include "served_run.hpp"

namespace mid::serve {

/// Who asked how much, and what was asked last.
class Ledger {
 public:
  struct Entry {
    std::time_t when = 0;
    std::string address;
    std::int64_t rows = 0;
    int status = 200;
  };
  /// `listen` hears every entry of the log as it is made.
  Ledger(std::int64_t limit, std::function<void(const Entry&)> listen) : limit_(limit), listen_(std::move(listen)) {}
  /// Whether `address` may ask about so many records more; counts them if so. Nothing is answered in part.
  bool take(const std::string& address, std::int64_t rows);
  void log(Entry entry);
  std::int64_t limit() const { return limit_; }
  /// Copies, for the page.
  std::map<std::string, std::int64_t> asked() const;
  std::deque<Entry> newest() const;  ///< the newest first, at most kShown

 private:
  static constexpr std::size_t kShown = 12;
  std::int64_t limit_;
  std::function<void(const Entry&)> listen_;
  mutable std::mutex mutex_;
  std::map<std::string, std::int64_t> asked_;
  std::deque<Entry> newest_;
};

/// The Open Inference Protocol V2 for one run, and a page of one screen at "/". May be called by several threads.
http::Reply handle(ServedRun& run, Ledger& ledger, const http::Request& request);

}  // namespace mid::serve
