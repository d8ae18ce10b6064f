#include "platform/windows/identity.h"

#include <winsock2.h>

#include <windows.h>

#include <winioctl.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "platform/base/text.h"
#include "platform/windows/handle.h"
#include "platform/windows/smbios.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr std::string_view version_key = R"(SOFTWARE\Microsoft\Windows NT\CurrentVersion)";
constexpr std::string_view cryptography_key = R"(SOFTWARE\Microsoft\Cryptography)";
constexpr std::int64_t mib = 1 << 20;
constexpr std::uint32_t first_build_of_11 = 22000;

std::optional<std::int64_t> build_of(const Registry& registry) {
    const auto text = registry.text(version_key, "CurrentBuildNumber");
    return text ? to_integer(*text) : std::nullopt;
}

// "10.0.22631.4460", as DevDetail gives it.
std::optional<std::string> os_version(const Registry& registry) {
    const auto major = registry.number(version_key, "CurrentMajorVersionNumber");
    const auto minor = registry.number(version_key, "CurrentMinorVersionNumber");
    const auto build = build_of(registry);
    if (!major || !minor || !build) return std::nullopt;
    auto text = std::to_string(*major) + "." + std::to_string(*minor) + "." + std::to_string(*build);
    if (const auto revision = registry.number(version_key, "UBR")) text += "." + std::to_string(*revision);
    return text;
}

// Windows 11 still calls itself 10 there.
std::optional<std::string> os_name(const Registry& registry) {
    auto name = registry.text(version_key, "ProductName");
    const auto build = build_of(registry);
    constexpr std::string_view ten = "Windows 10";
    if (name && build && *build >= first_build_of_11 && name->starts_with(ten))
        name->replace(0, ten.size(), "Windows 11");
    return name;
}

std::optional<std::string> computer_name(COMPUTER_NAME_FORMAT format) {
    std::array<wchar_t, 1024> name{};
    auto length = static_cast<DWORD>(name.size());
    if (!::GetComputerNameExW(format, name.data(), &length) || length == 0) return std::nullopt;
    return narrow({name.data(), length});
}

std::optional<std::string> language() {
    std::array<wchar_t, LOCALE_NAME_MAX_LENGTH> name{};
    const int length = ::GetSystemDefaultLocaleName(name.data(), static_cast<int>(name.size()));
    return length > 1 ? std::optional(narrow({name.data(), static_cast<std::size_t>(length) - 1})) : std::nullopt;
}

std::optional<std::string> local_time(Instant now) {
    const std::time_t seconds = now.time_since_epoch().count();
    std::tm local{}, utc{};
    if (::localtime_s(&local, &seconds) != 0 || ::gmtime_s(&utc, &seconds) != 0) return std::nullopt;
    local.tm_isdst = 0;
    const auto ahead = ::_mkgmtime64(&local) - seconds;
    std::array<char, 24> text{};
    if (std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &local) == 0) return std::nullopt;
    const auto minutes = (ahead < 0 ? -ahead : ahead) / 60;
    std::array<char, 8> offset{};
    std::snprintf(offset.data(), offset.size(), "%c%02d:%02d", ahead < 0 ? '-' : '+',
                  static_cast<int>(minutes / 60) % 24, static_cast<int>(minutes % 60));
    return std::string(text.data()) + offset.data();
}

std::optional<std::string> resolution() {
    DEVMODEW mode{};
    mode.dmSize = sizeof mode;
    if (!::EnumDisplaySettingsW(nullptr, ENUM_CURRENT_SETTINGS, &mode) || mode.dmPelsWidth == 0) return std::nullopt;
    return std::to_string(mode.dmPelsWidth) + "x" + std::to_string(mode.dmPelsHeight);
}

std::optional<std::int64_t> total_ram() {
    ULONGLONG kib = 0;
    if (::GetPhysicallyInstalledSystemMemory(&kib)) return static_cast<std::int64_t>(kib / 1024);
    MEMORYSTATUSEX status{};
    status.dwLength = sizeof status;
    if (!::GlobalMemoryStatusEx(&status)) return std::nullopt;
    return static_cast<std::int64_t>(status.ullTotalPhys) / mib;
}

// Disks that can't be taken out.
std::optional<std::int64_t> total_storage() {
    constexpr int most_disks = 64;
    std::optional<std::int64_t> total;
    for (int i = 0; i < most_disks; ++i) {
        const auto path = L"\\\\.\\PhysicalDrive" + std::to_wstring(i);
        const Handle disk(
            ::CreateFileW(path.c_str(), 0, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr));
        if (!disk.open()) continue;
        DISK_GEOMETRY_EX geometry{};
        DWORD size = 0;
        if (!::DeviceIoControl(disk.get(), IOCTL_DISK_GET_DRIVE_GEOMETRY_EX, nullptr, 0, &geometry, sizeof geometry,
                               &size, nullptr)) {
            continue;
        }
        if (geometry.Geometry.MediaType != FixedMedia) continue;
        total = total.value_or(0) + geometry.DiskSize.QuadPart;
    }
    if (total) *total /= mib;
    return total;
}

std::optional<std::int64_t> free_storage() {
    std::array<wchar_t, MAX_PATH> windows{};
    if (::GetWindowsDirectoryW(windows.data(), static_cast<UINT>(windows.size())) < 3) return std::nullopt;
    windows.at(3) = L'\0';  // "C:\"
    ULARGE_INTEGER available{};
    if (!::GetDiskFreeSpaceExW(windows.data(), &available, nullptr, nullptr)) return std::nullopt;
    return static_cast<std::int64_t>(available.QuadPart) / mib;
}

}  // namespace

Result<Identity> WindowsIdentity::read() {
    Identity identity;
    if (!device_id_.empty()) identity.device_id = device_id_;
    if (const auto machine = registry_.text(cryptography_key, "MachineGuid"); machine && !machine->empty()) {
        identity.hardware_id = to_hex(sha256("steward hardware id " + *machine));
    }
    auto firmware = read_smbios(smbios_table());
    identity.manufacturer = std::move(firmware.manufacturer);
    identity.model = std::move(firmware.model);
    identity.sku = std::move(firmware.sku);
    identity.serial_number = std::move(firmware.serial_number);
    identity.smbios_version = std::move(firmware.version);
    identity.firmware_version = std::move(firmware.firmware_version);
    identity.hardware_version = std::move(firmware.hardware_version);
    identity.os_name = os_name(registry_);
    identity.os_edition = registry_.text(version_key, "EditionID");
    identity.os_version = os_version(registry_);
    identity.language = language();
    identity.host_name = computer_name(ComputerNamePhysicalDnsHostname);
    identity.dns_name = computer_name(ComputerNamePhysicalDnsFullyQualified);
    if (!identity.dns_name) identity.dns_name = identity.host_name;
    identity.local_time = local_time(clock_.now());
    identity.resolution = resolution();
    SYSTEM_INFO system{};
    ::GetNativeSystemInfo(&system);
    identity.processor_architecture = system.wProcessorArchitecture;
    identity.processor_type = static_cast<int>(system.dwProcessorType);
    identity.total_ram_mib = total_ram();
    identity.total_storage_mib = total_storage();
    identity.free_storage_mib = free_storage();
    return identity;
}

Outcome WindowsIdentity::write(const Identity&) {
    return Error{Fault::refused, "The identity of a device is read, not set.", ""};
}

}  // namespace steward::platform
