// The devices that enrolled, for as long as the server runs. Called from the threads of all connections.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "tests/server/certificate.h"

namespace steward::server {

struct DeviceSecrets {                                     // of the w7 account
    std::string client_name, client_secret, client_nonce;  // APPSRV: the client proves itself; nonces are raw
    std::string server_name, server_secret, server_nonce;  // CLIENT: the server proves itself
};

struct Device {
    std::string id;        // SyncHdr Source
    std::string name;      // DeviceName
    std::string provider;  // PROVIDER-ID
    std::string user;      // who enrolled it; empty: nobody, the certificate
    std::string kind;      // EnrollmentType: Full or Device
    std::string os;        // OSVersion
    CertificateFacts certificate;
    std::optional<CertificateFacts> replaced;  // by a renewal; good until the new one was used
    DeviceSecrets secrets;
    std::string channel;  // Push/ChannelURI as the device told it; empty: none yet
    Instant enrolled;
    std::optional<Instant> last_session;
    std::optional<Instant> unenrolled;
    std::size_t sessions = 0, renewals = 0;
};

class Registry {
  public:
    void enrol(Device device);  // takes the place of an earlier enrolment of the same id
    std::optional<Device> find(std::string_view id) const;
    std::optional<Device> owner_of(std::string_view thumbprint) const;  // an enrolled device with this certificate
    std::vector<Device> list() const;                                   // by id
    std::size_t enrolled() const;                                       // without those that left

    // Each does nothing where there is no such device.
    void renew(const std::string& id, const CertificateFacts& certificate);
    void used(const std::string& id, const std::string& thumbprint);  // ends the life of a replaced certificate
    void began_session(const std::string& id, Instant now);
    void left(const std::string& id, Instant now);
    void client_nonce(const std::string& id, const std::string& raw);
    void server_nonce(const std::string& id, const std::string& raw);
    void channel(const std::string& id, const std::string& url);

  private:
    Device* known(const std::string& id);

    mutable std::mutex mutex_;
    std::map<std::string, Device, std::less<>> devices_;
};

}  // namespace steward::server
