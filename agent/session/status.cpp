#include "agent/session/status.h"

#include <array>
#include <optional>

#include "platform/base/text.h"

namespace steward::session {
namespace {

struct Row {
    Fault fault;
    Status status;
    std::string_view hresult;
};

// clang-format off
constexpr std::array rows = {
    Row{Fault::malformed,    Status::malformed,    "0x80070057"},  // E_INVALIDARG
    Row{Fault::incomplete,   Status::incomplete,   "0x80070057"},  // E_INVALIDARG
    Row{Fault::invalid,      Status::failed,       "0x80070057"},  // E_INVALIDARG: a value that its node refuses is 500
    Row{Fault::format,       Status::bad_format,   "0x8007070C"},  // ERROR_INVALID_DATATYPE
    Row{Fault::refused,      Status::not_allowed,  "0x80070001"},  // ERROR_INVALID_FUNCTION
    Row{Fault::denied,       Status::denied,       "0x80070005"},  // E_ACCESSDENIED
    Row{Fault::not_found,    Status::not_found,    "0x80070002"},  // ERROR_FILE_NOT_FOUND
    Row{Fault::exists,       Status::exists,       "0x800700B7"},  // ERROR_ALREADY_EXISTS
    Row{Fault::unsupported,  Status::unsupported,  "0x80070032"},  // ERROR_NOT_SUPPORTED
    Row{Fault::busy,         Status::forbidden,    "0x800700AA"},  // ERROR_BUSY
    Row{Fault::too_large,    Status::too_large,    "0x800700DF"},  // ERROR_FILE_TOO_LARGE
    Row{Fault::uri_too_long, Status::uri_too_long, "0x800700CE"},  // ERROR_FILENAME_EXCED_RANGE
    Row{Fault::full,         Status::device_full,  "0x80070070"},  // ERROR_DISK_FULL
    Row{Fault::timeout,      Status::failed,       "0x800705B4"},  // ERROR_TIMEOUT
    Row{Fault::interrupted,  Status::failed,       "0x800704C7"},  // ERROR_CANCELLED
    Row{Fault::io,           Status::failed,       "0x8007001F"},  // ERROR_GEN_FAILURE
    Row{Fault::store,        Status::store_failed, "0x800710D9"},  // ERROR_DATABASE_FAILURE
    Row{Fault::bug,          Status::failed,       "0x8000FFFF"},  // E_UNEXPECTED
};
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (static_cast<std::size_t>(rows[i].fault) != i) return false;
    }
    return rows.back().fault == Fault::bug;  // the last Fault: every one has its row
}
static_assert(in_order());

const Row& row_of(Fault fault) {
    return rows[static_cast<std::size_t>(fault)];
}

}  // namespace

std::string text_of(Status status) {
    return std::to_string(static_cast<unsigned>(status));
}

Status status_from(std::string_view text) {
    const auto number = to_integer(text);
    return number && *number >= 100 && *number <= 999 ? static_cast<Status>(*number) : Status::none;
}

bool succeeded(Status status) {
    const auto number = static_cast<unsigned>(status);
    return number >= 200 && number < 300 && (status < Status::chunk_stored || status > Status::rolled_back);
}

Status status_of(Fault fault) {
    return row_of(fault).status;
}

std::string_view original_error_of(Fault fault) {
    return row_of(fault).hresult;
}

}  // namespace steward::session
