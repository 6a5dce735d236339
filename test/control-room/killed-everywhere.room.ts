import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { CHROMIUM, startChromium } from './chromium.ts'
import { type KilledServer, startKilledServer } from './killed-server.ts'

/** Of the records of a change, one in so many; `npm run soak -- serve` takes every one. */
const CUT = extentOfLong(80, 20)

let server: KilledServer
/** How many records a change has during which nothing is killed. */
let length = 0
beforeAll(async () => {
  server = await startKilledServer()
  const { seqs, wrong } = await server.change()
  expect(wrong).toEqual([])
  expect(seqs.length).toBeGreaterThan(60)
  length = seqs.length
}, 150_000)
afterAll(() => server?.close())

test.each(['server', 'front'] as const)(
  'kill -9 of the %s at records of a change: it goes on, no switch is left between, and who stayed sees every record once',
  async (what) => {
    const every = Array.from({ length }, (_, index) => ({ what, records: index + 1 }))
    const killed: string[] = []
    for (const order of every.filter((_, at) => at % CUT === CUT / 2)) {
      const end = await server.change(order)
      const where = `${what} at ${order.records} of ${end.seqs.length}, ${end.killedAt}: ${end.outcome}`
      expect(end.wrong, where).toEqual([])
      if (end.killedAt !== undefined) killed.push(where)
    }
    process.stdout.write(`${killed.join('\n')}\n`)
    expect(killed.length).toBeGreaterThan(0)
  },
)

if (CHROMIUM === undefined)
  process.stderr.write(
    'NOT TRIED: a page that stays open while the server is killed, since there is no Chromium here\n',
  )

test.skipIf(CHROMIUM === undefined)(
  'a page that stays open while the server and then its front are killed: it shows the end without another login, and the browser has every record once',
  async () => {
    const browser = await startChromium()
    onTestFinished(() => browser.close())
    const { origin, cookie } = server.reached
    const context = await browser.newContext()
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([
      { name, value, domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' },
    ])
    const [page, plain] = [await context.newPage(), await context.newPage()]
    await plain.goto(`${origin}/me`)
    for (const what of ['server', 'front'] as const) {
      let id = ''
      const { wrong, seqs } = await server.change({ what, records: 45 }, async (execution) => {
        id = execution
        await page.goto(`${origin}/executions/${id}`)
        await plain.evaluate(`(${WATCH})('/api/v1/stream?topics=execution:${id}')`)
      })
      expect(wrong).toEqual([])
      await expect.poll(() => page.textContent('h1'), { timeout: 20_000 }).toMatch(/succeeded|confirmed/i)
      expect([what, page.url()]).toEqual([what, `${origin}/executions/${id}`])
      const seen = async () => (await plain.evaluate('globalThis.seqs')) as readonly number[]
      await expect.poll(async () => (await seen()).at(-1), { timeout: 20_000 }).toBe(seqs.at(-1))
      const [first = 0] = await seen()
      expect(await seen()).toEqual(seqs.filter((seq) => seq >= first))
      expect((await seen()).length).toBeGreaterThan(20)
    }
  },
)

/** Follows the stream with the browser's own means, in a page whose script follows none. */
const WATCH = `(path) => {
  globalThis.seqs = []
  const source = new EventSource(path)
  source.addEventListener('record', ({ data }) => globalThis.seqs.push(JSON.parse(data).seq))
  return new Promise((resolve) => source.addEventListener('view', () => resolve(), { once: true }))
}`
