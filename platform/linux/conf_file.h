// Shared configuration files of one setting per line, changed in place and reversibly.
//
// A line of somebody else that we have to change is kept in the file itself, as a marked comment, and the line we put
// instead is marked too:
//     #steward:was# PASS_MAX_DAYS 99999
//     #steward:now# PASS_MAX_DAYS
//     PASS_MAX_DAYS 42
// So giving a setting back restores the file byte for byte even when nothing but the file is left of us. Lines of
// others stay as they are, and a file that we had to make disappears with our last setting.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace steward::platform {

struct Assignment {
    std::string key;
    std::optional<std::string> value;  // empty text: a key that stands alone; nullopt: the key is not to be set at all
    bool operator==(const Assignment&) const = default;
};

class ConfFile {
  public:
    enum class Style {
        equals,   // key = value; "#" starts a comment anywhere (pwquality.conf, faillock.conf, pwhistory.conf)
        blank,    // KEY value; "#" starts a comment at the beginning of a line only (login.defs)
        sections  // key = value below [section], asked for as "section.key"; comments as in blank (dnf.conf)
    };

    // The file as it is; nullopt: there is none.
    ConfFile(Style style, const std::optional<std::string>& text);

    // The value in force: of the last line that sets the key. Empty text for a key that stands alone.
    std::optional<std::string> value(std::string_view key) const;
    // The same for the file as it was before us.
    std::optional<std::string> original_value(std::string_view key) const;

    // The file with exactly these settings of ours; nullopt: it is not to exist.
    std::optional<std::string> with(std::span<const Assignment> ours) const;

  private:
    struct Line {
        std::string text;  // with its line end
        std::string key;   // empty: sets nothing
        std::string value;
    };

    Line parsed(std::string text, std::string& section) const;
    static std::string section_of(std::string_view key);
    void insert(std::vector<Line>& lines, std::vector<Line>::iterator at, const std::string& key,
                const std::string& setting) const;
    std::vector<Line> lines_of(std::string_view text) const;
    std::vector<Line> without_ours(const std::vector<Line>& lines) const;
    void assign(std::vector<Line>& lines, const Assignment& assignment) const;
    static std::optional<std::string> last_value(const std::vector<Line>& lines, std::string_view key);

    Style style_;
    bool made_by_us_ = false;     // nothing stood here before
    std::vector<Line> lines_;     // as they are
    std::vector<Line> original_;  // as they were before us
};

}  // namespace steward::platform
