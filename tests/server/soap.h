// SOAP 1.2 messages of MS-MDE2: what an enrolment client sends, read into plain structs, and the answers. Source:
// MS-MDE2 2.2 and 3.1 to 3.5, protocol sheet 10.2 to 10.9.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "tests/server/xml.h"

namespace steward::server {

namespace space {
inline const std::string discovery = "http://schemas.microsoft.com/windows/management/2012/01/enrollment";
inline const std::string policy = "http://schemas.microsoft.com/windows/pki/2009/01/enrollmentpolicy";
inline const std::string enrolment = "http://schemas.microsoft.com/windows/pki/2009/01/enrollment";
inline const std::string security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
inline const std::string trust = "http://docs.oasis-open.org/ws-sx/ws-trust/200512";
}  // namespace space

struct Token {  // BinarySecurityToken
    std::string value_type, encoding_type, value;
};

struct Envelope {
    std::string action, message_id, to;
    std::optional<std::string> user_name;
    std::string password;
    std::optional<Token> token;  // of the Security header
    bool is_signed = false;
    std::string digest, signature;  // of ds:Signature, base64
    Element content;                // the first element inside Body
};
Result<Envelope> read_envelope(std::string_view bytes);

// The request in a RequestSecurityToken.
struct TokenRequest {
    std::string token_type, request_type;
    Token token;
    std::vector<std::pair<std::string, std::string>> context;  // ContextItems, in their order
    std::string item(std::string_view name) const;             // the first of that name, in any case; empty: none
};
Result<TokenRequest> token_request_of(const Element& content);

// How an answer is written.
struct Dress {
    bool soap_1_1 = false;           // the token response, the only one that was ever seen in it
    bool stale = false;              // the Security Timestamp lies years back (A15)
    bool lower_case_faults = false;  // s:fault, s:code, s:value (A13)
    bool folded = false;             // base64 in lines of 64 characters
};

struct Said {
    std::string action, relates_to, content;  // content: XML inside Body
    bool timestamp = false;                   // a Security header with a Timestamp
};
std::string envelope(const Said& said, const Dress& dress, Instant now);

// Text of a token response around the base64 of a provisioning document.
std::string token_response(std::string_view document, const Dress& dress);

struct SoapFault {
    std::string code = "s:Receiver", subcode, reason;
    std::string error_type, message, trace_id;  // error_type empty: no detail
};
std::string fault_envelope(const SoapFault& fault, const std::string& relates_to, const Dress& dress, Instant now);

}  // namespace steward::server
