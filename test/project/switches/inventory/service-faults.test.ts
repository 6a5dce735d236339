import { describe, expect, test } from 'vitest'
import { exitCodeOfError } from '../../../../src/doors/cli/outcome/exit-code.ts'
import type { ErrorKind } from '../../../../src/model/error.ts'
import { everyNth } from '../../../extent.ts'
import { freePort } from '../../../free-ports.ts'
import { reading, restlessClock, sourcePorts } from './asking.ts'
import {
  type Answer,
  type AskedPage,
  json,
  NAUTOBOT_TOKEN,
  nautobotDevice,
  netboxDevice,
  netboxDevices,
  startNautobot,
  startNetbox,
  TOKENS,
} from './device-service.ts'

/** Ten devices in pages of three, each beginning with the last one of the page before: five pages, of which the last is not full. */
const COUNT = 10
const PAGE_SIZE = 3
const PAGES = 5

interface Fault {
  readonly name: string
  /** Each time the page is asked for, unless `once`. */
  readonly does: (asked: AskedPage, answer: Answer) => Answer | undefined
  /** Whether the pages do not count alike; else it is an error of the source. */
  readonly counts?: true
  /** What is said behind `netbox URL`, where URL is that of the service. By the page where it differs. */
  readonly message: string | readonly string[] | ((page: number) => string)
  /** By the page; default: each is asked for once. */
  readonly requests?: readonly number[]
  /** Pages at which it is none. */
  readonly none?: readonly number[]
  readonly timeout?: number
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body: unknown = { detail: 'Because.' }) =>
  ({ response }: AskedPage) => {
    json(response, code, body, headers)
    return undefined
  }

/** Sends the head of an answer and a part of its body, then closes the connection. */
const cut = ({ response }: AskedPage, answer: Answer) => {
  const text = JSON.stringify(answer)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length })
  response.write(text.slice(0, text.length / 2), () => response.destroy())
  return undefined
}

const truncated = ({ response }: AskedPage, answer: Answer) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer).slice(0, -20))
  return undefined
}

const THREE = [3, 4, 5, 6, 7]
const TWICE = [2, 4, 6, 8, 10]

/** What a page may do instead, at every page: the words of the error, and how many requests were made. */
const FAULTS: readonly Fault[] = [
  {
    name: '401',
    does: status(401),
    message: ' answered 401: the token is not accepted; it says: Because',
  },
  {
    name: '403',
    does: status(403),
    message: ' answered 403: the token may not read dcim.device, or is not accepted; it says: Because',
  },
  {
    name: '404',
    does: status(404),
    message: ' answered 404: there is no list of devices at this url; it says: Because',
  },
  {
    name: '400',
    does: status(400, {}, { rol: ['Unknown filter field'] }),
    message: ' answered 400: it does not take the query; it says: {"rol":["Unknown filter field"]}',
  },
  {
    name: '429',
    does: status(429, { 'retry-after': '2' }),
    message: ' answered 429; it says: Because',
    requests: THREE,
  },
  {
    name: '429 for an hour',
    does: status(429, { 'retry-after': '3600' }),
    message: ' answered 429: too many requests, wait 3600 s; it says: Because',
  },
  {
    name: '500',
    does: status(500),
    message: ' answered 500; it says: Because',
    requests: THREE,
  },
  {
    name: '503 as a page of a proxy',
    does: ({ response }) => void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Away</h1>'),
    message: ' answered 503',
    requests: THREE,
  },
  {
    name: 'a redirect',
    does: status(302, { location: 'https://login.example/?next=/api/' }),
    message: ' answered 302: it leads to https://login.example, which is not followed',
  },
  {
    name: 'a connection that is closed in the middle of the page',
    does: cut,
    message: ': the request was sent, and its answer did not arrive: the connection was closed',
    requests: THREE,
  },
  {
    name: 'a page that never ends',
    does: ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"count":')
      return undefined
    },
    message: ': the request was sent, and its answer did not arrive: no complete answer within 0.05 s',
    requests: THREE,
    timeout: 0.05,
  },
  {
    name: 'JSON that is cut, of a whole answer',
    does: truncated,
    message: ': its answer is no whole JSON (application/json): not valid JSON:',
  },
  {
    name: 'a page of a login',
    does: ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    message: ': its answer is no whole JSON (text/html): not valid JSON: expected a value, found `<`',
  },
  {
    name: 'an object that is no list',
    does: status(200),
    message: (page) => `: page ${page} is no list of devices: it needs count, next and results`,
  },
  {
    name: 'no count',
    does: (_asked, answer) => ({ ...answer, count: null as never }),
    message: (page) => `: page ${page} is no list of devices: it needs count, next and results`,
  },
  {
    name: 'a record without an id',
    does: (_asked, answer) => ({ ...answer, results: [{ name: 'sw1' }, ...answer.results.slice(1)] }),
    message: (page) => `: a device on page ${page} has no id`,
  },
  {
    name: 'a higher count',
    does: (_asked, answer) => ({ ...answer, count: COUNT + 1 }),
    counts: true,
    message: [
      ': page 1 counts 11 devices and page 2 10: the list changes while it is read',
      ...[2, 3, 4, 5].map(
        (page) => `: page 1 counts 10 devices and page ${page} 11: the list changes while it is read`,
      ),
    ],
    requests: [4, 4, 6, 8, 10],
  },
  {
    name: 'a lower count',
    does: (_asked, answer) => ({ ...answer, count: PAGE_SIZE }),
    counts: true,
    message: [
      ': count 3, read 3, and another page follows',
      ...[2, 3, 4, 5].map((page) => `: page 1 counts 10 devices and page ${page} 3: the list changes while it is read`),
    ],
    requests: TWICE,
  },
  {
    name: 'no next page',
    does: (_asked, answer) => ({ ...answer, next: null }),
    counts: true,
    message: (page) => `: count 10, read ${2 * page + 1}: paging was cut`,
    requests: TWICE,
    none: [5],
  },
  {
    name: 'one record less at its end',
    does: (_asked, answer) => ({ ...answer, results: answer.results.slice(0, -1) }),
    counts: true,
    message: [
      ...[1, 2, 3, 4].map(
        (page) => `: behind page ${page} the next one begins at ${2 * page + 1}, and not at ${2 * page}`,
      ),
      ': count 10, read 9: paging was cut',
    ],
    requests: TWICE,
  },
  {
    name: 'one record less at its beginning',
    does: (_asked, answer) => ({ ...answer, results: answer.results.slice(1) }),
    counts: true,
    message: [
      ': behind page 1 the next one begins at 3, and not at 2',
      ...[2, 3, 4, 5].map(
        (page) =>
          `: page ${page} begins with device ${2 * page}, and not with ${2 * page - 1}, the last one before: the list changes while it is read`,
      ),
    ],
    requests: TWICE,
  },
  {
    name: 'a record twice',
    does: (_asked, answer) => ({ ...answer, results: [...answer.results, answer.results[0] as object] }),
    counts: true,
    message: (page) => `: device ${2 * page - 1} is there twice: the list changes while it is read`,
    requests: TWICE,
  },
  {
    name: 'a next page that leaves some out',
    does: (_asked, answer) => ({ ...answer, next: answer.next?.replace(/offset=(\d+)/, 'offset=9$1') ?? null }),
    counts: true,
    message: (page) => `: behind page ${page} the next one begins at 9${2 * page + 1}, and not at ${2 * page + 1}`,
    requests: TWICE,
    none: [5],
  },
  {
    name: 'a next page of another host',
    does: (_asked, answer) => ({
      ...answer,
      next: answer.next?.replace(/^http:\/\/[^/]+/, 'https://evil.example') ?? null,
    }),
    message:
      ': its next page would be at https://evil.example/api/dcim/devices/, which is not asked: it would be given the token',
    none: [5],
  },
  {
    name: 'a next page of another list',
    does: (_asked, answer) => ({ ...answer, next: answer.next?.replace('dcim/devices', 'users/tokens') ?? null }),
    message: ': its next page would be at URL/api/users/tokens/, which is not asked: it would be given the token',
    none: [5],
  },
  {
    name: 'a next page that is always the same',
    does: ({ url }, answer) => ({ ...answer, next: url.href }),
    counts: true,
    message: [
      ': behind page 1 the next one begins at no offset, and not at 3',
      ': behind page 2 the next one begins at 2, and not at 5',
      ': behind page 3 the next one begins at 4, and not at 7',
      ': behind page 4 the next one begins at 6, and not at 9',
      ': count 10, read 10, and another page follows',
    ],
    requests: TWICE,
  },
  {
    name: 'an empty page, and another one',
    does: ({ url }, answer) => ({ ...answer, results: [], next: url.href }),
    message: (page) => `: page ${page} holds no device and says that another page follows`,
  },
  {
    name: 'a count that no network has',
    does: (_asked, answer) => ({ ...answer, count: 2_000_000_000 }),
    message: [': it counts 2000000000 devices, more than the 200000 that are read'],
    requests: [1],
    none: [2, 3, 4, 5],
  },
]

const ROWS = FAULTS.flatMap((fault) =>
  Array.from({ length: PAGES }, (_, index) => index + 1)
    .filter((page) => fault.none?.includes(page) !== true)
    .map((page) => ({ ...fault, page })),
)

/** The services of both kinds, each with devices of the ids 1 to 10. */
const SERVICES = {
  netbox: { start: startNetbox, records: netboxDevices(COUNT), token: TOKENS.v1 },
  nautobot: {
    start: startNautobot,
    records: Array.from({ length: COUNT }, (_, index) => nautobotDevice(index + 1, { id: index + 1 })),
    token: NAUTOBOT_TOKEN,
  },
} as const

describe.each(['netbox', 'nautobot'] as const)('what a %s does instead of answering, at every page', (product) => {
  const { start, records, token } = SERVICES[product]

  test('there is a row for each', () => {
    expect(FAULTS).toHaveLength(28)
    expect(ROWS).toHaveLength(132)
  })

  test.each(everyNth(8, 'faults of a service of inventory', ROWS))(
    '$name, page $page: no list, exit 10',
    async ({ does, page, counts = false, message, requests, timeout }) => {
      const service = await start(records, {
        misbehave: (asked, answer) => (asked.page === page ? does(asked, answer) : answer),
      })
      const asked = { url: service.origin, pageSize: PAGE_SIZE }
      const failed: Error & { kind?: ErrorKind } = await reading(
        product,
        asked,
        sourcePorts({ clock: restlessClock(), token }),
        timeout,
      ).then(
        () => expect.fail('it was read'),
        (error) => error,
      )
      const said = typeof message === 'function' ? message(page) : message
      const expected = `${product} URL${typeof said === 'string' ? said : said[page - 1]}`
      expect(failed.message.replaceAll(service.origin, 'URL').slice(0, expected.length)).toBe(expected)
      const kind = counts ? 'inventory-count' : 'inventory-source'
      expect([failed.kind, exitCodeOfError(kind)]).toEqual([kind, 10])
      expect(service.seen).toHaveLength(requests?.[page - 1] ?? page)
    },
  )

  test.each(
    everyNth(
      4,
      'faults that pass',
      ROWS.filter(({ timeout }) => timeout === undefined),
    ),
  )('$name, page $page, once: all devices or none', async ({ does, page }) => {
    let done = 0
    const service = await start(records, {
      misbehave: (asked, answer) => (asked.page === page && ++done === 1 ? does(asked, answer) : answer),
    })
    const read = await reading(product, { url: service.origin, pageSize: PAGE_SIZE }, sourcePorts({ token })).then(
      ({ list }) => Object.keys(list._meta.hostvars).length,
      (error: { readonly kind: string }) => error.kind,
    )
    expect([COUNT, 'inventory-source']).toContain(read)
  })
})

describe('a list that changes while it is read', () => {
  test('a device that is added before the place that was reached is read the second time', async () => {
    const records = [...netboxDevices(COUNT)]
    const netbox = await startNetbox(records, {
      misbehave: ({ page, tries }, answer) => {
        if (page === 2 && tries === 1) records.unshift(netboxDevice(99))
        return answer
      },
    })
    const { list } = await reading('netbox', { url: netbox.origin, pageSize: PAGE_SIZE })
    expect(Object.keys(list._meta.hostvars)).toHaveLength(COUNT + 1)
  })

  test('[G129] one that is taken away and one that is added leave the count as it is, and the edge of the page shows it', async () => {
    const records = [...netboxDevices(COUNT)]
    const netbox = await startNetbox(records, {
      misbehave: ({ page }, answer) => {
        // Behind the first page: sw4 would slip over its edge, and the count would be right.
        if (page === 1 && netbox.seen.length === 1) {
          records.shift()
          records.push(netboxDevice(99))
        }
        return answer
      },
    })
    const { list } = await reading('netbox', { url: netbox.origin, pageSize: PAGE_SIZE })
    expect(Object.keys(list._meta.hostvars)).toEqual([
      'sw2',
      'sw3',
      'sw4',
      'sw5',
      'sw6',
      'sw7',
      'sw8',
      'sw9',
      'sw10',
      'sw99',
    ])
    // One page, the one whose edge has moved, and five again.
    expect(netbox.seen).toHaveLength(7)
  })
})

describe('a next page behind a proxy', () => {
  test('that names http or another port of the same host is asked for at the url of the source', async () => {
    const netbox = await startNetbox(netboxDevices(COUNT), { calledOrigin: 'https://127.0.0.1:8443' })
    const { list } = await reading('netbox', { url: netbox.origin, pageSize: PAGE_SIZE })
    expect(Object.keys(list._meta.hostvars)).toHaveLength(COUNT)
  })

  test('that names another host is asked for at the url of the source with paging: offset', async () => {
    const netbox = await startNetbox(netboxDevices(COUNT), { calledOrigin: 'http://netbox-internal:8080' })
    const asked = reading('netbox', { url: netbox.origin, pageSize: PAGE_SIZE })
    await expect(asked).rejects.toMatchObject({
      hint: `Behind a proxy NetBox has to know its name (X-Forwarded-Host). With \`paging: offset\` pages are asked for at ${netbox.origin} whatever it says.`,
    })
    const { list } = await reading('netbox', { url: netbox.origin, pageSize: PAGE_SIZE, paging: 'offset' })
    expect(Object.keys(list._meta.hostvars)).toHaveLength(COUNT)
  })
})

test('a service that is not there', async () => {
  const netbox = await startNetbox([])
  const port = await freePort()
  const clock = restlessClock()
  const asked = reading('netbox', { url: `http://127.0.0.1:${port}` }, sourcePorts({ clock }))
  await expect(asked).rejects.toMatchObject({
    kind: 'inventory-source',
    message: `netbox http://127.0.0.1:${port}: no connection to 127.0.0.1 port ${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
  })
  expect(clock.waited).toEqual([1000, 1000])
  expect(netbox.seen).toEqual([])
})
