/* SPDX-License-Identifier: Apache-2.0
 *
 * figures: what every bench measures with: a clock in microseconds, percentiles, memory and processor time of a process.
 */
#ifndef AMAAN_FIGURES_H
#define AMAAN_FIGURES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int64_t figure_now_us(void); /* steady */
/* The value below which `percent` of them lie, in ms; sorts `took_us`. n > 0. */
double figure_percentile_ms(int64_t *took_us, size_t n, int percent);
int64_t figure_memory_bytes(
    pid_t pid); /* resident memory of a process; -1 if it is gone */

/* Processor time that a process used so far, all threads; -1 if it is gone. */
int64_t figure_cpu_us(pid_t pid);
int64_t figure_own_cpu_us(void); /* also of threads that ended */

#endif
