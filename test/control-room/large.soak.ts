import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { BUILT } from '../lab/checkout.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { largeProject } from './large-project.ts'
import { faultsSeen, LOOKS, type Look, pictured } from './looks.ts'
import { SCREEN } from './person.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

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
): readonly string[] {
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
    const begin = async (name: string): Promise<{ readonly id: string; readonly digest: string }> => {
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
