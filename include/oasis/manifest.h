// MANIFEST.json: what a snapshot is, what its files hold, and what they must answer.
#ifndef OASIS_MANIFEST_H_
#define OASIS_MANIFEST_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "oasis/campaign.h"
#include "oasis/context.h"
#include "oasis/gate.h"
#include "oasis/gid.h"
#include "oasis/table.h"

namespace oasis {

inline constexpr absl::string_view kManifestFile = "MANIFEST.json";
inline constexpr absl::string_view kSnapshotFormat = "oasis-snapshot";
inline constexpr int kSnapshotFormatVersion = 2;

// One SST file of a snapshot.
struct ScoreFile {
  std::string name;  // no directory in it
  uint64_t bytes = 0;
  int64_t items = 0;
  uint64_t checksum = 0;  // XXH3-64 of the whole file, seed 0
  ItemKey first_key;
  ItemKey last_key;

  friend bool operator==(const ScoreFile&, const ScoreFile&) = default;
};

// The scores of one signal in one context.
struct ScoreStatistics {
  ContextId context = 0;
  int signal = 0;
  int64_t rows = 0;
  double min = 0;
  double max = 0;
  double mean = 0;
  std::vector<int64_t> histogram;  // kHistogramBins equal bins over [-scale, +scale]

  friend bool operator==(const ScoreStatistics&, const ScoreStatistics&) = default;
};

// An item whose answer is known: a check that the whole way from file to table works.
struct Sentinel {
  ItemKey key;
  ContextId context = 0;
  std::vector<float> scores;  // one a signal, after quantisation

  friend bool operator==(const Sentinel&, const Sentinel&) = default;
};

struct Manifest {
  std::string snapshot_id;
  std::string score_set;
  std::string variant;
  absl::Time created;
  std::string producer;  // the program that wrote it, and its version
  std::string parent;    // snapshot id this one was derived from; empty if none

  std::vector<Signal> signals;
  std::vector<Context> contexts;
  CampaignList campaigns;

  int64_t items = 0;
  int64_t rows = 0;  // (item, context) pairs
  std::vector<ScoreFile> files;
  std::vector<ScoreStatistics> statistics;
  std::vector<Sentinel> sentinels;
  std::vector<Gate> gates;  // may be empty

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// The bytes of MANIFEST.json; ends in a checksum over the rest. Same manifest, same bytes.
std::string EncodeManifest(const Manifest& manifest);

// The manifest in `json`. DataLoss when the checksum or a count does not add up, Unimplemented for
// a format version this program does not know, InvalidArgument for anything else that is missing,
// of the wrong type or out of its limits; the message names the field.
absl::StatusOr<Manifest> DecodeManifest(absl::string_view json);

// Reads <dir>/MANIFEST.json. NotFound when there is none (the snapshot is not complete, or not
// one).
absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& dir);

// Writes it by a temporary file, fsync and rename: the last step of making a snapshot.
absl::Status WriteManifest(const std::filesystem::path& dir, const Manifest& manifest);

}  // namespace oasis

#endif  // OASIS_MANIFEST_H_
