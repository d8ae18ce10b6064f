// How the disks of this device are encrypted, what is asked of them, and who could open them in an emergency.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/listing.h"

namespace steward::platform {

enum class Judgement {
    encrypted,  // every path down to hardware passes a layer that encrypts
    open,       // some path does not
    unknown,    // nobody here can tell, which is never good news
    exempt      // holds nothing that encryption of a disk would protect; the reason says why
};
enum class Drive { system, fixed, removable, swap, boot, none };

std::string_view name_of(Judgement judgement);  // "encrypted", …
std::string_view name_of(Drive drive);

// A mounted file system or a swap area. The key of a table row is the mount point, or "swap:" and the area's path.
struct Volume {
    Judgement judgement = Judgement::unknown;
    Drive drive = Drive::none;
    std::string reason;  // one sentence

    // Of the layer that encrypts; nullopt where its header can't be read.
    std::optional<std::string> kind;    // "LUKS2", "LUKS1", "plain", "BitLocker"
    std::optional<std::string> cipher;  // "aes-xts-plain64"
    std::optional<int> key_bits;
    std::optional<std::string> kdf;     // of its used key slots: "argon2id pbkdf2"
    std::optional<int> key_slots;       // used ones
    std::optional<std::string> tokens;  // "systemd-recovery systemd-tpm2"
    std::optional<std::string> homes;   // that are encrypted by themselves, with their cipher: "alice AES-256-XTS"
};

using Volumes = Listing<Volume>;

// Numbers of EncryptionMethodByDriveType. Source: VolumeEncryption.admx.
enum class Method { aes_cbc_128 = 3, aes_cbc_256 = 4, xts_aes_128 = 6, xts_aes_256 = 7 };

// The method that a volume was encrypted with; nullopt: its cipher has no such number or isn't known.
std::optional<Method> method_of(const Volume& volume);

struct DriveMethods {
    bool any = false;  // whatever the drives use will do
    Method system = Method::xts_aes_128, fixed = Method::xts_aes_128, removable = Method::aes_cbc_128;
    bool operator==(const DriveMethods&) const = default;
};

// What is asked of the disks. Linux can't encrypt a system that runs: the rules are what the disks are judged by.
struct EncryptionRules {
    std::optional<bool> required;
    std::optional<DriveMethods> methods;
    bool operator==(const EncryptionRules&) const = default;
};

// A recovery key in a key slot of its own, sealed for whoever holds the escrow certificate's private key.
struct RecoveryKey {
    std::optional<std::string> device;  // "/dev/nvme0n1p3"
    std::optional<std::string> volume;  // the UUID of the LUKS header
    std::optional<int> slot;
    std::optional<std::string> state;   // "waiting" for the server, "received" by it, "gone":
                                        // somebody took its slot, "unknown": the header can't be read
    std::optional<std::string> sealed;  // CMS EnvelopedData, DER in base64
};

// What became of the last rotation.
struct Rotation {
    enum class State { passed, pending, not_started, failed };
    State state = State::not_started;
    std::string request;  // the id that the server gave it
    std::string reason;   // one sentence; of a failure
};

// Gives every LUKS2 container below the system volume a new recovery key. A user's key slot is never touched.
struct Escrow {
    virtual ~Escrow() = default;
    // Made, tried, sealed and durable on return. The last key that a server said it has received works until it says
    // so of a newer one.
    virtual Outcome rotate(const std::string& request) = 0;
    virtual Outcome received(std::string_view key) = 0;
    // Ends what a kill or a power cut left half done. At start, before anything else here.
    virtual Outcome resume() = 0;
    virtual Result<Rotation> last() = 0;
};

}  // namespace steward::platform
