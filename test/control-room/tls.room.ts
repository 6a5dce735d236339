import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLeaves } from '../doors/cli/running.ts'
import { hasOpenssl, makeCertificates } from '../eos/transport/eapi/test-certificates.ts'
import { exits, soon } from '../lab/lab.ts'
import { CHROMIUM, startChromium } from './chromium.ts'

const canTry = CHROMIUM !== undefined && hasOpenssl
if (!canTry) process.stderr.write('NOT TRIED: the server over TLS in a real browser (needs Chromium and openssl)\n')

/** More tabs than a browser has connections to a server over HTTP/1.1, which are six. */
const TABS = 8

/** What a page says of its stream: `on` where it is live. */
const liveOf = (page: Page) => page.locator('[data-live]').getAttribute('data-live')

describe.runIf(canTry)('the built server over its own TLS in a real browser', () => {
  test(`${TABS} tabs are live at once over HTTP/2, and the server still answers them`, async () => {
    const bench = await openLeaves(2)
    const { selfSigned } = makeCertificates()
    bench.write('server.pem', selfSigned.cert)
    bench.write('server.key', selfSigned.key)
    bench.write(
      'eosflow.yaml',
      'version: 1\nserver: { listen: "127.0.0.1:0", tls: { certificate: server.pem, key: server.key } }\n',
    )
    const served = bench.start('serve')
    const [link] = await served.said(/https:\/\/\S+link=[0-9a-f]{64}/)
    const browser = await startChromium()
    onTestFinished(() => browser.close())
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const faults: string[] = []
    context.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    const first = await context.newPage()
    await first.goto(link)
    await first.click('button')
    await first.waitForURL(/\/$/)
    const { origin } = new URL(first.url())
    const tabs = [first]
    for (let count = 1; count < TABS; count += 1) {
      const tab = await context.newPage()
      await tab.goto(`${origin}/`)
      tabs.push(tab)
    }
    await soon(async () => (await Promise.all(tabs.map(liveOf))).every((live) => live === 'on'), 60_000)
    // As text: it runs in the browser.
    const told = await tabs.at(-1)?.evaluate(`fetch('/api/v1/me').then(({ status }) => [
      status,
      [...new Set(performance.getEntriesByType('resource').map(({ nextHopProtocol }) => nextHopProtocol))],
    ])`)
    expect([tabs.length, told, faults]).toEqual([8, [200, ['h2']], []])
    served.kill('SIGTERM')
    await exits(0, served.ended)
  })
})
