import { createHash } from 'node:crypto'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Inventory } from '../../change/inventory/inventory.ts'
import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import type { Room } from '../../change/record/room.ts'
import { atRest } from '../../change/record/sqlite/group-commit.ts'
import { noClaims } from '../../change/record/store/claims.ts'
import type { Journal, RepeatedWrite } from '../../change/record/store/journal.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import { noNotes } from '../../change/record/store/notes.ts'
import { type QuestionWrapper, questionsOf } from '../../change/record/store/questions.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { Transport } from '../../eos/device/device.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import { features } from '../../features/index.ts'
import type { Clock } from '../../model/clock.ts'
import { signingKeyOf } from '../../model/ed25519.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpPort } from '../../model/http-port.ts'
import { onlyKey } from '../../model/install-keys.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { App } from '../../project/app/app.ts'
import type { Project } from '../../project/files/project.ts'
import { Scrubber } from '../../project/secret/scrubber.ts'
import type { SnapshotDocument } from '../../project/switches/snapshot/snapshot-document.ts'
import type { KeyRing, SigningKeys } from '../../project/system/machine/key-files.ts'
import type { Console } from '../../project/system/process/console.ts'
import type { Host } from '../../project/system/process/host.ts'
import type { InputError } from '../../project/system/process/input-error.ts'
import type { Seams } from '../../project/system/process/seams.ts'
import { sleepOn, type Timeline } from './timeline.ts'

/** A console behind which there is nobody: what is said goes nowhere, and nothing can be asked. */
export function silentConsole(stop: AbortSignal = new AbortController().signal): Console {
  return { tell: () => undefined, interactive: false, ask: async () => undefined, stop }
}

/** A process that nobody has given anything: no environment, and a scrubber that knows no secret. `words` absent: hints are their codes. */
export function bareHost(
  cwd: string,
  {
    words = ({ code }) => code,
    seams,
    features: given = features,
  }: Partial<Pick<Host, 'words' | 'seams' | 'features'>> = {},
): Host {
  return { env: {}, cwd, scrubber: new Scrubber(), words, features: given, ...definedMembers({ seams }) }
}

// A key takes longer to make than a simulated request: each name has its own once and for all.
const rings = new Map<string, KeyRing>()

interface TrialParts {
  readonly project: Project
  readonly store: Store & Leases
  readonly room: Room
  readonly clock: Clock
  readonly transport: Transport
  readonly http?: HttpPort
  // The key of every digest: of no other use, so that it is no secret.
  readonly key: string
  readonly journal?: (journal: Journal) => Journal
  readonly seams?: Pick<Seams, 'random' | 'names' | 'principal' | 'tasks' | 'unasked'>
  readonly words?: Host['words']
}

/** It claims no execution, so that a trial can have a second process take over what a living one runs. */
export function trialApp(parts: TrialParts): App {
  const { project, store, room, clock, transport, http, key, journal = (inner) => inner, seams = {}, words } = parts
  return {
    ...bareHost(project.dir, {
      ...definedMembers({ words }),
      seams: {
        ...seams,
        // No person is told of a change of switches that are not there.
        unaskedAround: true,
        clock,
        moment: atRest,
        journal,
        transport: () => transport,
        ...(http === undefined ? {} : { http: () => http }),
      },
    }),
    insecureTls: false,
    project,
    store,
    journalAs: (actor) => journal(store.as(actor)),
    claims: noClaims,
    notes: noNotes,
    leases: store,
    room,
    isLost: () => false,
    clock,
    key: onlyKey(key),
    keys: memoryKeys(key),
  }
}

// The signing keys of a store in memory, for simulated switches only: made of a name, so that they are nobody's secret.
function memoryKeys(name: string): SigningKeys {
  const ring = (key: string) => {
    const whole = `${name}/${key}`
    const known = rings.get(whole)
    if (known !== undefined) return known
    const made = signingKeyOf(createHash('sha256').update(whole).digest())
    const one = { key: made, retired: [], lost: [], source: 'memory' }
    rings.set(whole, one)
    return one
  }
  return {
    read: ring,
    readOrMake: ring,
    rotate: (key) => Promise.reject(new EosflowError('bug', `the ${key} key of a store in memory is not replaced`)),
  }
}

/** The inventory with the invented login of the fabric in the place of every credential: a trial knows no secret. */
export function simulatedLogins(inventory: Inventory, { credentials: { username, password } }: Fabric): Inventory {
  const login = { username, password: { provider: 'simulated', text: password } } as const
  const names = Object.keys(inventory.credentials)
  return { ...inventory, credentials: Object.fromEntries(names.map((name) => [name, login])) }
}

interface AdoptedFabric {
  readonly fabric: Fabric
  // Another text than the one that a switch runs, by its name; null: none is on record.
  readonly intended?: Readonly<Record<string, string | null>>
  // ISO 8601 in UTC.
  readonly takenAt: string
}

/** Puts on record that what simulated switches run is their intended text, as `eosflow adopt` does it on real ones. */
export async function adoptFabric(store: Store, by: Principal, given: AdoptedFabric): Promise<void> {
  const { fabric, intended = {}, takenAt } = given
  const devices = fabric.devices.flatMap(({ name, serial, mac, eos, model, config }) => {
    const running = intended[name] === undefined ? config : intended[name]
    const identity = { serial, systemMac: mac, eos, model }
    return running === null ? [] : [[name, { identity, running, state: {} }] as const]
  })
  const document: SnapshotDocument = { version: 1, name: 'before', takenAt, devices: Object.fromEntries(devices) }
  const names = devices.map(([name]) => name)
  const moved = { devices: names, baseline: [], notices: [], adopted: names }
  const snapshot = await store.put(JSON.stringify(document))
  await store.as(by).append(undefined, [{ type: 'SnapshotTaken', name: document.name, snapshot, ...moved }])
}

/** What a trial needs of the front end that asked for it, so that it ends and speaks as the real command does. */
export interface FrontEnd extends Pick<Host, 'words'> {
  exitOf(end: ExecutionState | EosflowError | InputError): number
}

export class Life {
  readonly number: number
  readonly execution: string
  readonly stop = new AbortController()
  readonly suspend = new AbortController()
  #alive = true
  #thaw: Promise<unknown> | undefined
  // Their own, so that what waits for it is forgotten with them.
  readonly #never = new Promise<never>(() => undefined)

  constructor(number: number, execution: string) {
    this.number = number
    this.execution = execution
  }

  get alive(): boolean {
    return this.#alive
  }

  /** `kill -9`: whatever it waits for is never heard. */
  kill(): void {
    this.#alive = false
  }

  /** `SIGSTOP`, and `SIGCONT` after some milliseconds: meanwhile it does nothing and hears nothing. */
  freeze(timeline: Timeline, milliseconds: number): void {
    const thaw = new Promise((resolve) => timeline.after(milliseconds, () => resolve(undefined))).then(() => {
      if (this.#thaw === thaw) this.#thaw = undefined
    })
    this.#thaw = thaw
  }

  get thawed(): Promise<unknown> | undefined {
    return this.#thaw
  }

  async reach<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#thaw !== undefined) await this.#awake()
    if (!this.#alive) return this.#never
    try {
      const result = await work()
      if (this.#thaw !== undefined) await this.#awake()
      return this.#alive ? result : this.#never
    } catch (error) {
      if (this.#thaw !== undefined) await this.#awake()
      if (!this.#alive) return this.#never
      throw error
    }
  }

  async #awake() {
    while (this.#thaw !== undefined) await this.#thaw
  }

  clock(timeline: Timeline, now: () => number, woken: () => void): Clock {
    return {
      now,
      monotonic: () => timeline.now,
      sleep: (milliseconds, signal) =>
        this.reach(async () => {
          await sleepOn(timeline, milliseconds, signal)
          if (this.#alive) woken()
        }),
    }
  }
}

interface StoreWatch {
  appending(execution: string | undefined, events: readonly EventBody[], again?: RepeatedWrite): void
  appended(events: readonly JournalEvent[]): void
  // Throws where nothing can be written.
  keeping(): void
  fenced?(): void
}

export function storeOf(store: Store & Leases, life: Life, watch: StoreWatch): Store & Leases {
  const ask: QuestionWrapper =
    (read) =>
    (...given) =>
      life.reach(() => read(...given))
  const written = (journal: Journal): Journal['append'] => {
    return (execution, events, after, again) =>
      life.reach(async () => {
        watch.appending(execution, events, again)
        if (!life.alive) return []
        const records = await journal.append(execution, events, after, again)
        watch.appended(records)
        return records
      })
  }
  const questions = questionsOf(store, ask)
  return {
    ...questions,
    as: (actor) => ({ append: written(store.as(actor)), read: questions.read }),
    put: ask(async (text) => {
      watch.keeping()
      return store.put(text)
    }),
    quarantineSeconds: store.quarantineSeconds,
    leaseOf: ask((device) => store.leaseOf(device)),
    liveLeases: ask((of: 'shares' | 'all') => store.liveLeases(of)),
    fence: ask(async (execution, device) => {
      const fence = await store.fence(execution, device)
      watch.fenced?.()
      return fence
    }),
    close: async () => undefined,
  }
}

interface FullDiskPorts {
  // Milliseconds since the beginning.
  now(): number
  areOn(): boolean
  meet(what: string): void
}

export class FullDisk implements Room {
  readonly #ports: FullDiskPorts
  #until = 0
  #hasBallast = true
  #reserve = 0
  #spare = 0

  constructor(ports: FullDiskPorts) {
    this.#ports = ports
  }

  /** Fills it, for so many milliseconds; its ballast is worth so many writes. */
  fill(milliseconds: number, reserve: number): void {
    this.#until = this.#ports.now() + milliseconds
    this.#reserve = reserve
    this.#spare = 0
  }

  /** Throws `store` while it is full, as SQLite does when something is written. */
  write(): void {
    if (!this.#isFull()) return
    if (this.#spare > 0) {
      this.#spare -= 1
      return
    }
    this.#ports.meet('full disk refuses')
    throw new EosflowError('store', 'the disk is full')
  }

  opened(): this {
    if (!this.#isFull()) this.#hasBallast = true
    return this
  }

  require(): void {
    if (!this.#isFull()) {
      this.#hasBallast = true
      return
    }
    this.#ports.meet('full disk refuses a change')
    throw new EosflowError('guard', 'the disk of the store has nothing to give')
  }

  release(): boolean {
    if (!this.#hasBallast) return false
    this.#hasBallast = false
    this.#spare = this.#isFull() ? this.#reserve : 0
    this.#ports.meet('ballast given up')
    return true
  }

  #isFull() {
    return this.#ports.now() < this.#until && this.#ports.areOn()
  }
}
