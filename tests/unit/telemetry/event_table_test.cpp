#include "telemetry/event_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "core/ids.hpp"

namespace samsynk::telemetry {
namespace {

using Row = std::vector<std::string>;

std::string trimmed(std::string text) {
    text.erase(0, text.find_first_not_of(" `"));
    text.erase(text.find_last_not_of(" `") + 1);
    return text;
}

// The rows of the table whose first column is a name in backquotes with a dot in it.
std::vector<Row> documented() {
    std::ifstream in{std::string{SAMSYNK_SOURCE_DIR} + "/docs/events.md"};
    std::vector<Row> rows;
    for (std::string line; std::getline(in, line);) {
        if (line.rfind("| `", 0) != 0) continue;
        std::istringstream cells{line.substr(1)};
        Row row;
        for (std::string cell; std::getline(cells, cell, '|');) row.push_back(trimmed(cell));
        rows.push_back(row);
    }
    return rows;
}

TEST(EventTable, IsWhatTheDocumentSays) {
    const auto rows = documented();
    ASSERT_EQ(rows.size(), event_table().size());
    for (std::size_t n = 0; n < rows.size(); ++n) {
        const EventInfo& event = event_table()[n];
        ASSERT_EQ(rows[n].size(), 6U) << event.name;
        EXPECT_EQ(rows[n][0], event.name);
        EXPECT_EQ(rows[n][1], name_of(event.level)) << event.name;
        EXPECT_EQ(rows[n][5], event.message_id) << event.name;
    }
}

TEST(EventTable, TheDocumentIsUpToDate) {
    std::ifstream in{std::string{SAMSYNK_SOURCE_DIR} + "/docs/events.md"};
    std::stringstream content;
    content << in.rdbuf();
    EXPECT_EQ(content.str(), events_document()) << "docs/events.md must be what events_document() gives";
}

TEST(EventTable, MessageIdsNeverChange) {
    std::set<std::string_view> seen;
    for (const EventInfo& event : event_table()) {
        std::string id = installation_uuid(message_id_namespace, event.name).value();
        std::erase(id, '-');
        EXPECT_EQ(event.message_id, id) << event.name;
        EXPECT_TRUE(seen.insert(event.message_id).second) << event.name;
    }
}

TEST(EventTable, SaysWhatToDoAboutTrouble) {
    for (const EventInfo& event : event_table()) {
        EXPECT_FALSE(std::string_view{event.meaning}.empty()) << event.name;
        if (event.level >= Level::warning) {
            EXPECT_FALSE(std::string_view{event.what_to_do}.empty()) << event.name;
        }
    }
}

TEST(EventTable, FindsByName) {
    ASSERT_NE(find_event("run.completed"), nullptr);
    EXPECT_EQ(find_event("run.completed")->level, Level::info);
    EXPECT_EQ(find_event("run.exploded"), nullptr);
}

}  // namespace
}  // namespace samsynk::telemetry
