// A record's trouble as the store keeps it: any texts come back as they were, and any bytes give what fits in them.
#include "store/error_codec.hpp"

#include "fuzz/fuzz.hpp"

namespace samsynk::fuzz {
namespace {

void read(std::string_view text) {
    const store::MessageArgs read = store::args_from_text(text);
    std::size_t size = 0;
    for (const auto& [name, value] : read) size += name.size() + value.size() + 4;
    check(size <= text.size(), "more was read than was there");
    check(store::args_from_text(store::args_to_text(read)) == read, "arguments changed on their way");
    const Errc code = store::code_named(text);
    check(name_of(code) == text || code == Errc::bad_record, "an unknown code is taken for a known one");
}

void write(std::string_view text) {
    store::MessageArgs args;
    while (!text.empty()) {
        const std::string name{take(text)};
        args.emplace_back(name, std::string{take(text)});
    }
    check(store::args_from_text(store::args_to_text(args)) == args, "texts changed on their way");
}

}  // namespace
}  // namespace samsynk::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    samsynk::fuzz::read(samsynk::fuzz::text_of(data, size));
    samsynk::fuzz::write(samsynk::fuzz::text_of(data, size));
    return 0;
}
