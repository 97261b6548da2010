#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "contract/connectors/ground.hpp"
#include "installations/connectors.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

// The same small made-up program on every database; only "is the same, or both are NULL" is written differently.
std::string mapping_text(const std::string& type, const std::string& backend) {
    const std::string same = backend == "sqlite3" ? "IS" : backend == "mysql" ? "<=>" : "IS NOT DISTINCT FROM";
    const auto write = [&](const std::string& column) {
        return "\n  - UPDATE choice SET " + column + " = :to WHERE place = :place AND " + column + " " + same +
               " :from\n  - INSERT INTO choice (place, " + column +
               ") SELECT :place, :to FROM company WHERE place = :place AND CAST(:from AS CHAR(5)) IS NULL AND NOT "
               "EXISTS "
               "(SELECT 1 FROM choice WHERE place = :place)\n";
    };
    return "program: made-up\ndatabases: [" + type +
           "]\n"
           "companies: |\n  SELECT c.place, c.number, c.name, x.send AS send_all_invoices, x.receive AS "
           "receive_invoices, t.told AS collaboration_revision\n  FROM company c LEFT JOIN choice x ON x.place = "
           "c.place LEFT JOIN told t ON "
           "t.place = c.place\n"
           "write_send_all_invoices:" +
           write("send") + "write_receive_invoices:" + write("receive") +
           "write_collaboration:\n"
           "  - UPDATE told SET name = :name, office = :office_name, state = :state, told = :collaboration_revision "
           "WHERE place = "
           ":place\n"
           "  - INSERT INTO told (place, name, office, state, told) SELECT :place, :name, :office_name, :state, "
           ":collaboration_revision "
           "FROM company WHERE place = :place AND NOT EXISTS (SELECT 1 FROM told WHERE place = :place)\n"
           "marker: SELECT mark FROM mark\n"
           "write_marker:\n  - UPDATE mark SET mark = :marker\n"
           "  - INSERT INTO mark (mark) SELECT :marker FROM (SELECT 1) one WHERE NOT EXISTS (SELECT 1 FROM mark)\n";
}

class SqlGround : public Ground {
public:
    // The ground is looked into by `backend`, whatever the connector reaches it with.
    SqlGround(const std::string& backend, const std::string& connect_text, DatabaseAddress address)
        : backend_{backend}, address_{std::move(address)}, session_{backend, connect_text} {
        for (const char* table : {"company", "choice", "told", "mark"})
            session_ << std::string{"DROP TABLE IF EXISTS "} + table;
        session_ << "CREATE TABLE company (place VARCHAR(200) PRIMARY KEY, number VARCHAR(40), name VARCHAR(200))";
        session_ << "CREATE TABLE choice (place VARCHAR(200) PRIMARY KEY, send VARCHAR(10), receive VARCHAR(10))";
        session_ << "CREATE TABLE told (place VARCHAR(200) PRIMARY KEY, name VARCHAR(200), office VARCHAR(200), state "
                    "VARCHAR(20), told VARCHAR(40))";
        session_ << "CREATE TABLE mark (mark VARCHAR(100))";
    }

    std::unique_ptr<agent::LocalSide> open(boost::asio::any_io_executor executor) override {
        auto mapping =
            parse_mapping(mapping_text(std::string{name_of(address_.type)}, backend_), "made-up.yaml").value();
        return std::move(make_sql_installation("main", address_, std::move(mapping), true, executor).value());
    }
    void add(const std::string& place, const std::string& number, const std::string& name) override {
        session_ << "INSERT INTO company (place, number, name) VALUES (:place, :number, :name)", soci::use(place),
            soci::use(number), soci::use(name);
    }
    void choose(const std::string& place, sync::Preference preference, sync::Choice choice) override {
        sync::Preferences all{chosen(place, sync::Preference::send_all_invoices),
                              chosen(place, sync::Preference::receive_invoices)};
        all[preference] = choice;
        put(place, text(all.send_all_invoices), text(all.receive_invoices));
    }
    sync::Choice chosen(const std::string& place, sync::Preference preference) override {
        std::string value;
        soci::indicator is = soci::i_null;
        const std::string column = preference == sync::Preference::send_all_invoices ? "send" : "receive";
        session_ << "SELECT " + column + " FROM choice WHERE place = :place", soci::use(place), soci::into(value, is);
        if (!session_.got_data() || is == soci::i_null) return std::nullopt;
        return value == "1";
    }
    void spoil(const std::string& place) override { put(place, "perhaps", std::nullopt); }
    void remove(const std::string& place) override {
        session_ << "DELETE FROM company WHERE place = :place", soci::use(place);
    }
    void hide() override { session_ << "ALTER TABLE company RENAME TO away"; }
    void show() override { session_ << "ALTER TABLE away RENAME TO company"; }
    std::string everything() override {
        std::string all;
        for (const char* query : {"SELECT place, number, name, '', '' FROM company ORDER BY place",
                                  "SELECT place, send, receive, '', '' FROM choice ORDER BY place",
                                  "SELECT place, name, office, state, told FROM told ORDER BY place",
                                  "SELECT mark, '', '', '', '' FROM mark"}) {
            std::array<std::string, 5> texts;
            std::array<soci::indicator, 5> is{};
            soci::statement statement =
                (session_.prepare << query, soci::into(texts[0], is[0]), soci::into(texts[1], is[1]),
                 soci::into(texts[2], is[2]), soci::into(texts[3], is[3]), soci::into(texts[4], is[4]));
            for (bool more = statement.execute(true); more; more = statement.fetch()) {
                for (std::size_t i = 0; i < texts.size(); ++i)
                    all += (is.at(i) == soci::i_null ? "NULL" : texts.at(i)) + "|";
                all += "\n";
            }
        }
        return all;
    }

private:
    static std::optional<std::string> text(sync::Choice choice) {
        if (!choice) return std::nullopt;
        return *choice ? "1" : "0";
    }
    void put(const std::string& place, std::optional<std::string> send, std::optional<std::string> receive) {
        session_ << "DELETE FROM choice WHERE place = :place", soci::use(place);
        const std::string send_text = send.value_or(""), receive_text = receive.value_or("");
        soci::indicator send_is = send ? soci::i_ok : soci::i_null, receive_is = receive ? soci::i_ok : soci::i_null;
        session_ << "INSERT INTO choice (place, send, receive) VALUES (:place, :send, :receive)", soci::use(place),
            soci::use(send_text, send_is), soci::use(receive_text, receive_is);
    }

    std::string backend_;
    DatabaseAddress address_;
    soci::session session_;
};

class SqliteGround : public SqlGround {
public:
    explicit SqliteGround(const fs::path& folder)
        : SqlGround{"sqlite3", "dbname=\"" + file_in(folder).string() + "\"",
                    DatabaseAddress{.type = DatabaseType::sqlite, .path = file_in(folder)}},
          folder_{folder} {}
    ~SqliteGround() override { fs::remove_all(folder_); }

private:
    static fs::path file_in(const fs::path& folder) { return folder / "Bokföring 2026.db"; }
    fs::path folder_;
};

// `host=… port=… dbname=… user=…`, each value without blanks.
DatabaseAddress address_of(DatabaseType type, const std::string& text) {
    DatabaseAddress address{.type = type};
    std::istringstream words{text};
    for (std::string word; words >> word;) {
        const std::string key = word.substr(0, word.find('=')), value = word.substr(word.find('=') + 1);
        if (key == "host" || key == "unix_socket") address.host = value;
        if (key == "port") address.port = std::stoi(value);
        if (key == "dbname" || key == "db") address.name = value;
        if (key == "user") address.user = value;
    }
    return address;
}

}  // namespace

std::unique_ptr<Ground> make_sqlite_ground() {
    std::string name = fs::temp_directory_path() / "samsynk-ground-XXXXXX";
    return std::make_unique<SqliteGround>(::mkdtemp(name.data()));
}

std::unique_ptr<Ground> make_server_ground(const char* variable) {
    const char* given = std::getenv(variable);
    if (!given) return nullptr;
    const std::string name{variable};
    const std::string backend = name.ends_with("POSTGRESQL") ? "postgresql"
                                : name.ends_with("SQLITE")   ? "sqlite3"
                                                             : "mysql";
    if (name.find("ODBC") != std::string::npos)
        return std::make_unique<SqlGround>(backend, given,
                                           DatabaseAddress{.type = DatabaseType::odbc, .name = "samsynk-contract"});
    const auto type = backend == "mysql" ? DatabaseType::mariadb : DatabaseType::postgresql;
    return std::make_unique<SqlGround>(backend, given, address_of(type, given));
}

}  // namespace samsynk::installations
