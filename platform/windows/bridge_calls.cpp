#include "platform/windows/bridge_calls.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/windows/wmi_services.h"

namespace steward::platform {
namespace {

const std::string space = R"(root\cimv2\mdm\dmmap)";

std::optional<BridgeLeaf::Kind> kind_of(CIMTYPE type) {
    switch (type) {
        case CIM_STRING:
            return BridgeLeaf::Kind::text;
        case CIM_SINT32:
        case CIM_UINT32:
            return BridgeLeaf::Kind::number;
        case CIM_BOOLEAN:
            return BridgeLeaf::Kind::flag;
        default:
            return std::nullopt;
    }
}

bool is_true(IWbemQualifierSet& qualifiers, const wchar_t* name) {
    Variant value;
    return SUCCEEDED(qualifiers.Get(name, 0, value.place(), nullptr)) && value.get().vt == VT_BOOL &&
           value.get().boolVal != VARIANT_FALSE;
}

// Classes of the device say so; those of a user say "local-user" alone.
bool of_device(IWbemClassObject& type) {
    Com<IWbemQualifierSet> qualifiers;
    Variant value;
    if (FAILED(type.GetQualifierSet(qualifiers.place())) ||
        FAILED(qualifiers->Get(L"InPartition", 0, value.place(), nullptr))) {
        return false;
    }
    const auto said = wmi_value(value.get());
    if (const auto* one = std::get_if<std::string>(&said)) return *one == "local-system";
    const auto* several = std::get_if<std::vector<std::string>>(&said);
    return several != nullptr && std::find(several->begin(), several->end(), "local-system") != several->end();
}

BridgeClass described(IWbemClassObject& type) {
    BridgeClass made;
    Variant name;
    if (SUCCEEDED(type.Get(L"__CLASS", 0, name.place(), nullptr, nullptr)) && name.get().vt == VT_BSTR) {
        made.name = narrow({name.get().bstrVal, ::SysStringLen(name.get().bstrVal)});
    }
    if (FAILED(type.BeginEnumeration(WBEM_FLAG_NONSYSTEM_ONLY))) return made;
    for (;;) {
        Bstr property;
        CIMTYPE of = CIM_ILLEGAL;
        if (type.Next(0, property.place(), nullptr, &of, nullptr) != WBEM_S_NO_ERROR) break;
        const auto kind = kind_of(of);
        Com<IWbemQualifierSet> qualifiers;
        if (!kind || FAILED(type.GetPropertyQualifierSet(property.get(), qualifiers.place())) ||
            is_true(*qualifiers.get(), L"key")) {
            continue;
        }
        made.properties.push_back({property.text(), *kind, is_true(*qualifiers.get(), L"write")});
    }
    type.EndEnumeration();
    return made;
}

class SystemBridge final : public BridgeCalls {
  public:
    Result<std::vector<BridgeClass>> classes() override {
        const ComThread thread;
        auto services = connect_wmi(space);
        if (!services) return std::move(services).error();
        Com<IEnumWbemClassObject> rows;
        auto code = (*services)->CreateClassEnum(
            nullptr, LONG{WBEM_FLAG_DEEP} | WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY, nullptr,
            rows.place());
        if (FAILED(code)) return wmi_failure(space, "CreateClassEnum", code);
        std::vector<BridgeClass> all;
        for (;;) {
            Com<IWbemClassObject> type;
            ULONG count = 0;
            code = rows->Next(wmi_patience, 1, type.place(), &count);
            if (FAILED(code)) return wmi_failure(space, "CreateClassEnum", code);
            if (code == WBEM_S_TIMEDOUT) {
                return Error{Fault::timeout, "Windows Management Instrumentation did not answer in time.", space};
            }
            if (count == 0) return all;
            if (of_device(*type.get())) all.push_back(described(*type.get()));
        }
    }

    Result<std::vector<WmiObject>> instances(const std::string& name) override {
        return SystemWmi().query(space, "SELECT * FROM " + name);
    }

    Outcome put(const std::string& name, const WmiObject& properties) override {
        const ComThread thread;
        auto services = connect_wmi(space);
        if (!services) return std::move(services).error();
        Com<IWbemClassObject> definition, instance;
        auto code = (*services)->GetObject(Bstr(name).get(), 0, nullptr, definition.place(), nullptr);
        if (SUCCEEDED(code)) code = definition->SpawnInstance(0, instance.place());
        for (const auto& [property, value] : properties) {
            if (SUCCEEDED(code)) code = put_wmi(*instance.get(), property, value);
        }
        if (SUCCEEDED(code)) {
            code = (*services)->PutInstance(instance.get(), WBEM_FLAG_CREATE_OR_UPDATE, nullptr, nullptr);
        }
        if (FAILED(code)) return wmi_failure(space, name, code);
        return {};
    }

    Outcome erase(const std::string& path) override {
        const ComThread thread;
        auto services = connect_wmi(space);
        if (!services) return std::move(services).error();
        const auto code = (*services)->DeleteInstance(Bstr(path).get(), 0, nullptr, nullptr);
        if (FAILED(code)) return wmi_failure(space, path, code);
        return {};
    }
};

}  // namespace

BridgeCalls& bridge_calls() {
    static SystemBridge calls;
    return calls;
}

}  // namespace steward::platform
