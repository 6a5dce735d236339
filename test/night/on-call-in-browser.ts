import type { Browser } from 'playwright-core'
import { startChromium } from '../control-room/chromium.ts'
import { addAuthenticator } from '../control-room/office.ts'
import type { OnCall } from './on-call.ts'
import type { Site } from './site.ts'

/** How long a page may take, in milliseconds: the machine may be busy. */
const SOON = 30_000

/** Ben at a real browser, whose virtual authenticator verifies him (CDP, domain WebAuthn). */
export async function onCallInBrowser({ origin, provider }: Site): Promise<OnCall> {
  const browser: Browser = await startChromium()
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  context.setDefaultTimeout(SOON)
  await context.addCookies([{ name: 'as', value: 'ben', url: provider.issuer }])
  const page = await context.newPage()
  await page.goto(`${origin}/login`)
  await page.getByRole('link', { name: 'Sign in with corp' }).click()
  await page.waitForURL(`${origin}/`)
  await addAuthenticator(page)
  const planPage = (digest: string) => `${origin}/plans/${encodeURIComponent(digest)}`
  return {
    by: `${browser.browserType().name()} ${browser.version()}, with a virtual authenticator`,
    makePasskey: async () => {
      await page.goto(`${origin}/me`)
      await page.getByRole('button', { name: 'Make a passkey' }).click()
      await page.waitForURL('**/me/passkeys')
      return `${(await page.locator('pre').innerText()).trim()}\n`
    },
    approve: async (digest, comment) => {
      await page.goto(planPage(digest))
      await page.getByLabel('Your comment').fill(comment)
      await page.getByRole('button', { name: /^Approve [0-9a-f]{8} with passkey$/ }).click()
      await page.getByText('with a passkey', { exact: false }).and(page.locator('li')).first().waitFor()
    },
    start: async (digest) => {
      await page.goto(planPage(digest))
      await page.getByRole('button', { name: 'Start it' }).click()
      await page.waitForURL('**/executions/*')
      return new URL(page.url()).pathname.split('/').at(-1) ?? ''
    },
    picture: async (digest) => {
      await page.goto(planPage(digest))
      const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
      await page.setViewportSize({ width: 1440, height: Math.max(height, 600) })
      return page.screenshot()
    },
    close: () => browser.close(),
  }
}
