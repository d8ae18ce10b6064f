#include "agent/transport/windows.h"

#include <gtest/gtest.h>

namespace steward::transport {
namespace {

TEST(WindowsHeaders, QueryIsAppendedToWhateverAddressIsConfigured) {
    struct Row {
        const char* url;
        bool user;
        const char* expected;
    };
    const Row rows[] = {
        {"https://mdm.example/dm", true, "https://mdm.example/dm?mode=Maintenance&Platform=WoA"},
        {"https://mdm.example/dm", false, "https://mdm.example/dm?mode=Machine&Platform=WoA"},
        {"https://mdm.example/dm?tenant=1", true, "https://mdm.example/dm?tenant=1&mode=Maintenance&Platform=WoA"},
        {"https://mdm.example/dm?", true, "https://mdm.example/dm?mode=Maintenance&Platform=WoA"},
        {"https://mdm.example/dm?a=1&", true, "https://mdm.example/dm?a=1&mode=Maintenance&Platform=WoA"},
        {"https://mdm.example/dm#here", true, "https://mdm.example/dm?mode=Maintenance&Platform=WoA"},
    };
    for (const Row& row : rows) EXPECT_EQ(session_url(row.url, row.user), row.expected);
}

TEST(WindowsHeaders, AreWhatWindowsSends) {
    using Headers = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(
        windows_headers("", "AbCd", 0),
        (Headers{{"Accept", "application/vnd.syncml.dm+xml, application/vnd.syncml.dm+wbxml, application/octet-stream"},
                 {"Accept-Charset", "UTF-8"},
                 {"User-Agent", "MSFT OMA DM Client/1.2.0.1"},
                 {"Client-Request-Id", "0"},
                 {"MS-CV", "AbCd.0"}}));
    EXPECT_EQ(windows_headers("device-7", "AbCd", 3)[3].second, "device-7");
    EXPECT_EQ(windows_headers("device-7", "AbCd", 3)[4].second, "AbCd.3");
}

TEST(WindowsHeaders, EachSessionHasACorrelationOfItsOwn) {
    EXPECT_EQ(new_correlation().size(), 16u);
    EXPECT_NE(new_correlation(), new_correlation());
}

}  // namespace
}  // namespace steward::transport
