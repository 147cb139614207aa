#include "apps/generate/track_list.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "oasis/gid.h"
#include "oasis/status.h"
#include "records/bad_rows.h"
#include "records/field_values.h"
#include "records/record_reader.h"

namespace oasis {
namespace {

constexpr absl::string_view kTrackId = "track_id";
constexpr absl::string_view kItemUri = "item_uri";
constexpr double kMostPopular = 100.0;

// Where the columns are in a record; -1: not there.
struct TrackColumns {
  int id = -1;
  int artists = -1;
  int popularity = -1;
  int genre = -1;
  bool id_is_uri = false;
};

absl::StatusOr<TrackColumns> BindTrackColumns(const std::vector<std::string>& names) {
  const auto place = [&names](absl::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
  };
  TrackColumns columns;
  columns.id = place(kItemUri);
  columns.id_is_uri = columns.id >= 0;
  if (!columns.id_is_uri) columns.id = place(kTrackId);
  columns.artists = place("artists");
  columns.popularity = place("popularity");
  columns.genre = std::max(place("track_genre"), place("genre"));
  if (columns.id >= 0 && columns.artists >= 0 && columns.popularity >= 0) return columns;
  return absl::InvalidArgumentError(absl::StrCat(
      "a catalogue needs the columns track_id or item_uri, artists and popularity; found ",
      absl::StrJoin(names, ", ")));
}

absl::string_view FirstOf(absl::string_view artists) {
  return absl::StripAsciiWhitespace(artists.substr(0, artists.find(';')));
}

// What is wrong with the row, or an empty text.
std::string ReadTrack(const records::Record& record, const TrackColumns& columns,
                      RecipeTrack* track) {
  const auto field = [&record](int place) {
    return place < 0 ? records::Field() : record.fields[static_cast<size_t>(place)];
  };
  absl::string_view id, artists, genre;
  const absl::string_view id_column = columns.id_is_uri ? kItemUri : kTrackId;
  std::string fault = records::ReadText(id_column, field(columns.id), &id);
  if (!fault.empty()) return fault;
  const std::string uri = columns.id_is_uri ? std::string(id) : absl::StrCat("spotify:track:", id);
  const absl::StatusOr<ItemKey> key = ParseItemUri(uri);
  if (!key.ok()) return std::string(key.status().message());
  if (key->kind != ItemKind::kTrack) return absl::StrCat(uri, " is no track");
  track->key = *key;
  fault = records::ReadOptionalText("artists", field(columns.artists), &artists);
  if (fault.empty()) fault = records::NameFault("artist", FirstOf(artists));
  if (fault.empty()) fault = records::ReadOptionalText("genre", field(columns.genre), &genre);
  if (fault.empty()) fault = records::NameFault("genre", genre);
  if (fault.empty()) {
    fault = records::ReadNumber("popularity", field(columns.popularity), &track->popularity);
  }
  if (!fault.empty()) return fault;
  if (!(track->popularity >= 0.0 && track->popularity <= kMostPopular)) {
    return absl::StrCat("popularity is ", track->popularity, "; it must be 0 to ", kMostPopular);
  }
  track->artist = std::string(FirstOf(artists));
  track->pool = std::string(genre);
  return {};
}

}  // namespace

absl::StatusOr<std::vector<RecipeTrack>> ReadTrackList(const std::string& path) {
  OASIS_ASSIGN_OR_RETURN(auto reader, records::RecordReader::Open(path, {}));
  const absl::StatusOr<TrackColumns> columns = BindTrackColumns(reader->columns());
  if (!columns.ok()) {
    return Annotate(columns.status(), absl::StrCat(path, ":", reader->header_line()));
  }
  std::vector<RecipeTrack> tracks;
  absl::flat_hash_set<ItemKey> seen;
  records::BadRows bad_rows(0);
  records::Record record;
  int64_t rows = 0;
  while (true) {
    OASIS_ASSIGN_OR_RETURN(const records::Outcome outcome, reader->Next(&record));
    if (outcome == records::Outcome::kEnd) break;
    ++rows;
    RecipeTrack track;
    const std::string fault = outcome == records::Outcome::kBad
                                  ? std::move(record.fault)
                                  : ReadTrack(record, *columns, &track);
    if (!fault.empty()) {
      bad_rows.Add(path, record.line, fault);
    } else if (seen.insert(track.key).second) {
      tracks.push_back(std::move(track));
    }
  }
  if (bad_rows.TooMany()) return bad_rows.Error(rows, "Fix the catalogue");
  if (tracks.empty())
    return absl::InvalidArgumentError(absl::StrCat(path, ": there are no tracks"));
  return tracks;
}

}  // namespace oasis
