#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

/// The little of HTTP that midlab speaks; nobody else sees the library (cpp-httplib).
namespace mid::http {

/// What came of a call.
struct Answer {
  int status = 0;  ///< 0: none came
  std::string body;
  std::string problem;      ///< why none came
  bool too_large = false;   ///< more bytes than were allowed; the rest was not read
  double retry_after = -1;  ///< seconds that the server asks to wait; negative: it says nothing
};

/// One address; calls go over one connection as long as the server keeps it.
class Client {
 public:
  /// `origin`: "http://127.0.0.1:8000". `seconds`: how long it may take to connect, and between two parts of an answer.
  Client(const std::string& origin, double seconds);
  ~Client();
  /// GET where `body` is empty, else POST of JSON. Blocks. `go_on` is asked as the answer comes in; false ends the call.
  Answer call(const std::string& path, const std::string& body, std::size_t most, const std::function<bool()>& go_on);
  /// Ends a call under way, from another thread.
  void stop();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

struct Request {
  std::string method, path, body, address, language;  ///< language: what the reader prefers, "de-CH,de;q=.9"
};
struct Reply {
  int status = 200;
  std::string type = "application/json", body;
};

/// Answers on threads of its own.
class Server {
 public:
  /// `handle` is called by several threads at once.
  explicit Server(std::function<Reply(const Request&)> handle);
  ~Server();
  /// Takes the port; 0: any that is free. False: it is not to be had.
  bool bind(const std::string& host, int port);
  int port() const;
  /// Answers until stop(); blocks.
  void listen();
  void stop();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace mid::http
