import { canonicalJson, hmac } from '../../model/digest.ts'
import type { Place } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { type LazyMap, type LazyScalar, type LazyValue, ValueFault } from '../../model/once.ts'
import { isForbiddenKey } from '../../text/source/json.ts'
import type { Inventory, InventoryDevice } from '../inventory/inventory.ts'
import { seenDevice } from '../inventory/seen-device.ts'
import { switchName } from '../inventory/switch/switch-name.ts'
import type { TemplateScope } from '../workflow/template/change.ts'
import type { PlanContent, PlanEvidence } from './plan.ts'

export type Steps = readonly (string | number)[]

interface Datum {
  readonly what: 'value' | 'keys' | 'length' | 'kind'
  readonly steps: Steps
}

interface FoundDatum {
  readonly found: Json
  readonly at?: Place
}

/** A datum as people and plans name it: `vars.asn`, `vars.peers[0]["remote as"]`, `keys(vars.bgp)`. */
export function datumText({ what, steps }: Datum): string {
  const path = steps.map((step, index) => stepText(step, index === 0)).join('')
  return what === 'value' ? path : `${what}(${path})`
}

/** Reads what {@link datumText} has written; undefined for another text. */
export function parseDatum(text: string): Datum | undefined {
  const [, wrapped, inside] = /^(keys|length|kind)\((.*)\)$/s.exec(text) ?? []
  const path = inside ?? text
  const steps: (string | number)[] = []
  let at = 0
  for (const match of path.matchAll(STEP)) {
    if (match.index !== at) return undefined
    at += match[0].length
    const [, name, index, quoted] = match
    steps.push(name ?? (index === undefined ? String(JSON.parse(quoted ?? '""')) : Number(index)))
  }
  return at === path.length ? { what: (wrapped as Datum['what'] | undefined) ?? 'value', steps } : undefined
}

const STEP = /(?:(?:^|\.)([A-Za-z_]\w*))|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gs

function stepText(step: string | number, isFirst: boolean) {
  if (typeof step === 'number') return `[${step}]`
  if (!/^[A-Za-z_]\w*$/.test(step)) return `[${JSON.stringify(step)}]`
  return isFirst ? step : `.${step}`
}

// `groups` is the list of its groups as one value, and `groups.NAME` is whether it is in that group.
function foundIn(device: LazyMap | undefined, { what, steps }: Datum): FoundDatum {
  try {
    if (steps[0] === 'groups') return { found: groupsOf(device, steps[1]) }
    const value = steps.reduce<LazyValue | undefined>(partOf, device)
    return value === undefined ? { found: ['absent'] } : { found: said(value, what), at: value.at }
  } catch (thrown) {
    if (thrown instanceof ValueFault) return { found: ['fault'], at: thrown.problem.at }
    throw thrown
  }
}

function groupsOf(device: LazyMap | undefined, group: string | number | undefined): Json {
  const list = device?.member('groups')
  if (list?.kind !== 'list') return ['absent']
  const groups = Array.from({ length: list.length }, (_, index) => scalarText(list.item(index)))
  return ['value', group === undefined ? groups : groups.includes(String(group))]
}

function scalarText(value: LazyValue | undefined) {
  return value?.kind === 'scalar' ? String(value.value) : ''
}

function partOf(value: LazyValue | undefined, step: string | number) {
  if (value?.kind === 'map' && typeof step === 'string') return value.member(step)
  return value?.kind === 'list' && typeof step === 'number' ? value.item(step) : undefined
}

function said(value: LazyValue, what: Datum['what']): Json {
  if (what === 'kind' || (what === 'value' && value.kind !== 'scalar')) return ['kind', value.kind]
  if (what === 'keys') return value.kind === 'map' ? ['keys', keysJson(value)] : ['kind', value.kind]
  if (what === 'length') return value.kind === 'list' ? ['length', value.length] : ['kind', value.kind]
  return ['value', ...scalarJson(value as LazyScalar)]
}

function keysJson(map: LazyMap): Json {
  return map.keys().map((name): Json => {
    const written = map.writtenKey === undefined ? name : map.writtenKey(name)
    return typeof written === 'string' ? name : [typeof written, name]
  })
}

function scalarJson({ value, isFloat }: LazyScalar) {
  if (isFloat === true) return ['float', Object.is(value, -0) ? '-0.0' : String(value)]
  if (typeof value === 'bigint') return ['integer', String(value)]
  return typeof value === 'number' && !Number.isSafeInteger(value) ? ['float', String(value)] : [value as Json]
}

const EVERYBODY = '*'

export class Readings {
  readonly #read = new Map<string, Map<string, Datum>>()

  device(name: string, seen: LazyMap): LazyMap {
    return {
      kind: 'map',
      at: seen.at,
      keys: () => seen.keys(),
      member: (member) => {
        const found = seen.member(member)
        if (found === undefined || member === 'name') return found
        if (member !== 'groups') return this.#watched(name, found, [member])
        this.note(name, { what: 'value', steps: ['groups'] })
        return found
      },
    }
  }

  fabric(seen: LazyMap): LazyMap {
    return {
      kind: 'map',
      at: seen.at,
      keys: () => {
        this.note(EVERYBODY, { what: 'keys', steps: [] })
        return seen.keys()
      },
      member: (name) => {
        const found = seen.member(name)
        if (found?.kind === 'map') return this.device(name, found)
        if (canBeSwitch(name)) this.note(name, { what: 'value', steps: [] })
        return undefined
      },
    }
  }

  note(device: string, datum: Datum): void {
    const known = this.#read.get(device)
    const of = known ?? new Map<string, Datum>()
    if (known === undefined) this.#read.set(device, of)
    of.set(datumText(datum), datum)
  }

  all(): ReadonlyMap<string, readonly Datum[]> {
    return new Map(
      [...this.#read]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([device, data]) => [device, withoutImplied([...data.values()])]),
    )
  }

  #watched(device: string, value: LazyValue, steps: Steps): LazyValue {
    const note = (what: Datum['what'], at: Steps = steps) => this.note(device, { what, steps: at })
    const below = (read: () => LazyValue | undefined, step: string | number) => {
      const deeper = [...steps, step]
      try {
        const found = read()
        if (found !== undefined) return this.#watched(device, found, deeper)
      } catch (thrown) {
        // Whoever has asked for it may go on without it: it may be readable later.
        if (thrown instanceof ValueFault) note('value', deeper)
        throw thrown
      }
      note('value', deeper)
      return undefined
    }
    if (value.kind === 'scalar') {
      note('value')
      return value
    }
    note('kind')
    if (value.kind === 'map') {
      const keys = () => {
        note('keys')
        return value.keys()
      }
      const { writtenKey } = value
      const written = writtenKey === undefined ? {} : { writtenKey: (name: string) => writtenKey(name) }
      return { kind: 'map', at: value.at, keys, ...written, member: (key) => below(() => value.member(key), key) }
    }
    return {
      kind: 'list',
      at: value.at,
      get length() {
        note('length')
        return value.length
      },
      item: (index) => below(() => value.item(index), index),
    }
  }
}

// Whether an inventory can have a switch of this name: what can never be there is nothing that a plan holds.
function canBeSwitch(name: string) {
  return switchName.safeParse(name).success && !isForbiddenKey(name)
}

function withoutImplied(data: readonly Datum[]) {
  const around = new Set(
    data.flatMap(({ what, steps }) => {
      const parts = steps.map((_, index) => datumText({ what: 'kind', steps: steps.slice(0, index) }))
      return what === 'keys' || what === 'length' ? [...parts, datumText({ what: 'kind', steps })] : parts
    }),
  )
  return data
    .filter((datum) => datum.what !== 'kind' || !(around.has(datumText(datum)) || datum.steps.length === 1))
    .toSorted((a, b) => (datumText(a) < datumText(b) ? -1 : 1))
}

/** If `readings` is given, what they read is kept there. */
export function sightIn(
  { file }: Pick<Inventory, 'file'>,
  fabric: LazyMap,
  readings?: Readings,
): (device: InventoryDevice) => TemplateScope {
  const watched = readings === undefined ? fabric : readings.fabric(fabric)
  return (device) => {
    const seen = seenDevice(device, file)
    return { name: device.name, device: readings?.device(device.name, seen) ?? seen, fabric: watched }
  }
}

interface SealedReadings {
  readonly read: PlanContent['inventory']['read']
  readonly places: NonNullable<PlanEvidence['readAt']>
}

export interface ChangedDatum {
  readonly device: string
  readonly message: string
}

export function sealReadings(key: string, readings: Readings, fabric: LazyMap): SealedReadings {
  const read: Record<string, Record<string, string>> = {}
  const places: Record<string, Record<string, string>> = {}
  for (const [device, data] of readings.all()) {
    const all = data.map((datum) => [datumText(datum), datum, lookUp(fabric, device, datum)] as const)
    read[device] = Object.fromEntries(all.map(([name, , { found }]) => [name, sealDatum(key, device, name, found)]))
    const placed = all.flatMap(([name, { steps }, { at }]) =>
      at === undefined || !hasPlace(steps) ? [] : [[name, placeText(at)] as const],
    )
    if (placed.length > 0) places[device] = Object.fromEntries(placed)
  }
  return { read, places }
}

/** The data that are no longer what they were when a plan was made, in the order of the plan. */
export function movedData(
  key: string,
  {
    content,
    evidence,
  }: { readonly content: Pick<PlanContent, 'inventory'>; readonly evidence: Pick<PlanEvidence, 'readAt'> },
  fabric: LazyMap,
): readonly ChangedDatum[] {
  return Object.entries(content.inventory.read).flatMap(([device, data]) => {
    if (device !== EVERYBODY && fabric.member(device) === undefined && !Object.hasOwn(data, '')) {
      return [{ device, message: `${device}: it is no longer in the inventory, and the plan was made from data of it` }]
    }
    return Object.entries(data).flatMap(([name, sealed]) => {
      const datum = parseDatum(name)
      const { found, at } = datum === undefined ? { found: null } : lookUp(fabric, device, datum)
      if (sealDatum(key, device, name, found) === sealed) return []
      const where =
        at === undefined || !hasPlace(datum?.steps ?? []) ? evidence.readAt?.[device]?.[name] : placeText(at)
      return [{ device, message: movedMessage(device, name, where) }]
    })
  })
}

function movedMessage(device: string, name: string, where: string | undefined) {
  if (device === EVERYBODY) return 'the inventory has other switches now than when the plan was made'
  if (name === '') return `${device}: it is in the inventory now, and the plan was made without it`
  return `${device}: ${name}${where === undefined ? '' : ` (${where})`} is no longer what the plan was made from`
}

function lookUp(fabric: LazyMap, device: string, datum: Datum) {
  if (device === EVERYBODY) return { found: ['keys', [...fabric.keys()]] }
  const seen = fabric.member(device)
  if (datum.steps.length === 0) return { found: [seen === undefined ? 'absent' : 'present'] }
  return foundIn(seen?.kind === 'map' ? seen : undefined, datum)
}

function sealDatum(key: string, device: string, name: string, found: FoundDatum['found']) {
  return hmac(key, `inventory:${canonicalJson([device, name, found])}`)
}

const hasPlace = ([first]: Datum['steps']) => first === 'vars'

const placeText = ({ file, line }: Place) => `${file}:${line}`
