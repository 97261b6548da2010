#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "contract/connectors/ground.hpp"
#include "installations/connectors.hpp"
#include "installations/folder/user_files.hpp"

namespace samsynk::installations {
namespace {

namespace fs = std::filesystem;

class FolderGround : public Ground {
public:
    FolderGround() {
        std::string name = fs::temp_directory_path() / "samsynk-ground-XXXXXX";
        parent_ = ::mkdtemp(name.data());
        fs::create_directories(root());
    }
    ~FolderGround() override { fs::remove_all(parent_); }

    std::unique_ptr<agent::LocalSide> open(boost::asio::any_io_executor executor) override {
        return make_folder_installation("main", root(), Listening::none, {}, executor);
    }
    void add(const std::string& place, const std::string& number, const std::string& name) override {
        write(root() / place / "bok.se", "#FLAGGA 0\n#FORMAT PC8\n#FNAMN \"" + name + "\"\n#ORGNR " + number + "\n");
    }
    void choose(const std::string& place, sync::Preference preference, sync::Choice choice) override {
        std::string text;
        for (const auto one : sync::all_preferences) {
            const sync::Choice value = one == preference ? choice : chosen(place, one);
            if (value) text += std::string{name_of(one)} + ": " + (*value ? "true" : "false") + "\n";
        }
        write(file(place), text.empty() ? "# nothing chosen\n" : text);
    }
    sync::Choice chosen(const std::string& place, sync::Preference preference) override {
        const auto read = parse_preferences(text_of(file(place)), "preferences.yaml");
        return read.value()[preference];
    }
    void spoil(const std::string& place) override { write(file(place), "send_all_invoices: perhaps\n"); }
    void remove(const std::string& place) override { fs::remove_all(root() / place); }
    void hide() override { fs::rename(root(), parent_ / "away"); }
    void show() override { fs::rename(parent_ / "away", root()); }
    std::string everything() override {
        std::set<std::string> all;
        for (const auto& entry : fs::recursive_directory_iterator{parent_})
            all.insert(entry.path().string() + (entry.is_regular_file() ? "=" + text_of(entry.path()) : ""));
        std::string text;
        for (const std::string& one : all) text += one + "\n";
        return text;
    }

private:
    fs::path root() const { return parent_ / "Företag"; }
    fs::path file(const std::string& place) const { return root() / place / "samsynk/preferences.yaml"; }
    static std::string text_of(const fs::path& path) {
        std::ifstream in{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static void write(const fs::path& path, const std::string& text) {
        fs::create_directories(path.parent_path());
        std::ofstream{path, std::ios::binary} << text;
    }

    fs::path parent_;
};

}  // namespace

std::unique_ptr<Ground> make_folder_ground() { return std::make_unique<FolderGround>(); }

}  // namespace samsynk::installations
