#include "platform/windows/adapters.h"

#include <winsock2.h>

#include <windows.h>

#include <iphlpapi.h>
#include <ws2tcpip.h>

#include <array>
#include <cstddef>
#include <utility>

#include "platform/base/text.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

#undef interface  // of COM's headers: it is a member of Adapter

namespace steward::platform {
namespace {

constexpr int tries = 4;  // adapters may come while they are being counted

std::string text_of(const void* number, int family) {
    std::array<wchar_t, INET6_ADDRSTRLEN> text{};
    return ::InetNtopW(family, number, text.data(), text.size()) == nullptr ? std::string() : narrow(text.data());
}

std::string hardware_address(const IP_ADAPTER_ADDRESSES& adapter) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (ULONG i = 0; i < adapter.PhysicalAddressLength; ++i) {
        const BYTE byte = adapter.PhysicalAddress[i];
        if (i != 0) text += ':';
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string netmask(ULONG length) {
    in_addr mask{};
    mask.s_addr = ::htonl(length == 0 ? 0 : ~0UL << (32 - length));
    return text_of(&mask, AF_INET);
}

void add_addresses(const IP_ADAPTER_ADDRESSES& from, Adapter& adapter) {
    bool global = false;
    for (const auto* each = from.FirstUnicastAddress; each != nullptr; each = each->Next) {
        const auto* address = each->Address.lpSockaddr;
        if (address->sa_family == AF_INET && !adapter.ipv4) {
            adapter.ipv4 = text_of(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr, AF_INET);
            if (each->OnLinkPrefixLength <= 32) adapter.ipv4_netmask = netmask(each->OnLinkPrefixLength);
        } else if (address->sa_family == AF_INET6) {
            const auto& number = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
            const bool is_global = !(number.s6_addr[0] == 0xFE && (number.s6_addr[1] & 0xC0) == 0x80);
            if (adapter.ipv6 && (global || !is_global)) continue;
            adapter.ipv6 = text_of(&number, AF_INET6);
            global = is_global;
        }
    }
}

}  // namespace

Result<Adapters> system_adapters() {
    ULONG size = 32 << 10;
    std::vector<std::byte> memory;
    ULONG answer = ERROR_BUFFER_OVERFLOW;
    for (int i = 0; i < tries && answer == ERROR_BUFFER_OVERFLOW; ++i) {
        memory.resize(size);
        answer = ::GetAdaptersAddresses(AF_UNSPEC,
                                        GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER,
                                        nullptr, reinterpret_cast<IP_ADAPTER_ADDRESSES*>(memory.data()), &size);
    }
    Adapters adapters;
    if (answer == ERROR_NO_DATA) return adapters;
    if (answer != ERROR_SUCCESS) return failed_call("The network adapters can't be listed.", {}, answer);
    const auto* each = reinterpret_cast<const IP_ADAPTER_ADDRESSES*>(memory.data());
    for (; each != nullptr; each = each->Next) {
        const bool wireless = each->IfType == IF_TYPE_IEEE80211;
        if (each->PhysicalAddressLength == 0 || (!wireless && each->IfType != IF_TYPE_ETHERNET_CSMACD)) continue;
        Adapter adapter;
        adapter.interface = narrow(each->FriendlyName);
        adapter.kind = wireless ? Adapter::wireless : Adapter::wired;
        adapter.connected = each->OperStatus == IfOperStatusUp;
        add_addresses(*each, adapter);
        adapters.emplace(hardware_address(*each), std::move(adapter));
    }
    return adapters;
}

Result<std::vector<std::string>> WindowsAdapters::names() {
    auto adapters = source_();
    if (!adapters) return std::move(adapters).error();
    std::vector<std::string> names;
    for (const auto& entry : *adapters) names.push_back(entry.first);
    return names;
}

Result<Adapter> WindowsAdapters::read(std::string_view key) {
    auto adapters = source_();
    if (!adapters) return std::move(adapters).error();
    const auto found = adapters->find(lower(key));
    if (found == adapters->end()) {
        return Error{Fault::not_found, "There is no network adapter with this address.", std::string(key)};
    }
    return std::move(found->second);
}

Outcome WindowsAdapters::write(std::string_view, const Adapter&) {
    return Error{Fault::refused, "Network adapters are listed, not set.", ""};
}

Outcome WindowsAdapters::erase(std::string_view) {
    return Error{Fault::refused, "Network adapters are listed, not set.", ""};
}

}  // namespace steward::platform
