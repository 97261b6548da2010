// Any bytes as the answer to a push of two operations: each is answered once, for its company, or nothing is used.
#include "fuzz/fuzz.hpp"
#include "service/wire.hpp"

namespace samsynk::fuzz {
namespace {

const std::vector<sync::Operation>& sent() {
    static const std::vector<sync::Operation> operations{{.id = "a",
                                                          .installation = "i",
                                                          .company = OrgNumber::parse("5560160680").value(),
                                                          .if_version = 7,
                                                          .set = {true, std::nullopt}},
                                                         {.id = "b",
                                                          .installation = "i",
                                                          .company = OrgNumber::parse("5562651892").value(),
                                                          .if_version = 3,
                                                          .set = {std::nullopt, false}}};
    return operations;
}

void read(std::string_view text) {
    const auto results = service::parse_push_results(text, sent());
    if (results.has_error()) return check_error(results.error(), {Errc::bad_reply});
    check(results->size() == sent().size(), "an operation has no answer, or two");
    for (const sync::Operation& operation : sent()) {
        const auto of = [&](const agent::OperationResult& result) { return result.operation_id == operation.id; };
        const auto result = std::find_if(results->begin(), results->end(), of);
        check(result != results->end(), "an operation has no answer");
        check(result->status >= 100 && result->status <= 599, "a status that is none");
        check(text.find(std::to_string(result->status)) != std::string_view::npos ||
                  text.find('e') != std::string_view::npos,
              "a status was invented");
        check(!result->record || result->record->company == operation.company, "another company's record");
        check(installations::is_utf8(result->problem_code) && installations::is_utf8(result->request_id),
              "a text is not UTF-8");
    }
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    return 0;
}
