import { changeTasks } from '../../../src/change/engine/change-tasks.ts'
import {
  type DeviceCaller,
  type DeviceTarget,
  type DeviceVerb,
  type Transport,
  wrapDevice,
} from '../../../src/eos/device/device.ts'
import type { LoopbackHost } from '../../../src/eos/sim/listener/switch-listener.ts'
import type { Counters, RequestRecord } from '../../../src/eos/sim/switch/counters.ts'
import type { Clock } from '../../../src/model/clock.ts'
import { noSeams, type Seams } from '../../../src/project/system/process/seams.ts'
import { type Ended, isSaved, typed, whereIs, workflowFor } from '../../lab/lab.ts'
import { SkewedClock } from '../../lab/skewed-clock.ts'
import { benchBehind, type Sshd } from './sshd.ts'

/**
 * Where a jump host is killed: right before the nth call of a verb is sent, or when the switch has carried out its nth request and answers.
 * `from`: counted from the first call of this verb.
 */
export type Strike = ({ readonly before: number } | { readonly behind: number }) & { readonly from?: DeviceVerb }

/** One change over two jump hosts. */
export interface KilledChange {
  readonly over: DeviceTarget['transport']
  /** Where the switch and the jump hosts are. */
  readonly host: LoopbackHost
  /** The jump hosts, which live. */
  readonly hops: readonly [Sshd, Sshd]
  /** Which of them is killed, where, and as what it is back. Absent: none is. */
  readonly killed?: { readonly hop: 0 | 1; readonly at: Strike; readonly as?: 'another host key' }
  /** Whether it is back before the command tries anything again, or when it has ended. */
  readonly back: 'soon' | 'ended'
  /** The VLAN that the verification asks for: 998, which the change makes, or one that is never there. Default 998. */
  readonly vlan?: 998 | 997
}

/** What came of a change, by its own words and by the switch. */
export interface KilledEnd {
  readonly code: number
  /** Where the command has said that the switch is, and where it was when the command had ended, by itself. */
  readonly said: Said
  readonly was: Is
  /** Where it is at the end, and whether it has saved that. */
  readonly is: Is
  readonly isSaved: boolean
  /** Where a jump host stayed away: the exit code of the same change, made once more when it was back, and where that says that the switch is. */
  readonly again?: { readonly code: number; readonly said: Said }
  /** What the switch had committed when the command had ended, and at the end. */
  readonly commits: Commits
  readonly commitsInAll: Commits
  /** The commits that the switch was sent though it was sent the same before, and was not asked since. */
  readonly unasked: readonly string[]
  /** In which call of the change the jump host was killed, counted from 1, and whether the switch had carried the confirm out then. */
  readonly isStruck: boolean
  readonly step: number
  readonly verb: DeviceVerb | undefined
  readonly wasConfirmed: boolean
  /** Over the connections that were made behind the kill: the first command that may change the switch, where nothing was read before it. */
  readonly blind?: string
  /** Whether running-config was shown behind the last command that may change the switch: when the command had ended, and at the end. */
  readonly isReadBack: boolean
  readonly isReadBackAtLast: boolean
  /** The verbs that were called until the command had ended, and how many requests the switch had seen. */
  readonly calls: readonly DeviceVerb[]
  readonly requests: number
  readonly text: string
}

type Is = 'BEFORE' | 'AFTER'
type Said = Is | 'UNKNOWN' | 'nothing'
type Commits = Counters['commits']

/** Makes the change of `vlan-change.ts` over two jump hosts, one of which is killed on the way. Called in a test. */
export async function killedChange({ over, host, hops, killed, back, vlan = 998 }: KilledChange): Promise<KilledEnd> {
  const clock = new SkewedClock()
  const within = vlan === 998 ? 30 : 3
  const verify = `{ within: ${within}s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [${vlan}] } }] }`
  const workflow = workflowFor('leaf1', { verify, push: '{ confirmWithin: 3m }' })
  const bench = await benchBehind({ over, host, hops, clock, workflow })
  const leaf1 = bench.device('leaf1')
  const { requests } = leaf1.switch
  let struck: { readonly step: number; readonly wasConfirmed: boolean; readonly seen: number } | undefined
  let dead: Promise<unknown> = Promise.resolve()
  const calls: DeviceVerb[] = []
  const strike = () => {
    if (struck !== undefined || killed === undefined) return
    struck = { step: calls.length, wasConfirmed: leaf1.counters().commits.confirms > 0, seen: requests.length }
    const hop = hops[killed.hop]
    dead = hop.kill()
    if (back === 'soon') dead = dead.then(() => hop.revive(killed.as))
  }
  const at = killed?.at
  let begun = at?.from === undefined ? { calls: 0, requests: 0 } : undefined
  const { push } = requests
  requests.push = (...records) => {
    const length = push.apply(requests, records)
    if (begun !== undefined && at !== undefined && 'behind' in at && length >= begun.requests + at.behind) strike()
    return length
  }
  const before = (verb: DeviceVerb) => {
    if (verb === at?.from) begun ??= { calls: calls.length, requests: requests.length }
    calls.push(verb)
    if (begun !== undefined && at !== undefined && 'before' in at && calls.length >= begun.calls + at.before) strike()
  }
  const pauses = pausing(clock, () => dead)
  const seams: Seams = {
    ...noSeams,
    clock,
    transport: (transport: Transport) => beforeEach(transport, before),
    tasks: (change, ledger) => changeTasks({ ...change, clock: pauses }, ledger),
  }
  const run = (...argv: readonly string[]): Promise<Ended> => typed(bench.dir, argv, { answers: ['yes'], seams })
  const ended = await run('run', 'workflow.yaml')
  await dead
  let text = `${ended.out}${ended.err}`
  const [was, commits, seen, called] = [whereIs(leaf1), { ...leaf1.counters().commits }, [...requests], [...calls]]
  let again: Ended | undefined
  if (killed !== undefined && back === 'ended') {
    await hops[killed.hop].revive()
    const swept = await run('sessions', 'gc')
    again = await run('run', 'workflow.yaml')
    text += [swept, again].map(({ out, err }) => `\n--- then\n${out}${err}`).join('')
    // Says what startup-config does not hold, where the save is missing.
    text += (await bench.eosflow('recover --scan')).out
  }
  const { step = 0, wasConfirmed = false } = struck ?? {}
  const anew = struck === undefined ? requests.length : connectedAnew(requests, struck.seen)
  const blind = blindWrite(requests.slice(anew))
  return {
    code: ended.code,
    said: saidOf(ended),
    was,
    is: whereIs(leaf1),
    isSaved: isSaved(leaf1),
    ...(again === undefined ? {} : { again: { code: again.code, said: saidOf(again) } }),
    commits,
    commitsInAll: { ...leaf1.counters().commits },
    unasked: unaskedCommits(requests, { from: struck?.seen ?? anew, to: anew }),
    isStruck: struck !== undefined,
    step,
    verb: called[step - 1],
    wasConfirmed,
    ...(blind === undefined ? {} : { blind }),
    isReadBack: isReadBack(seen),
    isReadBackAtLast: isReadBack(requests),
    calls: called,
    requests: seen.length,
    text,
  }
}

/** What is longer than a commit timer here, in milliseconds, is no pause: something is awaited for no longer than that. */
const LONGEST_PAUSE = 200_000

/** The clock of tasks whose pauses take no time: each puts the clock of all forward, once a jump host that is back soon is back. */
function pausing(clock: SkewedClock, until: () => Promise<unknown>): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: async (milliseconds, signal) => {
      if (milliseconds > LONGEST_PAUSE) return clock.sleep(milliseconds, signal)
      await until()
      signal?.throwIfAborted()
      clock.jump(milliseconds)
    },
  }
}

function saidOf({ out }: Ended): Said {
  return (/^leaf1\s.*?(BEFORE|AFTER|UNKNOWN)/m.exec(out)?.[1] ?? 'nothing') as Said
}

const LOOKS = /^(?:show |enable$|exit$|end$)/
const ASKS = /^show (?:running-config|configuration sessions detail)/
const COMMITS = /^configure session \S+ (commit(?: timer)?)/

function isReadBack(requests: readonly RequestRecord[]) {
  const commands = requests.flatMap((one) => (one.answer === 'lost' ? [] : one.commands))
  const last = commands.findLastIndex((one) => !LOOKS.test(one))
  return commands.slice(last + 1).some((one) => one.startsWith('show running-config'))
}

/** What was under way over a connection when a jump host of it was killed may still arrive: the first request of the next connection. */
function connectedAnew(requests: readonly RequestRecord[], seen: number) {
  const old = new Set(requests.slice(0, seen).map(({ port }) => port))
  const at = requests.findIndex(
    // Over SSH a record has no port; each shell begins with `enable`.
    ({ port, commands }, index) => index >= seen && (port === undefined ? commands[0] === 'enable' : !old.has(port)),
  )
  return at < 0 ? requests.length : at
}

/** Of which a session does not matter: a change that is made once more has others. `lost`: where nobody has heard the answers. */
function unaskedCommits(requests: readonly RequestRecord[], lost: { readonly from: number; readonly to: number }) {
  const open = new Set<string>()
  return requests.flatMap(({ commands, answer }, index) => {
    const sent = commands.flatMap((one) => COMMITS.exec(one)?.[1] ?? [])
    const again = sent.filter((one) => open.has(one))
    const isHeard = answer !== 'lost' && (index < lost.from || index >= lost.to)
    // What is shown together with a commit was not known when that was sent.
    if (sent.length === 0 && isHeard && commands.some((one) => ASKS.test(one))) open.clear()
    for (const one of sent) open.add(one)
    return again
  })
}

/** The first command that may change the switch, where nothing is read before it. */
function blindWrite(requests: readonly RequestRecord[]) {
  const first = requests.find(({ commands }) =>
    commands.some((one) => !LOOKS.test(one) || ASKS.test(one) || one === 'show version'),
  )
  return first?.commands.find((one) => !LOOKS.test(one))
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
