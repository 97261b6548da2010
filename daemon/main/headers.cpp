// Compiles headers.hpp for the others.
