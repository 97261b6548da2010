// What no name and no organisation number can be, whichever way it comes in.
#pragma once

#include <string>
#include <vector>

namespace samsynk::sandbox {

inline const std::vector<std::string> unreadable_names{"",
                                                       "   ",
                                                       " \u00a0\u2003\u3000",
                                                       "\u200b\u2060",
                                                       "Two\nlines AB",
                                                       "Two\r\nlines AB",
                                                       "A\tB",
                                                       "Lindqvist AB\n",
                                                       "\x1b[2JLindqvist AB",
                                                       "A\x07",
                                                       "A\x7f",
                                                       "A\u009b31m",
                                                       "A\u2028B",
                                                       "A\u202eB",
                                                       "\xc5kerberg AB",
                                                       "A\xff",
                                                       std::string(201, 'a')};

inline const std::vector<std::string> unusable_numbers{"5555555555", "000000-0000", "1212121212", "1234567897",
                                                       "1111111116", "556016-0681", "0556012342", "8002301235"};

}  // namespace samsynk::sandbox
