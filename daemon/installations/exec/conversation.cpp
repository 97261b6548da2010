#include "installations/exec/conversation.hpp"

#include <algorithm>

#include "installations/exec/exec_installation.hpp"

namespace samsynk::installations {
namespace {

constexpr std::size_t most_companies = 200'000;
constexpr std::size_t longest_list = 128 * 1024 * 1024;

// What the agent may be told at each kind of call (agent/ports.hpp).
Errc code_of(const std::string& code, Asked asked) {
    if (code == "busy") return Errc::busy;
    if (code == "unreadable") return Errc::unreadable;
    if (is_write(asked)) return code == "changed_meanwhile" ? Errc::changed_meanwhile : Errc::write_failed;
    if (code == "offline") return Errc::installation_offline;
    return code == "not_found" && asked == Asked::read ? Errc::not_found : Errc::unreadable;
}

}  // namespace

bool is_write(Asked asked) {
    return asked == Asked::write || asked == Asked::collaboration || asked == Asked::leave_mark;
}

ExchangePtr Conversation::begin(Asked asked, std::string place, Moment now) {
    if (under_way_.empty()) heard_ = now;
    auto exchange = std::make_shared<Exchange>();
    exchange->id = ++last_id_;
    exchange->asked = asked;
    exchange->place = std::move(place);
    exchange->since = now;
    if (is_write(asked)) ++writes_;
    under_way_.emplace(exchange->id, exchange);
    return exchange;
}

Result<void> Conversation::take(BridgeLine line, std::size_t bytes, Moment now) {
    const auto found = under_way_.find(line.id);
    if (found == under_way_.end())
        return fail(Errc::bad_reply,
                    N_("{path} answered request {id}, which is not under way: never made, or answered before. Samsynk "
                       "ended it, and starts it again at {clock}. The bridge must be corrected."),
                    {{"id", std::to_string(line.id)}});
    heard_ = now;
    const ExchangePtr exchange = found->second;
    return answer(*exchange, line, bytes);
}

Result<void> Conversation::answer(Exchange& exchange, BridgeLine& line, std::size_t bytes) {
    const Asked asked = exchange.asked;
    if (const auto* refusal = std::get_if<Refusal>(&line.message)) {
        finish(exchange, refused(exchange, *refusal));
        return {};
    }
    if (auto* company = std::get_if<CompanyReply>(&line.message); company && asked == Asked::list)
        return add_to_list(exchange, *company, bytes);
    if (auto* company = std::get_if<CompanyReply>(&line.message); company && asked == Asked::read)
        return add_company(exchange, *company);
    BridgeAnswer answer;
    if (auto* hello = std::get_if<HelloReply>(&line.message); hello && asked == Asked::hello) {
        answer.hello = std::move(*hello);
    } else if (const auto* count = std::get_if<CountReply>(&line.message); count && asked == Asked::list) {
        finish(exchange, whole_list(exchange, count->count));
        return {};
    } else if (auto* mark = std::get_if<MarkReply>(&line.message); mark && asked == Asked::mark) {
        answer.mark = std::move(mark->mark);
    } else if (!std::holds_alternative<DoneReply>(line.message) || !is_write(asked)) {
        return another_answer();
    }
    finish(exchange, std::move(answer));
    return {};
}

Result<void> Conversation::add_to_list(Exchange& exchange, CompanyReply& reply, std::size_t bytes) {
    exchange.bytes += bytes;
    if (exchange.found.size() >= most_companies || exchange.bytes > longest_list)
        return fail(Errc::bad_reply,
                    N_("{path} lists companies without end. Samsynk ended it, and starts it again at {clock}. At most "
                       "{most} are read."),
                    {{"most", std::to_string(most_companies)}});
    sync::LocalCompany& company = reply.company;
    if (company.place.empty())
        exchange.unusable =
            fail(Errc::bad_file,
                 N_("{path} listed a company without a place that could name it. Nothing of the list was used. The "
                    "bridge must be corrected."),
                 {{"path", path_}});
    else if (!exchange.places.insert(company.place).second)
        exchange.unusable = fail(Errc::bad_file,
                                 N_("{path} listed {place} twice. Nothing of the list was used. Each company must "
                                    "have a place of its own."),
                                 {{"path", path_}, {"place", company.place}});
    exchange.found.push_back(std::make_shared<const sync::LocalCompany>(std::move(company)));
    return {};
}

Result<void> Conversation::add_company(Exchange& exchange, CompanyReply& reply) {
    if (reply.company.place != exchange.place) return another_answer();
    BridgeAnswer answer;
    answer.companies.push_back(std::make_shared<const sync::LocalCompany>(std::move(reply.company)));
    finish(exchange, std::move(answer));
    return {};
}

Result<BridgeAnswer> Conversation::whole_list(Exchange& exchange, std::uint64_t count) {
    if (exchange.unusable) return *exchange.unusable;
    if (count != exchange.found.size())
        return fail(
            Errc::bad_file,
            N_("{path} listed {found} companies and counted {count}. Nothing of the list was used. It is read "
               "again by the next run."),
            {{"path", path_}, {"found", std::to_string(exchange.found.size())}, {"count", std::to_string(count)}});
    if (count == 0)
        return fail(Errc::installation_offline,
                    N_("{path} lists no companies. That is not taken for their end: nothing is changed until it lists "
                       "some."),
                    {{"path", path_}});
    std::sort(exchange.found.begin(), exchange.found.end(),
              [](const auto& one, const auto& other) { return one->place < other->place; });
    BridgeAnswer answer;
    answer.companies = std::move(exchange.found);
    return answer;
}

Error Conversation::refused(const Exchange& exchange, const Refusal& refusal) const {
    const Errc code = code_of(refusal.code, exchange.asked);
    if (exchange.place.empty()) return fail(code, N_("{path} says: {said}"), {{"path", path_}, {"said", refusal.said}});
    return fail(code, N_("{place}: {path} says: {said}"),
                {{"place", exchange.place}, {"path", path_}, {"said", refusal.said}});
}

Error Conversation::another_answer() const {
    return fail(Errc::bad_reply,
                N_("{path} gave an answer that belongs to another request than the one it names. Samsynk ended it, and "
                   "starts it again at {clock}. The bridge must be corrected."));
}

void Conversation::finish(Exchange& exchange, Result<BridgeAnswer> outcome) {
    if (is_write(exchange.asked)) --writes_;
    exchange.outcome.emplace(std::move(outcome));
    exchange.places.clear();
    const auto done = std::move(exchange.done);
    under_way_.erase(exchange.id);
    if (done) done();
}

void Conversation::end_all(const std::function<Error(const Exchange&)>& why) {
    while (!under_way_.empty()) {
        const ExchangePtr exchange = under_way_.begin()->second;
        finish(*exchange, why(*exchange));
    }
}

std::optional<Moment> Conversation::deadline() const {
    if (under_way_.empty()) return std::nullopt;
    const Moment oldest = under_way_.begin()->second->since;  // ids count up
    return std::min(heard_ + patience_, oldest + patience_ * patience_for_answer);
}

}  // namespace samsynk::installations
