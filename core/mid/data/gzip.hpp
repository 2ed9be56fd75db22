#pragma once
#include <string>
#include <string_view>

namespace mid {

/// Whether `bytes` begin as a gzip file does.
bool is_gzip(std::string_view bytes);

/// The content of a gzip file of one member (RFC 1952). Its length and CRC-32 are checked. Throws Error naming `file` when
/// it is cut off, damaged, or claims to hold more than `largest` bytes.
std::string gunzip(std::string_view bytes, const std::string& file, std::size_t largest = std::size_t{1} << 28);

}  // namespace mid
