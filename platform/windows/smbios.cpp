#include "platform/windows/smbios.h"

#include <windows.h>

#include <cstdint>
#include <vector>

#include "platform/base/text.h"
#include "platform/board_text.h"

namespace steward::platform {
namespace {

constexpr std::size_t raw_head = 8;        // how it was asked for, the version, and the length of what follows
constexpr std::size_t structure_head = 4;  // type, length, handle
constexpr std::uint8_t firmware = 0, system = 1, end_of_table = 127;
constexpr DWORD provider = 0x52534D42;  // "RSMB"

struct Structure {
    std::string_view formatted;
    std::vector<std::string_view> texts;

    std::optional<std::string> text(std::size_t offset) const {
        if (offset >= formatted.size()) return std::nullopt;
        const auto number = static_cast<std::uint8_t>(formatted[offset]);
        if (number == 0 || number > texts.size()) return std::nullopt;
        const auto said = trim(texts[number - 1U]);
        if (said.empty() || !valid_utf8(said)) return std::nullopt;
        return says_nothing(said) ? std::nullopt : std::optional(std::string(said));
    }
};

// Takes one structure with its texts off the front; false: there is no whole one.
bool next_structure(std::string_view& table, Structure& structure) {
    if (table.size() < structure_head) return false;
    const auto length = static_cast<std::uint8_t>(table[1]);
    if (length < structure_head || table.size() < length) return false;
    structure = {table.substr(0, length), {}};
    table.remove_prefix(length);
    if (table.starts_with(std::string_view("\0\0", 2))) {  // no texts at all
        table.remove_prefix(2);
        return true;
    }
    for (;;) {
        const auto end = table.find('\0');
        if (end == std::string_view::npos) return false;
        if (end > 0) structure.texts.push_back(table.substr(0, end));
        table.remove_prefix(end + 1);
        if (end == 0) return true;
    }
}

}  // namespace

Smbios read_smbios(std::string_view raw) {
    Smbios facts;
    if (raw.size() < raw_head) return facts;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<std::uint8_t>(raw[at])); };
    facts.version = std::to_string(byte(1)) + "." + std::to_string(byte(2));
    auto table = raw.substr(raw_head);
    Structure structure;
    while (next_structure(table, structure)) {
        const auto type = static_cast<std::uint8_t>(structure.formatted[0]);
        if (type == end_of_table) break;
        if (type == firmware && !facts.firmware_version) facts.firmware_version = structure.text(0x05);
        if (type != system || facts.manufacturer) continue;
        facts.manufacturer = structure.text(0x04);
        facts.model = structure.text(0x05);
        facts.hardware_version = structure.text(0x06);
        facts.serial_number = structure.text(0x07);
        facts.sku = structure.text(0x19);
    }
    return facts;
}

std::string smbios_table() {
    const UINT size = ::GetSystemFirmwareTable(provider, 0, nullptr, 0);
    std::string table(size, '\0');
    if (size == 0 || ::GetSystemFirmwareTable(provider, 0, table.data(), size) != size) return {};
    return table;
}

}  // namespace steward::platform
