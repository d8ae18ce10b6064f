#include "platform/windows/proxy.h"

#include <array>
#include <cstdlib>
#include <vector>

#include "platform/base/text.h"
#include "platform/proxy.h"
#include "platform/windows/registry.h"

namespace steward::platform {
namespace {

std::vector<std::string> words_in(std::string_view list) {
    std::vector<std::string> words;
    while (!list.empty()) {
        const auto end = list.find_first_of("; \t\r\n");
        if (end != 0) words.emplace_back(list.substr(0, end));
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return words;
}

// Of "https://mdm.corp.example:8443/x".
std::string host_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    if (url.starts_with('[')) return lower(url.substr(1, url.find(']') - 1));
    return lower(url.substr(0, url.find(':')));
}

// A pattern with stars, without recursion: the last star takes ever more until the rest fits.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t at = 0, in = 0, star = std::string_view::npos, resume = 0;
    while (in < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            resume = in;
        } else if (at < pattern.size() && pattern[at] == text[in]) {
            ++at;
            ++in;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool passed_by(const std::string& host, std::string_view bypass) {
    if (host == "localhost" || host == "::1" || host.starts_with("127.")) return true;
    for (const auto& word : words_in(bypass)) {
        const auto pattern = lower(word);
        if (pattern == "<local>" ? host.find_first_of(".:") == std::string::npos : matches(pattern, host)) return true;
    }
    return false;
}

// The one for https, else the one for everything.
std::optional<std::string> proxy_in(std::string_view list) {
    std::optional<std::string> for_all;
    for (const auto& word : words_in(list)) {
        const auto equals = word.find('=');
        const bool named = equals != std::string::npos;
        if (named && lower(word.substr(0, equals)) != "https") continue;
        std::string proxy = named ? word.substr(equals + 1) : word;
        if (proxy.empty()) continue;
        if (proxy.find("://") == std::string::npos) proxy.insert(0, "http://");
        if (named) return proxy;
        if (!for_all) for_all = std::move(proxy);
    }
    return for_all;
}

std::optional<std::string> choose(const std::string& url, const std::optional<ProxySettings>& settings) {
    if (!settings) return std::nullopt;
    auto proxy = proxy_in(settings->proxies);
    if (proxy && passed_by(host_of(url), settings->bypass)) return std::string();
    return proxy;
}

// What a script says counts also if it says that there is none.
std::optional<std::string> scripted(const std::string& url, const std::string& script, ProxyCalls& calls) {
    const auto settings = calls.by_script(url, script);
    if (!settings) return std::nullopt;
    return choose(url, settings).value_or(std::string());
}

}  // namespace

std::optional<std::string> proxy_for(const std::string& url, ProxyCalls& calls, bool may_detect) {
    if (auto proxy = choose(url, calls.of_machine())) return proxy;
    const auto settings = calls.of_account();
    if (!settings) return std::nullopt;
    if (!settings->script.empty()) {
        if (auto proxy = scripted(url, settings->script, calls)) return proxy;
    }
    if (auto proxy = choose(url, settings)) return proxy;
    return settings->detect && may_detect ? scripted(url, {}, calls) : std::nullopt;
}

std::optional<std::string> system_proxy(const std::string& url) {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0') return std::nullopt;
    }
    const bool may_detect = Registry().number(R"(SOFTWARE\Steward\Proxy)", "AutoDetect") == 1U;
    return proxy_for(url, proxy_calls(), may_detect);
}

}  // namespace steward::platform
