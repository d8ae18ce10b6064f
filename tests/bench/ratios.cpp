// One thing to measure per run, for callgrind and massif; ratios.sh compares the runs. A new measurement is one
// function and one line in the table.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "agent/syncml/read.h"
#include "agent/syncml/wbxml.h"
#include "agent/syncml/write.h"
#include "tests/bench/bare_sax.h"
#include "tests/bench/traffic.h"
#include "tests/bench/whole.h"

namespace steward::bench {
namespace {

std::string contents(const char* path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::string bytes(file ? static_cast<std::size_t>(file.tellg()) : 0, '\0');  // one block: it is the heap's base
    file.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

bool save(const char* path, const std::string& bytes) {
    return static_cast<bool>(std::ofstream(path, std::ios::binary) << bytes);
}

bool load(const char* file) {
    return !contents(file).empty();
}

bool sax(const char* file) {
    return bare_sax(contents(file));
}

bool parse(const char* file) {
    return syncml::read_xml(contents(file)).ok();
}

bool parse_wbxml(const char* file) {
    return syncml::read_wbxml(contents(file)).ok();
}

bool write_statuses(const char* count) {
    syncml::Writer writer({}, false, syncml::Encoding::xml);
    for (const syncml::Command& status : statuses(std::strtoul(count, nullptr, 10))) writer.add(status);
    return !writer.finish(true).empty();
}

bool generate_replace(const char* path) {
    return save(path, syncml::write_xml(traffic(Mix::replace, 5000)));
}

bool generate_thousand(const char* path) {
    return save(path, syncml::write_xml(traffic(Mix::replace, 1000)));
}

bool whole(const char* file) {
    return whole_message(contents(file));
}

bool generate_gets(const char* path) {
    return save(path, syncml::write_xml(traffic(Mix::get, 1000)));
}

bool generate_mixed(const char* path) {
    return save(path, syncml::write_xml(traffic(Mix::mixed, 1000)));
}

bool generate_ten_thousand(const char* path) {
    return save(path, syncml::write_xml(traffic(Mix::replace, 10000)));
}

bool generate_one(const char* path) {
    return save(path, syncml::write_xml(traffic(Mix::replace, 1)));
}

bool generate_wbxml(const char* path) {
    return save(path, syncml::write_wbxml(traffic(Mix::replace, 5000)));
}

struct Measurement {
    const char* name;
    bool (*run)(const char* argument);
};

constexpr Measurement measurements[] = {
    {"generate-5000", generate_replace},  // FILE: 5,000 Replace commands, about 1.3 MB
    {"generate-1000", generate_thousand},
    {"generate-10000", generate_ten_thousand},
    {"generate-1", generate_one},
    {"generate-gets", generate_gets},
    {"generate-mixed", generate_mixed},
    {"generate-wbxml", generate_wbxml},
    {"load", load},                      // FILE: what the runs on a file have in common
    {"bare-sax", sax},                   // FILE
    {"parse", parse},                    // FILE
    {"parse-wbxml", parse_wbxml},        // FILE
    {"whole", whole},                    // FILE: read, session, tree in memory, statuses written
    {"write-statuses", write_statuses},  // COUNT
};

}  // namespace
}  // namespace steward::bench

int main(int count, char** arguments) {
    for (const auto& measurement : steward::bench::measurements) {
        if (count == 3 && std::string(measurement.name) == arguments[1]) return measurement.run(arguments[2]) ? 0 : 1;
    }
    std::fprintf(stderr, "usage: %s MEASUREMENT ARGUMENT, with one of\n", arguments[0]);
    for (const auto& measurement : steward::bench::measurements) std::fprintf(stderr, "  %s\n", measurement.name);
    return 2;
}
