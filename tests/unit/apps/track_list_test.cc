#include "apps/generate/track_list.h"

#include "absl/strings/str_cat.h"
#include "support/input_support.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::oasis::testing::TempDir;
using ::oasis::testing::Uri;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::HasSubstr;

class TrackListTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<RecipeTrack>> Read(const std::string& text) {
    WriteFile(dir_ / "tracks.csv", text);
    return ReadTrackList((dir_ / "tracks.csv").string());
  }

  TempDir dir_;
};

TEST_F(TrackListTest, ReadsWhatItKnowsAndPassesOverTheRest) {
  const std::string id = Uri(1).substr(std::string("spotify:track:").size());
  OASIS_ASSERT_OK_AND_ASSIGN(
      const auto tracks,
      Read(absl::StrCat("row,track_id,artists,album_name,popularity,track_genre\n7,", id,
                        ",Ada; Bo,\"a, b\",55,latin\n8,", id, ",Ada,again,55,pop\n")));
  ASSERT_EQ(tracks.size(), 1U);
  EXPECT_EQ(FormatKey(tracks[0].key), Uri(1));
  EXPECT_EQ(tracks[0].artist, "Ada");
  EXPECT_EQ(tracks[0].pool, "latin");
  EXPECT_EQ(tracks[0].popularity, 55);
}

TEST_F(TrackListTest, ReadsUrisAndNeedsNoGenre) {
  OASIS_ASSERT_OK_AND_ASSIGN(const auto tracks,
                             Read(absl::StrCat("item_uri,artists,popularity\n", Uri(2), ",,0\n")));
  EXPECT_EQ(FormatKey(tracks[0].key), Uri(2));
  EXPECT_EQ(tracks[0].artist, "");
  EXPECT_EQ(tracks[0].pool, "");
}

TEST_F(TrackListTest, ReportsAllBadRowsWithTheirLines) {
  EXPECT_THAT(Read("track_id,artists,popularity\nshort,Ada,1\n" + Uri(1).substr(14) + ",Ada,101\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("2 bad rows"), HasSubstr("tracks.csv:2: "),
                             HasSubstr("tracks.csv:3: popularity is 101"))));
  EXPECT_THAT(Read("id,artists,popularity\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("tracks.csv:1: ")));
}

}  // namespace
}  // namespace oasis
