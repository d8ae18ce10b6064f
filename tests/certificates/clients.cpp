// Certificates that come as PFX files: kept, told and taken away again.
#include <filesystem>

#include "tests/certificates/device.h"
#include "tests/certificates/pfx_files.h"
#include "tests/contracts/failing_calls.h"

namespace steward::test {
namespace {

// Made once: keys take time.
const EndEntity& laptop() {
    static const EndEntity made = end_entity(0, "laptop7.example.org");
    return made;
}

const std::string root = "./Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall";
const std::string secret = "correct horse";

class ClientInstall : public CertificateDevice {
  protected:
    std::vector<tree::Operation> install(const std::string& name, const std::string& password = secret) {
        const auto file = to_base64(make_pfx(laptop(), {authority(0).certificate()}, secret));
        const std::string at = root + "/" + name;
        return {change(Verb::add, at, {}, "node"), change(Verb::add, at + "/KeyLocation", "2", "int"),
                change(Verb::add, at + "/PFXCertPassword", password),
                change(Verb::add, at + "/PFXKeyExportable", "true", "bool"),
                change(Verb::add, at + "/PFXCertBlob", file, "b64")};
    }
    std::string key_file() const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root_.path())) {
            if (entry.path().filename() == "key.pem") return entry.path().string();
        }
        return {};
    }
};

TEST_F(ClientInstall, ACertificateArrivesWithItsKeyIsToldAndTakenBack) {
    const auto before = files();
    expect_done(tree_.run_atomic(server_, install("{6D1C}")));
    const std::string at = root + "/{6D1C}";
    EXPECT_EQ(get(root), "%7B6D1C%7D");
    EXPECT_EQ(get(at + "/Thumbprint"), thumbprint_of(laptop().certificate));
    EXPECT_EQ(get(at + "/Status"), "0");
    EXPECT_EQ(get(at + "/KeyLocation"), "3") << "where it really is";
    EXPECT_EQ(get(at + "/PFXKeyExportable"), "true");
    ASSERT_FALSE(key_file().empty());
    EXPECT_EQ(std::filesystem::status(key_file()).permissions(), static_cast<std::filesystem::perms>(0600));
    EXPECT_EQ(platform::installed_clients(files_).size(), 1U);
    expect_done(run({change(Verb::erase, at)}));
    EXPECT_EQ(files(), before);
    EXPECT_EQ(get(root), "");
}

TEST_F(ClientInstall, NeitherPasswordNorKeyNorFileIsShownAnywhere) {
    expect_done(tree_.run_atomic(server_, install("vpn")));
    const std::string at = root + "/vpn";
    EXPECT_EQ(one(Verb::get, at + "/PFXCertPassword").error.fault, Fault::refused);
    EXPECT_EQ(one(Verb::get, at + "/PFXCertBlob").error.fault, Fault::refused);
    EXPECT_EQ(get(at), "KeyLocation/PFXCertBlob/PFXCertPassword/PFXKeyExportable/Status/Thumbprint");
    std::string shown;
    for (const auto& found : one(Verb::get, at + "?list=StructData").found) shown += found.data.value_or("");
    for (const char* name : {"/PFXCertPassword", "/PFXCertBlob"}) {
        const auto why = tree_.why(at + name);
        ASSERT_TRUE(why);
        shown += why->device.value_or("") + why->effective.value_or("");
        for (const auto& wish : why->wishes) shown += wish.value;
        for (const auto& event : why->history) shown += event.before.value_or("") + event.after.value_or("");
    }
    for (const auto& [path, description] : files()) shown += description.starts_with("file 384\n-") ? "" : description;
    EXPECT_EQ(shown.find(secret), std::string::npos);
    EXPECT_EQ(shown.find("PRIVATE KEY"), std::string::npos);
    std::filesystem::remove(key_file());
    const auto drift = tree_.drift();
    ASSERT_TRUE(drift);
    ASSERT_FALSE(drift->empty());
    for (const auto& difference : *drift)
        EXPECT_EQ(difference.desired.value_or("").find(secret), std::string::npos) << difference.uri;
}

TEST_F(ClientInstall, AWrongPasswordInstallsNothing) {
    const auto before = files();
    const auto answers = tree_.run_atomic(server_, install("vpn", "battery staple"));
    EXPECT_TRUE(std::any_of(answers.begin(), answers.end(), [](const auto& answer) {
        return answer.error.what.find("does not open the PFX") != std::string::npos;
    }));
    EXPECT_EQ(files(), before);
    EXPECT_TRUE(policies_.all().empty());
}

TEST_F(ClientInstall, WhatLinuxCannotKeepIsRefusedWithAReason) {
    const auto before = files();
    const auto refused = [&](std::size_t which, const std::string& leaf, const std::string& value,
                             const std::string& format) {
        auto operations = install("vpn");
        operations[which] = change(Verb::add, root + "/vpn/" + leaf, value, format);
        std::string reasons;
        for (const auto& answer : tree_.run_atomic(server_, operations)) {
            if (answer.state == State::failed) reasons += answer.error.what;
        }
        EXPECT_EQ(files(), before);
        return reasons;
    };
    EXPECT_NE(refused(1, "KeyLocation", "1", "int").find("TPM"), std::string::npos);
    EXPECT_NE(refused(1, "KeyLocation", "4", "int").find("Windows Hello"), std::string::npos);
    EXPECT_NE(refused(3, "PFXCertPasswordEncryptionType", "1", "int").find("Use 0"), std::string::npos);
    EXPECT_NE(refused(3, "PFXKeyExportable", "false", "bool").find("can copy it"), std::string::npos);
}

TEST_F(ClientInstall, AKeyThatIsLostOrExchangedIsSaidAndInstalledAgain) {
    expect_done(tree_.run_atomic(server_, install("vpn")));
    const auto key = key_file();
    std::filesystem::remove(key);
    EXPECT_EQ(get(root + "/vpn/Status"), "-2146885628");
    EXPECT_NE(get(root + "/vpn/Thumbprint"), thumbprint_of(laptop().certificate));
    EXPECT_EQ(tree_.sweep().failed.size(), 0U);
    EXPECT_EQ(get(root + "/vpn/Status"), "0");
    std::ofstream(key) << end_entity(0, "other").key;
    EXPECT_EQ(get(root + "/vpn/Status"), "-2146885628") << "a key that belongs to another certificate";
}

TEST_F(ClientInstall, NamesOfAServerAreNoPaths) {
    const auto before = files();
    expect_done(run({change(Verb::add, root + "/..%2F..%2F..%2Fpasswd/KeyLocation", "3", "int")}));
    EXPECT_FALSE(root_.has("/etc/passwd"));
    EXPECT_EQ(value_of(clients_.names()), std::vector<std::string>{"../../../passwd"});
    expect_done(run({change(Verb::erase, root + "/..%2F..%2F..%2Fpasswd")}));
    EXPECT_EQ(files(), before);
}

TEST(ClientFailures, OfAnyCallWhileACertificateComesOrGoes) {
    TemporaryDirectory place;
    place.write("/etc/steward/encryption.conf", "");
    FailingCalls calls;
    platform::Files files{place.path(), calls};
    platform::ClientCertificates clients{files};
    platform::ClientCertificate wanted;
    wanted.pfx = to_base64(make_pfx(laptop(), {}, "p", PfxManner::bare, 1));
    wanted.password = "p";
    wanted.key_location = 3;
    const auto before = snapshot_of(place.path());
    ASSERT_TRUE(clients.write("vpn", wanted));
    const auto after = snapshot_of(place.path());
    for (const bool comes : {false, true}) {
        int n = 1;
        for (;; ++n) {
            calls.fail(n);
            const auto done = comes ? clients.write("vpn", wanted) : clients.erase("vpn");
            const bool failed = calls.failed();
            calls.fail(0);
            ASSERT_EQ(snapshot_of(place.path()), done.ok() == comes ? after : before) << n << comes;
            ASSERT_TRUE(comes ? clients.write("vpn", wanted) : clients.erase("vpn")) << n;
            ASSERT_EQ(snapshot_of(place.path()), comes ? after : before) << n;
            if (!failed) break;
            ASSERT_TRUE(comes ? clients.erase("vpn") : clients.write("vpn", wanted)) << n;
        }
        EXPECT_GT(n, 20);
    }
    // Whatever can't be read is not reported as installed.
    for (int n = 1;; ++n) {
        calls.fail(n);
        const auto now = clients.read("vpn");
        const bool failed = calls.failed();
        calls.fail(0);
        if (!failed) {
            EXPECT_EQ(value_of(clients.read("vpn")).complete, true);
            break;
        }
        EXPECT_TRUE(!now || now->complete == false) << n;
    }
}

}  // namespace
}  // namespace steward::test
