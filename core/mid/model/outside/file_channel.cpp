#include "mid/model/outside/forest_channel.hpp"

#include <utility>

namespace mid {
namespace {

class ForestChannel : public Channel {
 public:
  ForestChannel(TreeEnsemble trees, Service service) : trees_(std::move(trees)), service_(std::move(service)) {}

  void send(const std::string& path, std::string body, std::size_t) override {
    if (path.empty()) {
      reply_ = metadata_json(service_).dump();
      return;
    }
    const InferenceRequest question = read_infer_request(body, service_);
    reply_ = infer_reply(service_, question, trees_.answers(question.inputs));
  }
  bool receive(std::string& answer) override {
    answer = std::exchange(reply_, {});
    return true;
  }

 private:
  TreeEnsemble trees_;
  Service service_;
  std::string reply_;
};

}  // namespace

std::unique_ptr<Channel> forest_channel(TreeEnsemble trees, Service service) {
  return std::make_unique<ForestChannel>(std::move(trees), std::move(service));
}

}  // namespace mid
