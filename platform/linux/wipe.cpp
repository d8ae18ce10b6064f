#include "platform/linux/wipe.h"

#include <sys/mman.h>
#include <sys/reboot.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "platform/base/text.h"
#include "platform/linux/conf_file.h"
#include "platform/linux/disk.h"

namespace steward::platform {
namespace {

constexpr std::string_view rules_file = "/etc/steward/wipe.conf";
constexpr std::string_view order_file = "/var/lib/steward/wipe-order";
constexpr char unit[] = "steward-wipe.service";

// Both headers of LUKS2 and the key material behind them end before this, at the sizes that cryptsetup makes.
constexpr std::uint64_t header_room = 32u << 20;
constexpr std::uint64_t everything = ~std::uint64_t{0};

// The kernel writes "cciss!c0d0" for what is /dev/cciss/c0d0.
std::string device_of(std::string name) {
    std::replace(name.begin(), name.end(), '!', '/');
    return "/dev/" + name;
}

std::string name_in_sys(std::string_view device) {
    std::string name(device.starts_with("/dev/") ? device.substr(5) : device);
    std::replace(name.begin(), name.end(), '/', '!');
    return name;
}

}  // namespace

std::string LinuxWiper::path_of(const std::string& device) const {
    return files_.root() == "/" ? device : files_.root() + device;
}

LinuxWiper::Part LinuxWiper::part_of(const std::string& device) const {
    Part part{device, {}, 0, everything, false};
    if (const auto header = luks_.read(device)) {
        part.encrypted = true;
        for (const auto& slot : header->slots) part.slots.push_back(slot.number);
    }
    return part;
}

Result<LinuxWiper::Target> LinuxWiper::target_of(const std::string& device) const {
    const std::string place = "/sys/class/block/" + name_in_sys(device);
    if (!files_.exists(place + "/dev") || files_.exists(place + "/partition")) {
        return Error{Fault::invalid, "wipe.conf names " + device + ", which is no whole disk of this device.", {}};
    }
    Target target{device, {}, false};
    const auto entries = files_.list(place);
    if (!entries) return entries.error();
    for (const auto& entry : *entries) {
        if (files_.exists(place + "/" + entry + "/partition")) target.parts.push_back(part_of(device_of(entry)));
    }
    if (target.parts.empty()) target.parts.push_back(part_of(device));
    return target;
}

// Disks are what is no layer upon others: those of the kernel's own making have no hardware behind them.
Result<std::vector<LinuxWiper::Target>> LinuxWiper::targets() const {
    const auto text = files_.find(rules_file);
    if (!text) return text.error();
    const ConfFile rules(ConfFile::Style::equals, *text);
    if (rules.value("allow").value_or("no") != "yes") {
        return Error{Fault::refused,
                     "This device does not allow to be wiped: its administrator can allow it in " +
                         std::string(rules_file) + " (allow = yes).",
                     {}};
    }
    std::vector<Target> found;
    const auto add = [&](const std::string& device) -> Outcome {
        auto target = target_of(device);
        if (!target) return target.error();
        found.push_back(std::move(*target));
        return {};
    };
    if (const auto named = rules.value("disks")) {
        for (const auto device : split(*named, ' ')) {
            if (device.empty()) continue;
            if (auto added = add(std::string(device)); !added) return added.error();
        }
    } else {
        const auto names = files_.list("/sys/class/block");
        if (!names) return Error{Fault::unsupported, "There is no disk here that could be wiped.", names.error().what};
        for (const auto& name : *names) {
            const std::string place = "/sys/class/block/" + name;
            const auto link = files_.link_target(place);
            const bool hardware = link && link->find("/virtual/") == std::string::npos;
            if (!hardware || files_.exists(place + "/partition")) continue;
            if (files_.fact(place + "/removable").value_or("0") != "0") continue;
            if (files_.fact(place + "/ro").value_or("0") != "0") continue;
            if (auto added = add(device_of(name)); !added) return added.error();
        }
    }
    if (found.empty()) return Error{Fault::unsupported, "There is no disk here that could be wiped.", {}};
    const auto mounts = files_.find("/proc/self/mountinfo", std::size_t{8} << 20);
    for (auto& target : found) {
        // Without names of disks it is the whole device that goes.
        target.in_use =
            !rules.value("disks") || (mounts && *mounts && (*mounts)->find(target.device) != std::string::npos);
    }
    return found;
}

Result<std::vector<std::string>> LinuxWiper::plan(WipeKind kind) {
    auto disks = targets();
    if (!disks) return disks.error();
    std::vector<std::string> steps;
    bool in_use = false;
    for (const auto& disk : *disks) {
        in_use = in_use || disk.in_use;
        for (const auto& part : disk.parts) {
            if (!part.encrypted) continue;
            steps.push_back("destroy " + std::to_string(part.slots.size()) + " key slots and the LUKS header of " +
                            part.device +
                            ": what it encrypts can't be read any more, unless somebody kept a copy of the "
                            "header");
        }
    }
    for (const auto& disk : *disks) {
        for (const auto& part : disk.parts) {
            if (part.encrypted && kind == WipeKind::quick) continue;
            steps.push_back("overwrite " + part.device +
                            (part.encrypted ? "" : ": it is not encrypted, and a flash disk may keep old copies"));
        }
        steps.push_back("overwrite the partition table of " + disk.device + ", and tell the disk to forget everything");
    }
    if (in_use) steps.push_back("restart at once; nothing is left to start from");
    return steps;
}

Outcome LinuxWiper::order(WipeKind kind, Instant at) {
    if (auto disks = targets(); !disks) return disks.error();
    const Change change{
        std::string(order_file),
        "kind = " + std::string(name_of(kind)) + "\nat = " + std::to_string(at.time_since_epoch().count()) + "\n",
        0600};
    if (auto written = files_.apply({&change, 1}); !written) return written;
    if (!live_) return {};
    Command command;
    command.arguments = {"/usr/bin/systemctl", "start", "--no-block", unit};
    auto started = processes_.run(command);
    Outcome outcome = started ? Outcome() : Outcome(started.error());
    if (started && started->code != 0) {
        outcome = Error{Fault::unsupported, "systemd does not start " + std::string(unit) + ", which would wipe.",
                        std::string(trim(started->errors))};
    }
    // An order that nobody carries out now would be carried out at some restart, when nobody expects it any more.
    if (!outcome) (void)files_.remove(order_file);
    return outcome;
}

Result<std::optional<WipeOrder>> LinuxWiper::ordered() {
    const auto text = files_.find(order_file);
    if (!text) return text.error();
    if (!*text) return std::optional<WipeOrder>();
    const ConfFile file(ConfFile::Style::equals, *text);
    const auto kind = file.value("kind");
    const auto at = to_integer(file.value("at").value_or(""));
    if ((kind != "quick" && kind != "thorough") || !at) {
        return Error{Fault::malformed, "The order to wipe can't be read, and is not carried out.",
                     std::string(order_file)};
    }
    return std::optional(
        WipeOrder{kind == "quick" ? WipeKind::quick : WipeKind::thorough, Instant(std::chrono::seconds(*at))});
}

Outcome LinuxWiper::destroy_keys(const Part& part) {
    Outcome first;
    for (const int slot : part.slots) {
        if (auto gone = luks_.erase_slot(part.device, slot); !gone && first) first = std::move(gone);
    }
    // Whatever became of the slots one by one, the header goes as a whole.
    auto disk = Disk::open(path_of(part.device));
    if (!disk) return disk.error();
    return disk->overwrite(0, header_room);
}

Outcome LinuxWiper::clear(const Target& target, WipeKind kind) {
    for (const auto& part : target.parts) {
        if (part.encrypted && kind == WipeKind::quick) continue;
        auto disk = Disk::open(path_of(part.device));
        if (!disk) return disk.error();
        if (auto done = disk->overwrite(part.from, part.to); !done) return done;
    }
    auto disk = Disk::open(path_of(target.device));
    if (!disk) return disk.error();
    (void)disk->discard();  // one that can't be told was overwritten all the same
    constexpr std::uint64_t table_room = 1u << 20;
    if (auto done = disk->overwrite(0, table_room); !done) return done;
    const auto end = disk->size();
    return disk->overwrite(end > table_room ? end - table_room : 0, end);
}

Outcome LinuxWiper::carry_out(const std::function<void(const std::string&)>& say) {
    auto order = ordered();
    if (!order) return order.error();
    if (!*order) return Error{Fault::not_found, "No order to wipe this device stands.", {}};
    while (live_ && clock_.now() < (*order)->at) std::this_thread::sleep_for(std::chrono::seconds(1));
    auto disks = targets();
    if (!disks) return disks.error();
    // From here on the disk that this program came from may answer with nothing.
    if (live_) (void)::mlockall(MCL_CURRENT | MCL_FUTURE);
    const bool in_use = std::any_of(disks->begin(), disks->end(), [](const Target& disk) { return disk.in_use; });
    // One disk that fails must not save another.
    Outcome first;
    const auto note = [&](const std::string& what, Outcome done) {
        say(what + (done ? ": done" : ": failed: " + done.error().what));
        if (!done && first) first = std::move(done);
    };
    for (const auto& disk : *disks) {
        for (const auto& part : disk.parts) {
            if (part.encrypted) note("keys of " + part.device, destroy_keys(part));
        }
    }
    for (const auto& disk : *disks) note("contents of " + disk.device, clear(disk, (*order)->kind));
    if (first) first = files_.remove(order_file);
    if (live_ && in_use) ::reboot(RB_AUTOBOOT);
    return first;
}

}  // namespace steward::platform
