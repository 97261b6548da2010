// What Asio, Beast and JSON need compiled, with the fuzzer's eyes in it; without TLS, which no target needs.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
