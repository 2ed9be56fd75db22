#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "mid/base/matrix.hpp"

namespace mid {

/// An IDX file of unsigned bytes (type 0x08), the format of MNIST: http://yann.lecun.com/exdb/mnist/
struct Idx {
  std::vector<int> sizes;  ///< of each dimension; the first is the number of records
  std::string values;      ///< one byte each, last dimension fastest
};

/// Reads and checks: magic number, type, sizes against the bytes that are there. Throws Error naming `file`, what was
/// found and what is wanted. Gzip is taken off before, by the caller.
Idx parse_idx(std::string bytes, const std::string& file);

/// Pictures (count x height x width) from their residuals: what pack_web.py keeps of faces for the page. Each byte is the
/// difference, modulo 256, from a guess out of the pixels left, above and above left of it (0 outside the picture): the
/// median edge detector of JPEG-LS, ISO 14495-1. Without loss.
Idx from_residuals(Idx residuals);

/// Pictures of height x width from which of their pixels are not 0 (`inked`: count x bytes, a bit a pixel, the first the highest
/// of its byte; what is left of a picture's last byte is unused) and those pixels alone: what pack_web.py keeps of digits for
/// the page. Without loss. Throws Error naming `file` when the two do not fit together.
Idx from_ink(const Idx& inked, const Idx& ink, int height, int width, const std::string& file);

/// Records x (values a record), each byte / 255. Needs at least one dimension.
Matrix pictures_of(const Idx& idx);

}  // namespace mid
