#include "apps/loadtest/response.h"

#include "oasis/v1/promotion_scores.pb.h"

namespace oasis {
namespace {

using Response = v1::GetPromotionScoresResponse;

// The wire types of protobuf.
enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

struct Field {
  uint64_t number = 0;
  absl::string_view payload;  // of a length-delimited field; empty else
};

bool TakeVarint(absl::string_view* bytes, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !bytes->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes->front());
    bytes->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool TakeField(absl::string_view* bytes, Field* field) {
  uint64_t tag = 0;
  uint64_t size = 0;
  if (!TakeVarint(bytes, &tag)) return false;
  field->number = tag >> 3;
  field->payload = {};
  switch (tag & 7) {
    case kVarint:
      return TakeVarint(bytes, &size);
    case kFixed64:
      size = 8;
      break;
    case kFixed32:
      size = 4;
      break;
    case kLengthDelimited:
      if (!TakeVarint(bytes, &size)) return false;
      break;
    default:
      return false;
  }
  if (size > bytes->size()) return false;
  if ((tag & 7) == kLengthDelimited) field->payload = bytes->substr(0, size);
  bytes->remove_prefix(size);
  return true;
}

bool CountStatuses(absl::string_view packed, ResponseView* response) {
  for (const char status : packed) {
    const auto value = static_cast<uint8_t>(status);  // all statuses are one byte as a varint
    if (value >= kItemStatuses) return false;
    ++response->statuses[value];
  }
  return true;
}

}  // namespace

bool ReadResponse(absl::string_view bytes, ResponseView* response) {
  *response = {};
  Field field;
  while (!bytes.empty()) {
    if (!TakeField(&bytes, &field)) return false;
    if (field.number == Response::kStatusesFieldNumber) {
      if (!CountStatuses(field.payload, response)) return false;
    } else if (field.number == Response::kSnapshotFieldNumber) {
      absl::string_view snapshot = field.payload;
      while (!snapshot.empty()) {
        if (!TakeField(&snapshot, &field)) return false;
        if (field.number == v1::SnapshotInfo::kIdFieldNumber) response->snapshot_id = field.payload;
      }
    }
  }
  return true;
}

}  // namespace oasis
