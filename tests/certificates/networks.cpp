// A wireless network that signs in with a certificate and checks its server, all of which came from the server that
// manages the device.
#include "platform/linux/wifi.h"

#include "tests/certificates/device.h"
#include "tests/certificates/pfx_files.h"
#include "tests/support/wlan_documents.h"

namespace steward::test {
namespace {

const std::string network = "./Device/Vendor/MSFT/WiFi/Profile/Office/WlanXml";
const std::string anchor = "./Device/Vendor/MSFT/RootCATrustedCertificates/";
const std::string installed = "./Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/";

class CertifiedNetwork : public CertificateDevice {
  protected:
    tree::Operation authority_arrives(const std::string& store) {
        return change(Verb::add, anchor + store + "/" + thumbprint(2) + "/EncodedCertificate", encoded(2), "b64");
    }
    static tree::Operation certificate_arrives(const EndEntity& entity, const std::string& name) {
        return change(Verb::add, installed + name + "/PFXCertBlob",
                      to_base64(make_pfx(entity, {}, "", PfxManner::bare, 1)), "b64");
    }
    static tree::Operation network_arrives() {
        return change(Verb::add, network,
                      wlan_enterprise(13, wlan_server("radius.example.com", thumbprint(2)), "WPA2"));
    }
    std::string says(std::string_view name) const {
        if (manager_.connections.empty()) return "no network";
        const auto* group = manager_.connections.begin()->second.at("802-1x");
        const auto* value = group != nullptr ? group->at(name) : nullptr;
        if (value == nullptr) return {};
        auto text = value->as_text().value_or(value->as_bytes().value_or("?"));
        return text.substr(0, text.find('\0'));
    }
    // The certificate in a file that the network names.
    std::string thumbprint_in(std::string_view name) const {
        const auto uri = says(name);
        const auto certificate = read_certificate(root_.read(uri.substr(std::string_view("file://").size())));
        return certificate ? certificate->thumbprint : uri;
    }
};

TEST_F(CertifiedNetwork, AllOfItComesInOneMessage) {
    const auto laptop = end_entity(2, "laptop7.example.org");
    expect_done(tree_.run_atomic(
        server_, std::vector<tree::Operation>{authority_arrives("Root"), certificate_arrives(laptop, "work"),
                                              network_arrives()}));
    EXPECT_EQ(thumbprint_in("ca-cert"), thumbprint(2));
    EXPECT_EQ(thumbprint_in("client-cert"), thumbprint_of(laptop.certificate));
    EXPECT_EQ(says("identity"), "laptop7.example.org");
    const auto key = says("private-key").substr(std::string_view("file://").size());
    const auto opened = platform::PrivateKey::of_pem(root_.read(key));
    ASSERT_TRUE(opened) << key;
    EXPECT_TRUE(value_of(opened->belongs(laptop.certificate)));
    EXPECT_TRUE(tree_.drift()->empty());
}

TEST_F(CertifiedNetwork, AnIntermediateCanBePinnedAndIsTrustedForNothingElse) {
    root_.write("/etc/steward/wifi/identity", "laptop7");
    expect_done(run({authority_arrives("CA"), certificate_arrives(end_entity(2, "a"), "a"), network_arrives()}));
    EXPECT_EQ(thumbprint_in("ca-cert"), thumbprint(2));
    EXPECT_EQ(says("identity"), "laptop7") << "what the administrator wrote goes first";
    EXPECT_FALSE(anchors_.read(thumbprint(2)));
}

TEST_F(CertifiedNetwork, OfSeveralCertificatesTheOneThatIsValidLongestSignsIn) {
    const auto old = end_entity(2, "old", 200), fresh = end_entity(2, "fresh", 600);
    expect_done(run({authority_arrives("Root"), certificate_arrives(old, "a"), certificate_arrives(fresh, "b"),
                     network_arrives()}));
    EXPECT_EQ(thumbprint_in("client-cert"), thumbprint_of(fresh.certificate));

    expect_done(run({change(Verb::erase, installed + "b")}));
    EXPECT_NE(get(network), platform::without_wlan_key(*network_arrives().data)) << "it can't sign in any more";
    EXPECT_EQ(tree_.sweep().repaired.size(), 1U);
    EXPECT_EQ(thumbprint_in("client-cert"), thumbprint_of(old.certificate)) << "the one that is left";
}

TEST_F(CertifiedNetwork, TheAdministratorsOwnCertificateGoesFirst) {
    const auto own = end_entity(2, "own");
    root_.write("/etc/steward/wifi/certificate.pem", to_pem(own.certificate));
    root_.write("/etc/steward/wifi/key.pem", own.key);
    root_.write("/etc/steward/wifi/identity", "host/own");
    expect_done(run({authority_arrives("Root"), certificate_arrives(end_entity(2, "b"), "b"), network_arrives()}));
    EXPECT_EQ(thumbprint_in("client-cert"), thumbprint_of(own.certificate));
}

TEST_F(CertifiedNetwork, WithoutThemItIsRefusedAndSaysWhatIsMissing) {
    EXPECT_NE(one(Verb::add, network, *network_arrives().data).error.what.find("RootCATrustedCertificates"),
              std::string::npos);
    expect_done(run({authority_arrives("Root")}));
    EXPECT_NE(one(Verb::add, network, *network_arrives().data).error.what.find("ClientCertificateInstall"),
              std::string::npos);
    EXPECT_TRUE(manager_.connections.empty());
}

}  // namespace
}  // namespace steward::test
