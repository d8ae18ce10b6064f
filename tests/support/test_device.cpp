#include "tests/support/test_device.h"

#include <map>
#include <optional>

namespace steward::test {
namespace {

using csp::Format;
using csp::kept;
using csp::Keys;

struct Settings {
    std::optional<int> number, level;
    std::optional<bool> flag;
    std::optional<std::string> text, blob, document;
};

struct Fragile {
    std::optional<std::string> value;
};

struct Profile {
    std::optional<int> channel;
    std::optional<std::string> label;
};

template <class T>
struct MemoryRecord final : platform::Record<T> {
    T now;
    Result<T> read() override { return now; }
    Outcome write(const T& managed) override {
        now = managed;
        return {};
    }
};

struct FragileRecord final : platform::Record<Fragile> {
    Fragile now;
    Result<Fragile> read() override { return now; }
    Outcome write(const Fragile& managed) override {
        if (managed.value == now.value) return {};
        if (now.value == "stuck") return Error{Fault::io, "The fragile value is stuck and cannot be changed.", "stuck"};
        if (managed.value == "break") return Error{Fault::io, "The fragile value broke.", "break"};
        now = managed;
        return {};
    }
};

struct ProfileTable final : platform::Table<Profile> {
    std::map<std::string, Profile, std::less<>> rows;
    Result<std::vector<std::string>> names() override {
        std::vector<std::string> all;
        for (const auto& [name, row] : rows) all.push_back(name);
        return all;
    }
    Result<Profile> read(std::string_view key) override {
        const auto row = rows.find(key);
        if (row == rows.end()) return Error{Fault::not_found, "There is no such profile.", std::string(key)};
        return row->second;
    }
    Outcome write(std::string_view key, const Profile& managed) override {
        rows.insert_or_assign(std::string(key), managed);
        return {};
    }
    Outcome erase(std::string_view key) override {
        if (const auto row = rows.find(key); row != rows.end()) rows.erase(row);
        return {};
    }
};

std::function<Result<std::string>(const Keys&)> always(std::string text) {
    return [text = std::move(text)](const Keys&) -> Result<std::string> { return text; };
}

csp::Csp dev_info() {
    return csp::Csp("./DevInfo", "Who this device is.")
        .nodes({csp::value("DevId", Format::chr, "The identity of the device.", always(Device::id)),
                csp::value("Man", Format::chr, "Its maker.", always("Steward")),
                csp::value("Mod", Format::chr, "Its model.", always("Test device")),
                csp::value("DmV", Format::chr, "The version of its management client.", always("1.3")),
                csp::value("Lang", Format::chr, "Its language.", always("en-US"))});
}

csp::Csp dev_detail() {
    return csp::Csp("./DevDetail", "What this device is.")
        .nodes({csp::value("SwV", Format::chr, "Software version.", always("1.0.0")),
                csp::value("LrgObj", Format::boolean, "Large objects are understood.", always("true")),
                csp::value("Ext/Microsoft/OSPlatform", Format::chr, "The operating system.", always("Test OS"))});
}

// As much of a server account as a server may change.
csp::Csp accounts() {
    constexpr auto set_only = csp::can_add | csp::can_replace;
    return csp::Csp("./SyncML/DMAcc", "Server accounts.")
        .nodes({kept("{Account}/AppAuth/CLCRED/AAuthName", Format::chr, "The user name.")
                    .access(csp::can_add | csp::can_get | csp::can_replace),
                kept("{Account}/AppAuth/CLCRED/AAuthSecret", Format::chr, "The secret.").access(set_only).secret()});
}

}  // namespace

struct Device::State {
    MemoryRecord<Settings> settings;
    FragileRecord fragile;
    ProfileTable profiles;
    int runs = 0;
};

Device::Device() : state_(std::make_unique<State>()) {}
Device::~Device() = default;

std::vector<csp::Csp> Device::csps() {
    constexpr std::size_t big = 40'000;
    State& state = *state_;
    std::string letters;
    while (letters.size() < big) letters += "abcdefghijklmnopqrstuvwxyz<&>\"'";
    letters.resize(big, '.');

    const auto run = [&state](const Keys&, std::string_view) -> Result<csp::Done> {
        ++state.runs;
        return csp::Done::now;
    };
    const auto later = [](const Keys&, std::string_view) -> Result<csp::Done> { return csp::Done::later; };
    const auto fail = [](const Keys&, std::string_view) -> Result<csp::Done> {
        return Error{Fault::io, "The action failed as it was told to.", {}};
    };
    const auto count = [&state](const Keys&) -> Result<std::string> { return std::to_string(state.runs); };

    std::vector<csp::Csp> all;
    all.push_back(dev_info());
    all.push_back(dev_detail());
    all.push_back(accounts());
    all.push_back(csp::Csp("./User/Vendor/MSFT/Test", "Settings of the person who is logged in.")
                      .nodes({kept("Kept", Format::chr, "Any text.")}));
    all.push_back(
        csp::Csp("./Device/Vendor/MSFT/Test", "Every kind of node.")
            .record<Settings>(state.settings,
                              {csp::field("Settings/Number", &Settings::number, "A number.").between(0, 100),
                               csp::field("Settings/Text", &Settings::text, "A text."),
                               csp::field("Settings/Flag", &Settings::flag, "Yes or no."),
                               csp::field("Settings/Blob", &Settings::blob, "Some bytes.").format(Format::b64),
                               csp::field("Settings/Document", &Settings::document, "A document.").format(Format::xml),
                               csp::field("Settings/Level", &Settings::level, "A level.")
                                   .one_of({{"1", "low"}, {"2", "middle"}, {"3", "high"}})})
            .record<Fragile>(state.fragile, {csp::field("Fragile/Value", &Fragile::value, "A value that can break.")})
            .table<Profile>(state.profiles, "Profile/{Name}",
                            {csp::field("Channel", &Profile::channel, "The channel.").between(1, 200),
                             csp::field("Label", &Profile::label, "What people call it.")})
            .nodes({kept("Note/{Id}/Text", Format::chr, "A note."),
                    kept("Note/{Id}/Sub/Text", Format::chr, "More of it."),
                    kept("Owner/{ProviderID}/Value", Format::chr, "What its owner keeps here."),
                    csp::value("Fixed", Format::chr, "Cannot be changed.", always("fixed")),
                    kept("Permanent", Format::chr, "Always there.")
                        .access(csp::can_get | csp::can_replace)
                        .otherwise("factory"),
                    kept("Strict", Format::chr, "Must be added first.").strict(),
                    kept("Hidden", Format::chr, "Can be written only.").access(csp::can_add | csp::can_replace),
                    kept("Secret", Format::chr, "Is never shown.").secret(), kept("Kept", Format::chr, "Any text."),
                    csp::value("Big", Format::chr, "A long text.", always(letters)),
                    csp::action("Do/Now", "Succeeds at once.", run),
                    csp::action("Do/Later", "Succeeds some day.", later), csp::action("Do/Fail", "Fails.", fail),
                    csp::value("Count", Format::integer, "How often Do/Now ran.", count)})
            .own("Owner/{ProviderID}"));
    return all;
}

}  // namespace steward::test
