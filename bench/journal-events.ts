import type { EventBody } from '../src/change/record/event/event.ts'

/** The texts that they name, each by two digits. */
export const TEXTS = ['0a', '1b', '2c', '3d'] as const

type TextName = (typeof TEXTS)[number]

const absent = (text: TextName): string => `blob:${text.repeat(32)}`

/**
 * What a fleet's roll-out puts on record about one switch: fifteen events in the shapes and sizes of a real execution. `blob` gives the reference of a
 * text that a store has; without it no store has any.
 */
export function eventsOf(device: number, blob: (text: TextName) => string = absent): readonly EventBody[] {
  const name = `leaf${device}`
  const session = `eosflow-7f3a9c01-${device}`
  const scope = `RollOutWaves[${Math.floor(device / 20)}].RollOutWave[${device % 20}]`
  const push = { path: scope, state: 'Push' }
  const verify = { path: scope, state: 'Verify' }
  return [
    { type: 'StateEntered', ...push },
    {
      type: 'TaskScheduled',
      ...push,
      attempt: 1,
      arguments: {
        confirmWithin: 600,
        plan: blob('0a'),
        change: { mode: 'merge', lines: ['vlan 998', '   name BLUE'] },
      },
      timeoutSeconds: 900,
      device: name,
    },
    { type: 'TaskStarted', ...push, attempt: 1, device: name },
    { type: 'ActIntended', device: name, act: 'stage', session, checkpoint: `${session}-before` },
    {
      type: 'ActFinished',
      device: name,
      act: 'stage',
      session,
      outcome: 'done',
      base: blob('1b'),
      target: blob('2c'),
    },
    { type: 'ActIntended', device: name, act: 'arm', session, checkpoint: `${session}-before`, seconds: 600 },
    { type: 'ActFinished', device: name, act: 'arm', session, outcome: 'done' },
    { type: 'TaskSucceeded', ...push, output: { armed: true, secondsLeft: 598, diff: blob('3d') }, device: name },
    { type: 'StateExited', ...push, output: { device: name, pushed: true }, assigned: { pushed: [name] } },
    { type: 'StateEntered', ...verify },
    { type: 'TaskStarted', ...verify, attempt: 1, device: name },
    {
      type: 'VerdictGiven',
      device: name,
      check: 'bgp-established',
      round: 1,
      verdict: { status: 'fail', reasons: [`${name}: peer 10.0.0.1 (AS 65001) is Active, not Established, for 4 s`] },
    },
    {
      type: 'VerdictGiven',
      device: name,
      check: 'bgp-established',
      round: 2,
      verdict: { status: 'pass', facts: ['peer 10.0.0.1 (AS 65001) is Established', '1,204 prefixes received'] },
    },
    { type: 'TaskSucceeded', ...verify, output: { rounds: 2, stableFor: 30 }, device: name },
    { type: 'StateExited', ...verify, output: { device: name, verified: true } },
  ]
}
