#include "store/query.hpp"

#include "store/error_codec.hpp"

namespace samsynk::store {
namespace {

std::optional<sync::Preference> preference_named(std::string_view name) {
    for (const auto preference : sync::all_preferences)
        if (name_of(preference) == name) return preference;
    return std::nullopt;
}

}  // namespace

void Query::bind(const sync::PlaceKey& key) {
    bind(key.installation);
    bind(key.place);
}

void Query::bind(const sync::Preferences& preferences) {
    bind(preferences.send_all_invoices);
    bind(preferences.receive_invoices);
}

void Query::bind(const Reason& reason) {
    static const Error none;
    const Error& error = reason ? *reason : none;
    bind(reason ? name_of(error.code) : std::string_view{});
    bind(error.message.id);
    bind(std::string_view{args_to_text(error.message.args)});  // a copy: it is gone before the step
    bind(error.detail);
}

std::string text_at(Row& row, int column) { return row.getColumn(column).getString(); }

std::string_view view_at(Row& row, int column) {
    const SQLite::Column text = row.getColumn(column);
    const char* begin = text.getText("");  // before its size, which is of what was last asked for
    return {begin, static_cast<std::size_t>(text.getBytes())};
}

std::int64_t number_at(Row& row, int column) { return row.getColumn(column).getInt64(); }
bool flag_at(Row& row, int column) { return row.getColumn(column).getInt() != 0; }

std::optional<bool> choice_at(Row& row, int column) {
    return row.isColumnNull(column) ? std::nullopt : std::optional{flag_at(row, column)};
}

Time time_at(Row& row, int column) { return Time{std::chrono::milliseconds{number_at(row, column)}}; }

std::optional<Time> maybe_time_at(Row& row, int column) {
    return row.isColumnNull(column) ? std::nullopt : std::optional{time_at(row, column)};
}

OrgNumber company_at(Row& row, int column) {
    const std::int64_t digits = number_at(row, column);
    return known(OrgNumber::of(digits < 0 ? 0 : static_cast<std::uint64_t>(digits)));
}

std::optional<sync::Preference> maybe_preference_at(Row& row, int column) {
    const std::string_view name = view_at(row, column);
    return name.empty() ? std::nullopt : std::optional{known(preference_named(name))};
}

sync::PlaceKey key_at(Row& row, int column) { return {text_at(row, column), text_at(row, column + 1)}; }

sync::Preferences preferences_at(Row& row, int column) { return {choice_at(row, column), choice_at(row, column + 1)}; }

Reason reason_at(Row& row, int column) {
    const std::string_view code = view_at(row, column);
    if (code.empty()) return {};
    return Error{code_named(code),
                 {text_at(row, column + 1), args_from_text(view_at(row, column + 2))},
                 text_at(row, column + 3)};
}

}  // namespace samsynk::store
