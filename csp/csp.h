// The language in which a CSP is declared. From a declaration come formats, access, validation, conflict rule, DDF,
// TNDS, documents, completion, undo and drift: a CSP is one small file and nothing else.
//
//   Csp device_lock(platform::Host& host) {
//       return policy_area("DeviceLock", "How people unlock this device.")
//           .record(host.passwords, {
//               field("MinDevicePasswordLength", &PasswordRules::min_length, "Fewest characters.")
//                   .between(4, 16).otherwise(4).most_secure(Merge::highest),
//           });
//   }
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "csp/node.h"
#include "platform/shapes.h"

namespace steward::csp {

// What can be said of any leaf. Each word returns the leaf, so that a declaration reads as a sentence.
template <class Self>
struct Described {
    std::string path;  // below the CSP's root: "MinLength", "AppAddr/1/Addr", "Provider/{ProviderID}/UPN"
    Node node;

    Self between(std::int64_t min, std::int64_t max) && {
        node.allowed.kind = Allowed::Kind::range;
        node.allowed.min = min;
        node.allowed.max = max;
        return self();
    }
    Self one_of(std::initializer_list<Choice> choices) && {
        node.allowed.kind = Allowed::Kind::one_of;
        node.allowed.choices = choices;
        return self();
    }
    Self flags(std::initializer_list<Choice> bits) && {
        node.allowed.kind = Allowed::Kind::flags;
        node.allowed.choices = bits;
        return self();
    }
    // A check of csp/syntax.h: what it expects in words, the check, and its regular expression for the DDF.
    Self checked(std::string expected, Outcome (*check)(std::string_view), std::string pattern = {}) && {
        node.allowed.kind = Allowed::Kind::check;
        node.allowed.name = std::move(expected);
        node.allowed.pattern = std::move(pattern);
        node.allowed.check = check;
        return self();
    }
    Self listed_by(std::string delimiter) && {
        node.allowed.delimiter = std::move(delimiter);
        return self();
    }
    Self otherwise(std::string value) && {
        node.otherwise = std::move(value);
        return self();
    }
    Self otherwise(int value) && {
        node.otherwise = to_text(value);
        return self();
    }
    Self most_secure(Merge merge) && {
        node.merge = merge;
        return self();
    }
    Self access(AccessSet access) && {
        node.access = access;
        node.occurrence = (access & can_add) != 0 ? Occurrence::zero_or_one : Occurrence::one;
        return self();
    }
    Self format(Format format) && {
        node.format = format;
        return self();
    }
    Self secret() && {
        node.secret = true;
        return self();
    }
    // Parts of the value are secret, and the device's answer leaves them out.
    Self secret_in_part() && {
        node.secret = node.readable = true;
        return self();
    }
    Self strict() && {
        node.strict_replace = true;
        return self();
    }
    Self reads_as(std::function<std::string(std::string)> meaning) && {
        node.reads_as = std::move(meaning);
        return self();
    }

  protected:
    Self self() { return std::move(static_cast<Self&>(*this)); }
};

// A leaf with something other than a struct member behind it.
struct Leaf : Described<Leaf> {};

Leaf kept(std::string path, Format format, std::string about);  // Add, Delete, Get, Replace unless .access says else
Leaf value(std::string path, Format format, std::string about, std::function<Result<std::string>(const Keys&)> read);
Leaf action(std::string path, std::string about,
            std::function<Result<Done>(const Keys&, std::string_view argument)> run);  // Exec; Format null
Leaf interior(std::string path, std::string about, AccessSet access = can_get);        // .own() by Csp::own

// A leaf that is a member of the struct T of a Record or Table.
template <class T>
struct Field : Described<Field<T>> {
    std::function<std::optional<std::string>(const T&)> get;
    std::function<Outcome(T&, const std::optional<std::string>&)> set;

    // For a bool member that a CSP spells as a number: .spelled("1", "0").
    Field spelled(std::string yes, std::string no) && {
        this->node.format = Format::integer;
        get = [inner = std::move(get), yes, no](const T& record) -> std::optional<std::string> {
            const auto text = inner(record);
            if (!text) return std::nullopt;
            return *text == "true" ? yes : no;
        };
        set = [inner = std::move(set), yes](T& record, const std::optional<std::string>& text) {
            if (!text) return inner(record, text);
            return inner(record, to_text(*text == yes));
        };
        return this->self();
    }
};

// A member with a text of its own: text(value) writes it, read(text) gives a Result.
template <class T, class M, class Text, class Read>
Field<T> field(std::string path, std::optional<M> T::*member, std::string about, Text text, Read read) {
    Field<T> made;
    made.path = std::move(path);
    made.node.about = std::move(about);
    made.node.format = format_of<M>();
    made.node.access = setting_access;
    made.node.occurrence = Occurrence::zero_or_one;
    made.get = [member, text](const T& record) -> std::optional<std::string> {
        if (!(record.*member)) return std::nullopt;
        return text(*(record.*member));
    };
    made.set = [member, read](T& record, const std::optional<std::string>& given) -> Outcome {
        if (!given) {
            (record.*member).reset();
            return {};
        }
        auto value = read(*given);
        if (!value) return std::move(value).error();
        record.*member = std::move(*value);
        return {};
    };
    return made;
}

template <class T, class M>
Field<T> field(std::string path, std::optional<M> T::*member, std::string about) {
    return field(
        std::move(path), member, std::move(about), [](const M& value) { return to_text(value); },
        [](std::string_view text) { return parse(text, static_cast<M*>(nullptr)); });
}

template <class T>
struct Erased final : State {
    platform::Record<T>* record = nullptr;  // one of the two
    platform::Table<T>* table = nullptr;
    std::vector<Field<T>> fields;

    bool keyed() const override { return table != nullptr; }
    Result<std::vector<std::string>> names() override {
        if (table != nullptr) return table->names();
        return std::vector<std::string>{std::string()};
    }
    Result<Values> read(const std::string& key) override {
        auto read = table != nullptr ? table->read(key) : record->read();
        if (!read) return read.error();
        return values_of(*read);
    }
    std::optional<Result<std::map<std::string, Values>>> all_at_once() override {
        auto rows = table != nullptr ? table->all_at_once() : std::nullopt;
        if (!rows) return std::nullopt;
        if (!*rows) return rows->error();
        std::map<std::string, Values> all;
        for (const auto& [key, row] : **rows) all.emplace(key, values_of(row));
        return all;
    }
    Outcome write(const std::string& key, const Values& managed) override {
        T wanted{};
        bool any = false;
        for (std::size_t i = 0; i < managed.size(); ++i) {  // those after the last setting are reports
            any = any || managed[i].has_value();
            if (auto set = fields[i].set(wanted, managed[i]); !set) return set;
        }
        if (table == nullptr) return record->write(wanted);
        return any ? table->write(key, wanted) : table->erase(key);
    }

  private:
    Values values_of(const T& read) const {
        Values values;
        values.reserve(fields.size());
        for (const auto& field : fields) values.push_back(field.get(read));
        return values;
    }
};

class Csp {
  public:
    Csp(std::string root, std::string about);

    const std::string& root() const { return root_; }  // canonical URI
    const Node& node() const& { return node_; }
    Node node() && { return std::move(node_); }

    // Settings of one Record: written together, read back together.
    template <class T>
    Csp&& record(platform::Record<T>& record, std::initializer_list<Field<T>> fields) && {
        return bind<T>(&record, nullptr, "", fields, true);
    }
    // Settings of each row of a Table; prefix ends in the dynamic segment: "Profile/{SSID}".
    template <class T>
    Csp&& table(platform::Table<T>& table, std::string prefix, std::initializer_list<Field<T>> fields) && {
        return bind<T>(nullptr, &table, std::move(prefix), fields, true);
    }
    // Rows of a Table which are settings by being there; their fields are what the device says of them.
    template <class T>
    Csp&& presence(platform::Table<T>& table, std::string prefix, std::string about,
                   std::initializer_list<Field<T>> fields) && {
        Field<T> itself;
        itself.get = [](const T&) { return std::optional<std::string>(""); };
        itself.set = [](T&, const std::optional<std::string>&) { return Outcome(); };
        std::vector<Field<T>> all{std::move(itself)};
        all.insert(all.end(), fields.begin(), fields.end());
        auto state = std::make_shared<Erased<T>>();
        state->table = &table;
        state->fields = std::move(all);
        Node& row = place(prefix);
        row.about = std::move(about);
        row.access = can_add | can_delete | can_get;
        row.occurrence = Occurrence::zero_or_more;
        row.binding = Interior{state, 0};
        for (std::size_t i = 1; i < state->fields.size(); ++i) put_report(prefix + '/', state, i);
        return std::move(*this);
    }
    // What the device says of itself: Get only.
    template <class T>
    Csp&& report(platform::Record<T>& record, std::initializer_list<Field<T>> fields) && {
        return bind<T>(&record, nullptr, "", fields, false);
    }
    template <class T>
    Csp&& inventory(platform::Table<T>& table, std::string prefix, std::initializer_list<Field<T>> fields) && {
        return bind<T>(nullptr, &table, std::move(prefix), fields, false);
    }
    // Kept values, live values, actions and described interior nodes.
    Csp&& nodes(const std::vector<Leaf>& leaves) &&;
    // The instances of this dynamic node belong to the authorities that have rows in them.
    Csp&& own(std::string_view path) &&;

  private:
    friend std::optional<Csp> result_side(const Csp& area);

    template <class T>
    Csp&& bind(platform::Record<T>* record, platform::Table<T>* table, std::string prefix,
               std::initializer_list<Field<T>> fields, bool managed) {
        auto state = std::make_shared<Erased<T>>();
        state->record = record;
        state->table = table;
        state->fields = fields;
        if (!prefix.empty()) {
            Node& row = place(prefix);
            row.access = managed ? can_add | can_delete | can_get : can_get;
            row.occurrence = Occurrence::zero_or_more;
            row.binding = Interior{state};
            prefix += '/';
        }
        for (std::size_t i = 0; i < state->fields.size(); ++i) {
            if (managed) {
                Node leaf = std::move(state->fields[i].node);
                leaf.binding = OfState{state, i, true};
                put(prefix + state->fields[i].path, std::move(leaf));
            } else {
                put_report(prefix, state, i);
            }
        }
        return std::move(*this);
    }
    template <class T>
    void put_report(const std::string& prefix, const std::shared_ptr<Erased<T>>& state, std::size_t index) {
        Node leaf = std::move(state->fields[index].node);
        leaf.access = can_get;
        leaf.occurrence = Occurrence::one;
        leaf.binding = OfState{state, index, false};
        put(prefix + state->fields[index].path, std::move(leaf));
    }
    Node& place(std::string_view path);  // the node at path below the root, made as interior where missing
    void put(std::string_view path, Node leaf);

    std::string root_;
    Node node_;
};

// A Policy area: its settings stand below Policy/Config/{area}; Policy/Result/{area} says what is effective.
Csp policy_area(std::string area, std::string about);

// For a Policy area, the Result side of its declaration; nothing for other CSPs.
std::optional<Csp> result_side(const Csp& area);

}  // namespace steward::csp
