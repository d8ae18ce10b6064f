// One table says what each setting does, on every system: tests/truth/truth.tsv.
//
// A cell of a system is "same": the value is taken and read back as it went in; "reads X": it is read back as X; or the
// kind of fault with which it is refused: then the device is untouched. In each case what the device was before returns
// with the deletion of the node. Where the systems differ the last cell says why.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "agent/store/database.h"
#include "agent/tree/tree.h"
#include "csp/contents.h"
#include "platform/base/text.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/wlan_documents.h"
#include "tests/truth/device.h"

namespace steward::test {
namespace {

struct Row {
    std::string uri, format, value, expected, why;
    bool differs = false;
};

std::vector<Row> table() {
    std::ifstream file(std::string(STEWARD_SOURCE_DIR) + "/tests/truth/truth.tsv");
    std::vector<Row> rows;
    std::size_t column = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        const auto cells = split(line, '\t');
        if (cells.size() < 5) {
            ADD_FAILURE() << line;
            continue;
        }
        if (cells[0] == "node") {
            const auto found = std::find(cells.begin(), cells.end(), truth_system());
            column = static_cast<std::size_t>(found - cells.begin());
            continue;
        }
        Row row;
        row.uri = "./Device/Vendor/MSFT/" + std::string(cells[0]);
        row.format = cells[1];
        row.value = cells[2];
        row.expected = cells.at(column);
        row.differs = cells[3] != cells[4];
        if (cells.size() > 5) row.why = cells[5];
        rows.push_back(std::move(row));
    }
    return rows;
}

// Values that are documents have names in the table.
std::string spelled_out(const std::string& value) {
    const auto methods = [](const std::string& number) {
        std::string text = "<enabled/>";
        for (const std::string kind : {"Os", "Fdv", "Rdv"}) {
            text += "<data id=\"EncryptionMethodWithXts" + kind + "DropDown_Name\" value=\"" + number + "\"/>";
        }
        return text;
    };
    const std::map<std::string, std::string> documents = {
        {"@xts-128", methods("6")},
        {"@xts-256", methods("7")},
        {"@cbc-256", methods("4")},
        {"@no-cipher", methods("5")},
        {"@any-method", "<disabled/>"},
        {"@wpa2", wlan_personal("pass phrase 1")},
        {"@open", wlan_document(wlan_encryption("open", "none"))},
        {"@wep", wlan_document(wlan_encryption("open", "WEP") + wlan_key("abcde", "networkKey"))},
        {"@rubbish", "<WLANProfile/>"},
    };
    const auto found = documents.find(value);
    return found == documents.end() ? value : found->second;
}

std::string name_of(Fault fault) {
    switch (fault) {
        case Fault::unsupported:
            return "unsupported";
        case Fault::invalid:
            return "invalid";
        case Fault::malformed:
            return "malformed";
        case Fault::incomplete:
            return "incomplete";
        case Fault::not_found:
            return "not found";
        default:
            return "fault " + std::to_string(static_cast<int>(fault));
    }
}

class Server {
  public:
    Server() { EXPECT_TRUE(policies_.load()); }

    std::string state() { return device_->state(); }
    tree::Answer run(tree::Verb verb, const Row& row) {
        tree::Operation operation{verb, row.uri, {}, {}, {}, std::nullopt};
        if (verb == tree::Verb::replace || verb == tree::Verb::add) {
            operation.format = row.format;
            operation.data = spelled_out(row.value);
        }
        const std::vector<tree::Operation> operations = {operation};
        return tree_.run(corp_, operations).front();
    }

  private:
    std::unique_ptr<TruthDevice> device_ = truth_device();
    TemporaryDirectory data_;
    FixedClock clock_;
    std::unique_ptr<store::Database> database_ = std::move(*store::Database::open(data_.below("/db").string()));
    store::Policies policies_{clock_, database_.get()};
    store::Actions actions_{clock_, database_.get()};
    tree::Tree tree_{csp::contents(device_->host()), policies_, actions_};
    const tree::Context corp_{"corp", "7"};
};

// What a setting did, in the words of the table.
std::string outcome(const Row& row, const std::string& told) {
    if (told == spelled_out(row.value)) return "same";
    return "reads " + (told.starts_with('<') ? std::string("a document") : told);
}

TEST(Truth, EverySettingDoesWhatTheTableSays) {
    using State = tree::Answer::State;
    for (const auto& row : table()) {
        if (!can_be_tried(row.uri)) continue;
        SCOPED_TRACE(row.uri + " = " + row.value);
        Server server;
        const auto pristine = server.state();
        const bool of_table = row.uri.find("/WiFi/") != std::string::npos;
        const auto set = server.run(of_table ? tree::Verb::add : tree::Verb::replace, row);
        if (set.state != State::done) {
            EXPECT_EQ(name_of(set.error.fault), row.expected) << set.error.what;
            EXPECT_FALSE(set.error.what.empty());
            EXPECT_TRUE(server.state() == pristine) << "something was changed all the same";
            continue;
        }
        const auto got = server.run(tree::Verb::get, row);
        if (got.state != State::done) {
            ADD_FAILURE() << got.error.what;
            continue;
        }
        EXPECT_EQ(outcome(row, got.found.front().data.value_or("")), row.expected)
            << got.found.front().data.value_or("");
        const auto gone = server.run(tree::Verb::erase, row);
        EXPECT_EQ(gone.state, State::done) << gone.error.what;
        EXPECT_TRUE(server.state() == pristine) << "what was before does not return";
    }
}

TEST(Truth, TheTableIsLongEnoughAndNoDifferenceIsUnexplained) {
    constexpr std::size_t fewest = 60;
    std::size_t alike = 0;
    for (const auto& row : table()) {
        EXPECT_EQ(row.differs, !row.why.empty()) << row.uri << " = " << row.value;
        if (!row.differs) ++alike;
    }
    EXPECT_GE(alike, fewest) << "settings with the same result on each system";
}

}  // namespace
}  // namespace steward::test
