// The sections of the page of an allocation's report, in the order in which they stand there.
#ifndef OASIS_APPS_ALLOCATE_PAGE_SECTIONS_H_
#define OASIS_APPS_ALLOCATE_PAGE_SECTIONS_H_

#include <string>

#include "apps/allocate/page/values.h"

namespace oasis {

// Each is HTML: a head, words, charts, and tables of at most kMaxPageRows rows. Of what the report
// lacks there is a sentence.
std::string SummarySection(const PageJson& report);      // what was decided, how sure one can be
std::string ObjectivesSection(const PageJson& report);   // the terms, without promotion and with
std::string CommitmentsSection(const PageJson& report);  // promised and delivered; fairness
std::string CapsSection(const PageJson& report);         // those that bind
std::string GuardrailsSection(const PageJson& report);   // what is left of their budgets
std::string ExposureSection(const PageJson& report);     // Lorenz curves
std::string GroupsSection(const PageJson& report);       // who gets most
std::string SweepSection(const PageJson& report);        // what one term costs the others
std::string ConvergenceSection(const PageJson& report);  // the gap, pass by pass

}  // namespace oasis

#endif  // OASIS_APPS_ALLOCATE_PAGE_SECTIONS_H_
