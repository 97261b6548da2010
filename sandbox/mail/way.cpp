#include "sandbox/mail/way.hpp"

#include "sandbox/flow/customer.hpp"
#include "sandbox/mail/folder.hpp"

namespace samsynk::sandbox {

Result<void> check(const MailOptions& options) {
    if (!is_email(options.from))
        return fail(Errc::bad_settings, N_("{email} (--mail-from) is not an address that can be written from."),
                    {{"email", options.from}});
    return options.smtp.url.empty() ? Result<void>{} : check(options.smtp);
}

std::unique_ptr<Delivery> way_of(const MailOptions& options) {
    if (!options.smtp.url.empty()) return std::make_unique<Smtp>(options.smtp);
    return std::make_unique<Folder>(options.folder);
}

}  // namespace samsynk::sandbox
