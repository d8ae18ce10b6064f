#include "tests/server/applicant.h"

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstdlib>

#include "platform/base/bytes.h"
#include "platform/base/digest.h"
#include "tests/server/freed.h"
#include "tests/server/soap.h"

namespace steward::server {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

constexpr char mde_tokens[] = "http://schemas.microsoft.com/5.0.0.0/ConfigurationManager/Enrollment/";

std::string contents(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Bio bio_of(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string envelope(const std::string& action, const std::string& security, const std::string& body) {
    return "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
           "xmlns:a=\"http://www.w3.org/2005/08/addressing\" "
           "xmlns:u=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\" "
           "xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\" "
           "xmlns:wst=\"http://docs.oasis-open.org/ws-sx/ws-trust/200512\" "
           "xmlns:ac=\"http://schemas.xmlsoap.org/ws/2006/12/authorization\"><s:Header><a:Action "
           "s:mustUnderstand=\"1\">" +
           action +
           "</a:Action><a:MessageID>urn:uuid:0d5a1441-5891-453b-becf-a2e5f6ea3749</a:MessageID><a:ReplyTo><a:Address>"
           "http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo><a:To "
           "s:mustUnderstand=\"1\">https://localhost/</a:To>" +
           security + "</s:Header><s:Body>" + body + "</s:Body></s:Envelope>";
}

}  // namespace

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) std::abort();  // the test means something that is not there
    return text.replace(at, from.size(), to);
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto at = text.find(begin);
    const auto last = at == std::string::npos ? at : text.find(end, at + begin.size());
    return last == std::string::npos ? std::string() : text.substr(at + begin.size(), last - at - begin.size());
}

struct Applicant::Impl {
    std::string id;
    Key key;
};

Applicant::Applicant(std::string id, int bits)
    : impl_(std::make_unique<Impl>(Impl{std::move(id), Key(EVP_RSA_gen(static_cast<unsigned>(bits)))})) {}
Applicant::~Applicant() = default;
Applicant::Applicant(Applicant&&) noexcept = default;

std::string Applicant::pkcs10(bool sha1) const {
    const std::unique_ptr<X509_REQ, Freed<X509_REQ_free>> request(X509_REQ_new());
    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>("B1C43CD0-1624-5FBB-8E54-34CF17DFD3A1!x"), -1, -1,
                               0);
    X509_REQ_set_pubkey(request.get(), impl_->key.get());
    X509_REQ_sign(request.get(), impl_->key.get(), sha1 ? EVP_sha1() : EVP_sha256());
    const Bio out(BIO_new(BIO_s_mem()));
    i2d_X509_REQ_bio(out.get(), request.get());
    return contents(out.get());
}

std::string Applicant::discover(const std::string& policy) {
    return envelope(space::discovery + "/IDiscoveryService/Discover", {},
                    "<Discover xmlns=\"" + space::discovery +
                        "\"><request xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><EmailAddress>ann@corp."
                        "example</EmailAddress><RequestVersion>4.0</RequestVersion><DeviceType>CIMClient_Windows</"
                        "DeviceType><ApplicationVersion>10.0.22631.1</ApplicationVersion><OSEdition>48</OSEdition>"
                        "<AuthPolicies><AuthPolicy>" +
                        policy + "</AuthPolicy></AuthPolicies></request></Discover>");
}

std::string Applicant::by_password(const std::string& user, const std::string& password) {
    return "<wsse:Security s:mustUnderstand=\"1\"><wsse:UsernameToken "
           "u:Id=\"uuid-cc1ccc1f-2fba-4bcf-b063-ffc0cac77917-4\"><wsse:Username>" +
           user + "</wsse:Username><wsse:Password wsse:Type=\"#PasswordText\">" + password +
           "</wsse:Password></wsse:UsernameToken></wsse:Security>";
}

std::string Applicant::by_token(const std::string& token) {
    return "<wsse:Security s:mustUnderstand=\"1\"><wsse:BinarySecurityToken ValueType=\"" + std::string(mde_tokens) +
           "DeviceEnrollmentUserToken\" EncodingType=\"" + space::security + "#base64binary\">" + to_base64(token) +
           "</wsse:BinarySecurityToken></wsse:Security>";
}

std::string Applicant::policies(const std::string& security) {
    return envelope(space::policy + "/IPolicy/GetPolicies", security,
                    "<GetPolicies xmlns=\"" + space::policy +
                        "\"><client><lastUpdate xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                        "xsi:nil=\"true\"/><TPMManufacturer>x</TPMManufacturer><TPMFirmwareVersion>1</"
                        "TPMFirmwareVersion></client></GetPolicies>");
}

std::string Applicant::message(const std::string& security, const std::string& type, const std::string& token_type,
                               const std::string& token) const {
    const std::vector<std::pair<std::string, std::string>> items = {
        {"UXInitiated", "true"},      {"HWDevID", std::string(64, 'A')},
        {"Locale", "en-US"},          {"OSEdition", "48"},
        {"DeviceName", "ann-laptop"}, {"MAC", "00-11-22-33-44-55"},
        {"DeviceID", impl_->id},      {"EnrollmentType", "Device"},
        {"OSVersion", "10.0.1.1"},    {"DeviceType", "CIMClient_Windows"},
        {"NotInOobe", "true"},        {"ApplicationVersion", "10.0.1.1"},
    };
    std::string context;
    for (const auto& [name, value] : items) {
        context += "<ac:ContextItem Name=\"" + name + "\"><ac:Value>" + value + "</ac:Value></ac:ContextItem>";
    }
    return envelope(space::enrolment + "/RST/wstep", security,
                    "<wst:RequestSecurityToken><wst:TokenType>" + std::string(mde_tokens) +
                        "DeviceEnrollmentToken</wst:TokenType><wst:RequestType>" + space::trust + '/' + type +
                        "</wst:RequestType><wsse:BinarySecurityToken ValueType=\"" + token_type + "\" EncodingType=\"" +
                        space::security + "#base64binary\">" + token +
                        "</wsse:BinarySecurityToken><ac:AdditionalContext "
                        "xmlns=\"http://schemas.xmlsoap.org/ws/2006/12/authorization\">" +
                        context + "</ac:AdditionalContext></wst:RequestSecurityToken>");
}

std::string Applicant::request(const std::string& security, const std::string& pkcs10) const {
    return message(security, "Issue", space::enrolment + "#PKCS10", to_base64(pkcs10));
}

std::string Applicant::request(const std::string& security) const {
    return request(security, pkcs10());
}

std::string Applicant::signed_request(const Identity& identity) const {
    const auto certificate_bio = bio_of(identity.certificate);
    const Certificate certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
    const Bio der(BIO_new(BIO_s_mem()));
    i2d_X509_bio(der.get(), certificate.get());
    const std::string signature_space = "http://www.w3.org/2000/09/xmldsig#";
    const auto with = [&](const std::string& signature) {
        return request("<wsse:Security s:mustUnderstand=\"1\"><wsse:BinarySecurityToken u:Id=\"x\" ValueType=\"" +
                       std::string(mde_tokens) + "DeviceEnrollmentUserToken\">" + to_base64(contents(der.get())) +
                       "</wsse:BinarySecurityToken>" + signature + "</wsse:Security>");
    };
    // The message above is written canonically except for unused namespaces, so the library makes the form to digest.
    const auto info = [&](const std::string& digest) {
        return "<ds:SignedInfo xmlns:ds=\"" + signature_space +
               "\"><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></"
               "ds:CanonicalizationMethod><ds:SignatureMethod "
               "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod><ds:Reference "
               "URI=\"\"><ds:Transforms><ds:Transform "
               "Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform></ds:Transforms>"
               "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>"
               "<ds:DigestValue>" +
               digest + "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
    };
    const auto signature = [&](const std::string& digest, const std::string& value) {
        return "<ds:Signature xmlns:ds=\"" + signature_space + "\">" + info(digest) + "<ds:SignatureValue>" + value +
               "</ds:SignatureValue></ds:Signature>";
    };
    const auto digest = to_base64(sha256(signed_parts(with(signature({}, {})))->without.front()));
    const auto key_bio = bio_of(identity.key);
    const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
    const auto data = info(digest);
    std::string value(1024, '\0');
    std::size_t size = value.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(value.data()), &size,
                   reinterpret_cast<const unsigned char*>(data.data()), data.size());
    value.resize(size);
    return with(signature(digest, to_base64(value)));
}

std::string Applicant::renewal(const Identity& old, bool twice) const {
    const auto certificate_bio = bio_of(old.certificate);
    const auto key_bio = bio_of(old.key);
    const Certificate certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
    const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
    const auto request = pkcs10();
    const auto content = bio_of(request);
    const std::unique_ptr<CMS_ContentInfo, Freed<CMS_ContentInfo_free>> cms(
        CMS_sign(certificate.get(), key.get(), nullptr, content.get(), CMS_BINARY | CMS_NOSMIMECAP));
    const Bio out(BIO_new(BIO_s_mem()));
    i2d_CMS_bio(out.get(), cms.get());
    const auto once = to_base64(contents(out.get()));
    return message(by_password("", ""), "Renew", space::security + "#PKCS7", twice ? to_base64(once) : once);
}

Identity Applicant::identity(const std::string& certificate_der) const {
    const auto* at = reinterpret_cast<const unsigned char*>(certificate_der.data());
    const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(certificate_der.size())));
    const Bio certificate_text(BIO_new(BIO_s_mem())), key_text(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate_text.get(), certificate.get());
    PEM_write_bio_PrivateKey(key_text.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {contents(certificate_text.get()), contents(key_text.get())};
}

std::string document_in(const std::string& response) {
    const auto token = response.find("DeviceEnrollmentProvisionDoc");
    if (token == std::string::npos) return {};
    return from_base64(between(response.substr(token), "#base64binary\">", "</BinarySecurityToken>")).value_or("");
}

std::string certificate_in(const std::string& document) {
    const auto mine = document.find("<characteristic type=\"My\">");
    if (mine == std::string::npos) return {};
    return from_base64(parm_in(document.substr(mine), "EncodedCertificate")).value_or("");
}

std::string parm_in(const std::string& document, const std::string& name, std::size_t which) {
    const std::string begin = "<parm name=\"" + name + "\" value=\"";
    auto at = document.find(begin);
    for (; which > 0 && at != std::string::npos; --which) at = document.find(begin, at + 1);
    return at == std::string::npos ? std::string() : between(document.substr(at), begin, "\"");
}

}  // namespace steward::server
