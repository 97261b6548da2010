// Letters that are to be sent, in the database of the steps that they tell of: a step and its letter are one, and no
// letter is forgotten because a mail server is away.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/message.hpp"
#include "core/org_number.hpp"
#include "core/time.hpp"
#include "sandbox/flow/notice.hpp"

namespace samsynk::sandbox {

enum class LetterState { waiting, sent, failed };
std::string_view name_of(LetterState state);

struct PostedLetter {
    std::int64_t id = 0;  ///< in the order of posting
    Time created_at{};
    std::string message_id;  ///< without brackets; the same however often it is sent
    Notice notice;
    LetterState state = LetterState::waiting;
    std::int64_t attempts = 0;
    std::optional<Time> next_attempt;  ///< of one that waits
    std::optional<Time> sent_at;
    std::optional<Message> trouble;  ///< why the last attempt failed
};

/// Works on the connection of an OfficeStore. Throws SQLite::Exception.
class Outbox {
public:
    static const char* const shape;
    explicit Outbox(SQLite::Database& database) : database_{database} {}

    void put(const Notice& notice, Time now);
    /// The letter that has been due longest, for who asks alone until `until`: nobody else gets it meanwhile, and after
    /// that whoever asks, should this one never come back.
    std::optional<PostedLetter> take(Time now, Time until);
    void sent(std::int64_t id, Time at);
    /// Not this time; its next attempt follows later and later, and after a day none does.
    void not_sent(std::int64_t id, const Message& trouble, Time at);
    /// For good.
    void refused(std::int64_t id, const Message& trouble);
    /// It was taken and not tried: it is due as before.
    void give_back(std::int64_t id);
    /// No letter can be sent by this way now. This one counts as tried; the others wait as long as it does.
    void hold_up(std::int64_t id, const Message& trouble, Time at);
    /// The way is open again: what waited for it is due.
    void go_on(Time now);
    /// When there will be something to take.
    std::optional<Time> next_due();

    std::vector<PostedLetter> all();  ///< the oldest first
    std::vector<PostedLetter> letters_of(const OrgNumber& company);

    static constexpr std::chrono::seconds first_pause{5};
    static constexpr std::chrono::hours longest_pause{1};
    static constexpr std::chrono::hours patience{24};  ///< from the first attempt

private:
    SQLite::Database& database_;
};

}  // namespace samsynk::sandbox
