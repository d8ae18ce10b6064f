// A registry of one test's own, below HKEY_CURRENT_USER, and calls of which the n-th fails.
#pragma once

#include <string>

#include "platform/windows/registry.h"
#include "platform/windows/wide.h"

namespace steward::test {

class FailingRegistry final : public platform::RegistryCalls {
  public:
    enum class Then { recovered, dead };

    // 0: none fails.
    void fail(int nth, Then then = Then::recovered) {
        nth_ = nth;
        then_ = then;
        made_ = 0;
    }
    bool failed() const { return nth_ > 0 && made_ >= nth_; }
    int made() const { return made_; }        // since fail()
    int changes() const { return changes_; }  // that were let through, in all

    LSTATUS open(HKEY parent, const wchar_t* path, REGSAM access, HKEY* key) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : RegistryCalls::open(parent, path, access, key);
    }
    LSTATUS create(HKEY parent, const wchar_t* path, HKEY* key) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : changed(RegistryCalls::create(parent, path, key));
    }
    LSTATUS query(HKEY key, const wchar_t* name, DWORD* type, std::string& data) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : RegistryCalls::query(key, name, type, data);
    }
    LSTATUS set(HKEY key, const wchar_t* name, DWORD type, const std::string& data) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : changed(RegistryCalls::set(key, name, type, data));
    }
    LSTATUS erase(HKEY key, const wchar_t* name) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : changed(RegistryCalls::erase(key, name));
    }
    LSTATUS erase_key(HKEY parent, const wchar_t* path) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : changed(RegistryCalls::erase_key(parent, path));
    }
    LSTATUS count(HKEY key, DWORD* keys, DWORD* values) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : RegistryCalls::count(key, keys, values);
    }
    LSTATUS key_name(HKEY key, DWORD index, std::wstring& name) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : RegistryCalls::key_name(key, index, name);
    }
    LSTATUS value_name(HKEY key, DWORD index, std::wstring& name) override {
        return fails() ? ERROR_REGISTRY_IO_FAILED : RegistryCalls::value_name(key, index, name);
    }
    LSTATUS flush(HKEY key) override { return fails() ? ERROR_REGISTRY_IO_FAILED : RegistryCalls::flush(key); }

  private:
    bool fails() {
        ++made_;
        return nth_ > 0 && (made_ == nth_ || (made_ > nth_ && then_ == Then::dead));
    }
    LSTATUS changed(LSTATUS answer) {
        ++changes_;
        return answer;
    }

    int nth_ = 0, made_ = 0, changes_ = 0;
    Then then_ = Then::recovered;
};

class PrivateRegistry {
  public:
    PrivateRegistry() {
        ::RegDeleteTreeW(HKEY_CURRENT_USER, platform::wide(root()).c_str());
        set("SOFTWARE", "", platform::text_value("always there"));
        set("SYSTEM", "", platform::text_value("likewise"));
    }
    ~PrivateRegistry() { ::RegDeleteTreeW(HKEY_CURRENT_USER, platform::wide(root()).c_str()); }
    PrivateRegistry(const PrivateRegistry&) = delete;
    PrivateRegistry& operator=(const PrivateRegistry&) = delete;

    platform::Registry& registry() { return registry_; }
    FailingRegistry& calls() { return calls_; }

    void set(const std::string& key, const std::string& name, platform::RegistryValue value) {
        const platform::Setting setting{key, name, std::move(value)};
        platform::Registry direct(HKEY_CURRENT_USER, root());
        if (!direct.apply({&setting, 1})) std::abort();
    }
    void erase(const std::string& key, const std::string& name) {
        const platform::Setting setting{key, name, std::nullopt};
        platform::Registry direct(HKEY_CURRENT_USER, root());
        if (!direct.apply({&setting, 1})) std::abort();
    }
    std::optional<std::uint32_t> number(const std::string& key, const std::string& name) const {
        return platform::Registry(HKEY_CURRENT_USER, root()).number(key, name);
    }
    std::optional<std::string> text(const std::string& key, const std::string& name) const {
        return platform::Registry(HKEY_CURRENT_USER, root()).text(key, name);
    }

    // Every key and value, to be compared.
    std::string state(const std::string& below = {}) const {
        const platform::Registry direct(HKEY_CURRENT_USER, root());
        std::string text = below + "\n";
        const auto values = direct.values(below);
        for (const auto& name : *values) {
            const auto value = direct.find(below, name);
            text += below + "|" + name + "=" + std::to_string((*value)->type) + ":" + (*value)->data + "\n";
        }
        const auto keys = direct.keys(below);
        for (const auto& key : *keys) text += state(below.empty() ? key : below + "\\" + key);
        return text;
    }

  private:
    static std::string root() { return "Software\\StewardTest-" + std::to_string(::GetCurrentProcessId()); }

    FailingRegistry calls_;
    platform::Registry registry_{HKEY_CURRENT_USER, root(), calls_};
};

}  // namespace steward::test
