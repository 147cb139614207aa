// Overrides as people read them.
#ifndef OASIS_APPS_OVERRIDE_TEXT_H_
#define OASIS_APPS_OVERRIDE_TEXT_H_

#include <string>

#include "oasis/v1/override.pb.h"

namespace oasis {

std::string OverrideActionText(const v1::Override& override);  // "cap 0.2 of promotion"
std::string OverrideAboutText(const v1::Override& override);   // "licensor acme"
std::string OverrideWhereText(const v1::Override& override);   // "radio/SE in all score sets"

}  // namespace oasis

#endif  // OASIS_APPS_OVERRIDE_TEXT_H_
