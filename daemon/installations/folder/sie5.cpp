#include <expat.h>

#include <cstring>
#include <memory>

#include "installations/folder/sie.hpp"
#include "installations/folder/text_encoding.hpp"

namespace samsynk::installations {
namespace {

struct Reading {
    XML_Parser parser = nullptr;
    SieIdentity identity;
    bool is_sie = false, has_company = false;
};

// Whatever the file calls its name space.
std::string_view local_name(const char* name) {
    const char* colon = std::strrchr(name, ':');
    return colon ? colon + 1 : name;
}

std::string_view value_of(const char** attributes, std::string_view wanted) {
    for (; *attributes; attributes += 2)
        if (local_name(attributes[0]) == wanted) return attributes[1];
    return {};
}

void begin_element(void* user, const char* element, const char** attributes) {
    auto& reading = *static_cast<Reading*>(user);
    const std::string_view name = local_name(element);
    if (!reading.is_sie) {  // the root: Sie, or SieEntry of what is to be read by an accounting program
        reading.is_sie = name == "Sie" || name == "SieEntry";
        if (!reading.is_sie) XML_StopParser(reading.parser, XML_FALSE);
        return;
    }
    SieIdentity& identity = reading.identity;
    if (name == "FileCreation") identity.exported = sie_day(value_of(attributes, "time"));
    if (name == "Company" && !reading.has_company) {
        reading.has_company = true;
        identity.number = value_of(attributes, "organizationId");
        identity.name = sie_name(std::string{value_of(attributes, "name")});
    }
    if (name == "FiscalYear" && value_of(attributes, "primary") == "true")
        identity.year_end = sie_day(std::string{value_of(attributes, "end")} + "-31");
}

void end_element(void* user, const char* element) {
    if (local_name(element) == "FileInfo") XML_StopParser(static_cast<Reading*>(user)->parser, XML_FALSE);
}

// No SIE file has one, and with it come entities.
void refuse_types(void* user, const char*, const char*, const char*, int) {
    XML_StopParser(static_cast<Reading*>(user)->parser, XML_FALSE);
}

}  // namespace

Result<SieIdentity> read_sie5_identity(std::string_view text, const std::string& file) {
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser{
        XML_ParserCreate(is_utf8(text) ? "UTF-8" : nullptr), &XML_ParserFree};
    Reading reading{.parser = parser.get()};
    XML_SetUserData(parser.get(), &reading);
    XML_SetElementHandler(parser.get(), begin_element, end_element);
    XML_SetStartDoctypeDeclHandler(parser.get(), refuse_types);
    // What comes after the company, and that the text ends in the middle, is of no interest.
    (void)XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_FALSE);
    if (!reading.is_sie)
        return fail(Errc::bad_file,
                    N_("{file} is not a SIE file. Export the company again from the accounting program."),
                    {{"file", file}});
    if (!reading.has_company)
        return fail(Errc::bad_file,
                    N_("{file} is a SIE 5 file that can't be read. Export the company as SIE 4 from the accounting "
                       "program."),
                    {{"file", file}});
    return reading.identity;
}

}  // namespace samsynk::installations
