import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { warns } from '../lab/exits.ts'
import { workflowFor } from '../lab/vlan-change.ts'
import { inProcess } from './in-process.ts'

const PROJECT = new URL('../../', import.meta.url).pathname
const WORKERS = (ttl: string) => `version: 1
store: postgres://eosflow@127.0.0.1/eosflow
workers: { dispatch: dbos${ttl} }
`
const INVENTORY = `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: admin, password: admin, simulated: true } }
devices:
  leaf1: { host: 127.0.0.1, port: 1 }
  leaf2: { host: 127.0.0.1, port: 2 }
`

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'eosflow-failover-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('where workers drive, a commit timer outlives the death of one', () => {
  const write = (settings: string, confirmWithin: string) => {
    writeFileSync(join(dir, 'eosflow.yaml'), settings)
    writeFileSync(join(dir, 'inventory.yaml'), INVENTORY)
    writeFileSync(join(dir, 'w.yaml'), workflowFor('leaf1 or leaf2', { push: `{ confirmWithin: ${confirmWithin} }` }))
  }

  test.each([
    ['without workers', '2m', 'valid', 'version: 1\n'],
    ['without workers, with a term', '2m', 'valid', 'version: 1\nworkers: { ttl: 60s }\n'],
    ['ttl 60s', '2m13s', 'refused', WORKERS(', ttl: 60s')],
    ['ttl 60s', '2m14s', 'a warning', WORKERS(', ttl: 60s')],
    ['ttl 60s', '2m43s', 'a warning', WORKERS(', ttl: 60s')],
    ['ttl 60s', '2m44s', 'valid', WORKERS(', ttl: 60s')],
    ['the usual ttl', '1m23s', 'refused', WORKERS('')],
    ['the usual ttl', '1m24s', 'a warning', WORKERS('')],
    ['the usual ttl', '1m54s', 'valid', WORKERS('')],
  ])('%s, confirmWithin %s: %s', async (_, confirmWithin, judged, settings) => {
    write(settings, confirmWithin)
    const { code, stdout, stderr } = await inProcess('validate w.yaml', dir)
    const warned = /may run out when a worker dies/.test(stdout + stderr)
    expect([code, warned], stdout + stderr).toEqual([judged === 'refused' ? 3 : 0, judged === 'a warning'])
  })

  test('the sum says what is missing, and the hint what would do', async () => {
    write(WORKERS(', ttl: 60s'), '2m')
    const { stderr } = await inProcess('validate w.yaml', dir)
    expect(stderr).toContain(
      'the commit timer of 2m cannot hold: 40s of verification in 2 waves + 3s to push and confirm 2 switches + 1m until a worker that died is replaced (`ttl`) + 30s in reserve is 2m13s',
    )
    expect(stderr).toMatch(/set `confirmWithin` above 2m13s, or .*`ttl` of `workers` to 46s at most/)
  })

  test('also before anything is known of switches: a workflow without an inventory', async () => {
    write(WORKERS(', ttl: 60s'), '1m50s')
    rmSync(join(dir, 'inventory.yaml'))
    await warns(
      3,
      inProcess('validate w.yaml', dir),
      '+ 1m until a worker that died is replaced (`ttl`) + 30s in reserve is 1m52s',
    )
  })
})

test('every workflow that is shipped holds with the usual term', async () => {
  for (const name of ['workflows', 'inventory.yaml', 'fixtures'])
    cpSync(join(PROJECT, name), join(dir, name), { recursive: true })
  writeFileSync(join(dir, 'eosflow.yaml'), WORKERS(''))
  const shipped = readdirSync(join(dir, 'workflows')).filter((name) => name.endsWith('.yaml'))
  expect(shipped.length).toBeGreaterThan(8)
  const ended = await Promise.all(shipped.map((name) => inProcess(['validate', `workflows/${name}`], dir)))
  expect(ended.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([])
})
