/**
 * How far a quantity may move and still count as the same: so many percent of what it was, or so much in its own unit.
 * Where both are given, the wider one holds; without any, only the same number is the same.
 */
export interface Tolerance {
  readonly percent?: number
  readonly by?: number
}

/** Tolerances by the attribute they are of: `{ routes: { percent: 2 }, rx: { by: 1 } }`. `*` is of all that are not named. */
export type Tolerances = Readonly<Record<string, Tolerance>>

/** What binary fractions make of decimal ones: 2.2 - 1.2 is a little more than 1. */
const ROUNDING = 1e-9

/** Whether two readings of a quantity are the same within a tolerance, its bounds included. */
export function isWithin({ percent = 0, by = 0 }: Tolerance, was: number, is: number): boolean {
  const allowed = Math.max((Math.abs(was) * percent) / 100, by)
  return Math.abs(is - was) <= allowed * (1 + ROUNDING)
}
