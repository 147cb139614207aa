#include "apps/generate/generate.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "apps/generate/catalogue.h"
#include "apps/generate/score_rows.h"
#include "oasis/context.h"
#include "oasis/gid.h"
#include "oasis/limits.h"
#include "oasis/status.h"
#include "records/line_writer.h"

namespace oasis {
namespace {

// Four digits after the point, whatever the machine's libm and locale.
void AppendScore(int64_t score, std::string* line) {
  if (score < 0) line->push_back('-');
  const int64_t magnitude = score < 0 ? -score : score;
  absl::StrAppend(line, magnitude / 10'000, ".", absl::Dec(magnitude % 10'000, absl::kZeroPad4));
}

void AppendScoreRow(absl::string_view uri, const ScoreRow& row, absl::string_view campaign,
                    RowFormat format, std::string* line) {
  if (format == RowFormat::kCsv) {
    absl::StrAppend(line, uri, ",", row.surface, ",", row.market, ",", row.cohort);
    line->push_back(',');
    AppendScore(row.score, line);
    absl::StrAppend(line, ",", campaign);
    return;
  }
  absl::StrAppend(line, R"({"item_uri":")", uri, R"(","surface":")", row.surface);
  absl::StrAppend(line, R"(","market":")", row.market, R"(","cohort":")", row.cohort);
  absl::StrAppend(line, R"(","score":)");
  AppendScore(row.score, line);
  if (!campaign.empty()) absl::StrAppend(line, R"(,"campaign":")", campaign, "\"");
  line->push_back('}');
}

absl::Status Check(const GenerateOptions& options, const std::vector<std::string>& markets) {
  if (options.tracks < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("tracks is ", options.tracks, "; at least 1 is needed"));
  }
  for (const std::string& market : markets) {
    OASIS_RETURN_IF_ERROR(Annotate(ValidateContext({"radio", market, "*"}), "markets"));
  }
  const int64_t contexts = ScoreRows(0, 0, 1, markets).contexts();
  const int64_t most = std::min<int64_t>(kMaxRowsPerGeneratedTrack, contexts / 4);
  if (options.contexts_per_track < 1 || options.contexts_per_track > most) {
    return absl::InvalidArgumentError(absl::StrCat("contexts-per-track is ",
                                                   options.contexts_per_track, "; it must be 1 to ",
                                                   most, " with ", markets.size(), " markets"));
  }
  return absl::OkStatus();
}

absl::StatusOr<records::WrittenFile> WriteCampaigns(const GenerateOptions& options,
                                                    const Catalogue& catalogue) {
  OASIS_ASSIGN_OR_RETURN(
      auto file, records::LineWriter::Create(options.out / "campaigns.csv", Compression::kNone));
  file.buffer() = "campaign,licensor,starts_at,ends_at\n";
  const auto add = [&](const std::string& campaign, int licensor) {
    const Catalogue::Dates dates = catalogue.DatesOf(campaign, options.now);
    constexpr absl::string_view kFormat = "%Y-%m-%d%ET%H:%M:%SZ";
    absl::StrAppend(&file.buffer(), campaign, ",", LicensorName(licensor), ",",
                    absl::FormatTime(kFormat, dates.starts_at, absl::UTCTimeZone()), ",",
                    absl::FormatTime(kFormat, dates.ends_at, absl::UTCTimeZone()));
    return file.EndRow();
  };
  for (int licensor = 0; licensor < kLicensors; ++licensor) {
    for (int number = 0; number < kCampaignsPerLicensor; ++number) {
      OASIS_RETURN_IF_ERROR(add(catalogue.LicensorCampaign(licensor, number), licensor));
    }
  }
  for (int64_t artist = 0; artist < catalogue.artists(); ++artist) {
    if (catalogue.PromotionOf(artist) != Catalogue::Promotion::kByArtist) continue;
    OASIS_RETURN_IF_ERROR(add(catalogue.ArtistCampaign(artist), catalogue.LicensorOf(artist)));
  }
  return file.Close();
}

// One pass over the tracks writes both the catalogue and the scores.
absl::Status WriteTracksAndScores(const GenerateOptions& options, const Catalogue& catalogue,
                                  const ScoreRows& rules, const Progress& progress,
                                  GenerateResult* result) {
  const std::string name =
      absl::StrCat("scores", options.format == RowFormat::kCsv ? ".csv" : ".jsonl",
                   CompressionSuffix(options.compression));
  OASIS_ASSIGN_OR_RETURN(
      auto tracks, records::LineWriter::Create(options.out / "tracks.csv", Compression::kNone));
  OASIS_ASSIGN_OR_RETURN(auto scores,
                         records::LineWriter::Create(options.out / name, options.compression));
  tracks.buffer() = "item_uri,artist,licensor,popularity\n";
  if (options.format == RowFormat::kCsv) {
    scores.buffer() = "item_uri,surface,market,cohort,score,campaign\n";
  }

  std::vector<ScoreRow> rows;
  for (int64_t i = 0; i < catalogue.tracks(); ++i) {
    if (i % kProgressEveryRows == 0) OASIS_RETURN_IF_ERROR(progress(i, catalogue.tracks()));
    const Catalogue::Track track = catalogue.GetTrack(i);
    const std::string uri = FormatTrackUri(track.gid);
    absl::StrAppend(&tracks.buffer(), uri, ",", catalogue.ArtistName(track.artist), ",",
                    LicensorName(catalogue.LicensorOf(track.artist)), ",", track.popularity);
    OASIS_RETURN_IF_ERROR(tracks.EndRow());

    const std::string campaign = catalogue.CampaignOf(track.artist);
    rules.Of(i, !campaign.empty(), &rows);
    for (const ScoreRow& row : rows) {
      AppendScoreRow(uri, row, campaign, options.format, &scores.buffer());
      OASIS_RETURN_IF_ERROR(scores.EndRow());
    }
  }
  OASIS_ASSIGN_OR_RETURN(result->tracks, tracks.Close());
  OASIS_ASSIGN_OR_RETURN(result->scores, scores.Close());
  return progress(catalogue.tracks(), catalogue.tracks());
}

}  // namespace

const std::vector<std::string>& DefaultMarkets() {
  static const auto& markets = *new std::vector<std::string>{
      "US", "GB", "BR", "MX", "DE", "IN", "FR", "ES", "IT", "CA", "AU", "SE",
      "NL", "PL", "AR", "PH", "ID", "TR", "CO", "CL", "NO", "DK", "FI", "JP"};
  return markets;
}

absl::StatusOr<GenerateResult> Generate(const GenerateOptions& options, const Progress& progress) {
  const std::vector<std::string>& markets =
      options.markets.empty() ? DefaultMarkets() : options.markets;
  OASIS_RETURN_IF_ERROR(Check(options, markets));
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("cannot make the directory ", options.out.string()));
  }
  const Catalogue catalogue(options.seed, options.tracks);
  const ScoreRows rules(options.seed, options.revision, options.contexts_per_track, markets);
  GenerateResult result;
  OASIS_ASSIGN_OR_RETURN(result.campaigns, WriteCampaigns(options, catalogue));
  OASIS_RETURN_IF_ERROR(WriteTracksAndScores(options, catalogue, rules, progress, &result));
  return result;
}

}  // namespace oasis
