// Files of item ids, as several commands take them.
#ifndef OASIS_APPS_IDS_FILE_H_
#define OASIS_APPS_IDS_FILE_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace oasis {

// Calls `id` with the first column of every line of a CSV file, or with every line of a plain list;
// .gz and .zst are read as well, "-" is stdin. Empty lines and a head (a first line without a
// colon) are passed over; whether the rest are URIs is for `id` to say. Its errors get file and
// line.
absl::Status ForEachId(const std::string& path,
                       const std::function<absl::Status(absl::string_view)>& id);

}  // namespace oasis

#endif  // OASIS_APPS_IDS_FILE_H_
