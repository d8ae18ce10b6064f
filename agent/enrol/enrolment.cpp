#include "agent/enrol/enrolment.h"

#include <algorithm>

#include "agent/enrol/certificate.h"
#include "agent/enrol/fault.h"
#include "agent/enrol/policy.h"
#include "platform/base/bytes.h"
#include "platform/base/certificate.h"
#include "platform/base/digest.h"

namespace steward::enrol {
namespace {

constexpr std::size_t id_bytes = 8;
constexpr const char* roots_name = "/roots.pem";
constexpr const char* authorities_name = "/authorities.pem";

// Worth another try without a change by anybody.
bool passing(Fault fault) {
    return fault == Fault::io || fault == Fault::timeout || fault == Fault::busy;
}

std::string bundle(const std::vector<std::string>& certificates) {
    std::string pem;
    for (const auto& der : certificates) pem += to_pem(der);
    return pem;
}

}  // namespace

Result<Chosen> choose_identity(const Provisioning& provisioning, const std::string& key, int number,
                               const std::string& folder, const Means& means) {
    for (const auto& der : provisioning.identities) {
        const auto ours = means.keys.belongs(key, der);
        if (!ours) return ours.error();
        if (!*ours) continue;
        const auto certificate = read_certificate(der);
        if (!certificate) return certificate.error();
        if (certificate->not_after <= means.clock.now()) {
            return with_code(0x8018001E, {Fault::invalid,
                                          "The server delivered a certificate that has expired already: its "
                                          "administrator must look at its certification authority and its clock.",
                                          certificate->subject});
        }
        Chosen chosen;
        chosen.identity.number = number;
        chosen.identity.key = key;
        chosen.identity.certificate_file =
            means.files.full_path(folder + "/identity-" + std::to_string(number) + ".pem");
        chosen.identity.subject = certificate->subject;
        chosen.identity.issuer = certificate->issuer;
        chosen.identity.fingerprint = certificate->fingerprint;
        chosen.identity.not_before = certificate->not_before;
        chosen.identity.not_after = certificate->not_after;
        chosen.pem = to_pem(der) + bundle(provisioning.intermediates);
        return chosen;
    }
    return with_code(0x80180024, {Fault::invalid, std::string(refusal_of(0x80180024)->sentence), {}});
}

Outcome forget(const Record& record, platform::Keystore& keys, platform::StateFiles& files, store::Enrolments& rows) {
    Outcome first;
    const auto note = [&](const Outcome& done) {
        if (!done && first) first = done;
    };
    std::vector<std::string> folders{record.waiting_folder()};
    if (!record.provider.empty()) folders.push_back(record.folder());
    for (const auto& folder : folders) {
        const auto names = files.list(folder);
        if (!names) note(names.error());
        std::vector<platform::StateFile> gone;
        for (const auto& name : names ? *names : std::vector<std::string>()) {
            gone.push_back({folder + "/" + name, std::nullopt, false});
        }
        note(files.apply(gone));
    }
    std::vector<std::string> references;
    for (const auto* identity :
         {&record.identity, record.next ? &*record.next : nullptr, record.previous ? &*record.previous : nullptr}) {
        if (identity == nullptr) continue;
        references.push_back(identity->key);
        // Killed while a key was made: it is there, and only its label is known.
        auto found = keys.find(record.label_of(identity->number));
        if (!found) {
            note(found.error());
        } else if (*found) {
            references.push_back(**found);
        }
    }
    for (const auto& reference : references) {
        if (!reference.empty()) note(keys.erase(reference));
    }
    // Last: as long as something is left, the record says what.
    if (first) note(rows.save(record.id, {}));
    return first;
}

Result<Record> Enrolment::begin(const Wish& wish) {
    Record record;
    record.id = to_hex(random_bytes(id_bytes));
    record.begun = means_.clock.now();
    record.user = wish.user;
    record.url = wish.url;
    record.trust = wish.trust;
    record.by_person = wish.by_person;
    if (!wish.services.service_url.empty()) {
        record.discovered = wish.services;
        record.step = Step::discovered;
    } else if (record.url.empty()) {
        auto url = discovery_url(wish.user);
        if (!url) return url.error();
        record.url = std::move(*url);
    }
    auto earlier = all_records(means_.rows);
    if (!earlier) return earlier.error();
    for (const auto& each : *earlier) {
        if (each.step == Step::enrolled) continue;
        // One that was killed after its account was made is finished, not thrown away.
        if (!each.provider.empty() && means_.registrar.knows(each.provider)) {
            if (auto finished = proceed(each); !finished) return finished.error();
            continue;
        }
        progress_("cleaning up an enrolment that was not finished");
        if (auto gone = forget(each, means_.keys, means_.files, means_.rows); !gone) return gone.error();
    }
    std::vector<platform::StateFile> brought;
    const auto bring = [&](const char* name, std::string content, std::string& path) {
        if (content.empty()) return;
        brought.push_back({record.waiting_folder() + name, std::move(content), false});
        path = means_.files.full_path(brought.back().path);
    };
    bring(roots_name, bundle(wish.roots), record.trust.roots_file);
    bring(authorities_name, wish.authorities, record.trust.ca_file);
    if (auto saved = save_record(means_.rows, record); !saved) return saved.error();
    if (auto written = means_.files.apply(brought); !written) return written.error();
    return proceed(std::move(record));
}

Result<Record> Enrolment::resume() {
    const auto records = all_records(means_.rows);
    if (!records) return records.error();
    for (const auto& record : *records) {
        if (record.step != Step::enrolled) return proceed(record);
    }
    return Error{Fault::not_found, "There is no unfinished enrolment to go on with.", {}};
}

Result<Record> Enrolment::proceed(Record record) {
    Outcome done;
    while (record.step != Step::enrolled) {
        switch (record.step) {
            case Step::begun:
                done = discover_services(record);
                break;
            case Step::discovered:
                done = make_key(record);
                break;
            case Step::keyed:
                done = ask(record);
                break;
            case Step::issued:
                done = finish(record);
                break;
            case Step::enrolled:
                break;
        }
        if (done) done = save_record(means_.rows, record);
        if (done) continue;
        if (passing(done.error().fault)) return done.error();
        auto error = done.error();
        if (auto gone = forget(record, means_.keys, means_.files, means_.rows); !gone) {
            error.evidence += "; " + gone.error().what;
        }
        return error;
    }
    return record;
}

Outcome Enrolment::discover_services(Record& record) {
    const auto exchange = means_.connect(record.trust);
    auto found = discover(*exchange, record.url, record.user, means_.facts, sign_in_.has_certificate(),
                          [&](const std::string& url) { progress_("asking " + url); });
    if (!found) return found.error();
    record.discovered = std::move(*found);
    record.step = Step::discovered;
    return {};
}

Outcome Enrolment::make_key(Record& record) {
    // The policy is asked with the same proof as the certificate; so is a person, once.
    auto credentials = sign_in_.credentials(record.discovered, record.user);
    if (!credentials) return credentials.error();
    if (!record.discovered.policy_url.empty()) {
        progress_("asking which key is wanted");
        const auto exchange = means_.connect(record.trust);
        const auto policy =
            get_policies(*exchange, record.discovered.policy_url, *credentials, means_.keys, means_.clock.now());
        if (!policy) return policy.error();
        record.key_bits = policy->bits;
    }
    progress_("making a key of " + std::to_string(record.key_bits) + " bits");
    const auto label = record.label_of(record.identity.number);
    // A key under our label whose making was interrupted is not relied on.
    auto left = means_.keys.find(label);
    if (!left) return left.error();
    if (*left) {
        if (auto erased = means_.keys.erase(**left); !erased) return erased;
    }
    auto key = means_.keys.make(label, {record.key_bits});
    if (!key) return with_code(0x80180027, key.error());
    record.identity.key = std::move(*key);
    record.step = Step::keyed;
    return {};
}

Outcome Enrolment::ask(Record& record) {
    auto request = means_.keys.request(record.identity.key, {means_.facts.device_id, means_.facts.device_id});
    if (!request) return with_code(0x80180027, request.error());
    auto credentials = sign_in_.credentials(record.discovered, record.user);
    if (!credentials) return credentials.error();
    progress_("asking " + record.discovered.service_url + " for a certificate");
    const auto exchange = means_.connect(record.trust);
    TokenRequest token{Purpose::issue, std::move(*request), record.discovered.version, record.by_person};
    auto document = request_token(*exchange, record.discovered.service_url, token, means_.facts, *credentials,
                                  means_.keys, means_.clock.now());
    if (!document) return document.error();
    record.document = std::move(*document);
    record.step = Step::issued;
    return {};
}

Outcome Enrolment::finish(Record& record) {
    auto provisioning = read_provisioning(record.document);
    if (!provisioning) return provisioning.error();
    if (provisioning->provider.empty()) {
        return with_code(0x8018001F, {Fault::invalid, std::string(refusal_of(0x8018001F)->sentence), {}});
    }
    return enter(record, *provisioning);
}

Outcome Enrolment::enter(Record& record, const Provisioning& provisioning) {
    progress_("entering the account \"" + provisioning.provider + "\"");
    const bool ours = record.provider == provisioning.provider;  // remembered before anything was written
    if (!ours) {
        if (means_.registrar.knows(provisioning.provider)) {
            return with_code(0x8018000A,
                             {Fault::exists,
                              "This device is managed by \"" + provisioning.provider +
                                  "\" already: run \"steward unenroll\" first if it is to be enrolled anew.",
                              {}});
        }
        record.provider = provisioning.provider;
        if (auto saved = save_record(means_.rows, record); !saved) return saved;
    }
    std::vector<platform::StateFile> files;
    transport::Trust trust = record.trust;
    const auto add = [&](const std::string& name, std::string content) {
        files.push_back({record.folder() + "/" + name, std::move(content), false});
        return means_.files.full_path(files.back().path);
    };
    if (!record.identity.key.empty()) {
        auto chosen =
            choose_identity(provisioning, record.identity.key, record.identity.number, record.folder(), means_);
        if (!chosen) return chosen.error();
        record.identity = std::move(chosen->identity);
        trust.certificate_file = add("identity-" + std::to_string(record.identity.number) + ".pem", chosen->pem);
        trust.key_file = platform::key_source(record.identity.key);
    }
    auto roots = provisioning.roots;
    roots.insert(roots.end(), provisioning.intermediates.begin(), provisioning.intermediates.end());
    auto brought = means_.files.find(record.waiting_folder() + roots_name);
    if (!brought) return brought.error();
    auto named = means_.files.find(record.waiting_folder() + authorities_name);
    if (!named) return named.error();
    if (*named) trust.ca_file = add("authorities.pem", **named);
    const std::string authorities = bundle(roots) + brought->value_or(std::string());
    if (!authorities.empty()) trust.roots_file = add("roots.pem", authorities);
    if (auto written = means_.files.apply(files); !written) return written;
    if (!means_.registrar.knows(provisioning.provider)) {
        if (auto entered = means_.registrar.enter(provisioning, trust); !entered) return entered;
    }
    // Whether they are still there changes nothing from here on.
    (void)means_.files.apply({{record.waiting_folder() + roots_name, std::nullopt, false},
                              {record.waiting_folder() + authorities_name, std::nullopt, false}});
    record.trust.roots_file = trust.roots_file;
    record.trust.ca_file = trust.ca_file;
    record.renewal = provisioning.renewal;
    record.document.clear();
    record.step = Step::enrolled;
    return {};
}

Result<Record> Enrolment::apply(const Provisioning& provisioning, const transport::Trust& trust) {
    if (!provisioning.identities.empty()) {
        return with_code(0x80180024, {Fault::invalid,
                                      "The file holds a certificate for a key that was not made on this device: its "
                                      "maker must leave it out, and name the enrolment server instead.",
                                      {}});
    }
    Record record;
    record.id = to_hex(random_bytes(id_bytes));
    record.begun = means_.clock.now();
    record.by_person = false;
    record.trust = trust;
    auto entered = enter(record, provisioning);
    if (entered) entered = save_record(means_.rows, record);
    if (entered) return record;
    auto error = entered.error();
    if (auto gone = forget(record, means_.keys, means_.files, means_.rows); !gone) {
        error.evidence += "; " + gone.error().what;
    }
    return error;
}

}  // namespace steward::enrol
