#include "platform/windows/trust.h"

#include <utility>

#include "platform/authority.h"
#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

constexpr std::string_view notes_above = R"(SOFTWARE\Steward\Certificates\)";
constexpr std::size_t keys_of_notes = 3;
constexpr std::uint32_t was_there = 0, is_ours = 1;

Result<StoredCertificate> read_from(const CertificateStore& store, std::string_view key) {
    auto all = store.all();
    if (!all) return std::move(all).error();
    const auto found = all->find(upper(key));
    if (found == all->end()) {
        return Error{Fault::not_found, "There is no certificate of that thumbprint in the store.", std::string(key)};
    }
    return StoredCertificate{to_base64(found->second)};
}

}  // namespace

AddedAuthorities::AddedAuthorities(Registry& registry, CertificateStore& store)
    : registry_(registry), store_(store), notes_(std::string(notes_above) + store.name()) {}

Result<std::vector<std::string>> AddedAuthorities::names() {
    auto noted = registry_.values(notes_);
    if (!noted) return std::move(noted).error();
    if (noted->empty()) return noted;
    auto all = store_.all();
    if (!all) return std::move(all).error();
    std::vector<std::string> names;
    for (auto& name : *noted) {
        if (all->contains(upper(name))) names.push_back(std::move(name));
    }
    return names;
}

Result<StoredCertificate> AddedAuthorities::read(std::string_view key) {
    return read_from(store_, key);
}

Outcome AddedAuthorities::write(std::string_view key, const StoredCertificate& managed) {
    auto der = authority_named(key, managed);
    if (!der) return std::move(der).error();
    auto all = store_.all();
    if (!all) return std::move(all).error();
    auto note = registry_.find(notes_, key);
    if (!note) return std::move(note).error();
    const bool present = all->contains(upper(key));
    if (*note && present) return {};
    RegistryChange change(registry_);
    if (!*note) {
        const Setting setting{notes_, std::string(key), dword(present ? was_there : is_ours)};
        if (auto noted = change.apply({&setting, 1}); !noted) return noted;
    }
    if (!present) {
        if (auto added = store_.add(*der); !added) return added;
    }
    change.keep();
    return {};
}

Outcome AddedAuthorities::erase(std::string_view key) {
    auto note = registry_.find(notes_, key);
    if (!note) return std::move(note).error();
    if (!*note) return {};
    if (number_in(**note) == is_ours) {
        if (auto erased = store_.erase(key); !erased) return erased;
    }
    const Setting setting{notes_, std::string(key), std::nullopt, keys_of_notes};
    return registry_.apply({&setting, 1});
}

Result<std::vector<std::string>> StoreContents::names() {
    auto all = store_.all();
    if (!all) return std::move(all).error();
    std::vector<std::string> names;
    for (const auto& entry : *all) names.push_back(entry.first);
    return names;
}

Result<StoredCertificate> StoreContents::read(std::string_view key) {
    return read_from(store_, key);
}

Outcome StoreContents::write(std::string_view, const StoredCertificate&) {
    return Error{Fault::refused, "What others have put into this store is observed, not set.", {}};
}

Outcome StoreContents::erase(std::string_view) {
    return Error{Fault::refused, "What others have put into this store is observed, not set.", {}};
}

}  // namespace steward::platform
