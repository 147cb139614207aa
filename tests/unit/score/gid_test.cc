#include "oasis/gid.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::StatusIs;
using ::testing::HasSubstr;

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

TEST(GidTest, ParsesWhatItFormats) {
  Gid gid;
  ASSERT_TRUE(ParseBase62("7N42dgm5tFLK9N8MT7fHC7", &gid));
  EXPECT_EQ(gid, (Gid{kMax, kMax}));
  EXPECT_EQ(FormatBase62({kMax, kMax}), "7N42dgm5tFLK9N8MT7fHC7");
  EXPECT_FALSE(ParseBase62("", &gid));
  EXPECT_FALSE(ParseBase62("6rqhFgbbKwnb9MLmUQDhG", &gid));
  EXPECT_FALSE(ParseBase62("6rqhFgbbKwnb9MLmUQDhG66", &gid));
}

TEST(GidTest, BytesAreBigEndianSoThatTheirOrderIsNumericOrder) {
  std::string bytes(kGidBytes, '\0');
  GidToBytes({0x0102030405060708, 0x090A0B0C0D0E0F10}, bytes.data());
  EXPECT_EQ(bytes, std::string("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10"));
  EXPECT_EQ(GidFromBytes(bytes.data()), (Gid{0x0102030405060708, 0x090A0B0C0D0E0F10}));
}

TEST(ItemKeyTest, ATrackUriIsItsGid) {
  const ItemKey key = KeyOfUri("spotify:track:6rqhFgbbKwnb9MLmUQDhG6");
  EXPECT_EQ(key.kind, ItemKind::kTrack);
  EXPECT_EQ(FormatTrackUri(key.gid), "spotify:track:6rqhFgbbKwnb9MLmUQDhG6");
}

TEST(ItemKeyTest, OtherUrisHaveAStableKeyThatIsNoTracks) {
  const ItemKey episode = KeyOfUri("spotify:episode:6rqhFgbbKwnb9MLmUQDhG6");
  EXPECT_EQ(episode.kind, ItemKind::kOther);
  const ItemKey same_bits = {episode.gid, ItemKind::kTrack};
  EXPECT_NE(episode, same_bits);
  EXPECT_NE(EncodeKey(episode), EncodeKey(same_bits));
}

// Stored snapshots have these: they may never change. Expected values: `printf URI | xxhsum -H2`.
TEST(ItemKeyTest, TheKeyOfOtherUrisIsXxh128) {
  EXPECT_EQ(FormatKey(KeyOfUri("spotify:episode:6rqhFgbbKwnb9MLmUQDhG6")),
            "other:53b058bd98a131ea39b6b9fd2c730c21");
  EXPECT_EQ(FormatKey(KeyOfUri("acme:song/42")), "other:998a7cc2a172dca53e19f1498ff70a4a");
}

TEST(ItemKeyTest, MalformedUrisAreInvalidAndSaidWhy) {
  const struct {
    std::string uri;
    const char* reason;
  } cases[] = {
      {"", "it is empty"},
      {"6rqhFgbbKwnb9MLmUQDhG6", "no scheme"},
      {":track:6rqhFgbbKwnb9MLmUQDhG6", "no scheme"},
      {"spotify:track:", "22 base62 digits"},
      {"spotify:track:ZZZZZZZZZZZZZZZZZZZZZZ", "below 2^128"},
      {"spotify:track:6rqhFgbbKwnb9MLmUQDhG-", "22 base62 digits"},
      {"SPOTIFY:track:6rqhFgbbKwnb9MLmUQDhG6", "small letter"},
      {"spo_tify:track:1", "character other than"},
      {"spotify:", "nothing follows"},
      {"acme:a b", "space"},
      {std::string("acme:a\0b", 8), "control"},
      {"acme:" + std::string(600, 'x'), "longer than 512"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(KeyOfUri(c.uri).kind, ItemKind::kInvalid) << c.uri;
    EXPECT_THAT(ParseItemUri(c.uri),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.reason)))
        << c.uri;
  }
}

TEST(ItemKeyTest, EncodedKeysKeepTheirOrderAndComeBack) {
  const std::vector<ItemKey> ascending = {
      {{0, 0}, ItemKind::kTrack},       {{0, 0}, ItemKind::kOther},
      {{0, 1}, ItemKind::kTrack},       {{1, 0}, ItemKind::kTrack},
      {{kMax, kMax}, ItemKind::kTrack}, {{kMax, kMax}, ItemKind::kOther}};
  for (size_t i = 0; i < ascending.size(); ++i) {
    ItemKey decoded;
    ASSERT_TRUE(DecodeKey(EncodeKey(ascending[i]), &decoded));
    EXPECT_EQ(decoded, ascending[i]);
    if (i > 0) {
      EXPECT_LT(EncodeKey(ascending[i - 1]), EncodeKey(ascending[i]));
    }
  }
  ItemKey key;
  EXPECT_FALSE(DecodeKey("short", &key));
  EXPECT_FALSE(DecodeKey(std::string(17, '\x02'), &key));
  EXPECT_FALSE(DecodeKey(std::string(18, '\x01'), &key));
}

}  // namespace
}  // namespace oasis
