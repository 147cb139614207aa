# Everything comes from Debian's packages (the list is in `run`).
find_package(Threads REQUIRED)
find_package(absl REQUIRED CONFIG)
find_package(Protobuf REQUIRED MODULE)  # Debian's protobuf 3.21 has no CMake config file
find_package(gRPC REQUIRED CONFIG)      # needs protobuf-compiler-grpc to be installed
find_package(RocksDB REQUIRED CONFIG)
find_package(prometheus-cpp REQUIRED CONFIG)
find_package(civetweb REQUIRED CONFIG)
find_package(spdlog REQUIRED CONFIG)
find_package(nlohmann_json REQUIRED CONFIG)
find_package(CLI11 REQUIRED CONFIG)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
# Not under the prefix `zstd`: its cache variables would make RocksDB's own Findzstd.cmake fail when
# CMake runs again in the same build directory.
pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET GLOBAL libzstd)
add_library(PkgConfig::zstd ALIAS PkgConfig::libzstd)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

if(OASIS_BUILD_TESTS)
  find_package(GTest REQUIRED CONFIG)
endif()
if(OASIS_BUILD_BENCH)
  find_package(benchmark REQUIRED CONFIG)
endif()
