#include "agent/tree/tree.h"

#include <set>

#include "agent/tree/merge.h"

namespace steward::tree {
namespace {

bool writes(Verb verb) {
    return verb != Verb::get && verb != Verb::exec;
}

// Add followed by Replace of one node in one Atomic has no defined meaning on Windows and is refused there.
const Operation* added_and_replaced(std::span<const Operation> operations) {
    std::set<std::string_view> added;
    for (const auto& operation : operations) {
        if (operation.verb == Verb::add) added.insert(operation.uri);
        if (operation.verb == Verb::replace && added.contains(operation.uri)) return &operation;
    }
    return nullptr;
}

// What is declared here, as it is spelled here.
Owners known(const Mount& mount, const Owners& owners) {
    Owners known;
    for (const auto& [uri, owner] : owners) {
        if (auto place = mount.find(uri)) known.emplace(std::move(place->uri), owner);
    }
    return known;
}

}  // namespace

Tree::Tree(std::vector<csp::Csp> csps, store::Policies& policies, store::Actions& actions, const Owners& owners)
    : mount_(std::move(csps)),
      policies_(policies),
      actions_(actions),
      access_(policies),
      converge_(mount_, policies, known(mount_, owners)),
      reader_(mount_, policies, access_, converge_),
      change_(mount_, policies, access_, reader_) {}

Outcome Tree::settle(Units& dirty) {
    if (dirty.empty()) return {};
    auto settled = converge_.apply(dirty.list());
    if (settled) dirty.clear();
    return settled;
}

// Back to the rows of this mark, and the device back to those rows.
void Tree::undo(store::Policies::Mark mark, const Units& touched, std::vector<Error>& failures) {
    policies_.rollback(mark);
    for (const auto& unit : touched.list()) {
        if (!converge_.permitted(unit)) continue;  // nor was it written
        if (auto back = converge_.apply({unit}); !back) failures.push_back(back.error());
    }
}

std::vector<Answer> Tree::run(const Context& context, std::span<const Operation> operations) {
    converge_.invalidate();
    std::vector<Answer> answers(operations.size());
    Units dirty;
    std::size_t begin = 0;  // the batch whose rows are not yet on the device begins here
    auto mark = policies_.mark();
    const auto flush = [&](std::size_t end) {
        const Units touched = dirty;
        if (!settle(dirty)) {
            // Some command of the batch is to blame: take all of it back and find out which.
            std::vector<Error> ignored;
            undo(mark, touched, ignored);
            dirty.clear();
            const auto batch = operations.subspan(begin, end - begin);
            std::vector<Answer> first(std::make_move_iterator(answers.begin() + static_cast<std::ptrdiff_t>(begin)),
                                      std::make_move_iterator(answers.begin() + static_cast<std::ptrdiff_t>(end)));
            auto retried = one_by_one(context, batch, std::move(first));
            std::move(retried.begin(), retried.end(), answers.begin() + static_cast<std::ptrdiff_t>(begin));
        }
        begin = end;
        mark = policies_.mark();
    };
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation& operation = operations[i];
        if (!writes(operation.verb) && !dirty.empty()) flush(i);
        if (operation.verb == Verb::get) {
            reader_.get(context, operation, answers[i]);
        } else if (operation.verb == Verb::exec) {
            answers[i] = exec(context, operation);
            begin = i + 1;
            mark = policies_.mark();
        } else if (auto changed = change_.run(context, operation, dirty); !changed) {
            answers[i] = Answer::failure(std::move(changed).error());
        }
    }
    if (!dirty.empty()) flush(operations.size());
    if (auto committed = policies_.commit(); !committed) {
        // The rows are gone again; the device must follow, and nobody may be told that it worked.
        (void)sweep();
        for (std::size_t i = 0; i < operations.size(); ++i) {
            if (writes(operations[i].verb) && answers[i].state == Answer::State::done) {
                answers[i] = Answer::failure(committed.error());
            }
        }
    }
    return answers;
}

std::vector<Answer> Tree::one_by_one(const Context& context, std::span<const Operation> operations,
                                     std::vector<Answer> answers) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (!writes(operations[i].verb) || answers[i].state != Answer::State::done) continue;
        const auto mark = policies_.mark();
        Units dirty;
        auto changed = change_.run(context, operations[i], dirty);
        if (changed) changed = converge_.apply(dirty.list());
        if (changed) continue;
        std::vector<Error> failures;
        undo(mark, dirty, failures);
        answers[i] = Answer::failure(std::move(changed).error());
        for (const auto& failure : failures) {
            answers[i].error.evidence += " (and the value from before could not be brought back: " + failure.what + ")";
        }
    }
    return answers;
}

std::vector<Answer> Tree::run_atomic(const Context& context, std::span<const Operation> operations) {
    converge_.invalidate();
    std::vector<Answer> answers(operations.size());
    const auto mark = policies_.mark();
    Units touched;
    std::size_t bad = operations.size();  // the command that failed
    Error why;

    // A command that is not valid is found before anything is applied.
    const auto stage = [&](bool apply_each) {
        for (std::size_t i = 0; i < operations.size() && bad == operations.size(); ++i) {
            if (!writes(operations[i].verb)) continue;
            Units dirty;
            auto changed = change_.run(context, operations[i], dirty);
            for (const auto& unit : dirty.list()) touched.add(unit);
            if (changed && apply_each) changed = converge_.apply(dirty.list());
            if (!changed) {
                bad = i;
                why = std::move(changed).error();
            }
        }
    };
    if (const auto* twice = added_and_replaced(operations)) {
        bad = static_cast<std::size_t>(twice - operations.data());
        why = {Fault::refused, "Add and Replace of " + twice->uri + " cannot stand in one Atomic.", {}};
    } else {
        stage(false);
    }
    const bool applied = bad == operations.size();
    if (applied && !converge_.apply(touched.list())) {
        // One by one shows who is to blame; if all of it works this time, the device is as wanted and nobody is.
        std::vector<Error> ignored;
        undo(mark, touched, ignored);
        stage(true);
    }
    std::size_t executed = 0;  // actions run last, and cannot be undone
    for (std::size_t i = 0; i < operations.size() && bad == operations.size(); ++i) {
        if (operations[i].verb != Verb::exec) continue;
        answers[i] = exec(context, operations[i]);
        if (answers[i].state == Answer::State::failed) {
            bad = i;
            why = answers[i].error;
        } else {
            ++executed;
        }
    }
    if (bad == operations.size()) {
        auto committed = policies_.commit();
        if (committed) return answers;
        bad = 0;
        why = committed.error();
    }
    std::vector<Error> failures;
    if (applied) {
        undo(mark, touched, failures);
    } else {
        policies_.rollback(mark);
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (i == bad) {
            answers[i] = Answer::failure(why);
        } else if (operations[i].verb == Verb::exec) {
            const bool ran = executed > 0 && i < bad;
            answers[i].state = ran ? Answer::State::not_undone : Answer::State::not_run;
        } else if (i > bad && operations[bad].verb != Verb::exec) {
            answers[i].state = Answer::State::not_run;
        } else {
            answers[i].state = failures.empty() ? Answer::State::undone : Answer::State::not_undone;
            if (!failures.empty()) answers[i].error = failures.front();
        }
    }
    return answers;
}

Answer Tree::exec(const Context& context, const Operation& operation) {
    Uri uri;
    if (auto parsed = uri.parse(operation.uri); !parsed) return Answer::failure(parsed.error());
    Place place;
    if (auto found = mount_.find(uri, place); !found) return Answer::failure(found.error());
    if (!uri.property().empty() || !uri.list().empty()) {
        return Answer::failure({Fault::refused, "Exec takes no query.", operation.uri});
    }
    if (auto allowed = access_.check(context, Verb::exec, place); !allowed) return Answer::failure(allowed.error());
    const auto* action = std::get_if<csp::Action>(&place.entry->node.binding);
    if (action == nullptr) return Answer::failure({Fault::bug, place.uri + " declares Exec without an action.", {}});
    if (!reader_.exists(context, place, Reader::sight_of(context))) {
        return Answer::failure({Fault::not_found, "There is no " + place.uri + " on this device.", {}});
    }
    const std::string argument = operation.data.value_or(std::string());
    const auto id = actions_.intend(place.uri, context.authority, argument, context.session_id);
    if (!id) return Answer::failure(id.error());
    const auto done = action->run(place.keys, argument);
    converge_.invalidate();
    const std::string outcome = !done ? "failed" : *done == csp::Done::later ? "later" : "done";
    const auto recorded = actions_.finish(*id, outcome, done ? std::string() : done.error().what);
    if (!done) return Answer::failure(done.error());
    if (!recorded) return Answer::failure(recorded.error());
    Answer answer;
    answer.state = *done == csp::Done::later ? Answer::State::pending : Answer::State::done;
    return answer;
}

Tree::Sweep Tree::sweep(const std::set<std::string>& contested) {
    converge_.invalidate();
    Sweep result;
    const Units units = converge_.known_units();
    for (const auto& unit : units.list()) {
        auto different = converge_.difference(unit);
        const bool spared = different && (!converge_.permitted(unit) ||
                                          std::any_of(different->begin(), different->end(),
                                                      [&](const auto& each) { return contested.contains(each.uri); }));
        if (spared) {
            for (auto& each : *different) result.contested.push_back(std::move(each));
            continue;
        }
        auto applied = different ? converge_.apply({unit}) : Outcome(different.error());
        if (!applied) {
            result.failed.push_back(applied.error());
            continue;
        }
        for (auto& each : *different) result.repaired.push_back(std::move(each));
    }
    if (auto committed = policies_.commit(); !committed) result.failed.push_back(committed.error());
    return result;
}

Result<std::vector<Difference>> Tree::drift() {
    converge_.invalidate();
    std::vector<Difference> all;
    const Units units = converge_.known_units();
    for (const auto& unit : units.list()) {
        auto different = converge_.difference(unit);
        if (!different) return different.error();
        for (auto& each : *different) all.push_back(std::move(each));
    }
    return all;
}

Tree::Plan Tree::plan(const Context& context, std::span<const Operation> operations) {
    converge_.invalidate();
    Plan plan;
    const auto mark = policies_.mark();
    Units dirty;
    for (const auto& operation : operations) {
        Answer& answer = plan.answers.emplace_back();
        if (!writes(operation.verb)) continue;
        if (auto changed = change_.run(context, operation, dirty); !changed) answer = Answer::failure(changed.error());
    }
    for (const auto& unit : dirty.list()) {
        auto may = converge_.permitted(unit);
        auto different = may ? converge_.difference(unit) : Result<std::vector<Difference>>(std::move(may).error());
        if (!different) {
            plan.answers.push_back(Answer::failure(different.error()));
            continue;
        }
        for (auto& each : *different) plan.differences.push_back(std::move(each));
    }
    policies_.rollback(mark);
    return plan;
}

Outcome Tree::release(const std::string& authority, std::span<const std::string> keep) {
    converge_.invalidate();
    Units dirty;
    change_.release(authority, keep, dirty);
    auto settled = converge_.apply(dirty.list());
    // What cannot be undone now must not keep the authority alive: the rows go, the originals stay for the next sweep.
    if (auto committed = policies_.commit(); !committed) return committed;
    return settled;
}

Result<Why> Tree::why(const std::string& text) {
    converge_.invalidate();
    auto place = mount_.find(text);
    if (!place) return place.error();
    const csp::Node& node = place->entry->node;
    Why why;
    why.uri = place->uri;
    why.about = node.about;
    why.format = node.format;
    why.allowed = node.allowed.describe();
    if ((node.access & csp::can_replace) != 0) why.merge = csp::name_of(node.merge);
    const auto* rows = policies_.at(place->uri);
    if (const auto* winner = effective(node, rows)) {
        why.effective = node.secret ? "(secret)" : winner->data;
        for (const auto& row : *rows) {
            why.wishes.push_back(
                {row.authority, row.session, row.secret ? "(secret)" : row.data, row.time, &row == winner});
        }
    }
    if (const auto* field = place->entry->field()) {
        const auto& values = converge_.device(*field->state, table_key(place->keys));
        if (!values) {
            why.unknown = values.error().what;
        } else if (!node.conceals_device()) {
            why.device = (*values)[field->index];
            if (!why.device) why.unknown = "The device cannot tell.";
        }
    } else if (place->entry->managed != nullptr) {  // a row that is a setting by being there
        const auto& values = converge_.device(*place->entry->managed->state, table_key(place->keys));
        if (why.effective) why.effective = "there";
        if (values) {
            why.device = "there";
        } else if (values.error().fault != Fault::not_found) {
            why.unknown = values.error().what;
        }
    } else if (!node.interior() && !node.secret) {
        const Context local{local_authority, {}};
        if (reader_.exists(local, *place, Sight::all_rows)) {
            auto value = reader_.value(local, *place, Sight::all_rows);
            if (value) {
                why.device = std::move(*value);
            } else {
                why.unknown = value.error().what;
            }
        }
    }
    if (const auto* original = policies_.original(place->uri)) why.original = *original;
    auto history = policies_.history(place->uri);
    if (!history) return history.error();
    why.history = std::move(*history);
    return why;
}

}  // namespace steward::tree
