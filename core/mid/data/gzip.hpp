#pragma once
#include <string>
#include <string_view>

namespace mid {

/// Whether `bytes` begin as a gzip file does.
bool is_gzip(std::string_view bytes);

/// The content of a gzip file (RFC 1952) of one member or several, one after the other. Length and CRC-32 of each are checked.
/// Throws Error naming `file` when it is cut off, damaged, or holds more than `largest` bytes (packed or unpacked).
std::string gunzip(std::string_view bytes, const std::string& file, std::size_t largest = std::size_t{1} << 28);

}  // namespace mid
