#include "machine/catching.h"

#include <exception>
#include <new>

#include "absl/strings/str_cat.h"

namespace oasis {

absl::Status Catching(const std::function<absl::Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(
        "out of memory: give this process more, or a smaller snapshot");
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("unexpected exception: ", error.what()));
  }
}

}  // namespace oasis
