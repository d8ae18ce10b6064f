#include "csp/admx_value.h"

#include <array>
#include <utility>

#include "platform/base/text.h"

namespace steward::csp {
namespace {

constexpr std::size_t longest = 16384;
constexpr std::size_t most_elements = 64;
constexpr std::string_view blanks = " \t\r\n";

// Reads from the front of a text; whatever does not fit leaves it where it is.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : left_(text) {}

    void skip() {
        const auto at = left_.find_first_not_of(blanks);
        left_.remove_prefix(at == std::string_view::npos ? left_.size() : at);
    }
    bool take(std::string_view word) {
        if (!left_.starts_with(word)) return false;
        left_.remove_prefix(word.size());
        return true;
    }
    bool blank() const { return !left_.empty() && blanks.find(left_.front()) != std::string_view::npos; }
    bool done() const { return left_.empty(); }

    // name = "text", the name given.
    bool attribute(std::string_view name, std::string& value) {
        if (!take(name)) return false;
        skip();
        if (!take("=")) return false;
        skip();
        if (left_.empty() || (left_.front() != '"' && left_.front() != '\'')) return false;
        const auto end = left_.find(left_.front(), 1);
        if (end == std::string_view::npos) return false;
        const auto raw = left_.substr(1, end - 1);
        left_.remove_prefix(end + 1);
        return plain(raw, value);
    }

  private:
    static bool plain(std::string_view raw, std::string& value) {
        constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
            {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
        value.clear();
        while (!raw.empty()) {
            std::size_t used = 1;
            char letter = raw.front();
            if (letter == '<') return false;
            if (letter == '&') {
                used = 0;
                for (const auto& [name, meaning] : entities) {
                    if (!raw.starts_with(name)) continue;
                    used = name.size();
                    letter = meaning;
                }
                if (used == 0) return false;
            }
            value += letter;
            raw.remove_prefix(used);
        }
        return true;
    }

    std::string_view left_;
};

bool empty_element(Scanner& scanner, std::string_view name) {
    Scanner trial = scanner;
    if (!trial.take("<") || !trial.take(name)) return false;
    trial.skip();
    if (!trial.take("/>")) return false;
    scanner = trial;
    return true;
}

bool data_element(Scanner& scanner, std::string& id, std::string& value) {
    if (!scanner.take("<data") || !scanner.blank()) return false;
    bool has_id = false, has_value = false;
    for (int i = 0; i < 2; ++i) {
        scanner.skip();
        if (!has_id && scanner.attribute("id", id)) {
            has_id = true;
        } else if (!has_value && scanner.attribute("value", value)) {
            has_value = true;
        } else {
            return false;
        }
    }
    scanner.skip();
    return scanner.take("/>");
}

Error wrong(std::string_view why) {
    return {Fault::invalid,
            "The value has to be <enabled/> with its <data/> elements, or <disabled/>: " + std::string(why) + ".", ""};
}

}  // namespace

Result<AdmxValue> parse_admx(std::string_view text) {
    if (text.size() > longest) return wrong("it is too long");
    Scanner scanner(text);
    AdmxValue value;
    scanner.skip();
    value.enabled = empty_element(scanner, "enabled");
    if (!value.enabled && !empty_element(scanner, "disabled")) return wrong("it begins with neither");
    for (scanner.skip(); !scanner.done(); scanner.skip()) {
        std::string id, data;
        if (!data_element(scanner, id, data)) return wrong("an element is not as it should be");
        if (!value.enabled) return wrong("what is disabled has no data");
        if (value.data.size() == most_elements || !value.data.emplace(id, data).second)
            return wrong("\"" + id + "\" comes twice");
    }
    return value;
}

}  // namespace steward::csp
