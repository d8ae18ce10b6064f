#include "tests/syncml/random_message.h"

namespace steward::syncml {
namespace {

class Maker {
  public:
    Maker(std::uint32_t seed, const Vocabulary& vocabulary) : random_(seed), vocabulary_(vocabulary) {}

    Message message() {
        Message made;
        Header& header = made.header;
        header.ver_dtd = maybe_text();
        header.ver_proto = maybe_text();
        header.session_id = maybe_text();
        header.msg_id = maybe_text();
        header.target = {maybe_text(), maybe_text()};
        header.source = {maybe_text(), maybe_text()};
        header.resp_uri = maybe_text();
        header.no_resp = one_in(4);
        if (one_in(2)) header.cred = Credential{meta(), maybe_text()};
        header.meta = meta();
        made.final = one_in(2);
        made.microsoft = vocabulary_.microsoft && one_in(2);
        for (std::size_t count = below(6); count > 0; --count) made.commands.push_back(command({}, 0));
        return made;
    }

  private:
    std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
    bool one_in(std::size_t count) { return below(count) == 0; }

    // Without blanks at its ends: those of an id, a code or a URI are trimmed.
    std::string text() {
        static const char* const parts[] = {"a",   "Z9", "./Vendor/MSFT", "&",   "<",     ">",    "\"",  "'",
                                            "é",   "€",  "\U0001F600",    "]]>", "&amp;", "<b/>", "%25", "-",
                                            "1201"};
        std::string made = parts[below(std::size(parts))];
        for (std::size_t more = below(4); more > 0; --more) {
            if (one_in(4)) made += " ";
            made += parts[below(std::size(parts))];
        }
        return made;
    }
    std::string maybe_text() { return one_in(3) ? std::string() : text(); }

    std::string data() {
        static const char* const blanks[] = {"", " ", "\n", "\t", "\r\n", "\r"};
        return blanks[below(std::size(blanks))] + maybe_text() + blanks[below(std::size(blanks))];
    }

    Meta meta() {
        Meta made;
        if (one_in(3)) return made;
        made.format = maybe_text();
        made.type = maybe_text();
        if (one_in(3)) {
            made.set() = {maybe_text(), maybe_text(), maybe_text(), maybe_text(),
                          maybe_text(), maybe_text(), maybe_text()};
        }
        return made;
    }

    // What an item says itself, else what the command says, else what is said around it.
    static Meta merged(const Meta& own, const Meta& around) {
        const auto pick = [](const std::string& a, const std::string& b) { return a.empty() ? b : a; };
        Meta made(pick(own.format, around.format), pick(own.type, around.type));
        const Meta::Rare &a = own.get(), &b = around.get();
        made.set() = {pick(a.mark, b.mark),
                      pick(a.size, b.size),
                      pick(a.next_nonce, b.next_nonce),
                      pick(a.max_msg_size, b.max_msg_size),
                      pick(a.max_obj_size, b.max_obj_size),
                      pick(a.version, b.version),
                      pick(a.emi, b.emi)};
        return made;
    }

    Item item(const Meta& around) {
        Item made;
        made.target = maybe_text();
        made.source = maybe_text();
        made.meta = merged(meta(), around);
        if (!one_in(4)) made.data = data();
        made.more_data = one_in(5);
        return made;
    }

    Command command(const Meta& around, int depth) {
        Command made;
        const std::size_t names = static_cast<std::size_t>(vocabulary_.unknown ? Name::unknown : Name::move) + 1;
        made.name = static_cast<Name>(below(names));
        made.no_resp = one_in(5);
        made.cmd_id = maybe_text();
        made.data = maybe_text();
        made.meta = meta();
        if (one_in(2)) rare(made);
        if (made.name == Name::unknown) made.set().element = "Unknown-é";
        const Meta inherited = merged(made.meta, around);
        for (std::size_t count = below(3); count > 0; --count) made.items.push_back(item(inherited));
        if ((made.name == Name::atomic || made.name == Name::sequence) && depth < 3) {
            for (std::size_t count = below(4); count > 0; --count)
                made.children.push_back(command(inherited, depth + 1));
        }
        return made;
    }

    void rare(Command& made) {
        Command::Rare& fields = made.set();
        fields.correlator = maybe_text();
        fields.msg_ref = maybe_text();
        fields.cmd_ref = maybe_text();
        fields.cmd = maybe_text();
        for (std::size_t count = below(3); count > 0; --count) fields.target_refs.push_back(maybe_text());
        for (std::size_t count = below(3); count > 0; --count) fields.source_refs.push_back(maybe_text());
        if (one_in(3)) fields.chal = meta();
        if (one_in(4)) fields.cred = Credential{meta(), maybe_text()};
        if (vocabulary_.microsoft && one_in(4)) fields.original_error = "0x8007" + text();
    }

    std::mt19937 random_;
    Vocabulary vocabulary_;
};

}  // namespace

Message random_message(std::uint32_t seed, const Vocabulary& vocabulary) {
    Message message = Maker(seed, vocabulary).message();
    if (!message.microsoft) {
        // Without the namespace nothing of it is written.
        struct {
            void operator()(std::vector<Command>& commands) const {
                for (Command& command : commands) {
                    if (command.rare) command.rare->original_error.clear();
                    (*this)(command.children);
                }
            }
        } clear;
        clear(message.commands);
    }
    return message;
}

}  // namespace steward::syncml
