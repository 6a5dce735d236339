import { expect } from 'vitest'
import { newSimulatedStore, type SimulatedStore } from '../../../../simulate/simulated-store.ts'
import { foldAll } from '../../../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../../../src/change/engine/state.ts'
import type { Plan } from '../../../../src/change/plan/plan.ts'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import type { Barrier, SitePart } from '../../../../src/change/record/event/record-schema.ts'
import { unlimitedRoom } from '../../../../src/change/record/room.ts'
import type { Claims } from '../../../../src/change/record/store/claims.ts'
import type { Journal } from '../../../../src/change/record/store/journal.ts'
import type { WorkerRecord } from '../../../../src/change/record/store/workers.ts'
import type { Transport } from '../../../../src/eos/device/device.ts'
import { trialApp } from '../../../../src/lab/trial/trial-app.ts'
import type { Clock } from '../../../../src/model/clock.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { localDispatcher } from '../../../../src/project/app/dispatch/open-dispatcher.ts'
import { ALL_SITES } from '../../../../src/project/app/dispatch/site-of.ts'
import { dispatchTo, type WorkerDispatch } from '../../../../src/project/app/dispatch/worker-dispatch.ts'
import { decideAs } from '../../../../src/project/approval/decide.ts'
import { beginChange, type ChangeRequest } from '../../../../src/project/execution/begin/begin-change.ts'
import { drive, undriven } from '../../../../src/project/execution/resume/drive.ts'
import { handOver } from '../../../../src/project/execution/run/carry-out.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { settledPlan } from '../../../../src/project/history/plans/settled-plan.ts'
import { askToStop } from '../../../../src/project/history/requests/stop-asked.ts'
import type { Caller } from '../../../../src/project/identity/caller-of.ts'
import { type Reach, reachedJournal, reachedTransport } from '../../../lab/kills.ts'
import {
  type App,
  appWith,
  aroundAppends,
  hostIn,
  inPair,
  inventoryOf,
  isSaved,
  type Lab,
  openLab,
  personNamed,
  preparedIn,
  seamsOf,
  whereIs,
  whileTimePasses,
} from '../../../lab/lab.ts'

/** A process is declared dead after so many milliseconds here, and what it drove is posted a second later. */
const TTL = 10_000
/** Nothing here takes longer than this, in milliseconds of the virtual clock. */
const LONGEST = 3_600_000

const SITES: Readonly<Record<string, string>> = {
  leaf1: 'north',
  leaf2: 'north',
  leaf3: 'south',
  leaf4: 'south',
}

/** A change of one switch in each of two sites. */
export const BOTH_SITES = `name: add-a-vlan
targets: leaf1 or leaf3
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { waves: ['100%'], keepApart: mlag, sites: together }
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify: { within: 20s, stableFor: 2s, every: 2s, checks: [reachable, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** What is about to be written by a process, or was: it may be killed there. */
export interface Moment {
  readonly team: TeamInMemory
  readonly process: Process
  readonly execution: string | undefined
  readonly events: readonly EventBody[]
  readonly when: 'before' | 'behind'
}

/** A worker in memory. One that was killed writes and sends nothing more, and nothing that it waits for ever comes. */
export interface Process {
  readonly name: string
  readonly sites: readonly string[]
  readonly app: App
  isAlive: boolean
}

/** What becomes of a team. */
export interface TeamOptions {
  readonly workflow?: string
  /** Each with its sites; a process that dies is not replaced. Default: two for each of two sites. */
  readonly workers?: readonly (readonly string[])[]
  /** So many executions of a site does each drive at once. */
  readonly limit?: number
  /** Hears of each append of a worker; true kills the worker there. */
  readonly killed?: (moment: Moment) => boolean
  /** Called before each request to a switch. */
  readonly before?: (device: string, commands: readonly string[], lab: Lab) => void | Promise<void>
}

/** Workers of two sites, each of which reaches its own switches alone, with one store: everything in memory, under a virtual clock. */
export class TeamInMemory {
  readonly lab: Lab
  readonly client: App
  readonly processes: Process[] = []
  /** Starts one more worker. */
  readonly join: (sites: readonly string[]) => void
  /** Requests to switches of other sites than a worker's own. */
  readonly strayed: string[] = []
  /** What driving has thrown. */
  readonly thrown: string[] = []
  readonly #dispatch: WorkerDispatch
  readonly #owners = new Map<string, Process | 'client'>()
  readonly #divided = new Map<string, readonly SitePart[]>()
  readonly #drains = new Map<Process, () => Promise<void>>()
  #isOver = false

  constructor(
    lab: Lab,
    store: SimulatedStore,
    { workers = TWO_EACH, limit = 20, killed: kills = () => false, before }: TeamOptions,
  ) {
    const killed = (moment: Moment) => {
      const { execution = '', events } = moment
      for (const one of events) if (one.type === 'SitesDivided') this.#divided.set(execution, one.sites)
      return kills(moment)
    }
    this.lab = lab
    lab.write(
      'inventory.yaml',
      inventoryOf(lab.fabric, (name) => ({ ...inPair(name), ...(SITES[name] && { site: SITES[name] }) })),
    )
    const project = openProject(hostIn(lab.dir, { seams: seamsOf(lab) }), { project: lab.dir })
    const dispatcher = localDispatcher(lab.clock)
    this.#dispatch = dispatchTo(dispatcher, project, (id, error) => void this.thrown.push(`${id}: ${String(error)}`))
    const appOf = (own: Process | 'client', clock: Clock, transport: Transport, reached: Reach): App => {
      const opened = store.opened()
      const app = trialApp({
        project,
        store: opened,
        room: unlimitedRoom,
        clock,
        transport,
        key: 'a key that is no secret',
        seams: { random: lab.random, names: lab.random },
        journal: (journal) => (own === 'client' ? journal : journalOf(this, own, journal, killed, reached)),
      })
      return appWith(app, { claims: this.#claimsOf(own), dispatch: this.#dispatch })
    }
    this.client = appOf('client', lab.clock, nowhere, (work) => work())
    this.join = (sites) => {
      const own: { -readonly [K in keyof Process]: Process[K] } = {
        name: `w${this.processes.length + 1}`,
        sites,
        app: this.client,
        isAlive: true,
      }
      const reached: Reach = async (work) => {
        if (!own.isAlive) return never()
        const done = await work()
        return own.isAlive ? done : never()
      }
      const clock: Clock = {
        now: () => lab.clock.now(),
        monotonic: () => lab.clock.monotonic(),
        sleep: (milliseconds, signal) => reached(() => lab.clock.sleep(milliseconds, signal)),
      }
      const stray = async (device: string, commands: readonly string[]) => {
        if (!sites.includes(SITES[device] ?? '')) {
          this.strayed.push(`${own.name}: ${device}`)
          throw new EosflowError('unreachable', `${device}: not reached from ${sites.join(', ')}`, { device })
        }
        await before?.(device, commands, lab)
      }
      const inner = seamsOf(lab, { before: (_, device, commands) => stray(device, commands) }).transport(nowhere)
      own.app = appOf(own, clock, reachedTransport(inner, reached), reached)
      const rest = new AbortController()
      void dispatcher
        .work(
          sites,
          limit,
          async ({ execution }) => {
            if (!own.isAlive) return never()
            try {
              await drive(own.app, { ...workerNamed(own.name), suspend: rest.signal }, execution)
            } catch (error) {
              this.thrown.push(`${own.name} ${execution}: ${String(error)}`)
            }
          },
          [ALL_SITES],
        )
        .then((working) =>
          this.#drains.set(own, () => {
            rest.abort()
            return working.drain()
          }),
        )
      this.processes.push(own)
    }
    for (const sites of workers) this.join(sites)
    void this.#sweep()
  }

  /** Puts the change on record and hands it to the workers. Gives the id of the whole. */
  async begin(only?: string) {
    const prepared = preparedIn(this.client, 'workflow.yaml', { only })
    const made = await beginChange(this.client, ALICE, { prepared })
    if (made.kind !== 'begun') throw new Error('it was not begun')
    await handOver(this.client, this.#dispatch, made.state)
    return made.state.id
  }

  /** Approves the plan of an execution as soon as it has one, or rejects it. */
  async decide(id: string, decision: 'approve' | 'reject' = 'approve', caller = BOB) {
    await this.waiting(id)
    await decideAs(this.client, caller, await this.#planOf(id), { decision, comment: '' })
  }

  /** Lets time pass until an execution waits for the approval of its plan. */
  async waiting(id: string) {
    await this.until(async () => (await this.state(id)).scopes.some(({ phase }) => phase === 'waiting'))
  }

  /** Lets time pass until the north waits to push. */
  async northWaits(id: string) {
    await this.until(async () => (await this.parts(id)).north?.sites.reached.push !== undefined)
  }

  async passed(milliseconds: number) {
    const end = this.lab.clock.now() + milliseconds
    await this.until(async () => this.lab.clock.now() >= end)
  }

  /** The inventory has another site from now on for some of the switches, or lacks them. */
  moveInInventory(sites: Readonly<Record<string, string | undefined>>) {
    const { devices, ...rest } = JSON.parse(this.lab.read('inventory.yaml')) as {
      devices: Record<string, { tags: Record<string, string> }>
    }
    for (const [name, site] of Object.entries(sites)) {
      if (site === undefined) delete devices[name]
      else Object.assign(devices[name]?.tags ?? {}, { site })
    }
    this.lab.write('inventory.yaml', JSON.stringify({ ...rest, devices }))
  }

  async #planOf(id: string): Promise<Plan> {
    const plan = await settledPlan(this.client, await this.state(id), false)
    if (plan === undefined) throw new Error(`${id} has no plan`)
    return plan
  }

  async records(id: string): Promise<readonly JournalEvent[]> {
    return this.client.store.read(id)
  }

  async state(id: string): Promise<ExecutionState> {
    return foldAll(id, await this.records(id))
  }

  /** The executions of the sites of a change, by site. */
  async parts(id: string): Promise<Readonly<Record<string, ExecutionState>>> {
    const { sites } = (await this.state(id)).sites
    return Object.fromEntries(
      await Promise.all(sites.map(async ({ site, execution }) => [site, await this.state(execution)] as const)),
    )
  }

  /** The execution of a site, as the record of the whole has it: asked for in the middle of an append. */
  partOf(whole: string, site: string) {
    const found = this.#divided.get(whole)?.find((one) => one.site === site)
    if (found === undefined) throw new Error(`${whole} has no part for ${site}`)
    return found.execution
  }

  /** Writes a release into the whole of a part, as a process would that this one does not know of. */
  releaseNow(process: Process, part: string, barrier: Barrier) {
    const [whole = ''] = [...this.#divided].find(([, parts]) => parts.some(({ execution }) => execution === part)) ?? []
    void process.app.store
      .as(ALICE.principal)
      .append(whole, [{ type: 'BarrierDecided', barrier, decision: 'released' }])
  }

  /** What a saved plan of the whole would be run with. */
  async planned(id: string): Promise<ChangeRequest> {
    return { prepared: preparedIn(this.client), plan: await this.#planOf(id) }
  }

  /** Lets time pass until something holds. */
  async until(holds: () => Promise<boolean>) {
    const { clock } = this.lab
    const end = clock.now() + LONGEST
    const wait = async () => {
      while (!(await holds())) {
        if (clock.now() > end) throw new Error(`it did not come to hold:\n${this.thrown.join('\n')}`)
        await clock.sleep(1000)
      }
    }
    await whileTimePasses(clock, wait())
  }

  /** Lets time pass until the whole has ended, with every execution of a site. */
  async ended(id: string): Promise<ExecutionState> {
    await this.until(async () => {
      const states = [await this.state(id), ...Object.values(await this.parts(id))]
      return states.every(({ status }) => status === 'ended' || status === 'new')
    })
    this.#isOver = true
    return this.state(id)
  }

  /** Where the switches are, by themselves. */
  truth(): Readonly<Record<string, string>> {
    const where = (name: string) => {
      const device = this.lab.device(name)
      device.switch.settle()
      return `${whereIs(device)}${isSaved(device) ? '' : ', not saved'}`
    }
    return { leaf1: where('leaf1'), leaf3: where('leaf3') }
  }

  /** The worker that drives an execution; undefined where none does. */
  ownerOf(id: string): Process | undefined {
    const owner = this.#owners.get(id)
    return owner === 'client' ? undefined : owner
  }

  /** Has a worker drain, and lets time pass until it drives nothing. */
  async drained(process: Process) {
    let isDrained = false
    void this.#drains
      .get(process)?.()
      .then(() => {
        isDrained = true
      })
    await this.until(async () => isDrained)
  }

  kill(process: Process) {
    process.isAlive = false
    void this.#drains.get(process)?.()
    const owned = [...this.#owners].filter(([, owner]) => owner === process).map(([id]) => id)
    for (const id of owned) this.#owners.delete(id)
    void this.#postLater(owned)
  }

  async #postLater(ids: readonly string[]) {
    await this.lab.clock.sleep(TTL + 1000)
    for (const id of ids) {
      const state = await this.state(id)
      if (state.status !== 'ended')
        await this.#dispatch.post(state, { why: 'owner-died', token: state.seq, again: this.lab.clock.now() })
    }
  }

  async #sweep() {
    while (!this.#isOver) {
      await this.lab.clock.sleep(30_000)
      for (const left of await undriven(this.client, () => undefined)) {
        await this.#dispatch.post(left, { why: 'left', period: this.lab.clock.now() })
      }
    }
  }

  #claimsOf(own: Process | 'client'): Claims {
    const owners = this.#owners
    return {
      claim: async (execution) => {
        const take = async () => {
          if (own !== 'client' && !own.isAlive) await never()
          if (!owners.has(execution)) owners.set(execution, own)
          return owners.get(execution) === own
        }
        await take()
        const release = async () => {
          if (owners.get(execution) === own) owners.delete(execution)
        }
        return { renew: take, release }
      },
      isClaimed: async (execution) => owners.has(execution),
    }
  }
}

/** Workers of two sites at work. */
export async function teamInMemory(options: TeamOptions = {}): Promise<TeamInMemory> {
  const lab = openLab({ workflow: options.workflow ?? BOTH_SITES })
  return new TeamInMemory(lab, await newSimulatedStore(lab.clock), options)
}

/** Where both switches are when a change is made, and when it is not. */
export const BOTH_AFTER = { leaf1: 'AFTER', leaf3: 'AFTER' }
export const BOTH_BEFORE = { leaf1: 'BEFORE', leaf3: 'BEFORE' }

/** A change of both sites from its begin, by a decision, to its end; by the laws of all such changes. */
export async function lived(options: TeamOptions = {}) {
  const team = await teamInMemory(options)
  const id = await team.begin()
  await team.decide(id)
  const whole = await team.ended(id)
  expect(await brokenLaws(team, id)).toEqual([])
  return { team, id, whole, outcome: whole.outcome, records: await team.records(id) }
}

/** What a store says of a worker that lives. */
export const workerRow = (id: string, more: Partial<WorkerRecord> = {}): WorkerRecord => ({
  id,
  kind: 'worker',
  sites: ['dc1'],
  version: '0.1.0',
  since: '2026-01-05T08:00:00.000Z',
  beat: '1',
  lastSign: '2026-01-05T08:00:00.000Z',
  ttl: 10_000,
  age: 1000,
  driven: [],
  ...more,
})

/** What is done in the first moment that is meant: the worker dies of it unless `dies` is false. */
export function once(
  isMeant: (moment: Moment) => boolean,
  { also, dies = true }: { readonly also?: (moment: Moment) => void; readonly dies?: boolean } = {},
) {
  let struck: Process | undefined
  const killed = (moment: Moment) => {
    if (struck !== undefined || !isMeant(moment)) return false
    struck = moment.process
    also?.(moment)
    return dies
  }
  return { killed, struck: () => struck }
}

export const isRelease = (event: EventBody, barrier: string) =>
  event.type === 'BarrierDecided' && event.barrier === barrier && event.decision === 'released'

/** Whether a barrier is released in a moment. */
export const atRelease =
  (barrier: string, at: Moment['when']) =>
  ({ events, when }: Moment) =>
    when === at && events.some((event) => isRelease(event, barrier))

/** Has the whole of a moment asked to stop. */
export const stopWhole = ({ team, execution = '' }: Moment) =>
  void askToStop(team.client, ALICE, [execution], { reason: 'the window is over' })

const TWO_EACH = [['north'], ['south'], ['north'], ['south']]

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

const nowhere: Transport = {
  connect: async (target) => {
    throw new EosflowError('unreachable', `${target.name}: the client reaches no switch`, { device: target.name })
  },
}

function journalOf(
  team: TeamInMemory,
  process: Process,
  journal: Journal,
  killed: (moment: Moment) => boolean,
  reached: Reach,
): Journal {
  const strike = (when: Moment['when']) => async (events: readonly EventBody[], execution: string | undefined) => {
    if (killed({ team, process, execution, events, when })) team.kill(process)
    if (!process.isAlive) await never()
  }
  return reachedJournal(aroundAppends({ before: strike('before'), behind: strike('behind') })(journal), reached)
}

export const ALICE = personNamed('alice')
export const BOB = personNamed('bob')

function workerNamed(name: string): Caller {
  return {
    ...personNamed(name),
    principal: { issuer: 'worker', id: `worker:${name}`, kind: 'service', auth: 'os' },
  }
}

/**
 * What must be so of every change over two sites, whatever happened to it; a sentence for each that is broken. Judged by the records and by the
 * switches themselves.
 */
export async function brokenLaws(team: TeamInMemory, id: string) {
  const [whole, records] = [await team.state(id), await team.records(id)]
  const early = Object.entries(await team.parts(id)).map(async ([site, { id: part }]) =>
    [...beforeRelease(await team.records(part), records), ...leftBehindRelease(await team.records(part), records)].map(
      (what) => `${site}: ${what}`,
    ),
  )
  return [
    ...team.strayed.map((one) => `sent to a switch of another site: ${one}`),
    ...(await Promise.all(early)).flat(),
    ...untrueEnds(records.at(-1), team.truth()),
    ...untrueOutcome(whole, Object.values(team.truth())),
  ]
}

const BARRIER_OF: Readonly<Record<string, string>> = { arm: 'push', confirm: 'confirm', save: 'save' }

/** The acts of a part that were announced before the whole had released what they are behind. Records have one numbering here. */
function beforeRelease(part: readonly JournalEvent[], whole: readonly JournalEvent[]) {
  // A switch that is put back is saved too, where its startup-config holds what is taken back.
  const back = part.find(({ type }) => type === 'UndoStarted')?.seq ?? Number.POSITIVE_INFINITY
  return part.flatMap((record) => {
    if (record.type !== 'ActIntended' || record.seq > back) return []
    const barrier = BARRIER_OF[record.act]
    if (barrier === undefined) return []
    return releaseOf(whole, barrier) < record.seq ? [] : [`${record.act} before its release`]
  })
}

/** The barriers that a part has left though all were let past them. */
function leftBehindRelease(part: readonly JournalEvent[], whole: readonly JournalEvent[]) {
  return part.flatMap((record) =>
    record.type === 'BarrierLeft' && releaseOf(whole, record.barrier) < record.seq
      ? [`left ${record.barrier} behind its release`]
      : [],
  )
}

function releaseOf(whole: readonly JournalEvent[], barrier: string) {
  const released = whole.find(
    (one) => one.type === 'BarrierDecided' && one.barrier === barrier && one.decision === 'released',
  )
  return released?.seq ?? Number.POSITIVE_INFINITY
}

/** Where the whole says something else of a switch than the switch does. */
function untrueEnds(end: JournalEvent | undefined, truth: Readonly<Record<string, string>>) {
  if (end?.type !== 'ExecutionEnded') return ['the whole has not ended']
  return Object.entries(truth).flatMap(([name, where]) => {
    const said = end.devices[name]
    const isTrue = said === 'unknown' || where === (said === 'changed' ? 'AFTER' : 'BEFORE')
    return isTrue ? [] : [`${name} is called ${said}, and is ${where}`]
  })
}

/** All switches have the change where it succeeded; none has where it did not, unless the whole says that it does not know, by name. */
function untrueOutcome({ outcome }: ExecutionState, truth: readonly string[]) {
  const after = truth.filter((where) => where === 'AFTER').length
  if (outcome === 'unknown') return []
  const isTrue = outcome === 'succeeded' ? after === truth.length : after === 0
  return isTrue ? [] : [`it ended ${outcome}, and the switches are ${truth.join(', ')}`]
}
