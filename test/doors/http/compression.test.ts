import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { coded } from '../../../src/doors/http/http-app.ts'
import { exits, openLab } from '../../lab/lab.ts'

const LONG = 'switch '.repeat(200)
const asked = (headers: Record<string, string>) => new Headers(headers)

test.each<[string, string, Record<string, string>, boolean]>([
  [
    'a page of this server',
    LONG,
    { 'accept-encoding': 'gzip, br', 'sec-fetch-site': 'same-origin', cookie: 'a=b' },
    true,
  ],
  ['an address that was typed', LONG, { 'accept-encoding': 'gzip', 'sec-fetch-site': 'none', cookie: 'a=b' }, true],
  ['a program', LONG, { 'accept-encoding': 'deflate, gzip;q=0.5' }, true],
  ['anything goes', LONG, { 'accept-encoding': '*' }, true],
  ['another site', LONG, { 'accept-encoding': 'gzip', 'sec-fetch-site': 'cross-site', cookie: 'a=b' }, false],
  ['another port of this machine', LONG, { 'accept-encoding': 'gzip', 'sec-fetch-site': 'same-site' }, false],
  ['a browser that does not say', LONG, { 'accept-encoding': 'gzip', cookie: 'a=b' }, false],
  ['who refuses gzip', LONG, { 'accept-encoding': 'gzip;q=0, br' }, false],
  ['who says nothing', LONG, {}, false],
  ['1024 bytes', 'x'.repeat(1024), { 'accept-encoding': 'gzip' }, false],
  ['1025 bytes', 'x'.repeat(1025), { 'accept-encoding': 'gzip' }, true],
])('%s', async (_name, text, headers, isCoded) => {
  const { body, headers: said } = await coded(text, asked(headers))
  expect(said['content-encoding']).toBe(isCoded ? 'gzip' : undefined)
  expect(typeof body === 'string' ? body : gunzipSync(body).toString()).toBe(text)
})

test('[G26] a list is compressed, what has an ETag and the stream are not', async () => {
  const bench = await openLab().serve({ tokens: { ci: { issuer: 'local', id: 'ci', kind: 'person', auth: 'os' } } })
  await exits(0, bench.lab.change())
  const [id = ''] = await bench.app.store.executionIds()
  const coding = async (path: string) => {
    const response = await bench.open('GET', path, { token: 'ci', headers: { 'accept-encoding': 'gzip' } })
    await response.body?.cancel()
    return [String(response.status), response.headers.get('content-encoding')]
  }
  expect(await coding('/openapi.json')).toEqual(['200', 'gzip'])
  expect(await coding(`/api/v1/executions/${id}/events`)).toEqual(['200', null])
  expect(await coding(`/api/v1/stream?topics=execution:${id}`)).toEqual(['200', null])
})
