#include "http.hpp"

#include <httplib.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mid::http {
namespace {

constexpr std::size_t kLargestRequest = std::size_t{64} << 20;

std::pair<time_t, time_t> parts_of(double seconds) {
  const double whole = std::floor(seconds);
  return {static_cast<time_t>(whole), static_cast<time_t>((seconds - whole) * 1e6)};
}

}  // namespace

struct Client::Body {
  explicit Body(const std::string& origin) : client(origin) {}
  httplib::Client client;
};

Client::Client(const std::string& origin, double seconds) : body_(std::make_unique<Body>(origin)) {
  httplib::Client& c = body_->client;
  const auto [whole, rest] = parts_of(seconds);
  const auto [connect, connect_rest] = parts_of(std::min(seconds, 10.));
  c.set_connection_timeout(connect, connect_rest), c.set_read_timeout(whole, rest), c.set_write_timeout(whole, rest);
  c.set_keep_alive(true), c.set_tcp_nodelay(true), c.set_follow_location(false), c.set_decompress(false);
}
Client::~Client() = default;

void Client::stop() { body_->client.stop(); }

Answer Client::call(const std::string& path, const std::string& body, std::size_t most, const std::function<bool()>& go_on) {
  Answer answer;
  httplib::Request request;
  request.method = body.empty() ? "GET" : "POST", request.path = path, request.body = body;
  if (!body.empty()) request.set_header("Content-Type", "application/json");
  request.set_header("Accept", "application/json");
  request.content_receiver = [&](const char* data, std::size_t n, std::uint64_t, std::uint64_t) {
    if (answer.body.size() + n > most) answer.too_large = true;
    if (answer.too_large || !go_on()) return false;
    answer.body.append(data, n);
    return true;
  };
  const httplib::Result result = body_->client.send(request);
  if (!result) {
    answer.problem = httplib::to_string(result.error());
    return answer;
  }
  answer.status = result->status;
  if (const std::string after = result->get_header_value("Retry-After");
      !after.empty() && after.find_first_not_of("0123456789") == std::string::npos && after.size() < 6)
    answer.retry_after = std::stod(after);
  return answer;
}

struct Server::Body {
  httplib::Server server;
  int port = 0;
};

Server::Server(std::function<Reply(const Request&)> handle) : body_(std::make_unique<Body>()) {
  httplib::Server& s = body_->server;
  s.set_payload_max_length(kLargestRequest), s.set_tcp_nodelay(true), s.set_keep_alive_max_count(100000), s.set_keep_alive_timeout(2);
  // Not SO_REUSEPORT, which the library sets: two servers would share a port, and questions would go to either.
  s.set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, reinterpret_cast<const char*>(&yes), sizeof yes);
  });
  const auto answer = [handle = std::move(handle)](const httplib::Request& request, httplib::Response& response) {
    const Reply reply =
        handle({request.method, request.path, request.body, request.remote_addr, request.get_header_value("Accept-Language")});
    response.status = reply.status;
    response.set_content(reply.body, reply.type);
  };
  s.Get(".*", answer), s.Post(".*", answer);
}
Server::~Server() = default;

bool Server::bind(const std::string& host, int port) {
  if (port == 0) {
    body_->port = body_->server.bind_to_any_port(host);
    return body_->port > 0;
  }
  body_->port = port;
  return body_->server.bind_to_port(host, port);
}

int Server::port() const { return body_->port; }
void Server::listen() { body_->server.listen_after_bind(); }
void Server::stop() { body_->server.stop(); }

}  // namespace mid::http
