import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import type { ServerProcess } from '../test/control-room/server-process.ts'
import { median, rounded } from './median.ts'
import { type PlainAnswer, startPlainServer } from './plain-server.ts'
import type { ServedProject } from './served-project.ts'

const WEB = fileURLToPath(new URL('../dist/doors/web/', import.meta.url))

/** The page of the large execution, asked for first by a browser that knows nothing of a server that has just begun. */
export async function painted(
  server: ServerProcess,
  browser: Browser,
  { large, largeRecords }: ServedProject,
): Promise<object> {
  const path = `/executions/${large}`
  const [cold, warm, floors]: [number[], number[], number[]] = [[], [], []]
  let bytes = 0
  for (let round = 0; round < 3; round += 1) {
    await server.kill()
    await server.get('/healthz')
    const page = await pageOf(browser, server)
    cold.push(await paintedAfter(page, server.origin + path))
    warm.push(await paintedAfter(page, server.origin + path))
    const html = await page.content()
    bytes = html.length
    const plain = await startPlainServer(assetsWith(path, html))
    const other = await browser.newPage()
    floors.push(await paintedAfter(other, plain.origin + path))
    await other.context().close()
    plain.close()
    await page.context().close()
  }
  return {
    records: largeRecords,
    bytes,
    cold: rounded(Math.max(...cold)),
    limit: 1000,
    warm: rounded(median(warm)),
    floor: rounded(median(floors)),
    ratio: rounded(median(cold) / median(floors)),
  }
}

/** From the request to the first paint of content, in milliseconds (W3C Paint Timing). */
async function paintedAfter(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'load' })
  return (await page.evaluate(`new Promise((resolve) => {
    const seen = () => performance.getEntriesByName('first-contentful-paint')[0]
    const look = () => seen() === undefined ? setTimeout(look, 5) : resolve(seen().startTime)
    look()
  })`)) as number
}

function assetsWith(path: string, html: string): ReadonlyMap<string, PlainAnswer> {
  const assets = webFiles().map(([name, body]): [string, PlainAnswer] => {
    return [`/web/${name}`, { type: name.endsWith('.css') ? 'text/css' : 'text/javascript', body }]
  })
  return new Map([...assets, [path, { type: 'text/html; charset=utf-8', body: html }]])
}

/** The style and the script that every page loads. */
export function webFiles(): readonly (readonly [name: string, text: string])[] {
  const names = readdirSync(WEB).filter((name) => /\.(?:css|js)$/.test(name))
  return names.map((name) => [name, readFileSync(WEB + name, 'utf8')])
}

/** A page of a browser that has logged in. */
export async function pageOf(browser: Browser, { cookie }: Pick<ServerProcess, 'cookie'>): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([
    { name, value, domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
  ])
  return context.newPage()
}
