// D-Bus: method calls and properties of system services. struct Bus is the seam; SystemBus is the real one, and no
// library type shows. Source: D-Bus Specification 0.42, "Type System" and "Standard Interfaces".
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/base/result.h"

namespace steward::platform {

class BusValue;
using BusValues = std::vector<BusValue>;

// A file descriptor that came with an answer (an inhibitor lock of logind); closed with the last copy of its value.
class BusDescriptor {
  public:
    explicit BusDescriptor(int file) : file_(file) {}
    ~BusDescriptor();
    BusDescriptor(const BusDescriptor&) = delete;
    BusDescriptor& operator=(const BusDescriptor&) = delete;
    int file() const { return file_; }

  private:
    int file_;
};

// One value of a complete D-Bus type.
class BusValue {
  public:
    using Entries = std::vector<std::pair<std::string, BusValue>>;

    static BusValue text(std::string value) { return {"s", std::move(value)}; }
    static BusValue path(std::string value) { return {"o", std::move(value)}; }
    static BusValue bytes(std::string value) { return {"ay", std::move(value)}; }
    static BusValue boolean(bool value) { return {"b", value}; }
    static BusValue uint32(std::uint32_t value) { return {"u", std::uint64_t{value}}; }
    static BusValue uint64(std::uint64_t value) { return {"t", value}; }
    static BusValue int32(std::int32_t value) { return {"i", std::int64_t{value}}; }
    static BusValue int64(std::int64_t value) { return {"x", value}; }
    static BusValue real(double value) { return {"d", value}; }
    static BusValue array(std::string_view element_type, BusValues elements);
    static BusValue texts(const std::vector<std::string>& elements);  // as
    static BusValue structure(BusValues members);
    static BusValue variant(BusValue value);
    static BusValue dictionary(std::string_view value_type, Entries entries);  // a{s…}
    static BusValue variants(Entries entries);                                 // a{sv}; each value is wrapped

    // Any type, as the reader of an answer makes it; `held` must be what the type asks for (see Held).
    using Held = std::variant<bool,           // b
                              std::uint64_t,  // y q u t
                              std::int64_t,   // n i x
                              double,         // d
                              std::string,    // s o g, and the raw bytes of ay
                              BusValues,  // arrays, structures, a dictionary's entries {key, value}, a variant's one
                              std::shared_ptr<const BusDescriptor>>;  // h
    BusValue(std::string type, Held held) : type_(std::move(type)), held_(std::move(held)) {}

    const std::string& type() const { return type_; }
    const Held& held() const { return held_; }

    // Each of these looks through variants, and answers nothing when the value is of another kind.
    std::optional<std::string> as_text() const;  // s o g
    std::optional<std::string> as_bytes() const;
    std::optional<bool> as_boolean() const;
    std::optional<std::uint64_t> as_unsigned() const;
    std::optional<std::int64_t> as_integer() const;  // of any width and sign that fits
    std::optional<double> as_real() const;
    std::vector<std::string> as_texts() const;  // of as and ao
    std::shared_ptr<const BusDescriptor> as_descriptor() const;
    const BusValues& elements() const;                       // of arrays, structures and entries; else empty
    const BusValue* at(std::string_view key) const;          // of a dictionary with text keys; nullptr: not there
    std::vector<std::string> keys() const;                   // of a dictionary with text keys
    bool operator==(const BusValue& other) const = default;  // descriptors: the same one

  private:
    const BusValue& inside() const;

    std::string type_;
    Held held_;
};

struct BusCall {
    std::string service;    // org.freedesktop.login1
    std::string path;       // /org/freedesktop/login1
    std::string interface;  // org.freedesktop.login1.Manager
    std::string member;     // ListSessions
    BusValues arguments = {};
    std::chrono::milliseconds timeout = std::chrono::seconds(25);
};

// Errors carry the D-Bus name and the service's own message as evidence, never an argument: arguments may be secret.
// Fault::unsupported: there is no bus, no such service, or the service has no such method or property.
struct Bus {
    virtual ~Bus() = default;
    virtual Result<BusValues> call(const BusCall& call) = 0;
};

struct BusObject {
    std::string service, path, interface;
};
Result<BusValue> get_property(Bus& bus, const BusObject& object, std::string_view name);  // unwrapped
Outcome set_property(Bus& bus, const BusObject& object, std::string_view name, BusValue value);

// What kind of failure an error of this name is, for every Bus alike.
Fault fault_of_bus_error(std::string_view name);
Error bus_error(const BusCall& call, std::string_view name, std::string_view message);

// The system bus, or the bus at an address. Connects with the first call, and anew after the bus went away.
class SystemBus final : public Bus {
  public:
    SystemBus();  // DBUS_SYSTEM_BUS_ADDRESS, or the well-known socket
    explicit SystemBus(std::string address);
    ~SystemBus() override;
    SystemBus(const SystemBus&) = delete;
    SystemBus& operator=(const SystemBus&) = delete;

    Result<BusValues> call(const BusCall& call) override;

  private:
    struct Connection;
    std::string address_;
    std::unique_ptr<Connection> connection_;
};

// For a device in a private root, which has no services: every call is Fault::unsupported.
struct AbsentBus final : Bus {
    Result<BusValues> call(const BusCall& call) override;
};

}  // namespace steward::platform
