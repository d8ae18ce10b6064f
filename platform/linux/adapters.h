// The network adapters as /sys/class/net shows them, with the addresses that getifaddrs(3) knows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "platform/linux/files.h"
#include "platform/network.h"

namespace steward::platform {

struct InterfaceAddress {
    std::string interface;
    bool ipv6 = false;
    bool global = true;  // not for this link only
    std::string address;
    std::string netmask;
};
using AddressSource = std::function<Result<std::vector<InterfaceAddress>>()>;

Result<std::vector<InterfaceAddress>> system_addresses();  // of the network namespace we run in
Result<std::vector<InterfaceAddress>> no_addresses();      // of a private root, which has no network of its own

class LinuxAdapters final : public Table<Adapter> {
  public:
    LinuxAdapters(const Files& files, AddressSource addresses) : files_(files), addresses_(std::move(addresses)) {}

    Result<std::vector<std::string>> names() override;
    Result<Adapter> read(std::string_view key) override;
    Outcome write(std::string_view key, const Adapter& managed) override;
    Outcome erase(std::string_view key) override;

  private:
    const Files& files_;
    AddressSource addresses_;
};

}  // namespace steward::platform
