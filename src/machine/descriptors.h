// How many files and connections this process may have open.
#ifndef OASIS_MACHINE_DESCRIPTORS_H_
#define OASIS_MACHINE_DESCRIPTORS_H_

namespace oasis {

// Raises the limit to what the process may have at most (RLIMIT_NOFILE, from its soft to its hard
// limit). The soft one is low for the sake of programs that use select(), which nothing here does.
void RaiseDescriptorLimit();

}  // namespace oasis

#endif  // OASIS_MACHINE_DESCRIPTORS_H_
