import { describe, expect, test } from 'vitest'
import { httpTransport } from '../../../src/eos/transport/http/http-transport.ts'
import { cloudVisionPort, readControls, UnreadableValue } from '../../../src/features/cloudvision/ask.ts'
import type { CloudVisionReading } from '../../../src/features/cloudvision/control.ts'
import { cloudVision } from '../../../src/features/cloudvision/index.ts'
import { cloudVisionSettings } from '../../../src/features/cloudvision/settings.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { parseSettings, settingOf } from '../../../src/project/files/settings/settings.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { openSecrets } from '../../../src/project/secret/secrets.ts'
import { noSeams } from '../../../src/project/system/process/seams.ts'
import { everyNth } from '../../extent.ts'
import {
  control,
  device,
  type FakeCloudVision,
  type Fault,
  settingsFor,
  startCloudVision,
  TOKEN,
} from './cloudvision-lab.ts'

const DEVICES = [device('JPE1', 'leaf1'), device('50800A7CAC3', 'leaf-2')]
const CONTROLS = [control('cc-1', 'RUNNING', ['JPE1'])]
const SWITCHES = [
  { name: 'leaf1', serial: 'JPE1' },
  { name: 'leaf-2', serial: '' },
  { name: 'leaf3', serial: 'JPE3' },
]
const FOUND: CloudVisionReading = {
  known: ['leaf1', 'leaf-2'],
  controls: [{ id: 'cc-1', name: 'Change cc-1', standing: 'running', devices: ['leaf1'] }],
}

/** What is heard of a fake CloudVision over a real connection. */
async function heardOf({ service }: FakeCloudVision) {
  const scrubber = new Scrubber()
  const env = { HTTP_KEY: 'k'.repeat(64), CLOUDVISION_TOKEN: TOKEN }
  const settings = parseSettings(settingsFor(service.origin), 'eosflow.yaml', [cloudVision])
  if (!settings.ok) throw new RangeError(JSON.stringify(settings.problems))
  const secrets = openSecrets({
    env,
    exec: {},
    register: (secret, name) => scrubber.register(secret, name),
    now: () => 1_732_105_234_567,
  })
  const http = httpTransport({
    hosts: settings.value.http?.hosts ?? [],
    resolve: (reference) => secrets.resolve(reference),
    scrub: (text) => scrubber.scrub(text),
    readCa: () => Promise.reject(new RangeError('none')),
    clock: noSeams.clock,
  })
  const own = settingOf(settings.value, cloudVisionSettings)
  if (own === undefined) throw new RangeError('the settings name none')
  return cloudVisionPort(own, http, { sleep: async () => undefined }).ask(SWITCHES, new AbortController().signal)
}

const failed = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(EosflowError)
  return (error as EosflowError).message
}

const REASONS: Readonly<Record<Exclude<Fault, 'slow'>, string>> = {
  reset: 'its answer did not arrive',
  401: 'it answers 401: the token is not accepted: token <redacted> has expired',
  500: 'it answers 500: internal',
  redirect: 'it answers 302, which leads elsewhere and is not followed',
  cut: 'its answer did not arrive',
  broken: 'it breaks off its answer: stream was interrupted',
  unframed: 'nothing shows whether its answer is whole: it says neither its length nor where it ends',
  malformed: 'a line of its answer is no JSON object',
  'no-value': 'a line of its answer holds no value',
  'no-key': 'a value has no `key.',
  update: 'a line of its answer is of the type "UPDATED", not INITIAL',
  html: 'its answer is "text/html", not JSON',
  huge: 'the answer is longer than 8 MiB',
}
const CASES = (['Device', 'ChangeControl'] as const).flatMap((api) =>
  Object.entries(REASONS).map(([fault, reason]) => [api, fault as Fault, reason] as const),
)

describe('an answer of CloudVision', () => {
  test('is read over a stream that comes in pieces', async () => {
    expect(await heardOf(await startCloudVision({ devices: DEVICES, controls: CONTROLS }))).toEqual(FOUND)
  })

  test.each(CASES)('of %s that is %s is none', async (where, fault, reason) => {
    const fake = await startCloudVision({
      devices: DEVICES,
      controls: CONTROLS,
      fault: (api) => (api === where ? fault : undefined),
    })
    const message = await failed(heardOf(fake))
    expect(message).toContain(reason)
    expect(message).not.toContain(TOKEN)
  })

  test.each(everyNth(2, 'answers that are wrong once', CASES))(
    'of %s that is %s once is asked for again where that may help',
    async (where, fault) => {
      const fake = await startCloudVision({
        devices: DEVICES,
        controls: CONTROLS,
        fault: (api, nth) => (api === where && nth === 1 ? fault : undefined),
      })
      // Nobody asks again for what is too long.
      if (fault === 'huge') await failed(heardOf(fake))
      else expect(await heardOf(fake)).toEqual(FOUND)
    },
  )

  test('were looked at in each of their ways to be wrong', () => {
    expect(CASES).toHaveLength(26)
  })

  test('that never comes is waited for twice ten seconds', { tags: 'night', timeout: 40_000 }, async () => {
    const fake = await startCloudVision({ devices: DEVICES, controls: CONTROLS, fault: () => 'slow' })
    expect(await failed(heardOf(fake))).toContain('no complete answer within 10 s')
    expect(fake.service.seen).toHaveLength(2)
  })

  test('is none where nobody listens', async () => {
    const fake = await startCloudVision({ devices: [], controls: [] })
    const gone = { ...fake, service: { ...fake.service, origin: 'http://127.0.0.1:9' } }
    expect(await failed(heardOf(gone))).toContain('127.0.0.1:9')
  })
})

describe('a change control', () => {
  const found = (one: JsonObject) => readControls(SWITCHES, DEVICES, [one]).controls
  const started = { start: { value: true, notes: '', time: '2026-11-26T10:00:00Z', user: 'cvpadmin' } }

  test.each<[string, JsonObject, object[]]>([
    ['that runs', control('c', 'RUNNING', ['JPE1', 'X']), [{ standing: 'running', devices: ['leaf1'] }]],
    [
      'that runs on a switch without a serial number',
      control('c', 'RUNNING', ['50800A7CAC3']),
      [{ standing: 'running', devices: ['leaf-2'] }],
    ],
    [
      'that runs on a switch that is not in the inventory',
      control('c', 'RUNNING', ['JPE3']),
      [{ standing: 'running', devices: ['leaf3'] }],
    ],
    ['that runs on others', control('c', 'RUNNING', ['X']), []],
    ['that runs nowhere that it says', control('c', 'RUNNING', undefined), [{ standing: 'running', devices: [] }]],
    ['that runs on a list of nothing', control('c', 'RUNNING', []), [{ standing: 'running', devices: [] }]],
    ['that is scheduled nowhere that it says', control('c', 'SCHEDULED', undefined), []],
    [
      'that was started and says no more',
      control('c', undefined, ['JPE1'], started),
      [{ standing: 'unclear', devices: ['leaf1'] }],
    ],
    [
      'that was started, of an unknown status',
      control('c', 'UNSPECIFIED', ['JPE1'], started),
      [{ standing: 'unclear', devices: ['leaf1'] }],
    ],
    ['that was started elsewhere and says no more', control('c', undefined, ['X'], started), []],
    ['that was never started', control('c', undefined, ['JPE1']), []],
    ['that was stopped', control('c', undefined, ['JPE1'], { start: { value: false } }), []],
    [
      'of a status that is in no schema',
      control('c', 'PAUSED', ['JPE1']),
      [{ standing: 'unclear', devices: ['leaf1'] }],
    ],
    [
      'of a status that is a number',
      control('c', undefined, ['JPE1'], { status: 1 }),
      [{ standing: 'unclear', devices: ['leaf1'] }],
    ],
    ['that has ended', control('c', 'COMPLETED', ['JPE1']), []],
    ['that has ended with an error', control('c', 'COMPLETED', ['JPE1'], { error: 'failed' }), []],
    ['that was not started', control('c', 'NOT_STARTED', ['JPE1']), []],
  ])('%s', (_, one, expected) => {
    expect(found(one)).toEqual(expected.map((more) => ({ id: 'c', name: 'Change c', ...more })))
  })

  test.each<[string, JsonObject, readonly string[] | undefined]>([
    ['runs on an id that is none of ours', control('c', 'RUNNING', ['JPE1', 'X']), ['leaf-2']],
    ['may run on one', control('c', 'PAUSED', ['X']), ['leaf-2']],
    ['runs on ids that are all ours', control('c', 'RUNNING', ['JPE1', 'JPE3']), undefined],
    ['is scheduled for one', control('c', 'SCHEDULED', ['X']), undefined],
    ['has ended on one', control('c', 'COMPLETED', ['X']), undefined],
  ])('that %s, while a switch without a serial number is not in the inventory', (_, one, switches) => {
    const { unidentified } = readControls(SWITCHES, [device('JPE1', 'leaf1'), device('X', 'dc1-leaf-2')], [one])
    expect(unidentified).toEqual(switches && { switches, control: 'Change c' })
    expect(readControls(SWITCHES, [device('X', 'leaf-2')], [one]).unidentified).toBeUndefined()
  })

  test.each<[string, JsonObject]>([
    ['without a key', { status: 'CHANGE_CONTROL_STATUS_RUNNING' }],
    ['whose devices are a text', control('c', 'RUNNING', undefined, { deviceIds: 'JPE1' })],
    ['whose devices are numbers', control('c', 'RUNNING', undefined, { deviceIds: { values: [1] } })],
  ])('%s cannot be read', (_, one) => {
    expect(() => found(one)).toThrow(UnreadableValue)
  })
})
