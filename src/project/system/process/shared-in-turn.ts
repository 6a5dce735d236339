import type { CommitTurn } from '../../../change/record/sqlite/group-commit.ts'

/**
 * One reading for all that ask about the same in one turn of the loop, which begins behind the question of each; without a turn one for each. `of` says what
 * somebody asks about.
 */
export function sharedInTurn<Asked, T>(
  turn: CommitTurn | undefined,
  of: (asked: Asked) => string,
  read: (asked: Asked) => Promise<T>,
): (asked: Asked) => Promise<T> {
  if (turn === undefined) return read
  const readings = new Map<string, Promise<T>>()
  return (asked) => {
    const key = of(asked)
    const known = readings.get(key)
    if (known !== undefined) return known
    const reading = new Promise<void>((resolve) => turn(resolve)).then(() => {
      readings.delete(key)
      return read(asked)
    })
    readings.set(key, reading)
    return reading
  }
}
