#include "apps/allocate/prices_file.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "snapshot/file_io.h"

namespace oasis {
namespace {

constexpr char kFormat[] = "oasis-prices";

}  // namespace

absl::Status WritePrices(const std::filesystem::path& file, const std::vector<NamedPrice>& prices) {
  // Not an ordered one: that looks through all names for each.
  nlohmann::json json = {{"format", kFormat}, {"prices", nlohmann::json::object()}};
  for (const NamedPrice& price : prices) json["prices"][price.constraint] = price.price;
  return WriteFileDurably(file, json.dump(1) + "\n");
}

absl::StatusOr<std::vector<NamedPrice>> ReadPrices(const std::filesystem::path& file) {
  OASIS_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(file, kMaxPricesBytes));
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto wrong = [&file](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(
        file.string(), ": ", why, "; `oasis allocate --prices-out` writes a file as it must be"));
  };
  if (!json.is_object() || json.value("format", nlohmann::json()) != kFormat ||
      !json.contains("prices") || !json["prices"].is_object()) {
    return wrong("is no file of prices");
  }
  std::vector<NamedPrice> prices;
  for (const auto& [name, price] : json["prices"].items()) {
    if (!price.is_number()) return wrong(absl::StrCat("the price of '", name, "' is no number"));
    prices.push_back({name, price.get<double>()});
  }
  return prices;
}

}  // namespace oasis
