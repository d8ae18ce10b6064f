#include "agent/app/options.h"

#include <algorithm>
#include <boost/program_options.hpp>

namespace steward::app {
namespace po = boost::program_options;

Result<Options> Options::parse(const std::vector<std::string>& words, const std::vector<Option>& known,
                               std::size_t most_positional) {
    po::options_description described;
    for (const auto& option : known) {
        if (option.value.empty()) {
            described.add_options()(option.name.c_str(), "");
        } else {
            described.add_options()(option.name.c_str(), po::value<std::string>(), "");
        }
    }
    described.add_options()("positional", po::value<std::vector<std::string>>(), "");
    po::positional_options_description positional;
    positional.add("positional", -1);
    Options options;
    try {
        po::variables_map found;
        po::store(po::command_line_parser(words)
                      .options(described)
                      .positional(positional)
                      .style(po::command_line_style::unix_style & ~po::command_line_style::allow_guessing)
                      .run(),
                  found);
        for (const auto& option : known) {
            if (found.count(option.name) == 0) continue;
            options.values_[option.name] = option.value.empty() ? "" : found[option.name].as<std::string>();
        }
        if (found.count("positional") > 0) options.positional_ = found["positional"].as<std::vector<std::string>>();
    } catch (const po::error& error) {
        return Error{Fault::invalid, std::string("The command line does not fit: ") + error.what() + ".", {}};
    }
    if (options.positional_.size() > most_positional) {
        return Error{
            Fault::invalid,
            "The command line does not fit: \"" + options.positional_[most_positional] + "\" is one word too many.",
            {}};
    }
    return options;
}

std::string Options::get(std::string_view name, std::string otherwise) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return otherwise;
    return found->second;
}

std::string describe(const std::vector<Option>& options) {
    std::size_t width = 0;
    const auto head = [](const Option& option) {
        return "--" + option.name + (option.value.empty() ? "" : " " + option.value);
    };
    for (const auto& option : options) width = std::max(width, head(option).size());
    std::string text;
    for (const auto& option : options) {
        std::string line = head(option);
        line.resize(width + 2, ' ');
        text += "  " + line + option.about + "\n";
    }
    return text;
}

}  // namespace steward::app
