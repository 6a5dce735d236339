import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SECURITY_HEADERS } from '../../src/doors/http/http-app.ts'
import { type Frame, page } from '../../src/report/page/html.ts'
import { openService } from '../lab/service.ts'
import { PAGES } from '../report/page/all-pages.ts'
import { FRAME } from '../report/page/material.ts'

/** What the pages of this folder call things, and the longest name of each kind, without a place to break. */
const LONG: readonly (readonly [short: RegExp, long: string])[] = [
  [/\b((?:leaf|spine)\d)\b/g, '$1accessswitchofthethirdfloorofbuildingseventeen.dc1.example'],
  [/\b(?:Ada Berg|Ben Ortiz|Cleo Marsh|corp:ben)\b/g, 'SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8'],
  [/\badd-vlan\b/g, 'addavlantotheleavesandstretchitoverthefabricofthesite'],
  [/\b(?:PROD-CACHE|VOICE|PRINTERS)\b/g, 'PRODUCTIONCACHEOFTHETHIRDFLOOR17'],
  [/\b(?:net-leads|net-ops)\b/g, 'networkleadsofthenorthernandsoutherndatacentres'],
  [/\b(?:before|after)-vlan\b/g, 'snapshotbeforetheupgradeofallleavesofthebuilding'],
  [/\b(?:bgp-established|vlans-present|reachable)\b/g, 'everybgpneighbourisestablishedandhasitsprefixes'],
  [
    /\b(?:year-end|nightly-drift|weekly-vlan|leaf-checks|policy\.yaml)\b/g,
    'freezeattheendoftheyearinallofthedatacentres',
  ],
  [/\b(?:Nobody|Somebody)\b/g, 'sha256:9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d9f31c02a77aa0c1d'],
]

/** The HTML of a page on which all that has a name has the longest one. */
function withLongNames(html: string) {
  return LONG.reduce((text, [short, long]) => text.replaceAll(short, long), html)
}

/** The golden pages at `/NAME`, and at `/long/NAME` with the longest names, with the real style and script, on a free port of this machine. */
export interface PageServer {
  readonly origin: string
  /** Sends an event to every open stream. */
  send(event: string, data: object, id?: string): void
  /** What is answered to what the script posts, by its path: a status and a document. */
  readonly answers: Map<string, readonly [status: number, document: object]>
  /** What the script has posted, in order. */
  readonly posted: { readonly path: string; readonly token: string | undefined; readonly body: unknown }[]
  /** How many streams are open. */
  streams(): number
  close(): void
}

/** Serves every page under the policy that the control room has. */
export async function servePages(): Promise<PageServer> {
  const { buildWeb } = (await import(String(new URL('../../build/web.mjs', import.meta.url)))) as {
    buildWeb(folder: string): Promise<{ style: string; script: string }>
  }
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-web-'))
  const assets = await buildWeb(folder)
  const open = new Set<{ write(text: string): void }>()
  const answers: PageServer['answers'] = new Map()
  const posted: PageServer['posted'] = []
  const service = await openService((_request, response, { method, target, headers, body }) => {
    const { pathname } = new URL(target, 'http://localhost')
    if (method === 'POST') {
      const token = headers['x-eosflow-token']
      posted.push({ path: pathname, token: String(token), body: JSON.parse(body) })
      const [status, document] = answers.get(pathname) ?? [404, {}]
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
      return
    }
    if (pathname.startsWith('/web/')) {
      const type = pathname.endsWith('.css') ? 'text/css' : 'text/javascript'
      response.writeHead(200, { 'content-type': type }).end(readFileSync(join(folder, pathname.slice(5))))
    } else if (pathname === '/stream' || pathname === '/api/v1/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1000\n\n')
      open.add(response)
      response.on('close', () => open.delete(response))
    } else answerPage(response, pathname.slice(1), assets)
  })
  return {
    origin: service.origin,
    send: (event, data, id) => {
      const frame = `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
      for (const stream of open) stream.write(frame)
    },
    answers,
    posted,
    streams: () => open.size,
    close: () => {
      void service.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answerPage(response: ServerResponse, name: string, assets: Frame['assets']) {
  const [, isLong, short = ''] = /^(long\/)?(.*)$/.exec(name) ?? []
  const found = PAGES[short]
  if (found === undefined) {
    response.writeHead(name === 'favicon.ico' ? 204 : 404).end()
    return
  }
  const { me: _me, ...signedOut } = FRAME
  const { isBeforeLogin, ...content } = found
  const frame = { ...(isBeforeLogin === true ? signedOut : FRAME), assets }
  const headers = { 'content-type': 'text/html; charset=utf-8', ...SECURITY_HEADERS }
  const html = String(page({ ...frame, ...content }))
  response.writeHead(200, headers).end(isLong === undefined ? html : withLongNames(html))
}
