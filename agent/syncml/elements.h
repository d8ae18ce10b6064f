// The elements of SyncML, MetInf and DDF. A Tag is the element's WBXML position, code page * 64 + token, so that one
// table serves both encodings. Source: protocol sheet appendix B.3, B.4, B.6.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/syncml/message.h"

namespace steward::syncml {

enum class Tag : std::uint8_t {
    none = 0,  // an element that the tables do not have
    // SyncML, page 0
    add = 0x05,
    alert,
    archive,
    atomic,
    chal,
    cmd,
    cmd_id,
    cmd_ref,
    copy,
    cred,
    data,
    erase,
    exec,
    final,
    get,
    item,
    lang,
    loc_name,
    loc_uri,
    map,
    map_item,
    meta,
    msg_id,
    msg_ref,
    no_resp,
    no_results,
    put,
    replace,
    resp_uri,
    results,
    search,
    sequence,
    session_id,
    sft_del,
    source,
    source_ref,
    status,
    sync,
    sync_body,
    sync_hdr,
    syncml,
    target,
    target_ref,
    ver_dtd = 0x31,
    ver_proto,
    number_of_changes,
    more_data,
    field,
    filter,
    record,
    filter_type,
    source_parent,
    target_parent,
    move,
    correlator,
    // MetInf, page 1
    anchor = 0x45,
    emi,
    format,
    free_id,
    free_mem,
    last,
    mark,
    max_msg_size,
    mem,
    met_inf,
    next,
    next_nonce,
    shared_mem,
    size,
    type,
    version,
    max_obj_size,
    field_level
};

inline constexpr unsigned pages = 3;

constexpr unsigned page_of(Tag tag) {
    return static_cast<unsigned>(tag) >> 6;
}
constexpr unsigned char token_of(Tag tag) {
    return static_cast<unsigned char>(static_cast<unsigned>(tag) & 0x3F);
}
constexpr Tag tag_at(unsigned page, unsigned token) {
    return static_cast<Tag>(page << 6 | token);
}

std::string_view name_of(Tag tag);     // "" where the table has a hole
Tag tag_named(std::string_view name);  // of SyncML or MetInf, exact case; none for any other name
std::string_view namespace_of(unsigned page);

Name command_of(Tag tag);  // Name::unknown for a tag that is no command
Tag tag_of(Name name);     // Tag::none for Name::unknown

}  // namespace steward::syncml
