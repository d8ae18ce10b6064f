#include "platform/windows/processes.h"

#include <windows.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>

#include "platform/base/text.h"
#include "platform/windows/failure.h"
#include "platform/windows/handle.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

struct Pipe {
    Handle ours, theirs;
};

// `inward`: they read what we write.
Result<Pipe> make_pipe(bool inward) {
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    Pipe pipe;
    Handle read, write;
    if (!::CreatePipe(read.place(), write.place(), &inherited, 0)) return failed_call("No pipe could be made.", {});
    pipe.ours = std::move(inward ? write : read);
    pipe.theirs = std::move(inward ? read : write);
    ::SetHandleInformation(pipe.ours.get(), HANDLE_FLAG_INHERIT, 0);
    return pipe;
}

void read_all(HANDLE from, std::string& into, std::size_t limit) {
    std::array<char, 4096> buffer;
    DWORD got = 0;
    // Beyond the limit it is read away, or the program would wait for ever.
    while (::ReadFile(from, buffer.data(), static_cast<DWORD>(buffer.size()), &got, nullptr) && got > 0)
        into.append(buffer.data(), std::min<std::size_t>(got, limit - std::min(limit, into.size())));
}

void write_all(Handle to, std::string_view text) {
    while (!text.empty()) {
        DWORD done = 0;
        const auto part = static_cast<DWORD>(std::min<std::size_t>(text.size(), 1u << 16));
        if (!::WriteFile(to.get(), text.data(), part, &done, nullptr)) return;  // it does not read any more
        text.remove_prefix(done);
    }
}

// What a program of the system can't do without, and what the command says. Names are compared without regard to case.
std::wstring environment_of(const Command& command) {
    std::map<std::string, std::string> variables;
    std::array<wchar_t, MAX_PATH> place{};
    const std::string windows = narrow({place.data(), ::GetSystemWindowsDirectoryW(place.data(), MAX_PATH)});
    variables["SYSTEMROOT"] = variables["WINDIR"] = windows;
    variables["SYSTEMDRIVE"] = windows.substr(0, 2);
    variables["PATH"] = windows + "\\System32;" + windows;
    variables["TEMP"] = variables["TMP"] = windows + "\\Temp";
    for (const auto& [name, value] : command.environment) variables[upper(name)] = value;
    std::wstring block;
    for (const auto& [name, value] : variables) block += wide(name + "=" + value) + L'\0';
    return block + L'\0';
}

}  // namespace

std::string system_directory() {
    std::array<wchar_t, MAX_PATH> place{};
    return narrow({place.data(), ::GetSystemDirectoryW(place.data(), MAX_PATH)});
}

namespace {

// Source: CommandLineToArgvW: backslashes count only before a quotation mark.
std::wstring quoted(const std::wstring& word) {
    std::wstring out = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t c : word) {
        if (c == L'\\') {
            ++backslashes;
            continue;
        }
        out.append(c == L'"' ? 2 * backslashes + 1 : backslashes, L'\\');
        backslashes = 0;
        out += c;
    }
    out.append(2 * backslashes, L'\\');
    return out + L"\"";
}

}  // namespace

std::wstring command_line(const std::vector<std::string>& words) {
    std::wstring line;
    for (const auto& each : words) {
        const auto word = wide(each);
        // Some programs of the system know their own words only without quotation marks.
        const bool plain = !word.empty() && word.find_first_of(L" \t\n\v\"") == std::wstring::npos;
        if (!line.empty()) line += L' ';
        line += plain ? word : quoted(word);
    }
    return line;
}

Result<Ended> WindowsProcesses::run(const Command& command) {
    const std::string program = command.arguments.empty() ? std::string() : command.arguments.front();
    const auto kind = lower(program);
    if (kind.ends_with(".bat") || kind.ends_with(".cmd"))
        return Error{Fault::refused, "A batch file is not run: its words would be read as commands.", program};
    auto input = make_pipe(true), output = make_pipe(false), errors = make_pipe(false);
    for (const auto* pipe : {&input, &output, &errors}) {
        if (!*pipe) return pipe->error();
    }
    const Handle job(::CreateJobObjectW(nullptr, nullptr));
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (!job.open() || !::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits))
        return failed_call("No job could be made for a program.", program);

    STARTUPINFOW start{};
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = input->theirs.get();
    start.hStdOutput = output->theirs.get();
    start.hStdError = errors->theirs.get();
    PROCESS_INFORMATION made{};
    std::wstring line = command_line(command.arguments), environment = environment_of(command);
    if (!::CreateProcessW(wide_path(program).c_str(), line.data(), nullptr, nullptr, TRUE,
                          CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT, environment.data(), nullptr,
                          &start, &made)) {
        auto error = failed_call("The program could not be started.", program);
        if (error.fault != Fault::not_found) error.fault = Fault::io;
        return error;
    }
    const Handle process(made.hProcess), thread(made.hThread);
    if (!::AssignProcessToJobObject(job.get(), process.get())) {
        ::TerminateProcess(process.get(), 1);
        return failed_call("The program could not be put into its job.", program);
    }
    ::ResumeThread(thread.get());
    for (auto* pipe : {&*input, &*output, &*errors}) pipe->theirs.close();

    Ended ended;
    bool late = false;
    {
        std::jthread writer([&] { write_all(std::move(input->ours), command.input); });
        std::jthread listener([&] { read_all(output->ours.get(), ended.output, command.limit); });
        std::jthread complaints([&] { read_all(errors->ours.get(), ended.errors, command.limit); });
        const auto patience = static_cast<DWORD>(std::min<long long>(command.deadline.count(), INFINITE - 1));
        late = ::WaitForSingleObject(process.get(), patience) == WAIT_TIMEOUT;
        // With its children, who would hold the pipes open: what goes on after the program is not waited for.
        ::TerminateJobObject(job.get(), 1);
    }
    if (late) return Error{Fault::timeout, "The program did not end in time and was killed.", program};
    DWORD code = 0;
    if (!::GetExitCodeProcess(process.get(), &code))
        return failed_call("How the program ended can't be told.", program);
    ended.code = static_cast<int>(code);
    return ended;
}

}  // namespace steward::platform
