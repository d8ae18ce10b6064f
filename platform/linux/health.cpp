#include "platform/linux/health.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "platform/base/text.h"
#include "platform/linux/variables.h"
#include "platform/linux/volumes.h"

namespace steward::platform {
namespace {

// The variable has four bytes of attributes and one of value. Source: UEFI section 3.3.
std::optional<int> secure_boot(const Files& files) {
    if (!files.exists("/sys/firmware/efi")) return static_cast<int>(SecureBoot::not_supported);
    const auto variable = files.read("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
    if (!variable) {
        if (variable.error().fault == Fault::not_found) return static_cast<int>(SecureBoot::not_supported);
        return std::nullopt;
    }
    if (variable->size() != 5) return std::nullopt;
    return static_cast<int>((*variable)[4] == 1 ? SecureBoot::enabled : SecureBoot::disabled);
}

std::optional<std::string> tpm_version(const Files& files) {
    const auto major = files.fact("/sys/class/tpm/tpm0/tpm_version_major");
    if (major == "2") return "2.0";
    if (major == "1") return "1.2";
    return std::nullopt;
}

std::optional<int> dma_protection(const Files& files) {
    const auto flag = files.fact("/sys/bus/thunderbolt/devices/domain0/iommu_dma_protection");
    if (!flag) return std::nullopt;
    return static_cast<int>(*flag == "1" ? DmaProtection::enabled : DmaProtection::disabled);
}

bool running(const Files& files, std::string_view pid_file) {
    const auto pid = to_integer(files.fact(pid_file).value_or(""));
    return pid && *pid > 0 && files.exists("/proc/" + std::to_string(*pid));
}

constexpr std::string_view other_scanners[] = {"/opt/microsoft/mdatp", "/opt/sophos-spl", "/opt/eset",
                                               "/opt/CrowdStrike", "/opt/sentinelone"};

// ClamAV is known from its files; a product that only tells by its own tool leaves the question open.
void read_antivirus(const Files& files, Instant now, Health& health) {
    constexpr auto fresh = std::chrono::hours(7 * 24);
    for (const auto scanner : other_scanners) {
        if (files.exists(scanner)) return;
    }
    if (!files.exists("/usr/sbin/clamd")) {
        health.antivirus = static_cast<int>(Guard::not_installed);
        health.antivirus_signatures = 2;
        return;
    }
    const bool on = running(files, "/run/clamav/clamd.pid") || running(files, "/run/clamd.scan/clamd.pid");
    health.antivirus = static_cast<int>(on ? Guard::on : Guard::off);
    std::int64_t newest = 0;
    for (const auto path : {"/var/lib/clamav/daily.cld", "/var/lib/clamav/daily.cvd"}) {
        if (const auto found = files.stat(path)) newest = std::max<std::int64_t>(newest, found->st_mtime);
    }
    health.antivirus_signatures = now - Instant(std::chrono::seconds(newest)) <= fresh ? 1 : 0;
}

// A rule set that somebody loaded by hand can't be seen in a file: only "on" can be told for sure.
std::optional<int> firewall(const Files& files) {
    const auto ufw = find_variable(read_variables(files, "/etc/ufw/ufw.conf"), "ENABLED").value_or("no");
    if (same_ignoring_case(ufw, "yes") || running(files, "/run/firewalld.pid")) return static_cast<int>(Guard::on);
    return std::nullopt;
}

// The first domain that sssd joined; a device without sssd.conf has joined none.
std::optional<std::string> domain(const Files& files) {
    auto text = files.find("/etc/sssd/sssd.conf");
    if (!text) return std::nullopt;  // there is one, but not for us
    const auto names = find_variable(variables_of(text->value_or("")), "domains").value_or("");
    return std::string(trim(std::string_view(names).substr(0, names.find(','))));
}

}  // namespace

Result<Health> LinuxHealth::read() {
    Health health;
    health.secure_boot = secure_boot(files_);
    if (const auto volumes = find_volumes(files_, luks_)) health.system_encrypted = system_encrypted(*volumes);
    health.tpm_version = tpm_version(files_);
    health.dma_protection = dma_protection(files_);
    read_antivirus(files_, clock_.now(), health);
    health.firewall = firewall(files_);
    health.domain = domain(files_);
    return health;
}

Outcome LinuxHealth::write(const Health&) {
    return Error{Fault::refused, "The health of a device is observed, not set.", ""};
}

}  // namespace steward::platform
