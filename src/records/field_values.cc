#include "records/field_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "records/text_rules.h"
#include "score/utc.h"

namespace oasis::records {
namespace {

constexpr size_t kDateBytes = 10;  // YYYY-MM-DD

std::string WrongKind(absl::string_view column, const Field& field, absl::string_view wanted) {
  switch (field.kind) {
    case Field::Kind::kAbsent:
      return absl::StrCat("no ", column, ": every row must have one");
    case Field::Kind::kNull:
      return absl::StrCat(column, " is null: give ", wanted);
    case Field::Kind::kNumber:
      return absl::StrCat(column, " is the number ", field.text, ": give ", wanted);
    case Field::Kind::kString:
    case Field::Kind::kCell:
      break;
  }
  return absl::StrCat(column, " is the text ", Shown(field.text), ": give ", wanted);
}

bool IsText(const Field& field) {
  return field.kind == Field::Kind::kCell || field.kind == Field::Kind::kString;
}

std::string NotFinite(absl::string_view column, absl::string_view text) {
  return absl::StrCat(column, " is ", Shown(text), ": give a finite number, of at most ",
                      kMaxScale);
}

// What std::from_chars could not take: hardly ever, so how long it takes does not matter.
template <typename Number>
std::string ReadRareNumber(absl::string_view column, absl::string_view text, Number* number) {
  double value = 0;
  const auto parsed = absl::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec == std::errc::invalid_argument ||
      parsed.ptr != text.data() + text.size()) {
    return absl::StrCat(column, " is ", Shown(text), ", which is no number: give one, like 0.25");
  }
  if (!std::isfinite(value) || std::abs(value) > 1) return NotFinite(column, text);
  *number = static_cast<Number>(value);
  return {};
}

template <typename Number>
std::string ReadAnyNumber(absl::string_view column, const Field& field, Number* number) {
  if (field.kind == Field::Kind::kNumber) {
    if (!(std::abs(field.number) <= double{kMaxScale})) return NotFinite(column, field.text);
    *number = static_cast<Number>(field.number);
    return {};
  }
  if (field.kind != Field::Kind::kCell) return WrongKind(column, field, "a number");
  const char* const end = field.text.data() + field.text.size();
  const auto parsed = std::from_chars(field.text.data(), end, *number);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    return ReadRareNumber(column, field.text, number);
  }
  if (!(std::abs(*number) <= Number{kMaxScale})) return NotFinite(column, field.text);
  return {};
}

}  // namespace

std::string ReadText(absl::string_view column, const Field& field, absl::string_view* text) {
  if (!IsText(field)) return WrongKind(column, field, "text");
  if (field.text.empty()) return absl::StrCat(column, " is empty");
  *text = field.text;
  return {};
}

std::string ReadOptionalText(absl::string_view column, const Field& field,
                             absl::string_view* text) {
  *text = {};
  if (field.kind == Field::Kind::kAbsent || field.kind == Field::Kind::kNull) return {};
  if (!IsText(field)) return WrongKind(column, field, "text");
  *text = field.text;
  return {};
}

std::string ReadAnyOrName(absl::string_view column, const Field& field, absl::string_view* text) {
  if (field.kind == Field::Kind::kAbsent) return {};
  if (!IsText(field)) return WrongKind(column, field, "text, or * for any");
  if (field.text.empty()) return absl::StrCat(column, " is empty: write * for any");
  *text = field.text;
  return {};
}

std::string ReadNumber(absl::string_view column, const Field& field, float* number) {
  return ReadAnyNumber(column, field, number);
}

std::string ReadNumber(absl::string_view column, const Field& field, double* number) {
  return ReadAnyNumber(column, field, number);
}

std::string ReadTime(absl::string_view column, const Field& field, absl::Time* time) {
  absl::string_view text;
  std::string fault = ReadOptionalText(column, field, &text);
  if (!fault.empty() || text.empty()) return fault;
  absl::Time parsed;
  // ParseTime passes over spaces and takes infinities, which have no place in a file.
  const bool plain = absl::ascii_isdigit(static_cast<unsigned char>(text[0])) &&
                     text.find(' ') == absl::string_view::npos;
  if (!plain ||
      (!absl::ParseTime(absl::RFC3339_full, text, &parsed, nullptr) &&
       !(text.size() == kDateBytes && absl::ParseTime("%Y-%m-%d", text, &parsed, nullptr)))) {
    return absl::StrCat(column, " is ", Shown(text),
                        ": give 2024-05-31T09:00:00Z (RFC 3339) or 2024-05-31 (midnight UTC)");
  }
  if (!IsWritableTime(parsed)) {
    return absl::StrCat(column, " is ", Shown(text), ": give a time in the years 0 to 9999");
  }
  *time = parsed;
  return {};
}

std::string NameFault(absl::string_view column, absl::string_view name) {
  if (name.size() > kMaxCampaignNameBytes) {
    return absl::StrCat(column, " ", Shown(name), " is longer than ", kMaxCampaignNameBytes,
                        " bytes");
  }
  const bool control = std::any_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (control) return absl::StrCat(column, " ", Shown(name), " has a control character");
  return {};
}

}  // namespace oasis::records
