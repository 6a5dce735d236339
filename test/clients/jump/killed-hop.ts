import { noSeams } from '../../../src/app/seams.ts'
import type { DeviceTarget, Transport } from '../../../src/device/transport.ts'
import { type DeviceCaller, type DeviceVerb, wrapDevice } from '../../../src/device/wrap-device.ts'
import type { LoopbackHost } from '../../../src/sim/listener/switch-listener.ts'
import type { RequestRecord } from '../../../src/sim/switch/counters.ts'
import type { Ended } from '../../e2e/harness.ts'
import { SkewedClock } from '../../e2e/skewed-clock.ts'
import { typed } from '../../e2e/typed.ts'
import { isSaved, whereIs, workflowFor } from '../../e2e/vlan-change.ts'
import { benchBehind } from './behind.ts'
import type { Sshd } from './sshd.ts'

/** Where a jump host is killed: right before the nth call of a verb is sent, or when the switch has carried out its nth request and answers. */
export type Strike = { readonly before: number } | { readonly behind: number }

/** One change over two jump hosts. */
export interface KilledChange {
  readonly over: DeviceTarget['transport']
  /** Where the switch and the jump hosts are. */
  readonly host: LoopbackHost
  /** The jump hosts, which live. */
  readonly hops: readonly [Sshd, Sshd]
  /** Which of them is killed, and where. Absent: none is. */
  readonly killed?: { readonly hop: 0 | 1; readonly at: Strike }
  /** Seconds after which it is back; `ended`: when the command has ended. */
  readonly back: number | 'ended'
  /** What the change has to show; default: what it makes. */
  readonly vlan?: 998 | 997
}

/** What came of a change, by its own words and by the switch. */
export interface KilledEnd {
  readonly code: number
  /** Where the switch is, by itself, at the end, and whether it has saved that. */
  readonly is: 'BEFORE' | 'AFTER'
  readonly isSaved: boolean
  /** Where it was when the command had ended. */
  readonly was: 'BEFORE' | 'AFTER'
  /** Where a jump host stayed away: the exit code of the same change, made once more when it was back. */
  readonly again?: number
  /** What the switch had committed when the command had ended. */
  readonly commits: { readonly timed: number; readonly confirms: number; readonly plain: number }
  /** In which call of the change the jump host was killed, counted from 1, and whether the switch had carried the confirm out then. */
  readonly isStruck: boolean
  readonly step: number
  readonly verb: DeviceVerb | undefined
  readonly wasConfirmed: boolean
  /** What was sent next: whether it may change the switch. */
  readonly next: RequestRecord['kind'] | undefined
  /** Whether running-config was shown with the last request that may change the switch, or behind it. */
  readonly isReadBack: boolean
  /** The verbs that were called, and how many requests the switch has seen. */
  readonly calls: readonly DeviceVerb[]
  readonly requests: number
  readonly text: string
}

/** So fast the time goes by while a jump host stays away: there is nothing to be seen but waiting. */
const STEP = { every: 50, milliseconds: 2500 }

/** Makes the change of `vlan-change.ts` over two jump hosts, one of which is killed on the way. Called in a test. */
export async function killedChange({ over, host, hops, killed, back, vlan = 998 }: KilledChange): Promise<KilledEnd> {
  const clock = new SkewedClock()
  const verify = `{ within: 30s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [${vlan}] } }] }`
  const workflow = workflowFor('leaf1', { verify, push: '{ confirmWithin: 3m }' })
  const bench = await benchBehind({ over, host, hops, clock, workflow })
  const leaf1 = bench.fabric.device('leaf1')
  const { requests } = leaf1.switch
  let struck: { readonly step: number; readonly wasConfirmed: boolean } | undefined
  let goneAt = 0
  let isOver = false
  let dead: Promise<unknown> = Promise.resolve()
  const calls: DeviceVerb[] = []
  const strike = (): void => {
    if (struck !== undefined || killed === undefined) return
    struck = { step: calls.length, wasConfirmed: leaf1.counters().commits.confirms > 0 }
    const hop = hops[killed.hop]
    // What was under way while its processes ended may still have gone through: over SSH the next line of a session.
    dead = hop.kill().then(() => {
      goneAt = requests.length
    })
    if (back === 'ended') void passing(clock, () => isOver)
    else dead = dead.then(() => clock.sleep(back * 1000)).then(() => hop.revive())
  }
  const { push } = requests
  requests.push = (...records) => {
    const length = push.apply(requests, records)
    if (killed !== undefined && 'behind' in killed.at && length >= killed.at.behind) strike()
    return length
  }
  const before = (verb: DeviceVerb): void => {
    calls.push(verb)
    if (killed !== undefined && 'before' in killed.at && calls.length >= killed.at.before) strike()
  }
  const seams = { ...noSeams, clock, transport: (transport: Transport) => beforeEach(transport, before) }
  const run = (...argv: readonly string[]): Promise<Ended> => typed(bench.dir, argv, { answers: ['yes'], seams })
  const ended = await run('run', 'workflow.yaml')
  isOver = true
  await dead
  let text = `${ended.out}${ended.err}`
  const [was, commits, seen] = [whereIs(leaf1), { ...leaf1.counters().commits }, [...requests]]
  let again: Ended | undefined
  if (killed !== undefined && back === 'ended') {
    await hops[killed.hop].revive()
    const swept = await run('sessions', 'gc')
    again = await run('run', 'workflow.yaml')
    text += [swept, again].map(({ out, err }) => `\n--- then\n${out}${err}`).join('')
    // Says what startup-config does not hold, where the save is missing.
    text += (await bench.eosflow('recover', '--scan')).out
  }
  const { step = 0, wasConfirmed = false } = struck ?? {}
  return {
    code: ended.code,
    is: whereIs(leaf1),
    isSaved: isSaved(leaf1),
    was,
    ...(again === undefined ? {} : { again: again.code }),
    commits,
    isStruck: struck !== undefined,
    step,
    verb: calls[step - 1],
    wasConfirmed,
    next: requests[goneAt]?.kind,
    isReadBack: isReadBack(seen),
    calls,
    requests: seen.length,
    text,
  }
}

function isReadBack(requests: readonly RequestRecord[]): boolean {
  const last = requests.findLastIndex(({ kind }) => kind === 'write')
  return requests
    .slice(Math.max(last, 0))
    .some(({ answer, commands }) => answer !== 'lost' && commands.some((one) => one.startsWith('show running-config')))
}

async function passing(clock: SkewedClock, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await new Promise((resolve) => setTimeout(resolve, STEP.every))
    clock.jump(STEP.milliseconds)
  }
}

function beforeEach(transport: Transport, before: (verb: DeviceVerb) => void): Transport {
  return {
    connect: async (...given) => {
      const device = await transport.connect(...given)
      const call: DeviceCaller = (send, verb) => {
        before(verb)
        return send(device)
      }
      return wrapDevice({ name: device.name, close: () => device.close() }, { read: call, write: call })
    },
  }
}
