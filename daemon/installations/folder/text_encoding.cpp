#include "installations/folder/text_encoding.hpp"

#include <algorithm>
#include <array>

#include "core/plain_text.hpp"
#include "core/text.hpp"

namespace samsynk::installations {
namespace {

// The upper half of code page 850, as Unicode.
constexpr std::array<char16_t, 128> cp850{
    u'Ç',      u'ü', u'é', u'â', u'ä', u'à', u'å', u'ç', u'ê', u'ë', u'è', u'ï', u'î', u'ì', u'Ä', u'Å',
    u'É',      u'æ', u'Æ', u'ô', u'ö', u'ò', u'û', u'ù', u'ÿ', u'Ö', u'Ü', u'ø', u'£', u'Ø', u'×', u'ƒ',
    u'á',      u'í', u'ó', u'ú', u'ñ', u'Ñ', u'ª', u'º', u'¿', u'®', u'¬', u'½', u'¼', u'¡', u'«', u'»',
    u'░',      u'▒', u'▓', u'│', u'┤', u'Á', u'Â', u'À', u'©', u'╣', u'║', u'╗', u'╝', u'¢', u'¥', u'┐',
    u'└',      u'┴', u'┬', u'├', u'─', u'┼', u'ã', u'Ã', u'╚', u'╔', u'╩', u'╦', u'╠', u'═', u'╬', u'¤',
    u'ð',      u'Ð', u'Ê', u'Ë', u'È', u'ı', u'Í', u'Î', u'Ï', u'┘', u'┌', u'█', u'▄', u'¦', u'Ì', u'▀',
    u'Ó',      u'ß', u'Ô', u'Ò', u'õ', u'Õ', u'µ', u'þ', u'Þ', u'Ú', u'Û', u'Ù', u'ý', u'Ý', u'¯', u'´',
    u'\u00ad', u'±', u'‗', u'¾', u'¶', u'§', u'÷', u'¸', u'°', u'¨', u'·', u'¹', u'³', u'²', u'■', u'\u00a0'};

// 0x80 to 0x9F of code page 1252; the rest is Latin-1. The five that it leaves out are as in Latin-1.
constexpr std::array<char16_t, 32> windows_signs{
    u'€',      u'\u0081', u'‚', u'ƒ', u'„', u'…', u'†', u'‡', u'ˆ', u'‰', u'Š', u'‹', u'Œ', u'\u008d', u'Ž', u'\u008f',
    u'\u0090', u'‘',      u'’', u'“', u'”', u'•', u'–', u'—', u'˜', u'™', u'š', u'›', u'œ', u'\u009d', u'ž', u'Ÿ'};

void append(std::string& text, char16_t c) {
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        text += static_cast<char>(0xE0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (c & 0x3F));
    }
}

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool one_of(std::string_view bytes, char c) { return bytes.find(c) != std::string_view::npos; }

// å ä ö Å Ä Ö é É ü Ü
constexpr std::string_view swedish_in_windows = "\xE5\xE4\xF6\xC5\xC4\xD6\xE9\xC9\xFC\xDC";
constexpr std::string_view swedish_in_dos = "\x86\x84\x94\x8F\x8E\x99\x82\x90\x81\x9A";

// “Kalle”: what would be ô and ö in DOS, about a word.
bool has_windows_quotes(std::string_view line) {
    const std::size_t opening = line.find('\x93'), closing = line.rfind('\x94');
    return opening != std::string_view::npos && closing != std::string_view::npos && opening < closing &&
           (opening == 0 || !is_ascii_letter(line[opening - 1])) &&
           (closing + 1 == line.size() || !is_ascii_letter(line[closing + 1]));
}

Letters letters_of_line(std::string_view line) {
    if (has_windows_quotes(line)) return Letters::windows;
    const auto windows = std::count_if(line.begin(), line.end(), [](char c) { return one_of(swedish_in_windows, c); });
    const auto dos = std::count_if(line.begin(), line.end(), [](char c) { return one_of(swedish_in_dos, c); });
    if (windows == dos) return Letters::unknown;
    return windows > dos ? Letters::windows : Letters::dos;
}

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

// Of a byte that is a sign in one of them: which one makes sense where it stands. 0x92 in the middle of a word is an
// apostrophe and no Æ; 0x96 between blanks is a dash and no û.
Letters letters_around(std::string_view field, std::size_t at) {
    const auto byte = static_cast<unsigned char>(field[at]);
    const char before = at > 0 ? field[at - 1] : ' ', after = at + 1 < field.size() ? field[at + 1] : ' ';
    if (byte >= 0xE0) return Letters::windows;  // è ñ ç á ø æ, and Ó ß õ µ þ
    if (byte < 0x80) return Letters::unknown;
    if (byte == 0x92 && is_small_letter(before)) return Letters::windows;
    if ((byte == 0x96 || byte == 0x97) && before == ' ' && after == ' ') return Letters::windows;
    if (byte == 0x8A || byte == 0x9E) return Letters::windows;  // Š ž, and è ×
    if (byte <= 0xA5 || byte == 0xB5 || byte == 0xB6 || byte == 0xB7 || byte == 0xC6 || byte == 0xC7)
        return Letters::dos;
    return Letters::unknown;
}

Letters most_likely(std::string_view field) {
    int windows = 0, dos = 0;
    for (std::size_t at = 0; at < field.size(); ++at) {
        const Letters here = letters_around(field, at);
        windows += here == Letters::windows;
        dos += here == Letters::dos;
    }
    return windows > dos ? Letters::windows : Letters::dos;
}

char16_t unicode_of(unsigned char byte, Letters letters) {
    if (byte == 0x15) return u'§';
    if (byte < 0x80) return byte;
    if (letters == Letters::dos) return cp850[byte - 0x80U];
    return byte < 0xA0 ? windows_signs[byte - 0x80U] : byte;
}

}  // namespace

bool is_utf8(std::string_view text) {
    const auto is_other = [](char c) { return (c & 0x80) != 0; };
    for (auto at = text.begin(); (at = std::find_if(at, text.end(), is_other)) != text.end();) {
        const std::size_t size = character_size({at, text.end()});
        if (size == 0) return false;
        at += static_cast<std::ptrdiff_t>(size);
    }
    return true;
}

std::string without_byte_order_mark(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) return std::string{text.substr(3)};
    const bool little = text.starts_with("\xFF\xFE"), big = text.starts_with("\xFE\xFF");
    if (!little && !big) return std::string{text};
    std::string utf8;
    for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
        const auto first = static_cast<unsigned char>(text[at]), second = static_cast<unsigned char>(text[at + 1]);
        const auto unit = static_cast<char16_t>(little ? first | second << 8 : first << 8 | second);
        append(utf8, unit >= 0xD800 && unit < 0xE000 ? u'\uFFFD' : unit);  // no name has what needs two
    }
    return utf8;
}

Letters letters_of(std::string_view text) {
    int windows = 0, dos = 0;
    while (!text.empty()) {
        const std::size_t end = line_length(text);
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (is_utf8(line)) continue;
        const Letters of_line = letters_of_line(line);
        windows += of_line == Letters::windows;
        dos += of_line == Letters::dos;
    }
    if (windows == dos) return Letters::unknown;
    return windows > dos ? Letters::windows : Letters::dos;
}

std::string utf8_from_sie(std::string_view field, Letters of_the_file) {
    Letters letters = letters_of_line(field);
    if (letters == Letters::unknown) letters = of_the_file;
    if (letters == Letters::unknown) letters = most_likely(field);
    const bool as_it_is = is_utf8(field);
    std::string text;
    for (const char c : field) {
        if (as_it_is && c != '\x15')
            text += c;
        else
            append(text, unicode_of(static_cast<unsigned char>(c), letters));
    }
    return text;
}

}  // namespace samsynk::installations
