import type { AskedSwitch, CloudVisionReading, FoundChangeControl } from '../../../model/cloudvision.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

/** A name that people gave is shown up to here. */
const LONGEST_NAME = 120

/** A value of a stream that is not as its schema says. */
export class UnreadableValue extends Error {}

/** Which switches CloudVision calls by which ids: by their serial number, and by their name where they have none (inventory.v1, `Device`). */
export function idsOf(switches: readonly AskedSwitch[], devices: readonly JsonObject[]): ReadonlyMap<string, string> {
  const ids = new Map(switches.flatMap(({ name, serial }) => (serial === '' ? [] : [[serial, name] as const])))
  const nameless = new Set(switches.flatMap(({ name, serial }) => (serial === '' ? [name] : [])))
  for (const device of devices) {
    const { hostname } = device
    if (typeof hostname === 'string' && nameless.has(hostname)) ids.set(keyOf(device, 'deviceId'), hostname)
  }
  return ids
}

/**
 * Reads what CloudVision's inventory and its change controls say about switches (inventory.v1 and changecontrol.v1). Those that have ended or have not been
 * started are left out. Throws UnreadableValue.
 */
export function readControls(
  switches: readonly AskedSwitch[],
  devices: readonly JsonObject[],
  controls: readonly JsonObject[],
): CloudVisionReading {
  const ids = idsOf(switches, devices)
  const named = new Set(ids.values())
  const nameless = switches.flatMap(({ name }) => (named.has(name) ? [] : [name]))
  const strange = nameless.length === 0 ? undefined : controls.find((control) => mayBeElsewhere(control, ids))
  const listed = new Set(devices.map((device) => ids.get(keyOf(device, 'deviceId'))))
  return {
    known: switches.flatMap(({ name }) => (listed.has(name) ? [name] : [])),
    controls: controls.flatMap((control) => foundOf(control, ids) ?? []),
    ...(strange === undefined
      ? {}
      : { unidentified: { switches: nameless, control: nameOf(strange).name ?? keyOf(strange, 'id') } }),
  }
}

/** Whether it runs, or may run, on an id that is none of these. */
function mayBeElsewhere(control: JsonObject, ids: ReadonlyMap<string, string>): boolean {
  const standing = standingOf(control)
  if (standing !== 'running' && standing !== 'unclear') return false
  return devicesOf(control)?.some((one) => !ids.has(one)) === true
}

function foundOf(control: JsonObject, ids: ReadonlyMap<string, string>): FoundChangeControl | undefined {
  const id = keyOf(control, 'id')
  const standing = standingOf(control)
  if (standing === undefined) return undefined
  const on = devicesOf(control)
  const devices = (on ?? []).flatMap((one) => ids.get(one) ?? [])
  // What runs and does not say where may run on a switch of ours; what only may run is looked at where it says so.
  if (devices.length === 0 && (on !== undefined || control.status !== RUNNING)) return undefined
  return { id, ...nameOf(control), standing, devices: [...new Set(devices)], ...timeOf(control) }
}

const RUNNING = 'CHANGE_CONTROL_STATUS_RUNNING'

/** How far it is; undefined where it has ended or was never started. What no published schema names is unclear. */
function standingOf({ status, start }: JsonObject): FoundChangeControl['standing'] | undefined {
  switch (status) {
    case RUNNING:
      return 'running'
    case 'CHANGE_CONTROL_STATUS_SCHEDULED':
      return 'scheduled'
    case 'CHANGE_CONTROL_STATUS_COMPLETED':
    case 'CHANGE_CONTROL_STATUS_NOT_STARTED':
      return undefined
    case undefined:
    case 'CHANGE_CONTROL_STATUS_UNSPECIFIED':
      return isJsonObject(start) && start.value === true ? 'unclear' : undefined
    default:
      return 'unclear'
  }
}

/** On which devices it is, by CloudVision's ids; undefined where it does not say: releases of before 2022.3 do not. */
function devicesOf({ deviceIds }: JsonObject): readonly string[] | undefined {
  if (deviceIds === undefined || deviceIds === null) return undefined
  const values = isJsonObject(deviceIds) ? (deviceIds.values ?? []) : undefined
  if (!isTexts(values)) throw new UnreadableValue('the devices of a change control are no list of ids')
  return values.length === 0 ? undefined : values
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && (value as readonly Json[]).every((one) => typeof one === 'string')
}

function nameOf({ change }: JsonObject): Pick<FoundChangeControl, 'name'> {
  const name = isJsonObject(change) && typeof change.name === 'string' ? change.name.trim() : ''
  return name === '' ? {} : { name: name.slice(0, LONGEST_NAME) }
}

function timeOf({ schedule }: JsonObject): Pick<FoundChangeControl, 'at'> {
  const at = isJsonObject(schedule) ? schedule.value : undefined
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? { at } : {}
}

/** The one text of the key of a resource, which every value of a stream has. */
function keyOf({ key }: JsonObject, member: 'id' | 'deviceId'): string {
  const text = isJsonObject(key) ? key[member] : undefined
  if (typeof text === 'string' && text !== '') return text
  throw new UnreadableValue(`a value has no \`key.${member}\``)
}
