// CertificateStore: what is told of each store, and that it is told from the device.
#include "tests/certificates/device.h"
#include "tests/certificates/pfx_files.h"

namespace steward::test {
namespace {

const std::string store = "./Device/Vendor/MSFT/CertificateStore/";
const std::string anchor = "./Device/Vendor/MSFT/RootCATrustedCertificates/";

class Stores : public CertificateDevice {
  protected:
    void expect_told(const std::string& place, const std::string& der, const std::string& name) {
        const auto at = store + place + "/" + thumbprint_of(der);
        EXPECT_EQ(get(at + "/EncodedCertificate"), to_base64(der));
        EXPECT_EQ(get(at + "/IssuedTo"), "CN = " + name);
        EXPECT_EQ(get(at + "/IssuedBy").find("CN = Authority"), 0U);
        EXPECT_EQ(get(at + "/ValidFrom").substr(4, 6), "-01-01");
    }
};

TEST_F(Stores, EveryStoreTellsWhatIsInIt) {
    const auto laptop = end_entity(0, "laptop7");
    expect_done(run({change(Verb::add, anchor + "Root/" + thumbprint(2) + "/EncodedCertificate", encoded(2), "b64"),
                     change(Verb::add, anchor + "CA/" + thumbprint(3) + "/EncodedCertificate", encoded(3), "b64"),
                     change(Verb::add, "./Device/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/vpn/PFXCertBlob",
                            to_base64(make_pfx(laptop, {}, "", PfxManner::bare, 1)), "b64")}));
    EXPECT_EQ(get(store + "ROOT"), "System/" + thumbprint(2));
    expect_told("ROOT", authority(2).certificate(), "Authority 2");
    for (std::size_t i = 0; i < 3; ++i)
        expect_told("ROOT/System", authority(i).certificate(), "Authority " + std::to_string(i));
    EXPECT_EQ(get(store + "CA"), thumbprint(3));
    expect_told("CA", authority(3).certificate(), "Authority 3");
    EXPECT_EQ(get(store + "MY/User"), thumbprint_of(laptop.certificate));
    expect_told("MY/User", laptop.certificate, "laptop7");
}

TEST_F(Stores, AnEmptyDeviceSaysSo) {
    EXPECT_EQ(get(store + "MY/User"), "");
    EXPECT_EQ(get(store + "CA"), "");
    EXPECT_EQ(get(store + "ROOT"), "System");
    EXPECT_EQ(value_of(system_.names()).size(), 2U);
    EXPECT_EQ(one(Verb::get, store + "ROOT/System/" + thumbprint(5)).error.fault, Fault::not_found);
}

TEST_F(Stores, NothingIsSetHere) {
    const auto at = store + "ROOT/System/" + thumbprint(0);
    EXPECT_EQ(one(Verb::erase, at).error.fault, Fault::refused);
    EXPECT_EQ(one(Verb::add, store + "ROOT/" + thumbprint(2) + "/EncodedCertificate", encoded(2), "b64").error.fault,
              Fault::refused);
    EXPECT_TRUE(anchors_.read(thumbprint(0)));
    EXPECT_FALSE(anchors_.read(thumbprint(2)));
}

TEST_F(Stores, AWholeStoreIsOneAnswer) {
    const auto answer = one(Verb::get, store + "ROOT/System?list=StructData");
    ASSERT_EQ(answer.state, State::done) << answer.error.what;
    EXPECT_EQ(answer.found.size(), 1U + 2 * 6) << "the store, and of each its node and five facts";
}

}  // namespace
}  // namespace steward::test
