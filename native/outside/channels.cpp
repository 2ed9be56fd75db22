#include "channels.hpp"

namespace mid::outside {

std::unique_ptr<Channel> channel_to(const ChannelSpec& spec) {
  return spec.command.empty() ? channel_to_address(spec) : channel_to_process(spec);
}

}  // namespace mid::outside
