#include "platform/linux/identity.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

#include <array>
#include <ctime>
#include <map>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "platform/board_text.h"
#include "platform/linux/variables.h"

namespace steward::platform {
namespace {

constexpr std::int64_t mib = 1 << 20;
constexpr std::int64_t sector = 512;

std::optional<std::string> dmi(const Files& files, std::string_view name) {
    auto text = files.fact("/sys/class/dmi/id/" + std::string(name));
    if (!text || !valid_utf8(*text)) return std::nullopt;
    if (says_nothing(*text)) return std::nullopt;
    return text;
}

// Texts of the device tree end in NUL.
std::optional<std::string> device_tree(const Files& files, std::string_view name) {
    const auto text = files.read("/proc/device-tree/" + std::string(name));
    if (!text) return std::nullopt;
    const auto shown = trim(std::string_view(*text).substr(0, text->find('\0')));
    if (shown.empty() || !valid_utf8(shown)) return std::nullopt;
    return std::string(shown);
}

std::optional<std::string> either(std::optional<std::string> first, std::optional<std::string> second) {
    return first ? first : second;
}

// From the SMBIOS entry point. Source: DSP0134 section 5.2.
std::optional<std::string> smbios_version(const Files& files) {
    const auto table = files.read("/sys/firmware/dmi/tables/smbios_entry_point");
    if (!table) return std::nullopt;
    const std::size_t at = table->starts_with("_SM3_") ? 7 : table->starts_with("_SM_") ? 6 : 0;
    if (at == 0 || table->size() < at + 2) return std::nullopt;
    return std::to_string(static_cast<unsigned char>((*table)[at])) + "." +
           std::to_string(static_cast<unsigned char>((*table)[at + 1]));
}

std::optional<std::int64_t> total_ram(const Files& files) {
    const auto text = files.read("/proc/meminfo");
    if (!text) return std::nullopt;
    for (const auto line : split(*text, '\n')) {
        if (!line.starts_with("MemTotal:")) continue;
        auto rest = trim(line.substr(9));
        const auto kib = to_integer(rest.substr(0, rest.find(' ')));
        if (kib) return *kib / 1024;
    }
    return std::nullopt;
}

// Disks that have hardware behind them and can't be taken out.
std::optional<std::int64_t> total_storage(const Files& files) {
    const auto names = files.list("/sys/block");
    if (!names) return std::nullopt;
    std::optional<std::int64_t> total;
    for (const auto& name : *names) {
        const auto disk = "/sys/block/" + name;
        if (!files.exists(disk + "/device") || files.fact(disk + "/removable") != "0") continue;
        if (const auto size = to_integer(files.fact(disk + "/size").value_or(""))) {
            total = total.value_or(0) + *size * sector;
        }
    }
    if (total) *total /= mib;
    return total;
}

std::optional<std::int64_t> free_storage(const Files& files) {
    struct statvfs volume {};
    if (::statvfs(files.root().c_str(), &volume) != 0) return std::nullopt;
    return static_cast<std::int64_t>(volume.f_bavail) * static_cast<std::int64_t>(volume.f_frsize) / mib;
}

std::optional<std::string> resolution(const Files& files) {
    const auto names = files.list("/sys/class/drm");
    if (!names) return std::nullopt;
    for (const auto& name : *names) {
        const auto connector = "/sys/class/drm/" + name;
        if (files.fact(connector + "/status") != "connected") continue;
        const auto modes = files.fact(connector + "/modes");
        if (modes) return modes->substr(0, modes->find('\n'));
    }
    return std::nullopt;
}

std::optional<std::string> host_name(const Files& files) {
    return either(files.fact("/proc/sys/kernel/hostname"), files.fact("/etc/hostname"));
}

// /etc/hosts names the host in full where a device has a full name that doesn't depend on the network.
std::optional<std::string> dns_name(const Files& files, const std::optional<std::string>& host) {
    const auto text = files.read("/etc/hosts");
    if (!host || !text) return host;
    for (const auto line : split(*text, '\n')) {
        std::vector<std::string_view> words;
        for (const auto part : split(line.substr(0, line.find('#')), ' ')) {
            for (const auto word : split(part, '\t')) {
                if (!trim(word).empty()) words.push_back(trim(word));
            }
        }
        for (std::size_t i = 1; i < words.size(); ++i) {
            if (words[i] != *host) continue;
            if (words[1].starts_with(*host + ".")) return std::string(words[1]);
        }
    }
    return host;
}

std::optional<std::string> language(const Files& files) {
    for (const auto path : {"/etc/locale.conf", "/etc/default/locale"}) {
        if (!files.exists(path)) continue;
        return language_tag(find_variable(read_variables(files, path), "LANG").value_or("C"));
    }
    return language_tag("C");  // what the system falls back on
}

std::optional<std::string> local_time(Instant now) {
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm parts{};
    if (::localtime_r(&seconds, &parts) == nullptr) return std::nullopt;
    std::array<char, 40> text{};
    if (std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S%z", &parts) == 0) return std::nullopt;
    std::string stamp = text.data();
    if (stamp.size() > 2) stamp.insert(stamp.size() - 2, ":");  // +0100 is +01:00
    return stamp;
}

}  // namespace

std::string language_tag(std::string_view locale) {
    const auto name = locale.substr(0, locale.find_first_of(".@"));
    if (name.empty() || name == "C" || name == "POSIX") return "en";
    std::string tag(name);
    for (auto& letter : tag) {
        if (letter == '_') letter = '-';
    }
    return tag;
}

std::optional<int> processor_architecture(std::string_view machine) {
    if (machine == "x86_64") return 9;
    if (machine == "aarch64") return 12;
    if (machine == "ia64") return 6;
    if (machine.starts_with("arm")) return 5;
    if (machine.size() == 4 && machine[0] == 'i' && machine.ends_with("86")) return 0;
    return std::nullopt;
}

std::optional<int> processor_type(std::string_view machine) {
    const auto architecture = processor_architecture(machine);
    if (!architecture) return std::nullopt;
    static const std::map<int, int> types = {{9, 8664}, {0, 586}, {6, 2200}, {5, 0}, {12, 0}};
    return types.at(*architecture);
}

Result<Identity> LinuxIdentity::read() {
    Identity identity;
    if (!device_id_.empty()) identity.device_id = device_id_;
    if (const auto machine = files_.fact("/etc/machine-id")) {
        identity.hardware_id = to_hex(sha256("steward hardware id " + *machine));
    }
    identity.manufacturer = dmi(files_, "sys_vendor");
    identity.model = either(dmi(files_, "product_name"), device_tree(files_, "model"));
    identity.sku = dmi(files_, "product_sku");
    identity.serial_number = either(dmi(files_, "product_serial"), device_tree(files_, "serial-number"));
    identity.smbios_version = smbios_version(files_);
    identity.firmware_version = dmi(files_, "bios_version");
    identity.hardware_version = either(dmi(files_, "product_version"), dmi(files_, "board_version"));

    const auto os =
        read_variables(files_, files_.exists("/etc/os-release") ? "/etc/os-release" : "/usr/lib/os-release");
    identity.os_name = find_variable(os, "PRETTY_NAME");
    identity.os_edition = either(find_variable(os, "VARIANT"), find_variable(os, "NAME"));
    identity.os_version = find_variable(os, "VERSION_ID");
    identity.language = language(files_);
    identity.host_name = host_name(files_);
    identity.dns_name = dns_name(files_, identity.host_name);
    identity.local_time = local_time(clock_.now());
    identity.resolution = resolution(files_);

    struct utsname kernel {};
    if (::uname(&kernel) == 0) {
        identity.processor_architecture = processor_architecture(kernel.machine);
        identity.processor_type = processor_type(kernel.machine);
    }
    identity.total_ram_mib = total_ram(files_);
    identity.total_storage_mib = total_storage(files_);
    identity.free_storage_mib = free_storage(files_);
    return identity;
}

Outcome LinuxIdentity::write(const Identity&) {
    return Error{Fault::refused, "The identity of a device is read, not set.", ""};
}

}  // namespace steward::platform
