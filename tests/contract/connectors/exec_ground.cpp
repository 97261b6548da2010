// The exec connector with the bridge that integrators copy.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <soci/soci.h>

#include "contract/connectors/ground.hpp"
#include "installations/exec/exec_installation.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

class ExecGround : public Ground {
public:
    explicit ExecGround(const fs::path& folder) : folder_{folder} {
        const std::string prepare = std::string{bridge} + " --prepare '" + file().string() + "'";
        if (std::system(prepare.c_str()) != 0) throw std::runtime_error{prepare};  // NOLINT
        session_.open("sqlite3", "dbname=\"" + file().string() + "\"");
    }
    ~ExecGround() override { fs::remove_all(folder_); }

    std::unique_ptr<agent::LocalSide> open(boost::asio::any_io_executor executor) override {
        ExecOptions options{.command = {bridge, file().string()}, .environment = {}};
        // For tests/system/test_exec_bridge.py, which looks at every line that went to and fro.
        if (const char* traffic = std::getenv("SAMSYNK_TEST_TRAFFIC"))
            options.command = {
                "/bin/sh",       "-c",   R"(tee -a "$2/requests" | "$0" "$1" | tee -a "$2/answers")", bridge,
                file().string(), traffic};
        return make_exec_installation("main", std::move(options), executor);
    }
    void add(const std::string& place, const std::string& number, const std::string& name) override {
        session_ << "INSERT INTO company (place, number, name) VALUES (:place, :number, :name)", soci::use(place),
            soci::use(number), soci::use(name);
    }
    void choose(const std::string& place, sync::Preference preference, sync::Choice choice) override {
        put(place, preference, choice ? (*choice ? "1" : "0") : "NULL");
    }
    sync::Choice chosen(const std::string& place, sync::Preference preference) override {
        int value = 0;
        soci::indicator is = soci::i_null;
        session_ << "SELECT " + std::string{name_of(preference)} + " FROM company WHERE place = :place",
            soci::use(place), soci::into(value, is);
        if (!session_.got_data() || is == soci::i_null) return std::nullopt;
        return value == 1;
    }
    void spoil(const std::string& place) override { put(place, sync::Preference::send_all_invoices, "'perhaps'"); }
    void remove(const std::string& place) override {
        session_ << "DELETE FROM company WHERE place = :place", soci::use(place);
    }
    void hide() override { fs::rename(file(), folder_ / "away"); }
    void show() override { fs::rename(folder_ / "away", file()); }
    std::string everything() override {
        std::string all;
        for (const char* query : {"SELECT json_array(place, number, name, send_all_invoices, receive_invoices, "
                                  "collaboration_revision, collaboration) FROM "
                                  "company ORDER BY place",
                                  "SELECT marker FROM marker"}) {
            std::string row;
            soci::statement statement = (session_.prepare << query, soci::into(row));
            for (bool more = statement.execute(true); more; more = statement.fetch()) all += row + "\n";
        }
        return all;
    }

private:
    static constexpr const char* bridge = SAMSYNK_SOURCE_DIR "/config/bridges/sqlite_bridge.py";
    fs::path file() const { return folder_ / "Bokföring 2026.db"; }
    void put(const std::string& place, sync::Preference preference, const std::string& value) {
        session_ << "UPDATE company SET " + std::string{name_of(preference)} + " = " + value + " WHERE place = :place",
            soci::use(place);
    }

    fs::path folder_;
    soci::session session_;
};

}  // namespace

std::unique_ptr<Ground> make_exec_ground() {
    std::string name = fs::temp_directory_path() / "samsynk-ground-XXXXXX";
    return std::make_unique<ExecGround>(::mkdtemp(name.data()));
}

}  // namespace samsynk::installations
