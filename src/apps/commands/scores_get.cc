#include <stdio.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "apps/commands/scores.h"
#include "apps/enum_word.h"
#include "apps/ids_file.h"
#include "apps/message_json.h"
#include "apps/text.h"
#include "oasis/gid.h"
#include "oasis/limits.h"
#include "oasis/status.h"

namespace oasis {
namespace {

struct Options {
  AskFlags ask;
  std::vector<std::string> uris;
  std::string ids;
  std::vector<std::string> signals;
  bool gids = false;
};

void AddFlags(CLI::App& command, Options& options) {
  command.add_option("uri", options.uris, "Items, as spotify:track:6rqhFgbbKwnb9MLmUQDhG6");
  command
      .add_option("--ids", options.ids,
                  "More items: a file with one URI a line or in its first column; - is stdin")
      ->type_name("FILE");
  command.add_option("--signals", options.signals, "Columns to show (promotion unless given)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--gids", options.gids, "Send 16-byte gids, as PZN does; tracks only");
  AddAskFlags(command, options.ask);
}

absl::Status AppendGid(const std::string& uri, std::string* gids) {
  OASIS_ASSIGN_OR_RETURN(const ItemKey key, ParseItemUri(uri));
  if (key.kind != ItemKind::kTrack) {
    return absl::InvalidArgumentError(
        absl::StrCat(uri, " is no track and has no gid; leave --gids out"));
  }
  std::array<char, kGidBytes> bytes;
  GidToBytes(key.gid, bytes.data());
  gids->append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

// Collects what the calls answer and prints it.
class Output {
 public:
  explicit Output(const Options& options) : options_(options), signals_(options.signals) {
    if (signals_.empty()) signals_.emplace_back("promotion");
    json_["score_set"] = options.ask.table.score_set;
    json_["snapshots"] = nlohmann::ordered_json::array();
    json_["items"] = nlohmann::ordered_json::array();
    std::vector<std::string> head = {"item"};
    for (const std::string& signal : signals_) head.push_back(">" + signal);
    head.emplace_back("status");
    table_ = std::make_unique<TextTable>(std::move(head));
  }

  absl::Status Add(absl::Span<const std::string> uris,
                   const v1::GetPromotionScoresResponse& response) {
    const auto items = static_cast<int>(uris.size());
    const auto signals = static_cast<int>(signals_.size());
    if (response.statuses_size() != items || response.scores_size() != items * signals) {
      return absl::InternalError(
          absl::StrCat(options_.ask.server.address, " answered ", response.statuses_size(),
                       " statuses and ", response.scores_size(), " scores for ", items,
                       " items and ", signals, " signals; is it an Oasis server of this version?"));
    }
    const nlohmann::ordered_json scores = MessageToJson(response)["scores"];
    for (int i = 0; i < items; ++i) {
      std::vector<std::string> row = {uris[static_cast<size_t>(i)]};
      nlohmann::ordered_json item = {{"item_uri", row[0]}};
      for (int j = 0; j < signals; ++j) {
        row.push_back(absl::StrFormat("%.4f", response.scores(i * signals + j)));
        item["scores"][signals_[static_cast<size_t>(j)]] = scores.at(i * signals + j);
      }
      row.push_back(EnumWord(response.statuses(i)));
      item["status"] = row.back();
      table_->Add(std::move(row));
      json_["items"].push_back(std::move(item));
    }
    AddSnapshot(response);
    return absl::OkStatus();
  }

  void Print() const {
    if (options_.ask.json) return PrintJson(json_);
    fputs((table_->Text() + snapshots_).c_str(), stdout);
  }

 private:
  void AddSnapshot(const v1::GetPromotionScoresResponse& response) {
    if (!json_["snapshots"].empty() &&
        json_["snapshots"].back()["id"] == response.snapshot().id()) {
      return;
    }
    json_["variant"] = response.variant();
    json_["snapshots"].push_back(MessageToJson(response.snapshot()));
    snapshots_ +=
        DescribeSnapshot(options_.ask.table.score_set, response.variant(), response.snapshot());
  }

  const Options& options_;
  std::vector<std::string> signals_;
  std::unique_ptr<TextTable> table_;
  std::string snapshots_;
  nlohmann::ordered_json json_;
};

absl::StatusOr<v1::GetPromotionScoresResponse> Ask(v1::PromotionScores::Stub& stub,
                                                   const Options& options,
                                                   absl::Span<const std::string> uris) {
  auto request = MakeAsk<v1::GetPromotionScoresRequest>(options.ask);
  for (const std::string& signal : options.signals) request.add_signals(signal);
  for (const std::string& uri : uris) {
    if (options.gids) {
      OASIS_RETURN_IF_ERROR(AppendGid(uri, request.mutable_item_gids()));
    } else {
      request.add_item_uris(uri);
    }
  }
  grpc::ClientContext context;
  SetUp(context);
  v1::GetPromotionScoresResponse response;
  const grpc::Status status = stub.GetPromotionScores(&context, request, &response);
  if (!status.ok()) return CallStatus(status, context, options.ask.server);
  return response;
}

absl::Status Run(const Options& options) {
  std::vector<std::string> uris = options.uris;
  if (!options.ids.empty()) {
    OASIS_RETURN_IF_ERROR(ForEachId(options.ids, [&](absl::string_view uri) {
      uris.emplace_back(uri);
      return absl::OkStatus();
    }));
  }
  if (uris.empty()) {
    return absl::InvalidArgumentError("scores get: no items; name some, or give a file by --ids");
  }
  OASIS_ASSIGN_OR_RETURN(const auto channel, OpenChannel(options.ask.server));
  v1::PromotionScores::Stub stub(channel);
  Output output(options);
  for (size_t at = 0; at < uris.size(); at += kItemsPerGetCall) {
    const auto batch = absl::MakeConstSpan(uris).subspan(at, kItemsPerGetCall);
    OASIS_ASSIGN_OR_RETURN(const v1::GetPromotionScoresResponse response,
                           Ask(stub, options, batch));
    OASIS_RETURN_IF_ERROR(output.Add(batch, response));
  }
  output.Print();
  return absl::OkStatus();
}

}  // namespace

void AddScoresGetCommand(CLI::App& parent, Action& action) {
  AddCommand<Options>(
      parent, action, "get", "Get the scores of items in one context",
      "oasis scores get --surface radio --market SE spotify:track:6rqhFgbbKwnb9MLmUQDhG6",
      &AddFlags, &Run);
}

}  // namespace oasis
