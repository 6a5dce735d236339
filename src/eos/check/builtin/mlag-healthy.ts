import { z } from 'zod'
import { passUnless, type Verdict } from '../../../model/error.ts'
import type { AreaReading } from '../area/define-area.ts'
import { type MlagState, mlagArea } from '../area/mlag.ts'
import { defineCheck } from '../define/define-check.ts'

/** The MLAG pair is active, agrees on its configuration, and carries its interfaces on both sides. */
export const mlagHealthy = defineCheck({
  name: 'mlag-healthy',
  summary:
    'MLAG is active, its peer link up, and no MLAG interface has lost a side; on demand the pair agrees as well.',
  docs:
    'Reads `show mlag` and `show mlag interfaces`. The pair must be active and connected, the peer link and the local ' +
    'interface up. An MLAG interface that was active-full before the change ' +
    'must be so now; where the snapshot did not read the state area `mlag` every one must be. One that is new or was not ' +
    'active-full before is only said. A switch without MLAG is skipped, unless it had MLAG before. With ' +
    '`consistent: true` the configurations of the two must agree as well, which they cannot while a rollout has ' +
    'reached one of the pair and not yet the other.',
  input: z.strictObject({
    consistent: z
      .boolean()
      .default(false)
      .describe('Whether the configurations of the two must agree (`show mlag` calls it config sanity).'),
  }),
  commands: () => mlagArea.commands,

  judge({ consistent }, replies, context) {
    const now = mlagArea.now(replies)
    if (!now.ok) return { status: 'error', reason: now.error }
    const before = mlagArea.before(context)
    if (now.state.state === 'disabled') return withoutMlag(before)
    const expected = before.ok ? fullBefore(before.state) : Object.keys(now.state.interfaces)
    return passUnless(
      [...pairFaults(now.state, consistent), ...expected.flatMap((id) => interfaceFault(id, now.state, before))],
      facts(now.state, expected),
    )
  },
})

// What `show mlag` must say, in its words.
const HEALTHY: Readonly<Record<Exclude<keyof MlagState, 'interfaces'>, readonly [string, string]>> = {
  state: ['MLAG', 'active'],
  negotiation: ['negotiation with the peer', 'connected'],
  peerLink: ['peer link', 'up'],
  localInterface: ['local interface', 'up'],
  configSanity: ['config sanity', 'consistent'],
}

function pairFaults(now: MlagState, consistent: boolean) {
  const judged = (Object.keys(HEALTHY) as (keyof typeof HEALTHY)[]).filter(
    (key) => consistent || key !== 'configSanity',
  )
  return judged.flatMap((key) => {
    const [what, expected] = HEALTHY[key]
    const actual = now[key]
    return actual === expected
      ? []
      : [`${what} - expected: ${expected}, actual: ${actual === '' ? 'not told' : actual}`]
  })
}

function fullBefore({ interfaces }: MlagState) {
  return Object.keys(interfaces).filter((id) => interfaces[id]?.status === 'active-full')
}

function interfaceFault(id: string, now: MlagState, before: AreaReading<MlagState>) {
  const port = now.interfaces[id]
  if (port?.status === 'active-full') return []
  const name = port?.interface ?? (before.ok ? before.state.interfaces[id]?.interface : undefined) ?? ''
  return [`MLAG ${id} (${name}) - expected: active-full, actual: ${port?.status ?? 'not there'}`]
}

function facts(now: MlagState, expected: readonly string[]) {
  const others = Object.entries(now.interfaces).filter(
    ([id, { status }]) => !expected.includes(id) && status !== 'active-full',
  )
  return [
    `active, ${expected.length} MLAG interfaces active-full`,
    ...(now.configSanity === HEALTHY.configSanity[1]
      ? []
      : [`config sanity: ${now.configSanity === '' ? 'not told' : `${now.configSanity} with the peer now`}`]),
    ...others.map(
      ([id, { interface: name, status }]) => `MLAG ${id} (${name}) is ${status}, and was not active-full before`,
    ),
  ]
}

function withoutMlag(before: AreaReading<MlagState>): Verdict {
  if (before.ok && before.state.state !== 'disabled') {
    return passUnless([`MLAG - expected: ${before.state.state} as before, actual: disabled`])
  }
  return { status: 'skip', reason: 'MLAG is not configured on this switch' }
}
