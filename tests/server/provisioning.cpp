#include "tests/server/provisioning.h"

#include "platform/base/bytes.h"

namespace steward::server {
namespace {

class Writer {
  public:
    explicit Writer(bool data_types) : data_types_(data_types) {}

    Writer& open(std::string_view type) {
        text_ += "<characteristic type=\"" + escaped(type) + "\">";
        return *this;
    }
    Writer& close(int count = 1) {
        for (; count > 0; --count) text_ += "</characteristic>";
        return *this;
    }
    Writer& parm(std::string_view name, std::string_view value, std::string_view type = {}) {
        text_ += "<parm name=\"" + std::string(name) + "\" value=\"" + escaped(value) + '"';
        if (data_types_ && !type.empty()) text_ += " datatype=\"" + std::string(type) + '"';
        text_ += "/>";
        return *this;
    }
    Writer& number(std::string_view name, long value) { return parm(name, std::to_string(value), "integer"); }
    Writer& raw(std::string_view text) {
        text_ += text;
        return *this;
    }
    std::string take() { return std::move(text_); }

  private:
    bool data_types_;
    std::string text_;
};

void write_certificates(Writer& out, const Provisioning& what, const Habits& habits) {
    const auto& own = what.device.certificate;
    out.open("CertificateStore");
    if (!what.renewal) {
        out.open("Root").open("System").open(what.root.thumbprint);
        out.parm("EncodedCertificate", to_base64(what.root.der)).close(3);
    }
    if (habits.two_stores && !what.renewal) out.close().open("CertificateStore");
    out.open("My").open(what.device.kind == "Device" ? "System" : "User").open(own.thumbprint);
    out.parm("EncodedCertificate", to_base64(own.der));
    constexpr std::string_view container = "<characteristic type=\"PrivateKeyContainer\"></characteristic>";
    if (habits.key_container_beside) {
        out.close().raw(container).close();
    } else {
        out.raw(container).close(2);
    }
    if (!what.renewal) {
        out.open("WSTEP").open("Renew").parm("ROBOSupport", what.on_behalf ? "true" : "false", "boolean");
        out.number("RenewPeriod", what.renew_period).number("RetryInterval", what.retry_interval).close(2);
    }
    out.close(2);
    if (habits.empty_root) out.open("CertificateStore").open("Root").close(2);
}

void write_account(Writer& out, const Provisioning& what, const Habits& habits) {
    const auto& device = what.device;
    out.open("APPLICATION").parm("APPID", "w7").parm("PROVIDER-ID", device.provider);
    if (what.renewal) {
        out.close();
        return;
    }
    out.parm("NAME", what.server_name).parm("ADDR", what.address).parm("ROLE", "4294967295");
    out.parm("CONNRETRYFREQ", "6").parm("INITIALBACKOFFTIME", "30000").parm("MAXBACKOFFTIME", "120000");
    if (habits.nameless_retry) {
        out.raw("<parm name=\"BACKCOMPATRETRYDISABLED\"/>");
    } else {
        out.parm("BACKCOMPATRETRYDISABLED", "true");
    }
    out.parm("DEFAULTENCODING", "application/vnd.syncml.dm+xml");
    if (habits.search_criteria) {
        const std::string store = device.kind == "Device" ? "System" : "User";
        out.parm("SSLCLIENTCERTSEARCHCRITERIA",
                 "Subject=CN%3D" + device.certificate.common_name + "&Stores=My%5C" + store);
    }
    out.open("APPAUTH").parm("AAUTHLEVEL", "CLIENT").parm("AAUTHTYPE", "DIGEST");
    out.parm("AAUTHNAME", device.secrets.server_name).parm("AAUTHSECRET", device.secrets.server_secret);
    out.parm("AAUTHDATA", habits.nonce_word.value_or(to_base64(device.secrets.server_nonce))).close();
    out.open("APPAUTH").parm("AAUTHLEVEL", "APPSRV").parm("AAUTHTYPE", "DIGEST");
    out.parm("AAUTHNAME", device.secrets.client_name).parm("AAUTHSECRET", device.secrets.client_secret);
    out.parm("AAUTHDATA", what.client_nonce_as_written).close();
    out.close();
}

void write_client(Writer& out, const Provisioning& what) {
    out.open("DMClient").open("Provider").open(what.device.provider);
    if (!what.device.user.empty()) out.parm("UPN", what.device.user, "string");
    if (!what.device.name.empty()) out.parm("EntDeviceName", what.device.name, "string");
    out.parm("EntDMID", what.device.id, "string");
    out.open("Poll").number("NumberOfFirstRetries", what.poll.first_count);
    out.number("IntervalForFirstSetOfRetries", what.poll.first_interval);
    out.number("NumberOfSecondRetries", what.poll.second_count);
    out.number("IntervalForSecondSetOfRetries", what.poll.second_interval);
    out.number("NumberOfRemainingScheduledRetries", what.poll.remaining_count);
    out.number("IntervalForRemainingScheduledRetries", what.poll.remaining_interval);
    out.parm("PollOnLogin", "true", "boolean").close(4);
}

}  // namespace

std::string provisioning_document(const Provisioning& provisioning, const Habits& habits) {
    Writer out(habits.data_types);
    out.raw("<wap-provisioningdoc version=\"1.1\">");
    write_certificates(out, provisioning, habits);
    write_account(out, provisioning, habits);
    if (!provisioning.renewal) write_client(out, provisioning);
    return out.raw("</wap-provisioningdoc>").take();
}

}  // namespace steward::server
