import { expect, test } from 'vitest'
import type { ExitMessage } from '../../src/app/console.ts'
import { type EndSignal, newInterrupts } from '../../src/app/interrupts.ts'

/** Signals by the millisecond at which they come, and what has become of the process. */
function taken(signals: readonly (readonly [at: number, signal: EndSignal])[], word: ExitMessage = { line: 'left' }) {
  let now = 0
  const said: string[] = []
  const exits: number[] = []
  const interrupts = newInterrupts({
    monotonic: () => now,
    say: (line) => said.push(line),
    exit: (code) => exits.push(code),
  })
  interrupts.heed(() => word)
  for (const [at, signal] of signals) {
    now = at
    interrupts.take(signal)
  }
  return { stopped: interrupts.stop.aborted, said, exits }
}

const ON = { stopped: true, said: [], exits: [] }
const LEFT = { stopped: true, said: ['left'], exits: [130] }

test.each<readonly [string, readonly (readonly [number, EndSignal])[], object]>([
  ['no signal', [], { stopped: false, said: [], exits: [] }],
  ['one SIGINT', [[0, 'SIGINT']], ON],
  ['one SIGTERM', [[0, 'SIGTERM']], ON],
  ['one SIGHUP', [[0, 'SIGHUP']], ON],
  [
    'SIGINT twice',
    [
      [0, 'SIGINT'],
      [1000, 'SIGINT'],
    ],
    LEFT,
  ],
  [
    'SIGINT, then SIGTERM',
    [
      [0, 'SIGINT'],
      [1000, 'SIGTERM'],
    ],
    LEFT,
  ],
  [
    '[P10] a terminal that is closed: SIGHUP of the kernel and of the shell',
    [
      [0, 'SIGHUP'],
      [1000, 'SIGHUP'],
    ],
    ON,
  ],
  [
    'a logout: SIGHUP, then SIGTERM of the supervisor',
    [
      [0, 'SIGHUP'],
      [1000, 'SIGTERM'],
    ],
    ON,
  ],
  [
    'SIGINT, then the terminal is closed',
    [
      [0, 'SIGINT'],
      [1000, 'SIGHUP'],
    ],
    ON,
  ],
  [
    'one press under npx, which passes it on',
    [
      [0, 'SIGINT'],
      [3, 'SIGINT'],
    ],
    ON,
  ],
  [
    'two presses under npx',
    [
      [0, 'SIGINT'],
      [3, 'SIGINT'],
      [900, 'SIGINT'],
      [903, 'SIGINT'],
    ],
    LEFT,
  ],
])('%s', (_, signals, expected) => {
  expect(taken(signals)).toEqual(expected)
})

test('[G65] [F30b] [P14] while no commit timer protects a switch the second interrupt says so, and the third ends the process', () => {
  const word = { line: 'left', unprotected: 'leaf1 is confirmed' }
  const twice = [
    [0, 'SIGINT'],
    [1000, 'SIGINT'],
  ] as const
  expect(taken(twice, word)).toEqual({ stopped: true, said: ['leaf1 is confirmed'], exits: [] })
  expect(taken([...twice, [1100, 'SIGINT']], word).exits, 'the same press').toEqual([])
  expect(taken([...twice, [2000, 'SIGINT']], word)).toEqual({
    stopped: true,
    said: ['leaf1 is confirmed', 'left'],
    exits: [130],
  })
})

test('who is no longer heeded has no last word', () => {
  const said: string[] = []
  const interrupts = newInterrupts({ monotonic: () => 0, say: (line) => said.push(line), exit: () => undefined })
  const forget = interrupts.heed(() => ({ line: 'one' }))
  interrupts.heed(() => ({ line: 'other' }))
  interrupts.sayLast()
  forget()
  interrupts.sayLast()
  expect(said).toEqual(['one', 'other', 'other'])
})
