#include "agent/syncml/message.h"

namespace steward::syncml {

const char* name_of(Name name) {
    switch (name) {
        case Name::add:
            return "Add";
        case Name::alert:
            return "Alert";
        case Name::atomic:
            return "Atomic";
        case Name::copy:
            return "Copy";
        case Name::erase:
            return "Delete";
        case Name::exec:
            return "Exec";
        case Name::get:
            return "Get";
        case Name::replace:
            return "Replace";
        case Name::results:
            return "Results";
        case Name::sequence:
            return "Sequence";
        case Name::status:
            return "Status";
        case Name::put:
            return "Put";
        case Name::search:
            return "Search";
        case Name::sync:
            return "Sync";
        case Name::map:
            return "Map";
        case Name::move:
            return "Move";
        case Name::unknown:
            break;
    }
    return "";
}

Command::Command(const Command& other)
    : name(other.name),
      no_resp(other.no_resp),
      cmd_id(other.cmd_id),
      data(other.data),
      meta(other.meta),
      items(other.items),
      children(other.children),
      rare(other.rare ? std::make_unique<Rare>(*other.rare) : nullptr) {}

bool Command::operator==(const Command& other) const {
    return name == other.name && no_resp == other.no_resp && cmd_id == other.cmd_id && data == other.data &&
           meta == other.meta && items == other.items && children == other.children && get() == other.get();
}

}  // namespace steward::syncml
