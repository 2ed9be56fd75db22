#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace mid {

/// Bytes as text that an address may hold (RFC 4648, section 5: - and _, no padding).
std::string base64url(std::string_view bytes);
/// The bytes of such a text, or of base64 as others write it (+ and /, = at the end); empty where a letter is none of these.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace mid
