// A named pipe as the endpoint. Who comes from another machine is turned away. Source: Named Pipes, Impersonation.
#include "platform/endpoint.h"

#include <windows.h>

#include <sddl.h>

#include <algorithm>
#include <array>

#include "platform/windows/access.h"
#include "platform/windows/failure.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

constexpr DWORD buffer_size = 64u << 10;

// Everybody who is signed in may read and write, but not make a pipe of this name (FILE_CREATE_PIPE_INSTANCE).
constexpr const wchar_t* pipe_access = L"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x12019b;;;AU)";

Handle event() {
    return Handle(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
}

// Who the caller of a pipe is. Known only once something was read of it.
Visitor visitor_of(HANDLE pipe) {
    Visitor visitor{static_cast<unsigned>(-1), false};
    if (!::ImpersonateNamedPipeClient(pipe)) return visitor;
    Handle token;
    const bool opened = ::OpenThreadToken(::GetCurrentThread(), TOKEN_QUERY, TRUE, token.place()) != 0;
    if (opened) {
        const auto user = user_of(token.get());
        visitor.administrator = is_administrator(token.get()) || (!user.empty() && user == L"S-1-5-18");
        const auto cut = user.find_last_of(L'-');
        if (cut != std::wstring::npos)
            visitor.user = static_cast<unsigned>(std::wcstoul(user.c_str() + cut + 1, nullptr, 10));
    }
    if (!::RevertToSelf()) std::abort();  // to go on with the rights of a visitor would be a bug of the worst kind
    if (opened && !visitor.administrator) visitor.administrator = user_of(token.get()) == own_user();
    return visitor;
}

class PipeConnection final : public Connection {
  public:
    // served: at the service's end, where the other one is a visitor.
    PipeConnection(Handle pipe, bool served, std::chrono::seconds patience)
        : pipe_(std::move(pipe)),
          served_(served),
          patience_(patience.count() == 0 ? INFINITE
                                          : static_cast<DWORD>(std::chrono::milliseconds(patience).count())) {}

    Result<std::string> read(std::size_t most) override {
        std::string bytes(std::min<std::size_t>(most, 1u << 20), '\0');
        auto count = transfer(false, bytes.data(), bytes.size());
        if (!count) return count.error();
        bytes.resize(*count);
        if (served_ && !known_) {
            visitor_ = visitor_of(pipe_.get());
            known_ = true;
        }
        return bytes;
    }

    Outcome write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto count =
                transfer(true, const_cast<char*>(bytes.data()), std::min<std::size_t>(bytes.size(), buffer_size));
            if (!count) return count.error();
            if (*count == 0) return Error{Fault::io, "The other end does not listen any more.", {}};
            bytes.remove_prefix(*count);
        }
        return {};
    }

    const Visitor& visitor() const override { return visitor_; }

    void shut() override { ::SetEvent(over_.get()); }

  private:
    // One read or write, until it is done, too late, or shut() ends it.
    Result<std::size_t> transfer(bool out, char* bytes, std::size_t size) {
        if (::WaitForSingleObject(over_.get(), 0) == WAIT_OBJECT_0) return std::size_t{0};
        const Handle done = event();
        OVERLAPPED state{};
        state.hEvent = done.get();
        const auto length = static_cast<DWORD>(size);
        const BOOL at_once = out ? ::WriteFile(pipe_.get(), bytes, length, nullptr, &state)
                                 : ::ReadFile(pipe_.get(), bytes, length, nullptr, &state);
        const char* what = out ? "The other end does not listen any more." : "The other end could not be read.";
        DWORD code = at_once ? ERROR_SUCCESS : ::GetLastError();
        DWORD count = 0;
        bool late = false;
        if (code == ERROR_SUCCESS || code == ERROR_IO_PENDING) {
            const std::array<HANDLE, 2> waiting{done.get(), over_.get()};
            const DWORD which = ::WaitForMultipleObjects(2, waiting.data(), FALSE, patience_);
            late = which == WAIT_TIMEOUT;
            if (which != WAIT_OBJECT_0) ::CancelIoEx(pipe_.get(), &state);
            code = ::GetOverlappedResult(pipe_.get(), &state, &count, TRUE) ? ERROR_SUCCESS : ::GetLastError();
        }
        if (code == ERROR_SUCCESS) return std::size_t{count};
        if (late) return Error{Fault::timeout, what, "named pipe"};
        const bool ended =
            code == ERROR_BROKEN_PIPE || code == ERROR_OPERATION_ABORTED || code == ERROR_PIPE_NOT_CONNECTED;
        if (ended && !out) return std::size_t{0};
        return failed_call(what, "named pipe", code);
    }

    Handle pipe_;
    bool served_;
    DWORD patience_;
    Handle over_ = event();
    bool known_ = false;
    Visitor visitor_{static_cast<unsigned>(-1), false};
};

class PipeEndpoint final : public Endpoint {
  public:
    PipeEndpoint(std::wstring name, Handle first, std::chrono::seconds patience)
        : name_(std::move(name)), next_(std::move(first)), patience_(patience) {}

    Result<std::unique_ptr<Connection>> accept() override {
        for (;;) {
            if (::WaitForSingleObject(closed_.get(), 0) == WAIT_OBJECT_0)
                return Error{Fault::interrupted, "The endpoint was closed.", {}};
            const Handle arrived = event();
            OVERLAPPED state{};
            state.hEvent = arrived.get();
            bool there = ::ConnectNamedPipe(next_.get(), &state) != 0;
            const DWORD code = there ? ERROR_SUCCESS : ::GetLastError();
            there = there || code == ERROR_PIPE_CONNECTED;
            if (!there && code == ERROR_IO_PENDING) {
                const std::array<HANDLE, 2> waiting{closed_.get(), arrived.get()};
                const DWORD which = ::WaitForMultipleObjects(2, waiting.data(), FALSE, INFINITE);
                if (which != WAIT_OBJECT_0 + 1) ::CancelIoEx(next_.get(), &state);
                DWORD nothing = 0;
                there = ::GetOverlappedResult(next_.get(), &state, &nothing, TRUE) != 0;
                if (which == WAIT_OBJECT_0) return Error{Fault::interrupted, "The endpoint was closed.", {}};
            }
            // The next one stands before this one is served, so that the name never goes.
            Handle served = std::move(next_);
            auto next = make_instance(name_, false);
            if (!next) return next.error();
            next_ = std::move(*next);
            if (there)
                return std::unique_ptr<Connection>(
                    std::make_unique<PipeConnection>(std::move(served), true, patience_));
        }
    }

    void close() override { ::SetEvent(closed_.get()); }

    static Result<Handle> make_instance(const std::wstring& name, bool first) {
        Descriptor access(pipe_access);
        Handle made(::CreateNamedPipeW(
            name.c_str(), PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | (first ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0u),
            PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES,
            buffer_size, buffer_size, 0, access.valid() ? access.attributes() : nullptr));
        if (made.open() && access.valid()) return made;
        return failed_call(
            "The control pipe could not be opened; the service needs to be an administrator, or a --root of "
            "its own.",
            narrow(name));
    }

  private:
    std::wstring name_;
    Handle next_, closed_ = event();
    std::chrono::seconds patience_;
};

}  // namespace

Result<std::unique_ptr<Endpoint>> listen_at(const std::string& place, std::chrono::seconds patience) {
    // Whoever has the name already is another service, or somebody who means to be taken for one.
    if (auto other = connect_to(place, std::chrono::seconds(1)))
        return Error{Fault::busy, "A Steward service is running already.", place};
    const auto name = wide(place);
    auto first = PipeEndpoint::make_instance(name, true);
    if (!first) return first.error();
    return std::unique_ptr<Endpoint>(std::make_unique<PipeEndpoint>(name, std::move(*first), patience));
}

Result<std::unique_ptr<Connection>> connect_to(const std::string& place, std::chrono::seconds patience) {
    const auto name = wide(place);
    for (;;) {
        // The service may know who we are, and nothing more: whoever took its name first could use our rights.
        Handle pipe(::CreateFileW(name.c_str(), GENERIC_READ | FILE_WRITE_DATA, 0, nullptr, OPEN_EXISTING,
                                  FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr));
        if (pipe.open())
            return std::unique_ptr<Connection>(std::make_unique<PipeConnection>(std::move(pipe), false, patience));
        const DWORD code = ::GetLastError();
        constexpr DWORD longest_wait = 2000;
        if (code == ERROR_PIPE_BUSY && ::WaitNamedPipeW(name.c_str(), longest_wait)) continue;
        auto error = failed_call("The service does not answer.", place, code);
        if (code != ERROR_FILE_NOT_FOUND) error.fault = error.fault == Fault::not_found ? Fault::io : error.fault;
        return error;
    }
}

}  // namespace steward::platform
