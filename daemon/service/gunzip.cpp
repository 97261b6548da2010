#include "service/gunzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace samsynk::service {
namespace {

class Inflater {
public:
    Inflater() { ready_ = ::inflateInit2(&stream_, MAX_WBITS + 16) == Z_OK; }  // + 16: gzip, and nothing else
    ~Inflater() {
        if (ready_) ::inflateEnd(&stream_);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    bool ready() const { return ready_; }
    z_stream& stream() { return stream_; }

private:
    z_stream stream_{};
    bool ready_ = false;
};

}  // namespace

Unpacked gunzip(std::string_view packed, std::size_t most) {
    Inflater inflater;
    if (!inflater.ready() || packed.empty()) return {Unpacking::damaged, {}};
    z_stream& stream = inflater.stream();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    std::array<char, 32 * 1024> piece;
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        const int went = ::inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = piece.size() - stream.avail_out;
        if (text.size() + got > most) return {Unpacking::too_large, {}};
        text.append(piece.data(), got);
        if (went == Z_STREAM_END) {
            if (stream.avail_in == 0) return {Unpacking::done, std::move(text)};
            if (::inflateReset(&stream) != Z_OK) return {Unpacking::damaged, {}};
        } else if (went != Z_OK || (stream.avail_in == 0 && got < piece.size())) {
            return {Unpacking::damaged, {}};
        }
    }
}

}  // namespace samsynk::service
