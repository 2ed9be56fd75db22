#include "channels.hpp"

#include "mid/base/error.hpp"

namespace mid::outside {

std::unique_ptr<Channel> channel_to(const ChannelSpec& spec) {
  if (!spec.command.empty()) return channel_to_process(spec);
  throw Error("model.url", Message("refusal.outside_page"));
}

}  // namespace mid::outside
