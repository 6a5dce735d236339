import { expect, test } from 'vitest'
import { routes } from '../../../src/doors/http/http-app.ts'
import { ANN, openLab } from '../../lab/lab.ts'

test('[G20] nothing of a path, of a query or of a cookie comes back as a header field of its own', async () => {
  const bench = await openLab().serve()
  const { id } = bench.browser(ANN)
  const line = '%0d%0ax-injected:%201'
  const statuses = new Map<number, number>()
  for (const { method, path } of routes) {
    if (method !== 'GET' || path.endsWith('/stream')) continue
    for (const session of [id, undefined]) {
      const asked = `${path.replaceAll(/\{\w+\+?\}/g, `a${line}`)}?link=a${line}&after=${line}&before=${line}&x=${line}`
      const { status, headers } = await bench.ask('GET', asked, session === undefined ? {} : { session })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect([asked, headers.get('x-injected')]).toEqual([asked, null])
      for (const [name, value] of headers)
        expect([asked, name, value.includes('x-injected: 1')]).toEqual([asked, name, false])
    }
  }
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(80)
  // None of them is a failure of eosflow.
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  expect(bench.failures).toEqual([])
})
