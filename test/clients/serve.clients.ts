import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { LONG, start } from '../cli/running.ts'
import { ask, serveProject, soon } from '../cli/served.ts'
import { type Bench, startBench } from '../e2e/harness.ts'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { CHROMIUM, startChromium } from './chromium.ts'

if (CHROMIUM === undefined)
  process.stderr.write('NOT TRIED: the server in a real browser, since there is no Chromium here\n')

const CHANGE = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } }

describe.skipIf(CHROMIUM === undefined)('the built server in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  test('a person logs in with the link, fills in the form, approves, watches to the end and rolls back', async () => {
    const bench = await startBench(leaves(2), PROJECT_FILES)
    const { page, faults, origin } = await opened(bench, browser)
    expect(await page.textContent('h1')).toBe('All quiet: nothing runs, and nothing waits for you.')
    await page.goto(`${origin}/workflows/workflows/add-vlan.yaml`)
    await page.fill('[name="params.vlan"]', '1')
    await page.click('button[type=submit]')
    // The browser itself refuses what the workflow would.
    expect(page.url()).toMatch(/workflows\/add-vlan\.yaml$/)
    await page.fill('[name="params.vlan"]', '140')
    await page.click('button[type=submit]')
    await page.waitForURL('**/executions/*')
    const execution = page.url()
    await said(page, /Waits for an approval: plan [0-9a-f]{8} would change 2 switches/)
    await page.reload()
    await page.click('text=Read and decide')
    await page.waitForURL('**/plans/*')
    expect(await judged(page)).toEqual([])
    await page.fill('#comment', 'CHG-1')
    await page.click('button:has-text("Approve")')
    await page.waitForURL('**/plans/*')
    await page.goto(execution)
    await said(page, /succeeded|confirmed/i)
    expect(await judged(page)).toEqual([])
    await page.reload()
    await page.click('a[href$="/rollback"]')
    await page.click('main button[type=submit]')
    await page.waitForURL(
      (url) => /\/executions\//.test(url.href) && url.href !== execution && !url.href.startsWith(`${execution}/`),
    )
    await said(page, /Waits for an approval/)
    for (const path of [
      '/',
      '/executions',
      '/workflows',
      '/switches',
      '/switches/leaf1',
      '/snapshots',
      '/record',
      '/policy',
      '/me',
    ]) {
      await page.goto(origin + path)
      expect([path, await judged(page)]).toEqual([path, []])
    }
    expect(faults).toEqual([])
  })

  test('a stop in mid-verify puts the switches back while the page is watched', async () => {
    const bench = await startBench(leaves(2), LONG)
    const { page, faults, origin, process: running } = await opened(bench, browser)
    await page.goto(`${origin}/workflows/workflows/add-vlan.yaml`)
    await page.fill('[name="params.vlan"]', '141')
    await page.click('button[type=submit]')
    await page.waitForURL('**/executions/*')
    const id = page.url().split('/').at(-1) ?? ''
    await said(page, /Waits for an approval/)
    expect((await bench.eosflow('approve', id)).code).toBe(0)
    await said(page, /has been good for \d+ s, \d+ s to go/)
    await page.goto(`${origin}/executions/${id}/stop`)
    await page.fill('#reason', 'wrong window')
    await page.click('main button[type=submit]')
    await page.waitForURL(`**/executions/${id}`)
    await said(page, /back|cancelled|stopped/i)
    await soon(async () => (await bench.eosflow('executions', '--json')).out.includes('"outcome":"cancelled"'))
    expect(faults).toEqual([])
    running.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })
})

/** A page of somebody who has logged in with the link, and everything that a page must not do. */
async function opened(bench: Bench, browser: Browser) {
  bench.write('eosflow.yaml', 'version: 1\nserver: { listen: "127.0.0.1:0" }\n')
  const running = start(bench, 'serve')
  await running.said(/Open \S+/)
  const [, link = ''] = /Open (\S+)/.exec(running.printed()) ?? []
  const { origin } = new URL(link)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`beyond the origin: ${request.url()}`)
  })
  await page.goto(link)
  await page.click('button')
  await page.waitForURL(`${origin}/`)
  return { page, faults, origin, process: running }
}

/** Waits until the headline says something, by what the stream sends alone. */
async function said(page: Page, words: RegExp): Promise<void> {
  await expect.poll(() => page.textContent('h1'), { timeout: 60_000 }).toMatch(words)
}

/** What axe has against a page under WCAG 2.2 AA. */
async function judged(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(async () => {
    const found = (
      globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string }[] }> } }
    ).axe
    return found.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  })
  return violations.map(({ id }) => id)
}

test('a gigabyte, slow readers, slow writers and ten thousand strangers: the engine does not notice', async () => {
  const bench = await startBench(leaves(2), LONG)
  const served = await serveProject(bench)
  const { origin, get, post } = served
  const { port } = new URL(origin)
  const id = String((await post('/api/v1/executions', CHANGE)).json.execution)
  await soon(async () => (await get(`/api/v1/executions/${id}`)).json.waitingFor !== undefined)
  await post(`/api/v1/plans/${String((await get(`/api/v1/executions/${id}`)).json.plan)}/decisions`, {
    decision: 'approve',
  })
  await soon(async () => (await bench.eosflow('history', id, '--json')).out.includes('"VerdictGiven"'))

  // Who sends its head slowly, who does not read, who announces a gigabyte.
  const sockets = Array.from({ length: 50 }, (_, index) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(
      index % 2 === 0
        ? 'POST /login HTTP/1.1\r\nHost: x'
        : `POST /login HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${origin}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 1073741824\r\n\r\nlink=`,
    )
    return socket
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const statuses = new Map<number, number>()
  const asks = async (): Promise<void> => {
    for (let count = 0; count < 200; count += 1) {
      const { status } = await ask(origin, 'GET', '/api/v1/executions')
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 50 }, asks))
  expect(Object.fromEntries(statuses)).toEqual({ 401: 10_000 })
  const injected = await ask(origin, 'GET', '/login?link=%0d%0aset-cookie:%20x=y')
  expect([injected.status, injected.headers['set-cookie']]).toEqual([422, undefined])

  await soon(async () => (await get(`/api/v1/executions/${id}`)).json.status === 'ended', 110_000)
  const ended = (await get(`/api/v1/executions/${id}`)).json
  expect(ended.outcome).toBe('succeeded')
  // Every round of the verification was in time: none was late by more than a moment, whatever the front had to do.
  const history = JSON.parse((await bench.eosflow('history', id, '--json')).out) as readonly {
    type: string
    at: string
  }[]
  expect(history.filter(({ type }) => type === 'TaskTimedOut')).toEqual([])
  served.process.kill('SIGTERM')
  expect((await served.process.ended).code).toBe(0)
})

test('the demo opens the control room on its fabric, and both of its changes are made in it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-demo-served-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const demo = start({ dir } as Bench, 'demo', '--serve')
  await demo.said(/Open http:\/\/localhost:7474\/login\?link=[0-9a-f]{64}/)
  await demo.said(/leaf3: put back: read back/)
  expect((await ask('http://localhost:7474', 'GET', '/readyz')).status).toBe(200)
  demo.kill('SIGINT')
  const { code, out } = await demo.ended
  expect([code, out.includes('add-vlan'), out.includes('rolled back')]).toEqual([0, true, true])
})

test('a server that is killed while a change is live goes on with it when it is started again', async () => {
  const bench = await startBench(leaves(2), LONG)
  const served = await serveProject(bench)
  const id = String((await served.post('/api/v1/executions', CHANGE)).json.execution)
  const path = `/api/v1/executions/${id}`
  await soon(async () => (await served.get(path)).json.waitingFor !== undefined)
  expect((await bench.eosflow('approve', id)).code).toBe(0)
  await soon(async () => (await bench.eosflow('history', id, '--json')).out.includes('"VerdictGiven"'))
  served.process.kill('SIGKILL')
  await served.process.ended
  const again = await serveProject(bench)
  await soon(async () => (await again.get(path)).json.status === 'ended', 110_000)
  expect((await again.get(path)).json).toMatchObject({ outcome: 'succeeded' })
  const records = JSON.parse((await bench.eosflow('history', id, '--json')).out) as readonly { type: string }[]
  expect(records.filter(({ type }) => type === 'ExecutionResumed')).toHaveLength(2)
  again.process.kill('SIGTERM')
  expect((await again.process.ended).code).toBe(0)
})
