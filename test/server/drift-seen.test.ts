import { describe, expect, test } from 'vitest'
import { DriftSeen, driftSum } from '../../src/server/drift-seen.ts'

const [EARLY, LATE] = ['2026-01-05T08:00:00.000Z', '2026-01-05T09:00:00.000Z']

/** What comparisons have found, by the names of the switches. */
function seenOf(found: Readonly<Record<string, string>>, at = EARLY): DriftSeen {
  const seen = new DriftSeen()
  const error = { kind: 'unreachable', message: 'no answer' }
  const devices = Object.entries(found).map(([name, state]) =>
    state === 'unread' ? { name, state, error } : { name, state },
  )
  seen.take({ devices }, at)
  return seen
}

const all = (seen: DriftSeen, ...names: readonly string[]) => driftSum(names.flatMap((name) => seen.of(name) ?? []))

describe('what was found when switches were compared last', () => {
  test('counts no switch that did not answer or was never confirmed as one that is as it was', () => {
    const seen = seenOf({ leaf1: 'same', leaf2: 'unread', leaf3: 'unknown' })
    expect([all(seen, 'leaf1', 'leaf2', 'leaf3', 'leaf4'), all(seen, 'leaf2', 'leaf3')]).toEqual([
      { differs: 0, compared: 1, at: EARLY },
      undefined,
    ])
  })

  test('is as old as the first of these looks', () => {
    const seen = seenOf({ leaf1: 'same', leaf2: 'differs' })
    seen.take({ devices: [{ name: 'leaf1', state: 'same' }] }, LATE)
    expect(all(seen, 'leaf1', 'leaf2')).toEqual({ differs: 1, compared: 2, at: EARLY })
  })

  test('says nothing of a switch on which a change was confirmed since', () => {
    const seen = seenOf({ leaf1: 'differs' })
    expect([seen.of('leaf1', LATE), seen.of('leaf1', EARLY)?.drift.state, seen.of('leaf1')?.at]).toEqual([
      undefined,
      'differs',
      EARLY,
    ])
  })
})
