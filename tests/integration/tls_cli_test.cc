// TLS by the real binary: a server, commands that call it, and what they say when it goes wrong.
#include "support/certificates.h"
#include "support/oasis_files.h"

namespace oasis::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Args = std::vector<std::string>;

Args operator+(Args args, const Args& more) {
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

class TlsCliTest : public ::testing::Test {
 protected:
  TlsCliTest() {
    WriteFile(dir_ / "roles.json", R"({"CN:alice": ["admin"], "CN:bob": ["read"]})");
    GenerateFiles(dir_ / "files", 100);
    BuildFrom(dir_ / "files", dir_ / "snapshot", "s1");
  }

  Args ServeFlags() const {
    return {"--tls-cert",
            server_.certificate.string(),
            "--tls-key",
            server_.key.string(),
            "--tls-client-ca",
            server_.ca.string(),
            "--admin-tls-cert",
            server_.certificate.string(),
            "--admin-tls-key",
            server_.key.string(),
            "--admin-tls-client-ca",
            server_.ca.string(),
            "--admin-roles",
            (dir_ / "roles.json").string()};
  }
  static Args As(const TlsFiles& files) {
    return {"--tls-ca",  files.ca.string(), "--tls-cert", files.certificate.string(),
            "--tls-key", files.key.string()};
  }
  static Args Status(const std::string& address) { return {"status", "--server", address}; }

  static void ExpectFails(const Args& args, const std::string& why) {
    const RunResult result = RunOasis(args);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(why));
  }

  TempDir dir_;
  TestCa ca_;
  const TlsFiles server_ = ca_.IssueServer();
  const TlsFiles alice_ = ca_.Issue("alice");
};

TEST_F(TlsCliTest, EveryCommandSpeaksTls) {
  OasisServer server(dir_ / "store", ServeFlags());
  ASSERT_TRUE(server.ok()) << server.process().err();
  const Args admin = Args{"--server", server.admin()} + As(alice_);
  const Args serving = Args{"--server", server.listen()} + As(alice_);
  const std::string snapshot = (dir_ / "snapshot").string();
  const std::string track = CsvRows(dir_ / "files" / "tracks.csv").at(1).at(0);
  for (const Args& command : std::vector<Args>{
           Args{"snapshot", "check", snapshot} + admin,
           Args{"snapshot", "load", snapshot, "--force", "--reason", "x"} + admin,
           Args{"snapshot", "list"} + admin,
           Args{"snapshot", "pin"} + admin,
           Args{"status"} + admin,
           Args{"override", "put", "--suppress", "--item", track, "--for", "1h", "--reason", "x"} +
               admin,
           Args{"override", "put", "--suppress", "--items",
                (dir_ / "files" / "tracks.csv").string(), "--for", "1h", "--reason", "x"} +
               admin,
           Args{"override", "list"} + admin,
           Args{"scores", "get", "--surface", "radio", track} + serving,
           Args{"scores", "explain", "--surface", "radio", track} + serving,
           Args{"loadtest", "--miss-ratio", "1", "--duration", "50ms", "--warmup", "0s"} + serving,
       }) {
    const RunResult result = RunOasis(command);
    EXPECT_EQ(result.exit_code, 0) << command[0] << " " << command[1] << ": " << result.err;
  }
  EXPECT_THAT(RunOasis(Args{"journal"} + admin).out, HasSubstr("CN:alice at ipv4:"));
}

TEST_F(TlsCliTest, HealthIsAskedOfAPlainPortOfTlsAndOfMutualTls) {
  const Args tls = {"--tls-cert", server_.certificate.string(), "--tls-key", server_.key.string()};
  const Args ca = {"--tls-client-ca", server_.ca.string()};
  const Args trust = {"--tls-ca", ca_.file().string()};
  struct Case {
    std::string name;
    Args serve;
    Args ask;
  };
  for (const Case& c : std::vector<Case>{
           {"plain", {}, {}}, {"tls", tls, trust}, {"mutual", tls + ca, As(server_)}}) {
    SCOPED_TRACE(c.name);
    OasisServer server(dir_ / c.name, c.serve);
    ASSERT_TRUE(server.ok()) << server.process().err();
    const Args health = Args{"health", "--server", server.listen()};
    ExpectFails(health + c.ask, "'oasis.v1.PromotionScores' is NOT_SERVING at");
    const RunResult load =
        RunOasis({"snapshot", "load", (dir_ / "snapshot").string(), "--server", server.admin()});
    ASSERT_EQ(load.exit_code, 0) << load.err;
    for (const char* name : {"", "oasis.v1.PromotionScores", "oasis.v1.PromotionScores/fresh"}) {
      const RunResult result = RunOasis(health + c.ask + Args{"--service", name});
      EXPECT_EQ(result.exit_code, 0) << result.err;
      EXPECT_EQ(result.out, "SERVING\n");
    }
    ExpectFails(health + c.ask + Args{"--service", "x"}, "health of service 'x' is not known");
    if (!c.serve.empty()) ExpectFails(health, "it may want TLS: give its CA by --tls-ca");
    if (c.name == "mutual") ExpectFails(health + trust, "give one by --tls-cert and --tls-key");
  }
}

TEST_F(TlsCliTest, VariablesOfTheEnvironmentStandForTheFlags) {
  OasisServer server(dir_ / "store", ServeFlags());
  ASSERT_TRUE(server.ok()) << server.process().err();
  const RunResult result =
      RunOasis(Status(server.admin()), {{"OASIS_CLIENT_TLS_CA", alice_.ca.string()},
                                        {"OASIS_CLIENT_TLS_CERT", alice_.certificate.string()},
                                        {"OASIS_CLIENT_TLS_KEY", alice_.key.string()},
                                        {"OASIS_CLIENT_TLS_SERVER_NAME", "oasis.test"}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST_F(TlsCliTest, SaysWhatToDoWhenTheSidesDoNotAgree) {
  OasisServer server(dir_ / "store", ServeFlags());
  ASSERT_TRUE(server.ok()) << server.process().err();
  const Args status = Status(server.admin());
  TestCa other;
  TlsFiles stranger = other.Issue("stranger");
  stranger.ca = ca_.file();
  ExpectFails(status, "it may want TLS: give its CA by --tls-ca");
  ExpectFails(status + Args{"--tls-ca", alice_.ca.string()},
              "give one by --tls-cert and --tls-key");
  ExpectFails(status + Args{"--tls-ca", other.file().string()},
              "does not come from the CA in " + other.file().string());
  ExpectFails(status + As(stranger), "it may not know the CA of");
  ExpectFails(status + As(alice_) + Args{"--tls-server-name", "elsewhere.test"},
              "give one that it has by --tls-server-name");
  TlsFiles mixed = alice_;
  mixed.key = server_.key;
  ExpectFails(status + As(mixed), "is not the key of the certificate in");
  ExpectFails(status + Args{"--tls-ca", "nowhere.pem"}, "nowhere.pem: No such file");
  ExpectFails({"loadtest", "--server", server.listen(), "--miss-ratio", "1"}, "both speak TLS");
  OasisServer plain(dir_ / "other");
  ASSERT_TRUE(plain.ok()) << plain.process().err();
  ExpectFails(Status(plain.admin()) + As(alice_),
              "it does not speak TLS: call it without --tls-ca");
}

TEST_F(TlsCliTest, ADeniedCallNamesTheRoleAndIsLogged) {
  OasisServer server(dir_ / "store", ServeFlags());
  ASSERT_TRUE(server.ok()) << server.process().err();
  const Args bob = As(ca_.Issue("bob"));
  EXPECT_EQ(RunOasis(Status(server.admin()) + bob).exit_code, 0);
  ExpectFails(Args{"snapshot", "pin", "x", "--server", server.admin()} + bob,
              "CN:bob may not call /oasis.v1.SnapshotAdmin/Pin without the role load");
  EXPECT_TRUE(server.Logs(R"("message":"admin call denied","detail":"CN:bob)"));
  EXPECT_TRUE(server.Logs("file grants roles (request "));
}

TEST_F(TlsCliTest, RenewedFilesAreToldWithTheirPort) {
  OasisServer server(dir_ / "store", ServeFlags());
  ASSERT_TRUE(server.ok()) << server.process().err();
  ca_.IssueServer();  // into the same files
  EXPECT_EQ(RunOasis(Status(server.admin()) + As(alice_)).exit_code, 0);
  EXPECT_TRUE(server.Logs(R"("changed files were taken","files":"TLS of the admin port")"));
}

TEST_F(TlsCliTest, AFlagOfTheClientNeedsThoseItBelongsTo) {
  const RunResult result = RunOasis({"status", "--tls-cert", "x"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--tls-cert requires"));
}

TEST_F(TlsCliTest, AnAdminPortOffTheLoopbackIsNotPlaintextByAccident) {
  const auto serve = [this](const std::string& listen) {
    return Args{"serve",          "--data-dir", (dir_ / "store").string(), "--listen", listen,
                "--admin-listen", "0.0.0.0:0"};
  };
  ExpectFails(serve("127.0.0.1:0"), "--admin-insecure");
  // Said so, it goes on, here to the next fault.
  ExpectFails(serve("192.0.2.1:0") + Args{"--admin-insecure"}, "no interface of this machine");
}

TEST_F(TlsCliTest, AServerDoesNotStartWithRolesThatAreNoGood) {
  WriteFile(dir_ / "roles.json", R"({"alice": ["root"]})");
  OasisServer server(dir_ / "store", ServeFlags());
  EXPECT_FALSE(server.ok());
  EXPECT_THAT(server.process().err(),
              AllOf(HasSubstr("roles.json: "), HasSubstr("unknown role \\\"root\\\"")));
}

}  // namespace
}  // namespace oasis::testing
