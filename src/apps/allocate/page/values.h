// What sections read of the report's JSON, and how they write it.
#ifndef OASIS_APPS_ALLOCATE_PAGE_VALUES_H_
#define OASIS_APPS_ALLOCATE_PAGE_VALUES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace oasis {

using PageJson = nlohmann::ordered_json;

// Of an object's field. Where there is none, or one of another type: null, nothing, "", false.
const PageJson& JsonPart(const PageJson& json, absl::string_view key);
std::optional<double> JsonNumber(const PageJson& json, absl::string_view key);  // if finite
std::string JsonText(const PageJson& json, absl::string_view key);
bool JsonFlag(const PageJson& json, absl::string_view key);
std::vector<const PageJson*> JsonList(const PageJson& json, absl::string_view key);

// By a number of theirs, the largest first; those without it last. Keeps the order of equals.
void SortByNumber(std::vector<const PageJson*>& rows, absl::string_view key);

// 1,234,567; 12.34; 0.00123. `none` where there is no number, or a sum that overflowed.
std::string AmountText(std::optional<double> amount, absl::string_view none = "–");
std::string ShareText(std::optional<double> share, absl::string_view none = "–");  // 12.3 %
// How much more the second is: "+1,234"; and in parts of the first's size: "+12.3 %".
std::string ChangeText(std::optional<double> from, std::optional<double> to);
std::string ChangeShareText(std::optional<double> from, std::optional<double> to);
// Part of the whole; nothing if there is no whole.
std::optional<double> ShareOf(std::optional<double> part, std::optional<double> whole);

// "3 caps", "1 cap"; `noun` is the singular, that takes an s.
std::string CountText(size_t count, absl::string_view noun);

// Of a constraint: "licensor Acme", "everything"; of it or of a guardrail: "radio/SE",
// "everywhere".
std::string SubjectText(const PageJson& constraint);
std::string ZoneText(const PageJson& row);

// Whether a commitment is broken. Less than kNegligible of the promise is not: prices are found to
// a gap.
inline constexpr double kNegligible = 1e-6;
bool IsShort(const PageJson& constraint);

// "<p>…</p>" of a text.
std::string Paragraph(absl::string_view text);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_PAGE_VALUES_H_
