#include "platform/windows/wmi.h"

#include <windows.h>

#include <wbemidl.h>

#include <utility>

#include "platform/windows/com.h"
#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

constexpr long patience = 30'000;  // milliseconds for the next rows

Error failure(const std::string& space, const std::string& asked, HRESULT code) {
    const auto is = [code](WBEMSTATUS other) { return code == static_cast<HRESULT>(other); };
    const bool absent = is(WBEM_E_INVALID_NAMESPACE) || is(WBEM_E_INVALID_CLASS) || is(WBEM_E_NOT_FOUND) ||
                        is(WBEM_E_PROVIDER_LOAD_FAILURE);
    auto error = failed_call("Windows Management Instrumentation did not answer.", space + ": " + asked,
                             static_cast<unsigned long>(code));
    if (absent) error.fault = Fault::unsupported;
    if (is(WBEM_E_ACCESS_DENIED)) error.fault = Fault::denied;
    return error;
}

Result<Com<IWbemServices>> connect(const std::string& space) {
    Com<IWbemLocator> locator;
    auto code =
        ::CoCreateInstance(CLSID_WbemLocator, nullptr, CLSCTX_INPROC_SERVER, IID_IWbemLocator, locator.raw_place());
    if (FAILED(code)) return failure(space, "IWbemLocator", code);
    Com<IWbemServices> services;
    code = locator->ConnectServer(Bstr(space).get(), nullptr, nullptr, nullptr, 0, nullptr, nullptr, services.place());
    if (FAILED(code)) return failure(space, "ConnectServer", code);
    code = ::CoSetProxyBlanket(services.get(), RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, nullptr,
                               RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IMPERSONATE, nullptr, EOAC_NONE);
    // Within one process there is no proxy to be told.
    if (FAILED(code) && code != E_NOINTERFACE) return failure(space, "CoSetProxyBlanket", code);
    return services;
}

std::vector<std::string> texts_in_array(SAFEARRAY* array) {
    std::vector<std::string> texts;
    LONG first = 0, last = -1;
    if (FAILED(::SafeArrayGetLBound(array, 1, &first)) || FAILED(::SafeArrayGetUBound(array, 1, &last))) return texts;
    for (LONG i = first; i <= last; ++i) {
        Bstr text;
        if (SUCCEEDED(::SafeArrayGetElement(array, &i, text.place()))) texts.push_back(text.text());
    }
    return texts;
}

WmiValue value_of(const VARIANT& value) {
    switch (value.vt) {
        case VT_BOOL:
            return value.boolVal != VARIANT_FALSE;
        case VT_UI1:
            return std::int64_t{value.bVal};
        case VT_I2:
            return std::int64_t{value.iVal};
        case VT_I4:  // in which unsigned numbers of 32 bits travel, too
            return std::int64_t{static_cast<std::uint32_t>(value.lVal)};
        case VT_UI4:
            return std::int64_t{value.ulVal};
        case VT_BSTR:  // and those of 64 bits, as text
            return narrow({value.bstrVal, ::SysStringLen(value.bstrVal)});
        case VT_ARRAY | VT_BSTR:
            return texts_in_array(value.parray);
        default:
            return std::monostate();
    }
}

WmiObject object_of(IWbemClassObject& from) {
    WmiObject object;
    if (FAILED(from.BeginEnumeration(0))) return object;
    for (;;) {
        Bstr name;
        Variant value;
        if (from.Next(0, name.place(), value.place(), nullptr, nullptr) != WBEM_S_NO_ERROR) break;
        if (auto plain = value_of(value.get()); plain.index() != 0) object.emplace(name.text(), std::move(plain));
    }
    from.EndEnumeration();
    return object;
}

HRESULT put(IWbemClassObject& parameters, const std::string& name, const WmiValue& argument) {
    Variant value;
    auto& plain = value.get();
    if (const auto* flag = std::get_if<bool>(&argument)) {
        plain.vt = VT_BOOL;
        plain.boolVal = *flag ? VARIANT_TRUE : VARIANT_FALSE;
    } else if (const auto* number = std::get_if<std::int64_t>(&argument)) {
        plain.vt = VT_I4;
        plain.lVal = static_cast<LONG>(*number);
    } else if (const auto* text = std::get_if<std::string>(&argument)) {
        plain.vt = VT_BSTR;
        plain.bstrVal = ::SysAllocString(wide(*text).c_str());
    } else {
        return E_INVALIDARG;
    }
    return parameters.Put(wide(name).c_str(), 0, value.place(), 0);
}

Result<Com<IWbemClassObject>> parameters_of(IWbemServices& services, const std::string& space, const std::string& path,
                                            const std::string& method, const WmiObject& arguments) {
    const auto type = path.substr(0, path.find('.'));
    Com<IWbemClassObject> definition, declared, given;
    auto code = services.GetObject(Bstr(type).get(), 0, nullptr, definition.place(), nullptr);
    if (FAILED(code)) return failure(space, type, code);
    code = definition->GetMethod(wide(method).c_str(), 0, declared.place(), nullptr);
    if (FAILED(code)) return failure(space, method, code);
    if (!declared) return given;  // it takes none
    code = declared->SpawnInstance(0, given.place());
    for (const auto& [name, value] : arguments) {
        if (SUCCEEDED(code)) code = put(*given.get(), name, value);
    }
    if (FAILED(code)) return failure(space, method, code);
    return given;
}

}  // namespace

Result<std::vector<WmiObject>> SystemWmi::query(const std::string& space, const std::string& wql) {
    const ComThread thread;
    auto services = connect(space);
    if (!services) return std::move(services).error();
    Com<IEnumWbemClassObject> rows;
    auto code = (*services)->ExecQuery(Bstr("WQL").get(), Bstr(wql).get(),
                                       WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY, nullptr, rows.place());
    if (FAILED(code)) return failure(space, wql, code);
    std::vector<WmiObject> objects;
    for (;;) {
        Com<IWbemClassObject> row;
        ULONG count = 0;
        code = rows->Next(patience, 1, row.place(), &count);
        if (FAILED(code)) return failure(space, wql, code);
        if (code == WBEM_S_TIMEDOUT) {
            return Error{Fault::timeout, "Windows Management Instrumentation did not answer in time.", wql};
        }
        if (count == 0) return objects;
        objects.push_back(object_of(*row.get()));
    }
}

Result<WmiObject> SystemWmi::call(const std::string& space, const std::string& path, const std::string& method,
                                  const WmiObject& arguments) {
    const ComThread thread;
    auto services = connect(space);
    if (!services) return std::move(services).error();
    auto parameters = parameters_of(*services->get(), space, path, method, arguments);
    if (!parameters) return std::move(parameters).error();
    Com<IWbemClassObject> answer;
    const auto code = (*services)->ExecMethod(Bstr(path).get(), Bstr(method).get(), 0, nullptr, parameters->get(),
                                              answer.place(), nullptr);
    if (FAILED(code)) return failure(space, method, code);
    return answer ? object_of(*answer.get()) : WmiObject();
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
