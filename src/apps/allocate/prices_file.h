// Prices of a solution in a file, for the next one to start from.
#ifndef OASIS_APPS_ALLOCATE_PRICES_FILE_H_
#define OASIS_APPS_ALLOCATE_PRICES_FILE_H_

#include <filesystem>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "oasis/allocation.h"

namespace oasis {

// {"format": "oasis-prices", "prices": {"licensor acme minimum": 0.25, …}}
absl::Status WritePrices(const std::filesystem::path& file, const std::vector<NamedPrice>& prices);

// NotFound when there is no such file; InvalidArgument, naming it and the rule, when it is none.
absl::StatusOr<std::vector<NamedPrice>> ReadPrices(const std::filesystem::path& file);

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_PRICES_FILE_H_
