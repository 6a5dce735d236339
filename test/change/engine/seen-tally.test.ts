import { expect, test } from 'vitest'
import { seenTally } from '../../../src/change/engine/prober.ts'
import type { SeenSwitch } from '../../../src/change/task/act/context.ts'
import { partOf } from '../../lab/part-of.ts'

interface Said {
  readonly isUp: boolean
  /** How many seconds ago it came to this. Absent: the switch does not tell. */
  readonly ago?: number
}

/** A round: at which second it was, and what the switch said of its port. */
type Round = readonly [at: number, said: Said]

/** The clock of the switch is an hour behind. */
const epochAt = (at: number) => 1_000_000 + at - 3_600

/** What is known in the end of a port that was up before the change, which began at second 10. */
function seenIn(rounds: readonly Round[], wasUp: boolean) {
  let said: Said = { isUp: true }
  let now = 0
  const port = {
    standings: () => ({
      'interface Ethernet1': {
        isUp: said.isUp,
        ...(said.ago === undefined ? {} : { since: epochAt(now) - said.ago }),
      },
    }),
    upBefore: () => (wasUp ? ['interface Ethernet1'] : []),
  }
  const tally = seenTally(port, 10_000, (at) => `${at / 1000} s`)
  for (const [at, one] of rounds) {
    said = one
    now = at
    const look = partOf<SeenSwitch['look']>({ epoch: epochAt(at), replies: [] })
    tally.saw({ device: 'leaf1', at: at * 1000, look, commands: [], baseline: {} })
  }
  return tally.readings(60_000)
}

const UP: Said = { isUp: true }
const DOWN: Said = { isUp: false }

test.each<[string, readonly Round[], boolean, readonly string[]]>([
  [
    'up all the time',
    [
      [12, { isUp: true, ago: 500 }],
      [17, { isUp: true, ago: 505 }],
    ],
    true,
    [],
  ],
  [
    'down before, and down',
    [
      [12, { isUp: false, ago: 500 }],
      [17, { isUp: false, ago: 505 }],
    ],
    false,
    [],
  ],
  [
    'down before, and up by the change',
    [
      [12, { isUp: false, ago: 500 }],
      [17, { isUp: true, ago: 2 }],
    ],
    false,
    [],
  ],
  // Down at 13 and up at 16, each give or take a second.
  [
    'down and up by the clock of the switch',
    [
      [12, { isUp: true, ago: 500 }],
      [15, { isUp: false, ago: 2 }],
      [20, { isUp: true, ago: 4 }],
    ],
    true,
    ['switch 12 s to 17 s: 1000 to 5000'],
  ],
  [
    'down and up between two rounds',
    [
      [12, { isUp: true, ago: 500 }],
      [20, { isUp: true, ago: 4 }],
    ],
    true,
    ['rounds 12 s to 17 s: 0 to 5000'],
  ],
  ['down and up before the first round', [[20, { isUp: true, ago: 4 }]], true, ['rounds 10 s to 17 s: 0 to 7000']],
  ['new, and up since the change', [[20, { isUp: true, ago: 4 }]], false, []],
  [
    'down when it is first seen, since the commit',
    [
      [12, { isUp: false, ago: 2 }],
      [17, { isUp: true, ago: 1 }],
    ],
    true,
    ['switch 10 s to 17 s: 4000 to 7000'],
  ],
  [
    'down and up by rounds alone',
    [
      [12, UP],
      [15, DOWN],
      [18, DOWN],
      [22, UP],
    ],
    true,
    ['rounds 12 s to 22 s: 3000 to 10000'],
  ],
  [
    'down to the end',
    [
      [12, UP],
      [15, DOWN],
      [58, DOWN],
    ],
    true,
    ['rounds 12 s: 43000 to 48000'],
  ],
  [
    'twice',
    [
      [12, UP],
      [13, DOWN],
      [14, UP],
      [30, DOWN],
      [31, UP],
    ],
    true,
    ['rounds 14 s to 31 s: 0 to 17000', 'rounds 12 s to 14 s: 0 to 2000'],
  ],
  [
    'told of twice by one look',
    [
      [12, UP],
      [12, DOWN],
      [15, UP],
    ],
    true,
    [],
  ],
])('%s', (_, rounds, wasUp, expected) => {
  const { looked, down } = seenIn(rounds, wasUp)
  expect(
    down.map(
      ({ by, from, to, least, most }) => `${by} ${from}${to === undefined ? '' : ` to ${to}`}: ${least} to ${most}`,
    ),
  ).toEqual(expected)
  expect(looked).toBe(down.length > 0 || rounds.some(([, { isUp }]) => isUp) ? 1 : 0)
})
