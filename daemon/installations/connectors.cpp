#include "installations/connectors.hpp"

#include <algorithm>

#include "installations/folder/folder_books.hpp"
#include "installations/sql/sql_books.hpp"

namespace samsynk::installations {

std::unique_ptr<agent::LocalSide> make_folder_installation(std::string id, std::filesystem::path root,
                                                           Listening listening, std::vector<std::string> passed_over,
                                                           boost::asio::any_io_executor executor,
                                                           std::chrono::milliseconds patience) {
    auto books = std::make_shared<FolderBooks>(std::move(root), listening, std::move(passed_over));
    BlockingConnector::Description description{.id = std::move(id),
                                               .connector = "folder",
                                               .program = "folder",
                                               .location = books->root().string(),
                                               .mark_file = books->mark_file().string()};
    return std::make_unique<BlockingConnector>(std::move(description), std::move(books), listening != Listening::none,
                                               executor, patience);
}

Result<std::unique_ptr<agent::LocalSide>> make_sql_installation(std::string id, DatabaseAddress address,
                                                                Mapping mapping, bool polls,
                                                                boost::asio::any_io_executor executor) {
    const std::string type{name_of(address.type)};
    if (std::find(mapping.databases.begin(), mapping.databases.end(), type) == mapping.databases.end())
        return fail(Errc::bad_settings, N_("{file} is not written for {type}. Its statements are for: {known}."),
                    {{"file", mapping.file.string()}, {"type", type}, {"known", mapping.databases.front()}});
    const auto patience = address.patience * patience_of_calls;
    const agent::Capabilities capabilities{.read_preferences = true,
                                           .write_preferences = !mapping.write[0].empty() && !mapping.write[1].empty(),
                                           .write_collaboration = !mapping.write_collaboration.empty(),
                                           .watch = true};
    auto books = std::make_shared<SqlBooks>(std::move(address), std::move(mapping));
    BlockingConnector::Description description{.id = std::move(id),
                                               .connector = "sql",
                                               .program = books->mapping().program,
                                               .location = books->where(),
                                               .mark_file = books->where() + " (samsynk_installation)",
                                               .capabilities = capabilities};
    return std::make_unique<BlockingConnector>(std::move(description), std::move(books), polls, executor, patience);
}

}  // namespace samsynk::installations
