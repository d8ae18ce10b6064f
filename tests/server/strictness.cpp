// The rules of habits.h. They look at the bytes as the servers do that are known for them: literally.
#include <algorithm>
#include <array>

#include "platform/base/text.h"
#include "tests/server/habits.h"

namespace steward::server {
namespace {

// Whether somewhere in the text stands the pattern, in which '*' is one or more characters other than '<'.
bool has_shape(std::string_view text, std::string_view pattern) {
    const auto pieces = split(pattern, '*');
    for (auto at = text.find(pieces[0]); at != text.npos; at = text.find(pieces[0], at + 1)) {
        auto place = at + pieces[0].size();
        bool fits = true;
        for (std::size_t i = 1; fits && i < pieces.size(); ++i) {
            const auto found = text.find(pieces[i], place + 1);
            const auto markup = text.find('<', place);
            fits = found != text.npos && markup >= found;
            place = found + pieces[i].size();
        }
        if (fits) return true;
    }
    return false;
}

bool has(std::string_view text, std::string_view words) {
    return text.find(words) != text.npos;
}

std::string root_tag(std::string_view bytes) {
    const auto begin = bytes.find("<s:Envelope");
    return begin == bytes.npos ? std::string() : std::string(bytes.substr(begin, bytes.find('>', begin) - begin));
}

bool right_prefixes(Step step, std::string_view bytes) {
    const auto root = root_tag(bytes);
    bool right = has(root, "xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"") &&
                 has(root, "xmlns:a=\"http://www.w3.org/2005/08/addressing\"") && has(bytes, "<s:Header>") &&
                 has(bytes, "<s:Body") && has(bytes, "<a:Action s:mustUnderstand=\"1\">");
    if (step != Step::discovery) right = right && has(bytes, "<wsse:Security");
    if (step == Step::enrolment) {
        right = right && has(bytes, "<wst:RequestSecurityToken>") && has(bytes, "<wst:RequestType>") &&
                has(bytes, "<ac:AdditionalContext");
    }
    return right;
}

bool blanks_between(std::string_view bytes) {
    for (auto at = bytes.find('>'); at != bytes.npos; at = bytes.find('>', at + 1)) {
        const auto next = bytes.find_first_not_of(" \t\r\n", at + 1);
        if (next != bytes.npos && next > at + 1 && bytes[next] == '<') return true;
    }
    return false;
}

bool right_token(std::string_view bytes) {
    constexpr std::array<std::string_view, 2> kinds = {
        "http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#PKCS7"};
    return std::any_of(kinds.begin(), kinds.end(), [&](std::string_view kind) {
        return has_shape(bytes, "<wsse:BinarySecurityToken ValueType=\"" + std::string(kind) + "\" EncodingType=\"" +
                                    space::security + "#base64binary\">*</wsse:BinarySecurityToken>");
    });
}

std::string missing_item(const Envelope& read) {
    constexpr std::array<std::string_view, 9> wanted = {"EnrollmentType", "DeviceID",  "HWDevID",
                                                        "OSEdition",      "OSVersion", "DeviceType",
                                                        "DeviceName",     "NotInOobe", "ApplicationVersion"};
    const auto request = token_request_of(read.content);
    if (!request) return "RequestSecurityToken";
    for (const auto name : wanted) {
        if (request->item(name).empty()) return std::string(name);
    }
    return {};
}

bool looks_like_an_address(std::string_view text) {
    const auto at = text.find('@');
    const auto dot = at == text.npos ? at : text.find('.', at);
    return at != text.npos && at > 0 && dot != text.npos && dot > at + 1 && dot + 1 < text.size();
}

std::optional<std::string> breach(Rule rule, Step step, std::string_view bytes, const Envelope& read) {
    const auto request = [&](std::string_view name) { return read.content.text_at({"request", name}); };
    switch (rule) {
        case Rule::prefixes:
            if (right_prefixes(step, bytes)) return std::nullopt;
            return "S1: the prefixes must be s, a, u, wsse, wst and ac, with xmlns:s and xmlns:a on the Envelope.";
        case Rule::no_blanks:
            if (!blanks_between(bytes)) return std::nullopt;
            return "S2: there must be no white space between elements.";
        case Rule::namespaces:
            if (step == Step::enrolment || has(bytes, "<Discover xmlns=\"" + space::discovery) ||
                has(bytes, "<GetPolicies xmlns=\"" + space::policy + "\">")) {
                return std::nullopt;
            }
            return "S3: Discover and GetPolicies must carry their namespace as the default one.";
        case Rule::addressing:
            if (has_shape(bytes, "<a:MessageID>*</a:MessageID>") && has_shape(bytes, "<a:Address>*</a:Address>") &&
                !read.to.empty()) {
                return std::nullopt;
            }
            return "S4: MessageID without attributes, ReplyTo/Address and To must be there and not empty.";
        case Rule::token_order:
            if (step != Step::enrolment || right_token(bytes)) return std::nullopt;
            return "S5: BinarySecurityToken must be <wsse:BinarySecurityToken ValueType=\"…\" "
                   "EncodingType=\"…#base64binary\">.";
        case Rule::context_shape:
            if (step != Step::enrolment ||
                has_shape(bytes, "<ac:ContextItem Name=\"DeviceID\"><ac:Value>*</ac:Value></ac:ContextItem>")) {
                return std::nullopt;
            }
            return "S6: <ac:ContextItem Name=\"DeviceID\"><ac:Value> must stand together.";
        case Rule::context_items:
            if (step != Step::enrolment || missing_item(read).empty()) return std::nullopt;
            return "S7: the context item " + missing_item(read) + " is missing or empty.";
        case Rule::tpm:
            if (step != Step::policy || (has(bytes, "TPMManufacturer") && has(bytes, "TPMFirmwareVersion"))) {
                return std::nullopt;
            }
            return "S8: GetPolicies must carry TPMManufacturer and TPMFirmwareVersion.";
        case Rule::email:
            if (step != Step::discovery || looks_like_an_address(request("EmailAddress"))) return std::nullopt;
            return "S9: EmailAddress must look like x@y.z.";
        case Rule::version: {
            constexpr std::array<std::string_view, 4> known = {"4.0", "5.0", "6.0", "7.0"};
            const auto version = request("RequestVersion");
            if (step != Step::discovery || std::find(known.begin(), known.end(), version) != known.end()) {
                return std::nullopt;
            }
            return "S10: RequestVersion must be 4.0, 5.0, 6.0 or 7.0, not \"" + version + "\".";
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> breach_of(const std::vector<Rule>& rules, Step step, std::string_view bytes,
                                     const Envelope& read) {
    for (const auto rule : rules) {
        if (auto found = breach(rule, step, bytes, read)) return found;
    }
    return std::nullopt;
}

}  // namespace steward::server
