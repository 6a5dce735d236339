/** How far a quantity may move and still count as the same: so many percent of what it was, or so much in its own unit. */
export interface Tolerance {
  readonly percent?: number
  readonly by?: number
}

/** Tolerances by the attribute they are of: `{ routes: { percent: 2 }, rx: { by: 1 } }`. */
export type Tolerances = Readonly<Record<string, Tolerance>>

// What binary fractions make of decimal ones: 2.2 - 1.2 is a little more than 1.
const ROUNDING = 1e-9

export function isWithin({ percent = 0, by = 0 }: Tolerance, was: number, is: number): boolean {
  const allowed = Math.max((Math.abs(was) * percent) / 100, by)
  return Math.abs(is - was) <= allowed * (1 + ROUNDING)
}
