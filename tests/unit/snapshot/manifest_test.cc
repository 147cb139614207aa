#include "oasis/manifest.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "oasis/limits.h"
#include "snapshot/checksum.h"
#include "support/sanitized.h"
#include "unit/snapshot/snapshot_samples.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Manifest SampleManifest() {
  Manifest manifest = SampleDescription();
  manifest.parent = "sample-0";
  manifest.items = 3;
  manifest.rows = 4;
  const ItemKey other{{7, 7}, ItemKind::kOther};
  manifest.files = {{"a.sst", 1000, 2, 0x0123456789abcdef, TrackKey(0, 1), TrackKey(0, 9)},
                    {"b.sst", 900, 1, 0xf, other, other}};
  const auto entry = [](ContextId context, int signal, int64_t rows) {
    std::vector<int64_t> histogram(kHistogramBins, 0);
    histogram[33] = rows;
    return ScoreStatistics{context, signal, rows, 0.1, 0.3, 0.2, histogram};
  };
  manifest.statistics = {entry(0, 0, 3), entry(0, 1, 3), entry(2, 0, 1), entry(2, 1, 1)};
  manifest.sentinels = {{TrackKey(0, 1), 0, {0.1F, -0.7F}}, {other, 2, {0.3F, 1.0F / 3}}};
  return manifest;
}

// The text with `from` replaced by `to` and the checksum put right: an edit that a fault in a
// producer, not in a disk, would make.
std::string Edited(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const size_t end = text.rfind(",\n  \"manifest_checksum\"");
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(text.substr(0, end) + "}");
  return text.substr(0, end) + ",\"manifest_checksum\":\"" + FormatChecksum(Checksum(json.dump())) +
         "\"}";
}

absl::Status DecodeEdited(const std::string& from, const std::string& to) {
  return DecodeManifest(Edited(EncodeManifest(SampleManifest()), from, to)).status();
}

TEST(ManifestTest, DecodesWhatItEncoded) {
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest decoded,
                             DecodeManifest(EncodeManifest(SampleManifest())));
  EXPECT_TRUE(decoded == SampleManifest());
}

TEST(ManifestTest, KeepsTimesToTheNanosecondAndFloatsExactly) {
  Manifest manifest = SampleManifest();
  manifest.created += absl::Nanoseconds(123'456'789);
  for (float scale : {0.1F, 1.0F / 3, kMaxScale, kMinScale}) {
    manifest.signals[1].scale = scale;
    for (ScoreStatistics& entry : manifest.statistics) {
      if (entry.signal == 1) entry.min = entry.mean = entry.max = static_cast<double>(scale) / 3;
    }
    OASIS_ASSERT_OK_AND_ASSIGN(const Manifest decoded, DecodeManifest(EncodeManifest(manifest)));
    EXPECT_TRUE(decoded == manifest) << scale;
  }
}

TEST(ManifestTest, WritesForPeopleWithTheChecksumLast) {
  const std::string text = EncodeManifest(SampleManifest());
  EXPECT_THAT(text, StartsWith("{\n  \"format\": \"oasis-snapshot\",\n  \"format_version\": 2,\n"));
  EXPECT_THAT(text, HasSubstr("\"created\": \"2026-11-21T07:30:00Z\""));
  EXPECT_THAT(text, HasSubstr("\n    {\"name\":\"promotion\",\"scale\":0.5},\n"));
  EXPECT_THAT(text, HasSubstr("\"radio/SE/*\""));
  EXPECT_THAT(text, HasSubstr("\"histogram\":[[33,3]]"));
  EXPECT_THAT(text, HasSubstr("\"first_key\":\"spotify:track:0000000000000000000001\""));
  EXPECT_THAT(text, HasSubstr("\"other:00000000000000070000000000000007\""));
  EXPECT_THAT(text.substr(text.rfind(",\n")), StartsWith(",\n  \"manifest_checksum\": \""));
  EXPECT_THAT(text, EndsWith("\"\n}\n"));
}

TEST(ManifestTest, RefusesEveryFlippedBitOrDecodesTheSame) {
  const Manifest manifest = SampleManifest();
  std::string text = EncodeManifest(manifest);
  const size_t step = kSanitized ? 7 : 1;  // coprime to the eight bits: all of them get their turn
  for (size_t i = 0; i < text.size(); i += step) {
    for (int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      text[i] = static_cast<char>(text[i] ^ mask);
      const absl::StatusOr<Manifest> decoded = DecodeManifest(text);
      ASSERT_TRUE(!decoded.ok() || *decoded == manifest) << "byte " << i << ", mask " << mask;
      text[i] = static_cast<char>(text[i] ^ mask);
    }
  }
}

TEST(ManifestTest, RefusesEveryTruncation) {
  const std::string text = EncodeManifest(SampleManifest());
  const size_t step = kSanitized ? 7 : 1;
  for (size_t length = 0; length + 1 < text.size();
       length += step) {  // without the last newline it is whole
    ASSERT_FALSE(DecodeManifest(text.substr(0, length)).ok()) << length;
  }
}

TEST(ManifestTest, TellsDamageByTheChecksumBeforeAnythingElse) {
  std::string text = EncodeManifest(SampleManifest());
  text[text.find("radio/SE")] = '/';
  EXPECT_THAT(DecodeManifest(text),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged or edited")));
}

TEST(ManifestTest, RefusesAnotherFormatVersionByName) {
  std::string text = EncodeManifest(SampleManifest());
  text.replace(text.find("_version\": 2"), 12, "_version\": 1");
  EXPECT_THAT(DecodeManifest(text),
              StatusIs(absl::StatusCode::kUnimplemented,
                       HasSubstr("format_version is 1; this program reads version 2")));
}

TEST(ManifestTest, RefusesAnotherVersionWhateverItsFieldsAre) {
  EXPECT_THAT(DecodeManifest(R"({"format": "oasis-snapshot", "format_version": 7, "new": []})"),
              StatusIs(absl::StatusCode::kUnimplemented, HasSubstr("format_version is 7")));
}

TEST(ManifestTest, RefusesWhatIsNoManifest) {
  const std::pair<const char*, const char*> texts[] = {
      {"", "not JSON"},
      {"[]", "not a JSON object"},
      {"7", "not a JSON object"},
      {"{}", "format is not"},
      {R"({"format": "other"})", "no snapshot's manifest"},
      {R"({"format": 7})", "no snapshot's manifest"},
      {R"({"format": "oasis-snapshot"})", "format_version is missing"},
      {R"({"format": "oasis-snapshot", "format_version": "1"})", "not an integer"},
      {R"({"format": "oasis-snapshot", "format_version": 2})", "manifest_checksum is missing"},
      {R"({"format": "oasis-snapshot", "format_version": 2,
           "manifest_checksum": "ABCDEFABCDEFABCD"})",
       "not 16 lower-case hex digits"},
  };
  for (const auto& [text, message] : texts) {
    EXPECT_THAT(DecodeManifest(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << text;
  }
}

TEST(ManifestTest, RefusesListsBeyondTheirLimits) {
  const struct {
    const char* name;
    size_t limit;
  } lists[] = {{"signals", kMaxSignals}, {"contexts", kMaxContexts}, {"sentinels", kSentinels}};
  for (const auto& list : lists) {
    // Elements that are no good: the list is refused before they are looked at.
    std::string elements;
    elements.reserve(2 * (list.limit + 1));
    for (size_t i = 0; i <= list.limit; ++i) elements += "0,";
    const std::string opening = absl::StrCat("\"", list.name, "\": [");
    EXPECT_THAT(DecodeEdited(opening, opening + elements),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(absl::StrCat(list.name, " has ")),
                               HasSubstr(absl::StrCat("elements; the limit is ", list.limit)))))
        << list.name;
  }
}

TEST(ManifestTest, NamesTheFieldThatIsMissingOrWrong) {
  const struct {
    const char* from;
    const char* to;
    const char* message;
  } edits[] = {
      {"\"variant\"", "\"variety\"", "variant is missing"},
      {"\"items\": 3", "\"items\": -3", "items is not an integer"},
      {"\"items\": 3", "\"items\": 18446744073709551615", "items is not an integer"},
      {"\"producer\": \"oasis test\"", "\"producer\": 1", "producer is not a string"},
      {"07:30:00Z", "07:30:00+01:00", "created is not a time"},
      {"\"parent\"", "\"extra\": 1, \"parent\"", "a field that this format version"},
      {"\"scale\":0.5", "\"scale\":\"x\"", "signals[0].scale is not a number"},
      {"\"scale\":0.5", "\"scale\":1e39", "signals[0].scale does not fit"},
      {"\"radio/SE/*\"", "\"radio/SE\"", "contexts[1] is not a string like"},
      {"\"radio/SE/*\"", "[]", "contexts[1] is not a string like"},
      {"{\"name\":\"always\"", "[],{\"name\":\"always\"", "campaigns[1] is not an object"},
      {"0123456789abcdef", "0123456789ABCDEF", "files[0].checksum is not 16"},
      {"spotify:track:0000000000000000000001", "spotify:track:1", "files[0].first_key is neither"},
      {"spotify:track:0000000000000000000001", "spotify:album:0000000000000000000001",
       "files[0].first_key is neither"},
      {"other:000", "other:0x0", "files[1].first_key is neither"},
      {"[[33,3]]", "[[33,3,3]]", "statistics[0].histogram"},
      {"[[33,3]]", "[[64,3]]", "statistics[0].histogram"},
      {"[[33,3]]", "[[33,2],[33,1]]", "statistics[0].histogram"},
      {"[[33,3]]", "3", "statistics[0].histogram is not an array"},
      {"[0.1,-0.7]", "[0.1,null]", "sentinels[0].scores"},
  };
  for (const auto& edit : edits) {
    EXPECT_THAT(DecodeEdited(edit.from, edit.to),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(edit.message)))
        << edit.to;
  }
}

TEST(ManifestTest, ReadsAManifestFromItsDirectory) {
  TempDir dir;
  ASSERT_THAT(WriteManifest(dir.path(), SampleManifest()), IsOk());
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest read, ReadManifest(dir.path()));
  EXPECT_TRUE(read == SampleManifest());
  EXPECT_FALSE(std::filesystem::exists(dir / "MANIFEST.json.tmp"));
}

TEST(ManifestTest, SaysThatADirectoryWithoutManifestIsNoSnapshot) {
  TempDir dir;
  EXPECT_THAT(ReadManifest(dir.path()),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr(dir.path().string()), HasSubstr("not a snapshot"))));
}

TEST(ManifestTest, SaysThatADirectoryIsMissing) {
  TempDir dir;
  EXPECT_THAT(ReadManifest(dir / "gone"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("gone: cannot open the snapshot")));
}

TEST(ManifestTest, NamesTheFileOfADamagedManifest) {
  TempDir dir;
  WriteFile(dir / "MANIFEST.json", "{");
  EXPECT_THAT(ReadManifest(dir.path()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("MANIFEST.json: "), HasSubstr("line 1, column 2"))));
}

TEST(ManifestTest, NamesTheManifestThatIsADirectory) {
  TempDir dir;
  std::filesystem::create_directory(dir / "MANIFEST.json");
  EXPECT_THAT(ReadManifest(dir.path()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("MANIFEST.json: is not a regular file")));
}

TEST(ManifestTest, DoesNotWaitForAManifestThatIsAPipe) {
  TempDir dir;
  ASSERT_EQ(mkfifo((dir / "MANIFEST.json").c_str(), 0600), 0);
  EXPECT_THAT(ReadManifest(dir.path()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("MANIFEST.json: is not a regular file")));
}

TEST(ManifestTest, RefusesToWriteWhatItWouldRefuseToRead) {
  TempDir dir;
  Manifest manifest = SampleManifest();
  ++manifest.rows;
  EXPECT_THAT(WriteManifest(dir.path(), manifest),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("MANIFEST.json: the statistics")));
  manifest = SampleManifest();
  manifest.snapshot_id.clear();
  EXPECT_THAT(WriteManifest(dir.path(), manifest),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("snapshot_id ''")));
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(ManifestTest, NamesTheDirectoryThatCannotBeWritten) {
  TempDir dir;
  EXPECT_THAT(WriteManifest(dir / "gone", SampleManifest()),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("gone/MANIFEST.json.tmp: cannot create"),
                             HasSubstr("No such file or directory"))));
}

TEST(ManifestTest, KeepsTwentyThousandContextsSmall) {
  Manifest manifest = SampleDescription();
  manifest.contexts.clear();
  std::vector<CellSpec> cells;
  for (int i = 0; i < 20'000; ++i) {
    manifest.contexts.push_back({absl::StrCat("surface-", i), "SE", "*"});
    cells.push_back({static_cast<ContextId>(i), {1, 2}});
  }
  TempDir dir;
  OASIS_ASSERT_OK_AND_ASSIGN(const Manifest written,
                             WriteSnapshot(dir / "s", manifest, {MakeRow(TrackKey(0, 1), cells)}));
  EXPECT_LT(std::filesystem::file_size(dir / "s" / "MANIFEST.json"), 200u * 40'000);
  EXPECT_THAT(ReadManifest(dir / "s"), IsOk());
}

}  // namespace
}  // namespace oasis::testing
