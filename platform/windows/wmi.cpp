#include "platform/windows/wmi.h"

#include <utility>

#include "platform/windows/wmi_services.h"

namespace steward::platform {
namespace {

Result<Com<IWbemClassObject>> parameters_of(IWbemServices& services, const std::string& space, const std::string& path,
                                            const std::string& method, const WmiObject& arguments) {
    const auto type = path.substr(0, path.find('.'));
    Com<IWbemClassObject> definition, declared, given;
    auto code = services.GetObject(Bstr(type).get(), 0, nullptr, definition.place(), nullptr);
    if (FAILED(code)) return wmi_failure(space, type, code);
    code = definition->GetMethod(wide(method).c_str(), 0, declared.place(), nullptr);
    if (FAILED(code)) return wmi_failure(space, method, code);
    if (!declared) return given;  // it takes none
    code = declared->SpawnInstance(0, given.place());
    for (const auto& [name, value] : arguments) {
        if (SUCCEEDED(code)) code = put_wmi(*given.get(), name, value);
    }
    if (FAILED(code)) return wmi_failure(space, method, code);
    return given;
}

}  // namespace

Result<std::vector<WmiObject>> SystemWmi::query(const std::string& space, const std::string& wql) {
    const ComThread thread;
    auto services = connect_wmi(space);
    if (!services) return std::move(services).error();
    Com<IEnumWbemClassObject> rows;
    auto code = (*services)->ExecQuery(Bstr("WQL").get(), Bstr(wql).get(),
                                       WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY, nullptr, rows.place());
    if (FAILED(code)) return wmi_failure(space, wql, code);
    std::vector<WmiObject> objects;
    for (;;) {
        Com<IWbemClassObject> row;
        ULONG count = 0;
        code = rows->Next(wmi_patience, 1, row.place(), &count);
        if (FAILED(code)) return wmi_failure(space, wql, code);
        if (code == WBEM_S_TIMEDOUT) {
            return Error{Fault::timeout, "Windows Management Instrumentation did not answer in time.", wql};
        }
        if (count == 0) return objects;
        objects.push_back(wmi_object(*row.get()));
    }
}

Result<WmiObject> SystemWmi::call(const std::string& space, const std::string& path, const std::string& method,
                                  const WmiObject& arguments) {
    const ComThread thread;
    auto services = connect_wmi(space);
    if (!services) return std::move(services).error();
    auto parameters = parameters_of(*services->get(), space, path, method, arguments);
    if (!parameters) return std::move(parameters).error();
    Com<IWbemClassObject> answer;
    const auto code = (*services)->ExecMethod(Bstr(path).get(), Bstr(method).get(), 0, nullptr, parameters->get(),
                                              answer.place(), nullptr);
    if (FAILED(code)) return wmi_failure(space, method, code);
    return answer ? wmi_object(*answer.get()) : WmiObject();
}

std::optional<std::int64_t> number_of(const WmiObject& object, std::string_view name) {
    const auto found = object.find(name);
    if (found == object.end()) return std::nullopt;
    const auto* number = std::get_if<std::int64_t>(&found->second);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<std::string> text_of(const WmiObject& object, std::string_view name) {
    const auto found = object.find(name);
    if (found == object.end()) return std::nullopt;
    const auto* text = std::get_if<std::string>(&found->second);
    return text == nullptr ? std::nullopt : std::optional(*text);
}

std::vector<std::string> texts_of(const WmiObject& object, std::string_view name) {
    const auto found = object.find(name);
    if (found == object.end()) return {};
    const auto* texts = std::get_if<std::vector<std::string>>(&found->second);
    return texts == nullptr ? std::vector<std::string>() : *texts;
}

}  // namespace steward::platform
