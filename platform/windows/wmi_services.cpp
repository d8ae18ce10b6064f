#include "platform/windows/wmi_services.h"

#include <utility>

#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

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

}  // namespace

WmiValue wmi_value(const VARIANT& value) {
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

Error wmi_failure(const std::string& space, const std::string& asked, HRESULT code) {
    const auto is = [code](WBEMSTATUS other) { return code == static_cast<HRESULT>(other); };
    const bool absent = is(WBEM_E_INVALID_NAMESPACE) || is(WBEM_E_INVALID_CLASS) || is(WBEM_E_NOT_FOUND) ||
                        is(WBEM_E_PROVIDER_LOAD_FAILURE);
    auto error = failed_call("Windows Management Instrumentation did not answer.", space + ": " + asked,
                             static_cast<unsigned long>(code));
    if (absent) error.fault = Fault::unsupported;
    if (is(WBEM_E_ACCESS_DENIED)) error.fault = Fault::denied;
    return error;
}

Result<Com<IWbemServices>> connect_wmi(const std::string& space) {
    Com<IWbemLocator> locator;
    auto code =
        ::CoCreateInstance(CLSID_WbemLocator, nullptr, CLSCTX_INPROC_SERVER, IID_IWbemLocator, locator.raw_place());
    if (FAILED(code)) return wmi_failure(space, "IWbemLocator", code);
    Com<IWbemServices> services;
    code = locator->ConnectServer(Bstr(space).get(), nullptr, nullptr, nullptr, 0, nullptr, nullptr, services.place());
    if (FAILED(code)) return wmi_failure(space, "ConnectServer", code);
    code = ::CoSetProxyBlanket(services.get(), RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, nullptr,
                               RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IMPERSONATE, nullptr, EOAC_NONE);
    // Within one process there is no proxy to be told.
    if (FAILED(code) && code != E_NOINTERFACE) return wmi_failure(space, "CoSetProxyBlanket", code);
    return services;
}

WmiObject wmi_object(IWbemClassObject& from) {
    WmiObject object;
    if (FAILED(from.BeginEnumeration(0))) return object;
    for (;;) {
        Bstr name;
        Variant value;
        if (from.Next(0, name.place(), value.place(), nullptr, nullptr) != WBEM_S_NO_ERROR) break;
        if (auto plain = wmi_value(value.get()); plain.index() != 0) object.emplace(name.text(), std::move(plain));
    }
    from.EndEnumeration();
    return object;
}

HRESULT put_wmi(IWbemClassObject& object, const std::string& name, const WmiValue& given) {
    Variant value;
    auto& plain = value.get();
    if (const auto* flag = std::get_if<bool>(&given)) {
        plain.vt = VT_BOOL;
        plain.boolVal = *flag ? VARIANT_TRUE : VARIANT_FALSE;
    } else if (const auto* number = std::get_if<std::int64_t>(&given)) {
        plain.vt = VT_I4;
        plain.lVal = static_cast<LONG>(*number);
    } else if (const auto* text = std::get_if<std::string>(&given)) {
        plain.vt = VT_BSTR;
        plain.bstrVal = ::SysAllocString(wide(*text).c_str());
    } else if (std::holds_alternative<std::monostate>(given)) {
        plain.vt = VT_NULL;
    } else {
        return E_INVALIDARG;
    }
    return object.Put(wide(name).c_str(), 0, value.place(), 0);
}

}  // namespace steward::platform
