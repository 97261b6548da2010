// Letters as files that a mail program opens: where no mail server is to be had.
#pragma once

#include <filesystem>

#include "sandbox/mail/delivery.hpp"

namespace samsynk::sandbox {

/// `NAME.eml` in a folder, written whole, for its owner only. One that is delivered once more replaces itself.
class Folder : public Delivery {
public:
    explicit Folder(std::filesystem::path folder) : folder_{std::move(folder)} {}

    Delivered deliver(const Parcel& parcel, const std::function<bool()>& give_up) override;
    std::chrono::seconds longest() const override { return std::chrono::seconds{60}; }

private:
    std::filesystem::path folder_;
};

}  // namespace samsynk::sandbox
