#include "platform/windows/tasks.h"

#include <windows.h>

#include <taskschd.h>

#include <utility>

#include "platform/windows/com.h"
#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

constexpr std::string_view folder = "\\Steward\\";

Error failure(const std::string& name, HRESULT code) {
    return failed_call("The task scheduler did not do what it was asked for.", name, static_cast<unsigned long>(code));
}

bool missing(HRESULT code) {
    return code == HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND) || code == HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND);
}

// The folder above all others: names below it are paths.
Result<Com<ITaskFolder>> top() {
    Com<ITaskService> service;
    auto code = ::CoCreateInstance(__uuidof(TaskScheduler), nullptr, CLSCTX_INPROC_SERVER, __uuidof(ITaskService),
                                   service.raw_place());
    VARIANT nobody{};
    if (SUCCEEDED(code)) code = service->Connect(nobody, nobody, nobody, nobody);
    Com<ITaskFolder> above;
    if (SUCCEEDED(code)) code = service->GetFolder(Bstr("\\").get(), above.place());
    if (FAILED(code)) return failure("\\", code);
    return above;
}

}  // namespace

Result<std::optional<std::string>> SystemTasks::find(const std::string& name) {
    const ComThread thread;
    auto above = top();
    if (!above) return std::move(above).error();
    Com<IRegisteredTask> task;
    auto code = (*above)->GetTask(Bstr(std::string(folder) + name).get(), task.place());
    if (missing(code)) return std::optional<std::string>();
    Bstr document;
    if (SUCCEEDED(code)) code = task->get_Xml(document.place());
    if (FAILED(code)) return failure(name, code);
    return std::optional(document.text());
}

Outcome SystemTasks::put(const std::string& name, const std::string& document) {
    const ComThread thread;
    auto above = top();
    if (!above) return std::move(above).error();
    VARIANT as_in_document{};
    Com<IRegisteredTask> task;
    const auto code = (*above)->RegisterTask(Bstr(std::string(folder) + name).get(), Bstr(document).get(),
                                             TASK_CREATE_OR_UPDATE, as_in_document, as_in_document,
                                             TASK_LOGON_SERVICE_ACCOUNT, as_in_document, task.place());
    return FAILED(code) ? Outcome(failure(name, code)) : Outcome();
}

Outcome SystemTasks::erase(const std::string& name) {
    const ComThread thread;
    auto above = top();
    if (!above) return std::move(above).error();
    const auto code = (*above)->DeleteTask(Bstr(std::string(folder) + name).get(), 0);
    return FAILED(code) && !missing(code) ? Outcome(failure(name, code)) : Outcome();
}

}  // namespace steward::platform
