#pragma once
#include <memory>

#include "mid/base/channel.hpp"

namespace mid::outside {

/// The ChannelMaker of programs on a machine of one's own: starts the command, or calls the address.
std::unique_ptr<Channel> channel_to(const ChannelSpec& spec);

/// A process that is kept alive and takes a line on its standard input for every one that it writes to its standard output. It ends
/// with the channel. Throws Failure when it cannot be started.
std::unique_ptr<Channel> channel_to_process(const ChannelSpec& spec);

/// An address of the Open Inference Protocol V2 (http). What fails is tried again after a wait, twice as long each time.
std::unique_ptr<Channel> channel_to_address(const ChannelSpec& spec);

}  // namespace mid::outside
