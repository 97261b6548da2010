#include "core/ids.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <random>

namespace samsynk {

std::string new_uuid() { return boost::uuids::to_string(boost::uuids::random_generator{}()); }

Result<std::string> installation_uuid(std::string_view machine_id, std::string_view name) {
    if (machine_id.size() != 32 || machine_id.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        return fail(Errc::bad_settings,
                    N_("The machine's id is not 32 hexadecimal digits. Run systemd-machine-id-setup."));
    const auto machine = boost::uuids::string_generator{}(std::string{machine_id});
    return boost::uuids::to_string(boost::uuids::name_generator_sha1{machine}(std::string{name}));
}

std::string random_hex(std::size_t count) {
    static constexpr char hex[] = "0123456789abcdef";
    std::random_device random;
    std::string text;
    for (std::size_t i = 0; i < count * 2; ++i) text += hex[random() & 15U];
    return text;
}

}  // namespace samsynk
