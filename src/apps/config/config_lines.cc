#include "apps/config/config_lines.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "oasis/limits.h"

namespace oasis {
namespace {

constexpr char kOneValue[] =
    "one value is needed; quote a value that has spaces or commas, and give each key once";

// The letter after a backslash, and what both are.
constexpr std::pair<char, char> kEscapes[] = {
    {'"', '"'}, {'\\', '\\'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}};

absl::string_view Trimmed(absl::string_view text) { return absl::StripAsciiWhitespace(text); }

bool IsBlankOrComment(absl::string_view text) {
  text = Trimmed(text);
  return text.empty() || text[0] == '#' || text[0] == ';';
}

// Takes the quoted text that `*rest` begins with. Returns the fault; empty when there is none.
std::string TakeQuoted(absl::string_view* rest, std::string* value) {
  const char quote = rest->front();
  for (size_t i = 1; i < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (c == quote) {
      rest->remove_prefix(i + 1);
      return "";
    }
    if (c != '\\' || quote == '\'') {
      *value += c;
      continue;
    }
    const char letter = ++i < rest->size() ? (*rest)[i] : '\0';
    const auto* escape =
        std::find_if(std::begin(kEscapes), std::end(kEscapes),
                     [letter](const auto& known) { return known.first == letter; });
    if (escape == std::end(kEscapes)) {
      return "a backslash in \"…\" must be followed by one of \" \\ n r t; in '…' it stands for "
             "itself";
    }
    *value += escape->second;
  }
  return absl::StrCat("the quote ", std::string(1, quote), " is not closed in this line");
}

std::string TakeValue(absl::string_view text, std::string* value) {
  text = Trimmed(text);
  if (text.empty() || text[0] == '#') return "there is no value after '='";
  if (text[0] != '"' && text[0] != '\'') {
    text = Trimmed(text.substr(0, text.find('#')));
    *value = std::string(text);
    return text.find_first_of(" \t,[]{}\"'") == absl::string_view::npos ? "" : kOneValue;
  }
  std::string fault = TakeQuoted(&text, value);
  if (fault.empty() && !IsBlankOrComment(text)) fault = kOneValue;
  return fault;
}

// [serve] -> "serve."
std::string TakeSection(absl::string_view text, std::string* section) {
  const size_t end = text.find(']');
  if (end == absl::string_view::npos || !IsBlankOrComment(text.substr(end + 1))) {
    return "a section must be written as [serve]";
  }
  *section = absl::StrCat(Trimmed(text.substr(1, end - 1)), ".");
  return "";
}

std::string TakeKeyAndValue(absl::string_view text, absl::string_view section, ConfigLine* line) {
  const size_t equals = text.find('=');
  const absl::string_view name = Trimmed(text.substr(0, equals));
  if (name.empty()) return "there is no key before '='";
  line->key = absl::StrCat(section, name);
  if (equals == absl::string_view::npos) return "there is no '='; write key = value";
  return TakeValue(text.substr(equals + 1), &line->value);
}

}  // namespace

std::vector<ConfigLine> ParseConfigLines(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");  // a byte order mark, as some editors write
  std::vector<ConfigLine> lines;
  std::string section;
  int number = 0;
  for (const absl::string_view whole : absl::StrSplit(text, '\n')) {
    ++number;
    if (IsBlankOrComment(whole)) continue;
    const absl::string_view content = Trimmed(whole);
    ConfigLine line;
    line.number = number;
    const bool is_section = content[0] == '[';
    line.fault =
        is_section ? TakeSection(content, &section) : TakeKeyAndValue(content, section, &line);
    if (!is_section || !line.fault.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

absl::StatusOr<std::vector<ConfigLine>> ReadConfigLines(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::error_code error;
  if (!stream.good()) {
    return absl::NotFoundError(
        absl::StrCat(file, ": the config file cannot be read; check its name"));
  }
  if (!std::filesystem::is_regular_file(file, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": is no regular file; a config file is one, as oasis.toml"));
  }
  std::string text(kMaxConfigBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (stream.bad()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": the config file cannot be read whole"));
  }
  if (text.size() > kMaxConfigBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": has more than ", kMaxConfigBytes, " bytes; is it a config file?"));
  }
  return ParseConfigLines(text);
}

std::string ConfigValue(absl::string_view value) {
  double number = 0;
  const bool is_number =
      absl::SimpleAtod(value, &number) && absl::ascii_isdigit(static_cast<unsigned char>(value[0]));
  if (is_number || value == "true" || value == "false") return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    const auto* escape = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                      [c](const auto& known) { return known.second == c; });
    if (escape == std::end(kEscapes)) {
      quoted += c;
    } else {
      quoted += {'\\', escape->first};
    }
  }
  return quoted + "\"";
}

}  // namespace oasis
