#include "platform/linux/adapters.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <system_error>

#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view ethernet = "1";  // ARPHRD_ETHER: wired, wireless, and what looks like them

std::string text_of(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address == nullptr) return {};
    const void* number = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    if (address->sa_family == AF_INET6) number = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    return ::inet_ntop(address->sa_family, number, text.data(), text.size()) == nullptr ? "" : text.data();
}

// Hardware address to interface. Bridges and VLANs borrow the address of the adapter below them: the one with
// hardware behind it is meant.
std::map<std::string, std::string, std::less<>> interfaces(const Files& files) {
    std::map<std::string, std::string, std::less<>> found;
    const auto names = files.list("/sys/class/net");
    if (!names) return found;
    for (const auto& name : *names) {
        const auto path = "/sys/class/net/" + name;
        if (files.fact(path + "/type") != ethernet) continue;
        const auto address = files.fact(path + "/address");
        if (!address || address->find_first_not_of("0:") == std::string::npos) continue;
        const auto [entry, fresh] = found.emplace(*address, name);
        if (!fresh && files.exists(path + "/device") && !files.exists("/sys/class/net/" + entry->second + "/device")) {
            entry->second = name;
        }
    }
    return found;
}

Error facts_only() {
    return {Fault::refused, "Network adapters are listed, not set.", ""};
}

}  // namespace

Result<std::vector<InterfaceAddress>> system_addresses() {
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) {
        return Error{Fault::io, "The network addresses can't be listed.", std::generic_category().message(errno)};
    }
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
    std::vector<InterfaceAddress> addresses;
    for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr) continue;
        const auto family = entry->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        InterfaceAddress address;
        address.interface = entry->ifa_name;
        address.ipv6 = family == AF_INET6;
        if (address.ipv6) {
            const auto& number = reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr;
            address.global = !IN6_IS_ADDR_LINKLOCAL(&number);
        }
        address.address = text_of(entry->ifa_addr);
        address.netmask = text_of(entry->ifa_netmask);
        addresses.push_back(std::move(address));
    }
    return addresses;
}

Result<std::vector<InterfaceAddress>> no_addresses() {
    return std::vector<InterfaceAddress>();
}

Result<std::vector<std::string>> LinuxAdapters::names() {
    std::vector<std::string> names;
    for (const auto& [address, interface] : interfaces(files_)) names.push_back(address);
    return names;
}

Result<Adapter> LinuxAdapters::read(std::string_view key) {
    const auto known = interfaces(files_);
    const auto found = known.find(lower(key));
    if (found == known.end()) {
        return Error{Fault::not_found, "There is no network adapter with this address.", std::string(key)};
    }
    Adapter adapter;
    adapter.interface = found->second;
    const auto path = "/sys/class/net/" + found->second;
    const bool wireless = files_.exists(path + "/wireless") || files_.exists(path + "/phy80211");
    adapter.kind = wireless ? Adapter::wireless : files_.exists(path + "/device") ? Adapter::wired : Adapter::unknown;
    if (const auto state = files_.fact(path + "/operstate")) {
        // Drivers that don't track their state say "unknown"; the carrier tells then.
        adapter.connected = state == "up" || (state == "unknown" && files_.fact(path + "/carrier") == "1");
    }
    auto addresses = addresses_();
    if (!addresses) return std::move(addresses).error();
    bool global = false;
    for (const auto& each : *addresses) {
        if (each.interface != found->second) continue;
        if (!each.ipv6 && !adapter.ipv4) {
            adapter.ipv4 = each.address;
            adapter.ipv4_netmask = each.netmask;
        }
        if (each.ipv6 && (!adapter.ipv6 || (each.global && !global))) {
            adapter.ipv6 = each.address;
            global = each.global;
        }
    }
    return adapter;
}

Outcome LinuxAdapters::write(std::string_view, const Adapter&) {
    return facts_only();
}

Outcome LinuxAdapters::erase(std::string_view) {
    return facts_only();
}

}  // namespace steward::platform
