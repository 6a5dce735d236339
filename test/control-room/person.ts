import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import type { Office } from './office.ts'

/** How everybody looks at pages: the times of Berlin, on a screen of 1440. */
export const SCREEN: BrowserContextOptions = {
  viewport: { width: 1440, height: 900 },
  colorScheme: 'light',
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
}

/** Somebody at a browser of their own, and everything that a page must not do. */
export interface Person {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors and warnings of the console, and requests beyond the server; a login may lead to the provider. */
  readonly faults: string[]
}

/** A browser of an account of the provider, which has not signed in yet. */
export async function personAt(browser: Browser, office: Office, account: string): Promise<Person> {
  const context = await browser.newContext(SCREEN)
  onTestFinished(() => context.close())
  await context.addCookies([{ name: 'as', value: account, url: office.provider.issuer }])
  const page = await context.newPage()
  return { page, context, faults: faultsOf(page, office) }
}

/** How long a page may take to show what was done, in milliseconds: this machine may be busy. */
export const SOON = { timeout: 30_000, interval: 50 } as const

/** What goes wrong with a page from now on. */
export function faultsOf(page: Page, { origin, provider }: Pick<Office, 'origin' | 'provider'>): string[] {
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const isLogin = request.isNavigationRequest() && request.url().startsWith(`${provider.issuer}/`)
    if (!isLogin && !request.url().startsWith(`${origin}/`)) faults.push(`beyond the origin: ${request.url()}`)
  })
  return faults
}

/** Signs in at the provider, by keyboard alone. */
export async function signIn({ page }: Person, { origin }: Office): Promise<void> {
  await page.goto(`${origin}/login`)
  await press(page, 'Sign in with corp')
  await page.waitForURL(`${origin}/`)
}

/** More elements than this have the focus on no page. */
const MOST = 150

/** Goes to an element by Tab alone, from where the focus is. The focus must be seen wherever it is on the way. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = []
  for (let step = 0; step < MOST; step += 1) {
    await page.keyboard.press('Tab')
    const { said, isSeen } = (await page.evaluate(FOCUSED)) as { readonly said: string; readonly isSeen: boolean }
    if (said !== '' && !isSeen) throw new Error(`nobody sees that the focus is on ${said}`)
    if (typeof name === 'string' ? said === name : name.test(said)) return
    passed.push(said)
  }
  throw new Error(`no Tab leads to ${name}: ${passed.join(' | ')}`)
}

/** Presses a link or a button by keyboard alone. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

/** Types into a field by keyboard alone, in place of what is in it. */
export async function type(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** Waits until the headline says something, by what the stream sends alone. */
export async function said(page: Page, words: RegExp, timeout = 60_000): Promise<string> {
  await expect.poll(() => page.textContent('h1'), { timeout, interval: 50 }).toMatch(words)
  return (await page.textContent('h1')) ?? ''
}

/** What is said of the element that has the focus, and whether the focus is seen on it. */
const FOCUSED = `(() => {
  const at = document.activeElement
  if (at === null || at === document.body) return { said: '', isSeen: true }
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at)
  return {
    said: (at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent).trim().replace(/\\s+/g, ' '),
    isSeen: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none',
  }
})()`
