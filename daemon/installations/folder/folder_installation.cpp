#include "installations/folder/folder_installation.hpp"

#include <boost/asio/strand.hpp>

#include "core/on_pool.hpp"
#include "installations/folder/folder_books.hpp"

namespace samsynk::installations {
namespace {

class FolderInstallation : public agent::LocalSide {
public:
    FolderInstallation(std::string id, std::filesystem::path root, boost::asio::thread_pool& pool)
        : id_{std::move(id)}, books_{std::move(root)}, strand_{boost::asio::make_strand(pool)} {}

    std::string name() const override { return id_; }
    std::string program() const override { return "folder"; }
    std::string location() const override { return books_.root().string(); }

    agent::Async<std::vector<sync::LocalCompanyPtr>> scan() override {
        co_return co_await on_pool(strand_, [this] { return books_.scan(); });
    }
    agent::Async<std::string> mark() override {
        co_return co_await on_pool(strand_, [this] { return books_.mark(); });
    }
    agent::Async<> leave_mark(std::string mark) override {
        co_return co_await on_pool(strand_, [this, &mark] { return books_.leave_mark(mark); });
    }
    std::string mark_file() const override { return books_.mark_file().string(); }
    agent::Async<sync::LocalCompanyPtr> read(std::string place) override {
        co_return co_await on_pool(strand_, [this, &place] { return books_.read(place); });
    }
    boost::asio::awaitable<std::vector<Result<void>>> write_preferences(
        std::vector<agent::PreferenceWrite> writes) override {
        co_return co_await on_pool(strand_, [this, &writes] { return books_.write_preferences(writes); });
    }
    boost::asio::awaitable<std::vector<Result<void>>> write_notices(std::vector<agent::NoticeWrite> writes) override {
        co_return co_await on_pool(strand_, [this, &writes] { return books_.write_notices(writes); });
    }

private:
    std::string id_;
    FolderBooks books_;
    boost::asio::strand<boost::asio::thread_pool::executor_type> strand_;
};

}  // namespace

std::unique_ptr<agent::LocalSide> make_folder_installation(std::string id, std::filesystem::path root,
                                                           boost::asio::thread_pool& pool) {
    return std::make_unique<FolderInstallation>(std::move(id), std::move(root), pool);
}

}  // namespace samsynk::installations
