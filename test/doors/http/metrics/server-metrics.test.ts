import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FrontMeasurement } from '../../../../src/doors/http/metrics/front-measures.ts'
import { openServerMetrics } from '../../../../src/doors/http/metrics/server-metrics.ts'
import { metricsSettings } from '../../../../src/project/files/settings/metrics-settings.ts'
import { ANN, openAppIn, openLab, seamsOf } from '../../../lab/lab.ts'
import { linesOf } from '../../../table.ts'
import { PROMTOOL, promtool } from './promtool.ts'

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

async function opened(settings: object = {}) {
  const lab = openLab()
  lab.write(
    'eosflow.yaml',
    `audit:
  anchors: [{ name: worm, file: anchor.jsonl }]
  sinks: [{ name: siem, format: jsonl, file: siem.jsonl }]
notify:
  targets: [{ name: page, exec: [/bin/true] }]
`,
  )
  const { app, close } = await openAppIn(lab.dir, ANN, { seams: seamsOf(lab) })
  const metrics = await openServerMetrics(
    app,
    metricsSettings().parse({ listen: '127.0.0.1:0', ...settings }),
    (_, error) => {
      throw error
    },
  )
  onTestFinished(async () => {
    metrics.close()
    await close()
  })
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ readonly status: number; readonly type: string; readonly text: string }>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: metrics.port, path, method, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }),
        )
      })
      asked.on('error', reject).end()
    })
  return { lab, app, metrics, ask }
}

const FRONT: FrontMeasurement = {
  kind: 'measured',
  requests: [{ route: '/api/v1/me', method: 'GET', status: 200, seconds: 0.004 }],
  streamLags: [0.12],
  streams: 3,
  loopLag: 0.02,
  isIntact: true,
  standing: {
    open: { running: 1, 'putting-back': 0, 'waiting-for-approval': 2, 'waiting-for-answer': 0 },
    timers: [Date.UTC(2026, 0, 5, 8, 10), Date.UTC(2026, 0, 5, 8, 5)],
    unknown: 1,
  },
}

/** A server that has measured something of everything. */
async function full() {
  const server = await opened()
  const { metrics, app } = server
  metrics.take(FRONT)
  metrics.take({
    kind: 'counted',
    isAnew: true,
    records: 9,
    counted: [
      { of: 'execution', workflow: 'add-"vlan"\n', outcome: 'succeeded', seconds: 61 },
      { of: 'state', state: 'Push', result: 'ok', seconds: 2 },
      { of: 'retry', error: 'unreachable' },
      { of: 'rollback', reason: 'failure' },
      { of: 'approval', decision: 'approve', proof: 'passkey' },
      { of: 'approval-wait', seconds: 90 },
      { of: 'denied', action: 'execution.start', times: 1 },
      { of: 'break-glass' },
      { of: 'compared', differs: ['leaf1'], same: [] },
      { of: 'missed', schedule: 'nightly', times: 1 },
      { of: 'done', schedule: 'nightly', at: 1767600058 },
    ],
    isWhole: true,
  })
  const measured = metrics.measured(app)
  await measured
    .journalAs(ANN)
    .append(undefined, [{ type: 'AuditVerified', size: 0, root: '', outcome: 'intact', anchors: 0 }])
  const line = measured.meter?.line({ device: 'leaf1', host: '192.0.2.11', port: 443, transport: 'eapi' })
  const connecting = line?.connect()
  connecting?.reached('tls')
  connecting?.ended('ok')
  await measured
    .journalAs(ANN)
    .append(undefined, [{ type: 'AuditVerified', size: 1, root: '', outcome: 'intact', anchors: 0 }])
  await app.audit?.delivered('sink siem', 1)
  await app.audit?.delivered('notify page', 0)
  const asked = line?.request('look')
  asked?.heard()
  asked?.ended('ok')
  return server
}

/** Every metric of a text, by name, without the suffixes of a histogram. */
const namesIn = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name)

test('/metrics shows what was measured, each metric with its words', async () => {
  const { ask } = await full()
  const { status, type, text } = await ask('/metrics')
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(namesIn(text).toSorted()).toEqual(
    linesOf(`
      eosflow_anchor_age_seconds
      eosflow_approval_wait_seconds
      eosflow_approvals_total
      eosflow_approvals_waiting
      eosflow_breakglass_total
      eosflow_build_info
      eosflow_commit_timer_left_seconds_min
      eosflow_commit_timers_armed
      eosflow_denied_total
      eosflow_event_loop_lag_seconds
      eosflow_execution_duration_seconds
      eosflow_executions_open
      eosflow_executions_total
      eosflow_http_request_duration_seconds
      eosflow_journal_append_duration_seconds
      eosflow_journal_records
      eosflow_outbox_behind
      eosflow_probes_cut_off_seconds_total
      eosflow_probes_total
      eosflow_put_back_networks_total
      eosflow_record_intact
      eosflow_retries_total
      eosflow_rollbacks_total
      eosflow_schedule_last_success_timestamp_seconds
      eosflow_schedule_missed_total
      eosflow_sse_clients
      eosflow_sse_lag_seconds
      eosflow_state_duration_seconds
      eosflow_store_free_bytes
      eosflow_switch_connect_duration_seconds
      eosflow_switch_first_byte_seconds
      eosflow_switch_request_duration_seconds
      eosflow_switch_requests_in_flight
      eosflow_switches_drifted
      eosflow_switches_never_confirmed
      eosflow_switches_unknown
    `),
  )
  for (const line of [
    'eosflow_commit_timers_armed 2',
    // The clock of the lab stands at 08:00.
    'eosflow_commit_timer_left_seconds_min 300',
    'eosflow_approvals_waiting 2',
    'eosflow_switches_unknown 1',
    'eosflow_record_intact 1',
    'eosflow_sse_clients 3',
    'eosflow_event_loop_lag_seconds{thread="front"} 0.02',
    'eosflow_executions_total{workflow="add-\\"vlan\\"\\n",outcome="succeeded"} 1',
    'eosflow_http_request_duration_seconds_count{route="/api/v1/me",method="GET",status="200"} 1',
    'eosflow_switch_request_duration_seconds_count{transport="eapi",op="look",result="ok"} 1',
    'eosflow_switch_requests_in_flight{transport="eapi"} 0',
    'eosflow_journal_append_duration_seconds_count 2',
    // The checkpoint of the opening was not taken yet, and of the two records one was.
    'eosflow_outbox_behind{target="anchor worm"} 1',
    'eosflow_outbox_behind{target="sink siem"} 1',
    'eosflow_outbox_behind{target="notify page"} 2',
    'eosflow_build_info{version="0.1.0"} 1',
  ])
    expect(text.split('\n')).toContain(line)
})

test('switches have no names there unless the settings say so', async () => {
  const measured = async (perSwitch: boolean) => {
    const { app, metrics, ask } = await opened({ perSwitch })
    const line = metrics.measured(app).meter?.line({ device: 'leaf1', host: '192.0.2.11', port: 22, transport: 'ssh' })
    line?.connect().ended('unreachable')
    line?.request('stage').ended('lost-answer')
    return (await ask('/metrics')).text
  }
  const [without, named] = [await measured(false), await measured(true)]
  expect(without).not.toMatch(/leaf1|192\.0\.2\.11/)
  expect(named).toContain(
    'eosflow_switch_request_duration_seconds_count{transport="ssh",op="stage",result="lost-answer",switch="leaf1"} 1',
  )
  expect(named).toContain(
    'eosflow_switch_connect_duration_seconds_count{transport="ssh",phase="tcp",result="unreachable",switch="leaf1"} 1',
  )
  expect(named).not.toContain('192.0.2.11')
})

test('what nobody has counted yet is absent, and while a new front counts, the numbers before are shown', async () => {
  const { metrics, ask } = await opened()
  const shown = async () =>
    (await ask('/metrics')).text
      .split('\n')
      .filter((line) => /^eosflow_(?:journal_records|switches_unknown|record_intact)/.test(line))
  expect(await shown()).toEqual([])
  const page = { kind: 'counted', records: 10, counted: [] } as const
  metrics.take({ ...page, isAnew: true, isWhole: false })
  expect(await shown()).toEqual([])
  metrics.take({ ...page, isAnew: false, isWhole: true })
  expect(await shown()).toEqual(['eosflow_journal_records 20'])
  metrics.take({ ...page, records: 1, isAnew: false, isWhole: false })
  expect(await shown()).toEqual(['eosflow_journal_records 21'])
  metrics.take({ ...page, isAnew: true, isWhole: false })
  expect(await shown()).toEqual(['eosflow_journal_records 21'])
  metrics.take({ ...page, records: 11, isAnew: false, isWhole: true })
  expect(await shown()).toEqual(['eosflow_journal_records 21'])
})

test('only this machine is answered, by its names, and only what is there', async () => {
  const { ask, metrics } = await opened()
  expect((await ask('/')).status).toBe(404)
  expect((await ask('/metrics', {}, 'POST')).status).toBe(405)
  expect((await ask('/metrics', { host: `evil.example:${metrics.port}` })).status).toBe(421)
  expect((await ask('/metrics', { host: `localhost:${metrics.port}` })).status).toBe(200)
  expect(metricsSettings().safeParse({ listen: '0.0.0.0:9464' }).success).toBe(false)
  expect(metricsSettings().parse({})).toEqual({ listen: '127.0.0.1:9464', perSwitch: false })
})

/** The names of metrics that expressions of PromQL use. */
const usedIn = (text: string) => [...new Set([...text.matchAll(/\beosflow_\w+/g)].map(([name]) => name))]

describe('the dashboard and the alert rules', () => {
  test('name metrics that there are, and between them every one', async () => {
    const { ask } = await full()
    const text = (await ask('/metrics')).text
    const series = new Set(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.replace(/[{ ].*$/, '')),
    )
    const dashboard = readFileSync(root('docs/grafana-dashboard.json'), 'utf8')
    const alerts = readFileSync(root('docs/alerts.yaml'), 'utf8')
    const used = usedIn(dashboard + alerts)
    expect(used.length).toBeGreaterThanOrEqual(30)
    expect(used.filter((name) => !series.has(name))).toEqual([])
    const shown = used.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''))
    expect(namesIn(text).filter((name) => !shown.includes(name))).toEqual([])
    const page = readFileSync(root('docs/metrics.md'), 'utf8')
    expect(namesIn(text).filter((name) => !page.includes(`\`${name}`))).toEqual([])
    expect(usedIn(page).filter((name) => !series.has(name) && !namesIn(text).includes(name))).toEqual([])
  })

  test('the dashboard has a place for each panel', () => {
    const { panels } = JSON.parse(readFileSync(root('docs/grafana-dashboard.json'), 'utf8')) as {
      readonly panels: readonly {
        readonly id: number
        readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
      }[]
    }
    expect(panels.length).toBeGreaterThan(20)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })
})

describe.skipIf(PROMTOOL === undefined)('promtool (Debian: prometheus)', () => {
  test('takes the metrics', async () => {
    const { ask } = await full()
    const { text } = await ask('/metrics')
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, said: '' })
  })

  test('takes the alert rules, and finds that each is raised when it has to be', () => {
    expect(promtool(['check', 'rules', root('docs/alerts.yaml')])).toMatchObject({ code: 0 })
    expect(promtool(['test', 'rules', root('test/doors/http/metrics/alerts.test.yaml')])).toMatchObject({ code: 0 })
  })
})
