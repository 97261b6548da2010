#include "installations/wrong_number.hpp"

#include <utility>

namespace samsynk::installations {
namespace {

using Args = std::vector<std::pair<std::string, std::string>>;

Error with(const Error& why, Args args, const char* practice, const char* impossible) {
    if (why.code != Errc::placeholder_number) return fail(why.code, impossible, std::move(args));
    args.insert(args.end(), why.message.args.begin(), why.message.args.end());
    return fail(why.code, practice, std::move(args));
}

}  // namespace

Error wrong_number_in_sie(const Error& why, const std::string& file) {
    return with(
        why, {{"file", file}},
        N_("{file} has the organisation number {number}, which is nobody's: it is for practising. Enter the company's "
           "own in the accounting program and export again, or write it in samsynk/company.yaml."),
        N_("The organisation number in {file} can't be right: it has ten digits, of which the last one follows from "
           "the "
           "others. Correct it in the accounting program and export again, or write it in samsynk/company.yaml."));
}

Error wrong_number_in_company_file(const Error& why, const std::string& file) {
    return with(
        why, {{"file", file}},
        N_("{file} has the organisation number {number}, which is nobody's: it is for practising. Write the company's "
           "own there."),
        N_("The organisation number in {file} can't be right: it has ten digits, of which the last one follows from "
           "the "
           "others. Correct it there, for example “company: 556016-0680”."));
}

Error wrong_number_of(const Error& why, const std::string& place, const std::string& name) {
    return with(
        why, {{"place", place}, {"name", name}},
        N_("{place} ({name}) has the organisation number {number}, which is nobody's: it is for practising. Enter the "
           "company's own in the accounting program."),
        N_("The organisation number of {place} ({name}) can't be right: it has ten digits, of which the last one "
           "follows "
           "from the others. Correct it in the accounting program."));
}

}  // namespace samsynk::installations
