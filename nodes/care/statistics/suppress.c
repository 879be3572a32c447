/* SPDX-License-Identifier: Apache-2.0
 * Nodes of the network: rows, columns, S (where the totals of columns end) and T (where those of rows begin). Edges,
 * each with its count as flow: T to row (total of the row), row to column (cell), column to S (total of the column); S
 * to T (grand total) is known. What is hidden may carry more without limit, and less down to zero. Hiding more never
 * narrows a range, so that a cell that once was safe stays so, and the loop ends.
 */
#include "suppress.h"

#include <string.h>

#include "memory.h"

enum { NODES_MAX = COUNTS_ROWS_MAX + COUNTS_COLUMNS_MAX + 2, NO_NODE = -1 };
enum { ENOUGH = SMALLEST_COUNT, TOTAL_COST = 3 };

struct network {
    const struct counts *counts;
    struct shown *shown;
    size_t rows, columns, nodes;
    uint32_t
        room[NODES_MAX]
            [NODES_MAX]; /* how much more may go from a to b; at most ENOUGH matters */
};

uint32_t counts_cell(const struct counts *counts, size_t row, size_t column)
{
    uint32_t sum = 0;
    size_t to_row = row == counts->rows ? counts->rows : row + 1;
    size_t to_column = column == counts->columns ? counts->columns : column + 1;

    for (size_t i = row == counts->rows ? 0 : row; i < to_row; i++)
        for (size_t j = column == counts->columns ? 0 : column; j < to_column; j++)
            sum += counts->at[i][j];
    return sum;
}

/* Where the edge of a cell or total begins and ends. */
static void find_ends(const struct network *net, size_t row, size_t column,
    size_t *ret_from, size_t *ret_to)
{
    size_t s = net->rows + net->columns, t = s + 1;

    *ret_from = column == net->columns ? t : row == net->rows ? net->rows + column : row;
    *ret_to = column == net->columns ? row : row == net->rows ? s : net->rows + column;
}

static bool is_edge(const struct network *net, size_t row, size_t column)
{
    if (row == net->rows || column == net->columns)
        return row != net->rows || column != net->columns;
    return !net->counts->structural[row][column];
}

static void hide(struct network *net, size_t row, size_t column)
{
    uint32_t count = counts_cell(net->counts, row, column);
    size_t from, to;

    net->shown->at[row][column] = false;
    find_ends(net, row, column, &from, &to);
    net->room[from][to] = ENOUGH;
    net->room[to][from] = count < ENOUGH ? count : ENOUGH;
}

/* One more unit from `from` to `to` through `room`; false when there is no way. */
static bool push_one(const struct network *net, uint32_t room[NODES_MAX][NODES_MAX],
    size_t from, size_t to)
{
    int came_from[NODES_MAX];
    size_t queue[NODES_MAX], first = 0, n = 0;

    for (size_t i = 0; i < net->nodes; i++)
        came_from[i] = NO_NODE;
    came_from[from] = (int)from;
    queue[n++] = from;
    while (first < n && came_from[to] == NO_NODE) {
        size_t at = queue[first++];

        for (size_t next = 0; next < net->nodes; next++)
            if (came_from[next] == NO_NODE && room[at][next] > 0) {
                came_from[next] = (int)at;
                queue[n++] = next;
            }
    }
    if (came_from[to] == NO_NODE)
        return false;
    for (size_t at = to; at != from; at = (size_t)came_from[at]) {
        room[came_from[at]][at]--;
        room[at][came_from[at]]++;
    }
    return true;
}

/* How far the edge's count can move, up (from its end back to its beginning) or down; ENOUGH and more is ENOUGH. */
static uint32_t measure(
    const struct network *net, size_t row, size_t column, bool up, uint32_t limit)
{
    uint32_t room[NODES_MAX][NODES_MAX], moved = 0;
    size_t from, to;

    find_ends(net, row, column, &from, &to);
    memcpy(room, net->room, sizeof(room));
    room[from][to] = room[to][from] = 0;
    while (moved < limit && push_one(net, room, up ? to : from, up ? from : to))
        moved++;
    return moved;
}

static bool is_safe(const struct network *net, size_t row, size_t column)
{
    uint32_t count = counts_cell(net->counts, row, column);
    uint32_t range = measure(net, row, column, true, ENOUGH);

    if (range < ENOUGH)
        range += measure(net, row, column, false, count < ENOUGH ? count : ENOUGH);
    return range >= ENOUGH;
}

/* What it costs to hide it: nothing when it is hidden, and totals say more than cells. */
static unsigned cost(const struct network *net, size_t row, size_t column)
{
    if (!net->shown->at[row][column])
        return 0;
    return row == net->rows || column == net->columns ? TOTAL_COST : 1;
}

/* Four corners of a rectangle can move against each other: the cheapest one round this cell in which something is still
 * shown; of equals the one that lies furthest right and down. False: there is none. */
static bool hide_rectangle(struct network *net, size_t row, size_t column)
{
    size_t best_row = 0, best_column = 0;
    unsigned best = 0;

    for (size_t i = 0; i <= net->rows; i++)
        for (size_t j = 0; j <= net->columns; j++) {
            if (i == row || j == column || !is_edge(net, i, j) ||
                !is_edge(net, i, column) || !is_edge(net, row, j))
                continue;
            unsigned all = cost(net, i, j) + cost(net, i, column) + cost(net, row, j);
            if (all > 0 && (best == 0 || all <= best)) {
                best = all;
                best_row = i;
                best_column = j;
            }
        }
    if (best == 0)
        return false;
    hide(net, best_row, best_column);
    hide(net, best_row, column);
    hide(net, row, best_column);
    return true;
}

/* False: nothing but the grand total is shown any more. */
static bool hide_any(struct network *net)
{
    for (size_t row = net->rows + 1; row-- > 0;)
        for (size_t column = net->columns + 1; column-- > 0;)
            if (is_edge(net, row, column) && net->shown->at[row][column]) {
                hide(net, row, column);
                return true;
            }
    return false;
}

/* False: a hidden cell cannot be made safe. */
static bool make_safe(struct network *net)
{
    bool again = true;

    while (again) {
        again = false;
        for (size_t row = 0; row <= net->rows; row++)
            for (size_t column = 0; column <= net->columns; column++) {
                if (!is_edge(net, row, column) || net->shown->at[row][column])
                    continue;
                while (!is_safe(net, row, column)) {
                    if (!hide_rectangle(net, row, column) && !hide_any(net))
                        return false;
                    again = true;
                }
            }
    }
    return true;
}

static void hide_all(const struct counts *counts, struct shown *ret)
{
    memset(ret, 0, sizeof(*ret));
    for (size_t row = 0; row < counts->rows; row++)
        for (size_t column = 0; column < counts->columns; column++)
            ret->at[row][column] = counts->structural[row][column];
}

void suppress(const struct counts *counts, struct shown *ret)
{
    struct network *net;

    PROMISE(counts->rows >= 2 && counts->rows <= COUNTS_ROWS_MAX);
    PROMISE(counts->columns >= 2 && counts->columns <= COUNTS_COLUMNS_MAX);
    if (counts_cell(counts, counts->rows, counts->columns) < SMALLEST_COUNT) {
        hide_all(counts, ret);
        return;
    }
    memset(ret->at, true, sizeof(ret->at));
    net = memory_new(sizeof(*net));
    *net = (struct network){.counts = counts,
        .shown = ret,
        .rows = counts->rows,
        .columns = counts->columns,
        .nodes = counts->rows + counts->columns + 2};
    for (size_t row = 0; row <= net->rows; row++)
        for (size_t column = 0; column <= net->columns; column++)
            if (is_edge(net, row, column) &&
                counts_cell(counts, row, column) < SMALLEST_COUNT)
                hide(net, row, column);
    if (!make_safe(net))
        hide_all(counts, ret);
    memory_free(net);
}
