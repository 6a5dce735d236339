import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PAGES } from '../report/page/all-pages.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { type PageServer, servePages } from './page-server.ts'

/** A phone, a tablet upright, a small and a usual screen. */
const WIDTHS = [390, 768, 1024, 1440] as const

describe.skipIf(CHROMIUM === undefined)('the width of the pages', () => {
  let browser: Browser
  let server: PageServer
  let tab: Page

  beforeAll(async () => {
    server = await servePages()
    browser = await startChromium()
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' })
    tab = await context.newPage()
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  /** What is said of each page at each width, where something is. */
  async function at(path: string, scripts: readonly string[]) {
    const said: string[] = []
    for (const name of Object.keys(PAGES)) {
      await tab.goto(`${server.origin}/${path}${name}`)
      for (const width of WIDTHS) {
        await tab.setViewportSize({ width, height: 900 })
        for (const script of scripts) {
          const found = (await tab.evaluate(script)) as string
          if (found !== '') said.push(`${path}${name} at ${width}: ${found}`)
        }
      }
    }
    return said
  }

  test('[3N6] no page scrolls sideways, nor anything out of its screen, and no table is cut at the right', async () => {
    expect(await at('', [BEYOND, CUT])).toEqual([])
  })

  test('[3N6] nor does one with long names scroll sideways', async () => {
    expect(await at('long/', [BEYOND])).toEqual([])
  })
})

/** By how much a page is too wide, and its elements that end beyond it without a scroll bar of their own. */
const BEYOND = `(() => {
  const root = document.documentElement
  const wide = root.scrollWidth - innerWidth
  const scrolls = (at) => at !== root && (getComputedStyle(at).overflowX !== 'visible' || (at.parentElement !== null && scrolls(at.parentElement)))
  const beyond = [...document.querySelectorAll('body *')].filter(
    (at) => at.getBoundingClientRect().right > innerWidth + 1 && !scrolls(at),
  )
  const names = beyond.slice(0, 3).map((at) => at.tagName + '.' + at.getAttribute('class'))
  return wide > 0 || names.length > 0 ? wide + ' px ' + names.join(' ') : ''
})()`

/** The tables that are wider than the place that they are in. */
const CUT = `[...document.querySelectorAll('.scroll, .clip')]
  .filter((at) => at.querySelector('table') !== null && at.scrollWidth > at.clientWidth)
  .map((at) => (at.getAttribute('aria-label') ?? at.querySelector('table').className) + ' by ' + (at.scrollWidth - at.clientWidth))
  .join(', ')`
