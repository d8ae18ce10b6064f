// A device, a server that issues certificates, and a registrar in memory: everything around an enrolment.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/enrol/enrolment.h"
#include "agent/store/database.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/keystore.h"
#include "platform/state_files.h"
#include "tests/enrol/script.h"
#include "tests/support/issuer.h"
#include "tests/support/temporary_directory.h"

namespace steward::enrol::test {

constexpr Instant noon{std::chrono::sys_days(std::chrono::year(2026) / 7 / 1) + std::chrono::hours(12)};

struct MemoryRegistrar final : Registrar {
    struct Entry {
        Provisioning provisioning;
        transport::Trust trust;
        std::vector<Setting> later;
    };
    std::map<std::string, Entry> accounts;
    std::string server_id;
    bool broken = false;

    bool knows(const std::string& provider) const override { return accounts.contains(provider); }
    Outcome enter(const Provisioning& provisioning, const transport::Trust& trust) override {
        if (broken) return Error{Fault::store, "The database is full.", {}};
        accounts[provisioning.provider] = {provisioning, trust, {}};
        return {};
    }
    Outcome replace_identity(const std::string& provider, const std::string& certificate_file,
                             const std::string& key_source, const std::vector<Setting>& settings) override {
        if (broken) return Error{Fault::store, "The database is full.", {}};
        auto& entry = accounts.at(provider);
        entry.trust.certificate_file = certificate_file;
        entry.trust.key_file = key_source;
        entry.later = settings;
        return {};
    }
    std::string certificate_file_of(const std::string& provider) const override {
        const auto found = accounts.find(provider);
        return found == accounts.end() ? std::string() : found->second.trust.certificate_file;
    }
    std::string server_id_of(const std::string&) const override { return server_id; }
};

struct Ann final : SignIn {
    int asked = 0;
    Result<Credentials> credentials(const Discovered& discovered, const std::string& user) override {
        ++asked;
        return Credentials{discovered.policy, user, "pa55word", {}, {}};
    }
};

struct World {
    steward::test::TemporaryDirectory state;
    FixedClock clock;
    std::unique_ptr<store::Database> database = *store::Database::in_memory();
    store::Enrolments rows{*database};
    const std::unique_ptr<platform::Keystore> key_store = platform::keystore_in(state.path());
    const std::unique_ptr<platform::StateFiles> state_files = platform::state_files_in(state.path());
    platform::Keystore& keys = *key_store;
    platform::StateFiles& files = *state_files;
    MemoryRegistrar registrar;
    Ann ann;
    Server server;
    std::vector<std::string> progress;
    std::chrono::seconds lifetime = std::chrono::days(365);
    std::string renew_terms;  // parms of WSTEP/Renew
    bool wrong_key = false;   // certificates for another key than was asked for
    std::string provider = "CorpMDM";

    World() {
        clock.time = noon;
        server.answer = [this](const Server::Seen& seen) { return serve(seen); };
    }

    static const steward::test::Issuer& issuer() {
        static const steward::test::Issuer made("World CA");
        return made;
    }

    Means means() {
        DeviceFacts facts;
        facts.device_id = "0A1B2C3D";
        return {[this](const transport::Trust& trust) { return std::make_unique<Line>(server, trust); },
                keys,
                files,
                rows,
                registrar,
                clock,
                facts};
    }
    Enrolment enrolment() {
        return {means(), ann, [this](const std::string& line) { progress.push_back(line); }};
    }
    Result<Record> enrol() { return enrolment().begin({"ann@corp.example", {}, {}}); }

    Result<transport::Reply> serve(const Server::Seen& seen) {
        if (seen.get) return reply(200, "");
        if (seen.request.url.ends_with("Discovery.svc")) return reply(200, discovered("OnPremise"));
        if (seen.request.url.ends_with("/policy")) return reply(200, soap("<GetPoliciesResponse/>"));
        return reply(200, issued(document(seen.request.body)));
    }

    std::string document(const std::string& request) const {
        auto der = *from_base64(between(request, "#base64binary\">", "<"));
        if (const auto inner = steward::test::content_of_message(der); !inner.empty()) der = inner;
        if (wrong_key) {
            steward::test::TemporaryDirectory elsewhere;
            const auto other = platform::keystore_in(elsewhere.path());
            der = *other->request(*other->make("other", {}), {"x", {}});
        }
        const auto certificate = issuer().issue(der, "dev", clock.time, clock.time + lifetime);
        const auto store = [](const std::string& kind, const std::string& bytes) {
            return "<characteristic type=\"" + kind + "\"><characteristic type=\"System\"><characteristic type=\"" +
                   thumbprint_of(bytes) + "\"><parm name=\"EncodedCertificate\" value=\"" + to_base64(bytes) +
                   "\"/></characteristic></characteristic>";
        };
        return "<wap-provisioningdoc version=\"1.1\"><characteristic type=\"CertificateStore\">" +
               store("Root", issuer().certificate()) + "</characteristic>" + store("My", certificate) +
               "<characteristic type=\"WSTEP\"><characteristic type=\"Renew\">" + renew_terms +
               "</characteristic></characteristic></characteristic></characteristic>"
               "<characteristic type=\"APPLICATION\"><parm name=\"APPID\" value=\"w7\"/><parm name=\"PROVIDER-ID\" "
               "value=\"" +
               provider +
               "\"/><parm name=\"ADDR\" value=\"https://mdm.example/dm\"/></characteristic></wap-provisioningdoc>";
    }
};

}  // namespace steward::enrol::test
