// RootCATrustedCertificates from command to device and back.
#include "tests/certificates/device.h"

namespace steward::test {
namespace {

const std::string root = "./Device/Vendor/MSFT/RootCATrustedCertificates/";

std::string node(const std::string& store, std::size_t number) {
    return root + store + "/" + thumbprint(number);
}

class RootCertificates : public CertificateDevice {
  protected:
    tree::Operation add(const std::string& store, std::size_t number) {
        return change(Verb::add, node(store, number) + "/EncodedCertificate", encoded(number), "b64");
    }
};

TEST_F(RootCertificates, AnAuthorityIsTrustedToldAndTakenBack) {
    const auto before = files();
    expect_done(run({add("Root", 2)}));
    EXPECT_EQ(get(root + "Root"), thumbprint(2));
    EXPECT_EQ(get(node("Root", 2) + "/EncodedCertificate"), encoded(2));
    EXPECT_EQ(get(node("Root", 2) + "/IssuedTo"), "CN = Authority 2");
    EXPECT_EQ(get(node("Root", 2) + "/IssuedBy"), "CN = Authority 2");
    EXPECT_EQ(get(node("Root", 2) + "/ValidFrom"), "2020-01-01T00:00:00Z");
    EXPECT_EQ(get(node("Root", 2) + "/ValidTo"), "2049-12-24T00:00:00Z");
    EXPECT_EQ(one(Verb::get, node("Root", 2) + "/TemplateName").error.fault, Fault::not_found);
    EXPECT_NE(root_.read("/etc/ssl/certs/ca-certificates.crt").find(pem(2)), std::string::npos);
    expect_done(run({change(Verb::erase, node("Root", 2))}));
    EXPECT_EQ(files(), before);
    EXPECT_EQ(get(root + "Root"), "");
    EXPECT_TRUE(policies_.originals().empty());
}

TEST_F(RootCertificates, ManyInOneMessageAreOneRunOfTheTool) {
    std::vector<tree::Operation> operations;
    for (std::size_t i = 2; i < 7; ++i) operations.push_back(add("Root", i));
    expect_done(run(operations));
    EXPECT_EQ(tool_.runs.size(), 1U);
    for (auto& operation : operations)
        operation = change(Verb::erase, operation.uri.substr(0, operation.uri.rfind('/')));
    expect_done(run(operations));
    EXPECT_EQ(tool_.runs.size(), 2U);
}

TEST_F(RootCertificates, ABadOneAmongGoodOnesIsBlamedAlone) {
    auto bad = add("Root", 3);
    bad.data = encoded(4);
    const auto answers = run({add("Root", 2), bad, add("Root", 5)});
    EXPECT_EQ(answers[0].state, State::done);
    EXPECT_EQ(answers[1].state, State::failed);
    EXPECT_EQ(answers[1].error.fault, Fault::invalid);
    EXPECT_EQ(answers[2].state, State::done);
    EXPECT_EQ(value_of(anchors_.names()).size(), 2U);
    EXPECT_EQ(value_of(system_.names()).size(), 4U);
}

TEST_F(RootCertificates, WhatTheAdministratorTrustsStays) {
    EXPECT_EQ(one(Verb::erase, node("Root", 1)).error.fault, Fault::not_found);
    expect_done(run({add("Root", 1), change(Verb::erase, node("Root", 1))}));
    EXPECT_EQ(root_.read(tool_.anchors() + "/company.crt"), pem(1));
    EXPECT_TRUE(anchors_.read(thumbprint(1)));
}

TEST_F(RootCertificates, AToolThatFailsMakesTheCommandFailAndNothingStays) {
    const auto before = files();
    tool_.fail = 1;
    const auto failed = one(Verb::add, node("Root", 2) + "/EncodedCertificate", encoded(2), "b64");
    EXPECT_EQ(failed.state, State::failed);
    EXPECT_NE((failed.error.what + failed.error.evidence).find("no space left"), std::string::npos);
    EXPECT_TRUE(policies_.all().empty());
    tool_.fail = 0;
    EXPECT_FALSE(anchors_.read(thumbprint(2)));
    EXPECT_EQ(files(), before);

    expect_done(run({add("Root", 2)}));
    tool_.fail = 1;
    EXPECT_EQ(one(Verb::erase, node("Root", 2)).state, State::failed) << "it is still trusted";
    tool_.fail = 0;
    EXPECT_TRUE(tree_.sweep().failed.empty());
    EXPECT_TRUE(anchors_.read(thumbprint(2))) << "as the rows say";
    expect_done(run({change(Verb::erase, node("Root", 2))}));
    EXPECT_EQ(files(), before);
}

TEST_F(RootCertificates, AnAnchorThatSomebodyTakesAwayIsDriftAndComesBack) {
    expect_done(run({add("Root", 2)}));
    std::filesystem::remove(root_.below(tool_.anchors() + "/steward-" + thumbprint(2) + ".crt"));
    tool_.install();
    auto drift = tree_.drift();
    ASSERT_TRUE(drift) << drift.error().what;
    ASSERT_EQ(drift->size(), 1U);
    EXPECT_EQ(drift->front().uri, node("Root", 2) + "/EncodedCertificate");
    EXPECT_EQ(tree_.sweep().repaired.size(), 1U);
    EXPECT_TRUE(anchors_.read(thumbprint(2)));
}

TEST_F(RootCertificates, AnIntermediateIsKnownAndTrustedByNobody) {
    const auto before = files();
    expect_done(run({add("CA", 2)}));
    EXPECT_EQ(get(root + "CA"), thumbprint(2));
    EXPECT_EQ(get(node("CA", 2) + "/IssuedTo"), "CN = Authority 2");
    EXPECT_FALSE(anchors_.read(thumbprint(2)));
    EXPECT_TRUE(tool_.runs.empty());
    expect_done(run({change(Verb::erase, node("CA", 2))}));
    EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace steward::test
