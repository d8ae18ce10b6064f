#include "platform/linux/bus.h"

#include <systemd/sd-bus.h>

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace steward::platform {
namespace {

// More than any service has to say: the answer of a service that was taken over must not exhaust us.
constexpr std::size_t most_values = 100'000;
constexpr int deepest = 64;  // as the specification allows

struct Unref {
    void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Message = std::unique_ptr<sd_bus_message, Unref>;

struct NamedError {
    sd_bus_error error{};
    NamedError() = default;
    NamedError(const NamedError&) = delete;
    NamedError& operator=(const NamedError&) = delete;
    ~NamedError() { sd_bus_error_free(&error); }
};

int append(sd_bus_message* message, const BusValue& value);

int append_all(sd_bus_message* message, const BusValues& values) {
    for (const auto& value : values) {
        if (const int code = append(message, value); code < 0) return code;
    }
    return 0;
}

// `contents` is the signature inside the container.
int append_container(sd_bus_message* message, char kind, const std::string& contents, const BusValues& values) {
    int code = sd_bus_message_open_container(message, kind, contents.c_str());
    if (code >= 0) code = append_all(message, values);
    if (code >= 0) code = sd_bus_message_close_container(message);
    return code;
}

// The 8 bytes of a union of all widths: sd-bus reads as many as the type has.
int append_number(sd_bus_message* message, char type, std::uint64_t number) {
    const auto byte = static_cast<std::uint8_t>(number);
    const auto half = static_cast<std::uint16_t>(number);
    const auto word = static_cast<std::uint32_t>(number);
    switch (type) {
        case 'y':
            return sd_bus_message_append_basic(message, type, &byte);
        case 'n':
        case 'q':
            return sd_bus_message_append_basic(message, type, &half);
        case 'i':
        case 'u':
            return sd_bus_message_append_basic(message, type, &word);
        case 'x':
        case 't':
            return sd_bus_message_append_basic(message, type, &number);
        default:
            return -EINVAL;
    }
}

int append(sd_bus_message* message, const BusValue& value) {
    const std::string& type = value.type();
    if (type.empty()) return -EINVAL;
    if (const auto* text = std::get_if<std::string>(&value.held())) {
        if (type == "ay") return sd_bus_message_append_array(message, 'y', text->data(), text->size());
        if (text->find('\0') != std::string::npos) return -EINVAL;
        return sd_bus_message_append_basic(message, type[0], text->c_str());
    }
    if (const auto* yes = std::get_if<bool>(&value.held())) {
        const int number = *yes ? 1 : 0;
        return type == "b" ? sd_bus_message_append_basic(message, 'b', &number) : -EINVAL;
    }
    if (const auto* number = std::get_if<std::uint64_t>(&value.held())) return append_number(message, type[0], *number);
    if (const auto* number = std::get_if<std::int64_t>(&value.held()))
        return append_number(message, type[0], static_cast<std::uint64_t>(*number));
    if (const auto* number = std::get_if<double>(&value.held()))
        return type == "d" ? sd_bus_message_append_basic(message, 'd', number) : -EINVAL;
    if (const auto* descriptor = std::get_if<std::shared_ptr<const BusDescriptor>>(&value.held())) {
        if (type != "h" || *descriptor == nullptr) return -EINVAL;
        const int file = (*descriptor)->file();
        return sd_bus_message_append_basic(message, 'h', &file);
    }
    const auto& values = *std::get_if<BusValues>(&value.held());
    if (type == "v")
        return values.size() == 1 ? append_container(message, 'v', values.front().type(), values) : -EINVAL;
    if (type[0] == 'a') return append_container(message, 'a', type.substr(1), values);
    if (type.size() < 3) return -EINVAL;
    const std::string inner = type.substr(1, type.size() - 2);
    if (type[0] == '(') return append_container(message, 'r', inner, values);
    if (type[0] == '{') return append_container(message, 'e', inner, values);
    return -EINVAL;
}

class Reader {
  public:
    explicit Reader(sd_bus_message* message) : message_(message) {}

    // All values up to the end of the message or of the open container.
    Result<BusValues> values(int depth) {
        BusValues all;
        for (;;) {
            char kind = 0;
            const char* contents = nullptr;
            const int code = sd_bus_message_peek_type(message_, &kind, &contents);
            if (code < 0) return broken(code);
            if (code == 0) return all;
            if (++count_ > most_values || depth > deepest) {
                return Error{Fault::too_large, "A service answered more than is reasonable.", ""};
            }
            auto value = one(kind, contents != nullptr ? contents : "", depth);
            if (!value) return std::move(value).error();
            all.push_back(std::move(*value));
        }
    }

  private:
    static Error broken(int code) {
        return {Fault::io, "The answer of a service could not be read.", std::strerror(-code)};
    }

    Result<BusValue> one(char kind, const std::string& contents, int depth) {
        if (kind == 'a' && contents == "y") {
            const void* data = nullptr;
            std::size_t size = 0;
            if (const int code = sd_bus_message_read_array(message_, 'y', &data, &size); code < 0) return broken(code);
            return BusValue::bytes(size > 0 ? std::string(static_cast<const char*>(data), size) : std::string());
        }
        if (std::strchr("avre", kind) == nullptr) return basic(kind);
        if (const int code = sd_bus_message_enter_container(message_, kind, contents.c_str()); code < 0)
            return broken(code);
        auto inner = values(depth + 1);
        if (!inner) return std::move(inner).error();
        if (const int code = sd_bus_message_exit_container(message_); code < 0) return broken(code);
        switch (kind) {
            case 'a':
                return BusValue("a" + contents, std::move(*inner));
            case 'v':
                return BusValue("v", std::move(*inner));
            case 'r':
                return BusValue("(" + contents + ")", std::move(*inner));
            default:
                return BusValue("{" + contents + "}", std::move(*inner));
        }
    }

    template <class T>
    Result<BusValue> number(char kind) {
        T raw{};
        if (const int code = sd_bus_message_read_basic(message_, kind, &raw); code < 0) return broken(code);
        if constexpr (std::is_same_v<T, double>) {
            return BusValue(std::string(1, kind), raw);
        } else if constexpr (std::is_signed_v<T>) {
            return BusValue(std::string(1, kind), std::int64_t{raw});
        } else {
            return BusValue(std::string(1, kind), std::uint64_t{raw});
        }
    }

    Result<BusValue> basic(char kind) {
        switch (kind) {
            case 'y':
                return number<std::uint8_t>(kind);
            case 'q':
                return number<std::uint16_t>(kind);
            case 'u':
                return number<std::uint32_t>(kind);
            case 't':
                return number<std::uint64_t>(kind);
            case 'n':
                return number<std::int16_t>(kind);
            case 'i':
                return number<std::int32_t>(kind);
            case 'x':
                return number<std::int64_t>(kind);
            case 'd':
                return number<double>(kind);
            default:
                break;
        }
        if (kind == 'b' || kind == 'h') {
            int raw = 0;
            if (const int code = sd_bus_message_read_basic(message_, kind, &raw); code < 0) return broken(code);
            if (kind == 'b') return BusValue::boolean(raw != 0);
            const int own = ::fcntl(raw, F_DUPFD_CLOEXEC, 3);  // the message closes its own
            if (own < 0) return broken(-errno);
            return BusValue("h", std::make_shared<const BusDescriptor>(own));
        }
        const char* text = nullptr;
        if (const int code = sd_bus_message_read_basic(message_, kind, &text); code < 0) return broken(code);
        return BusValue(std::string(1, kind), std::string(text != nullptr ? text : ""));
    }

    sd_bus_message* message_;
    std::size_t count_ = 0;
};

}  // namespace

struct SystemBus::Connection {
    sd_bus* bus = nullptr;
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { sd_bus_flush_close_unref(bus); }

    int open(const std::string& address) {
        if (address.empty()) return sd_bus_open_system(&bus);
        int code = sd_bus_new(&bus);
        if (code >= 0) code = sd_bus_set_address(bus, address.c_str());
        if (code >= 0) code = sd_bus_set_bus_client(bus, 1);
        if (code >= 0) code = sd_bus_start(bus);
        return code;
    }
    // Takes in what came meanwhile, above all the news that the bus has gone.
    bool alive() const {
        int code = 0;
        do code = sd_bus_process(bus, nullptr);
        while (code > 0);
        return code == 0 && sd_bus_is_open(bus) > 0;
    }
};

SystemBus::SystemBus() = default;
SystemBus::SystemBus(std::string address) : address_(std::move(address)) {}
SystemBus::~SystemBus() = default;

Result<BusValues> SystemBus::call(const BusCall& call) {
    if (connection_ && !connection_->alive()) connection_.reset();
    if (!connection_) {
        auto made = std::make_unique<Connection>();
        if (const int code = made->open(address_); code < 0) {
            const bool absent = code == -ENOENT || code == -ECONNREFUSED || code == -ENOTDIR;
            return Error{absent ? Fault::unsupported : Fault::io,
                         "The D-Bus system bus can't be reached, which " + call.service +
                             " needs: check that dbus-daemon or dbus-broker runs.",
                         std::strerror(-code)};
        }
        connection_ = std::move(made);
    }
    sd_bus_message* raw = nullptr;
    int code = sd_bus_message_new_method_call(connection_->bus, &raw, call.service.c_str(), call.path.c_str(),
                                              call.interface.c_str(), call.member.c_str());
    const Message message(raw);
    if (code >= 0) code = append_all(raw, call.arguments);
    if (code < 0) {
        return Error{Fault::invalid, call.member + " could not be put into a D-Bus message.", std::strerror(-code)};
    }
    (void)sd_bus_message_sensitive(raw);  // wiped from memory when it is freed
    NamedError error;
    sd_bus_message* answer = nullptr;
    const auto wait = std::chrono::duration_cast<std::chrono::microseconds>(call.timeout);
    code = sd_bus_call(connection_->bus, raw, static_cast<std::uint64_t>(wait.count()), &error.error, &answer);
    const Message reply(answer);
    if (code < 0) {
        if (sd_bus_is_open(connection_->bus) <= 0) connection_.reset();
        const char* name = error.error.name != nullptr ? error.error.name : "";
        return bus_error(call, name, error.error.message != nullptr ? error.error.message : std::strerror(-code));
    }
    return Reader(answer).values(0);
}

}  // namespace steward::platform
