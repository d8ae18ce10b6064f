#include "platform/windows/registry.h"

#include <algorithm>
#include <utility>

#include "platform/windows/failure.h"
#include "platform/windows/wide.h"

namespace steward::platform {
namespace {

class Key {
  public:
    Key() = default;
    ~Key() {
        if (key_ != nullptr) ::RegCloseKey(key_);
    }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    HKEY get() const { return key_; }
    HKEY* place() { return &key_; }

  private:
    HKEY key_ = nullptr;
};

bool missing(LSTATUS answer) {
    return answer == ERROR_FILE_NOT_FOUND || answer == ERROR_PATH_NOT_FOUND;
}

Error failure(std::string what, std::string_view key, LSTATUS answer) {
    return failed_call(std::move(what), key, static_cast<unsigned long>(answer));
}

Error unreadable(std::string_view key, LSTATUS answer) {
    return failure("A setting can't be read from the registry.", key, answer);
}

Error unwritable(std::string_view key, LSTATUS answer) {
    return failure("A setting can't be written to the registry.", key, answer);
}

// What a key holds of one sort, sorted; a key that is not there holds nothing.
Result<std::vector<std::string>> names_in(RegistryCalls& calls, HKEY hive, const std::wstring& path,
                                          std::string_view key, decltype(&RegistryCalls::value_name) next) {
    std::vector<std::string> names;
    Key opened;
    auto answer = calls.open(hive, path.c_str(), KEY_READ, opened.place());
    if (missing(answer)) return names;
    std::wstring name;
    for (DWORD index = 0; answer == ERROR_SUCCESS; ++index) {
        answer = (calls.*next)(opened.get(), index, name);
        if (answer == ERROR_SUCCESS) names.push_back(narrow(name));
    }
    if (answer != ERROR_NO_MORE_ITEMS) return unreadable(key, answer);
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::string key_above(std::string_view key) {
    const auto cut = key.rfind('\\');
    return cut == std::string_view::npos ? std::string() : std::string(key.substr(0, cut));
}

std::wstring Registry::full(std::string_view key) const {
    if (root_.empty()) return wide(key);
    return wide(key.empty() ? root_ : root_ + "\\" + std::string(key));
}

Result<std::optional<RegistryValue>> Registry::find(std::string_view key, std::string_view name) const {
    Key opened;
    auto answer = calls_.open(hive_, full(key).c_str(), KEY_READ, opened.place());
    if (missing(answer)) return std::optional<RegistryValue>();
    if (answer != ERROR_SUCCESS) return unreadable(key, answer);
    DWORD type = 0;
    RegistryValue value;
    answer = calls_.query(opened.get(), wide(name).c_str(), &type, value.data);
    if (missing(answer)) return std::optional<RegistryValue>();
    if (answer != ERROR_SUCCESS) return unreadable(std::string(key) + "\\" + std::string(name), answer);
    value.type = type;
    return std::optional<RegistryValue>(std::move(value));
}

Result<bool> Registry::has_key(std::string_view key) const {
    Key opened;
    const auto answer = calls_.open(hive_, full(key).c_str(), KEY_READ, opened.place());
    if (missing(answer)) return false;
    if (answer != ERROR_SUCCESS) return unreadable(key, answer);
    return true;
}

Result<std::vector<std::string>> Registry::values(std::string_view key) const {
    return names_in(calls_, hive_, full(key), key, &RegistryCalls::value_name);
}

Result<std::vector<std::string>> Registry::keys(std::string_view key) const {
    return names_in(calls_, hive_, full(key), key, &RegistryCalls::key_name);
}

std::optional<std::uint32_t> Registry::number(std::string_view key, std::string_view name) const {
    const auto value = find(key, name);
    return value && *value ? number_in(**value) : std::nullopt;
}

std::optional<std::string> Registry::text(std::string_view key, std::string_view name) const {
    const auto value = find(key, name);
    return value && *value ? text_in(**value) : std::nullopt;
}

Outcome Registry::apply(std::span<const Setting> settings) {
    RegistryChange change(*this);
    if (auto applied = change.apply(settings); !applied) return applied;
    change.keep();
    return {};
}

// One by one, so that each is known to be ours to take away again.
Outcome RegistryChange::make_key(const std::string& key) {
    auto there = registry_.has_key(key);
    if (!there) return std::move(there).error();
    if (*there) return {};
    if (const auto above = key_above(key); !above.empty()) {
        if (auto made = make_key(above); !made) return made;
    }
    Key made;
    const auto answer = registry_.calls_.create(registry_.hive_, registry_.full(key).c_str(), made.place());
    if (answer != ERROR_SUCCESS) return unwritable(key, answer);
    done_.push_back({Step::What::key_made, key, {}, {}});
    return {};
}

Outcome RegistryChange::one(const Setting& setting, bool& changed) {
    auto before = registry_.find(setting.key, setting.name);
    if (!before) return std::move(before).error();
    if (*before == setting.value) return setting.value ? Outcome() : prune(setting);
    changed = true;
    if (setting.value) {
        if (auto made = make_key(setting.key); !made) return made;
    }
    Key key;
    auto& calls = registry_.calls_;
    auto answer = calls.open(registry_.hive_, registry_.full(setting.key).c_str(), KEY_READ | KEY_WRITE, key.place());
    if (answer != ERROR_SUCCESS) return unwritable(setting.key, answer);
    const auto name = wide(setting.name);
    answer = setting.value ? calls.set(key.get(), name.c_str(), setting.value->type, setting.value->data)
                           : calls.erase(key.get(), name.c_str());
    if (answer != ERROR_SUCCESS) return unwritable(setting.key + "\\" + setting.name, answer);
    done_.push_back({Step::What::value, setting.key, setting.name, std::move(*before)});
    return setting.value ? Outcome() : prune(setting);
}

Outcome RegistryChange::prune(const Setting& setting) {
    auto& calls = registry_.calls_;
    auto path = setting.key;
    for (std::size_t left = setting.prune; left > 0 && !path.empty(); --left, path = key_above(path)) {
        Key key;
        auto answer = calls.open(registry_.hive_, registry_.full(path).c_str(), KEY_READ, key.place());
        if (missing(answer)) continue;
        if (answer != ERROR_SUCCESS) return unwritable(path, answer);
        DWORD keys = 0, values = 0;
        answer = calls.count(key.get(), &keys, &values);
        if (answer != ERROR_SUCCESS) return unwritable(path, answer);
        if (keys + values > 0) return {};
        answer = calls.erase_key(registry_.hive_, registry_.full(path).c_str());
        if (answer != ERROR_SUCCESS) return unwritable(path, answer);
        done_.push_back({Step::What::key_gone, path, {}, {}});
    }
    return {};
}

Outcome RegistryChange::apply(std::span<const Setting> settings) {
    bool changed = false;
    for (const auto& setting : settings) {
        if (auto applied = one(setting, changed); !applied) return applied;
    }
    if (!changed) return {};
    // The whole hive is flushed, by whichever of its keys.
    for (auto path = settings.front().key; !path.empty(); path = key_above(path)) {
        Key key;
        auto answer = registry_.calls_.open(registry_.hive_, registry_.full(path).c_str(), KEY_READ, key.place());
        if (missing(answer)) continue;
        if (answer == ERROR_SUCCESS) answer = registry_.calls_.flush(key.get());
        if (answer != ERROR_SUCCESS) return unwritable(path, answer);
        break;
    }
    return {};
}

// What fails here is already being reported by whoever failed first; the next write puts it right.
void RegistryChange::undo() {
    auto& calls = registry_.calls_;
    for (; !done_.empty(); done_.pop_back()) {
        const auto& step = done_.back();
        const auto path = registry_.full(step.key);
        Key key;
        if (step.what == Step::What::key_made) {
            DWORD keys = 0, values = 1;  // somebody else may have put something there meanwhile
            if (calls.open(registry_.hive_, path.c_str(), KEY_READ, key.place()) != ERROR_SUCCESS) continue;
            if (calls.count(key.get(), &keys, &values) != ERROR_SUCCESS || keys + values > 0) continue;
            (void)calls.erase_key(registry_.hive_, path.c_str());
        } else if (step.what == Step::What::key_gone) {
            (void)calls.create(registry_.hive_, path.c_str(), key.place());
        } else if (calls.open(registry_.hive_, path.c_str(), KEY_READ | KEY_WRITE, key.place()) == ERROR_SUCCESS) {
            const auto name = wide(step.name);
            if (step.before) {
                (void)calls.set(key.get(), name.c_str(), step.before->type, step.before->data);
            } else {
                (void)calls.erase(key.get(), name.c_str());
            }
        }
    }
}

}  // namespace steward::platform
