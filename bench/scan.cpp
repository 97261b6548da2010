// How long a connector takes to read N companies for the first time, and to look at them where nothing changed, on one
// thread: folders, and a database.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "installations/folder/collaboration_file.hpp"
#include "installations/folder/folder_books.hpp"
#include "installations/sql/sql_books.hpp"

namespace {

namespace fs = std::filesystem;
using namespace samsynk;
using namespace samsynk::installations;

std::vector<OrgNumber> numbers(std::size_t count) {
    std::vector<OrgNumber> all;
    for (std::uint64_t digits = 5561000000; all.size() < count; ++digits)
        if (const auto number = OrgNumber::of(digits)) all.push_back(*number);
    return all;
}

void lay_folders(const fs::path& root, const std::vector<OrgNumber>& companies) {
    for (std::size_t i = 0; i < companies.size(); ++i) {
        const fs::path folder = root / ("Bolag" + std::to_string(100000 + i));
        fs::create_directories(folder / "samsynk");
        std::ofstream{folder / "bok.se"} << "#FLAGGA 0\n#FNAMN \"Bolag " << i << " AB\"\n#ORGNR " << companies[i].text()
                                         << "\n";
        std::ofstream{folder / "samsynk/preferences.yaml"} << "send_all_invoices: true\n";
        std::ofstream{folder / "samsynk/collaboration.yaml"}
            << render_notice({.company = companies[i], .name = "Bolag " + std::to_string(i) + " AB"});
    }
}

void fill(const fs::path& file, const std::vector<OrgNumber>& companies) {
    soci::session session{"sqlite3", "dbname=" + file.string()};
    session << "CREATE TABLE c (place TEXT PRIMARY KEY, number TEXT, name TEXT, s BOOLEAN, r BOOLEAN, "
               "collaboration_revision TEXT)";
    session.begin();
    std::string place, number;
    soci::statement insert =
        (session.prepare << "INSERT INTO c VALUES (:p, :n, 'Bolag AB', 1, NULL, '00000000000000ff')", soci::use(place),
         soci::use(number));
    for (std::size_t i = 0; i < companies.size(); ++i) {
        place = std::to_string(i);
        number = companies[i].text();
        insert.execute(true);
    }
    session.commit();
}

// The median of eleven scans; `books` gives what is scanned at each.
template <class Books>
void measure(const char* what, const char* when, Books books, std::size_t count) {
    std::vector<double> times;
    for (int i = 0; i < 11; ++i) {
        auto& scanned = books();
        const auto begin = std::chrono::steady_clock::now();
        const auto found = scanned.scan();
        const auto end = std::chrono::steady_clock::now();
        if (found.value().size() != count) std::abort();
        times.push_back(std::chrono::duration<double, std::milli>(end - begin).count());
    }
    std::sort(times.begin(), times.end());
    std::printf("scan of %zu companies %s %8.1f ms %s\n", count, what, times[times.size() / 2], when);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10000;
    std::string name = fs::temp_directory_path() / "samsynk-scan-XXXXXX";
    const fs::path root = ::mkdtemp(name.data());
    const auto companies = numbers(count);
    lay_folders(root / "folders", companies);
    fill(root / "books.db", companies);
    FolderBooks folders{root / "folders"};
    (void)folders.scan();
    std::this_thread::sleep_for(std::chrono::seconds{3});  // what has just been written is looked at once more
    (void)folders.scan();
    measure(
        "in folders ", "where nothing changed", [&]() -> FolderBooks& { return folders; }, count);
    std::optional<FolderBooks> fresh;
    measure(
        "in folders ", "at a start", [&]() -> FolderBooks& { return fresh.emplace(root / "folders"); }, count);
    SqlBooks database{{.type = DatabaseType::sqlite, .path = root / "books.db"},
                      parse_mapping("program: bench\ndatabases: [sqlite]\ncompanies: SELECT place, number, name, s AS "
                                    "send_all_invoices, r AS receive_invoices, collaboration_revision FROM c\n",
                                    "bench.yaml")
                          .value()};
    measure(
        "in a database", "where nothing changed", [&]() -> SqlBooks& { return database; }, count);
    fs::remove_all(root);
}
