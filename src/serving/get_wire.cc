#include "serving/get_wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <bit>
#include <cstring>
#include <utility>

#include "oasis/gid.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using Request = v1::GetPromotionScoresRequest;
using Response = v1::GetPromotionScoresResponse;

// The tag of a field whose value is a length and so many bytes.
constexpr uint32_t BytesTag(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

absl::string_view View(const void* data, size_t size) {
  return {static_cast<const char*>(data), size};
}

bool ReadBytes(CodedInputStream& in, absl::string_view* value) {
  uint32_t size = 0;
  if (!in.ReadVarint32(&size)) return false;
  const void* data = nullptr;
  int available = 0;
  if (!in.GetDirectBufferPointer(&data, &available)) available = 0;  // nothing follows
  if (size > static_cast<uint32_t>(available)) return false;
  *value = View(data, size);
  return in.Skip(static_cast<int>(size));
}

// The URIs from here on, which are nearly all of a request that has them.
bool ReadUris(CodedInputStream& in, size_t max_uris, GetRequest* request) {
  constexpr uint32_t kTag = BytesTag(Request::kItemUrisFieldNumber);
  static_assert(kTag < 0x80);
  const auto add = [&](absl::string_view uri) {
    if (request->item_uris.size() < max_uris) request->item_uris.push_back(uri);
    ++request->uri_count;
  };
  absl::string_view uri;
  if (!ReadBytes(in, &uri)) return false;
  add(uri);
  const void* data = nullptr;
  int available = 0;
  if (!in.GetDirectBufferPointer(&data, &available)) return true;
  absl::string_view rest = View(data, static_cast<size_t>(available));
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(rest[at]); };
  while (rest.size() >= 2 && byte(0) == kTag && byte(1) < 0x80 && byte(1) <= rest.size() - 2) {
    add(rest.substr(2, byte(1)));
    rest.remove_prefix(size_t{2} + byte(1));
  }
  return in.Skip(available - static_cast<int>(rest.size()));
}

bool ReadContext(absl::string_view bytes, GetRequest* request) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  while (const uint32_t tag = in.ReadTag()) {
    bool good = true;
    switch (tag) {
      case BytesTag(v1::Context::kSurfaceFieldNumber):
        good = ReadBytes(in, &request->surface);
        break;
      case BytesTag(v1::Context::kMarketFieldNumber):
        good = ReadBytes(in, &request->market);
        break;
      case BytesTag(v1::Context::kCohortFieldNumber):
        good = ReadBytes(in, &request->cohort);
        break;
      default:
        good = WireFormatLite::SkipField(&in, tag);
    }
    if (!good) return false;
  }
  return in.ConsumedEntireMessage();
}

bool ReadRequest(absl::string_view bytes, size_t max_uris, GetRequest* request) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()),
                      static_cast<int>(bytes.size()));
  absl::string_view value;
  while (const uint32_t tag = in.ReadTag()) {
    bool good = true;
    switch (tag) {
      case BytesTag(Request::kItemUrisFieldNumber):
        good = ReadUris(in, max_uris, request);
        break;
      case BytesTag(Request::kItemGidsFieldNumber):
        good = ReadBytes(in, &request->item_gids);
        break;
      case BytesTag(Request::kContextFieldNumber):
        good = ReadBytes(in, &value) && ReadContext(value, request);
        break;
      case BytesTag(Request::kScoreSetFieldNumber):
        good = ReadBytes(in, &request->score_set);
        break;
      case BytesTag(Request::kVariantFieldNumber):
        good = ReadBytes(in, &request->variant);
        break;
      case BytesTag(Request::kSignalsFieldNumber):
        good = ReadBytes(in, &value);
        if (request->signals.size() <= kMaxSignalsPerRequest) request->signals.push_back(value);
        break;
      default:
        good = WireFormatLite::SkipField(&in, tag);
    }
    if (!good) return false;
  }
  return in.ConsumedEntireMessage();
}

size_t FieldBytes(size_t payload) { return 1 + CodedOutputStream::VarintSize64(payload) + payload; }

uint8_t* WriteHead(int field, size_t payload, uint8_t* out) {
  out = CodedOutputStream::WriteTagToArray(BytesTag(field), out);
  return CodedOutputStream::WriteVarint64ToArray(payload, out);
}

}  // namespace

int64_t CountItems(const GetRequest& request) {
  return request.uri_count +
         static_cast<int64_t>((request.item_gids.size() + kGidBytes - 1) / kGidBytes);
}

absl::Status ParseGetRequest(absl::string_view bytes, size_t max_uris, GetRequest* request) {
  std::vector<absl::string_view> uris = std::move(request->item_uris);
  std::vector<absl::string_view> signals = std::move(request->signals);
  uris.clear();
  signals.clear();
  *request = {};
  request->item_uris = std::move(uris);
  request->signals = std::move(signals);
  if (ReadRequest(bytes, max_uris, request)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the request is no oasis.v1.GetPromotionScoresRequest: its bytes end early or are malformed");
}

size_t EncodedBytes(const GetReply& reply) {
  return FieldBytes(reply.scores.size() * sizeof(float)) + FieldBytes(reply.statuses.size()) +
         reply.rest.ByteSizeLong();
}

void EncodeGetReply(const GetReply& reply, uint8_t* out) {
  static_assert(std::endian::native == std::endian::little);  // as floats are on the wire
  const size_t score_bytes = reply.scores.size() * sizeof(float);
  out = WriteHead(Response::kScoresFieldNumber, score_bytes, out);
  if (score_bytes > 0) std::memcpy(out, reply.scores.data(), score_bytes);
  out = WriteHead(Response::kStatusesFieldNumber, reply.statuses.size(), out + score_bytes);
  static_assert(v1::ItemStatus_MAX < 0x80);  // one byte each
  for (const int status : reply.statuses) *out++ = static_cast<uint8_t>(status);
  // A message is the sequence of its fields, so the others simply follow.
  reply.rest.SerializeWithCachedSizesToArray(out);
}

}  // namespace oasis
