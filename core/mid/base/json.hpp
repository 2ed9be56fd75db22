#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "mid/base/message.hpp"

namespace mid {
using Json = nlohmann::json;

/// How deep JSON from outside may be nested: a specification has three levels, a result seven.
inline constexpr int kMostJsonLevels = 64;
/// The most bytes of a specification, a lesson, a command, the header of a model's file.
inline constexpr std::size_t kLargestSpec = std::size_t{16} << 20;
/// The most bytes of a file that midlab wrote itself: a result, a tree. Once read, JSON takes 6 to 20 times as much memory.
inline constexpr std::size_t kLargestJson = std::size_t{64} << 20;

/// The only way in for JSON from outside: files, links, flags, messages. Nothing deeper than kMostJsonLevels is ever built, so
/// that whatever walks, copies, compares or prints it may call itself. Throws Error naming `where` (a file, a flag) for more than
/// `largest` bytes, what is not JSON, a number out of range, a key written twice in one object and more levels; `hint`, if
/// given, ends the sentence about what is not JSON ("name a folder that mid run --out wrote").
Json parse_json(std::string_view text, const std::string& where, std::size_t largest = kLargestSpec, const Message& hint = {});

/// parse_json() where nobody is to hear what is wrong (a link, a kept state, words that may be plain text): a discarded value
/// for all that it refuses.
Json json_or_discarded(std::string_view text, std::size_t largest = kLargestSpec);
/// The same of CBOR (RFC 8949), in which a worker's messages travel.
Json cbor_or_discarded(std::string_view bytes, std::size_t largest);

}  // namespace mid
