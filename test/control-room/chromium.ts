import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where the browser is: `EOSFLOW_CHROMIUM`, else where Debian has it; undefined where there is none. */
export const CHROMIUM = [process.env.EOSFLOW_CHROMIUM, '/usr/bin/chromium'].find(
  (path) => path !== undefined && existsSync(path),
)

/** Starts a real browser that asks nobody else for anything. */
export function startChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('there is no Chromium here: install the Debian package chromium')
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--force-color-profile=srgb']
  return chromium.launch({ executablePath: CHROMIUM, args })
}

/** Of a test that asks a browser for passkeys: on a busy machine one at times never answers, and then none of its tabs does. Each try starts its own. */
export const WITH_PASSKEYS = { timeout: 40_000, retry: 4 } as const
