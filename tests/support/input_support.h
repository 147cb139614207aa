// What tests of input files share: compressed bytes, and items with known URIs.
#ifndef OASIS_TESTS_SUPPORT_INPUT_SUPPORT_H_
#define OASIS_TESTS_SUPPORT_INPUT_SUPPORT_H_

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <string>

#include "oasis/gid.h"

namespace oasis::testing {

// One gzip member.
inline std::string Gzip(const std::string& text) {
  z_stream stream = {};
  EXPECT_EQ(
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
      Z_OK);
  std::string bytes(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  deflateEnd(&stream);
  return bytes;
}

// One zstd frame.
inline std::string Zstd(const std::string& text) {
  std::string bytes(ZSTD_compressBound(text.size()), '\0');
  const size_t size = ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), 3);
  EXPECT_EQ(ZSTD_isError(size), 0U);
  bytes.resize(size);
  return bytes;
}

inline std::string Uri(uint64_t n) { return FormatTrackUri({n * 0x9E3779B97F4A7C15, n}); }

}  // namespace oasis::testing

#endif  // OASIS_TESTS_SUPPORT_INPUT_SUPPORT_H_
