// Whole trees (TNDS) as the payload of Add and Replace.
#include "agent/tree/tnds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

using ::testing::HasSubstr;

const std::string accounts = "./Vendor2/Account";

Operation tree_for(Verb verb, std::string uri, std::string nodes) {
    return {verb,
            std::move(uri),
            {},
            "xml",
            "application/vnd.syncml.dmtnds+xml",
            "<MgmtTree xmlns=\"syncml:dmddf1.2\"><VerDTD>1.2</VerDTD>" + nodes + "</MgmtTree>"};
}

std::string leaf(const std::string& name, const std::string& format, const std::string& value) {
    return "<Node><NodeName>" + name + "</NodeName><RTProperties><Format><" + format +
           "/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>" + value + "</Value></Node>";
}

std::string interior(const std::string& name, const std::string& below, const std::string& properties = {}) {
    return "<Node><NodeName>" + name + "</NodeName><RTProperties><Format><node/></Format>" + properties +
           "</RTProperties>" + below + "</Node>";
}

Fault fault_of(Device& device, const Operation& operation) {
    const auto answer = device.one(operation);
    return answer.state == Answer::State::failed ? answer.error.fault : Fault::bug;
}

TEST(Tnds, ADD_08_AddOfATreeMakesAllItsNodes) {
    Device device;
    const auto nodes = interior("a", leaf("Name", "chr", "&lt;Ann&gt;") + leaf("Port", "int", "80"),
                                "<ACL>Add=corp&amp;Get=corp&amp;Replace=corp</ACL>") +
                       interior("b/c", leaf("Port", "int", "0081"));
    EXPECT_EQ(device.one(tree_for(Verb::add, accounts, nodes)).state, Answer::State::done);
    EXPECT_EQ(device.data(accounts + "/a/Name"), "<Ann>");
    EXPECT_EQ(device.data(accounts + "/a/Port"), "80");
    EXPECT_EQ(device.data(accounts + "/b%2Fc/Port"), "81") << "a slash in a name is no separator";
    EXPECT_EQ(device.data(accounts + "/a?prop=ACL"), "Add=corp&Get=corp&Replace=corp");
}

TEST(Tnds, ADD_08_TheTopNodeMayBeTheTargetItself) {
    for (const std::string name : {"", "x", "X"}) {
        Device device;
        const auto operation = tree_for(Verb::add, accounts + "/x", interior(name, leaf("Port", "int", "80")));
        EXPECT_EQ(device.one(operation).state, Answer::State::done) << name;
        EXPECT_EQ(device.data(accounts + "/x/Port"), "80") << name;
        EXPECT_EQ(fault_of(device, operation), Fault::exists) << name;
    }
    Device device;
    const std::string by_path = "<Node><NodeName>Port</NodeName><Path>./x</Path><Value>80</Value></Node>";
    EXPECT_EQ(device.one(tree_for(Verb::add, accounts, by_path)).state, Answer::State::done);
    EXPECT_EQ(device.data(accounts + "/x/Port"), "80") << "a Path is relative to the target";
}

TEST(Tnds, ADD_08_OneBadNodeAndNothingOfTheTreeIsThere) {
    const auto good = interior("a", leaf("Port", "int", "80"));
    for (const auto& [bad, fault] :
         {std::pair(interior("b", leaf("Port", "int", "70000")), Fault::invalid),
          std::pair(interior("b", leaf("Port", "xml", "80")), Fault::format),
          std::pair(interior("b", leaf("Colour", "chr", "red")), Fault::not_found),
          std::pair(interior("b", interior("Port", "")), Fault::format),
          std::pair(interior("b", leaf("Port", "int", "80"), "<ACL>nonsense</ACL>"), Fault::invalid),
          std::pair(interior("a", ""), Fault::exists)}) {
        Device device;
        EXPECT_EQ(fault_of(device, tree_for(Verb::add, accounts, good + bad)), fault) << bad;
        EXPECT_TRUE(device.policies->all().empty()) << bad;
    }
}

TEST(Tnds, ADD_08_ATreeOfSettingsIsWrittenOnceAndUndoneAsOne) {
    Device device;
    const auto policy = "./Device/Vendor/MSFT/Policy/Config/Lock";
    const auto settings = leaf("Length", "int", "12") + leaf("History", "int", "3");
    EXPECT_EQ(device.one(tree_for(Verb::replace, policy, settings)).state, Answer::State::done);
    EXPECT_EQ(device.lock.writes, 1);
    EXPECT_EQ(device.lock.managed.length, 12);
    device.lock.refuse = [](const Lock& wanted) -> Outcome {
        return wanted.length == 14 ? Outcome(Error{Fault::io, "no", {}}) : Outcome();
    };
    const auto refused = leaf("Length", "int", "14") + leaf("Banner", "chr", "hello");
    EXPECT_EQ(fault_of(device, tree_for(Verb::replace, policy, refused)), Fault::io);
    EXPECT_EQ(device.data(lock_uri + "Length"), "12");
    EXPECT_EQ(device.lock.managed.history, 3);
    EXPECT_FALSE(device.lock.managed.banner);
}

TEST(Tnds, REP_07_ReplaceTakesAwayWhatTheTreeDoesNotMention) {
    Device device;
    (void)device.run({add(accounts + "/a/Name", "old"), add(accounts + "/a/Port", "80"),
                      add(accounts + "/b/Port", "81"), add("./Vendor2/Title", "beside it")});
    (void)device.one({Verb::add, accounts + "/theirs/Port", {}, {}, {}, "99"}, "other");
    EXPECT_EQ(device.one(tree_for(Verb::replace, accounts, interior("a", leaf("Name", "chr", "new")))).state,
              Answer::State::done);
    EXPECT_EQ(device.data(accounts), "a");
    EXPECT_EQ(device.data(accounts + "/a"), "Name");
    EXPECT_EQ(device.data(accounts + "/a/Name"), "new");
    EXPECT_EQ(device.data("./Vendor2/Title"), "beside it");
    EXPECT_EQ(device.data(accounts + "/theirs/Port", "other"), "99") << "another authority's stays";
    const auto bad = tree_for(Verb::replace, accounts, interior("c", leaf("Port", "int", "many")));
    EXPECT_EQ(fault_of(device, bad), Fault::invalid);
    EXPECT_EQ(device.data(accounts + "/a/Name"), "new") << "what was erased for it is back";
}

TEST(Tnds, GET_02_WhatAListAnsweredCanBeSentBack) {
    Device device;
    (void)device.run(
        {add(accounts + "/a/Name", "<&>"), add(accounts + "/a/Port", "80"), add(accounts + "/%2F/Port", "1")});
    const auto tree = device.get(accounts + "?list=TNDS").found.front();
    (void)device.run(
        {erase(accounts + "/%2F"), replace(accounts + "/a/Name", "changed"), add(accounts + "/z/Port", "5")});
    const Operation back{Verb::replace, accounts, {}, std::string(csp::name_of(tree.format)), tree.type, tree.data};
    EXPECT_EQ(device.one(back).state, Answer::State::done);
    EXPECT_EQ(device.get(accounts + "?list=TNDS").found.front().data, tree.data);
    EXPECT_EQ(device.data(accounts + "/a/Name"), "<&>");

    Device other;
    (void)other.one(back);
    EXPECT_EQ(other.get(accounts + "?list=TNDS").found.front().data, tree.data) << "on another device, too";
}

TEST(Tnds, ADD_08_WhatIsNoTreeIsRefused) {
    Device device;
    const auto says = [&](std::string document, std::string type = "application/vnd.syncml.dmtnds+xml") {
        return fault_of(device, {Verb::add, accounts, {}, "xml", std::move(type), std::move(document)});
    };
    EXPECT_EQ(says("<MgmtTree/>", "application/vnd.syncml.dmtnds+wbxml"), Fault::format);
    EXPECT_EQ(says("<MgmtTree><VerDTD>2.0</VerDTD><Node/></MgmtTree>"), Fault::format);
    for (const std::string document :
         {"", "<MgmtTree/>", "<MgmtTree>", "<Other><Node/></Other>", "<MgmtTree><Node><Node/></Node></MgmtTree>",
          "<MgmtTree><Node><NodeName>a</NodeName><DFProperties/></Node></MgmtTree>",
          "<MgmtTree><Node><NodeName>a</NodeName><Path>b?prop=ACL</Path></Node></MgmtTree>",
          "<MgmtTree><Node><NodeName>a</NodeName><Value>1</Value><Node/></Node></MgmtTree>",
          "<MgmtTree><Node><NodeName>..</NodeName></Node></MgmtTree>"}) {
        EXPECT_EQ(says(document), Fault::malformed) << document;
    }
    EXPECT_EQ(fault_of(device, tree_for(Verb::add, "./Vendor2/Title", leaf("", "chr", "x"))), Fault::format);
    std::string many, deep;
    for (std::size_t i = 0; i <= most_tnds_nodes; ++i) many += "<Node><NodeName>a</NodeName></Node>";
    for (int i = 0; i < 100'000; ++i) deep += "<Node><NodeName>a</NodeName>";
    EXPECT_EQ(says("<MgmtTree>" + many + "</MgmtTree>"), Fault::too_large);
    EXPECT_EQ(says("<MgmtTree>" + deep), Fault::too_large);
    EXPECT_TRUE(device.policies->all().empty());
}

}  // namespace
}  // namespace steward::tree
