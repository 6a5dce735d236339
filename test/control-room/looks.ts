import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { extentOfLong, SEED } from '../extent.ts'
import { withPalette } from './palette-png.ts'
import { type Person, SCREEN } from './person.ts'

/** Where pictures of the pages are kept (`npm run pictures`); none is taken without it. */
export const PICTURES = process.env.EOSFLOW_PICTURES

/** How a page is looked at. */
export type Look = '1440' | '1440-dark' | '390' | '390-dark'

/** The screen of each look. */
export const LOOKS: Readonly<Record<Look, BrowserContextOptions>> = {
  '1440': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  '1440-dark': { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  '390': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  '390-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
}

/** Whether the page at a place of a list is looked at in a look: in another one with each commit, for pictures and by night in each. */
export function isLookedAt(index: number, look: string, looks: readonly string[]): boolean {
  return extentOfLong(PICTURES !== undefined, true) || looks[(index + SEED) % looks.length] === look
}

/** What is wrong with a page as it is: what axe has against it (WCAG 2.2 AA), and whether it must be scrolled sideways. */
export async function faultsSeen(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations, passes } = (await page.evaluate(RUN)) as AxeResult
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(passes.length < 10 ? [`axe has looked at ${passes.length} rules alone`] : []),
    ...(wide > 0 ? [`${wide} pixels too wide`] : []),
  ]
}

const RUN = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
  readonly passes: readonly object[]
}

/** Keeps a picture of a whole page where pictures are wanted. */
export async function pictured(page: Page, name: string, look: Look): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
  const before = page.viewportSize() ?? { width: 1440, height: 900 }
  await page.setViewportSize({ width: before.width, height: Math.max(height, 600) })
  writeFileSync(join(PICTURES, `${name}-${look}.png`), withPalette(await page.screenshot()))
  await page.setViewportSize(before)
}

/** Pictures of a page a moment later, in other browsers of the same person; nothing where none are wanted. */
export async function inLooks(
  { page, context }: Person,
  name: string,
  looks: readonly Look[],
  url = page.url(),
): Promise<void> {
  const browser = context.browser()
  if (PICTURES === undefined || browser === null) return
  const storageState = await context.storageState()
  await Promise.all(
    looks.map(async (look) => {
      const other = await browser.newContext({ ...SCREEN, ...LOOKS[look], storageState })
      const tab = await other.newPage()
      await tab.goto(url)
      await tab.waitForTimeout(5_000)
      await pictured(tab, name, look)
      await other.close()
    }),
  )
}
