#include "apps/commands/flags.h"

#include <stdio.h>

#include <cmath>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "apps/text.h"
#include "score/utc.h"

namespace oasis {
namespace {

void AddServerFlag(CLI::App& command, Peer& server, const std::string& which) {
  command.add_option("--server", server.address, "Address of the server's " + which)
      ->type_name("HOST:PORT")
      ->capture_default_str()
      ->check(CheckAddress);
  AddTlsFlags(command, server);
}

}  // namespace

std::string CheckAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  const bool numeric = address.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
  if (numeric && address.find(':') != colon) {
    return absl::StrCat("'", address,
                        "' is an IPv6 address without brackets: they tell it from the port, as in "
                        "[::1]:50051");
  }
  int port = -1;
  if (colon != std::string::npos && colon > 0 &&
      absl::SimpleAtoi(absl::string_view(address).substr(colon + 1), &port) && port >= 0 &&
      port <= 65'535) {
    return "";
  }
  return absl::StrCat("'", address, "' is no address: it must be host:port, as 127.0.0.1:50051");
}

CLI::Validator AtLeast(int64_t least) {
  return {[least](const std::string& text) -> std::string {
            double number = 0;
            if (absl::SimpleAtod(text, &number) && number >= static_cast<double>(least)) return "";
            return absl::StrCat("'", text, "' must be a number, at least ", least);
          },
          absl::StrCat(">= ", least)};
}

CLI::Validator WholeNumber(int64_t least, int64_t most) {
  const std::string range = absl::StrCat("from ", least, " to ", most);
  return {[least, most, range](const std::string& text) -> std::string {
            int64_t number = 0;
            if (absl::SimpleAtoi(text, &number) && number >= least && number <= most) return "";
            return absl::StrCat("'", text, "' must be a whole number ", range, ", in digits");
          },
          range};
}

void AddAdminServerFlag(CLI::App& command, Peer& server) {
  server = {.address = kDefaultAdminAddress, .admin = true, .tls = {}, .tls_server_name = ""};
  AddServerFlag(command, server, "admin port (its --admin-listen)");
}

void AddServingServerFlag(CLI::App& command, Peer& server) {
  server.address = kDefaultServingAddress;
  AddServerFlag(command, server, "serving port (its --listen)");
}

void AddTlsFlags(CLI::App& command, Peer& server) {
  CLI::Option* ca = command.add_option(
      "--tls-ca", server.tls.ca, "Speak TLS, with a server whose certificate comes from this CA");
  CLI::Option* certificate =
      command.add_option("--tls-cert", server.tls.certificate, "Certificate to show to the server");
  CLI::Option* key = command.add_option("--tls-key", server.tls.key, "Key of that certificate");
  CLI::Option* name =
      command.add_option("--tls-server-name", server.tls_server_name,
                         "Name in the server's certificate (the host of --server unless given)");
  ca->type_name("FILE")->envname("OASIS_CLIENT_TLS_CA");
  certificate->type_name("FILE")->envname("OASIS_CLIENT_TLS_CERT")->needs(key)->needs(ca);
  key->type_name("FILE")->envname("OASIS_CLIENT_TLS_KEY")->needs(certificate);
  name->type_name("NAME")->envname("OASIS_CLIENT_TLS_SERVER_NAME")->needs(ca);
}

void AddTableFlags(CLI::App& command, TableFlags& table) {
  command.add_option("--score-set", table.score_set, "Score set")->capture_default_str();
  command.add_option("--variant", table.variant, "Experiment arm")->capture_default_str();
}

void AddJsonFlag(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "Print JSON, for programs");
}

CLI::Option* AddDurationFlag(CLI::App& command, const std::string& name, absl::Duration& duration,
                             const std::string& description) {
  const CLI::callback_t parse = [&duration, name](const CLI::results_t& values) {
    const std::optional<absl::Duration> span = ParseSpan(values.at(0));
    if (!span.has_value() || *span < absl::ZeroDuration()) {
      throw CLI::ValidationError(
          name, absl::StrCat("'", values.at(0),
                             "' is no duration: write 500ms, 10s, 5m, 36h, 7d or inf"));
    }
    duration = *span;
    return true;
  };
  return command.add_option(name, parse, description)
      ->type_name("DURATION")
      ->default_str(absl::FormatDuration(duration));
}

void AddCountFlag(CLI::App& command, const std::string& name, int64_t& count,
                  const std::string& description) {
  const CLI::callback_t parse = [&count, name](const CLI::results_t& values) {
    double number = 0;
    constexpr double kMost = 1e15;  // a double has all whole numbers up to there
    if (!absl::SimpleAtod(values.at(0), &number) || !(number >= 1 && number <= kMost) ||
        number != std::floor(number)) {
      throw CLI::ValidationError(
          name,
          absl::StrCat("'", values.at(0), "' is no whole number of 1 or more, as 1000 or 1e6"));
    }
    count = static_cast<int64_t>(number);
    return true;
  };
  command.add_option(name, parse, description)->type_name("N")->default_str(absl::StrCat(count));
}

CLI::Option* AddTimeFlag(CLI::App& command, const std::string& name, absl::Time& time,
                         const std::string& description) {
  const CLI::callback_t parse = [&time, name](const CLI::results_t& values) {
    std::string error;
    if (absl::ParseTime("%Y-%m-%d", values.at(0), &time, nullptr) ||
        absl::ParseTime(absl::RFC3339_full, values.at(0), &time, &error)) {
      return true;
    }
    throw CLI::ValidationError(name, absl::StrCat("'", values.at(0), "': ", error,
                                                  "; write 2026-01-31T12:00:00Z or 2026-01-31"));
  };
  CLI::Option* option = command.add_option(name, parse, description)->type_name("TIME");
  if (time != absl::InfinitePast()) option->default_str(FormatInstant(time));
  return option;
}

CLI::Validator Ago() {
  return {[](std::string& text) -> std::string {
            const std::optional<absl::Duration> ago = ParseSpan(text);
            if (ago.has_value() && *ago >= absl::ZeroDuration())
              text = FormatUtc(absl::Now() - *ago);
            return "";
          },
          ""};
}

void PrintJson(const nlohmann::ordered_json& json) {
  const std::string text =
      json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace oasis
