#include "apps/allocate/page/values.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "apps/text.h"
#include "html/text.h"

namespace oasis {
namespace {

constexpr double kMostWithCommas = 1e15;  // beyond it not all digits mean something

std::string Signed(double number, const std::string& text) {
  return number > 0 ? absl::StrCat("+", text) : text;
}

}  // namespace

const PageJson& JsonPart(const PageJson& json, absl::string_view key) {
  static const PageJson* const kNull = new PageJson();
  if (!json.is_object()) return *kNull;
  const auto found = json.find(std::string(key));
  return found == json.end() ? *kNull : *found;
}

std::optional<double> JsonNumber(const PageJson& json, absl::string_view key) {
  const PageJson& part = JsonPart(json, key);
  if (!part.is_number()) return std::nullopt;
  const auto number = part.get<double>();
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

std::string JsonText(const PageJson& json, absl::string_view key) {
  const PageJson& part = JsonPart(json, key);
  return part.is_string() ? part.get<std::string>() : "";
}

bool JsonFlag(const PageJson& json, absl::string_view key) {
  const PageJson& part = JsonPart(json, key);
  return part.is_boolean() && part.get<bool>();
}

std::vector<const PageJson*> JsonList(const PageJson& json, absl::string_view key) {
  std::vector<const PageJson*> list;
  const PageJson& part = JsonPart(json, key);
  if (!part.is_array()) return list;
  list.reserve(part.size());
  for (const PageJson& element : part) list.push_back(&element);
  return list;
}

void SortByNumber(std::vector<const PageJson*>& rows, absl::string_view key) {
  const auto number = [key](const PageJson* row) {
    return JsonNumber(*row, key).value_or(-std::numeric_limits<double>::infinity());
  };
  std::stable_sort(rows.begin(), rows.end(), [&number](const PageJson* a, const PageJson* b) {
    return number(a) > number(b);
  });
}

std::string AmountText(std::optional<double> amount, absl::string_view none) {
  if (!amount.has_value() || !std::isfinite(*amount)) return std::string(none);
  const double size = std::abs(*amount);
  if (size >= 1000 && size < kMostWithCommas) return FormatCount(std::llround(*amount));
  if (*amount == 0) return "0";
  return size >= 1 ? absl::StrFormat("%.4g", *amount) : absl::StrFormat("%.3g", *amount);
}

std::string ShareText(std::optional<double> share, absl::string_view none) {
  if (!share.has_value() || !std::isfinite(100 * *share)) return std::string(none);
  const double percent = 100 * *share;
  if (std::abs(percent) >= 1000) return absl::StrCat(AmountText(percent), " %");
  return percent == 0 ? "0 %" : absl::StrFormat("%.3g %%", percent);
}

std::string ChangeText(std::optional<double> from, std::optional<double> to) {
  if (!from.has_value() || !to.has_value()) return "–";
  return Signed(*to - *from, AmountText(*to - *from));
}

std::string ChangeShareText(std::optional<double> from, std::optional<double> to) {
  if (!from.has_value() || !to.has_value() || *from == 0) return "–";
  const double share = (*to - *from) / std::abs(*from);
  return Signed(share, ShareText(share));
}

std::optional<double> ShareOf(std::optional<double> part, std::optional<double> whole) {
  if (!part.has_value() || !whole.has_value() || *whole == 0) return std::nullopt;
  return *part / *whole;
}

std::string CountText(size_t count, absl::string_view noun) {
  return absl::StrCat(FormatCount(static_cast<int64_t>(count)), " ", noun, count == 1 ? "" : "s");
}

std::string SubjectText(const PageJson& constraint) {
  const std::string scope = JsonText(constraint, "scope");
  const std::string subject = JsonText(constraint, "subject");
  if (scope == "all" || scope.empty()) return "everything";
  return absl::StrCat(scope, subject.empty() ? "" : " ", subject);
}

std::string ZoneText(const PageJson& row) {
  const std::string surface = JsonText(row, "surface");
  const std::string market = JsonText(row, "market");
  if (surface.empty() && market.empty()) return "everywhere";
  return absl::StrCat(surface, surface.empty() || market.empty() ? "" : "/", market);
}

bool IsShort(const PageJson& constraint) {
  const double bound = JsonNumber(constraint, "bound").value_or(0);
  return JsonNumber(constraint, "shortfall").value_or(0) > kNegligible * bound;
}

std::string Paragraph(absl::string_view text) {
  return absl::StrCat("<p>", HtmlText(text), "</p>\n");
}

}  // namespace oasis
