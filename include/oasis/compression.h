// How an output file is packed.
#ifndef OASIS_COMPRESSION_H_
#define OASIS_COMPRESSION_H_

namespace oasis {

enum class Compression { kNone, kGzip, kZstd };

}  // namespace oasis

#endif  // OASIS_COMPRESSION_H_
