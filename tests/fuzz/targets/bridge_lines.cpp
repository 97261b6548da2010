// Any bytes as what a bridge says: each line is a message that holds together or a refusal, wherever the pieces end;
// and whatever it answers, each request has at most one outcome, and a list is whole or not used.
#include "fuzz/fuzz.hpp"

#include <boost/json.hpp>
#include <cctype>

#include "core/plain_text.hpp"
#include "installations/companies.hpp"
#include "installations/exec/bridge_messages.hpp"
#include "installations/exec/conversation.hpp"

namespace samsynk::fuzz {
namespace {

namespace json = boost::json;
using namespace installations;

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value choice_or_null(sync::Choice choice) { return choice ? json::value(*choice) : json::value(nullptr); }

std::string sixteen(std::uint64_t value) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

void check_plain(const std::string& text, std::size_t most) {
    check(is_utf8(text) && plain(text) == text, "a text is not plain");
    check(text.size() <= most, "a text is long");
}

void check_same(const sync::LocalCompany& company) {
    json::object object{{"place", company.place},
                        {"number", company.company->digits()},
                        {"name", text_or_null(company.name)},
                        {"ignored", company.ignored},
                        {"send_all_invoices", choice_or_null(company.preferences.send_all_invoices)},
                        {"receive_invoices", choice_or_null(company.preferences.receive_invoices)}};
    if (company.notice) object["collaboration_revision"] = sixteen(*company.notice);
    const auto again = parse_bridge_line(json::serialize(json::object{{"id", 1}, {"company", std::move(object)}}));
    check(again.has_value(), "a company that was read can't be read again");
    sync::LocalCompany read = std::get<CompanyReply>(again->message).company;
    read.chosen_at = company.chosen_at;  // of it fractions of a second may be lost
    check(read == company, "a company changed on its way");
}

void check_company(const sync::LocalCompany& company) {
    check(company.place.empty() || can_be_place(company.place), "a place that is none");
    check(!company.place.empty() || !company.company, "a company without a place");
    check_plain(company.name, 1200);
    if (company.trouble) {
        check_error(*company.trouble, {Errc::bad_file, Errc::unreadable, Errc::missing_number, Errc::invalid_number,
                                       Errc::placeholder_number});
        return check(company.preferences == sync::Preferences{}, "choices of a company that is set aside");
    }
    if (company.place.empty()) return;
    check(company.company.has_value(), "a company without number or trouble");
    check_same(company);
}

void check_message(const BridgeLine& line) {
    if (const auto* hello = std::get_if<HelloReply>(&line.message)) check_plain(hello->program, 40);
    if (const auto* company = std::get_if<CompanyReply>(&line.message)) check_company(company->company);
    if (const auto* mark = std::get_if<MarkReply>(&line.message)) check(mark->mark.size() <= 500, "a mark is long");
    if (const auto* refusal = std::get_if<Refusal>(&line.message)) {
        check(!refusal->said.empty(), "a refusal that says nothing");
        check_plain(refusal->said, 3000);
    }
    if (const auto* changed = std::get_if<ChangedLine>(&line.message))
        for (const std::string& place : changed->places) check(can_be_place(place), "a place that is none");
}

// A bridge that was asked one thing of each kind.
class Asker {
public:
    Asker() {
        for (const Asked asked :
             {Asked::hello, Asked::list, Asked::read, Asked::write, Asked::collaboration, Asked::mark}) {
            exchanges_.push_back(conversation_.begin(asked, asked == Asked::read ? "7" : "", now_));
            exchanges_.back()->done = [this] { ++outcomes_; };
        }
    }
    bool take(BridgeLine line, std::size_t size) {
        const auto taken = conversation_.take(std::move(line), size, now_);
        if (taken.has_error()) check_error(taken.error(), {Errc::bad_reply});
        return taken.has_value();
    }
    void end() {
        conversation_.end_all([](const Exchange&) { return fail(Errc::write_failed, "ended"); });
        check(!conversation_.deadline() && conversation_.writes() == 0, "something is still waited for");
        check(outcomes_ == exchanges_.size(), "an outcome is missing, or there are two");
        const auto& list = *exchanges_[1]->outcome;
        if (list.has_error())
            return check_error(list.error(), {Errc::bad_file, Errc::installation_offline, Errc::unreadable, Errc::busy,
                                              Errc::write_failed});
        check(!list->companies.empty(), "an empty list was used");
        for (std::size_t i = 1; i < list->companies.size(); ++i)
            check(list->companies[i - 1]->place < list->companies[i]->place, "a list is not in order");
        const auto& read = *exchanges_[2]->outcome;
        check(read.has_error() || read->companies.at(0)->place == "7", "another company was read");
    }

private:
    Moment now_ = Moment{} + std::chrono::hours{1};
    Conversation conversation_{"/bridge", std::chrono::seconds{30}};
    std::vector<ExchangePtr> exchanges_;
    std::size_t outcomes_ = 0;
};

std::vector<std::string> lines_of(std::string_view text, std::size_t piece) {
    LineSplitter splitter{64};
    std::vector<std::string> lines;
    const auto keep = [&](std::string_view line) {
        lines.emplace_back(line);
        return true;
    };
    for (bool on = true; on && !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        on = splitter.feed(text.substr(0, piece), keep);
    return lines;
}

void read(std::string_view text) {
    check(lines_of(text, 1) == lines_of(text, 7) && lines_of(text, 7) == lines_of(text, text.size() + 1),
          "lines depend on where the pieces end");
    Asker asker;
    for (bool on = true; on && !text.empty();) {
        const std::string_view line = take(text);
        auto read = parse_bridge_line(line);
        if (read.has_error()) {
            check_error(read.error(), {Errc::bad_reply});
            continue;
        }
        check_message(*read);
        if (!std::holds_alternative<ChangedLine>(read->message)) on = asker.take(std::move(*read), line.size());
    }
    asker.end();
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
