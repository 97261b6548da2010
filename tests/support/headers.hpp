// What nearly every test reads, compiled once (tests/CMakeLists.txt).
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "../../daemon/main/headers.hpp"
