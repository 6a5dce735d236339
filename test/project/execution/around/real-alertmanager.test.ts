import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { httpTransport } from '../../../../src/eos/transport/http/http-transport.ts'
import { Secret } from '../../../../src/model/secret.ts'
import { beginSilence, endSilences, findSilences } from '../../../../src/project/execution/around/around-port.ts'
import { askService } from '../../../../src/project/execution/around/ask-service.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { type Crash, crashAndResume } from '../../../e2e/crash.ts'
import { freePort } from '../../../free-ports.ts'
import { startProcess, temporaryFolder, workflowFor, writeFiles } from '../../../lab/lab.ts'
import { SECRETS } from './fake-services.ts'

/** A change of leaf1 with services around it. */
interface KilledAround extends Pick<Crash, 'point' | 'when' | 'look'> {
  /** `around` of the workflow. */
  readonly around: string
  /** The settings, given what refers to a secret: to a file, since whoever resumes has another environment. */
  readonly settings: (reference: (secret: string) => string) => string
}

/** Runs it in a process of its own that is killed with `kill -9`, and resumes it. */
async function killedAround({ around, settings, ...crash }: KilledAround) {
  const folder = temporaryFolder()
  for (const [name, secret] of Object.entries({ HTTP_KEY: 'k'.repeat(64), ...SECRETS }))
    writeFileSync(join(folder, name), secret, { mode: 0o600 })
  return crashAndResume({
    on: 'leaf1',
    switches: ['leaf1'],
    workflow: workflowFor('leaf1', { extra: `around: ${around}` }),
    settings: settings((secret) => `\${file:${join(folder, secret)}}`),
    ...crash,
  })
}

/** Alertmanager itself: `EOSFLOW_ALERTMANAGER`, else where Debian's package has it; undefined where there is none. */
const ALERTMANAGER = [process.env.EOSFLOW_ALERTMANAGER, '/usr/bin/prometheus-alertmanager'].find(
  (path) => path !== undefined && existsSync(path),
)

/** Starts Alertmanager on loopback and gives its origin when it answers. */
async function startAlertmanager() {
  const dir = temporaryFolder()
  writeFiles(dir, { 'alertmanager.yml': 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n' })
  const port = await freePort()
  const server = startProcess(dir, [
    ALERTMANAGER ?? '',
    '--config.file=alertmanager.yml',
    '--storage.path=data',
    '--cluster.listen-address=',
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await server.ended
  })
  const origin = `http://127.0.0.1:${port}`
  for (;;) {
    const isReady = await fetch(`${origin}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return origin
    await pause(100)
  }
}

const SPEC = (url: string) =>
  ({
    around: 'silence',
    service: 'alerts',
    url,
    matchers: [{ name: 'instance', value: '(?:leaf1|leaf2):9116', isRegex: true, isEqual: true }],
    seconds: 600,
  }) as const

const states = async (origin: string) =>
  ((await (await fetch(`${origin}/api/v2/silences`)).json()) as { status: { state: string } }[]).map(
    ({ status }) => status.state,
  )

describe.skipIf(ALERTMANAGER === undefined)('Alertmanager itself (Debian: prometheus-alertmanager)', () => {
  test('begins a silence, shows it by its mark, and ends it; what was begun twice is ended twice', async () => {
    const origin = await startAlertmanager()
    const http = httpTransport({
      hosts: [{ origin, key: 'env:KEY', secrets: [] }],
      resolve: async () => new Secret('k'.repeat(64)),
      scrub: (text) => text,
      readCa: async () => '',
      clock: systemClock,
    })
    const ask = askService(http, { url: origin }, {})
    const mark = { execution: '20260105-080000-1a2b3c4d', key: '20260105-080000-1a2b3c4d/1' }
    const other = { ...mark, key: '20260105-080000-1a2b3c4d/10' }
    const id = await beginSilence(ask, SPEC(origin), mark, Date.now())
    await beginSilence(ask, SPEC(origin), other, Date.now())
    expect(await findSilences(ask, mark)).toEqual([id])
    const second = await beginSilence(ask, SPEC(origin), mark, Date.now())
    expect(await endSilences(ask, { ...mark, id, isInDoubt: true })).toContain('expired')
    expect(await findSilences(ask, mark)).toEqual([])
    expect([(await states(origin)).toSorted(), id === second]).toEqual([['active', 'expired', 'expired'], false])
    // What is ended already, or was never there, is no failure.
    expect(await endSilences(ask, { ...mark, id, isInDoubt: false })).toContain('expired')
    expect(await endSilences(ask, { ...mark, id: '00000000-0000-4000-8000-000000000000', isInDoubt: false })).toContain(
      'expired',
    )
    expect(await endSilences(ask, { ...mark, isInDoubt: true })).toBe('there is none')
  })

  test('a change whose process is killed with kill -9 behind the silence is resumed, and its silence is expired', {
    tags: 'long',
    timeout: 120_000,
  }, async () => {
    const origin = await startAlertmanager()
    const seen: Record<string, readonly string[]> = {}
    const end = await killedAround({
      point: 'intent-open',
      around: "[{ silence: alerts, matchers: [{ name: instance, value: '{{ device.name }}' }], for: 10m }]",
      settings: (reference) =>
        `version: 1\nhttp: { key: '${reference('HTTP_KEY')}', hosts: ['${origin}'] }\naround: { alerts: { kind: alertmanager, url: '${origin}' } }\n`,
      look: async (_, when) => {
        seen[when] = await states(origin)
      },
    })
    expect([end.signal, end.code, end.ends], end.text).toEqual(['SIGKILL', 0, ['AFTER+']])
    expect(seen, end.text).toEqual({ killed: ['active'], resumed: ['expired'] })
  })
})
