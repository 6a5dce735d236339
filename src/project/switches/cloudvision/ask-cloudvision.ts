import type { AskedSwitch, CloudVisionPort, CloudVisionReading } from '../../../model/cloudvision.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort, HttpRequest } from '../../../model/http-port.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { App } from '../../app/app.ts'
import { noSeams } from '../../system/process/seams.ts'
import { readControls, UnreadableValue } from './read-change-controls.ts'
import { readStream } from './read-stream.ts'

/** How long an answer may take, and how long is waited before the same is asked once more, in milliseconds. */
const LONGEST = 10_000
const PAUSE = 2_000
/** So much is kept of why nothing was heard. */
const LONGEST_REASON = 300

const DEVICES = '/api/resources/inventory/v1/Device/all'
const CONTROLS = '/api/resources/changecontrol/v1/ChangeControl/all'

/** What of the application CloudVision is asked with. */
export type CloudVisionHost = Pick<App, 'project' | 'seams'>

/** CloudVision, as changes ask it; nothing where the settings name none, and where simulated switches are tried. */
export function cloudVisionPort(
  { project, seams = noSeams }: CloudVisionHost,
  http: HttpPort,
): { readonly cloudVision?: CloudVisionPort } {
  const settings = project.settings.cloudvision
  if (settings === undefined || seams.unaskedAround === true) return {}
  const { url, token, whenAway, askAgainAfter } = settings
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
  const askOnce = async (switches: readonly AskedSwitch[], signal: AbortSignal): Promise<CloudVisionReading> => {
    const devices = await valuesOf(DEVICES, switches.map(filterOf), signal)
    const controls = await valuesOf(CONTROLS, GOING_ON, signal)
    try {
      return readControls(switches, devices, controls)
    } catch (error) {
      throw error instanceof UnreadableValue ? unreliable(error.message) : error
    }
  }
  const { clock } = seams
  return {
    cloudVision: {
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
    },
  }
}

/** Change controls that have ended are most of what there is, and nobody asks for them (`partial_eq_filter` of changecontrol.v1). */
const GOING_ON: Json = [{ status: 'CHANGE_CONTROL_STATUS_RUNNING' }, { status: 'CHANGE_CONTROL_STATUS_SCHEDULED' }]

function filterOf({ name, serial }: AskedSwitch): JsonObject {
  return serial === '' ? { hostname: name } : { key: { deviceId: serial } }
}

function unreliable(reason: string): EosflowError {
  return new EosflowError('protocol', reason, { retryable: true })
}
