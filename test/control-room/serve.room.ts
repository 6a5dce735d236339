import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { openLeaves } from '../doors/cli/running.ts'
import { exits, type ProcessLab } from '../lab/lab.ts'
import { CHROMIUM, startChromium } from './chromium.ts'

if (CHROMIUM === undefined)
  process.stderr.write('NOT TRIED: the server in a real browser, since there is no Chromium here\n')

test.skipIf(CHROMIUM === undefined)(
  'a person without a provider logs in with the link, fills in the form, approves and watches to the end',
  async () => {
    const bench = await openLeaves(2)
    const { page, faults, origin, process: running } = await opened(bench)
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
    await page.fill('#comment', 'CHG-1')
    await page.click('button:has-text("Approve")')
    await page.waitForURL('**/plans/*')
    await page.goto(execution)
    await said(page, /succeeded|confirmed/i)
    expect(faults).toEqual([])
    running.kill('SIGTERM')
    await exits(0, running.ended)
  },
)

/** A page of somebody who has logged in with the link, and everything that a page must not do. */
async function opened(bench: ProcessLab) {
  bench.write('eosflow.yaml', 'version: 1\nserver: { listen: "127.0.0.1:0" }\n')
  const running = bench.start('serve')
  const [, link = ''] = await running.said(/Open (\S+)\s/)
  const { origin } = new URL(link)
  const browser = await startChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
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
