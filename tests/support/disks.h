// The block devices, mounts and swap areas of a device that doesn't exist, as /sys and /proc show them: links where the
// kernel has links.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>

#include "tests/support/temporary_directory.h"

namespace steward::test {

class Disks {
  public:
    explicit Disks(const TemporaryDirectory& root) : root_(root) { root.write("/proc/self/mountinfo", ""); }

    // bus: where it hangs, "pci0000:00/nvme" or "usb1/1-2".
    void disk(const std::string& name, const std::string& number, const std::string& bus = "pci0000:00",
              bool removable = false) {
        std::string at = "/sys/devices";
        for (const auto& part : std::filesystem::path(bus)) {
            at += "/" + part.string();
            link(at + "/subsystem", std::string("../../../bus/") + (bus.starts_with("usb") ? "usb" : "pci"));
        }
        device(at + "/block/" + name, name, number);
        root_.write(places_[name] + "/removable", removable ? "1\n" : "0\n");
        root_.write(places_[name] + "/ro", "0\n");
    }
    void partition(const std::string& disk, const std::string& name, const std::string& number) {
        device(places_[disk] + "/" + name, name, number);
        root_.write(places_[name] + "/partition", "1\n");
        root_.write(places_[name] + "/ro", "0\n");
    }
    // device-mapper, md, loop …: whatever has slaves, or nothing below it.
    void layer(const std::string& name, const std::string& number, std::initializer_list<std::string> slaves) {
        device("/sys/devices/virtual/block/" + name, name, number);
        std::filesystem::create_directories(root_.below(places_[name] + "/slaves"));
        for (const auto& slave : slaves) {
            link(places_[name] + "/slaves/" + slave,
                 std::filesystem::path(places_[slave]).lexically_relative(places_[name] + "/slaves").string());
        }
    }
    void mapping(const std::string& name, const std::string& number, const std::string& uuid, const std::string& title,
                 std::initializer_list<std::string> slaves) {
        layer(name, number, slaves);
        fact(name, "dm/uuid", uuid);
        fact(name, "dm/name", title);
    }
    void fact(const std::string& name, const std::string& attribute, const std::string& value) {
        root_.write(places_[name] + "/" + attribute, value + "\n");
    }
    void btrfs(const std::string& uuid, std::initializer_list<std::string> members) {
        for (const auto& member : members) {
            link("/sys/fs/btrfs/" + uuid + "/devices/" + member, "../../../.." + places_[member].substr(4));
        }
    }
    void mount(const std::string& number, const std::string& point, const std::string& type, const std::string& source,
               const std::string& options = "rw") {
        mounts_ +=
            "25 1 " + number + " / " + point + " rw,relatime shared:1 - " + type + " " + source + " " + options + "\n";
        root_.write("/proc/self/mountinfo", mounts_);
    }
    void swap(const std::string& path, const std::string& type = "partition") {
        if (swaps_.empty()) swaps_ = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
        swaps_ += path + "                          " + type + "\t8388604\t\t0\t\t-2\n";
        root_.write("/proc/swaps", swaps_);
    }
    void udev(const std::string& number, const std::string& line) {
        root_.write("/run/udev/data/b" + number, "S:disk/x\nE:" + line + "\n");
    }
    void link(const std::string& path, const std::string& target) {
        std::filesystem::create_directories(root_.below(path).parent_path());
        std::error_code exists;
        std::filesystem::create_symlink(target, root_.below(path), exists);
    }

  private:
    void device(const std::string& place, const std::string& name, const std::string& number) {
        places_[name] = place;
        root_.write(place + "/dev", number + "\n");
        link("/sys/dev/block/" + number, "../.." + place.substr(4));
        link("/sys/class/block/" + name, "../.." + place.substr(4));
    }

    const TemporaryDirectory& root_;
    std::map<std::string, std::string> places_;
    std::string mounts_, swaps_;
};

}  // namespace steward::test
