#include "score/utc.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/time/civil_time.h"

namespace oasis {
namespace {

constexpr absl::string_view kUtcFormat = "%E4Y-%m-%d%ET%H:%M:%E*SZ";

}  // namespace

std::string FormatUtc(absl::Time time) {
  const absl::CivilSecond civil = absl::ToCivilSecond(time, absl::UTCTimeZone());
  const bool whole = absl::FromUnixSeconds(civil - absl::CivilSecond(1970)) == time;
  if (!whole || civil.year() < 0 || civil.year() > 9999) {
    return absl::FormatTime(kUtcFormat, time, absl::UTCTimeZone());
  }
  // Nearly all are; a manifest may have a million of them.
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&text](size_t end, int64_t number) {
    for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
  };
  put(4, civil.year());
  put(7, civil.month());
  put(10, civil.day());
  put(13, civil.hour());
  put(16, civil.minute());
  put(19, civil.second());
  return text;
}

bool IsWritableTime(absl::Time time) {
  static const absl::Time first = absl::FromCivil(absl::CivilSecond(0), absl::UTCTimeZone());
  static const absl::Time end = absl::FromCivil(absl::CivilSecond(10'000), absl::UTCTimeZone());
  return first <= time && time < end;
}

std::optional<absl::Duration> ParseSpan(absl::string_view text) {
  absl::Duration span;
  if (const size_t unit = text.find('d'); unit != absl::string_view::npos) {
    double days = 0;
    if (!absl::SimpleAtod(text.substr(0, unit), &days) || !std::isfinite(days)) return std::nullopt;
    span = days * absl::Hours(24);
    text.remove_prefix(unit + 1);
    if (text.empty()) return span;
  }
  absl::Duration rest;
  if (!absl::ParseDuration(text, &rest)) return std::nullopt;
  return span + rest;
}

}  // namespace oasis
