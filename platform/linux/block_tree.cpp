#include "platform/linux/block_tree.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr int deepest = 16;
constexpr int most_devices = 512;  // of one walk, so that a strange tree ends

// Types of libcryptsetup that encrypt. VERITY and INTEGRITY stand behind the same "CRYPT-" and hide nothing.
struct CryptType {
    std::string_view prefix, kind;
};
constexpr std::array crypt_types = {
    CryptType{"CRYPT-LUKS1-", "LUKS1"},      CryptType{"CRYPT-LUKS2-", "LUKS2"},
    CryptType{"CRYPT-PLAIN-", "plain"},      CryptType{"CRYPT-BITLK-", "BitLocker"},
    CryptType{"CRYPT-TCRYPT-", "VeraCrypt"}, CryptType{"CRYPT-FVAULT2-", "FileVault"},
    CryptType{"CRYPT-LOOPAES-", "loop-AES"},
};

std::string_view kind_of(std::string_view uuid) {
    for (const auto& type : crypt_types) {
        if (uuid.starts_with(type.prefix)) return type.kind;
    }
    return {};
}

bool null_cipher(std::string_view cipher) {
    return cipher.starts_with("cipher_null") || cipher == "null" || cipher.starts_with("null-");
}

std::string base_name(std::string_view path) {
    return std::string(path.substr(path.rfind('/') + 1));
}

// In the kernel's names of devices "!" stands for "/".
std::string node_of(std::string name) {
    std::replace(name.begin(), name.end(), '!', '/');
    return "/dev/" + name;
}

// Of several ways down the worst counts: what is open is open whatever else is not.
Below joined(Below a, Below b) {
    const auto worse = [](Judgement x, Judgement y) {
        return x == Judgement::open || (x == Judgement::unknown && y != Judgement::open);
    };
    if (worse(b.judgement, a.judgement)) {
        a.judgement = b.judgement;
        a.reason = std::move(b.reason);
    }
    a.layers.insert(a.layers.end(), b.layers.begin(), b.layers.end());
    a.removable = a.removable && b.removable;
    a.in_memory = a.in_memory && b.in_memory;
    a.in_file = a.in_file || b.in_file;
    return a;
}

Below unknown(std::string reason) {
    Below below;
    below.reason = std::move(reason);
    below.removable = false;
    return below;
}

}  // namespace

// Every SD card and everything behind USB, whatever the disk says of itself.
bool BlockTree::removable(const std::string& path) const {
    if (files_.fact(path + "/removable") == "1" || files_.fact(path + "/device/type") == "SD") return true;
    std::string at = path;
    for (int i = 0; i < deepest; ++i) {
        at += "/..";
        const auto subsystem = files_.link_target(at + "/subsystem");
        if (subsystem && base_name(*subsystem) == "usb") return true;
    }
    return false;
}

Below BlockTree::walk(const std::string& path, int depth, int& budget) const {
    if (depth > deepest || --budget < 0) return unknown("It stands on more layers than can be followed.");
    if (!files_.exists(path)) return unknown("The kernel shows no block device for it.");
    if (files_.exists(path + "/partition")) return walk(path + "/..", depth + 1, budget);

    std::vector<std::string> slaves;
    if (auto listed = files_.list(path + "/slaves")) {
        slaves = std::move(*listed);
    } else if (listed.error().fault != Fault::not_found) {
        return unknown("The layers below it can't be listed.");
    }
    const auto uuid = files_.fact(path + "/dm/uuid").value_or("");
    if (const auto kind = kind_of(uuid); !kind.empty()) {
        CryptLayer layer;
        layer.kind = kind;
        layer.name = files_.fact(path + "/dm/name").value_or("");
        if (slaves.size() == 1) layer.device = node_of(slaves.front());
        return through(layer, slaves, path, depth, budget);
    }
    if (!slaves.empty()) {
        auto all = walk(path + "/slaves/" + slaves.front(), depth + 1, budget);
        for (std::size_t i = 1; i < slaves.size(); ++i) {
            all = joined(std::move(all), walk(path + "/slaves/" + slaves[i], depth + 1, budget));
        }
        return all;
    }

    Below leaf;
    leaf.judgement = Judgement::open;
    leaf.reason = "No layer between it and the disk encrypts.";
    leaf.removable = removable(path);
    if (files_.exists(path + "/loop/backing_file")) {
        leaf = unknown("It is kept in the file " + files_.fact(path + "/loop/backing_file").value_or("?") + ".");
        leaf.in_file = true;
    } else if (files_.exists(path + "/comp_algorithm")) {  // zram
        leaf.in_memory = files_.fact(path + "/backing_dev").value_or("none") == "none";
        if (!leaf.in_memory) leaf = unknown("It is compressed memory that is written to a disk when it is full.");
    } else if (files_.exists(path + "/bcache") || files_.exists(path + "/dm")) {
        leaf = unknown("It is put together by the kernel from devices that it doesn't name.");
    }
    return leaf;
}

Below BlockTree::through(const CryptLayer& found, const std::vector<std::string>& slaves, const std::string& path,
                         int depth, int& budget) const {
    CryptLayer layer = found;
    Below below;
    below.removable = !slaves.empty();
    bool being_changed = false, hidden_below = !slaves.empty();
    std::vector<CryptLayer> deeper;
    for (const auto& slave : slaves) {
        const auto lower = walk(path + "/slaves/" + slave, depth + 1, budget);
        below.removable = below.removable && lower.removable;
        hidden_below = hidden_below && lower.judgement == Judgement::encrypted;
        deeper.insert(deeper.end(), lower.layers.begin(), lower.layers.end());
        being_changed = being_changed ||
                        files_.fact(path + "/slaves/" + slave + "/dm/uuid").value_or("").starts_with("CRYPT-SUBDEV-");
    }
    below.judgement = Judgement::encrypted;
    const bool has_header = layer.kind == "LUKS1" || layer.kind == "LUKS2";
    if (has_header && !layer.device.empty()) {
        if (auto header = luks_.read(layer.device)) layer.header = std::move(*header);
    }
    std::optional<std::string> cipher;
    if (auto active = luks_.active_cipher(layer.name)) cipher = std::move(*active);
    if (!cipher && layer.header) cipher = layer.header->cipher;
    if (cipher && null_cipher(*cipher)) {
        below.judgement = Judgement::open;
        below.reason = "Its layer of encryption uses the null cipher, which hides nothing.";
    } else if (layer.header && layer.header->converting) {
        below.judgement = Judgement::open;
        below.reason = "Its encryption has begun or is being taken away, and part of its data lies open.";
    } else if (being_changed && !layer.header) {
        below.judgement = Judgement::unknown;
        below.reason = "It is being re-encrypted, and its header can't be read to tell from what.";
    } else if (!has_header && layer.kind == "plain" && !cipher) {
        below.judgement = Judgement::unknown;
        below.reason =
            "It is encrypted without a header, and with what the kernel tells only whoever may administer the whole "
            "system, which this service may not: \"sudo steward tree list\" at the device judges it.";
    }
    below.layers.push_back(std::move(layer));
    below.layers.insert(below.layers.end(), deeper.begin(), deeper.end());
    // An inner layer that hides everything makes up for an outer one that does not.
    if (hidden_below) below.judgement = Judgement::encrypted;
    return below;
}

Below BlockTree::below(const std::string& number) const {
    int budget = most_devices;
    return walk("/sys/dev/block/" + number, 0, budget);
}

std::optional<std::string> BlockTree::number_of(std::string_view device) const {
    std::string path(device);
    for (int links = 0; links < 8; ++links) {  // by-uuid and friends
        const auto target = files_.link_target(path);
        if (!target || target->empty()) break;
        path = target->front() == '/' ? *target : path.substr(0, path.rfind('/') + 1) + *target;
    }
    if (!path.starts_with("/dev/")) return std::nullopt;
    std::string name = base_name(path);
    if (path == "/dev/" + name || path.find("/../") != std::string::npos) {
        if (auto number = files_.fact("/sys/class/block/" + name + "/dev")) return number;
    }
    std::string inside = path.substr(5);
    std::replace(inside.begin(), inside.end(), '/', '!');
    if (auto number = files_.fact("/sys/class/block/" + inside + "/dev")) return number;
    if (!path.starts_with("/dev/mapper/")) return std::nullopt;
    const auto all = files_.list("/sys/class/block");
    if (!all) return std::nullopt;
    for (const auto& each : *all) {
        if (files_.fact("/sys/class/block/" + each + "/dm/name") == name) {
            return files_.fact("/sys/class/block/" + each + "/dev");
        }
    }
    return std::nullopt;
}

Result<std::vector<std::string>> BlockTree::btrfs_members(const std::string& number) const {
    auto systems = files_.list("/sys/fs/btrfs");
    if (!systems) return std::move(systems).error();
    for (const auto& system : *systems) {
        const auto devices = files_.list("/sys/fs/btrfs/" + system + "/devices");
        if (!devices) continue;
        std::vector<std::string> numbers;
        for (const auto& device : *devices) {
            numbers.push_back(files_.fact("/sys/fs/btrfs/" + system + "/devices/" + device + "/dev").value_or(""));
        }
        if (std::find(numbers.begin(), numbers.end(), number) != numbers.end()) return numbers;
    }
    return Error{Fault::not_found, "No btrfs file system has this device.", number};
}

std::optional<std::string> BlockTree::udev(const std::string& number, std::string_view key) const {
    const auto text = files_.read("/run/udev/data/b" + number);
    if (!text) return std::nullopt;
    const auto wanted = "E:" + std::string(key) + "=";
    for (const auto line : split(*text, '\n')) {
        if (line.starts_with(wanted)) return std::string(line.substr(wanted.size()));
    }
    return std::nullopt;
}

}  // namespace steward::platform
