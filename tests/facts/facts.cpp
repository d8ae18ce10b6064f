#include "tests/facts/facts.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace steward::facts {
namespace {

using nlohmann::json;

std::string joined(const std::set<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

// ./Vendor/MSFT is the device scope; the name inside the braces of a dynamic segment is ours to choose.
std::string canonical(std::string uri) {
    constexpr std::string_view alias = "./Vendor/MSFT/";
    if (uri.starts_with(alias)) uri = "./Device/Vendor/MSFT/" + uri.substr(alias.size());
    std::string plain;
    bool inside = false;
    for (const char letter : uri) {
        if (letter == '}') inside = false;
        if (!inside) plain += letter;
        if (letter == '{') inside = true;
    }
    return plain;
}

std::string value_set(const char* kind, const json& values) {
    std::set<std::string> keys;
    for (const auto& [key, meaning] : values.items()) {
        std::string number = key;
        if (key.starts_with("0x")) number = std::to_string(std::stol(key, nullptr, 16));
        if (std::string_view(kind) == "flags" && number == "0") continue;  // no flag at all is always allowed
        keys.insert(number);
    }
    return std::string(kind) + " " + joined(keys);
}

std::string allowed_of(const json& node, const std::string& format) {
    const auto& allowed = node.at("allowed");
    if (format == "bool") return "any";  // a bool is true or false, whatever the labels
    if (allowed.is_null()) return "any";
    const auto type = allowed.at("type").get<std::string>();
    std::string text = "any";
    if (type == "enum") text = value_set("one of", allowed.at("values"));
    if (type == "flag") text = value_set("flags", allowed.at("values"));
    if (type == "range") text = "range " + allowed.at("min").dump() + ".." + allowed.at("max").dump();
    if (type == "regex") text = "pattern " + allowed.at("pattern").get<std::string>();
    if (type == "admx") text = "admx";
    if (allowed.contains("list_delimiter")) text += ", a list";
    return text;
}

Fact fact_of(const json& node) {
    Fact fact;
    fact.uri = canonical(node.at("uri").get<std::string>());
    fact.format = node.at("format").get<std::string>();
    fact.access = joined(node.at("access").get<std::set<std::string>>());
    fact.allowed = allowed_of(node, fact.format);
    if (!node.at("default").is_null()) fact.otherwise = node.at("default").get<std::string>();
    if (const auto format = csp::format_named(fact.format)) {
        if (auto text = csp::canonical(*format, {}, fact.otherwise); text && !fact.otherwise.empty()) {
            fact.otherwise = *text;
        }
    }
    return fact;
}

std::string access_of(csp::AccessSet access) {
    std::set<std::string> words;
    if ((access & csp::can_add) != 0) words.insert("Add");
    if ((access & csp::can_copy) != 0) words.insert("Copy");
    if ((access & csp::can_delete) != 0) words.insert("Delete");
    if ((access & csp::can_exec) != 0) words.insert("Exec");
    if ((access & csp::can_get) != 0) words.insert("Get");
    if ((access & csp::can_replace) != 0) words.insert("Replace");
    return joined(words);
}

std::string allowed_of(const csp::Node& node) {
    using Kind = csp::Allowed::Kind;
    if (node.format == csp::Format::boolean) return "any";
    const auto& allowed = node.allowed;
    std::string text = "any";
    std::set<std::string> values;
    for (const auto& choice : allowed.choices) values.insert(choice.value);
    if (allowed.kind == Kind::one_of) text = "one of " + joined(values);
    if (allowed.kind == Kind::flags) {
        values.erase("0");
        text = "flags " + joined(values);
    }
    if (allowed.kind == Kind::range) text = "range " + csp::to_text(allowed.min) + ".." + csp::to_text(allowed.max);
    if (allowed.kind == Kind::check) text = allowed.pattern.empty() ? allowed.name : "pattern " + allowed.pattern;
    if (!allowed.delimiter.empty()) text += ", a list";
    return text;
}

void collect(const csp::Node& node, const std::string& uri, std::vector<Fact>& facts) {
    facts.push_back({canonical(uri), std::string(csp::name_of(node.format)), access_of(node.access), allowed_of(node),
                     node.otherwise.value_or("")});
    for (const auto& child : node.children) collect(child, uri + "/" + child.name, facts);
}

}  // namespace

Result<std::vector<Table>> read_tables(const std::string& directory) {
    std::vector<std::filesystem::path> paths;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(directory, problem)) paths.push_back(entry.path());
    if (problem) return Error{Fault::io, "The facts can't be listed: " + problem.message() + ".", directory};
    std::sort(paths.begin(), paths.end());
    std::vector<Table> tables;
    for (const auto& path : paths) {
        try {
            std::ifstream file(path);
            const auto document = json::parse(file);
            Table table;
            table.name = document.at("csp").get<std::string>();
            for (const auto& node : document.at("nodes")) table.facts.push_back(fact_of(node));
            tables.push_back(std::move(table));
        } catch (const std::exception& wrong) {
            return Error{Fault::malformed, std::string("A table of facts can't be read: ") + wrong.what(),
                         path.string()};
        }
    }
    return tables;
}

std::vector<Fact> facts_of(const csp::Csp& csp) {
    std::vector<Fact> facts;
    collect(csp.node(), csp.root(), facts);
    return facts;
}

Comparison compare(const Table& published, const std::vector<Fact>& ours) {
    std::map<std::string, const Fact*> mine, theirs;
    for (const auto& fact : ours) mine.emplace(fact.uri, &fact);
    for (const auto& fact : published.facts) theirs.emplace(fact.uri, &fact);
    Comparison result;
    result.published = static_cast<int>(published.facts.size());
    for (const auto& fact : published.facts) {
        const auto found = mine.find(fact.uri);
        if (found == mine.end()) {
            result.differences.push_back({fact.uri, "missing", "published with " + fact.access});
            continue;
        }
        ++result.present;
        const auto before = result.differences.size();
        const auto check = [&](const char* kind, const std::string Fact::*member) {
            const auto& our = found->second->*member;
            const auto& their = fact.*member;
            if (our != their) result.differences.push_back({fact.uri, kind, "ours " + our + ", published " + their});
        };
        check("format", &Fact::format);
        check("access", &Fact::access);
        check("allowed", &Fact::allowed);
        check("default", &Fact::otherwise);
        if (result.differences.size() == before) ++result.equal;
    }
    for (const auto& fact : ours) {
        if (!theirs.contains(fact.uri)) result.differences.push_back({fact.uri, "added", "ours with " + fact.access});
    }
    return result;
}

bool Explanation::covers(const Difference& difference) const {
    if (kind != difference.kind) return false;
    if (!uri.ends_with("/*")) return uri == difference.uri;
    const auto above = uri.substr(0, uri.size() - 2);
    return difference.uri == above || difference.uri.starts_with(above + "/");
}

std::vector<Explanation> read_explanations(std::string_view text) {
    std::vector<Explanation> rows;
    int line = 0;
    for (const auto raw : split(text, '\n')) {
        ++line;
        const auto cells = split(trim(raw), '|');
        if (cells.size() != 5 || !trim(cells[1]).starts_with('`')) continue;
        auto uri = trim(cells[1]);
        uri = uri.substr(1, uri.size() - 2);
        rows.push_back({canonical(std::string(uri)), std::string(trim(cells[2])), std::string(trim(cells[3])), line});
    }
    return rows;
}

}  // namespace steward::facts
