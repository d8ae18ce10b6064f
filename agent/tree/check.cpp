#include "agent/tree/check.h"

#include "platform/base/text.h"

namespace steward::tree {
namespace {

using csp::Format;

// May a value sent as `given` be taken for a node that is `declared`? Text carries numbers, truth values and XML;
// b64 is how bin travels in XML.
bool convertible(Format given, Format declared) {
    if (given == declared || given == Format::chr) return true;
    switch (declared) {
        case Format::bin:
            return given == Format::b64;
        case Format::b64:
            return given == Format::bin;
        case Format::chr:
            return given == Format::xml || given == Format::integer || given == Format::boolean;
        case Format::xml:
            return false;
        case Format::boolean:
            return given == Format::integer;
        case Format::time:
            return given == Format::date;
        case Format::date:
            return given == Format::time;
        default:
            return false;
    }
}

}  // namespace

Result<std::string> check_value(const Place& place, const Operation& operation) {
    const csp::Node& node = place.entry->node;
    const auto given = operation.format.empty() ? Format::chr : csp::format_named(trim(operation.format));
    if (!given) {
        return Error{Fault::format,
                     "\"" + operation.format + "\" is no SyncML format; " + place.uri + " takes " +
                         std::string(csp::name_of(node.format)) + ".",
                     operation.format};
    }
    if (!convertible(*given, node.format)) {
        return Error{Fault::format,
                     place.uri + " takes " + std::string(csp::name_of(node.format)) + ", not " +
                         std::string(csp::name_of(*given)) + ".",
                     operation.format};
    }
    if (!operation.data && node.format != Format::null) {
        return Error{Fault::incomplete, "The command for " + place.uri + " carries no Data.", {}};
    }
    auto value = csp::canonical(node.format, node.allowed, operation.data.value_or(std::string()));
    if (!value) {
        Error error = value.error();
        error.what = place.uri + ": " + (node.conceals_device() ? "the value is not acceptable." : error.what);
        if (node.secret) error.evidence.clear();
        return error;
    }
    return value;
}

}  // namespace steward::tree
