#include "tests/support/match.h"

#include <algorithm>
#include <regex>

#include "platform/base/text.h"
#include "tests/support/describe.h"

namespace steward::transcript {
namespace {

using Kind = Expectation::Kind;
constexpr std::size_t longest_for_regex = 4096;  // std::regex recurses once per character

bool fits(const Word& wanted, const std::string& seen, const Values& values) {
    switch (wanted.is) {
        case Word::Is::equal:
            return seen == fill_in(wanted.value, values);
        case Word::Is::differs:
            return seen != fill_in(wanted.value, values);
        case Word::Is::like:
            return seen.size() <= longest_for_regex &&
                   std::regex_search(seen, std::regex(wanted.value, std::regex::ECMAScript));
        case Word::Is::at_most:
        case Word::Is::at_least: {
            const auto number = to_integer(seen);
            const auto limit = to_integer(wanted.value);
            if (!number || !limit) return false;
            return wanted.is == Word::Is::at_most ? *number <= *limit : *number >= *limit;
        }
        case Word::Is::bare:
            break;
    }
    return false;
}

bool any_fits(const Word& wanted, const std::vector<std::string>& seen, const Values& values) {
    if (wanted.is == Word::Is::differs) {
        return std::all_of(seen.begin(), seen.end(),
                           [&](const std::string& each) { return fits(wanted, each, values); });
    }
    if (seen.empty()) return fits(wanted, {}, values);
    return std::any_of(seen.begin(), seen.end(), [&](const std::string& each) { return fits(wanted, each, values); });
}

// Keys that speak of an Item; all of them must fit the same one.
std::optional<std::string> of_item(const std::string& key, const syncml::Item& item) {
    if (key == "item") return item.source.empty() ? item.target : item.source;
    if (key == "source") return item.source;
    if (key == "target") return item.target;
    if (key == "format") return item.meta.format;
    if (key == "type") return item.meta.type;
    if (key == "mark") return item.meta.get().mark;
    if (key == "size") return item.meta.get().size;
    if (key == "length") return std::to_string(item.data ? item.data->size() : 0);
    if (key == "more") return std::string(item.more_data ? "true" : "false");
    return std::nullopt;
}

bool code_is_data(const syncml::Command& command) {
    return command.name == syncml::Name::status || command.name == syncml::Name::alert;
}

bool fits_command(const Word& wanted, const syncml::Command& command, const Values& values) {
    const auto& rare = command.get();
    const auto& key = wanted.key;
    if (key == "cmdid") return fits(wanted, command.cmd_id, values);
    if (key == "msgref") return fits(wanted, rare.msg_ref, values);
    if (key == "cmdref") return fits(wanted, rare.cmd_ref, values);
    if (key == "cmd") return fits(wanted, rare.cmd, values);
    if (key == "data") return fits(wanted, command.data, values);
    if (key == "targetref") return any_fits(wanted, rare.target_refs, values);
    if (key == "sourceref") return any_fits(wanted, rare.source_refs, values);
    if (key == "chal") return fits(wanted, rare.chal ? rare.chal->type : std::string(), values);
    if (key == "nonce") return fits(wanted, rare.chal ? rare.chal->get().next_nonce : std::string(), values);
    if (key == "error") return fits(wanted, rare.original_error, values);
    if (key == "correlator") return fits(wanted, rare.correlator, values);
    if (key == "items") return fits(wanted, std::to_string(command.items.size()), values);
    return false;
}

bool about_items(const Word& wanted, const syncml::Command& command) {
    if (wanted.key == "data") return !code_is_data(command);
    return of_item(wanted.key, syncml::Item{}).has_value();
}

bool fits(const Expectation& expected, const syncml::Command& command, const Values& values) {
    if (expected.name != syncml::name_of(command.name)) return false;
    std::vector<const Word*> of_items;
    for (const auto& wanted : expected.wanted) {
        if (about_items(wanted, command)) {
            of_items.push_back(&wanted);
        } else if (!fits_command(wanted, command, values)) {
            return false;
        }
    }
    const auto item_fits = [&](const syncml::Item& item) {
        return std::all_of(of_items.begin(), of_items.end(), [&](const Word* wanted) {
            if (wanted->key == "data") return fits(*wanted, item.data.value_or(std::string()), values);
            return fits(*wanted, *of_item(wanted->key, item), values);
        });
    };
    if (of_items.empty()) return true;
    if (command.items.empty()) return item_fits(syncml::Item{});
    return std::any_of(command.items.begin(), command.items.end(), item_fits);
}

std::string of_header(const std::string& key, const Received& received) {
    const auto& header = received.header;
    if (key == "msgid") return header.msg_id;
    if (key == "session") return header.session_id;
    if (key == "target") return header.target.uri;
    if (key == "source") return header.source.uri;
    if (key == "locname") return header.source.name;
    if (key == "cred") return header.cred ? header.cred->meta.type + ' ' + header.cred->data : std::string();
    if (key == "verdtd") return header.ver_dtd;
    if (key == "verproto") return header.ver_proto;
    if (key == "resp-uri") return header.resp_uri;
    if (key == "max-message") return header.meta.get().max_msg_size;
    if (key == "max-object") return header.meta.get().max_obj_size;
    if (key == "hmac") return received.hmac;
    if (key == "url") return received.url;
    if (key == "content-type") return received.content_type;
    if (key == "bytes") return std::to_string(received.body.size());
    return std::to_string(received.commands.size());  // commands
}

std::string http_header(const HttpHeaders& headers, std::string_view name) {
    for (const auto& [field, value] : headers) {
        if (same_ignoring_case(field, name)) return value;
    }
    return {};
}

class Comparison {
  public:
    Comparison(const Received& received, const Values& values)
        : received_(received), values_(values), used_(received.commands.size(), false) {}

    Finding check(const Expectation& expected) {
        Finding finding{expected.line, true, expected.written, {}};
        finding.seen = judge(expected);
        finding.passed = finding.seen.empty();
        return finding;
    }

  private:
    // What is wrong, in words; empty when nothing is.
    std::string judge(const Expectation& expected) {
        switch (expected.kind) {
            case Kind::some:
                return some(expected);
            case Kind::next:
                return next(expected);
            case Kind::none:
            case Kind::count:
                return counted(expected);
            case Kind::nothing_else:
                return nothing_else();
            case Kind::silence:
                return "the client sent a message" + listed({});
            case Kind::final:
                return received_.final ? "" : "the message has no Final";
            case Kind::no_final:
                return received_.final ? "the message has Final" : "";
            case Kind::header:
                return header(expected);
            case Kind::exactly:
                return exactly(expected);
        }
        return {};
    }

    std::string some(const Expectation& expected) {
        for (std::size_t i = 0; i < used_.size(); ++i) {
            if (used_[i] || !fits(expected, received_.commands[i], values_)) continue;
            used_[i] = true;
            last_ = i;
            return {};
        }
        return "there is none" + listed(expected.name);
    }

    std::string next(const Expectation& expected) {
        const std::size_t due = last_ ? *last_ + 1 : 0;
        if (due >= used_.size()) return "the message ends before it";
        if (used_[due] || !fits(expected, received_.commands[due], values_)) {
            return "in its place stands " + describe(received_.commands[due]);
        }
        used_[due] = true;
        last_ = due;
        return {};
    }

    std::string counted(const Expectation& expected) const {
        std::size_t count = 0;
        std::string first;
        for (const auto& command : received_.commands) {
            if (!fits(expected, command, values_)) continue;
            if (count++ == 0) first = describe(command);
        }
        const std::size_t due = expected.kind == Kind::none ? 0 : expected.count;
        if (count == due) return {};
        std::string text = "there are " + std::to_string(count);
        if (count > 0) text += ", the first is " + first;
        return text;
    }

    std::string nothing_else() const {
        for (std::size_t i = 0; i < used_.size(); ++i) {
            if (!used_[i]) return "there is also " + describe(received_.commands[i]);
        }
        return {};
    }

    std::string header(const Expectation& expected) const {
        for (const auto& wanted : expected.wanted) {
            std::string seen;
            if (wanted.key.starts_with("http-")) {
                if (!received_.http) continue;
                seen = http_header(*received_.http, wanted.key.substr(5));
            } else {
                seen = of_header(wanted.key, received_);
            }
            if (!fits(wanted, seen, values_)) return wanted.key + " is \"" + shorten(seen) + '"';
        }
        return {};
    }

    std::string exactly(const Expectation& expected) const {
        const std::string due = fill_in(expected.text, values_);
        if (matches_exactly(due, received_.body)) return {};
        const auto differ = std::mismatch(due.begin(), due.end(), received_.body.begin(), received_.body.end());
        const auto at = static_cast<std::size_t>(differ.second - received_.body.begin());
        constexpr std::size_t before = 20;
        const auto from = at > before ? at - before : 0;
        return "the bytes differ, the first time at byte " + std::to_string(at) + ": \"" +
               shorten(std::string_view(received_.body).substr(from), 80) + '"';
    }

    // The commands that come into question, to show beside a failure.
    std::string listed(std::string_view name) const {
        constexpr std::size_t most = 8;
        std::string text;
        std::size_t count = 0;
        for (std::size_t i = 0; i < used_.size(); ++i) {
            const auto& command = received_.commands[i];
            if (!name.empty() && name != syncml::name_of(command.name)) continue;
            if (count++ < most) text += "\n      " + describe(command) + (used_[i] ? " (matched above)" : "");
        }
        if (count > most) text += "\n      and " + std::to_string(count - most) + " more";
        if (count == 0) return "";
        return "; there is:" + text;
    }

    const Received& received_;
    const Values& values_;
    std::vector<bool> used_;
    std::optional<std::size_t> last_;
};

}  // namespace

std::vector<Finding> compare(const std::vector<Expectation>& expected, const Received& received, const Values& values) {
    Comparison comparison(received, values);
    std::vector<Finding> findings;
    findings.reserve(expected.size());
    for (const auto& each : expected) findings.push_back(comparison.check(each));
    return findings;
}

void gather(std::vector<syncml::Command>& package, std::vector<syncml::Command> more) {
    for (auto& command : more) {
        const bool chunk = command.name == syncml::Name::results && command.items.size() == 1;
        const auto open =
            !chunk ? package.end() : std::find_if(package.begin(), package.end(), [&](const auto& earlier) {
                return earlier.name == syncml::Name::results && earlier.items.size() == 1 &&
                       earlier.items[0].more_data && earlier.items[0].source == command.items[0].source;
            });
        if (open == package.end()) {
            package.push_back(std::move(command));
            continue;
        }
        auto& item = open->items[0];
        if (!item.data) item.data.emplace();
        *item.data += command.items[0].data.value_or(std::string());
        item.more_data = command.items[0].more_data;
    }
}

}  // namespace steward::transcript
