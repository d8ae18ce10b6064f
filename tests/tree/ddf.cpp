#include "agent/tree/ddf.h"

#include <gtest/gtest.h>

#include "tests/tree/device.h"

namespace steward::tree {
namespace {

TEST(Ddf, DescribesANodeAsDeclared) {
    Device device;
    const auto text = ddf(device.tree->mount(), lock_uri + "Length");
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, R"(<?xml version="1.0" encoding="UTF-8"?>
<MgmtTree xmlns:MSFT="http://schemas.microsoft.com/MobileDevice/DM">
  <VerDTD>1.2</VerDTD>
  <Node>
    <NodeName>Length</NodeName>
    <Path>./Device/Vendor/MSFT/Policy/Config/Lock</Path>
    <DFProperties>
      <AccessType><Add/><Delete/><Get/><Replace/></AccessType>
      <DefaultValue>4</DefaultValue>
      <Description>Fewest characters.</Description>
      <DFFormat><int/></DFFormat>
      <Occurrence><ZeroOrOne/></Occurrence>
      <Scope><Dynamic/></Scope>
      <DFType><MIME>text/plain</MIME></DFType>
      <MSFT:AllowedValues ValueType="Range"><MSFT:Value>[4-16]</MSFT:Value></MSFT:AllowedValues>
      <MSFT:ConflictResolution>HighestValueMostSecure</MSFT:ConflictResolution>
    </DFProperties>
  </Node>
</MgmtTree>
)");
}

TEST(Ddf, WholeTreeHasEveryMount) {
    Device device;
    const auto text = ddf(device.tree->mount(), ".");
    ASSERT_TRUE(text);
    for (const char* part :
         {"<NodeName>Config</NodeName>", "<NodeName>Result</NodeName>", "<NodeName>Profiles</NodeName>",
          "<NodeName></NodeName>", "<DFTitle>Name</DFTitle>", "ValueType=\"ENUM\""}) {
        EXPECT_NE(text->find(part), std::string::npos) << part;
    }
    EXPECT_FALSE(ddf(device.tree->mount(), "./Nowhere"));
}

}  // namespace
}  // namespace steward::tree
