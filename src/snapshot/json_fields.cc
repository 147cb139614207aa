#include "snapshot/json_fields.h"

#include <charconv>
#include <limits>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "snapshot/checksum.h"

namespace oasis {
namespace {

constexpr absl::string_view kOtherPrefix = "other:";
constexpr size_t kHalfDigits = 16;  // a gid in hex is twice these

const Json& kNone = *new Json(Json::array());

bool ParseKey(absl::string_view text, ItemKey* key) {
  if (!absl::StartsWith(text, kOtherPrefix)) {
    *key = KeyOfUri(text);
    return key->kind == ItemKind::kTrack;
  }
  text.remove_prefix(kOtherPrefix.size());
  key->kind = ItemKind::kOther;
  return text.size() == 2 * kHalfDigits &&
         ParseChecksum(text.substr(0, kHalfDigits), &key->gid.hi) &&
         ParseChecksum(text.substr(kHalfDigits), &key->gid.lo);
}

}  // namespace

double ShortDouble(float number) {
  char digits[64];
  const std::to_chars_result written = std::to_chars(digits, digits + sizeof(digits), number);
  double value = 0;
  std::from_chars(digits, written.ptr, value);
  return static_cast<float>(value) == number ? value : static_cast<double>(number);
}

JsonFields::JsonFields(const Json& object, absl::string_view what, size_t index)
    : object_(object), what_(what), index_(index) {
  if (!object.is_object()) Fail("", "is not an object");
}

std::string JsonFields::String(const char* name) {
  const Json* field = Take(name);
  if (field == nullptr) return {};
  if (field->is_string()) return field->get<std::string>();
  Fail(name, "is not a string");
  return {};
}

int64_t JsonFields::Integer(const char* name) {
  const Json* field = Take(name);
  if (field == nullptr) return 0;
  if (field->is_number_unsigned()) {
    const auto value = field->get<uint64_t>();
    if (value <= std::numeric_limits<int64_t>::max()) return static_cast<int64_t>(value);
  }
  Fail(name, "is not an integer from 0 to 2^63-1");
  return 0;
}

double JsonFields::Number(const char* name) {
  const Json* field = Take(name);
  if (field == nullptr) return 0;
  if (field->is_number()) return field->get<double>();
  Fail(name, "is not a number");
  return 0;
}

float JsonFields::Float(const char* name) {
  const double value = Number(name);
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (value >= -kLargest && value <= kLargest) return static_cast<float>(value);
  Fail(name, "does not fit a 32-bit float");
  return 0;
}

uint64_t JsonFields::Checksum(const char* name) {
  uint64_t value = 0;
  if (!ParseChecksum(String(name), &value)) Fail(name, "is not 16 lower-case hex digits");
  return value;
}

absl::Time JsonFields::Time(const char* name) {
  absl::Time time;
  std::string error;
  const std::string text = String(name);
  if (!absl::EndsWith(text, "Z") || !absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    Fail(name, "is not a time like 2026-11-21T07:30:00Z");
  }
  return time;
}

absl::Time JsonFields::TimeOr(const char* name, absl::Time absent) {
  return object_.is_object() && object_.contains(name) ? Time(name) : absent;
}

bool JsonFields::BoolOr(const char* name, bool absent) {
  if (!object_.is_object() || !object_.contains(name)) return absent;
  const Json* field = Take(name);
  if (field == nullptr) return absent;
  if (field->is_boolean()) return field->get<bool>();
  Fail(name, "is not true or false");
  return absent;
}

ItemKey JsonFields::Key(const char* name) {
  ItemKey key;
  if (!ParseKey(String(name), &key)) {
    Fail(name, "is neither a spotify:track: URI nor other: with 32 lower-case hex digits");
  }
  return key;
}

const Json& JsonFields::Array(const char* name) {
  const Json* field = Take(name);
  if (field == nullptr) return kNone;
  if (field->is_array()) return *field;
  Fail(name, "is not an array");
  return kNone;
}

const Json& JsonFields::ArrayOrEmpty(const char* name) {
  return object_.is_object() && object_.contains(name) ? Array(name) : kNone;
}

absl::Status JsonFields::Finish() {
  if (status_.ok() && taken_ != object_.size()) {
    Fail("", "has a field that this format version does not know");
  }
  return status_;
}

const Json* JsonFields::Take(const char* name) {
  if (!status_.ok()) return nullptr;
  const auto field = object_.find(name);
  if (field == object_.end()) {
    Fail(name, "is missing");
    return nullptr;
  }
  ++taken_;
  return &*field;
}

void JsonFields::Fail(absl::string_view name, absl::string_view what) {
  if (!status_.ok()) return;
  std::string place(what_);
  if (index_ != kNoIndex) absl::StrAppend(&place, "[", index_, "]");
  status_ = absl::InvalidArgumentError(
      absl::StrCat(place, place.empty() || name.empty() ? "" : ".", name, " ", what));
}

}  // namespace oasis
