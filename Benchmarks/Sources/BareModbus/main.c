// The least a client on libmodbus can do: reads ten registers at a time in a loop.
//
// Arguments: port, how many exchanges. Prints seconds and CPU seconds of its own.

#include <modbus/modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

int main(int count, char **arguments) {
    if (count < 3) return 2;
    modbus_t *context = modbus_new_tcp("127.0.0.1", atoi(arguments[1]));
    if (modbus_connect(context) != 0) return 1;
    modbus_set_slave(context, 1);
    long exchanges = atol(arguments[2]);
    uint16_t registers[10];
    struct timespec start, end;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long number = 0; number < exchanges; number++) {
        int address = (int)(1000 * (number % 50));
        if (modbus_read_registers(context, address, 10, registers) != 10) return 1;
        if (registers[9] != (uint16_t)(address + 9)) return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_SELF, &after);
    double cpu = 0;
    cpu += after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec;
    cpu += (after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
    printf("%.6f %.6f\n", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9, cpu);
    return 0;
}
