// Homes that are encrypted by themselves, on volumes that are not.
#include "platform/linux/fscrypt.h"

#include <gtest/gtest.h>

#include <map>

#include "platform/linux/volumes.h"
#include "tests/platform/scripted_luks.h"
#include "tests/support/disks.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using test::Disks;

struct ScriptedFscrypt final : Fscrypt {
    std::map<std::string, Directory> directories;
    Result<Directory> look(const std::string& directory) override {
        EXPECT_FALSE(directory.starts_with("/net/")) << "to open it might take for ever";
        const auto found = directories.find(directory);
        if (found == directories.end()) return Error{Fault::io, "No such directory.", directory};
        return found->second;
    }
};

// Whoever reads the disk reads the names and sizes of all files, what lies outside of homes, and swap.
TEST(Fscrypt, EncryptedHomesAreToldAndMakeNoVolumeEncrypted) {
    const test::TemporaryDirectory root;
    Disks disks(root);
    ScriptedLuks luks;
    ScriptedFscrypt fscrypt;
    disks.disk("sda", "8:0");
    disks.partition("sda", "sda2", "8:2");
    disks.partition("sda", "sda3", "8:3");
    disks.mount("8:3", "/", "ext4", "/dev/sda3");
    disks.mount("8:2", "/homes", "ext4", "/dev/sda2");
    disks.mount("0:40", "/net", "autofs", "automount");
    root.write("/etc/passwd",
               "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/homes/anna:/bin/sh\nbob:x:1001:1001::/homes/bob:/bin/sh\n"
               "carl:x:1002:1002::/net/carl:/bin/sh\ndaemon:x:1:1::/usr/sbin:/bin/sh\n");
    fscrypt.directories = {{"/root", {"8:3", "AES-256-XTS"}}, {"/homes/bob", {"8:2", {}}}};
    const Files files(root.path());
    LinuxVolumes volumes(files, luks, fscrypt);
    EXPECT_EQ(volumes.read("/homes")->homes, std::nullopt);
    EXPECT_EQ(volumes.read("/")->homes, std::nullopt) << "root is no person";
    fscrypt.directories["/homes/anna"] = {"8:2", "AES-256-XTS"};
    auto home = *volumes.read("/homes");
    EXPECT_EQ(home.judgement, Judgement::open);
    EXPECT_EQ(home.homes, "anna AES-256-XTS");
    EXPECT_NE(home.reason.find("Only homes on it are encrypted by fscrypt (anna AES-256-XTS); not those of bob."),
              std::string::npos)
        << home.reason;
    EXPECT_EQ(volumes.read("/")->homes, std::nullopt);
    fscrypt.directories["/homes/bob"].cipher = "Adiantum";
    home = *volumes.read("/homes");
    EXPECT_EQ(home.judgement, Judgement::open) << "still not the whole volume";
    EXPECT_EQ(home.homes, "anna AES-256-XTS, bob Adiantum");
}

TEST(Fscrypt, TheKernelIsAskedHowADirectoryIsEncrypted) {
    const test::TemporaryDirectory root;
    root.write("/homes/anna/file", "");
    KernelFscrypt fscrypt(root.path());
    const auto home = fscrypt.look("/homes/anna");
    ASSERT_TRUE(home) << home.error().what << home.error().evidence;
    EXPECT_EQ(home->cipher, std::nullopt);
    EXPECT_NE(home->device.find(':'), std::string::npos);
    EXPECT_EQ(fscrypt.look("/homes/nobody").error().fault, Fault::io);
    EXPECT_EQ(fscrypt.look("/homes/anna/file").error().fault, Fault::io);
}

}  // namespace
}  // namespace steward::platform
