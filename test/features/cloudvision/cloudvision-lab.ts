import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { type Lab, type LabOptions, openLab, workflowFor } from '../../lab/lab.ts'
import { type Service, startService } from '../../lab/service.ts'

/** What a fake CloudVision does with the nth request to one of its resource APIs, counted from 1. */
export type Fault =
  | 'reset'
  | '401'
  | '500'
  | 'redirect'
  | 'slow'
  | 'cut'
  | 'broken'
  | 'unframed'
  | 'malformed'
  | 'no-value'
  | 'no-key'
  | 'update'
  | 'html'
  | 'huge'

/** A device of its inventory and a change control, as inventory.v1 and changecontrol.v1 write them. */
export interface FakeState {
  devices: readonly JsonObject[]
  controls: readonly JsonObject[]
  /** What goes wrong at which API, for the nth time it is asked; absent: nothing. */
  fault?: (api: 'Device' | 'ChangeControl', nth: number) => Fault | undefined
}

/** A CloudVision on loopback that does what the published schemas say. What it was asked is in `seen`. */
export interface FakeCloudVision extends FakeState {
  readonly service: Service
  /** The requests to an API. */
  asked(api: 'Device' | 'ChangeControl'): readonly { readonly partialEqFilter: readonly JsonObject[] }[]
}

export const TOKEN = 'osprey-4417-secret'

const PATHS = {
  '/api/resources/inventory/v1/Device/all': 'Device',
  '/api/resources/changecontrol/v1/ChangeControl/all': 'ChangeControl',
} as const

/** Starts it; it ends with the test. */
export async function startCloudVision(state: FakeState): Promise<FakeCloudVision> {
  const counts = { Device: 0, ChangeControl: 0 }
  const service = await startService((request, response, { body }) => {
    const api = PATHS[request.url as keyof typeof PATHS]
    if (api === undefined || request.method !== 'POST')
      return answered(response, 404, { code: 5, message: 'Not Found' })
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return answered(response, 401, { code: 16, message: 'unauthenticated' })
    counts[api] += 1
    const values = api === 'Device' ? fake.devices : fake.controls
    const { partialEqFilter: filters } = JSON.parse(body) as {
      partialEqFilter: JsonObject[]
    }
    const lines = values.filter((value) => filters.some((filter) => isPart(filter, value))).map(lineOf)
    const fault = fake.fault?.(api, counts[api])
    if (fault === undefined) return streamed(response, lines)
    FAULTS[fault](request, response, lines)
  })
  const fake: FakeCloudVision = {
    ...state,
    service,
    asked: (api) =>
      service.seen
        .filter(({ target }) => PATHS[target as keyof typeof PATHS] === api)
        .map(({ body }) => JSON.parse(body)),
  }
  return fake
}

const lineOf = (value: JsonObject): string =>
  `${JSON.stringify({ result: { value, time: '2026-11-26T10:00:00.000000001Z', type: 'INITIAL' } })}\n`

/** Whether each member that a filter has is equal in a value (aristanetworks/cloudvision-apis, Filtering). */
function isPart(filter: unknown, value: unknown): boolean {
  if (typeof filter !== 'object' || filter === null) return filter === value
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(filter).every(([name, member]) => isPart(member, (value as JsonObject)[name]))
}

function answered(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** In pieces that end inside of lines, as a stream comes. */
function streamed(response: ServerResponse, lines: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const text = lines.join('')
  for (let at = 0; at < text.length; at += 100) response.write(text.slice(at, at + 100))
  response.end()
}

type Faulty = (
  request: IncomingMessage,
  response: ServerResponse,
  lines: readonly string[],
) => ReturnType<RequestListener>

const with200 =
  (text: string, type = 'application/json'): Faulty =>
  (_request, response, lines) => {
    response.writeHead(200, { 'content-type': type }).end(`${lines.join('')}${text}`)
  }

const FAULTS: Readonly<Record<Fault, Faulty>> = {
  reset: (request) => request.socket.destroy(),
  401: (_request, response) => answered(response, 401, { code: 16, message: `token ${TOKEN} has expired` }),
  500: (_request, response) => answered(response, 500, { code: 13, message: 'internal' }),
  redirect: (_request, response) => response.writeHead(302, { location: 'https://login.example.com/' }).end(),
  slow: () => undefined,
  cut: (_request, response, lines) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(`${lines.join('')}{"result":{"val`, () => response.destroy())
  },
  broken: with200(`${JSON.stringify({ error: { code: 14, message: 'stream was interrupted' } })}\n`),
  unframed: ({ socket }, _response, lines) => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n${lines.join('')}`)
  },
  malformed: with200('{"result":{"value":\n'),
  'no-value': with200('{"result":{"type":"INITIAL"}}\n'),
  'no-key': with200('{"result":{"value":{"status":"CHANGE_CONTROL_STATUS_RUNNING"},"type":"INITIAL"}}\n'),
  update: with200('{"result":{"value":{"key":{"id":"x","deviceId":"x"}},"type":"UPDATED"}}\n'),
  html: with200('<html>log in</html>', 'text/html'),
  huge: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (let n = 0; n < 10; n += 1) response.write(' '.repeat(2 ** 20))
    response.end()
  },
}

/** A device that streams. */
export const device = (deviceId: string, hostname: string): JsonObject => ({
  key: { deviceId },
  softwareVersion: '4.31.4M',
  modelName: 'DCS-7050SX3-48YC8',
  fqdn: `${hostname}.example.com`,
  hostname,
  streamingStatus: 'STREAMING_STATUS_ACTIVE',
})

/** A change control about devices, as its published example is written. */
export function control(
  id: string,
  status: string | undefined,
  deviceIds: readonly string[] | undefined,
  more: JsonObject = {},
): JsonObject {
  return {
    key: { id },
    change: { name: `Change ${id}`, rootStageId: 'root', notes: '', time: '2026-11-26T09:58:00.1Z', user: 'cvpadmin' },
    approve: { value: true, notes: '', time: '2026-11-26T09:59:00.1Z', user: 'cvpadmin' },
    ...(status === undefined ? {} : { status: `CHANGE_CONTROL_STATUS_${status}` }),
    ...(deviceIds === undefined ? {} : { deviceIds: { values: deviceIds } }),
    ...more,
  }
}

/** The serial numbers of the fabric in memory, as `show version` of its switches gives them. */
export const SERIAL = { leaf1: 'JPE21310201', leaf2: 'JPE21310202' } as const

export const settingsFor = (origin: string, more = ''): string => `version: 1
http:
  key: '\${env:HTTP_KEY}'
  hosts: [{ origin: '${origin}', secrets: ['\${env:CLOUDVISION_TOKEN}'] }]
cloudvision: { url: '${origin}', token: '\${env:CLOUDVISION_TOKEN}'${more} }
`

/** A lab beside a CloudVision on loopback that has leaf1 and leaf2 in its inventory. */
export async function cloudVisionLab(
  state: Partial<FakeState> = {},
  {
    targets = 'leaf1',
    more = '',
    token = TOKEN,
    before,
    switches,
    ...change
  }: Parameters<typeof workflowFor>[1] &
    Pick<LabOptions, 'before' | 'switches'> & { targets?: string; more?: string; token?: string } = {},
): Promise<{ readonly lab: Lab; readonly cloudVision: FakeCloudVision }> {
  const devices = [device(SERIAL.leaf1, 'leaf1'), device(SERIAL.leaf2, 'leaf2')]
  const cloudVision = await startCloudVision({ devices, controls: [], ...state })
  const lab = openLab({
    workflow: workflowFor(targets, change),
    files: { 'eosflow.yaml': settingsFor(cloudVision.service.origin, more) },
    env: { HTTP_KEY: 'k'.repeat(64), CLOUDVISION_TOKEN: token },
    ...(before === undefined ? {} : { before }),
    ...(switches === undefined ? {} : { switches }),
  })
  return { lab, cloudVision }
}

export type Asked = JournalEvent & { readonly type: 'CloudVisionAsked' }

/** What is on record of the newest change, or of the newest run that was refused where there is none. */
export async function records(lab: Lab): Promise<readonly JournalEvent[]> {
  const newest = async (list: 'executions' | 'plans'): Promise<string | undefined> => {
    const { executions } = JSON.parse((await lab.eosflow(list, '--json')).out) as { executions: { id: string }[] }
    return executions[0]?.id
  }
  const id = (await newest('executions')) ?? (await newest('plans')) ?? 'none'
  return JSON.parse((await lab.eosflow(`history ${id} --json`)).out)
}

/** What CloudVision has said in it. */
export async function askedIn(lab: Lab): Promise<readonly Asked[]> {
  return (await records(lab)).flatMap((one) => (one.type === 'CloudVisionAsked' ? [one] : []))
}

/** What was begun on the switches since CloudVision was first asked: before, the plan was made. */
export async function actsIn(lab: Lab): Promise<readonly string[]> {
  const all = await records(lab)
  const asked = all.findIndex(({ type }) => type === 'CloudVisionAsked')
  return all.slice(asked).flatMap((one) => (one.type === 'ActIntended' ? [`${one.device} ${one.act}`] : []))
}
