// What Windows Installer calls while it installs Steward: our own program, whose words come into the installer's log,
// and which is told secrets on its standard input, where neither a log nor a list of processes shows them. Source:
// Windows Installer, Custom Action Type 1 and deferred execution.
#include <windows.h>

#include <msi.h>
#include <msiquery.h>
#include <shellapi.h>

#include <algorithm>

#include "platform/base/text.h"
#include "platform/windows/processes.h"
#include "platform/windows/wide.h"

namespace steward::app {
namespace {

using platform::narrow;
using platform::wide;

std::string property(MSIHANDLE session, const wchar_t* name) {
    std::wstring value(256, L'\0');
    auto size = static_cast<DWORD>(value.size());
    if (::MsiGetPropertyW(session, name, value.data(), &size) == ERROR_MORE_DATA) {
        value.resize(++size);
        if (::MsiGetPropertyW(session, name, value.data(), &size) != ERROR_SUCCESS) return {};
    }
    value.resize(size);
    return narrow(value);
}

void say(MSIHANDLE session, INSTALLMESSAGE kind, std::string_view text) {
    const MSIHANDLE record = ::MsiCreateRecord(1);
    ::MsiRecordSetStringW(record, 0, L"[1]");  // or brackets in the text would be read as names of properties
    ::MsiRecordSetStringW(record, 1, wide(trim(text)).c_str());
    ::MsiProcessMessage(session, kind, record);
    ::MsiCloseHandle(record);
}

UINT carry_out(MSIHANDLE session, platform::Command command) {
    command.deadline = std::chrono::minutes(5);
    const auto ended = platform::WindowsProcesses().run(command);
    if (!ended) {
        say(session, INSTALLMESSAGE_ERROR, "steward: " + ended.error().what + " " + ended.error().evidence);
        return ERROR_INSTALL_FAILURE;
    }
    if (!trim(ended->output).empty()) say(session, INSTALLMESSAGE_INFO, ended->output);
    if (ended->code == 0) return ERROR_SUCCESS;
    say(session, INSTALLMESSAGE_ERROR,
        std::string(trim(ended->errors)) + "\nsteward ended with " + std::to_string(ended->code) + ".");
    return ERROR_INSTALL_FAILURE;
}

// PROGRAM|SERVERURL|ENROLLUSER|PROXY|CAFILE|PROVISIONFILE|ENROLLTOKEN: neither an address nor a path holds the
// separator, and a token may.
platform::Command enrolment(const std::string& order) {
    constexpr std::size_t before_token = 6;
    auto parts = split(order, '|');
    parts.resize(std::max(parts.size(), before_token));
    std::size_t begin = 0;
    for (std::size_t i = 0; i < before_token; ++i) begin += parts[i].size() + 1;
    platform::Command command;
    auto& words = command.arguments;
    words = {std::string(parts[0]), "enroll", "--unattended"};
    const auto give = [&words](const char* name, std::string_view value) {
        if (!value.empty()) words.insert(words.end(), {name, std::string(value)});
    };
    give("--url", parts[1]);
    if (!parts[3].empty()) {
        command.input = std::string(parts[3]) + "\n";
        give("--proxy-file", "-");
    }
    give("--ca-file", parts[4]);
    give("--file", parts[5]);
    if (begin < order.size()) {
        command.input += order.substr(begin);
        // The server says which of the two it takes.
        give("--token-file", "-");
        give("--password-file", "-");
    }
    if (!parts[2].empty()) words.emplace_back(parts[2]);
    return command;
}

}  // namespace
}  // namespace steward::app

using namespace steward;
using platform::wide;

// Immediate: whether there is state of an earlier Steward, which a failed installation must leave alone.
extern "C" __declspec(dllexport) UINT __stdcall LookForState(MSIHANDLE session) {
    const auto place = wide(app::property(session, L"CommonAppDataFolder") + "Steward");
    if (::GetFileAttributesW(place.c_str()) != INVALID_FILE_ATTRIBUTES) ::MsiSetPropertyW(session, L"STATEFOUND", L"1");
    return ERROR_SUCCESS;
}

extern "C" __declspec(dllexport) UINT __stdcall SetUpService(MSIHANDLE session) {
    return app::carry_out(session,
                          {{app::property(session, L"CustomActionData"), "service", "install", "--start"}, {}, {}});
}

extern "C" __declspec(dllexport) UINT __stdcall Enrol(MSIHANDLE session) {
    return app::carry_out(session, app::enrolment(app::property(session, L"CustomActionData")));
}

// Rollback, where there was no state before.
extern "C" __declspec(dllexport) UINT __stdcall ForgetState(MSIHANDLE session) {
    auto place = wide(app::property(session, L"CustomActionData"));
    if (!place.ends_with(L"\\Steward")) return ERROR_SUCCESS;
    place += L'\0';  // it is a list that an empty name ends
    SHFILEOPSTRUCTW removal{};
    removal.wFunc = FO_DELETE;
    removal.pFrom = place.c_str();
    removal.fFlags = FOF_NO_UI;
    ::SHFileOperationW(&removal);
    return ERROR_SUCCESS;
}
