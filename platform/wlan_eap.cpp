#include "platform/wlan_eap.h"

#include <algorithm>
#include <array>
#include <utility>

#include "platform/base/bytes.h"
#include "platform/base/text.h"

namespace steward::platform {
namespace {

using Method = EapSettings::Method;
using Inner = EapSettings::Inner;

constexpr std::size_t most_names = 32, most_authorities = 32, longest_name = 255;

constexpr std::string_view common = "http://www.microsoft.com/provisioning/EapCommon";
constexpr std::string_view host = "http://www.microsoft.com/provisioning/EapHostConfig";
constexpr std::string_view base = "http://www.microsoft.com/provisioning/BaseEapConnectionPropertiesV1";

constexpr std::array<std::pair<std::string_view, Inner>, 4> plain_inner = {
    {{"PAPAuthentication", Inner::pap},
     {"CHAPAuthentication", Inner::chap},
     {"MSCHAPAuthentication", Inner::mschap},
     {"MSCHAPv2Authentication", Inner::mschapv2}}};

Error invalid(std::string what) {
    return {Fault::invalid, std::move(what), {}};
}

Error unsupported(std::string what) {
    return {Fault::unsupported, std::move(what), {}};
}

bool says(const Element& at, std::string_view name, bool value) {
    const auto* found = at.descendant(name);
    return found != nullptr && xml_boolean(found->text) == value;
}

bool host_name(std::string_view name) {
    if (name.empty() || name.size() > longest_name || name.front() == '.' || name.front() == '-') return false;
    return std::all_of(name.begin(), name.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '.';
    });
}

// Windows takes regular expressions. Names are carried over, and "any name below": everything else would be a guess.
Result<std::string> server_name(std::string_view pattern) {
    std::string_view text = pattern;
    if (text.starts_with('^')) text.remove_prefix(1);
    if (text.ends_with('$')) text.remove_suffix(1);
    const bool suffix = text.starts_with(".*\\.") || text.starts_with("*.");
    if (suffix) text.remove_prefix(text.starts_with('.') ? 4 : 2);
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '.' || text[i + 1] == '-')) continue;
        name += text[i];
    }
    if (!host_name(name)) {
        return unsupported(
            "ServerNames holds a pattern that can't be carried over: give whole names, or .*\\.example\\.com for any "
            "name below one.");
    }
    return (suffix ? "." : "") + lower(name);
}

Outcome read_names(const Element& validation, EapSettings& eap) {
    const auto* names = validation.child("ServerNames");
    for (const auto part : split(names != nullptr ? std::string_view(names->text) : std::string_view(), ';')) {
        if (trim(part).empty()) continue;
        auto name = server_name(trim(part));
        if (!name) return std::move(name).error();
        if (eap.server_names.size() >= most_names) return invalid("ServerNames holds too many names.");
        eap.server_names.push_back(std::move(*name));
    }
    if (eap.server_names.empty()) {
        return unsupported(
            "The profile names no authentication server: without ServerNames any server that the authority knows could "
            "take the password. Add ServerNames.");
    }
    const bool suffix = eap.server_names.front().starts_with('.');
    if (std::any_of(eap.server_names.begin(), eap.server_names.end(),
                    [&](const auto& name) { return name.starts_with('.') != suffix; })) {
        return unsupported("ServerNames mixes whole names with names below one; give one kind.");
    }
    return {};
}

Outcome read_authorities(const Element& validation, EapSettings& eap) {
    for (const auto& child : validation.children) {
        if (!same_ignoring_case(child.name, "TrustedRootCA") && !same_ignoring_case(child.name, "TrustedRootCAHashes"))
            continue;
        std::string digits;
        for (const char letter : child.text) {
            if (letter != ' ' && letter != '\n' && letter != '\r' && letter != '\t') digits += letter;
        }
        if (digits.empty()) continue;
        const auto raw = from_hex(digits);
        if (!raw || raw->size() != 20) return invalid("TrustedRootCA is not the SHA-1 thumbprint of a certificate.");
        if (eap.authorities.size() >= most_authorities) return invalid("The profile trusts too many authorities.");
        eap.authorities.push_back(upper(digits));
    }
    if (eap.authorities.empty()) {
        return unsupported(
            "The profile pins no authority: without TrustedRootCA any public authority could vouch for a false server. "
            "Add its thumbprint.");
    }
    return {};
}

Outcome read_validation(const Element& method, EapSettings& eap) {
    if (says(method, "PerformServerValidation", false)) {
        return unsupported("PerformServerValidation is off: networks whose server is not checked are refused.");
    }
    const auto* validation = method.child("ServerValidation");
    if (validation == nullptr) {
        return unsupported("The profile has no ServerValidation: networks whose server is not checked are refused.");
    }
    if (auto read = read_names(*validation, eap); !read) return read;
    return read_authorities(*validation, eap);
}

Outcome read_ttls_inner(const Element& method, EapSettings& eap) {
    const auto* phase2 = method.child("Phase2Authentication");
    if (phase2 == nullptr) return invalid("The TTLS settings have no Phase2Authentication.");
    for (const auto& [name, inner] : plain_inner) {
        if (phase2->child(name) != nullptr) {
            eap.inner = inner;
            return {};
        }
    }
    const auto type = to_integer(trim(phase2->text_of("Type")));
    if (type == 26) eap.inner = Inner::eap_mschapv2;
    if (type == 13) eap.inner = Inner::tls;
    if (eap.inner == Inner::none) return unsupported("Phase2Authentication names a method that is not supported.");
    return {};
}

Outcome read_peap(const Element& method, EapSettings& eap) {
    const auto* inner = method.child("Eap");
    const auto type = inner != nullptr ? to_integer(trim(inner->text_of("Type"))) : std::nullopt;
    if (type == 26) eap.inner = Inner::mschapv2;
    if (type == 13) eap.inner = Inner::tls;
    if (eap.inner == Inner::none) return unsupported("Inside PEAP only MSCHAPv2 and TLS are supported.");
    const auto* privacy = method.descendant("IdentityPrivacy");
    if (privacy != nullptr && says(*privacy, "EnableIdentityPrivacy", true)) {
        eap.anonymous_identity = privacy->text_of("AnonymousUserName");
    }
    return {};
}

std::string element(std::string_view name, std::string_view space, const std::string& content) {
    return "<" + std::string(name) + " xmlns=\"" + std::string(space) + "\">" + content + "</" + std::string(name) +
           ">";
}

std::string validation_text(const EapSettings& eap, std::string_view authority) {
    std::string names;
    for (const auto& name : eap.server_names) {
        if (!names.empty()) names += ';';
        if (!name.starts_with('.')) {
            names += name;
            continue;
        }
        names += ".*";
        for (const char letter : name) names += letter == '.' ? std::string("\\.") : std::string(1, letter);
    }
    std::string text = "<ServerValidation><ServerNames>" + names + "</ServerNames>";
    for (const auto& thumbprint : eap.authorities)
        text += "<" + std::string(authority) + ">" + thumbprint + "</" + std::string(authority) + ">";
    return text + "</ServerValidation>";
}

std::string inner_eap(int type) {
    return element("Eap", base, "<Type>" + std::to_string(type) + "</Type>");
}

std::string method_text(const EapSettings& eap) {
    if (eap.method == Method::tls)
        return element("EapType", "http://www.microsoft.com/provisioning/EapTlsConnectionPropertiesV1",
                       validation_text(eap, "TrustedRootCA"));
    if (eap.method == Method::peap) {
        std::string text =
            validation_text(eap, "TrustedRootCA") + inner_eap(eap.inner == EapSettings::Inner::tls ? 13 : 26);
        if (!eap.anonymous_identity.empty()) {
            text += "<PeapExtensions>" +
                    element("IdentityPrivacy", "http://www.microsoft.com/provisioning/MsPeapConnectionPropertiesV2",
                            "<EnableIdentityPrivacy>true</EnableIdentityPrivacy><AnonymousUserName>" +
                                escaped_xml(eap.anonymous_identity) + "</AnonymousUserName>") +
                    "</PeapExtensions>";
        }
        return element("EapType", "http://www.microsoft.com/provisioning/MsPeapConnectionPropertiesV1", text);
    }
    std::string inner;
    for (const auto& [name, kind] : plain_inner) {
        if (kind == eap.inner) inner = "<" + std::string(name) + "/>";
    }
    if (eap.inner == Inner::eap_mschapv2) inner = inner_eap(26);
    if (eap.inner == Inner::tls) inner = inner_eap(13);
    std::string text =
        validation_text(eap, "TrustedRootCAHashes") + "<Phase2Authentication>" + inner + "</Phase2Authentication>";
    if (!eap.anonymous_identity.empty()) {
        text += "<Phase1Identity><IdentityPrivacy>true</IdentityPrivacy><AnonymousIdentity>" +
                escaped_xml(eap.anonymous_identity) + "</AnonymousIdentity></Phase1Identity>";
    }
    return element("EapTtls", "http://www.microsoft.com/provisioning/EapTtlsConnectionPropertiesV1", text);
}

int type_of(Method method) {
    switch (method) {
        case Method::tls:
            return 13;
        case Method::ttls:
            return 21;
        case Method::peap:
            break;
    }
    return 25;
}

}  // namespace

std::optional<bool> xml_boolean(std::string_view text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

Result<EapSettings> parse_eap(const Element& config) {
    const auto* host_config = config.child("EapHostConfig");
    const auto* chosen = host_config != nullptr ? host_config->child("EapMethod") : nullptr;
    const auto* settings = host_config != nullptr ? host_config->child("Config") : nullptr;
    if (chosen == nullptr || settings == nullptr) return invalid("EAPConfig holds no EapHostConfig with its settings.");
    const auto type = to_integer(trim(chosen->text_of("Type")));
    EapSettings eap;
    if (type == 13) {
        eap.method = Method::tls;
    } else if (type == 25) {
        eap.method = Method::peap;
    } else if (type == 21) {
        eap.method = Method::ttls;
    } else {
        return unsupported("Of the EAP methods 13 (TLS), 21 (TTLS) and 25 (PEAP) are supported.");
    }
    const auto* method = settings->descendant(eap.method == Method::ttls ? "EapTtls" : "EapType");
    if (method == nullptr) return invalid("The EAP settings don't belong to the EAP method.");
    if (auto read = read_validation(*method, eap); !read) return std::move(read).error();
    Outcome inner;
    if (eap.method == Method::peap) inner = read_peap(*method, eap);
    if (eap.method == Method::ttls) {
        inner = read_ttls_inner(*method, eap);
        const auto* identity = method->child("Phase1Identity");
        if (identity != nullptr && !says(*identity, "IdentityPrivacy", false))
            eap.anonymous_identity = identity->text_of("AnonymousIdentity");
    }
    if (!inner) return std::move(inner).error();
    if (eap.anonymous_identity.size() > longest_name) return invalid("The anonymous identity is too long.");
    std::sort(eap.authorities.begin(), eap.authorities.end());
    eap.authorities.erase(std::unique(eap.authorities.begin(), eap.authorities.end()), eap.authorities.end());
    return eap;
}

std::string eap_text(const EapSettings& eap) {
    const std::string type = std::to_string(type_of(eap.method));
    const std::string author = eap.method == Method::ttls ? "311" : "0";
    const std::string method = element("Type", common, type) + element("VendorId", common, "0") +
                               element("VendorType", common, "0") + element("AuthorId", common, author);
    std::string config = method_text(eap);
    if (eap.method != Method::ttls) config = element("Eap", base, "<Type>" + type + "</Type>" + config);
    return "<EAPConfig>" +
           element("EapHostConfig", host, "<EapMethod>" + method + "</EapMethod><Config>" + config + "</Config>") +
           "</EAPConfig>";
}

}  // namespace steward::platform
