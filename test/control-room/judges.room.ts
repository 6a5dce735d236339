import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { PROMTOOL } from '../doors/http/metrics/promtool.ts'
import { freePort } from '../free-ports.ts'
import {
  DC1,
  exits,
  openLab,
  runningConfig,
  type SocketLab,
  startProcess,
  temporaryFolder,
  writeFiles,
} from '../lab/lab.ts'
import { startService } from '../lab/service.ts'

/** Prometheus itself, which Debian's package has beside promtool; undefined where there is none. */
const PROMETHEUS = PROMTOOL === undefined ? undefined : join(dirname(PROMTOOL), 'prometheus')

/** Whether it can be started here. */
const hasPrometheus = PROMETHEUS !== undefined && existsSync(PROMETHEUS)

const CONFIG = (files: string) => `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: switches
    file_sd_configs: [{ files: ['${files}'], refresh_interval: 1s }]
`

const RULES = `groups:
  - name: switches
    rules:
      - alert: Drops
        expr: rate(drops_total[3s]) > 50
        labels: { severity: critical }
`

/** Starts Prometheus with switches of a file, whose counters an exporter on loopback shows; gives its origin when it has samples. */
async function startPrometheus(text: (seconds: number) => string | undefined) {
  const begun = performance.now()
  const exporter = await startService((_request, response) => {
    const said = text((performance.now() - begun) / 1000)
    if (said === undefined) response.destroy()
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(said)
  })
  const dir = temporaryFolder()
  writeFiles(dir, {
    'targets.json': JSON.stringify([{ targets: [`127.0.0.1:${exporter.port}`], labels: { instance: 'leaf1' } }]),
    'prometheus.yml': CONFIG('targets.json'),
    'rules.yml': RULES,
  })
  const port = await freePort()
  const server = startProcess(dir, [
    PROMETHEUS ?? '',
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await server.ended
  })
  const origin = `http://127.0.0.1:${port}`
  await server.said(/Server is ready to receive web requests/)
  // Two samples make a rate, and a rule is evaluated by then.
  for (;;) {
    const answer = await fetch(`${origin}/api/v1/query?query=rate(drops_total[3s])`)
    const { data } = (await answer.json()) as { data: { result: unknown[] } }
    if (data.result.length > 0) return origin
    await pause(200)
  }
}

const settings = (origin: string) => `http:
  key: '\${env:HTTP_KEY}'
  hosts: ['${origin}']
judges:
  core: { url: '${origin}', scrape: 1s }
`

const QUERY = `sum by (instance) (rate(drops_total{instance=~"{{ device.name }}"}[3s]))`
const BY_QUERY = `{ prometheus: core, query: '${QUERY}', good: 'value <= before * 1.2 + 5', empty: fail, by: instance, maxAge: 3s }`
const BY_ALERTS = '{ alerts: core, labels: { severity: critical }, by: instance }'

const workflow = (...judges: readonly string[]) => `name: judged
targets: leaf1
change: { lines: ['vlan 998', '   name TESTED'] }
steps:
  - snapshot: { neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 3m }
  - verify: { within: 9s, stableFor: 2s, every: 1s, judges: [${judges.join(', ')}] }
  - confirm
`

const isLive = (bench: SocketLab) => runningConfig(bench.device('leaf1')).includes('vlan 998')

/** A change that Prometheus judges: ten packets are lost in a second, and while the change is live what `lost` says. */
async function change(lost: 'as before' | 'more' | 'unknown', ...judges: readonly string[]) {
  let bench: SocketLab | undefined
  let drops = 0
  let last = 0
  const origin = await startPrometheus((seconds) => {
    const isBad = bench !== undefined && isLive(bench)
    if (isBad && lost === 'unknown') return undefined
    drops += (seconds - last) * (isBad && lost === 'more' ? 500 : 10)
    last = seconds
    return `drops_total ${drops.toFixed(3)}\n`
  })
  bench = await openLab({
    world: 'sockets',
    switches: { folder: DC1 },
    files: { 'eosflow.yaml': settings(origin), 'workflow.yaml': workflow(...judges) },
    env: { HTTP_KEY: 'k'.repeat(64) },
  })
  const ended = await bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')
  return { ...ended, said: ended.out + ended.err }
}

describe.skipIf(!hasPrometheus)('Prometheus itself (Debian: prometheus)', () => {
  test('has nothing against a change that loses no more than before', async () => {
    const { said } = await exits(0, change('as before', BY_QUERY, BY_ALERTS))
    expect(said).toContain('succeeded')
  })

  test('sees by a query and by an alert that more is lost', async () => {
    const { said } = await exits(6, change('more', BY_QUERY, BY_ALERTS))
    expect(said).toContain('not good within 9 s')
    expect(said).toMatch(
      /prometheus core: its value - expected: value <= before \* 1\.2 \+ 5, actual: \d{2,3}[.\d]*, before \d/,
    )
    expect(said).toContain(
      'alerts core: Drops {instance="leaf1", job="switches", severity="critical"} - expected: no new alert',
    )
  })

  test('confirms nothing when the switch is scraped no more', async () => {
    const { said } = await exits(6, change('unknown', BY_QUERY))
    expect(said).toMatch(/prometheus core/)
  })

  test('refuses a query before there is an execution, in its own words', async () => {
    const judge = (query: string) => `{ prometheus: core, query: '${query}', good: 'value < 1', empty: fail }`
    const { code, said } = await change(
      'as before',
      judge('drops_total +'),
      judge('rate(drops_total)'),
      judge('drops_total + on(job) group_left(job) drops_total'),
    )
    const words = [
      'at its end: parse error: unexpected ")"',
      'at character 6: parse error: expected type range vector in call to function "rate", got instant vector',
      'at character 13: parse error: label "job" must not occur in ON and GROUP clause at once',
    ]
    expect([code, words.filter((one) => !said.includes(one)), said]).toEqual([3, [], said])
  })
})
