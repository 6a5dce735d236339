import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { type Asked, judge } from './judge.ts'
import type { Machine, RequestLeft } from './machine.ts'
import { declaredOf } from './owner-judge.ts'
import { sentBy } from './senders.ts'
import { pause, type Team, type WorkerProcess } from './team.ts'

/** What is frozen, and how often. */
export interface ThawOptions {
  /** So many workers are frozen between the answer about a fence and the bytes to the switch. */
  readonly thaws: number
  /** The command that they run; absent: the one that is shipped. */
  readonly command?: string
  readonly say: (line: string) => void
}

/** What came of it. */
export interface ThawEnd {
  /** Workers that were frozen in that moment, by the act that they were about to do. */
  readonly frozen: Readonly<Record<string, number>>
  /** What they have sent when they were thawed and others had ended all that they drove. */
  readonly late: readonly Late[]
  /** What of it a switch has been sent. */
  readonly reached: number
  /** What else is wrong, in words. */
  readonly wrong: readonly string[]
  readonly seconds: number
}

/** A request of a thawed worker, and the act at which it was frozen. */
export type Late = RequestLeft & { readonly act: string }

/** Every act that is sent under a fence: the staging of the plan and that of the change are two. */
const ACTS = ['save', 'restore', 'confirm', 'arm', 'stage', 'plan'] as const
type Act = (typeof ACTS)[number]

/** The first VLAN: no other test of the same switches has it. */
const VLANS = 2000
/** Workers that are frozen together. */
const TOGETHER = 12
/** How long a worker is waited for that is to be frozen, and the ends of what they had, in milliseconds. */
const WITHIN = 60_000
const PATIENCE = 90_000
/** After which time one that has come to nothing to freeze at has another change to drive, in milliseconds. */
const ANOTHER = 8_000

/**
 * Freezes workers in the moment in which they have found the answer of the database fresh, has others end all that they drove, and thaws them: what
 * they send then is late. The acts take turns.
 */
export async function thaws(team: Team, { thaws: wanted, command, say }: ThawOptions): Promise<ThawEnd> {
  const begun = performance.now()
  const over = new AbortController()
  const asked = new Map<string, Asked & { readonly approved: number[] }>()
  const ended = new Set<string>()
  const following = team.follow((event: JournalEvent) => {
    const { execution: id = '' } = event
    if (event.type === 'ExecutionEnded') ended.add(id)
    if (event.type === 'TaskWaiting')
      void team.approve(id).then(
        () => asked.get(id)?.approved.push(Date.now()),
        (error: unknown) => say(`${id} could not be approved: ${String(error)}`),
      )
  }, over.signal)
  const count = Math.min(TOGETHER, wanted)
  const machines = await Promise.all(Array.from({ length: count + 1 }, (_, n) => team.machine(`v${n}`)))
  const rounds: Rounds = { team, command, asked, ended, machines, names: new Map(), wrong: [] }
  const frozen: Record<string, number> = {}
  const late: Late[] = []
  let [all, reached] = [0, 0]
  while (all < wanted) {
    const one = await round(rounds, rarest(frozen, Math.min(count, wanted - all)))
    for (const act of one.frozen) frozen[act] = (frozen[act] ?? 0) + 1
    late.push(...one.late)
    if (one.frozen.length === 0) throw new Error('no worker was frozen')
    all += one.frozen.length
    reached += one.reached
    say(`${all} of ${wanted}: ${JSON.stringify(frozen)}, late ${late.length}`)
  }
  over.abort()
  await following
  const records = new Map<string, readonly JournalEvent[]>()
  for (const id of asked.keys()) records.set(id, await team.app.store.read(id))
  await team.app.store.verifyChain()
  const rows = (await team.app.shared?.workers.list()) ?? []
  const { switches, writes } = await team.fabric.truth()
  const left = machines.flatMap((machine) => machine.left)
  const judged = judge({
    asked,
    records,
    left,
    writes: sentBy(machines, writes),
    switches,
    deaths: new Map(),
    frozen: new Map(),
    declared: declaredOf(rows, rounds.names),
    taken: new Map(),
    longest: PATIENCE,
    // Nobody keeps who drives what here.
    undriven: { longest: Number.POSITIVE_INFINITY, failure: 0 },
  })
  const seconds = (performance.now() - begun) / 1000
  return { frozen, late, reached, wrong: [...rounds.wrong, ...judged.wrong], seconds }
}

/** So many acts, those first at which the fewest were frozen: on a busy machine one may be missed. */
function rarest(frozen: Readonly<Record<string, number>>, count: number) {
  const chosen: Act[] = []
  const met = (act: Act) => (frozen[act] ?? 0) + chosen.filter((one) => one === act).length
  while (chosen.length < count) {
    const fewest = Math.min(...ACTS.map(met))
    chosen.push(...ACTS.filter((act) => met(act) === fewest).slice(0, count - chosen.length))
  }
  return chosen
}

/** What all rounds have. */
interface Rounds {
  readonly team: Team
  readonly command: string | undefined
  readonly asked: Map<string, Asked & { readonly approved: number[] }>
  readonly ended: ReadonlySet<string>
  /** The first is that of whoever ends what the others had. */
  readonly machines: readonly Machine[]
  /** The names that the records of workers have, by their ids in the store. */
  readonly names: Map<string, string>
  readonly wrong: string[]
}

/** A worker that is to be frozen at an act. */
interface Victim {
  readonly machine: Machine
  readonly worker: WorkerProcess
  readonly act: Act
}

/** One worker is frozen at each of these acts, another one ends all that they had, and then they are thawed. */
async function round(given: Rounds, acts: readonly Act[]) {
  const { team, command, ended, machines } = given
  const [rescuer, ...free] = machines
  const own = command === undefined ? {} : { command }
  const hiring = acts.map(async (act, n) => {
    const machine = free[n]
    if (machine === undefined) return undefined
    return { machine, act, worker: await team.worker({ machine, limit: 1, freezeAt: act, ...own }) }
  })
  const ids: string[] = []
  for (const _ of acts) ids.push(await begin(given, acts))
  const victims = (await Promise.all(hiring)).filter((one) => one !== undefined)
  await allFrozen(victims, async () => void ids.push(await begin(given, acts)))
  const caught = victims.filter(isFrozen)
  const helper = await team.worker(rescuer === undefined ? {} : { machine: rescuer })
  for (const end = performance.now() + PATIENCE; ids.some((id) => !ended.has(id)); await pause(50)) {
    if (performance.now() > end) throw new Error('what frozen workers had did not end')
  }
  const thawed = Date.now()
  for (const { worker } of victims) worker.process.kill('SIGCONT')
  for (const { worker, act } of caught) {
    const code = await Promise.race([worker.ended, pause(40_000)])
    if (code !== 9)
      given.wrong.push(`${worker.name}, frozen at ${act}, was declared dead and ends with ${code}: ${worker.said()}`)
  }
  await pause(300)
  const late = caught.flatMap(({ act, machine: { left } }) =>
    left.filter(({ at }) => at >= thawed).map((one) => ({ ...one, act })),
  )
  const reached = (await team.fabric.truth()).writes.filter(({ at }) => at >= thawed).length
  for (const { id, name } of [helper, ...victims.map(({ worker }) => worker)]) given.names.set(id, name)
  const others = [helper, ...victims.filter((one) => !caught.includes(one)).map(({ worker }) => worker)]
  for (const { process } of others) process.kill('SIGTERM')
  await Promise.all(others.map((one) => one.ended))
  return { frozen: caught.map(({ act }) => act), late, reached }
}

const isFrozen = ({ worker, act }: Victim) => worker.said().includes(`frozen at ${act} of `)

/** It may still be frozen: on a machine that is too busy for it a worker may be declared dead before. */
const isAwaited = (one: Victim) => !isFrozen(one) && one.worker.process.exitCode === null

/** Resolves when all are frozen, or have had their time; `begin` begins another change for one that has none left to be frozen at. */
async function allFrozen(victims: readonly Victim[], begin: () => Promise<void>) {
  const end = performance.now() + WITHIN
  let next = performance.now() + ANOTHER
  for (; victims.some(isAwaited) && performance.now() < end; await pause(20)) {
    if (performance.now() < next) continue
    for (const _ of victims.filter(isAwaited)) await begin()
    next = performance.now() + ANOTHER
  }
}

/** Begins a change of the next switch: one of an unclean takeover is in quarantine for a while. One that ends well is never restored. */
async function begin({ team, asked }: Rounds, acts: readonly Act[]) {
  const devices = Object.keys(team.fabric.ports)
  const device = devices[asked.size % devices.length] ?? ''
  const vlan = VLANS + asked.size
  const id = await team.begin(device, vlan, undefined, acts.includes('restore') ? 'back.yaml' : 'vlan.yaml')
  asked.set(id, { device, vlan, approved: [] })
  return id
}
