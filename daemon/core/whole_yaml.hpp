// Whether YAML::Load reads all of a text: it stops without a word where a second document begins.
// Only for rooms that link with yaml-cpp.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace samsynk {

/// The line, from 1, of what stands behind the first document; 0 where nothing does. Throws YAML::Exception.
/// Not by YAML::LoadAll, which reads a text that begins with a comma for ever.
inline int line_behind_document(const std::string& text) {
    struct Begins : YAML::EventHandler {
        void OnDocumentStart(const YAML::Mark& mark) override { line = std::max(mark.line, 0) + 1; }
        void OnDocumentEnd() override {}
        void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
        void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
        void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
        void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                             YAML::EmitterStyle::value) override {}
        void OnSequenceEnd() override {}
        void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
        void OnMapEnd() override {}
        int line = 0;
    };
    std::istringstream stream{text};
    YAML::Parser parser{stream};
    Begins first, second;
    if (!parser.HandleNextDocument(first) || !parser) return 0;
    return parser.HandleNextDocument(second) ? second.line : 0;
}

}  // namespace samsynk
