// Compiles the parts of Asio and Beast that need compiling only once (BOOST_*_SEPARATE_COMPILATION); those for TLS are
// apart, so that who has no use for TLS does not load it.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
