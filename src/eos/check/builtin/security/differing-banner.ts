/** What is wrong with a banner; `kind` is how a message names it, `login` or `MOTD`. Every space counts. */
export function differingBanner(kind: 'login' | 'MOTD', expected: string, actual: string): readonly string[] {
  if (actual === '') return [`${kind === 'login' ? 'Login' : kind} banner is not configured`]
  if (actual === expected) return []
  return [`Incorrect ${kind} banner configured - Expected: '${expected}' Actual: '${actual}'`]
}
