#include "platform/windows/bit_locker.h"

#include <utility>

#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

const std::string space = R"(root\cimv2\Security\MicrosoftVolumeEncryption)";

constexpr std::int64_t locked_volume = 0x80310000;  // FVE_E_LOCKED_VOLUME

std::int64_t code_of(const WmiObject& answer) {
    return number_of(answer, "ReturnValue").value_or(0);
}

int small(std::optional<std::int64_t> number, int otherwise) {
    return number ? static_cast<int>(*number) : otherwise;
}

}  // namespace

Result<WmiObject> BitLocker::call(const std::string& path, const std::string& method,
                                  const WmiObject& arguments) const {
    auto answer = wmi_.call(space, path, method, arguments);
    if (!answer) return std::move(answer).error();
    if (const auto code = code_of(*answer); code != 0) {
        return failed_call("BitLocker refused.", method, static_cast<unsigned long>(code));
    }
    return answer;
}

Result<std::vector<KeyProtector>> BitLocker::protectors(const std::string& path) const {
    std::vector<KeyProtector> found;
    constexpr int every_kind = 0;
    auto ids = call(path, "GetKeyProtectors", {{"KeyProtectorType", std::int64_t{every_kind}}});
    if (!ids) return std::move(ids).error();
    for (const auto& id : texts_of(*ids, "VolumeKeyProtectorID")) {
        auto kind = call(path, "GetKeyProtectorType", {{"VolumeKeyProtectorID", id}});
        if (!kind) return std::move(kind).error();
        auto name = call(path, "GetKeyProtectorFriendlyName", {{"VolumeKeyProtectorID", id}});
        if (!name) return std::move(name).error();
        found.push_back(
            {id, small(number_of(*kind, "KeyProtectorType"), 0), text_of(*name, "FriendlyName").value_or("")});
    }
    return found;
}

Result<std::vector<BitLockerVolume>> BitLocker::volumes() const {
    auto rows = wmi_.query(space, "SELECT * FROM Win32_EncryptableVolume");
    if (!rows) {
        auto error = std::move(rows).error();
        if (error.fault == Fault::unsupported) error.what = "This Windows has no BitLocker.";
        return error;
    }
    std::vector<BitLockerVolume> found;
    for (const auto& row : *rows) {
        BitLockerVolume volume;
        volume.path = text_of(row, "__RELPATH").value_or("");
        volume.device = text_of(row, "DeviceID").value_or("");
        volume.letter = text_of(row, "DriveLetter").value_or("");
        volume.type = small(number_of(row, "VolumeType"), 1);
        auto protection = call(volume.path, "GetProtectionStatus");
        if (!protection) return std::move(protection).error();
        volume.protection = static_cast<Protection>(small(number_of(*protection, "ProtectionStatus"), 2));
        auto conversion = wmi_.call(space, volume.path, "GetConversionStatus", {});
        if (!conversion) return std::move(conversion).error();
        const auto code = code_of(*conversion);
        if (code != 0 && code != locked_volume) {
            return failed_call("BitLocker refused.", "GetConversionStatus", static_cast<unsigned long>(code));
        }
        if (code == 0) {
            if (const auto state = number_of(*conversion, "ConversionStatus")) {
                volume.conversion = static_cast<Conversion>(*state);
            }
            auto method = call(volume.path, "GetEncryptionMethod");
            if (!method) return std::move(method).error();
            if (const auto number = number_of(*method, "EncryptionMethod")) volume.method = static_cast<int>(*number);
        }
        auto protectors = this->protectors(volume.path);
        if (!protectors) return std::move(protectors).error();
        volume.protectors = std::move(*protectors);
        found.push_back(std::move(volume));
    }
    return found;
}

Result<bool> BitLocker::seals_system() const {
    auto all = volumes();
    if (!all && all.error().fault == Fault::unsupported) return false;
    if (!all) return std::move(all).error();
    for (const auto& volume : *all) {
        if (volume.type == 0) return volume.protection == Protection::on && volume.conversion == Conversion::encrypted;
    }
    return false;
}

Result<std::string> BitLocker::add_recovery(const BitLockerVolume& volume, const std::string& name,
                                            const std::string& password) {
    auto answer =
        call(volume.path, "ProtectKeyWithNumericalPassword", {{"FriendlyName", name}, {"NumericalPassword", password}});
    if (!answer) return std::move(answer).error();
    auto id = text_of(*answer, "VolumeKeyProtectorID");
    if (!id || id->empty())
        return Error{Fault::io, "BitLocker did not name the recovery password it took.", volume.letter};
    return std::move(*id);
}

Result<std::string> BitLocker::recovery(const BitLockerVolume& volume, const std::string& protector) const {
    auto answer = call(volume.path, "GetKeyProtectorNumericalPassword", {{"VolumeKeyProtectorID", protector}});
    if (!answer) return std::move(answer).error();
    return text_of(*answer, "NumericalPassword").value_or("");
}

Outcome BitLocker::erase(const BitLockerVolume& volume, const std::string& protector) {
    auto there = protectors(volume.path);
    if (!there) return std::move(there).error();
    for (const auto& each : *there) {
        if (each.id != protector) continue;
        auto answer = call(volume.path, "DeleteKeyProtector", {{"VolumeKeyProtectorID", protector}});
        if (!answer) return std::move(answer).error();
    }
    return {};
}

}  // namespace steward::platform
