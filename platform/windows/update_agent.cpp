#include "platform/windows/update_agent.h"

#include <windows.h>

#include <wuapi.h>

#include <utility>

#include "platform/base/text.h"
#include "platform/windows/com.h"
#include "platform/windows/failure.h"

namespace steward::platform {
namespace {

constexpr const char* security_category = "0fa1201d-4330-4fa8-8ae9-b877473b6441";
constexpr const wchar_t* automatic_updates = L"Microsoft.Update.AutoUpdate";

Error failure(const char* call, HRESULT code) {
    return failed_call("Windows Update did not answer.", call, static_cast<unsigned long>(code));
}

// A DATE of OLE automation, in UTC: days since 1899-12-30.
Instant instant_of(DATE date) {
    constexpr double days_until_1970 = 25569.0, seconds_of_day = 86400.0;
    return Instant(std::chrono::seconds(static_cast<std::int64_t>((date - days_until_1970) * seconds_of_day + 0.5)));
}

Result<std::string> id_of(IUpdateIdentity& identity) {
    Bstr id;
    const auto code = identity.get_UpdateID(id.place());
    if (FAILED(code)) return failure("get_UpdateID", code);
    return lower(id.text());
}

bool mends_security(IUpdate& update) {
    Bstr severity;
    if (SUCCEEDED(update.get_MsrcSeverity(severity.place())) && !severity.text().empty()) return true;
    Com<ICategoryCollection> categories;
    LONG count = 0;
    if (FAILED(update.get_Categories(categories.place())) || FAILED(categories->get_Count(&count))) return false;
    for (LONG i = 0; i < count; ++i) {
        Com<ICategory> category;
        Bstr id;
        if (FAILED(categories->get_Item(i, category.place())) || FAILED(category->get_CategoryID(id.place()))) continue;
        if (same_ignoring_case(id.text(), security_category)) return true;
    }
    return false;
}

Result<AgentUpdate> update_of(IUpdate& from) {
    AgentUpdate update;
    Com<IUpdateIdentity> identity;
    auto code = from.get_Identity(identity.place());
    if (FAILED(code)) return failure("get_Identity", code);
    auto id = id_of(*identity.get());
    if (!id) return std::move(id).error();
    update.id = std::move(*id);
    Bstr title;
    if (SUCCEEDED(from.get_Title(title.place()))) update.title = title.text();
    update.security = mends_security(from);
    return update;
}

Result<Com<IUpdateSearcher>> searcher() {
    Com<IUpdateSession> session;
    auto code = ::CoCreateInstance(__uuidof(UpdateSession), nullptr, CLSCTX_INPROC_SERVER, __uuidof(IUpdateSession),
                                   session.raw_place());
    if (FAILED(code)) return failure("UpdateSession", code);
    Com<IUpdateSearcher> searcher;
    code = session->CreateUpdateSearcher(searcher.place());
    if (FAILED(code)) return failure("CreateUpdateSearcher", code);
    code = searcher->put_Online(VARIANT_FALSE);
    if (FAILED(code)) return failure("put_Online", code);
    return searcher;
}

Result<std::vector<AgentUpdate>> search(const char* criteria) {
    const ComThread thread;
    auto searcher = platform::searcher();
    if (!searcher) return std::move(searcher).error();
    Com<ISearchResult> result;
    auto code = (*searcher)->Search(Bstr(criteria).get(), result.place());
    if (FAILED(code)) return failure("Search", code);
    Com<IUpdateCollection> updates;
    LONG count = 0;
    code = result->get_Updates(updates.place());
    if (SUCCEEDED(code)) code = updates->get_Count(&count);
    if (FAILED(code)) return failure("get_Updates", code);
    std::vector<AgentUpdate> found;
    for (LONG i = 0; i < count; ++i) {
        Com<IUpdate> each;
        code = updates->get_Item(i, each.place());
        if (FAILED(code)) return failure("get_Item", code);
        auto update = update_of(*each.get());
        if (!update) return std::move(update).error();
        found.push_back(std::move(*update));
    }
    return found;
}

AgentEvent::What what_of(UpdateOperation operation, OperationResultCode code) {
    if (operation != uoInstallation) return AgentEvent::What::other;
    if (code == orcSucceeded || code == orcSucceededWithErrors) return AgentEvent::What::succeeded;
    return code == orcFailed || code == orcAborted ? AgentEvent::What::failed : AgentEvent::What::other;
}

Result<AgentEvent> event_of(IUpdateHistoryEntry& entry) {
    AgentEvent event;
    UpdateOperation operation{};
    OperationResultCode result{};
    LONG code_of_failure = 0;
    DATE date = 0;
    Com<IUpdateIdentity> identity;
    Bstr title;
    auto code = entry.get_Operation(&operation);
    if (SUCCEEDED(code)) code = entry.get_ResultCode(&result);
    if (SUCCEEDED(code)) code = entry.get_HResult(&code_of_failure);
    if (SUCCEEDED(code)) code = entry.get_Date(&date);
    if (SUCCEEDED(code)) code = entry.get_UpdateIdentity(identity.place());
    if (FAILED(code)) return failure("IUpdateHistoryEntry", code);
    auto id = id_of(*identity.get());
    if (!id) return std::move(id).error();
    event.id = std::move(*id);
    if (SUCCEEDED(entry.get_Title(title.place()))) event.title = title.text();
    event.what = what_of(operation, result);
    event.code = static_cast<std::uint32_t>(code_of_failure);
    event.when = instant_of(date);
    return event;
}

// A property by its name: the interfaces of these are not in every header.
HRESULT property(IDispatch& object, const wchar_t* name, Variant& value) {
    std::wstring copy(name);
    LPOLESTR names = copy.data();
    DISPID id = 0;
    auto code = object.GetIDsOfNames(IID_NULL, &names, 1, LOCALE_USER_DEFAULT, &id);
    DISPPARAMS none{};
    if (SUCCEEDED(code)) {
        code = object.Invoke(id, IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYGET, &none, value.place(), nullptr,
                             nullptr);
    }
    return code;
}

class WindowsUpdateAgent final : public UpdateAgent {
  public:
    Result<std::vector<AgentUpdate>> installable() override { return search("IsInstalled=0 and IsHidden=0"); }
    Result<std::vector<AgentUpdate>> waiting_for_restart() override { return search("RebootRequired=1"); }

    Result<std::vector<AgentEvent>> history(int most) override {
        const ComThread thread;
        auto searcher = platform::searcher();
        if (!searcher) return std::move(searcher).error();
        LONG count = 0;
        auto code = (*searcher)->GetTotalHistoryCount(&count);
        if (FAILED(code)) return failure("GetTotalHistoryCount", code);
        count = count < most ? count : most;
        std::vector<AgentEvent> events;
        if (count == 0) return events;  // to ask for none is an error
        Com<IUpdateHistoryEntryCollection> entries;
        code = (*searcher)->QueryHistory(0, count, entries.place());
        if (SUCCEEDED(code)) code = entries->get_Count(&count);
        if (FAILED(code)) return failure("QueryHistory", code);
        for (LONG i = 0; i < count; ++i) {
            Com<IUpdateHistoryEntry> entry;
            code = entries->get_Item(i, entry.place());
            if (FAILED(code)) return failure("get_Item", code);
            auto event = event_of(*entry.get());
            if (!event) return std::move(event).error();
            events.push_back(std::move(*event));
        }
        return events;
    }

    Result<std::optional<Instant>> last_search() override {
        const ComThread thread;
        CLSID type{};
        auto code = ::CLSIDFromProgID(automatic_updates, &type);
        Com<IDispatch> updates;
        if (SUCCEEDED(code)) {
            code = ::CoCreateInstance(type, nullptr, CLSCTX_INPROC_SERVER, IID_IDispatch, updates.raw_place());
        }
        Variant results, date;
        if (SUCCEEDED(code)) code = property(*updates.get(), L"Results", results);
        if (FAILED(code)) return failure("IAutomaticUpdates2", code);
        if (results.get().vt != VT_DISPATCH || results.get().pdispVal == nullptr) return std::optional<Instant>();
        code = property(*results.get().pdispVal, L"LastSearchSuccessDate", date);
        if (FAILED(code)) return failure("LastSearchSuccessDate", code);
        if (date.get().vt != VT_DATE) return std::optional<Instant>();  // it has never searched
        return std::optional(instant_of(date.get().date));
    }
};

}  // namespace

UpdateAgent& update_agent() {
    static WindowsUpdateAgent agent;
    return agent;
}

}  // namespace steward::platform
