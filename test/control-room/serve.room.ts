import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { LONG, start } from '../cli/running.ts'
import { listeningLeaves } from '../e2e/two-leaves.ts'
import { exits, type SocketLab, soon } from '../lab/lab.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { faultsSeen } from './looks.ts'

if (CHROMIUM === undefined)
  process.stderr.write('NOT TRIED: the server in a real browser, since there is no Chromium here\n')

describe.skipIf(CHROMIUM === undefined)('the built server in a real browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser?.close())

  test('a person logs in with the link, fills in the form, approves, watches to the end and rolls back', async () => {
    const bench = await listeningLeaves(2)
    const { page, faults, origin } = await opened(bench, browser)
    await expect.poll(() => page.locator('[data-live]').getAttribute('data-live')).toBe('on')
    // What the stream sends to the first page says the same as the page.
    await page.waitForTimeout(1_000)
    expect(await page.textContent('h1')).toBe('Plan your first change')
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
    const bench = await listeningLeaves(2, LONG)
    const { page, faults, origin, process: running } = await opened(bench, browser)
    await page.goto(`${origin}/workflows/workflows/add-vlan.yaml`)
    await page.fill('[name="params.vlan"]', '141')
    await page.click('button[type=submit]')
    await page.waitForURL('**/executions/*')
    const id = page.url().split('/').at(-1) ?? ''
    await said(page, /Waits for an approval/)
    await bench.ok(`approve ${id}`)
    await said(page, /has been good for \d+ s, \d+ s to go/)
    // As it moves, at a desk and on a phone.
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height })
      expect([width, await faultsSeen(page)]).toEqual([width, []])
      expect(await page.locator('[data-live]').getAttribute('data-live')).toBe('on')
    }
    expect(await page.textContent('h1')).toMatch(/has been good for/)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${origin}/executions/${id}/stop`)
    await page.fill('#reason', 'wrong window')
    await page.click('main button[type=submit]')
    await page.waitForURL(`**/executions/${id}`)
    await said(page, /back|cancelled|stopped/i)
    await soon(async () => (await bench.eosflow('executions --json')).out.includes('"outcome":"cancelled"'))
    expect(faults).toEqual([])
    running.kill('SIGTERM')
    await exits(0, running.ended)
  })
})

/** A page of somebody who has logged in with the link, and everything that a page must not do. */
async function opened(bench: SocketLab, browser: Browser) {
  bench.write('eosflow.yaml', 'version: 1\nserver: { listen: "127.0.0.1:0" }\n')
  const running = start(bench, 'serve')
  const [, link = ''] = await running.said(/Open (\S+)\s/)
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
async function said(page: Page, words: RegExp) {
  await expect.poll(() => page.textContent('h1'), { timeout: 60_000 }).toMatch(words)
}

/** What axe has against a page under WCAG 2.2 AA. */
async function judged(page: Page) {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(async () => {
    const found = (
      globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string }[] }> } }
    ).axe
    return found.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
  })
  return violations.map(({ id }) => id)
}
