import { expect, test } from 'vitest'
import { isRefusedLogin, patiently } from '../../../src/change/task/act/act.ts'
import { EosflowError, type ErrorKind } from '../../../src/model/error.ts'
import { partOf } from '../../lab/part-of.ts'

/** Asks what always fails so. Gives how often it was asked, and the pauses between in milliseconds. */
async function asked(kind: ErrorKind, { fraction = 0, stopsAt = 0 } = {}) {
  const stop = new AbortController()
  const pauses: number[] = []
  let times = 0
  const patience = partOf<Parameters<typeof patiently>[0]>({
    clock: { sleep: async (pause: number) => void pauses.push(pause) },
    random: { fraction: () => fraction },
    signal: stop.signal,
  })
  const work = patiently(patience, async (attempt) => {
    times += 1
    expect(attempt).toBe(times)
    if (times === stopsAt) stop.abort()
    throw new EosflowError(kind, 'no answer')
  })
  await expect(work).rejects.toMatchObject({ kind, message: 'no answer' })
  return { times, pauses }
}

test.each<[ErrorKind]>([['unreachable'], ['lost-answer']])(
  '%s: it is asked three times in all, each pause twice as long, with jitter',
  async (kind) => {
    expect(await asked(kind)).toEqual({ times: 3, pauses: [250, 500] })
    expect(await asked(kind, { fraction: 0.5 })).toEqual({ times: 3, pauses: [500, 1000] })
  },
)

test.each<[ErrorKind]>([['refused'], ['wrong-device'], ['protocol'], ['unauthenticated']])(
  '%s is an answer: it is asked once',
  async (kind) => {
    expect(await asked(kind)).toEqual({ times: 1, pauses: [] })
  },
)

test('whoever is stopped asks no more', async () => {
  expect(await asked('unreachable', { stopsAt: 2 })).toEqual({ times: 2, pauses: [250] })
})

test('what a switch says that takes no new login is no word about the switch itself', () => {
  const kinds = ['unreachable', 'lost-answer', 'unauthenticated', 'tls', 'protocol', 'refused', 'secret'] as const
  expect(kinds.filter((kind) => !isRefusedLogin(new EosflowError(kind, 'no')))).toEqual([])
  const others = ['wrong-device', 'stale', 'bug', 'busy', 'guard', 'store', 'cancelled'] as const
  expect(others.filter((kind) => isRefusedLogin(new EosflowError(kind, 'no')))).toEqual([])
  expect(isRefusedLogin(new RangeError('no'))).toBe(false)
})
