import { canonicalJson, hmac } from '../../model/digest.ts'
import type { LazyMap } from '../../model/lazy-value.ts'
import type { Place } from '../../model/problem.ts'
import type { PlanContent } from './plan.ts'
import type { PlanEvidence } from './plan-evidence.ts'
import { type Datum, datumText, EVERYBODY, type FoundDatum, foundIn, parseDatum, type Readings } from './readings.ts'

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
