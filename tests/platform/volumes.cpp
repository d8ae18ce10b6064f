// Disk layouts and what is to be said of each: nothing is called encrypted that is not.
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "platform/linux/health.h"
#include "platform/linux/volumes.h"
#include "tests/platform/scripted_luks.h"
#include "tests/support/disks.h"
#include "tests/support/temporary_directory.h"

namespace steward::platform {
namespace {

using test::Disks;

struct Layout {
    const char* name;
    std::function<void(Disks&, ScriptedLuks&)> build;
    std::map<std::string, std::string> expected;  // "/" -> "system encrypted"
};

void plain_disk(Disks& disks) {
    disks.disk("sda", "8:0");
    disks.partition("sda", "sda1", "8:1");
    disks.partition("sda", "sda2", "8:2");
    disks.partition("sda", "sda3", "8:3");
}
void luks_on(Disks& disks, const std::string& below, const std::string& uuid = "CRYPT-LUKS2-00112233-root") {
    disks.mapping("dm-0", "253:0", uuid, "root", {below});
}
LuksFacts header(const std::string& cipher = "aes-xts-plain64") {
    LuksFacts facts;
    facts.version = 2;
    facts.cipher = cipher;
    facts.key_bits = 512;
    facts.slots = {{0, "argon2id", 4}};
    return facts;
}

const std::vector<Layout>& layouts() {
    static const std::vector<Layout> all = {
        {"plain ext4",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.mount("8:3", "/", "ext4", "/dev/sda3");
         },
         {{"/", "system open"}}},
        {"LUKS2 on a partition, /boot and ESP beside it",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("8:2", "/boot", "ext4", "/dev/sda2");
             d.mount("8:1", "/boot/efi", "vfat", "/dev/sda1");
         },
         {{"/", "system encrypted"}, {"/boot", "boot exempt"}, {"/boot/efi", "boot exempt"}}},
        {"LUKS1",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3", "CRYPT-LUKS1-aa-root");
             d.mount("253:0", "/", "xfs", "/dev/mapper/root");
         },
         {{"/", "system encrypted"}}},
        {"LUKS on the whole disk",
         [](Disks& d, ScriptedLuks&) {
             d.disk("nvme0n1", "259:0");
             luks_on(d, "nvme0n1");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system encrypted"}}},
        {"LVM on LUKS with swap",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mapping("dm-1", "253:1", "LVM-abc", "vg-root", {"dm-0"});
             d.mapping("dm-2", "253:2", "LVM-def", "vg-swap", {"dm-0"});
             d.mount("253:1", "/", "ext4", "/dev/mapper/vg-root");
             d.swap("/dev/dm-2");
         },
         {{"/", "system encrypted"}, {"swap:/dev/dm-2", "swap encrypted"}}},
        {"LUKS on LVM, swap open",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.mapping("dm-1", "253:1", "LVM-abc", "vg-root", {"sda3"});
             d.mapping("dm-2", "253:2", "LVM-def", "vg-swap", {"sda3"});
             luks_on(d, "dm-1");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.swap("/dev/dm-2");
         },
         {{"/", "system encrypted"}, {"swap:/dev/dm-2", "swap open"}}},
        {"a volume group over an encrypted and an open disk",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.disk("sdb", "8:16");
             luks_on(d, "sda3");
             d.mapping("dm-1", "253:1", "LVM-abc", "vg-root", {"dm-0", "sdb"});
             d.mount("253:1", "/", "ext4", "/dev/mapper/vg-root");
         },
         {{"/", "system open"}}},
        {"LUKS on RAID",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.disk("sdb", "8:16");
             d.layer("md0", "9:0", {"sda3", "sdb"});
             luks_on(d, "md0");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system encrypted"}}},
        {"RAID of an encrypted and an open disk",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.disk("sdb", "8:16");
             luks_on(d, "sda3");
             d.layer("md0", "9:0", {"dm-0", "sdb"});
             d.mount("9:0", "/", "ext4", "/dev/md0");
         },
         {{"/", "system open"}}},
        {"a partition of a RAID on LUKS",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.layer("md0", "9:0", {"dm-0"});
             d.partition("md0", "md0p1", "259:1");
             d.mount("259:1", "/", "ext4", "/dev/md0p1");
         },
         {{"/", "system encrypted"}}},
        {"names that only sound encrypted",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.mapping("dm-0", "253:0", "LVM-CRYPT-LUKS2-crypt", "luks-crypt_root", {"sda3"});
             d.mount("253:0", "/", "ext4", "/dev/mapper/luks-crypt_root");
         },
         {{"/", "system open"}}},
        {"dm-verity hides nothing",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3", "CRYPT-VERITY-aa-usr");
             d.mount("253:0", "/", "ext4", "/dev/mapper/usr", "ro");
         },
         {{"/", "system open"}}},
        {"dm-integrity hides nothing",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3", "CRYPT-INTEGRITY-aa-x");
             d.mount("253:0", "/", "ext4", "/dev/mapper/x");
         },
         {{"/", "system open"}}},
        {"LUKS with the null cipher",
         [](Disks& d, ScriptedLuks& l) {
             plain_disk(d);
             luks_on(d, "sda3");
             l.headers["/dev/sda3"] = header("cipher_null-ecb");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system open"}}},
        {"encryption that has only begun",
         [](Disks& d, ScriptedLuks& l) {
             plain_disk(d);
             luks_on(d, "sda3");
             l.headers["/dev/sda3"] = header();
             l.headers["/dev/sda3"].converting = true;
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system open"}}},
        {"re-encryption with a header that can't be read",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.mapping("dm-1", "253:1", "CRYPT-SUBDEV-00112233-root-hotzone-forward", "root-hotzone", {"sda3"});
             luks_on(d, "dm-1");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system unknown"}}},
        {"plain dm-crypt, cipher not known",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3", "CRYPT-PLAIN-root");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system unknown"}}},
        {"plain dm-crypt as swap with a random key",
         [](Disks& d, ScriptedLuks& l) {
             plain_disk(d);
             d.mapping("dm-1", "253:1", "CRYPT-PLAIN-swap", "swap", {"sda2"});
             l.ciphers["swap"] = "aes-xts-plain64";
             d.mount("8:3", "/", "ext4", "/dev/sda3");
             d.swap("/dev/dm-1");
         },
         {{"/", "system open"}, {"swap:/dev/dm-1", "swap encrypted"}}},
        {"plain dm-crypt with the null cipher",
         [](Disks& d, ScriptedLuks& l) {
             plain_disk(d);
             luks_on(d, "sda3", "CRYPT-PLAIN-root");
             l.ciphers["root"] = "cipher_null-ecb";
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
         },
         {{"/", "system open"}}},
        {"a BitLocker data disk",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda2", "CRYPT-BITLK-aa-data");
             d.mount("8:3", "/", "ext4", "/dev/sda3");
             d.mount("253:0", "/mnt/data", "ntfs3", "/dev/mapper/data");
         },
         {{"/", "system open"}, {"/mnt/data", "fixed encrypted"}}},
        {"btrfs with subvolumes on LUKS",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.btrfs("f00d", {"dm-0"});
             d.mount("0:27", "/", "btrfs", "/dev/mapper/root");
             d.mount("0:28", "/home", "btrfs", "/dev/mapper/root");
         },
         {{"/", "system encrypted"}}},
        {"btrfs over an encrypted and an open disk",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.disk("sdb", "8:16");
             luks_on(d, "sda3");
             d.btrfs("f00d", {"dm-0", "sdb"});
             d.mount("0:27", "/", "btrfs", "/dev/mapper/root");
         },
         {{"/", "system open"}}},
        {"btrfs whose members can't be listed",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mount("0:27", "/", "btrfs", "/dev/mapper/root");
         },
         {{"/", "system unknown"}}},
        {"ZFS",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.mount("0:30", "/", "zfs", "rpool/ROOT/debian");
         },
         {{"/", "system unknown"}}},
        {"a removable and a fixed data disk",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.disk("sdb", "8:16", "usb1/1-2");
             d.partition("sdb", "sdb1", "8:17");
             d.disk("sdc", "8:32");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("8:17", "/media/user/My\\040Stick", "vfat", "/dev/sdb1");
             d.mount("8:32", "/srv", "xfs", "/dev/sdc");
         },
         {{"/", "system encrypted"}, {"/media/user/My Stick", "removable open"}, {"/srv", "fixed open"}}},
        {"an encrypted stick",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.disk("sdb", "8:16", "usb1/1-2");
             luks_on(d, "sdb");
             d.mount("8:3", "/", "ext4", "/dev/sda3");
             d.mount("253:0", "/media/user/stick", "ext4", "/dev/mapper/stick");
         },
         {{"/", "system open"}, {"/media/user/stick", "removable encrypted"}}},
        {"an SD card",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.disk("mmcblk0", "179:0");
             d.fact("mmcblk0", "device/type", "SD");
             d.partition("mmcblk0", "mmcblk0p1", "179:1");
             d.mount("8:3", "/", "ext4", "/dev/sda3");
             d.mount("179:1", "/media/card", "vfat", "/dev/mmcblk0p1");
         },
         {{"/", "system open"}, {"/media/card", "removable open"}}},
        {"snaps, a disk image, memory and other machines",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.layer("loop0", "7:0", {});
             d.fact("loop0", "loop/backing_file", "/var/lib/snapd/core.snap");
             d.layer("loop1", "7:1", {});
             d.fact("loop1", "loop/backing_file", "/var/disk.img");
             d.mount("8:3", "/", "ext4", "/dev/sda3");
             d.mount("7:0", "/snap/core", "squashfs", "/dev/loop0", "ro");
             d.mount("7:1", "/mnt/image", "ext4", "/dev/loop1");
             d.mount("0:40", "/tmp", "tmpfs", "tmpfs");
             d.mount("0:41", "/net", "nfs4", "server:/x");
             d.mount("0:42", "/proc", "proc", "proc");
             d.mount("0:43", "/opt/x", "fuse.mergerfs", "a:b");
         },
         {{"/", "system open"},
          {"/snap/core", "none exempt"},
          {"/mnt/image", "none exempt"},
          {"/tmp", "none exempt"},
          {"/net", "none exempt"},
          {"/opt/x", "fixed unknown"}}},
        {"a system in a file",
         [](Disks& d, ScriptedLuks&) {
             d.layer("loop0", "7:0", {});
             d.fact("loop0", "loop/backing_file", "/host/root.disk");
             d.mount("7:0", "/", "ext4", "/dev/loop0");
         },
         {{"/", "system unknown"}}},
        {"a container on an overlay",
         [](Disks& d, ScriptedLuks&) {
             d.mount("0:99", "/", "overlay", "overlay", "rw,lowerdir=/crypt,upperdir=/crypt");
         },
         {{"/", "system unknown"}}},
        {"containers beside the system",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("0:99", "/var/lib/docker/overlay2/x/merged", "overlay", "overlay");
         },
         {{"/", "system encrypted"}, {"/var/lib/docker/overlay2/x/merged", "none exempt"}}},
        {"a live system in memory",
         [](Disks& d, ScriptedLuks&) { d.mount("0:20", "/", "tmpfs", "tmpfs"); },
         {{"/", "system exempt"}}},
        {"a read-only data disk, and an ESP at an odd place",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.fact("sda2", "ro", "1");
             d.udev("8:1", "ID_PART_ENTRY_TYPE=c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("8:1", "/mnt/firmware", "vfat", "/dev/sda1");
             d.mount("8:2", "/mnt/archive", "ext4", "/dev/sda2");
         },
         {{"/", "system encrypted"}, {"/mnt/firmware", "boot exempt"}, {"/mnt/archive", "none exempt"}}},
        {"zram, zram that is written to a disk, and swap files",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             for (const std::string n : {"0", "1"}) {
                 d.layer("zram" + n, "252:" + n, {});
                 d.fact("zram" + n, "comp_algorithm", "lzo [zstd]");
             }
             d.fact("zram1", "backing_dev", "/dev/sda2");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("8:2", "/data", "ext4", "/dev/sda2");
             d.swap("/dev/zram0");
             d.swap("/dev/zram1");
             d.swap("/swapfile", "file");
             d.swap("/data/swapfile", "file");
         },
         {{"/", "system encrypted"},
          {"/data", "fixed open"},
          {"swap:/dev/zram0", "swap exempt"},
          {"swap:/dev/zram1", "swap unknown"},
          {"swap:/swapfile", "swap encrypted"},
          {"swap:/data/swapfile", "swap open"}}},
        {"a later mount hides an earlier one",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("8:2", "/", "ext4", "/dev/sda2");
         },
         {{"/", "system open"}}},
        {"an open volume that the service is kept out of",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mount("253:0", "/", "ext4", "/dev/mapper/root");
             d.mount("8:2", "/home", "ext4", "/dev/sda2");
             d.mount("0:24", "/home", "tmpfs", "tmpfs", "ro");
             d.mount("253:0", "/usr", "ext4", "/dev/mapper/root");
         },
         {{"/", "system encrypted"}, {"/home", "fixed open"}, {"/home (0:24)", "none exempt"}}},
        {"one file system at two places",
         [](Disks& d, ScriptedLuks&) {
             plain_disk(d);
             d.mount("8:3", "/srv", "ext4", "/dev/sda3");
             d.mount("8:3", "/", "ext4", "/dev/sda3");
         },
         {{"/", "system open"}}},
        {"layers in a circle",
         [](Disks& d, ScriptedLuks&) {
             d.disk("sda", "8:0");
             d.mapping("dm-0", "253:0", "LVM-a", "a", {"sda"});
             d.link("/sys/devices/virtual/block/dm-0/slaves/dm-0", "../../dm-0");
             d.mount("253:0", "/", "ext4", "/dev/mapper/a");
         },
         {{"/", "system open"}}},
        {"a device that the kernel doesn't show",
         [](Disks& d, ScriptedLuks&) { d.mount("253:9", "/", "ext4", "/dev/mapper/crypt"); },
         {{"/", "system unknown"}}},
        {"two layers, the outer one null",
         [](Disks& d, ScriptedLuks& l) {
             plain_disk(d);
             luks_on(d, "sda3");
             d.mapping("dm-1", "253:1", "CRYPT-PLAIN-x", "x", {"dm-0"});
             l.ciphers["x"] = "cipher_null-ecb";
             d.mount("253:1", "/", "ext4", "/dev/mapper/x");
         },
         {{"/", "system encrypted"}}},
    };
    return all;
}

class DiskLayout : public ::testing::TestWithParam<std::size_t> {};

TEST_P(DiskLayout, IsJudgedAsItIs) {
    const auto& layout = layouts()[GetParam()];
    SCOPED_TRACE(layout.name);
    const test::TemporaryDirectory root;
    Disks disks(root);
    ScriptedLuks luks;
    layout.build(disks, luks);
    const Files files(root.path());
    const auto found = find_volumes(files, luks);
    ASSERT_TRUE(found) << found.error().what;
    std::map<std::string, std::string> said;
    for (const auto& each : *found) {
        said[each.key] = std::string(name_of(each.volume.drive)) + " " + std::string(name_of(each.volume.judgement));
        const bool asks = each.volume.reason.find("sudo steward tree list") != std::string::npos;
        EXPECT_EQ(asks, layout.name == std::string("plain dm-crypt, cipher not known")) << each.volume.reason;
        EXPECT_FALSE(each.volume.reason.empty()) << each.key;
    }
    EXPECT_EQ(said, layout.expected);

    const FixedClock clock;
    const auto health = LinuxHealth(files, luks, clock).read();
    ASSERT_TRUE(health);
    const auto& system = layout.expected.at("/");
    EXPECT_EQ(health->system_encrypted == true, system == "system encrypted");
    EXPECT_EQ(health->system_encrypted == false, system == "system open");
}

INSTANTIATE_TEST_SUITE_P(All, DiskLayout, ::testing::Range(std::size_t{0}, layouts().size()));

TEST(Volumes, WhatASandboxHidesIsUnknown) {
    const test::TemporaryDirectory root;
    Disks disks(root);
    ScriptedLuks luks;
    plain_disk(disks);
    disks.mount("8:3", "/", "ext4", "/dev/sda3");
    root.write("/proc/self/mountinfo", root.read("/proc/self/mountinfo") +
                                           "90 1 0:25 /systemd/inaccessible/dir /home ro,nosuid - tmpfs tmpfs rw\n");
    const auto found = find_volumes(Files(root.path()), luks);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->back().key, "/home");
    EXPECT_EQ(found->back().volume.judgement, Judgement::unknown);
}

TEST(Volumes, AFaultIsNoVerdict) {
    const test::TemporaryDirectory empty;
    ScriptedLuks luks;
    EXPECT_EQ(find_volumes(Files(empty.path()), luks).error().fault, Fault::io);
}

}  // namespace
}  // namespace steward::platform
