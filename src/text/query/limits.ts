/**
 * The longest text of one expression, in UTF-16 code units. Ours: parsing takes time and memory in proportion, and the
 * longest recorded expression has 120.
 */
export const LONGEST_EXPRESSION = 16_384

/** Ours: AWS stops an evaluation at 100 levels, and a parser's own stack is far deeper. */
export const DEEPEST_SYNTAX = 250

/**
 * How many steps an evaluation may take, about a second of work. A step is the evaluation of one node of the syntax tree,
 * one call of a function, or 64 bytes of a value that is walked; they are counted and not timed, so that an expression
 * ends in the same way on every machine.
 */
export const MOST_STEPS = 1_000_000

/** The bytes of a value that one step walks. */
export const BYTES_PER_STEP = 64

/**
 * The largest value that any step may see or make, in bytes: 8 for a number, boolean or null, one for each character of a
 * string or a key. AWS stops at 6,990,256, so nothing that fits there is refused here, and what 10,000 switches answer
 * with 1.6 kB each fits too.
 */
export const LARGEST_VALUE = 16_777_216

export const DEEPEST_VALUE = 200

/** How many members a sequence may have (the bound that JSONata's own option `sequence` takes). */
export const LONGEST_SEQUENCE = 100_000

/**
 * How many nodes may be under evaluation at once: levels of recursion, and the members of an array or object constructor,
 * which are evaluated side by side. Each holds about 2 kB.
 */
export const MOST_PENDING = 5_000

/** The last resort, should steps be dearer than thought: milliseconds after which JSONata itself gives up (D1012). */
export const LONGEST_MILLISECONDS = 30_000
