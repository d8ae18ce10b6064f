#include "platform/linux/volumes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "platform/base/text.h"
#include "platform/linux/people.h"

namespace steward::platform {
namespace {

// A line of mountinfo. Source: proc(5).
struct Mount {
    std::string number, point, type, source;
    bool read_only = false;  // the file system itself, not only this mount of it
    bool covered = false;    // by the sandbox of a service: what it hides from us can't be judged
};

// Blanks and the like are written as three octal digits.
std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; };
        if (text[i] == '\\' && digit(i + 1) && digit(i + 2) && digit(i + 3)) {
            plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::optional<Mount> mount_of(std::string_view line) {
    const auto fields = split(line, ' ');
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || dash == fields.end() || fields.end() - dash < 4) return std::nullopt;
    Mount mount{std::string(fields[2]),
                unescaped(fields[4]),
                std::string(dash[1]),
                unescaped(dash[2]),
                false,
                fields[3].starts_with("/systemd/inaccessible/")};
    const auto options = split(dash[3], ',');
    mount.read_only = std::find(options.begin(), options.end(), "ro") != options.end();
    return mount;
}

// What a later mount hides is still there and still judged: a service that is kept out of /home sees it so. Only the
// root that everything began with is gone.
Result<std::vector<Mount>> mounts_of(const Files& files) {
    auto text = files.read("/proc/self/mountinfo", std::size_t{8} << 20);
    if (!text) return std::move(text).error();
    std::vector<Mount> mounts;
    for (const auto line : split(*text, '\n')) {
        auto mount = mount_of(line);
        if (!mount) continue;
        if (mount->point == "/") std::erase_if(mounts, [](const Mount& each) { return each.point == "/"; });
        mounts.push_back(std::move(*mount));
    }
    return mounts;
}

// The mount that a path lies on; of several at one point the first.
const Mount* holder_of(const std::vector<Mount>& mounts, const std::string& path) {
    const Mount* holder = nullptr;
    for (const auto& mount : mounts) {
        const bool above = mount.point == "/" || path == mount.point || path.starts_with(mount.point + "/");
        if (above && (holder == nullptr || mount.point.size() > holder->point.size())) holder = &mount;
    }
    return holder;
}

enum class Storage { kernel, memory, network, stacked, hidden_view, unknown };
struct TypeOf {
    std::string_view type;
    Storage storage;
};
// File systems that no block device of this device stands behind. What is in no such list is unknown.
constexpr auto types = std::to_array<TypeOf>({
    {"proc", Storage::kernel},         {"sysfs", Storage::kernel},       {"cgroup", Storage::kernel},
    {"cgroup2", Storage::kernel},      {"devpts", Storage::kernel},      {"mqueue", Storage::kernel},
    {"debugfs", Storage::kernel},      {"tracefs", Storage::kernel},     {"securityfs", Storage::kernel},
    {"pstore", Storage::kernel},       {"bpf", Storage::kernel},         {"configfs", Storage::kernel},
    {"efivarfs", Storage::kernel},     {"hugetlbfs", Storage::kernel},   {"autofs", Storage::kernel},
    {"binfmt_misc", Storage::kernel},  {"fusectl", Storage::kernel},     {"rpc_pipefs", Storage::kernel},
    {"nsfs", Storage::kernel},         {"selinuxfs", Storage::kernel},   {"smackfs", Storage::kernel},
    {"nfsd", Storage::kernel},         {"fuse.portal", Storage::kernel}, {"fuse.gvfsd-fuse", Storage::kernel},
    {"fuse.lxcfs", Storage::kernel},   {"devtmpfs", Storage::memory},    {"tmpfs", Storage::memory},
    {"ramfs", Storage::memory},        {"nfs", Storage::network},        {"nfs4", Storage::network},
    {"cifs", Storage::network},        {"smb3", Storage::network},       {"smbfs", Storage::network},
    {"ceph", Storage::network},        {"9p", Storage::network},         {"virtiofs", Storage::network},
    {"afs", Storage::network},         {"fuse.sshfs", Storage::network}, {"fuse.glusterfs", Storage::network},
    {"fuse.rclone", Storage::network}, {"overlay", Storage::stacked},    {"ecryptfs", Storage::hidden_view},
});

Storage storage_of(std::string_view type) {
    const auto* found = std::find_if(types.begin(), types.end(), [&](const TypeOf& each) { return each.type == type; });
    return found == types.end() ? Storage::unknown : found->storage;
}

constexpr std::string_view esp = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";       // UEFI 5.3.3
constexpr std::string_view xbootldr = "bc13c2ff-59e6-4262-a352-b275fd6f7172";  // UAPI Discoverable Partitions

class Finder {
  public:
    Finder(const Files& files, Luks& luks) : files_(files), tree_(files, luks) {}

    void mounts(const std::vector<Mount>& mounts) {
        // The system first, so that it is what stands for its file system.
        for (const auto& mount : mounts) {
            if (mount.point == "/") add(mount);
        }
        for (const auto& mount : mounts) {
            if (mount.point != "/") add(mount);
        }
    }

    // Source: proc(5), swaps. A header, then: path, type, size, used, priority.
    void swaps(const std::vector<Mount>& mounts) {
        const auto text = files_.read("/proc/swaps");
        if (!text) return;
        for (const auto line : split(*text, '\n')) {
            const auto path = unescaped(line.substr(0, line.find_first_of(" \t")));
            if (!path.starts_with('/')) continue;
            const auto type = trim(line.substr(std::min(line.size(), line.find_first_of(" \t"))));
            if (type.starts_with("file")) {
                swap_file(path, mounts);
                continue;
            }
            FoundVolume found{"swap:" + path, {}, {}, {}};
            found.volume.drive = Drive::swap;
            if (const auto number = tree_.number_of(path)) {
                judge(found, tree_.below(*number));
            } else {
                found.volume.reason = "The kernel shows no block device for it.";
            }
            found_.push_back(std::move(found));
        }
    }

    std::vector<FoundVolume> take() { return std::move(found_); }

  private:
    void add(const Mount& mount) {
        const bool system = mount.point == "/";
        const bool anonymous = mount.number.starts_with("0:");
        if (!system && !mount.covered && anonymous && storage_of(mount.type) == Storage::kernel) return;
        if (!seen_.insert(mount.covered ? mount.point : mount.number).second) return;

        FoundVolume found{mount.point, mount.number, {}, {}};
        auto& volume = found.volume;
        volume.drive = system ? Drive::system : Drive::fixed;
        if (mount.covered) {
            volume.reason = "The sandbox of this service hides it.";
        } else if (anonymous && mount.type == "btrfs") {
            btrfs(mount, found);
        } else if (anonymous) {
            without_device(mount, system, volume);
        } else {
            const auto below = tree_.below(mount.number);
            judge(found, below);
            if (below.in_file && !system) {
                exempt(volume, below.reason + " The volume of that file is judged by itself.");
            }
        }
        if (!system && !mount.covered && volume.drive == Drive::fixed) excuse(mount, volume);
        if (!system && anonymous && mount.type == "btrfs" && !btrfs_seen_.insert(mount.source).second) return;
        if (system && mount.type == "btrfs") btrfs_seen_.insert(mount.source);
        if (!keys_.insert(found.key).second) {
            found.key += " (" + mount.number + ")";
            if (!keys_.insert(found.key).second) return;
        }
        found_.push_back(std::move(found));
    }

    // btrfs has a device number of its own per subvolume, and may lie on several devices.
    void btrfs(const Mount& mount, FoundVolume& found) {
        const auto number = tree_.number_of(mount.source);
        if (!number) {
            found.volume.reason = "Its device " + mount.source + " can't be found.";
            return;
        }
        const auto members = tree_.btrfs_members(*number);
        if (!members) {
            found.volume.reason = "The devices it is made of can't be listed.";
            return;
        }
        bool removable = true;
        Judgement worst = Judgement::encrypted;
        std::string reason;
        for (const auto& member : *members) {
            auto below = tree_.below(member);
            removable = removable && below.removable;
            if (below.judgement == Judgement::open ||
                (below.judgement == Judgement::unknown && worst != Judgement::open)) {
                worst = below.judgement;
                reason = below.reason;
            }
            found.layers.insert(found.layers.end(), below.layers.begin(), below.layers.end());
        }
        Below all;
        all.judgement = worst;
        all.reason = std::move(reason);
        all.layers = std::move(found.layers);
        all.removable = removable;
        judge(found, all);
    }

    static void without_device(const Mount& mount, bool system, Volume& volume) {
        switch (storage_of(mount.type)) {
            case Storage::memory:
                return exempt(volume, "It lies in memory.");
            case Storage::network:
                return exempt(volume, "It lies on another machine.");
            case Storage::hidden_view:
                return exempt(volume,
                              "It shows files that lie encrypted on another volume, which is judged by itself.");
            case Storage::stacked:
                if (system) {
                    volume.reason = "It is an overlay, and the volume it writes to can't be told from here.";
                    return;
                }
                return exempt(volume,
                              "It is an overlay of directories of other volumes, which are judged by themselves.");
            default:
                break;
        }
        volume.reason = "How a file system of type " + mount.type + " keeps its data can't be told from here.";
        if (mount.type == "zfs") volume.reason = "ZFS shows its own encryption only to its own tools.";
    }

    static void exempt(Volume& volume, std::string reason) {
        volume.judgement = Judgement::exempt;
        volume.drive = volume.drive == Drive::fixed ? Drive::none : volume.drive;
        volume.reason = std::move(reason);
    }

    // Fixed volumes that need not be encrypted.
    void excuse(const Mount& mount, Volume& volume) const {
        const auto kind = tree_.udev(mount.number, "ID_PART_ENTRY_TYPE").value_or("");
        if (mount.point == "/boot" || mount.point == "/boot/efi" || mount.point == "/efi" || kind == esp ||
            kind == xbootldr) {
            volume.drive = Drive::boot;
            if (volume.judgement == Judgement::encrypted) return;
            return exempt(volume, "The firmware or the boot loader has to read it.");
        }
        if (volume.judgement == Judgement::encrypted) return;
        const bool device = files_.fact("/sys/dev/block/" + mount.number + "/ro") == "1";
        if (mount.read_only || device) exempt(volume, "It is read-only.");
    }

    void swap_file(const std::string& path, const std::vector<Mount>& mounts) {
        FoundVolume swap{"swap:" + path, {}, {}, {}};
        swap.volume.drive = Drive::swap;
        swap.volume.reason = "The volume it lies on can't be told.";
        const auto* holder = holder_of(mounts, path);
        const auto there = std::count_if(mounts.begin(), mounts.end(), [&](const Mount& each) {
            return holder != nullptr && each.point == holder->point;
        });
        for (const auto& each : found_) {
            if (there != 1 || each.key != holder->point || each.volume.judgement == Judgement::exempt) continue;
            swap.volume.judgement = each.volume.judgement;
            swap.volume.reason = "It is a file on " + each.key + ".";
        }
        found_.push_back(std::move(swap));
    }

    static void judge(FoundVolume& found, const Below& below) {
        auto& volume = found.volume;
        volume.judgement = below.judgement;
        volume.reason =
            below.judgement == Judgement::encrypted ? "Every way down to the disk is encrypted." : below.reason;
        if (below.removable && volume.drive == Drive::fixed) volume.drive = Drive::removable;
        if (below.in_memory) exempt(volume, "It lies in memory.");
        found.layers = below.layers;
        if (below.layers.empty()) return;
        const auto& layer = below.layers.front();
        volume.kind = layer.kind;
        if (!layer.header) return;
        const auto& header = *layer.header;
        std::set<std::string> kdfs, tokens;
        for (const auto& slot : header.slots) kdfs.insert(slot.kdf);
        for (const auto& token : header.tokens) tokens.insert(token.type);
        volume.cipher = header.cipher;
        volume.key_bits = header.key_bits;
        volume.kdf = join({kdfs.begin(), kdfs.end()}, " ");
        volume.key_slots = static_cast<int>(header.slots.size());
        volume.tokens = join({tokens.begin(), tokens.end()}, " ");
    }

    const Files& files_;
    BlockTree tree_;
    std::vector<FoundVolume> found_;
    std::set<std::string> seen_, btrfs_seen_, keys_;
};

}  // namespace

Result<std::vector<FoundVolume>> find_volumes(const Files& files, Luks& luks) {
    const auto mounts = mounts_of(files);
    if (!mounts)
        return Error{Fault::io, "The list of mounts can't be read: " + mounts.error().what, mounts.error().evidence};
    Finder finder(files, luks);
    finder.mounts(*mounts);
    finder.swaps(*mounts);
    return finder.take();
}

std::optional<bool> system_encrypted(const std::vector<FoundVolume>& volumes) {
    for (const auto& each : volumes) {
        if (each.key != "/") continue;
        if (each.volume.judgement == Judgement::encrypted) return true;
        if (each.volume.judgement == Judgement::open) return false;
    }
    return std::nullopt;
}

// A home that is encrypted by itself leaves its volume as it is: the names and sizes of other files, and what is
// written outside of homes, can be read.
void LinuxVolumes::look_at_homes(std::vector<FoundVolume>& volumes) const {
    const auto all = people(files_);
    const auto mounts = mounts_of(files_);
    if (!all || !mounts) return;
    std::map<std::string, std::vector<std::string>> encrypted, open;  // by the number of a file system
    for (const auto& person : *all) {
        // Elsewhere there is no fscrypt, and whoever opens a home on a server may wait for it.
        const auto* holder = holder_of(*mounts, person.home);
        if (holder == nullptr || (holder->type != "ext4" && holder->type != "f2fs" && holder->type != "ubifs"))
            continue;
        const auto home = fscrypt_.look(person.home);
        if (!home) continue;
        if (home->cipher) {
            encrypted[home->device].push_back(person.name + " " + *home->cipher);
        } else {
            open[home->device].push_back(person.name);
        }
    }
    for (auto& [key, number, volume, layers] : volumes) {
        const auto found = encrypted.find(number);
        if (found == encrypted.end()) continue;
        volume.homes = join(found->second, ", ");
        if (volume.judgement != Judgement::open) continue;
        const auto rest = open.find(number);
        volume.reason += " Only homes on it are encrypted by fscrypt (" + *volume.homes + ")" +
                         (rest == open.end() ? "." : "; not those of " + join(rest->second, ", ") + ".");
    }
}

Result<Rows<Volume>> LinuxVolumes::all() {
    auto volumes = find_volumes(files_, luks_);
    if (!volumes) return std::move(volumes).error();
    look_at_homes(*volumes);
    Rows<Volume> all;
    for (auto& each : *volumes) all.emplace(std::move(each.key), std::move(each.volume));
    return all;
}

}  // namespace steward::platform
