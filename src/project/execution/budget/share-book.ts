import type { Ledger } from '../../../change/engine/ledger.ts'
import type { BudgetPort } from '../../../change/engine/ports.ts'
import { liveSwitches } from '../../../change/engine/suspend.ts'
import { type Budget, groupIn } from '../../../change/inventory/budget-settings.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import type { EventBody, EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import type { Lease } from '../../../change/record/store/lease.ts'
import { type Notes, noNotes } from '../../../change/record/store/notes.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { type BudgetGroup, groupName, shareIn, shareName } from '../../../model/budget-share.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

export interface WantedGroup {
  readonly group: BudgetGroup
  readonly devices: readonly string[]
  /** What the settings allow; undefined where only those of others count such switches. */
  readonly own: number | undefined
}

interface GroupStanding extends WantedGroup {
  readonly max: number
  readonly held: ReadonlyMap<number, Lease>
  readonly unshared: readonly Lease[]
  // Other executions that hold any of it, and since when.
  readonly holders: readonly { readonly execution: string; readonly since: string }[]
}

interface KnownHolder {
  readonly taken: readonly EventOf<'SharesTaken'>[]
  readonly shares: ReadonlyMap<string, readonly string[]>
  readonly began: string
}

export class ShareBook {
  readonly #execution: string
  readonly #budgets: readonly Budget[]
  readonly #devices: ReadonlyMap<string, InventoryDevice>
  readonly #store: Pick<Store, 'read'>
  readonly #known = new Map<string, { readonly leases: string; readonly holder: Promise<KnownHolder> }>()
  #texts: { readonly of: readonly Lease[]; readonly texts: ReadonlyMap<string, string> } | undefined

  constructor(
    execution: string,
    budgets: readonly Budget[],
    devices: readonly InventoryDevice[],
    store: Pick<Store, 'read'>,
  ) {
    this.#execution = execution
    this.#budgets = budgets
    this.#devices = new Map(devices.map((device) => [device.name, device]))
    this.#store = store
  }

  wanted(devices: readonly string[], live: readonly Lease[]): readonly WantedGroup[] {
    const learnt = live.flatMap(({ device }) => {
      const { group } = shareIn(device) ?? {}
      return group === undefined ? [] : [countedBy(group)]
    })
    const groups = new Map<string, { group: BudgetGroup; devices: string[]; own: number | undefined }>()
    const counted: readonly (Pick<Budget, 'on' | 'per'> & { readonly max?: number })[] = [...this.#budgets, ...learnt]
    for (const budget of counted) {
      for (const [group, name] of this.#membersAmong(budget, devices)) {
        const key = groupName(group)
        const found = groups.get(key) ?? { group, devices: [], own: budget.max }
        if (!found.devices.includes(name)) found.devices.push(name)
        groups.set(key, found)
      }
    }
    return [...groups.values()]
  }

  async standing(wanted: readonly WantedGroup[], live: readonly Lease[]): Promise<readonly GroupStanding[]> {
    return Promise.all(wanted.map((one) => this.#standingOf(one, live)))
  }

  async #standingOf(wanted: WantedGroup, live: readonly Lease[]): Promise<GroupStanding> {
    const name = groupName(wanted.group)
    const held = new Map<number, Lease>()
    const unshared: Lease[] = []
    const elsewhere: Lease[] = []
    for (const lease of live) {
      const share = shareIn(lease.device)
      if (share === undefined) {
        if (await this.#isUnshared(lease, wanted.group, live)) unshared.push(lease)
      } else if (groupName(share.group) === name) held.set(share.number, lease)
      else if (isOfOneBudget(share.group, wanted.group)) elsewhere.push(lease)
    }
    const others = await this.#holdersOf([...held.values(), ...unshared], live)
    const holders = others.map(([execution, { taken, began }]) => ({
      execution,
      since: taken.findLast(({ budgets }) => budgets.some(({ budget }) => budget === name))?.at ?? began,
    }))
    // Whoever holds a share of it at another place limits it here as well.
    const parties = [...others, ...(await this.#holdersOf(elsewhere, live))]
    const maxima = parties.flatMap(([, holder]) => limitsOf(holder, wanted.group))
    const max = Math.min(...maxima, wanted.own ?? Number.POSITIVE_INFINITY)
    return { ...wanted, max, held, unshared, holders }
  }

  #holdersOf(
    leases: readonly Lease[],
    live: readonly Lease[],
  ): Promise<readonly (readonly [execution: string, holder: KnownHolder])[]> {
    const executions = new Set(leases.map(({ execution }) => execution))
    executions.delete(this.#execution)
    return Promise.all(
      [...executions].map(async (execution) => [execution, await this.#holder(execution, live)] as const),
    )
  }

  async #isUnshared({ device, execution }: Lease, group: BudgetGroup, live: readonly Lease[]) {
    if (execution === this.#execution) return false
    const found = this.#devices.get(device)
    const own = found && groupIn(countedBy(group), found)
    if (own === undefined || groupName(own) !== groupName(group)) return false
    const { shares } = await this.#holder(execution, live)
    const known = shares.get(device)
    if (known?.length === 0) return false
    return known?.some((share) => groupName(shareIn(share)?.group ?? own) === groupName(group)) !== true
  }

  #holder(execution: string, live: readonly Lease[]) {
    const leases = this.#leasesIn(live).get(execution) ?? ''
    const known = this.#known.get(execution)
    if (known?.leases === leases) return known.holder
    const holder = this.#store.read(execution).then(holderIn)
    this.#known.set(execution, { leases, holder })
    holder.catch(() => this.#known.delete(execution))
    return holder
  }

  #leasesIn(live: readonly Lease[]) {
    if (this.#texts?.of === live) return this.#texts.texts
    const texts = new Map<string, string>()
    for (const { device, execution, token, until } of live)
      texts.set(execution, `${texts.get(execution) ?? ''}${JSON.stringify([device, token, until])}`)
    this.#texts = { of: live, texts }
    return texts
  }

  *#membersAmong(
    budget: Pick<Budget, 'on' | 'per'>,
    devices: readonly string[],
  ): Generator<readonly [BudgetGroup, string]> {
    for (const name of devices) {
      const device = this.#devices.get(name)
      const group = device && groupIn(budget, device)
      if (group !== undefined) yield [group, name]
    }
  }
}

function countedBy({ on, per }: BudgetGroup): Pick<Budget, 'on' | 'per'> {
  return { on, ...(per === undefined ? {} : { per: per.tag }) }
}

function isOfOneBudget(one: BudgetGroup, other: BudgetGroup) {
  return one.on === other.on && one.per?.tag === other.per?.tag
}

function limitsOf({ taken }: KnownHolder, group: BudgetGroup) {
  return taken.flatMap(({ shares, budgets }) => {
    const groups = shares.flatMap(({ share }) => shareIn(share)?.group ?? [])
    const names = new Set(groups.filter((one) => isOfOneBudget(one, group)).map(groupName))
    return budgets.flatMap(({ budget, max }) => (names.has(budget) ? [max] : []))
  })
}

function holderIn(events: readonly JournalEvent[]): KnownHolder {
  const shares = new Map<string, readonly string[]>()
  for (const event of events) {
    if (event.type === 'SharesGivenBack') for (const device of event.devices) shares.set(device, [])
    if (event.type !== 'SharesTaken') continue
    for (const { device, share } of event.shares) shares.set(device, [...(shares.get(device) ?? []), share])
  }
  return { taken: events.filter((event) => event.type === 'SharesTaken'), shares, began: events[0]?.at ?? '' }
}

/** How many more switches a group lacks room for; 0 where all that are wanted may be under change. */
export function lackedBy({ max, held, unshared, devices }: GroupStanding): number {
  return Math.max(0, held.size + unshared.length + devices.length - max)
}

export function sharesFor({ group, held, devices }: GroupStanding): {
  readonly shares: readonly { readonly device: string; readonly share: string }[]
  readonly beside: readonly { readonly share: string; readonly execution: string }[]
} {
  const shares: { device: string; share: string }[] = []
  let number = 0
  const beside: { share: string; execution: string }[] = []
  for (const device of devices) {
    number += 1
    for (let lease = held.get(number); lease !== undefined; lease = held.get(number)) {
      beside.push({ share: shareName(group, number), execution: lease.execution })
      number += 1
    }
    shares.push({ device, share: shareName(group, number) })
  }
  return { shares, beside }
}

const KIND = 'budget queue'

// For how long somebody who waits is taken to wait without another sign, in milliseconds.
const LASTS = 15_000

// How often that sign is given, in milliseconds.
const EACH = 5_000

interface Ticket {
  readonly execution: string
  readonly devices: readonly string[]
  readonly groups: readonly string[]
}

// Who gives no sign for 15 seconds waits no more.
class SharePlace {
  readonly #notes: Notes
  readonly #ticket: Ticket
  readonly #text: string
  readonly #now: () => number
  #said: number | undefined

  constructor(notes: Notes, ticket: Ticket, now: () => number) {
    this.#notes = notes
    this.#ticket = ticket
    this.#text = JSON.stringify(ticket)
    this.#now = now
  }

  async before() {
    if (this.#notes === noNotes) return []
    const texts = await this.#notes.all(KIND)
    const own = texts.indexOf(this.#text)
    const earlier = own === -1 ? texts : texts.slice(0, own)
    const { execution: mine, groups: wanted } = this.#ticket
    const tickets = earlier.map((text) => JSON.parse(text) as Ticket)
    const others = tickets.filter((one) => one.execution !== mine && one.groups.some((group) => wanted.includes(group)))
    return [...new Set(others.map(({ execution }) => execution))]
  }

  async keep() {
    const at = this.#now()
    if (this.#notes === noNotes || (this.#said !== undefined && at - this.#said < EACH)) return
    this.#said = at
    if (await this.#notes.extend(KIND, this.#text, LASTS)) return
    await this.#notes.put(KIND, this.#text, this.#text, { lasts: LASTS })
  }

  async leave() {
    if (this.#said !== undefined) await this.#notes.take(KIND, this.#text)
  }
}

// How often a full budget is looked at again, in milliseconds.
const LOOK = 500

/** What the budgets of one execution are taken with. */
export interface BudgetParts {
  readonly app: Pick<ProjectStore, 'store' | 'leases' | 'notes' | 'clock'>
  readonly execution: string
  readonly budgets: readonly Budget[]
  readonly inventory: readonly InventoryDevice[]
}

type Wanted = Parameters<BudgetPort['take']>[1]

/**
 * Takes the shares of budgets for one execution (ADR 105). All switches that are under change together have theirs at once, or none has: so no
 * execution holds some while it waits for others. Nothing is waited for while one of them is live, nor in a part of a change over several
 * sites, whose other parts hold what somebody else may wait for.
 */
export function budgetPort(parts: BudgetParts): BudgetPort {
  const { app, execution, budgets, inventory } = parts
  const book = new ShareBook(execution, budgets, inventory, app.store)
  // What is taken once is had until it is given back: where it was lost since, the act that needs its lease is refused.
  const taken = new Map<string, Promise<void>>()
  const counted = new Set<string>()
  const keys = new WeakMap<readonly string[], string>()
  const turns = new Turns()
  return {
    take: (ledger, wanted) => {
      const { devices } = wanted
      const key = keys.get(devices) ?? devices.join(' ')
      keys.set(devices, key)
      const known = taken.get(key)
      const isGivenBack =
        counted.size > 0 && devices.some((one) => counted.has(one) && ledger.state.shares.get(one)?.isOver !== false)
      if (known !== undefined && !isGivenBack) return known
      for (const device of devices) counted.delete(device)
      const taking = new Taking(parts, { book, turns }, ledger, wanted).done().then(() => {
        for (const device of devices) if (ledger.state.shares.has(device)) counted.add(device)
      })
      taken.set(key, taking)
      taking.catch(() => taken.delete(key))
      return taking
    },
  }
}

class Turns {
  #last: Promise<unknown> = Promise.resolve()

  next<T>(work: () => Promise<T>) {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

class Taking {
  readonly #parts: BudgetParts
  readonly #book: ShareBook
  readonly #turns: Turns
  readonly #ledger: Ledger
  readonly #wanted: Wanted
  #place: SharePlace | undefined
  #isSaid = false

  constructor(
    parts: BudgetParts,
    { book, turns }: { readonly book: ShareBook; readonly turns: Turns },
    ledger: Ledger,
    wanted: Wanted,
  ) {
    this.#parts = parts
    this.#book = book
    this.#turns = turns
    this.#ledger = ledger
    this.#wanted = wanted
  }

  async done() {
    try {
      while (!(await this.#turns.next(() => this.#tried()))) await this.#pause()
    } finally {
      await this.#place?.leave()
    }
  }

  async #tried() {
    const live = await this.#live()
    const devices = this.#wanted.devices.filter((device) => !this.#has(device, live))
    const wanted = this.#book.wanted(devices, live)
    if (wanted.length === 0) return true
    const standing = await this.#book.standing(wanted, live)
    for (const one of standing) requireRoom(one)
    const before = await this.#before(standing)
    const full = standing.filter((one) => lackedBy(one) > 0 || before.length > 0)
    if (full.length > 0) return this.#full(full, before)
    return this.#taken(standing)
  }

  async #live() {
    const { app, budgets } = this.#parts
    if (budgets.length === 0 && (await app.leases.liveLeases('shares')).length === 0) return []
    return app.leases.liveLeases('all')
  }

  #has(device: string, live: readonly Lease[]) {
    const { shares } = this.#ledger.state.shares.get(device) ?? {}
    const { execution } = this.#parts
    return (
      shares?.every((share) => live.some((lease) => lease.device === share && lease.execution === execution)) === true
    )
  }

  async #before(standing: readonly GroupStanding[]) {
    const { app, execution } = this.#parts
    this.#place ??= new SharePlace(
      app.notes,
      { execution, devices: this.#wanted.devices, groups: standing.map(({ group }) => groupName(group)) },
      () => app.clock.monotonic(),
    )
    return this.#place.before()
  }

  async #full(full: readonly GroupStanding[], before: readonly string[]): Promise<false> {
    const { state } = this.#ledger
    const said: EventBody & { readonly type: 'SharesAwaited' } = {
      type: 'SharesAwaited',
      devices: this.#wanted.devices,
      full: full.map(({ group, max, holders }) => ({ budget: groupName(group), max, held: holders, before })),
    }
    const { devices } = this.#wanted
    const isLive = liveSwitches(state).some((device) => devices.includes(device))
    if (state.noWait || state.sites.part !== undefined || isLive) throw notWaited(said)
    if (!this.#isSaid) await this.#ledger.append(said)
    this.#isSaid = true
    await this.#place?.keep()
    return false
  }

  async #taken(standing: readonly GroupStanding[]) {
    const given = standing.map(sharesFor)
    try {
      await this.#ledger.append({
        type: 'SharesTaken',
        shares: given.flatMap(({ shares }) => shares),
        seconds: this.#wanted.seconds,
        budgets: standing.map(({ group, max }) => ({ budget: groupName(group), max })),
        beside: given.flatMap(({ beside }) => beside),
      })
      return true
    } catch (error) {
      // Another execution has taken one of them since they were looked at.
      const isLate = error instanceof EosflowError && error.kind === 'busy' && shareIn(error.device ?? '') !== undefined
      if (isLate) return false
      throw error
    }
  }

  async #pause() {
    const { signal } = this.#wanted
    signal.throwIfAborted()
    await this.#parts.app.clock.sleep(LOOK, signal)
  }
}

// Refuses what could never be: more switches together than a budget allows.
function requireRoom({ group, devices, own }: GroupStanding) {
  if (own === undefined || devices.length <= own) return
  throw new EosflowError(
    'stale',
    `${devices.length} switches of ${groupName(group)} would be under change at once (${devices.join(', ')}), and \`maxUnderChange\` allows ${own}`,
    { hint: 'Plan again: its waves keep to the budget that holds now.' },
  )
}

function notWaited({ full }: EventBody & { readonly type: 'SharesAwaited' }) {
  const which = full.map(({ budget, max, held, before }) => {
    const others = held.map(({ execution, since }) => `${execution} since ${since}`)
    const who = others.length + before.length === 0 ? ['other switches of this execution'] : others
    const earlier = before.length === 0 ? [] : [`${before.join(', ')} asked earlier`]
    return `at most ${max} of ${budget} may be under change at once: ${[...who, ...earlier].join(', ')}`
  })
  const [first] = full.flatMap(({ held }) => held)
  return new EosflowError('busy', which.join('; '), {
    hint: first === undefined ? 'Run it again then.' : `Run it again when ${first.execution} has ended.`,
  })
}
