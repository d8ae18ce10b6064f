#include "agent/enrol/provisioning.h"

#include <algorithm>
#include <array>

#include "agent/enrol/fault.h"
#include "agent/syncml/document.h"
#include "agent/syncml/escape.h"
#include "agent/transport/curl.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/text.h"

namespace steward::enrol {
namespace {

using syncml::Element;

constexpr std::size_t most_certificates = 32;
constexpr std::size_t most_settings = 500;
constexpr std::size_t longest_value = 64u << 10;
constexpr std::size_t longest_provider = 200;

// APPLICATION parameters and the DMAcc nodes they become (protocol sheet 4.7).
struct Parameter {
    std::string_view name, path, datatype;
};
constexpr std::array<Parameter, 13> parameters{{
    {"ROLE", "Ext/Microsoft/Role", "integer"},
    {"PROTOVER", "Ext/Microsoft/ProtoVer", "string"},
    {"USEHWDEVID", "Ext/Microsoft/UseHwDevID", "boolean"},
    {"CONNRETRYFREQ", "Ext/Microsoft/ConnRetryFreq", "integer"},
    {"INITIALBACKOFFTIME", "Ext/Microsoft/InitialBackOffTime", "integer"},
    {"MAXBACKOFFTIME", "Ext/Microsoft/MaxBackOffTime", "integer"},
    {"BACKCOMPATRETRYDISABLED", "Ext/Microsoft/BackCompatRetryDisabled", "boolean"},
    {"USENONCERESYNC", "Ext/Microsoft/UseNonceResync", "boolean"},
    {"CRLCHECK", "Ext/Microsoft/CRLCheck", "boolean"},
    {"DISABLEONROAMING", "Ext/Microsoft/DisableOnRoaming", "boolean"},
    {"SSLCLIENTCERTSEARCHCRITERIA", "Ext/Microsoft/SSLCLIENTCERTSEARCHCRITERIA", "string"},
    {"AAUTHPREF", "AAuthPref", "string"},
    {"TO-NAPID", "PrefConRef", "string"},
}};

Error invalid(std::uint32_t code, const std::string& what) {
    return with_code(
        code, {Fault::invalid,
               "The server's provisioning document can't be used: " + what + ". Its administrator must correct it.",
               {}});
}

bool is(const Element& element, std::string_view kind) {
    return same_ignoring_case(element.name, kind);
}

std::string type_of(const Element& element) {
    return element.attribute("type");
}

const Element* characteristic(const Element& parent, std::string_view type) {
    for (const auto& child : parent.children) {
        if (is(child, "characteristic") && same_ignoring_case(type_of(child), type)) return &child;
    }
    return nullptr;
}

std::optional<std::string> parm(const Element& parent, std::string_view name) {
    for (const auto& child : parent.children) {
        if (is(child, "parm") && same_ignoring_case(child.attribute("name"), name)) return child.attribute("value");
    }
    return std::nullopt;
}

bool truth(std::string_view text) {
    return same_ignoring_case(text, "true") || text == "1" || same_ignoring_case(text, "yes");
}

// "true" and "false" whatever the server wrote; a parameter that is only there means yes.
std::string boolean_text(const std::string& value) {
    return value.empty() || truth(value) ? "true" : "false";
}

class Reading {
  public:
    Outcome store(const Element& store);
    Outcome application(const Element& application);
    Outcome client(const Element& client);
    void workplace(const Element& workplace);
    Outcome judge(Delivers delivers);
    Provisioning taken() { return std::move(found_); }
    void ignore(const std::string& type) {
        if (found_.ignored.size() < most_certificates) found_.ignored.push_back(syncml::legal(type.substr(0, 100)));
    }

  private:
    Outcome certificates(const Element& place, std::vector<std::string>& into, int depth = 0);
    Outcome renewal(const Element& wstep);
    void auth(const Element& block);
    Outcome settings(const Element& branch, const std::string& path);
    Outcome add(std::vector<Setting>& into, Setting setting);

    Provisioning found_;
    std::string client_provider_;  // of the DMClient block
    bool application_ = false;
};

// {place}/System/{thumb}, {place}/User/{thumb} or {place}/{thumb}: wherever a certificate stands, it is taken.
Outcome Reading::certificates(const Element& place, std::vector<std::string>& into, int depth) {
    constexpr int deepest = 4;
    if (const auto encoded = parm(place, "EncodedCertificate"); encoded && !trim(*encoded).empty()) {
        const auto der = from_base64(*encoded);
        const auto certificate = der ? read_certificate(*der) : Result<Certificate>(Error{});
        if (!certificate) {
            return invalid(0x8018001E,
                           "the certificate " + syncml::legal(type_of(place).substr(0, 60)) + " in it is damaged");
        }
        if (into.size() == most_certificates) return invalid(0x8018001E, "it holds too many certificates");
        if (std::find(into.begin(), into.end(), certificate->der) == into.end()) into.push_back(certificate->der);
    }
    if (depth == deepest) return {};
    for (const auto& child : place.children) {
        if (!is(child, "characteristic") || same_ignoring_case(type_of(child), "WSTEP")) continue;
        if (auto taken = certificates(child, into, depth + 1); !taken) return taken;
    }
    return {};
}

Outcome Reading::renewal(const Element& wstep) {
    const auto* renew = characteristic(wstep, "Renew");
    if (renew == nullptr) return {};
    auto& renewal = found_.renewal;
    const auto days = [&](std::string_view name, std::int64_t& into) {
        const auto text = parm(*renew, name);
        const auto number = text ? to_integer(trim(*text)) : std::nullopt;
        if (!number || *number < 1 || *number > 1000) return false;  // beyond its range it says nothing
        into = *number;
        return true;
    };
    // Older servers name the node RenewalPeriod.
    renewal.stated =
        days("RenewPeriod", renewal.period_days) || days("RenewalPeriod", renewal.period_days) || renewal.stated;
    days("RetryInterval", renewal.retry_days);
    renewal.retry_days = std::min(renewal.retry_days, renewal.period_days);
    if (const auto robo = parm(*renew, "ROBOSupport")) renewal.robo = robo->empty() || truth(trim(*robo));
    return {};
}

Outcome Reading::store(const Element& store) {
    for (const auto& place : store.children) {
        if (!is(place, "characteristic")) continue;
        const auto type = type_of(place);
        Outcome taken;
        if (same_ignoring_case(type, "Root")) {
            taken = certificates(place, found_.roots);
        } else if (same_ignoring_case(type, "CA")) {
            taken = certificates(place, found_.intermediates);
        } else if (same_ignoring_case(type, "My")) {
            taken = certificates(place, found_.identities);
            if (const auto* wstep = characteristic(place, "WSTEP"); taken && wstep != nullptr) taken = renewal(*wstep);
        } else {
            ignore("CertificateStore/" + type);
        }
        if (!taken) return taken;
    }
    return {};
}

void Reading::auth(const Element& block) {
    AppAuth side;
    side.type = std::string(trim(parm(block, "AAUTHTYPE").value_or("")));
    side.name = parm(block, "AAUTHNAME").value_or("");
    side.secret = parm(block, "AAUTHSECRET").value_or("");
    const auto data = parm(block, "AAUTHDATA");
    if (data && !data->empty() && data->size() % 4 == 0) side.nonce = from_base64(*data);
    const auto level = parm(block, "AAUTHLEVEL").value_or("");
    const bool ours = same_ignoring_case(level, "APPSRV");
    if (ours || same_ignoring_case(level, "CLIENT")) (ours ? found_.client : found_.server) = std::move(side);
}

Outcome Reading::add(std::vector<Setting>& into, Setting setting) {
    if (into.size() == most_settings || setting.value.size() > longest_value) {
        return invalid(0x80180020, "it holds too many settings or too long ones");
    }
    into.push_back(std::move(setting));
    return {};
}

Outcome Reading::application(const Element& application) {
    if (!same_ignoring_case(trim(parm(application, "APPID").value_or("w7")), "w7")) {
        ignore("APPLICATION " + parm(application, "APPID").value_or(""));
        return {};
    }
    if (application_) {
        ignore("APPLICATION");
        return {};
    }
    application_ = true;
    found_.provider = parm(application, "PROVIDER-ID").value_or("");
    found_.name = parm(application, "NAME").value_or("");
    found_.url = std::string(trim(parm(application, "ADDR").value_or("")));
    found_.encoding = std::string(trim(parm(application, "DEFAULTENCODING").value_or("")));
    for (const auto& each : parameters) {
        auto value = parm(application, each.name);
        if (!value) continue;
        std::string text(trim(*value));
        if (each.datatype == "boolean") text = boolean_text(text);
        if (each.datatype == "integer" && !to_integer(text)) continue;
        // A sample that many have copied escapes twice (protocol sheet 4.8).
        if (const auto at = text.find("&amp;"); at != std::string::npos) text.replace(at, 5, "&");
        if (auto added = add(found_.account_settings, {std::string(each.path), std::string(each.datatype), text});
            !added) {
            return added;
        }
    }
    for (const auto& child : application.children) {
        if (!is(child, "characteristic")) continue;
        if (same_ignoring_case(type_of(child), "APPAUTH")) auth(child);
        if (!same_ignoring_case(type_of(child), "APPADDR")) continue;
        if (found_.url.empty()) found_.url = std::string(trim(parm(child, "ADDR").value_or("")));
        if (const auto* port = characteristic(child, "PORT")) {
            const auto number = parm(*port, "PORTNBR");
            if (!number) continue;
            auto added = add(found_.account_settings, {"AppAddr/1/Port/1/PortNbr", "string", *number});
            if (!added) return added;
        }
    }
    return {};
}

Outcome Reading::settings(const Element& branch, const std::string& path) {
    for (const auto& child : branch.children) {  // the depth of a document is limited
        const bool leaf = is(child, "parm");
        const std::string name = leaf ? child.attribute("name") : type_of(child);
        if (name.empty() || name.find('/') != std::string::npos) continue;
        const std::string below = path.empty() ? name : path + "/" + name;
        if (!leaf) {
            if (!is(child, "characteristic")) continue;
            if (auto done = settings(child, below); !done) return done;
            continue;
        }
        std::string datatype = lower(child.attribute("datatype"));
        std::string value = child.attribute("value");
        if (datatype == "boolean") value = boolean_text(value);
        auto added = add(found_.provider_settings, {below, datatype.empty() ? "string" : datatype, value});
        if (!added) return added;
    }
    return {};
}

Outcome Reading::client(const Element& client) {
    for (const auto& branch : client.children) {
        if (!is(branch, "characteristic")) continue;
        if (!same_ignoring_case(type_of(branch), "Provider")) {
            ignore("DMClient/" + type_of(branch));
            continue;
        }
        for (const auto& provider : branch.children) {
            if (!is(provider, "characteristic")) continue;
            const auto id = type_of(provider);
            if (!client_provider_.empty() && client_provider_ != id) {
                ignore("DMClient/Provider/" + id);
                continue;
            }
            client_provider_ = id;
            if (auto done = settings(provider, {}); !done) return done;
        }
    }
    return {};
}

void Reading::workplace(const Element& workplace) {
    const auto* enrollments = characteristic(workplace, "Enrollments");
    if (enrollments == nullptr) return;
    for (const auto& each : enrollments->children) {
        if (!is(each, "characteristic") || found_.invitation) continue;
        Invitation invitation;
        invitation.user = type_of(each);
        invitation.auth_policy = parm(each, "AuthPolicy").value_or("OnPremise");
        invitation.discovery_url = parm(each, "DiscoveryServiceFullUrl").value_or("");
        invitation.policy_url = parm(each, "PolicyServiceFullUrl").value_or("");
        invitation.service_url = parm(each, "EnrollmentServiceFullUrl").value_or("");
        invitation.secret = parm(each, "Secret").value_or("");
        found_.invitation = std::move(invitation);
    }
}

Outcome Reading::judge(Delivers delivers) {
    if (!application_) return {};
    if (found_.provider.empty() && !client_provider_.empty()) found_.provider = client_provider_;
    if (found_.provider.empty() || found_.provider.size() > longest_provider ||
        syncml::legal(found_.provider) != found_.provider) {
        return invalid(0x8018001F, "its APPLICATION has no usable PROVIDER-ID");
    }
    if (!client_provider_.empty() && trim(client_provider_) != trim(found_.provider)) {
        return invalid(0x80180020, "DMClient is for the provider \"" + client_provider_.substr(0, 60) +
                                       "\" and APPLICATION for another");
    }
    if (delivers == Delivers::renewal && found_.url.empty()) return {};
    if (auto fine = transport::acceptable_url(found_.url); !fine) {
        return invalid(0x8018001F, "its APPLICATION has no acceptable ADDR");
    }
    return {};
}

}  // namespace

Result<Provisioning> read_provisioning(std::string_view document, Delivers delivers) {
    auto root = syncml::read_document(document);
    if (!root || !is(*root, "wap-provisioningdoc")) {
        return with_code(0x80180023,
                         {Fault::malformed, std::string(refusal_of(0x80180023)->sentence),
                          root ? "its root is <" + syncml::legal(root->name.substr(0, 40)) + ">" : root.error().what});
    }
    Reading reading;
    for (const auto& child : root->children) {
        if (!is(child, "characteristic")) continue;
        const auto type = type_of(child);
        Outcome taken;
        if (same_ignoring_case(type, "CertificateStore") || same_ignoring_case(type, "RootCATrustedCertificates")) {
            taken = reading.store(child);
        } else if (same_ignoring_case(type, "APPLICATION")) {
            taken = reading.application(child);
        } else if (same_ignoring_case(type, "DMClient")) {
            taken = reading.client(child);
        } else if (same_ignoring_case(type, "Workplace")) {
            reading.workplace(child);
        } else {
            reading.ignore(type);
        }
        if (!taken) return taken.error();
    }
    if (auto judged = reading.judge(delivers); !judged) return judged.error();
    return reading.taken();
}

}  // namespace steward::enrol
