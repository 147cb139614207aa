// Plain files: whole reads, reads in pieces, copies, and writes that survive a power cut. Every
// error names the path and the operating system's reason.
#ifndef OASIS_SNAPSHOT_FILE_IO_H_
#define OASIS_SNAPSHOT_FILE_IO_H_

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace oasis {

// "<path>: <what>: <text of error_number>", and what to do where that is clear; with the code that
// fits the number: NotFound, PermissionDenied, ResourceExhausted for a full disk…
absl::Status FileError(int error_number, const std::filesystem::path& path, absl::string_view what);

// The readers refuse with InvalidArgument what is not a regular file: a pipe would keep its reader
// waiting as long as nobody writes to it.

// The bytes of a file; InvalidArgument when there are more than `limit`.
absl::StatusOr<std::string> ReadWholeFile(const std::filesystem::path& path, size_t limit);

// Gives the bytes of a file to `piece`, in order; stops at its first error.
absl::Status ReadInPieces(const std::filesystem::path& path,
                          const std::function<absl::Status(absl::string_view)>& piece);

// Copies a file to a name that is free, and brings its bytes (not the name) to the disk. `copied`
// hears the size of each piece; its error ends the copying.
absl::Status CopyFile(const std::filesystem::path& source, const std::filesystem::path& target,
                      const std::function<absl::Status(size_t)>& copied);

// Puts `bytes` at `path` whole or not at all: temporary file beside it, fsync, rename, fsync of the
// directory. What was there before is replaced.
absl::Status WriteFileDurably(const std::filesystem::path& path, absl::string_view bytes);

// fsync of a file or of a directory (its names).
absl::Status SyncPath(const std::filesystem::path& path);

}  // namespace oasis

#endif  // OASIS_SNAPSHOT_FILE_IO_H_
