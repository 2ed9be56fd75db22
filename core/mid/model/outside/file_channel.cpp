#include "mid/model/outside/file_channel.hpp"

#include <utility>

namespace mid {
namespace {

class FileChannel : public Channel {
 public:
  FileChannel(std::function<Matrix(const Matrix&)> answers, Service service) : answers_(std::move(answers)), service_(std::move(service)) {}

  void send(const std::string& path, std::string body, std::size_t) override {
    if (path.empty()) {
      reply_ = metadata_json(service_).dump();
      return;
    }
    const InferenceRequest question = read_infer_request(body, service_);
    reply_ = infer_reply(service_, question, answers_(question.inputs));
  }
  bool receive(std::string& answer) override {
    answer = std::exchange(reply_, {});
    return true;
  }

 private:
  std::function<Matrix(const Matrix&)> answers_;
  Service service_;
  std::string reply_;
};

}  // namespace

std::unique_ptr<Channel> file_channel(std::function<Matrix(const Matrix&)> answers, Service service) {
  return std::make_unique<FileChannel>(std::move(answers), std::move(service));
}

}  // namespace mid
