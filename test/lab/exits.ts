import { expect } from 'vitest'

/** Expects a command line to end with an exit code, and shows what it has printed where it does not. Gives how it ended. */
export async function exits<Ended extends { readonly code: number | null }>(
  code: number,
  command: Promise<Ended>,
): Promise<Ended> {
  const ended = await command
  expect(ended.code, Object.values(ended).join('\n')).toBe(code)
  return ended
}
