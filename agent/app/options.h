// Command lines: declared options, parsed by Boost.Program_options, explained by --help.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace steward::app {

struct Option {
    std::string name;   // long name without dashes
    std::string value;  // what its value is called in --help; empty: a switch
    std::string about;
};

class Options {
  public:
    // Fault invalid, with a sentence that names the word that does not fit.
    static Result<Options> parse(const std::vector<std::string>& words, const std::vector<Option>& known,
                                 std::size_t most_positional);

    bool has(std::string_view name) const { return values_.contains(name); }
    std::string get(std::string_view name, std::string otherwise = {}) const;
    const std::vector<std::string>& positional() const { return positional_; }

  private:
    std::map<std::string, std::string, std::less<>> values_;
    std::vector<std::string> positional_;
};

std::string describe(const std::vector<Option>& options);  // indented lines for --help

}  // namespace steward::app
