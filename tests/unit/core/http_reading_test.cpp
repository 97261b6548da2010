#include "core/http_reading.hpp"

#include <gtest/gtest.h>

namespace samsynk {
namespace {

namespace http = boost::beast::http;

int status_for(const std::vector<std::string>& codings) {
    http::fields head;
    for (const std::string& coding : codings) head.insert(http::field::transfer_encoding, coding);
    const auto refusal = refusal_of_coding(head);
    return refusal ? refusal->status : 0;
}

TEST(HttpReading, ABodyIsAsItIsOrChunked) {
    EXPECT_EQ(status_for({}), 0);
    EXPECT_EQ(status_for({"chunked"}), 0);
    EXPECT_EQ(status_for({"Chunked"}), 0);
    for (const char* coding :
         {"xchunked", "chunkedx", "gzip", "gzip, chunked", "chunked, gzip", "identity", "", "chunked;x"})
        EXPECT_EQ(status_for({coding}), 501) << coding;
    EXPECT_EQ(status_for({"chunked", "chunked"}), 400);
    EXPECT_EQ(status_for({"gzip", "chunked"}), 400);
}

}  // namespace
}  // namespace samsynk
