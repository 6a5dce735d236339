import type { CDPSession, Page } from 'playwright-core'

/** The authenticator of a page, and what speaks to it. */
export interface Authenticator {
  readonly cdp: CDPSession
  readonly authenticatorId: string
}

/** Gives a page an authenticator with a finger on it (Chrome DevTools Protocol, domain WebAuthn). */
export async function addAuthenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const
  return { cdp, ...(await cdp.send('WebAuthn.addVirtualAuthenticator', { options })) }
}
