/** What the setting is called, what it must be, and what the switch tells it is. */
export type MlagSetting = readonly [what: string, expected: number | string, actual: number | string | undefined]

/** The settings that are not as expected, one line each; one that the switch does not tell is not. */
export function mlagMismatches(settings: readonly MlagSetting[], unit = ''): readonly string[] {
  return settings.flatMap(([what, expected, actual]) => {
    if (actual === expected) return []
    const told = actual === undefined ? 'not told' : `${actual}${unit}`
    return [`${what} mismatch - Expected: ${expected}${unit} Actual: ${told}`]
  })
}
