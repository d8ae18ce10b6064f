// DMAcc: the accounts with which this device reaches its management servers. The rows themselves are the account; the
// agent reads them when it starts a session. Source: OMA DM Standardized Objects 1.2, DDF DMAcc.
#include "csp/csp.h"
#include "csp/syntax.h"
#include "platform/host.h"

namespace steward::csp {
namespace {

constexpr AccessSet settable = can_add | can_get | can_replace;  // goes with its account, never by itself
constexpr AccessSet write_only = can_add | can_replace;
constexpr AccessSet container = can_add | can_get;

Leaf account(const std::string& path, Format format, std::string about) {
    return kept("{AccountUID}/" + path, format, std::move(about)).access(settable);
}

Leaf microsoft(const std::string& path, Format format, std::string about) {
    return account("Ext/Microsoft/" + path, format, std::move(about));
}

Leaf local(const std::string& path, Format format, std::string about) {
    return account("Ext/Steward/" + path, format, std::move(about)).access(can_get);
}

}  // namespace

Csp dm_acc(platform::Host&) {
    constexpr auto chr = Format::chr;
    const std::string address = "AppAddr/{ObjectName}/", credentials = "AppAuth/{ObjectName}/";
    return Csp("./SyncML/DMAcc", "The accounts with which this device reaches its management servers.")
        .nodes({
            interior("{AccountUID}", "One account: the server, how to reach it, and who we are to it.", setting_access),
            account("AppID", chr, "What the account is for; w7 is device management.")
                .one_of({{"w7", "OMA device management"}})
                .otherwise("w7"),
            account("ServerID", chr, "The name by which the server is known."),
            account("Name", chr, "The name of the account for people."),
            account("PrefConRef", chr, "The connection to prefer."),
            interior("{AccountUID}/AppAddr", "Where the server is.", container),
            interior("{AccountUID}/AppAddr/{ObjectName}", "One address of the server.", container),
            account(address + "Addr", chr, "The address itself."),
            account(address + "AddrType", chr, "How the address is written.")
                .one_of({{"URI", "an address such as https://server.example/dm"}, {"IPv4", "an IPv4 address"}})
                .otherwise("URI"),
            interior("{AccountUID}/AppAddr/{ObjectName}/Port", "The port of the server.", container),
            interior("{AccountUID}/AppAddr/{ObjectName}/Port/{ObjectName}", "One port of the server.", settable),
            account(address + "Port/{ObjectName}/PortNbr", chr, "The port in decimal.")
                .checked(port_expected, is_port, port_pattern),
            account("AAuthPref", chr, "How the device tries to prove itself first.")
                .one_of({{"BASIC", "name and password"}, {"DIGEST", "an MD5 digest"}}),
            interior("{AccountUID}/AppAuth", "The credentials of both sides.", container),
            interior("{AccountUID}/AppAuth/{ObjectName}", "The credentials of one side.", container),
            account(credentials + "AAuthLevel", chr, "Whose credentials these are.")
                .one_of({{"CLCRED", "the device proves itself to the server"},
                         {"SRVCRED", "the server proves itself to the device"}}),
            account(credentials + "AAuthType", chr, "What kind of proof is given.")
                .one_of({{"BASIC", "name and password"}, {"DIGEST", "an MD5 digest"}}),
            account(credentials + "AAuthName", chr, "The user name."),
            account(credentials + "AAuthSecret", chr, "The password; it can't be read back.")
                .access(write_only)
                .secret(),
            account(credentials + "AAuthData", Format::bin, "The next nonce of a digest; it can't be read back.")
                .access(write_only)
                .secret(),
            microsoft("Role", Format::integer, "What the server may do, as a sum of roles.")
                .access(can_get | can_replace)
                .flags(
                    {{"4", "operator"}, {"8", "manager"}, {"16", "authenticated user"}, {"128", "trusted operator"}}),
            microsoft("ProtoVer", chr, "The version of OMA DM that messages declare.")
                .one_of({{"1.1", "OMA DM 1.1"}, {"1.2", "OMA DM 1.2"}}),
            microsoft("DefaultEncoding", chr, "How the first message of a session is encoded.")
                .one_of({{"application/vnd.syncml.dm+xml", "XML"}, {"application/vnd.syncml.dm+wbxml", "WBXML"}}),
            microsoft("UseHwDevID", Format::boolean, "Whether the device names itself by its hardware id.")
                .otherwise("false"),
            microsoft("ConnRetryFreq", Format::integer, "How often a failed connection is tried again.").otherwise(3),
            microsoft("InitialBackOffTime", Format::integer, "Milliseconds before the first retry; they grow then.")
                .otherwise(16000),
            microsoft("MaxBackOffTime", Format::integer, "Most milliseconds between two retries.").otherwise(86400000),
            microsoft("BackCompatRetryDisabled", Format::boolean, "Never retry with an older protocol version.")
                .otherwise("false"),
            microsoft("UseNonceResync", Format::boolean, "Accept a notification made with the backup nonce.")
                .otherwise("false"),
            microsoft("CRLCheck", Format::boolean, "Check that the server's certificate has not been revoked."),
            microsoft("DisableOnRoaming", Format::boolean, "No sessions while roaming."),
            microsoft("SSLCLIENTCERTSEARCHCRITERIA", chr, "Which certificate the device shows to the server."),
            microsoft("InitiateSession", Format::null, "Adding this node starts a session.").access(write_only),
            local("CAFile", chr, "The certificates that vouch for the server, in a file of this device."),
            local("CertificateFile", chr, "The certificate that this device shows, in a file of this device."),
            local("KeyFile", chr, "Where the key of that certificate is."),
            local("RootsFile", chr, "The authorities that the server itself delivered, in a file of this device."),
            local("KeyPin", chr, "The SHA-256 of the public key that the server must have, in base64."),
            local("Proxy", chr, "The proxy to the server."),
            local("AllowDigestWithoutTls", Format::boolean, "Whether digests may travel without TLS.")
                .otherwise("false"),
        })
        .own("{AccountUID}");
}

}  // namespace steward::csp
