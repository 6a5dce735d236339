import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../model/http-port.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { readMachineJson } from '../../text/source/json.ts'
import type { AskedSwitch, CloudVisionPort, CloudVisionReading, FoundChangeControl } from './control.ts'
import type { CloudVisionSettings } from './settings.ts'

const LONGEST_NAME = 120

export class UnreadableValue extends Error {}

function idsOf(switches: readonly AskedSwitch[], devices: readonly JsonObject[]): ReadonlyMap<string, string> {
  const ids = new Map(switches.flatMap(({ name, serial }) => (serial === '' ? [] : [[serial, name] as const])))
  const nameless = new Set(switches.flatMap(({ name, serial }) => (serial === '' ? [name] : [])))
  for (const device of devices) {
    const { hostname } = device
    if (typeof hostname === 'string' && nameless.has(hostname)) ids.set(keyOf(device, 'deviceId'), hostname)
  }
  return ids
}

/** Reads what CloudVision's inventory and its change controls say about switches (inventory.v1 and changecontrol.v1). Throws UnreadableValue. */
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

function mayBeElsewhere(control: JsonObject, ids: ReadonlyMap<string, string>) {
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

// How far it is; undefined where it has ended or was never started.
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

function devicesOf({ deviceIds }: JsonObject) {
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

function keyOf({ key }: JsonObject, member: 'id' | 'deviceId') {
  const text = isJsonObject(key) ? key[member] : undefined
  if (typeof text === 'string' && text !== '') return text
  throw new UnreadableValue(`a value has no \`key.${member}\``)
}

type StreamReading = { readonly values: readonly JsonObject[] } | { readonly reason: string }

function readStream(answer: HttpAnswer): StreamReading {
  const unheard = unheardBecause(answer)
  if (unheard !== undefined) return { reason: unheard }
  const values: JsonObject[] = []
  for (const line of new TextDecoder().decode(answer.body).split('\n')) {
    if (line.trim() === '') continue
    const value = valueIn(line)
    if (typeof value === 'string') return { reason: value }
    values.push(value)
  }
  return { values }
}

function unheardBecause({ status, headers, body }: HttpAnswer) {
  if (status >= 300 && status < 400) return `it answers ${status}, which leads elsewhere and is not followed`
  if (status !== 200) return `it answers ${status}${MEANINGS[status] ?? ''}${saidIn(body)}`
  const type = headers['content-type'] ?? 'of no type'
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) return `its answer is ${JSON.stringify(type)}, not JSON`
  const isFramed = headers['content-length'] !== undefined || headers['transfer-encoding']?.includes('chunked') === true
  return isFramed
    ? undefined
    : 'nothing shows whether its answer is whole: it says neither its length nor where it ends'
}

function valueIn(line: string): JsonObject | string {
  const read = readMachineJson(line, 'answer')
  if (!read.ok || !isJsonObject(read.value)) return 'a line of its answer is no JSON object'
  const { result, error } = read.value
  if (error !== undefined) return `it breaks off its answer${wordsOf(error)}`
  if (!isJsonObject(result) || !isJsonObject(result.value)) return 'a line of its answer holds no value'
  return result.type === undefined || result.type === 'INITIAL'
    ? result.value
    : `a line of its answer is of the type ${JSON.stringify(result.type)}, not INITIAL`
}

const MEANINGS: Readonly<Record<number, string>> = {
  401: ': the token is not accepted',
  403: ': the token may not read this',
  404: ': there is no such resource API at this url',
}

function saidIn(body: Uint8Array) {
  const read = readMachineJson(body.subarray(0, 4096), 'answer')
  return read.ok ? wordsOf(read.value) : ''
}

function wordsOf(error: Json) {
  const message = isJsonObject(error) && typeof error.message === 'string' ? error.message : ''
  const words = message.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()
  return words === '' ? '' : `: ${words}`
}

// How long an answer may take, and how long is waited before the same is asked once more, in milliseconds.
const LONGEST = 10_000
const PAUSE = 2_000
const LONGEST_REASON = 300

const DEVICES = '/api/resources/inventory/v1/Device/all'
const CONTROLS = '/api/resources/changecontrol/v1/ChangeControl/all'

export function cloudVisionPort(
  { url, token, whenAway, askAgainAfter }: CloudVisionSettings,
  http: HttpPort,
  clock: Pick<Clock, 'sleep'>,
): CloudVisionPort {
  const request = (path: string, body: JsonObject): HttpRequest => ({
    name: `POST ${url}${path}`,
    method: 'POST',
    url: `${url}${path}`,
    headers: { accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    milliseconds: LONGEST,
    onlyReads: true,
  })
  const valuesOf = async (path: string, filters: Json, signal: AbortSignal): Promise<readonly JsonObject[]> => {
    const read = readStream(await http.send(request(path, { partialEqFilter: filters }), signal))
    if ('values' in read) return read.values
    // Scrubbed before it is cut: a part of a secret is not known as one.
    throw unreliable(http.scrub(read.reason).slice(0, LONGEST_REASON))
  }
  const askOnce = async (switches: readonly AskedSwitch[], signal: AbortSignal) => {
    const devices = await valuesOf(DEVICES, switches.map(filterOf), signal)
    const controls = await valuesOf(CONTROLS, GOING_ON, signal)
    try {
      return readControls(switches, devices, controls)
    } catch (error) {
      throw error instanceof UnreadableValue ? unreliable(error.message) : error
    }
  }
  return {
    whenAway,
    keptFor: askAgainAfter * 1000,
    ask: async (switches, signal) => {
      try {
        return await askOnce(switches, signal)
      } catch (error) {
        if (!(error instanceof EosflowError) || !error.retryable) throw error
      }
      await clock.sleep(PAUSE, signal)
      return askOnce(switches, signal)
    },
  }
}

// Change controls that have ended are most of what there is, and nobody asks for them (`partial_eq_filter` of changecontrol.v1).
const GOING_ON: Json = [{ status: 'CHANGE_CONTROL_STATUS_RUNNING' }, { status: 'CHANGE_CONTROL_STATUS_SCHEDULED' }]

function filterOf({ name, serial }: AskedSwitch): JsonObject {
  return serial === '' ? { hostname: name } : { key: { deviceId: serial } }
}

function unreliable(reason: string) {
  return new EosflowError('protocol', reason, { retryable: true })
}
