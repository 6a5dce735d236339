import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { executionRegions } from '../../src/report/page/execution.ts'
import { overviewRegions } from '../../src/report/page/overview.ts'
import { everyNthOfLong } from '../extent.ts'
import { PAGES } from '../report/page/all-pages.ts'
import { OVERVIEW, recordedView } from '../report/page/material.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { isLookedAt } from './looks.ts'
import { type PageServer, servePages } from './page-server.ts'

/** Where pictures of the pages are kept; none is taken without it. */
const PICTURES = process.env.EOSFLOW_PICTURES

/** How the pages are looked at. */
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  '1440': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  '1440-dark': { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  '390': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  // The dark has no rules of its own for a narrow screen: it is only pictured.
  ...(PICTURES === undefined ? {} : { '390-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } }),
}

if (CHROMIUM === undefined) process.stderr.write('NOT LOOKED AT: the pages, since there is no Chromium here\n')

describe.skipIf(CHROMIUM === undefined)('the pages in a real browser', () => {
  let browser: Browser
  let server: PageServer

  beforeAll(async () => {
    server = await servePages()
    browser = await startChromium()
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await expect.poll(() => server.streams()).toBe(0)
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  /** Opens a page, and gives what went wrong with it so far. */
  async function opened(name: string, look: BrowserContextOptions) {
    const context = await browser.newContext({ ...look, locale: 'en-GB', timezoneId: 'Europe/Berlin' })
    const tab = await context.newPage()
    const faults: string[] = []
    tab.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
    })
    tab.on('pageerror', (error) => faults.push(error.message))
    tab.on('request', (request) => {
      if (!request.url().startsWith(server.origin)) faults.push(`a request to ${request.url()}`)
    })
    await tab.goto(`${server.origin}/${name}`)
    return { tab, faults }
  }

  test.each(Object.keys(LOOKS))(
    'at %s: no fault that axe knows, none on the console, nothing beyond the origin, no sideways scrolling',
    async (look) => {
      let judged = 0
      const { tab, faults } = await opened('login', LOOKS[look] ?? {})
      const looks = Object.keys(LOOKS)
      const all = Object.keys(PAGES).filter((_, index) => isLookedAt(index, look, looks))
      const names = PICTURES === undefined ? everyNthOfLong(2, `pages at ${look}`, all) : all
      for (const name of names) {
        faults.length = 0
        await tab.goto(`${server.origin}/${name}`)
        await tab.evaluate(axe.source)
        const { violations, passes } = (await tab.evaluate(look.endsWith('dark') ? AXE_COLOURS : AXE_ALL)) as AxeResult
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
          name,
        ).toEqual([])
        expect(await tab.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBeLessThanOrEqual(0)
        expect(faults, name).toEqual([])
        judged += passes.length
        await pictured(tab, `${name}-${look}`)
      }
      expect(judged).toBeGreaterThanOrEqual(names.length * (look.endsWith('dark') ? 1 : 10))
    },
  )

  test('by keyboard alone: past the navigation to what is to be decided, in the order in which it is read', async () => {
    const { tab } = await opened('approval', LOOKS['1440'] ?? {})
    const order: string[] = []
    for (let step = 0; step < 30; step += 1) {
      await tab.keyboard.press('Tab')
      const at = (await tab.evaluate(FOCUSED)) as string
      if (at === '' || order.includes(at)) break
      order.push(at)
    }
    expect(order).toEqual([
      'Skip to content',
      'eosflow',
      'Overview',
      'Executions',
      'Workflows',
      'Switches',
      'Snapshots',
      'Record',
      'Policy',
      'Ben Ortiz',
      'All 4, differences marked',
      'leaf1',
      'leaf2',
      'leaf3',
      'leaf4',
      'Change of leaf1, leaf2, leaf3 and leaf4',
      'Which switch has which value',
      'Copy digest',
      'The execution that waits',
      'Who may approve it',
      'Reject for good',
      'Your comment goes on record',
      'Approve 772c29ef with passkey',
    ])
    await tab.goto(`${server.origin}/approval`)
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Enter')
    await tab.keyboard.press('Tab')
    expect(await tab.evaluate(FOCUSED)).toBe('All 4, differences marked')
  })

  test('the key Enter in the comment decides nothing', async () => {
    const { tab, faults } = await opened('approval', LOOKS['1440'] ?? {})
    await tab.getByLabel('Your comment').fill('CHG-1234')
    const asked: string[] = []
    tab.on('request', (request) => asked.push(request.url()))
    await tab.keyboard.press('Enter')
    await tab.waitForTimeout(300)
    expect(asked).toEqual([])
    expect(tab.url()).toBe(`${server.origin}/approval`)
    expect(faults).toEqual([])
  })

  test('every page has one width and one scale of type', async () => {
    const { tab } = await opened('login', LOOKS['1440'] ?? {})
    const sizes = new Map<string, string[]>()
    let framed = 0
    for (const name of Object.keys(PAGES)) {
      await tab.goto(`${server.origin}/${name}`)
      for (const size of (await tab.evaluate(SIZES)) as string[]) sizes.set(size, [...(sizes.get(size) ?? []), name])
      const [brand, content] = (await tab.evaluate(EDGES)) as [number, number | undefined]
      if (content === undefined) continue
      framed += 1
      expect([name, content]).toEqual([name, brand])
    }
    // A heading; text, and headings of parts; what is small.
    expect([...sizes.keys()].sort()).toEqual(['13px', '15px', '28px'])
    expect(sizes.get('28px')).toEqual(Object.keys(PAGES))
    expect(framed).toBeGreaterThanOrEqual(29)
  })

  test('at 390 the entries of the navigation are one row, and the current one is in view', async () => {
    const { tab } = await opened('login', LOOKS['390'] ?? {})
    let looked = 0
    for (const name of Object.keys(PAGES)) {
      await tab.goto(`${server.origin}/${name}`)
      const { rows, entries, right, current } = (await tab.evaluate(NAVIGATION)) as Navigation
      if (entries === 0) continue
      looked += 1
      expect([name, rows, entries]).toEqual([name, 1, 5])
      expect([name, right]).toEqual([name, Math.min(right, 390)])
      expect([name, current]).toEqual([name, PAGES[name]?.current === undefined ? 0 : 1])
    }
    expect(looked).toBeGreaterThanOrEqual(30)
    await tab.goto(`${server.origin}/policy`)
    expect(await tab.locator('nav.main summary').innerText()).toBe('Policy')
    await tab.locator('nav.main summary').click()
    const menu = tab.locator('nav.main .drop a')
    expect(await menu.allInnerTexts()).toEqual(['Snapshots', 'Policy'])
    expect(await menu.first().isVisible()).toBe(true)
    expect(await tab.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  })

  test('a list is below the days of its reader, not below those of UTC', async () => {
    const days = async (timezoneId: string | undefined) => {
      const script = timezoneId === undefined ? { javaScriptEnabled: false } : { timezoneId }
      const context = await browser.newContext({ ...LOOKS['1440'], locale: 'en-GB', ...script })
      const tab = await context.newPage()
      await tab.goto(`${server.origin}/executions`)
      const rows = await tab.locator('tbody tr').allInnerTexts()
      return rows.map((row) => row.split('\t').at(row.includes('\t') ? -2 : 0) ?? '')
    }
    const ago = ['3 min ago', '3 min ago', '4 min ago', '5 min ago']
    expect(await days(undefined)).toEqual(['Today', ...ago, 'Friday 20 November', '22:40 UTC'])
    expect(await days('Asia/Tokyo')).toEqual(['Today', ...ago, 'Saturday 21 November', '07:40'])
    expect(await days('America/Los_Angeles')).toEqual(['Today', ...ago, 'Friday 20 November', '14:40'])
  })

  test('a region is put in place under the policy: what is typed, focused and folded open stays', async () => {
    const { tab, faults } = await opened('overview', LOOKS['1440'] ?? {})
    await expect.poll(() => server.streams()).toBe(1)
    await tab.locator('#overview-recent a').nth(1).focus()
    const [, , now, health, recent] = overviewRegions({ ...OVERVIEW, recent: OVERVIEW.recent.slice(0, 2), live: [] })
    server.send('region', { region: recent.region, seq: 441, html: recent.html.toString() }, '441')
    server.send('region', { region: now.region, seq: 441, html: now.html.toString() }, '441')
    await expect.poll(() => tab.locator('#overview-recent tbody tr').count()).toBe(2)
    expect(await tab.locator('#overview-now section').count()).toBe(0)
    expect(await tab.evaluate(FOCUSED)).toBe('add-vlan vlan 170 VOICE')
    // An older state of a region that comes late is not shown.
    server.send(
      'region',
      { region: recent.region, seq: 440, html: overviewRegions(OVERVIEW)[4].html.toString() },
      '440',
    )
    server.send(
      'region',
      { region: health.region, seq: 442, html: health.html.toString().replace('439', '442') },
      '442',
    )
    await expect.poll(() => tab.locator('#overview-health').innerText()).toContain('442')
    expect(await tab.locator('#overview-recent tbody tr').count()).toBe(2)
    expect(await tab.locator('#overview-recent time').first().innerText()).toMatch(/^[34] min ago$/)
    expect(faults).toEqual([])
    server.send('region', {
      region: now.region,
      seq: 443,
      html: `<div data-region="${now.region}"><script>1</script></div>`,
    })
    await expect.poll(() => faults.join()).toContain('a script in a region')
    expect(await tab.locator('main script').count()).toBe(0)
  })

  test('the buttons of a page come anew when its standing is another one', async () => {
    const { tab, faults } = await opened('execution-soaking', LOOKS['1440'] ?? {})
    await expect.poll(() => server.streams()).toBe(1)
    await tab.evaluate(`document.querySelector('.acts').remove()`)
    const [head] = executionRegions(recordedView('soaking'))
    server.send('region', { region: head.region, seq: 200, html: head.html.toString() }, '200')
    await tab.waitForTimeout(300)
    expect(await tab.locator('.acts').count()).toBe(0)
    const [other] = executionRegions(recordedView('succeeded'))
    server.send('region', { region: other.region, seq: 201, html: other.html.toString() }, '201')
    await expect.poll(() => tab.getByRole('link', { name: 'Stop and put back' }).count()).toBe(1)
    expect(server.streams()).toBe(1)
    expect(faults).toEqual([])
  })

  test('the present is never behind what the server has drawn, although the page was long on its way', async () => {
    const { tab, faults } = await opened('execution-soaking', LOOKS['1440'] ?? {})
    await expect.poll(() => server.streams()).toBe(1)
    const view = recordedView('soaking')
    const later = new Date(Date.parse(view.asOf) + 60_000).toISOString()
    const [, flow] = executionRegions({ ...view, asOf: later })
    const html = flow.html.toString()
    const [, drawn] = /class="nowlab" data-now="" x="([\d.]+)%"/.exec(html) ?? []
    server.send('region', { region: flow.region, seq: 200, html }, '200')
    const present = () => tab.locator('.nowlab').getAttribute('x')
    await expect.poll(async () => Number.parseFloat((await present()) ?? '')).toBeGreaterThanOrEqual(Number(drawn))
    expect(Number(drawn)).toBeGreaterThan(20)
    expect(faults).toEqual([])
  })

  test('a hidden tab has no stream, and is brought up to date when it is looked at again', async () => {
    const { tab, faults } = await opened('overview', LOOKS['1440'] ?? {})
    await expect.poll(() => server.streams()).toBe(1)
    await expect.poll(() => tab.getByRole('status').innerText()).toBe('Live')
    await tab.evaluate(`document.querySelector('#overview-recent tbody').replaceChildren()`)
    await tab.evaluate(hidden(true))
    await expect.poll(() => server.streams()).toBe(0)
    expect(await tab.getByRole('status').innerText()).toBe('Not live')
    await tab.evaluate(hidden(false))
    await expect.poll(() => server.streams()).toBe(1)
    expect(await tab.locator('#overview-recent tbody tr').count()).toBe(5)
    await expect.poll(() => tab.getByRole('status').innerText()).toBe('Live')
    expect(faults).toEqual([])
  })

  test('a tab that is hidden and shown again keeps what is typed into a form', async () => {
    const { tab } = await opened('plan-form', LOOKS['1440'] ?? {})
    await tab.getByLabel('label', { exact: true }).fill('HALF-TYPED')
    await tab.getByLabel('vlan', { exact: true }).focus()
    await tab.evaluate(hidden(true))
    await tab.evaluate(hidden(false))
    await tab.waitForTimeout(300)
    expect(await tab.getByLabel('label', { exact: true }).inputValue()).toBe('HALF-TYPED')
    expect(server.streams()).toBe(0)
  })
})

/** Keeps a picture of a whole page where pictures are wanted. */
async function pictured(tab: Page, name: string) {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  const height = Number(await tab.evaluate('document.documentElement.scrollHeight'))
  const before = tab.viewportSize() ?? { width: 1440, height: 900 }
  await tab.setViewportSize({ width: before.width, height: Math.max(height, 600) })
  await tab.screenshot({ path: join(PICTURES, `${name}.png`) })
  await tab.setViewportSize(before)
}

const AXE_ALL = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`

/** In the dark nothing is different but the colours. */
const AXE_COLOURS = `axe.run({ runOnly: { type: 'rule', values: ['color-contrast'] } })`

/** Says to a page that its tab was hidden, or is looked at again: a browser without a screen hides none. */
const hidden = (is: boolean) =>
  `Object.defineProperty(document, 'hidden', { value: ${is}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`

/** What is said of the element that has the focus; empty where none has. */
const FOCUSED = `(() => {
  const at = document.activeElement
  if (at === null || at === document.body) return ''
  return (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent).trim()
})()`

/** The sizes of all text that is seen, but for the small marks of differing values. */
const SIZES = `[...new Set([...document.querySelectorAll('body *:not(sup)')].filter((at) => at.checkVisibility()
  && [...at.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')).map((at) => getComputedStyle(at).fontSize))]`

/** Where the frame and the content begin from the left; no content where it is in the middle, as before a login. */
const EDGES = `[document.querySelector('.brand').getBoundingClientRect().x,
  document.querySelector('.alone') === null ? document.querySelector('h1').getBoundingClientRect().x : undefined]`

/** The links of the navigation that are seen, with what leads to the others. */
interface Navigation {
  readonly rows: number
  readonly entries: number
  /** Where the last of them ends, in pixels from the left. */
  readonly right: number
  /** How many of them are marked as the current one. */
  readonly current: number
}

const NAVIGATION = `(() => {
  const links = [...document.querySelectorAll('nav.main > a')].filter((at) => at.checkVisibility())
  const seen = [...links, ...document.querySelectorAll('nav.main summary, .who a')]
  return {
    rows: new Set(links.map((at) => at.getBoundingClientRect().y)).size,
    entries: links.length,
    right: Math.max(0, ...seen.map((at) => Math.ceil(at.getBoundingClientRect().right))),
    current: seen.filter((at) => at.matches('[aria-current], .here')).length,
  }
})()`

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
  readonly passes: readonly object[]
}
