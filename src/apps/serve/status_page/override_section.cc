#include <string>

#include "absl/strings/str_cat.h"
#include "apps/override_text.h"
#include "apps/serve/status_page/sections.h"
#include "apps/text.h"
#include "html/table.h"
#include "oasis/limits.h"
#include "rpc/override.h"

namespace oasis {
namespace {

void AddOverride(const Override& override, absl::Time now, HtmlTable& html) {
  v1::Override message;
  SetOverride(override, &message);
  html.Add({OverrideActionText(message), OverrideAboutText(message), OverrideWhereText(message),
            override.author, override.reason, FormatInstant(override.expires),
            FormatSpan(override.expires - now), override.id});
}

}  // namespace

std::string OverrideSection(const ServerStatus& status) {
  HtmlTable html({"What", "About", "Where", "Author", "Reason", ">Ends", ">In", "Id"});
  for (const Override& override : status.overrides) AddOverride(override, status.now, html);
  std::string text = absl::StrCat(
      "<h2>Overrides</h2>\n<p>",
      status.override_count == 0
          ? "None holds."
          : absl::StrCat(FormatCount(static_cast<int64_t>(status.override_count)), " hold."));
  if (status.overrides.size() < status.override_count) {
    absl::StrAppend(&text, " These are the ", status.overrides.size(),
                    " that end first; all of them: oasis override list");
  }
  return absl::StrCat(text, "</p>\n", html.Html(kStatusPageRows));
}

}  // namespace oasis
