// Writes an invented catalogue with its campaigns and promotion scores, for tests, demos and
// benches.
#ifndef OASIS_APPS_GENERATE_GENERATE_H_
#define OASIS_APPS_GENERATE_GENERATE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "oasis/compression.h"
#include "oasis/snapshot.h"
#include "records/line_writer.h"

namespace oasis {

enum class RowFormat { kCsv, kJsonLines };

struct GenerateOptions {
  std::filesystem::path out;  // a directory; made if need be
  int64_t tracks = 200'000;
  uint64_t seed = 1;
  uint64_t revision = 0;  // the same catalogue, a few percent of the scores and rows changed
  int contexts_per_track = 4;
  std::vector<std::string> markets;              // by falling weight; empty: DefaultMarkets()
  RowFormat format = RowFormat::kCsv;            // of the scores
  Compression compression = Compression::kNone;  // of the scores
  // What campaign dates lie around, unless given: 2026-01-01.
  absl::Time now = absl::FromUnixSeconds(1'767'225'600);
};

struct GenerateResult {
  records::WrittenFile tracks;     // item_uri,artist,licensor,popularity (plays a day)
  records::WrittenFile campaigns;  // campaign,licensor,starts_at,ends_at
  records::WrittenFile scores;     // item_uri,surface,market,cohort,score,campaign
};

const std::vector<std::string>& DefaultMarkets();

// Same options, same bytes, on any machine (compressed ones with the same version of the library).
// Takes some megabytes of memory whatever the size. InvalidArgument names the option that is wrong.
absl::StatusOr<GenerateResult> Generate(const GenerateOptions& options, const Progress& progress);

}  // namespace oasis

#endif  // OASIS_APPS_GENERATE_GENERATE_H_
