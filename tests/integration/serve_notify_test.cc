// What `oasis serve` tells systemd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/oasis_process.h"
#include "support/test_support.h"

namespace oasis::testing {
namespace {

using ::testing::HasSubstr;

// The socket of a service manager.
class ManagerSocket {
 public:
  explicit ManagerSocket(const std::string& name) {
    const timeval patience = {.tv_sec = 60, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof(address.sun_path) - 1);
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    bound_ = bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0;
  }
  ~ManagerSocket() { close(fd_); }

  bool bound() const { return bound_; }
  std::string Receive() const {
    std::array<char, 256> buffer;
    const ssize_t size = recv(fd_, buffer.data(), buffer.size(), 0);
    return size < 0 ? std::strerror(errno) : std::string(buffer.data(), size);
  }

 private:
  const int fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool bound_ = false;
};

class ServeNotifyTest : public ::testing::Test {
 protected:
  std::vector<std::string> Serve() const {
    return OasisCommand({"serve", "--data-dir", (dir_ / "data").string(), "--listen", "127.0.0.1:0",
                         "--admin-listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0",
                         "--port-file", ports_.string()});
  }
  TempDir dir_;
  const std::filesystem::path ports_ = dir_ / "ports";
};

TEST_F(ServeNotifyTest, ItIsReadyWhenItsPortsAnswerAndSaysWhenItStops) {
  for (const std::string& name : {(dir_ / "manager").string(), "@" + (dir_ / "x").string()}) {
    const ManagerSocket manager(name);
    ASSERT_TRUE(manager.bound());
    std::filesystem::remove(ports_);
    Process process(Serve(), {{"NOTIFY_SOCKET", name}});
    ASSERT_EQ(manager.Receive(), "READY=1") << process.err();
    const auto ports = nlohmann::json::parse(std::ifstream(ports_));
    const std::string admin = absl::StrCat("127.0.0.1:", ports.at("admin").get<int>());
    EXPECT_EQ(RunOasis({"status", "--server", admin}).exit_code, 0);
    process.Signal(SIGTERM);
    EXPECT_EQ(manager.Receive(), "STOPPING=1");
    EXPECT_EQ(process.Wait(), 0);
  }
}

TEST_F(ServeNotifyTest, AManagerThatHasGoneIsToldInTheLogAndServingGoesOn) {
  Process process(Serve(), {{"NOTIFY_SOCKET", (dir_ / "gone").string()}});
  while (!std::filesystem::exists(ports_) && process.running()) usleep(1000);
  process.Signal(SIGTERM);
  EXPECT_EQ(process.Wait(), 0);
  EXPECT_THAT(process.err(), HasSubstr(R"("the service manager could not be told")"));
}

}  // namespace
}  // namespace oasis::testing
