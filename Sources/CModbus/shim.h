#pragma once
#include <errno.h>
#include <modbus/modbus.h>

// The library's own codes are macros of macros, which are not imported.
static const int modbus_error_crc = EMBBADCRC;
static const int modbus_error_data = EMBBADDATA;
static const int modbus_error_too_much_data = EMBMDATA;
static const int modbus_error_other_slave = EMBBADSLAVE;
