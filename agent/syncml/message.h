// A SyncML message as plain structs: what XML and WBXML both read into and write from.
// Source: OMA DM Representation Protocol 1.2, MS-MDM 2.2. Empty text means "absent" unless a field says otherwise.
// Fields that few commands carry live behind a pointer: a message of 5,000 commands must stay small in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/few.h"

namespace steward::syncml {

// The children of Meta (syncml:metinf). Numbers stay text: the reader checks them, the session uses them.
struct Meta {
    std::string format;
    std::string type;
    struct Rare {
        std::string mark, size, next_nonce, max_msg_size, max_obj_size, version, emi;
        bool operator==(const Rare&) const = default;
    };
    std::unique_ptr<Rare> rare;

    Meta() = default;
    Meta(std::string meta_format, std::string meta_type) : format(std::move(meta_format)), type(std::move(meta_type)) {}
    Meta(const Meta& other) : format(other.format), type(other.type), rare(copy(other.rare)) {}
    Meta(Meta&&) = default;
    Meta& operator=(const Meta& other) { return *this = Meta(other); }
    Meta& operator=(Meta&&) = default;
    bool operator==(const Meta& other) const {
        return format == other.format && type == other.type && get() == other.get();
    }

    const Rare& get() const {  // the rare fields, all empty when there are none
        static const Rare none;
        return rare ? *rare : none;
    }
    Rare& set() {
        if (!rare) rare = std::make_unique<Rare>();
        return *rare;
    }
    bool empty() const { return format.empty() && type.empty() && (!rare || *rare == Rare{}); }

  private:
    static std::unique_ptr<Rare> copy(const std::unique_ptr<Rare>& from) {
        return from ? std::make_unique<Rare>(*from) : nullptr;
    }
};

struct Location {
    std::string uri;   // LocURI, blanks trimmed, otherwise as sent
    std::string name;  // LocName
    bool operator==(const Location&) const = default;
    bool empty() const { return uri.empty() && name.empty(); }
};

struct Item {
    std::string target;  // Target/LocURI
    std::string source;  // Source/LocURI
    Meta meta;
    std::optional<std::string> data;  // engaged and empty: <Data/>. Inline XML stays raw text.
    bool more_data = false;
    bool operator==(const Item&) const = default;
};

struct Credential {  // Cred: Meta with Type and Format, Data
    Meta meta;
    std::string data;
    bool operator==(const Credential&) const = default;
};

enum class Name : std::uint8_t {
    add,
    alert,
    atomic,
    copy,
    erase,
    exec,
    get,
    replace,
    results,
    sequence,
    status,
    put,
    search,
    sync,
    map,
    move,    // legal SyncML, no part of OMA-DM
    unknown  // anything else that stood where a command is expected
};
const char* name_of(Name name);  // "Add", "Delete" …; "" for unknown

struct Command {
    Name name = Name::unknown;
    bool no_resp = false;
    std::string cmd_id;             // opaque; empty: missing
    std::string data;               // Alert: code. Status: code.
    Meta meta;                      // command level; already merged into the items by the reader
    Few<Item> items;                // most commands have one
    std::vector<Command> children;  // Atomic, Sequence

    struct Rare {
        std::string element;  // the name of an unknown element
        std::string correlator;
        std::string msg_ref, cmd_ref, cmd;  // Status, Results
        std::vector<std::string> target_refs, source_refs;
        std::optional<Meta> chal;
        std::optional<Credential> cred;
        std::string original_error;  // msft:originalerror of Status/Data, "0x80070057"
        bool operator==(const Rare&) const = default;
    };
    std::unique_ptr<Rare> rare;

    Command() = default;
    Command(const Command& other);
    Command(Command&&) = default;
    Command& operator=(const Command& other) { return *this = Command(other); }
    Command& operator=(Command&&) = default;
    bool operator==(const Command& other) const;

    const Rare& get() const {
        static const Rare none;
        return rare ? *rare : none;
    }
    Rare& set() {
        if (!rare) rare = std::make_unique<Rare>();
        return *rare;
    }
};

struct Header {  // SyncHdr
    std::string ver_dtd, ver_proto, session_id, msg_id;
    Location target, source;
    std::string resp_uri;
    bool no_resp = false;
    std::optional<Credential> cred;
    Meta meta;
    bool operator==(const Header&) const = default;
};

struct Message {
    Header header;
    std::vector<Command> commands;
    bool final = false;
    bool microsoft = false;  // SyncBody declares xmlns:msft: original errors may be written and read
    bool operator==(const Message&) const = default;
};

}  // namespace steward::syncml
