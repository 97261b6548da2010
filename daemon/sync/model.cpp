#include "sync/model.hpp"

namespace samsynk::sync {
namespace {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

template <class Enum, std::size_t N>
std::string_view find_name(const Names<Enum, N>& names, Enum value) {
    for (const auto& [known, name] : names)
        if (known == value) return name;
    return {};
}

template <class Enum, std::size_t N>
std::optional<Enum> find_value(const Names<Enum, N>& names, std::string_view name) {
    for (const auto& [value, known] : names)
        if (known == name) return value;
    return std::nullopt;
}

constexpr Names<CollaborationState, 7> states{{{CollaborationState::none, "none"},
                                               {CollaborationState::invited, "invited"},
                                               {CollaborationState::active, "active"},
                                               {CollaborationState::declined, "declined"},
                                               {CollaborationState::expired, "expired"},
                                               {CollaborationState::ending, "ending"},
                                               {CollaborationState::ended, "ended"}}};
constexpr Names<Awaiting, 2> awaitings{{{Awaiting::approval, "approval"}, {Awaiting::terms, "terms"}}};
constexpr Names<Party, 2> parties{{{Party::office, "office"}, {Party::customer, "customer"}}};
constexpr Names<Receiving, 5> receivings{{{Receiving::none, "none"},
                                          {Receiving::pending, "pending"},
                                          {Receiving::registered, "registered"},
                                          {Receiving::conflict, "conflict"},
                                          {Receiving::rejected, "rejected"}}};

// FNV-1a over fields, each closed by a separator so that neighbours can't flow into one another.
class Fingerprint {
public:
    Fingerprint& add(std::string_view text) {
        for (const unsigned char c : text) mix(c);
        mix(0x1f);
        return *this;
    }
    Fingerprint& add(bool value) { return add(value ? std::string_view{"1"} : std::string_view{"0"}); }
    std::uint64_t value() const { return value_ == 0 ? 1 : value_; }

private:
    void mix(unsigned char c) { value_ = (value_ ^ c) * 1099511628211ULL; }
    std::uint64_t value_ = 14695981039346656037ULL;
};

// What is in effect lies in bits of its own: it follows from the choices, which are told of by themselves.
constexpr std::uint64_t effect_bits = 3;

}  // namespace

std::string_view name_of(Preference preference) {
    return preference == Preference::send_all_invoices ? "send_all_invoices" : "receive_invoices";
}
std::string_view name_of(CollaborationState state) { return find_name(states, state); }
std::string_view name_of(Awaiting awaiting) { return find_name(awaitings, awaiting); }
std::string_view name_of(Party party) { return find_name(parties, party); }
std::string_view name_of(Receiving receiving) { return find_name(receivings, receiving); }
std::optional<CollaborationState> collaboration_state(std::string_view name) { return find_value(states, name); }
std::optional<Awaiting> awaiting(std::string_view name) { return find_value(awaitings, name); }
std::optional<Party> party(std::string_view name) { return find_value(parties, name); }
std::optional<Receiving> receiving(std::string_view name) { return find_value(receivings, name); }

bool in_effect(CollaborationState state) {
    return state == CollaborationState::active || state == CollaborationState::ending;
}

Notice notice_of(const Record& record) {
    const bool effective = in_effect(record.collaboration.state);
    return Notice{.company = record.company,
                  .name = record.name,
                  .function_active = record.function_active,
                  .collaboration = record.collaboration,
                  .receiving = record.receiving,
                  .registration_operator = record.registration_operator,
                  .sending_in_effect = effective && record.preferences.send_all_invoices.value_or(false),
                  .receiving_in_effect = effective && record.preferences.receive_invoices.value_or(false)};
}

std::uint64_t fingerprint(const Notice& notice) {
    const Collaboration& c = notice.collaboration;
    const std::uint64_t told = Fingerprint{}
                                   .add(notice.company.digits())
                                   .add(notice.name)
                                   .add(notice.function_active)
                                   .add(name_of(c.state))
                                   .add(name_of(c.awaiting))
                                   .add(c.office_company)
                                   .add(c.office_name)
                                   .add(c.assignment_id)
                                   .add(c.assignment_name)
                                   .add(name_of(c.invoice_recipient))
                                   .add(name_of(c.payee))
                                   .add(c.invited_at)
                                   .add(c.approved_at)
                                   .add(c.ends_on)
                                   .add(c.ended_at)
                                   .add(name_of(notice.receiving))
                                   .add(notice.registration_operator)
                                   .value();
    const std::uint64_t effect = (notice.sending_in_effect ? 2 : 0) + (notice.receiving_in_effect ? 1 : 0);
    return (told & ~effect_bits) + (told <= effect_bits ? effect_bits + 1 : 0) + effect;
}

bool only_effect_differs(std::uint64_t one, std::uint64_t other) {
    return one != other && (one & ~effect_bits) == (other & ~effect_bits);
}

}  // namespace samsynk::sync
