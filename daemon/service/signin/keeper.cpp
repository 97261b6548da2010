#include "service/signin/keeper.hpp"

#include "core/on_pool.hpp"
#include "service/online_side.hpp"

namespace samsynk::service {

void Keeper::hide() {
    hidden_.clear();
    if (kept_) hidden_ = {PresentSecret{kept_->refresh_token}, PresentSecret{kept_->previous}};
}

agent::Async<> Keeper::load() {
    if (loaded_) co_return Result<void>{};
    const auto read = [this] { return file_.load(); };
    auto found = co_await on_pool(pool_, read);
    if (found.has_error()) co_return found.error();
    kept_ = std::move(*found);
    hide();
    loaded_ = true;
    co_return Result<void>{};
}

agent::Async<> Keeper::keep(Kept kept) {
    kept.generation = (kept_ ? kept_->generation : 0) + 1;
    kept_ = std::move(kept);
    hide();
    loaded_ = true;
    unsaved_ = true;
    co_return co_await save();
}

agent::Async<> Keeper::settle() {
    if (!unsaved_) co_return Result<void>{};
    co_return co_await save();
}

agent::Async<> Keeper::save() {
    const auto write = [this] { return file_.save(*kept_); };
    auto saved = co_await on_pool(pool_, write);
    if (saved.has_value()) unsaved_ = false;
    co_return saved;
}

std::shared_ptr<Keeper> make_keeper(std::filesystem::path folder, boost::asio::any_io_executor pool) {
    return std::make_shared<Keeper>(TokenFile{std::move(folder)}, std::move(pool));
}

}  // namespace samsynk::service
