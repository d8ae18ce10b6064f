#include "agent/syncml/elements.h"

#include <array>

namespace steward::syncml {
namespace {

constexpr unsigned first_token = 5;

constexpr std::string_view syncml_names[] = {"Add",
                                             "Alert",
                                             "Archive",
                                             "Atomic",
                                             "Chal",
                                             "Cmd",
                                             "CmdID",
                                             "CmdRef",
                                             "Copy",
                                             "Cred",
                                             "Data",
                                             "Delete",
                                             "Exec",
                                             "Final",
                                             "Get",
                                             "Item",
                                             "Lang",
                                             "LocName",
                                             "LocURI",
                                             "Map",
                                             "MapItem",
                                             "Meta",
                                             "MsgID",
                                             "MsgRef",
                                             "NoResp",
                                             "NoResults",
                                             "Put",
                                             "Replace",
                                             "RespURI",
                                             "Results",
                                             "Search",
                                             "Sequence",
                                             "SessionID",
                                             "SftDel",
                                             "Source",
                                             "SourceRef",
                                             "Status",
                                             "Sync",
                                             "SyncBody",
                                             "SyncHdr",
                                             "SyncML",
                                             "Target",
                                             "TargetRef",
                                             "",
                                             "VerDTD",
                                             "VerProto",
                                             "NumberOfChanges",
                                             "MoreData",
                                             "Field",
                                             "Filter",
                                             "Record",
                                             "FilterType",
                                             "SourceParent",
                                             "TargetParent",
                                             "Move",
                                             "Correlator"};

constexpr std::string_view metinf_names[] = {
    "Anchor", "EMI",  "Format",    "FreeID",    "FreeMem", "Last", "Mark",    "MaxMsgSize", "Mem",
    "MetInf", "Next", "NextNonce", "SharedMem", "Size",    "Type", "Version", "MaxObjSize", "FieldLevel"};

constexpr std::string_view ddf_names[] = {
    "AccessType", "ACL",          "Add",          "b64",        "bin",     "bool",         "chr",     "CaseSense",
    "CIS",        "Copy",         "CS",           "date",       "DDFName", "DefaultValue", "Delete",  "Description",
    "DFFormat",   "DFProperties", "DFTitle",      "DFType",     "Dynamic", "Exec",         "float",   "Format",
    "Get",        "int",          "Man",          "MgmtTree",   "MIME",    "Mod",          "Name",    "Node",
    "node",       "NodeName",     "null",         "Occurrence", "One",     "OneOrMore",    "OneOrN",  "Path",
    "Permanent",  "Replace",      "RTProperties", "Scope",      "Size",    "time",         "Title",   "TStamp",
    "Type",       "Value",        "VerDTD",       "VerNo",      "xml",     "ZeroOrMore",   "ZeroOrN", "ZeroOrOne"};

constexpr auto table = [] {
    std::array<std::string_view, pages * 64> all{};
    unsigned tag = first_token;
    for (const std::string_view name : syncml_names) all[tag++] = name;
    tag = 64 + first_token;
    for (const std::string_view name : metinf_names) all[tag++] = name;
    tag = 128 + first_token;
    for (const std::string_view name : ddf_names) all[tag++] = name;
    return all;
}();

static_assert(table[static_cast<unsigned>(Tag::correlator)] == "Correlator");
static_assert(table[static_cast<unsigned>(Tag::ver_dtd)] == "VerDTD");
static_assert(table[static_cast<unsigned>(Tag::field_level)] == "FieldLevel");
static_assert(table[128 + 0x3C] == "ZeroOrOne");

constexpr struct {
    Tag tag;
    Name name;
} commands[] = {{Tag::add, Name::add},           {Tag::alert, Name::alert},     {Tag::atomic, Name::atomic},
                {Tag::copy, Name::copy},         {Tag::erase, Name::erase},     {Tag::exec, Name::exec},
                {Tag::get, Name::get},           {Tag::replace, Name::replace}, {Tag::results, Name::results},
                {Tag::sequence, Name::sequence}, {Tag::status, Name::status},   {Tag::put, Name::put},
                {Tag::search, Name::search},     {Tag::sync, Name::sync},       {Tag::map, Name::map},
                {Tag::move, Name::move}};

constexpr auto command_table = [] {
    std::array<Name, 256> all{};
    for (Name& name : all) name = Name::unknown;
    for (const auto& command : commands) all[static_cast<unsigned>(command.tag)] = command.name;
    return all;
}();

constexpr auto tag_table = [] {
    std::array<Tag, static_cast<unsigned>(Name::unknown) + 1> all{};
    for (const auto& command : commands) all[static_cast<unsigned>(command.name)] = command.tag;
    return all;
}();

}  // namespace

std::string_view name_of(Tag tag) {
    return table[static_cast<unsigned>(tag)];
}

Tag tag_named(std::string_view name) {
    for (unsigned tag = first_token; tag < 128; ++tag) {
        if (table[tag] == name && !name.empty()) return static_cast<Tag>(tag);
    }
    return Tag::none;
}

std::string_view namespace_of(unsigned page) {
    constexpr std::string_view names[pages] = {"SYNCML:SYNCML1.2", "syncml:metinf", "syncml:dmddf1.2"};
    return page < pages ? names[page] : std::string_view();
}

Name command_of(Tag tag) {
    return command_table[static_cast<unsigned>(tag)];
}

Tag tag_of(Name name) {
    return tag_table[static_cast<unsigned>(name)];
}

}  // namespace steward::syncml
