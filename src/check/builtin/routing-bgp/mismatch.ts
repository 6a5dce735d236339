/** The fault of a value that is not as expected: `Hold time mismatch - Expected: 180 Actual: 90`. None where it is. */
export function mismatch<V extends number | string>(
  what: string,
  expected: V,
  actual: V | undefined,
  absent = 'Not Found',
): readonly string[] {
  return actual === expected ? [] : [`${what} mismatch - Expected: ${expected} Actual: ${actual ?? absent}`]
}
