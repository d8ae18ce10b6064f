// A BitLocker in memory, behind the methods of Win32_EncryptableVolume, and calls of which the n-th fails.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/windows/wmi.h"

namespace steward::test {

class ScriptedBitLocker final : public platform::Wmi {
  public:
    struct Protector {
        std::int64_t kind = 1;
        std::string name, password;
    };
    struct Disk {
        std::string device, letter;
        std::int64_t type = 0, protection = 1, conversion = 1, method = 6;
        bool locked = false;
        std::map<std::string, Protector> protectors;
    };

    std::vector<Disk> disks;
    bool present = true;
    bool forgets_passwords = false;
    std::vector<std::string> changes;  // "add", "delete"

    // Every call from the n-th change on fails, as when the process is killed there; 0: none.
    void die_at_change(int nth) { die_ = nth; }
    bool dead() const { return die_ > 0 && static_cast<int>(changes.size()) >= die_; }

    Result<std::vector<platform::WmiObject>> query(const std::string& space, const std::string& wql) override {
        if (dead()) return Error{Fault::io, "It did not answer.", ""};
        if (!present || wql != "SELECT * FROM Win32_EncryptableVolume") {
            return Error{Fault::unsupported, "There is no such namespace.", space};
        }
        std::vector<platform::WmiObject> rows;
        for (const auto& disk : disks) {
            platform::WmiObject row = {
                {"__RELPATH", "Win32_EncryptableVolume.DeviceID=\"" + disk.device + "\""},
                {"DeviceID", disk.device},
                {"VolumeType", disk.type},
            };
            if (!disk.letter.empty()) row.emplace("DriveLetter", disk.letter);
            rows.push_back(std::move(row));
        }
        return rows;
    }

    Result<platform::WmiObject> call(const std::string&, const std::string& path, const std::string& method,
                                     const platform::WmiObject& arguments) override {
        if (dead()) return Error{Fault::io, "It did not answer.", ""};
        for (auto& disk : disks) {
            if (path.find("\"" + disk.device + "\"") != std::string::npos) return answer(disk, method, arguments);
        }
        return platform::WmiObject{{"ReturnValue", std::int64_t{0x80070057}}};
    }

  private:
    platform::WmiObject answer(Disk& disk, const std::string& method, const platform::WmiObject& arguments) {
        const std::int64_t fine = 0, invalid = 0x80070057, locked = 0x80310000, last_one = 0x8031001D;
        const auto id = platform::text_of(arguments, "VolumeKeyProtectorID").value_or("");
        const auto code = [](std::int64_t number) { return platform::WmiObject{{"ReturnValue", number}}; };
        if (method == "GetProtectionStatus") return {{"ReturnValue", fine}, {"ProtectionStatus", disk.protection}};
        if (method == "GetConversionStatus") {
            if (disk.locked) return code(locked);
            return {{"ReturnValue", fine}, {"ConversionStatus", disk.conversion}};
        }
        if (method == "GetEncryptionMethod") return {{"ReturnValue", fine}, {"EncryptionMethod", disk.method}};
        if (method == "GetKeyProtectors") {
            std::vector<std::string> ids;
            for (const auto& [each, protector] : disk.protectors) ids.push_back(each);
            return {{"ReturnValue", fine}, {"VolumeKeyProtectorID", ids}};
        }
        if (method == "ProtectKeyWithNumericalPassword") {
            const auto made = "{" + std::to_string(++last_id_) + "}";
            const auto password = platform::text_of(arguments, "NumericalPassword").value_or("");
            if (!acceptable(password)) return code(invalid);
            disk.protectors[made] = {3, platform::text_of(arguments, "FriendlyName").value_or(""),
                                     forgets_passwords ? "" : password};
            changes.emplace_back("add");
            return {{"ReturnValue", fine}, {"VolumeKeyProtectorID", made}};
        }
        const auto found = disk.protectors.find(id);
        if (found == disk.protectors.end()) return code(invalid);
        if (method == "GetKeyProtectorType") return {{"ReturnValue", fine}, {"KeyProtectorType", found->second.kind}};
        if (method == "GetKeyProtectorFriendlyName") {
            return {{"ReturnValue", fine}, {"FriendlyName", found->second.name}};
        }
        if (method == "GetKeyProtectorNumericalPassword") {
            return {{"ReturnValue", fine}, {"NumericalPassword", found->second.password}};
        }
        if (method == "DeleteKeyProtector") {
            if (disk.protectors.size() == 1) return code(last_one);
            disk.protectors.erase(found);
            changes.emplace_back("delete");
            return code(fine);
        }
        return code(0x80041002);
    }

    // Eight groups of six digits, each eleven times a number of 16 bits.
    static bool acceptable(const std::string& password) {
        if (password.size() != 55) return false;
        for (std::size_t group = 0; group < 8; ++group) {
            const auto text = password.substr(group * 7, 6);
            if (text.find_first_not_of("0123456789") != std::string::npos) return false;
            const int number = std::stoi(text);
            if (number % 11 != 0 || number > 720885 || (group < 7 && password[group * 7 + 6] != '-')) return false;
        }
        return true;
    }

    int last_id_ = 100, die_ = 0;
};

}  // namespace steward::test
