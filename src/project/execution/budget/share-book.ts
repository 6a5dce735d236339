import { type Budget, groupIn } from '../../../change/inventory/budget-settings.ts'
import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import type { Lease } from '../../../change/record/store/lease.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { type BudgetGroup, groupName, shareIn, shareName } from '../../../model/budget-share.ts'

export interface WantedGroup {
  readonly group: BudgetGroup
  readonly devices: readonly string[]
  /** What the settings allow; undefined where only those of others count such switches. */
  readonly own: number | undefined
}

export interface GroupStanding extends WantedGroup {
  readonly max: number
  readonly held: ReadonlyMap<number, Lease>
  readonly unshared: readonly Lease[]
  /** Other executions that hold any of it, and since when. */
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
