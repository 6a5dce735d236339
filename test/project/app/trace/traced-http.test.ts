import { expect, test } from 'vitest'
import type { HttpPort, HttpRequest } from '../../../../src/model/http-port.ts'
import { tracedHttp } from '../../../../src/project/execution/run/open-run.ts'

const OURS = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const THEIRS = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test.each([
  ['says the trace of the execution', OURS, {}, { traceparent: OURS }],
  ['says that of the workflow where it sets one', OURS, { traceparent: THEIRS }, { traceparent: THEIRS }],
  ['says nothing where there is none', undefined, {}, {}],
])('a request to a service %s', async (_, trace, headers, sent) => {
  const seen: HttpRequest[] = []
  const http: HttpPort = {
    send: async (request) => {
      seen.push(request)
      return { status: 200, headers: {}, body: new Uint8Array() }
    },
    scrub: (text) => text.replace('secret', '***'),
  }
  const traced = tracedHttp(http, () => trace)
  const request = { name: 'GET x', method: 'GET', url: 'https://x.example', headers, milliseconds: 1 } as const
  await traced.send(request, new AbortController().signal)
  expect(seen.map((one) => one.headers)).toEqual([sent])
  expect(traced.scrub('a secret')).toBe('a ***')
})
