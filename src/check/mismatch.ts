/** What a check compares: JSON has no other single values. */
type Told = string | number | boolean

/**
 * One fault in the words of the catalogue, `<what> - Expected: … Actual: …`; none where both are the same. What the
 * switch does not tell is `Not found`, and never as expected.
 */
export function mismatch(what: string, expected: Told, actual: Told | null | undefined): readonly string[] {
  return actual === expected ? [] : [`${what} - Expected: ${expected} Actual: ${actual ?? 'Not found'}`]
}
