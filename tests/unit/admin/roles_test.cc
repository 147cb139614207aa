// The roles of the admin port: what needs which, what a file may say, and who is denied.
#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "admin/admin_roles.h"
#include "oasis/v1/override_admin.pb.h"
#include "oasis/v1/server_admin.pb.h"
#include "oasis/v1/snapshot_admin.pb.h"
#include "support/test_support.h"

namespace oasis {
namespace {

using ::oasis::testing::IsOk;
using ::oasis::testing::StatusIs;
using ::oasis::testing::TempDir;
using ::oasis::testing::WriteFile;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kStatus[] = "/oasis.v1.SnapshotAdmin/GetStatus";
constexpr char kPin[] = "/oasis.v1.SnapshotAdmin/Pin";
constexpr char kPut[] = "/oasis.v1.OverrideAdmin/PutOverride";

TEST(RoleTest, EveryCallOfTheAdminServicesHasOne) {
  for (const auto* file :
       {v1::LoadSnapshotRequest::descriptor()->file(), v1::PutOverrideRequest::descriptor()->file(),
        v1::SetLogLevelRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        const std::string method = absl::StrCat("/", file->service(i)->full_name(), "/",
                                                file->service(i)->method(j)->name());
        EXPECT_TRUE(RoleOfMethod(method).has_value()) << method << " has no role in role.cc";
      }
    }
  }
}

TEST(RoleTest, ACallThatIsNotKnownHasNone) {
  EXPECT_FALSE(RoleOfMethod("/oasis.v1.SnapshotAdmin/Erase").has_value());
  EXPECT_FALSE(RoleOfMethod("").has_value());
}

TEST(RoleTest, EveryRoleMayReadAndAdminEverything) {
  for (const Role role : {Role::kRead, Role::kLoad, Role::kOverride, Role::kAdmin}) {
    EXPECT_TRUE(Includes(role, Role::kRead));
    EXPECT_TRUE(Includes(Role::kAdmin, role));
    EXPECT_EQ(Includes(Role::kLoad, role), role == Role::kRead || role == Role::kLoad);
    EXPECT_EQ(RoleOfName(RoleName(role)), role);
  }
}

TEST(RolesFileTest, GrantsWhatItSays) {
  OASIS_ASSERT_OK_AND_ASSIGN(const RoleGrants grants,
                             ParseRoles(R"({"URI:spiffe://a/b": ["load", "override"],
                                            "CN:alice": ["admin"]})"));
  EXPECT_EQ(grants.size(), 2);
  EXPECT_THAT(grants.at("URI:spiffe://a/b"), ElementsAre(Role::kLoad, Role::kOverride));
  EXPECT_THAT(grants.at("CN:alice"), ElementsAre(Role::kAdmin));
}

TEST(RolesFileTest, ReportsEveryFaultInOnePass) {
  EXPECT_THAT(
      ParseRoles(R"({"alice": ["read"], "CN:": ["read"], "CN:b": "read", "CN:c": [],
                     "DNS:d": ["read", "write", 7]})"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr(R"("alice" must be a name of a certificate)"),
                     HasSubstr(R"("CN:" must be a name)"),
                     HasSubstr(R"("CN:b" must have a list of roles)"),
                     HasSubstr(R"("CN:c" must have a list of roles)"),
                     HasSubstr(R"("DNS:d" has the unknown role "write"; roles are read, load)"),
                     HasSubstr(R"("DNS:d" has the unknown role 7)"))));
}

TEST(RolesFileTest, CountsTheFaultsThatItDoesNotName) {
  std::string text = R"({"CN:a": [0)";
  for (int i = 1; i < kMaxBadRowsShown + 5; ++i) absl::StrAppend(&text, ",", i);
  EXPECT_THAT(ParseRoles(text + "]}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("role 19;"), Not(HasSubstr("role 20;")),
                             HasSubstr("; and 5 more"))));
}

TEST(RolesFileTest, RefusesWhatIsNoObjectOrSaysANameTwice) {
  for (const auto& [text, reason] :
       {std::pair("", "is not JSON"), std::pair("[]", "must be an object"),
        std::pair(R"({"CN:a": ["read"], "CN:a": ["admin"]})", "twice")}) {
    EXPECT_THAT(ParseRoles(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(reason)));
  }
}

class AdminRolesTest : public ::testing::Test {
 protected:
  void Create(const std::string& text) {
    WriteFile(file_, text);
    AdminRoles::Options options;
    options.file = file_;
    options.changed = [this](const absl::Status& taken) { changed_.push_back(taken); };
    options.denied = [this](const absl::Status& denied) { denied_.push_back(denied); };
    OASIS_ASSERT_OK_AND_ASSIGN(roles_, AdminRoles::Create(options));
  }

  TempDir dir_;
  const std::filesystem::path file_ = dir_ / "roles.json";
  std::shared_ptr<AdminRoles> roles_;
  std::vector<absl::Status> changed_;
  std::vector<absl::Status> denied_;
};

TEST_F(AdminRolesTest, DeniesAllThatIsNotGranted) {
  Create(R"({"CN:alice": ["load"]})");
  const PeerIdentity alice = {{"DNS:laptop", "CN:alice"}};
  EXPECT_THAT(roles_->Admit(alice, kStatus, "r1"), IsOk());
  EXPECT_THAT(roles_->Admit(alice, kPin, "r1"), IsOk());
  constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
  EXPECT_THAT(roles_->Admit(alice, kPut, "r1"),
              StatusIs(kDenied, AllOf(HasSubstr("DNS:laptop may not call"), HasSubstr(kPut),
                                      HasSubstr("role override"), HasSubstr("--admin-roles"),
                                      HasSubstr("(request r1)"))));
  EXPECT_THAT(roles_->Admit({{"DNS:alice"}}, kStatus, "r1"),
              StatusIs(kDenied, HasSubstr("role read")));
  EXPECT_THAT(roles_->Admit({}, kStatus, "r1"), StatusIs(kDenied, HasSubstr("without a name")));
  EXPECT_THAT(roles_->Require(Role::kAdmin, alice, "this"), StatusIs(kDenied, HasSubstr("admin")));
  EXPECT_EQ(denied_.size(), 4);
}

TEST_F(AdminRolesTest, DeniesACallThatIsNotKnownEvenToAdmins) {
  Create(R"({"CN:root": ["admin"]})");
  EXPECT_THAT(roles_->Admit({{"CN:root"}}, "/oasis.v1.SnapshotAdmin/Erase", "r1"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("does not know"), HasSubstr("(request r1)"))));
}

TEST_F(AdminRolesTest, APeerHasTheRolesOfAllItsNames) {
  Create(R"({"URI:a": ["load"], "CN:a": ["override"]})");
  const PeerIdentity both = {{"URI:a", "CN:a"}};
  EXPECT_THAT(roles_->Admit(both, kPin, "r1"), IsOk());
  EXPECT_THAT(roles_->Admit(both, kPut, "r1"), IsOk());
  EXPECT_THAT(roles_->Require(Role::kAdmin, both, "this"), Not(IsOk()));
}

TEST_F(AdminRolesTest, AChangeHoldsFromTheNextCallOn) {
  Create(R"({"CN:alice": ["read"]})");
  EXPECT_THAT(roles_->Admit({{"CN:alice"}}, kPin, "r1"), Not(IsOk()));
  EXPECT_THAT(changed_, ElementsAre());
  WriteFile(file_, R"({"CN:alice": ["load"]})");
  EXPECT_THAT(roles_->Admit({{"CN:alice"}}, kPin, "r1"), IsOk());
  EXPECT_THAT(changed_, ElementsAre(IsOk()));
}

TEST_F(AdminRolesTest, KeepsWhatHeldWhileTheFileIsNoGoodAndSaysSoOnce) {
  Create(R"({"CN:alice": ["load"]})");
  WriteFile(file_, R"({"CN:alice": ["lo)");
  for (int i = 0; i < 3; ++i) EXPECT_THAT(roles_->Admit({{"CN:alice"}}, kPin, "r1"), IsOk());
  std::filesystem::remove(file_);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(roles_->Admit({{"CN:alice"}}, kPin, "r1"), IsOk());
  EXPECT_THAT(changed_,
              ElementsAre(StatusIs(absl::StatusCode::kInvalidArgument,
                                   HasSubstr("roles.json: is not JSON")),
                          StatusIs(absl::StatusCode::kNotFound, HasSubstr("roles.json"))));
  WriteFile(file_, "{}");
  EXPECT_THAT(roles_->Admit({{"CN:alice"}}, kPin, "r1"), Not(IsOk()));
}

TEST_F(AdminRolesTest, TellsWhoeverAsksThatTheFileIsNoGoodWithoutACall) {
  Create("{}");
  EXPECT_FALSE(roles_->Refused());
  WriteFile(file_, "{");
  EXPECT_TRUE(roles_->Refused());
  EXPECT_EQ(changed_.size(), 1);
  WriteFile(file_, "{}");
  EXPECT_FALSE(roles_->Refused());
}

TEST_F(AdminRolesTest, DoesNotStartWithoutAGoodFile) {
  EXPECT_THAT(AdminRoles::Create({.file = file_}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("roles.json")));
  WriteFile(file_, "");
  EXPECT_THAT(AdminRoles::Create({.file = file_}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not JSON")));
}

}  // namespace
}  // namespace oasis
