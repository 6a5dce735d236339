import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { writeFiles } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { listen, listenInTest } from '../lab/listen.ts'
import { startProcess } from '../lab/process.ts'
import { PROMTOOL } from '../server/metrics/promtool.ts'

/** Prometheus itself, which Debian's package has beside promtool; undefined where there is none. */
export const PROMETHEUS = PROMTOOL === undefined ? undefined : join(dirname(PROMTOOL), 'prometheus')

/** Whether it can be started here. */
export const hasPrometheus = PROMETHEUS !== undefined && existsSync(PROMETHEUS)

const CONFIG = (files: string): string => `global: { scrape_interval: 1s, evaluation_interval: 1s }
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
export async function startPrometheus(text: (seconds: number) => string | undefined): Promise<string> {
  const begun = performance.now()
  const exporter = createServer((_request, response) => {
    const said = text((performance.now() - begun) / 1000)
    if (said === undefined) response.destroy()
    else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(said)
  })
  const dir = temporaryFolder()
  const exported = await listenInTest(exporter)
  writeFiles(dir, {
    'targets.json': JSON.stringify([{ targets: [`127.0.0.1:${exported}`], labels: { instance: 'leaf1' } }]),
    'prometheus.yml': CONFIG('targets.json'),
    'rules.yml': RULES,
  })
  const free = createServer()
  const port = await listen(free)
  await new Promise((resolve) => free.close(resolve))
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
