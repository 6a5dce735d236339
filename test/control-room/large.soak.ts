import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { appendPast, bodiesOf } from '../../bench/bulk-history.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { openStore } from '../../src/journal/sqlite/open-store.ts'
import { readInstallKey } from '../../src/system/install-key.ts'
import { BUILT } from '../lab/checkout.ts'
import { fileText } from '../lab/files.ts'
import { type FleetProject, fleetProject } from '../soak/fleet.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { faultsSeen, LOOKS, type Look, pictured } from './looks.ts'
import { SCREEN } from './office.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** How large a project is made. */
interface LargeSize {
  /** Simulated switches that answer. */
  readonly answering: number
  /** Switches of the inventory that are asked for nothing, besides. */
  readonly others: number
  /** Executions that are on record before the last ones. */
  readonly executions: number
}

const workflow = (
  name: string,
  vlan: number,
  targets: string,
  checked: number,
  wave: string,
  stable = '1s',
) => `name: ${name}
description: Adds a VLAN to every switch that carries it
params:
  vlan: { type: integer, minimum: 2, maximum: 4094, default: ${vlan}, description: the number of the VLAN }
targets: '${targets}'
change: { mode: merge, lines: ['vlan {{ vlan }}', '   name MEASURED'] }
rollout: { waves: [${wave}], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 2h }
  - verify: { within: ${stable === '1s' ? '60s' : '25m'}, stableFor: ${stable}, every: 5s, checks: [reachable, { vlans-present: { vlans: [${checked}] } }] }
  - confirm
`

const THIRDS = `'33%', '66%', '100%'`

/** Makes such a project. The simulated switches end with it. */
async function largeProject({ answering, others, executions }: LargeSize) {
  const fleet = await fleetProject(answering)
  mkdirSync(join(fleet.dir, 'workflows'))
  fleet.write('workflows/one-switch.yaml', workflow('one-switch', 998, 'pod1-leaf3', 998, `'100%'`))
  fleet.write(
    'workflows/one-bad.yaml',
    workflow('one-bad', 996, 'pod1-leaf4', 997, `'100%'`).replace('within: 60s', 'within: 1s'),
  )
  fleet.write('workflows/add-vlan.yaml', workflow('add-vlan', 140, 'last:yes or last:no', 140, THIRDS))
  fleet.write('workflows/soak-vlan.yaml', workflow('soak-vlan', 150, 'last:yes or last:no', 150, THIRDS, '20m'))
  fleet.write(
    'workflows/wrong-vlan.yaml',
    workflow('wrong-vlan', 160, 'last:yes or last:no', 161, THIRDS)
      .replace('within: 60s', 'within: 20s')
      .replace('every: 5s', 'every: 1s'),
  )
  const good = await made(fleet, 'one-switch', 0)
  const bad = await made(fleet, 'one-bad', 6)
  const [g, b] = [await recordsOf(fleet.dir, good), await recordsOf(fleet.dir, bad)]
  await fill(fleet.dir, [g, b], executions)
  const failed = await made(fleet, 'wrong-vlan', 6)
  withOthers(fleet.dir, others)
  return { dir: fleet.dir, failed, eosflow: fleet.eosflow, close: () => fleet.close() }
}

async function made(fleet: FleetProject, name: string, exit: number) {
  const plan = await fleet.eosflow('plan', `workflows/${name}.yaml`, '-o', `${name}.plan`)
  if (plan.code !== 0) throw new Error(fileText(fleet.dir, 'stderr.log').slice(-3000))
  const { digest } = JSON.parse(fileText(fleet.dir, `${name}.plan`))
  const approved = await fleet.eosflow('approve', `${name}.plan`, '--digest', digest)
  const { code, out } = await fleet.eosflow('run', `${name}.plan`)
  if (plan.code + approved.code !== 0 || code !== exit)
    throw new Error(`${name}: exit ${plan.code}, ${approved.code} and ${code}\n${out.slice(-1000)}`)
  const store = await open(fleet.dir)
  const [id = ''] = await store.executionIds()
  await store.close()
  return id
}

/** Switches that nobody asks anything, with roles and sites, after those that answer. */
function withOthers(dir: string, others: number) {
  const path = join(dir, 'inventory.yaml')
  const inventory = JSON.parse(readFileSync(path, 'utf8'))
  inventory.credentials.network = { username: 'netops', password: '${env:LARGE_PASSWORD}' }
  const roles = ['spine', 'leaf', 'leaf', 'leaf', 'leaf', 'leaf', 'leaf', 'border']
  for (let index = 0; index < others; index += 1) {
    const role = roles[index % roles.length] ?? 'leaf'
    const site = `dc${2 + (index % 6)}`
    inventory.devices[`${site}-${role}${String(Math.floor(index / 6) + 1).padStart(3, '0')}`] = {
      protocol: 'https',
      credentials: 'network',
      host: `10.${20 + (index % 6)}.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      tags: { role, site, last: 'none' },
    }
  }
  writeFileSync(path, JSON.stringify(inventory))
}

function open(dir: string) {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  const installKey = readInstallKey(join(dir, '.eosflow'), {})
  return openStore({ path: join(dir, '.eosflow', 'store.db'), installKey, clock, checkpointKey: () => undefined })
}

async function recordsOf(dir: string, id: string) {
  const store = await open(dir)
  const events = await store.read(id)
  await store.close()
  return events
}

/** What of an execution is kept in its copies: what a list shows of it. */
const KEPT: ReadonlySet<string> = new Set(['ExecutionStarted', 'PlanMade', 'ExecutionEnded'])
/** One in so many went back. */
const ONE_BACK = 97
const MONTH = 30 * 86_400_000

/** Fills a store with shortened copies of executions that really ran, spread over the month before now. */
async function fill(dir: string, sources: readonly (readonly JournalEvent[])[], count: number) {
  const installKey = readInstallKey(join(dir, '.eosflow'), {})
  await appendPast(join(dir, '.eosflow', 'store.db'), installKey, copiesOf(sources, count))
}

function* copiesOf(sources: readonly (readonly JournalEvent[])[], count: number) {
  const now = Date.now()
  for (let index = 0; index < count; index += 1) {
    const source = sources[index % ONE_BACK === ONE_BACK - 1 ? 1 : 0] ?? []
    yield copyOf(source, now - MONTH + Math.floor(((index + 1) * (MONTH - 120_000)) / count), index)
  }
}

function copyOf(events: readonly JournalEvent[], at: number, index: number) {
  const stamp = new Date(at).toISOString().replaceAll(/[-:]/g, '')
  const own = index.toString(16).padStart(8, '0')
  const kept = JSON.stringify(bodiesOf(events.filter(({ type }) => KEPT.has(type))))
  const renamed = kept.replaceAll(/sha256:[0-9a-f]{56}/g, (digest) => `${digest.slice(0, 55)}${own}`)
  return {
    id: `${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${own}`,
    events: JSON.parse(renamed),
    actor: events[0]?.actor ?? '',
    at,
  }
}

const LOOKED: readonly Look[] = ['1440', '390']

/** So high, in pixels at 1440 and at 390, and so many kB is a page at most, however large the project is. A list has 50 rows. */
const MOST: Readonly<Record<string, { readonly high: readonly [desk: number, phone: number]; readonly kb: number }>> = {
  'empty-overview': { high: [900, 900], kb: 5 },
  'empty-executions': { high: [900, 900], kb: 6 },
  'empty-switches': { high: [900, 900], kb: 6 },
  'empty-policy': { high: [900, 950], kb: 6 },
  'empty-record': { high: [900, 900], kb: 6 },
  'large-overview': { high: [1_300, 1_800], kb: 16 },
  'large-executions': { high: [2_650, 3_300], kb: 38 },
  'large-executions-filtered': { high: [2_900, 3_500], kb: 38 },
  'large-switches': { high: [2_400, 2_300], kb: 25 },
  'large-switch': { high: [1_050, 1_250], kb: 12 },
  'large-plan': { high: [1_300, 1_900], kb: 9 },
  'large-plan-one': { high: [1_300, 1_900], kb: 9 },
  'large-waiting': { high: [1_200, 1_550], kb: 15 },
  'large-failed': { high: [2_000, 2_600], kb: 22 },
  'large-failed-only': { high: [3_500, 5_600], kb: 45 },
  'large-plan-form': { high: [900, 900], kb: 5 },
  'large-record': { high: [3_500, 5_000], kb: 75 },
  'large-record-all': { high: [3_000, 4_400], kb: 30 },
  'large-policy': { high: [900, 950], kb: 6 },
  'live-large': { high: [1_650, 2_250], kb: 19 },
  'live-overview': { high: [1_300, 1_800], kb: 16 },
}

/** What is not as it should be about the answer to a page, and about its size. */
function uncalm(
  page: string,
  look: Look,
  { status, high, kb }: { readonly status: number | undefined; readonly high: number; readonly kb: number },
) {
  const most = MOST[page]
  if (most === undefined) throw new Error(`nobody has said how large ${page} may be`)
  const highest = most.high[look === '390' ? 1 : 0]
  return [
    ...(status === 200 ? [] : [`answered with ${status}`]),
    ...(high > highest ? [`${high} px high, at most ${highest}`] : []),
    ...(kb > most.kb ? [`${kb} kB, at most ${most.kb}`] : []),
  ]
}

if (CHROMIUM === undefined) process.stderr.write('NOT LOOKED AT: large lists, since there is no Chromium here\n')

describe.skipIf(CHROMIUM === undefined)('the pages of the smallest and of the largest projects', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  /** Looks at pages in each look, all of them before it judges, and gives how long each answer took and how high each page is, by its name. */
  async function seen({ origin, cookie }: ServerProcess, pages: Readonly<Record<string, string>>) {
    const found: Record<string, { readonly ms: number; readonly high: number; readonly kb: number }> = {}
    const faults: string[] = []
    for (const look of LOOKED) {
      const context = await browser.newContext({ ...SCREEN, ...LOOKS[look] })
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([
        { name, value, domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
      ])
      const tab = await context.newPage()
      for (const [page, path] of Object.entries(pages)) {
        const begun = performance.now()
        const answer = await tab.goto(origin + path)
        const ms = Math.round(performance.now() - begun)
        const kb = Math.round(((await answer?.body())?.length ?? 0) / 1000)
        if (page.startsWith('live')) await tab.waitForTimeout(2_000)
        const high = Number(await tab.evaluate('document.documentElement.scrollHeight'))
        await pictured(tab, page, look)
        found[`${page} ${look}`] = { ms, high, kb }
        const against = [...uncalm(page, look, { status: answer?.status(), high, kb }), ...(await faultsSeen(tab))]
        faults.push(...against.map((fault) => `${page} at ${look}: ${fault}`))
      }
      await context.close()
    }
    process.stderr.write(`${JSON.stringify(found, null, 1)}\n`)
    expect(faults).toEqual([])
    return found
  }

  test('an empty project says what comes first, and nothing else', async () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'eosflow-empty-')), 'network')
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    expect(spawnSync(process.execPath, [BUILT, 'init', dir]).status).toBe(0)
    const server = await startServerProcess(dir, BUILT)
    onTestFinished(() => server.kill())
    const found = await seen(server, {
      'empty-overview': '/',
      'empty-executions': '/executions',
      'empty-switches': '/switches',
      'empty-policy': '/policy',
      'empty-record': '/record',
    })
    expect(Object.keys(found)).toHaveLength(10)
  })

  test('three thousand switches, twenty thousand executions, a plan of 300 and a failed wave of 100 are calm', {
    timeout: 600_000,
  }, async () => {
    const large = await largeProject({ answering: 300, others: 2_700, executions: 20_000 })
    onTestFinished(() => large.close())
    const server = await startServerProcess(large.dir, BUILT)
    onTestFinished(() => server.kill())
    const begin = async (name: string) => {
      const begun = await server.post('/api/v1/executions', { workflow: `workflows/${name}.yaml` })
      const id = String(begun.json.execution)
      await expect
        .poll(async () => (await server.get(`/api/v1/executions/${id}/view`)).json.headline, { timeout: 120_000 })
        .toMatch(/Waits for an approval/)
      const { plan } = (await server.get(`/api/v1/executions/${id}/view`)).json as { plan: { digest: string } }
      return { id, digest: plan.digest }
    }
    // What runs holds its switches: the plan that waits comes first.
    const waits = await begin('add-vlan')
    const live = await begin('soak-vlan')
    expect((await server.post(`/api/v1/plans/${live.digest}/decisions`, { decision: 'approve' })).status).toBeLessThan(
      300,
    )
    await expect
      .poll(async () => (await server.get(`/api/v1/executions/${live.id}/view`)).json.headline, { timeout: 120_000 })
      .toMatch(/good for|are live/)
    const found = await seen(server, {
      'large-overview': '/',
      'large-executions': '/executions',
      'large-executions-filtered': '/executions?state=rolled-back',
      'large-switches': '/switches',
      'large-switch': '/switches/pod1-leaf3',
      'large-plan': `/plans/${waits.digest}`,
      'large-plan-one': `/plans/${waits.digest}?switch=pod1-leaf3`,
      'large-waiting': `/executions/${waits.id}`,
      'large-failed': `/executions/${large.failed}`,
      'large-failed-only': `/executions/${large.failed}?only=put%20back`,
      'large-plan-form': '/workflows/workflows/add-vlan.yaml',
      'large-record': '/record',
      'large-record-all': '/record?kind=all',
      'large-policy': '/policy',
      'live-large': `/executions/${live.id}`,
      'live-overview': '/',
    })
    expect(Object.keys(found)).toHaveLength(32)
    await server.post(`/api/v1/executions/${live.id}/stop`, { reason: 'looked at' })
  })
})
