import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { memberOf, readEvent } from '../../../src/features/hook/event/hook-event.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const CLOUD = { 'content-type': 'application/cloudevents+json; charset=utf-8' }

const read = (headers: Readonly<Record<string, string>>, body: unknown, id?: string) =>
  readEvent({ headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }, id)

/** Its event, or the reason. */
const eventOf = (...given: Parameters<typeof read>) => {
  const made = read(...given)
  return made.ok ? made.event : made.reason
}

/** CloudEvents 1.0.2, JSON Event Format, section 3.2: the example with JSON data. */
const EXAMPLE = {
  specversion: '1.0',
  type: 'com.example.someevent',
  source: '/mycontext',
  subject: null,
  id: 'C234-1234-1234',
  time: '2018-04-05T17:31:00Z',
  comexampleextension1: 'value',
  comexampleothervalue: 5,
  datacontenttype: 'application/json',
  data: { appinfoA: 'abc', appinfoB: 123, appinfoC: true },
}

/**
 * What the official schema demands of the attributes (github.com/cloudevents/spec, formats/cloudevents.json of 1.0.2), without its
 * `format`: ajv alone does not know formats.
 */
const SCHEMA = {
  type: 'object',
  required: ['id', 'source', 'specversion', 'type'],
  properties: {
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1 },
    specversion: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1 },
    datacontenttype: { type: ['string', 'null'], minLength: 1 },
    dataschema: { type: ['string', 'null'], minLength: 1 },
    subject: { type: ['string', 'null'], minLength: 1 },
    time: { type: ['string', 'null'], minLength: 1 },
    data: { type: ['object', 'string', 'number', 'array', 'boolean', 'null'] },
    data_base64: { type: ['string', 'null'] },
  },
}

describe('CloudEvents', () => {
  test('the structured example of the specification is read', () => {
    expect(eventOf(CLOUD, EXAMPLE)).toEqual({
      // SHA-256 of ["/mycontext","C234-1234-1234"].
      id: '20d91616c144a543fdda26c66f87b6025332ae2737e410e694d37c0ef70e3313',
      type: 'com.example.someevent',
      source: '/mycontext',
      time: '2018-04-05T17:31:00Z',
      data: { appinfoA: 'abc', appinfoB: 123, appinfoC: true },
    })
  })

  test('the same event in binary mode is the same event', () => {
    const headers = {
      ...JSON_TYPE,
      'ce-specversion': '1.0',
      'ce-type': 'com.example.someevent',
      'ce-source': '/mycontext',
      'ce-id': 'C234-1234-1234',
      'ce-time': '2018-04-05T17:31:00Z',
    }
    expect(eventOf(headers, EXAMPLE.data)).toEqual(eventOf(CLOUD, EXAMPLE))
    // HTTP Protocol Binding 1.0.2, section 3.1.3.2: "Euro € 😀" is sent as this.
    expect(eventOf({ ...headers, 'ce-subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80' }, {})).toMatchObject({
      subject: 'Euro € 😀',
    })
  })

  test('data in base64 are read as the JSON that they are', () => {
    const { data: _, ...rest } = EXAMPLE
    const encoded = Buffer.from('{"vid":140}').toString('base64')
    expect(eventOf(CLOUD, { ...rest, data_base64: encoded })).toMatchObject({ data: { vid: 140 } })
    expect(eventOf(CLOUD, { ...rest, data_base64: '!!!!' })).toBe('`data_base64` holds no JSON')
    expect(eventOf(CLOUD, { ...EXAMPLE, data_base64: encoded })).toBe('a CloudEvent has `data` or `data_base64`')
  })

  test('whatever the schema of CloudEvents refuses is refused, and what it takes is taken but for another version', () => {
    const valid = new Ajv({ allowUnionTypes: true }).compile(SCHEMA)
    const values = [undefined, null, '', 'x', '1.0', 7, true, [], {}]
    const names = ['id', 'source', 'specversion', 'type', 'subject', 'datacontenttype', 'dataschema']
    let looked = 0
    const differ: string[] = []
    for (const name of names) {
      for (const value of values) {
        looked += 1
        const { [name]: _, ...rest } = EXAMPLE as Record<string, unknown>
        const event = value === undefined ? rest : { ...rest, [name]: value }
        const isOther = name === 'specversion' && value === 'x'
        if (read(CLOUD, event).ok !== (valid(event) && !isOther)) differ.push(`${name} ${JSON.stringify(value)}`)
      }
    }
    expect([looked, differ]).toEqual([63, []])
  })

  test('several in one request, and another version, are refused by name', () => {
    expect(eventOf({ 'content-type': 'application/cloudevents-batch+json' }, [EXAMPLE])).toBe(
      'several events in one request are not taken',
    )
    expect(eventOf(CLOUD, { ...EXAMPLE, specversion: '0.3' })).toBe(
      'it is no CloudEvent 1.0: `specversion` says another version',
    )
    expect(eventOf(CLOUD, { ...EXAMPLE, time: 'yesterday' })).toBe('`time` of the CloudEvent is no time')
    expect(eventOf(CLOUD, [])).toBe('a CloudEvent is a JSON object')
  })
})

describe('what tells two events apart', () => {
  const idOf = (...given: Parameters<typeof read>) => {
    const made = read(...given)
    if (!made.ok) throw new Error(made.reason)
    return made.event.id
  }
  const alert = (more: object = {}) => ({
    version: '4',
    groupKey: '{}:{alertname="Down"}',
    status: 'firing',
    alerts: [
      { status: 'firing', startsAt: '2026-01-05T08:00:00Z' },
      { status: 'firing', startsAt: '2026-01-05T07:00:00Z' },
    ],
    ...more,
  })

  test('is what was signed, whatever the sender calls it', () => {
    expect(idOf({ ...JSON_TYPE, 'idempotency-key': 'k' }, {}, 'msg_1')).toBe('msg_1')
    expect(idOf(CLOUD, EXAMPLE, 'msg_1')).toBe('msg_1')
  })

  test('[E10] is which alerts of Alertmanager there are, and the instant at which each began', () => {
    const at = (startsAt: string, more: object = {}) => ({ status: 'firing', startsAt, fingerprint: 'aa', ...more })
    const of = (...alerts: readonly object[]) => idOf(JSON_TYPE, alert({ alerts }))
    const one = of(at('2026-01-05T08:00:00Z'))
    // The same instant: in another zone, with zeros, and the same alerts in another order.
    for (const same of ['2026-01-05T09:00:00+01:00', '2026-01-05T08:00:00.000Z', '2026-01-05T08:00:00.000000000Z']) {
      expect(of(at(same)), same).toBe(one)
    }
    const bb = at('2026-01-05T07:00:00Z', { fingerprint: 'bb' })
    const both = of(at('2026-01-05T08:00:00Z'), bb)
    expect(of(bb, at('2026-01-05T08:00:00Z'))).toBe(both)
    const others = [
      of(at('2026-01-05T08:00:00.5Z')),
      of(at('2026-01-05T08:00:00.500000001Z')),
      of(at('2026-01-05T08:00:00+01:00')),
      of(at('2026-01-05T08:00:00Z', { fingerprint: 'cc' })),
      of(at('2026-01-05T08:00:00Z', { fingerprint: undefined, labels: { peer: '10.0.1.4' } })),
      of(at('2026-01-05T08:00:00Z', { fingerprint: undefined, labels: { peer: '10.0.2.4' } })),
      of(at('soon')),
      // One that joins with an older beginning, or another offset, is not swallowed.
      both,
      of(at('2026-01-05T08:00:00Z'), at('2026-01-05T08:00:00.5Z', { fingerprint: 'bb' })),
      // Whichever of them the one that joins is, and whichever begins anew.
      of(at('2026-01-05T08:00:00.5Z'), bb),
      of(at('2026-01-05T08:00:00Z', { fingerprint: '00' }), at('2026-01-05T08:00:00Z'), bb),
      of(at('2026-01-05T08:00:00Z'), at('2026-01-05T10:00:00+02:00', { fingerprint: 'bb' })),
    ]
    expect(new Set([one, ...others]).size).toBe(13)
  })

  test('is the group, the status and the alerts of Alertmanager', () => {
    const one = idOf(JSON_TYPE, alert())
    expect(idOf(JSON_TYPE, alert({ receiver: 'again', truncatedAlerts: 3 }))).toBe(one)
    const others = [
      alert({ status: 'resolved' }),
      alert({ groupKey: '{}:{alertname="Up"}' }),
      alert({ alerts: [...alert().alerts, { startsAt: '2026-01-05T08:05:00Z' }] }),
    ]
    expect(new Set([one, ...others.map((other) => idOf(JSON_TYPE, other))]).size).toBe(4)
  })

  test('is the key of GitLab, and else the whole body', () => {
    expect(idOf({ ...JSON_TYPE, 'idempotency-key': 'f5e5f430', 'x-gitlab-event-uuid': '13792a34' }, {})).toBe(
      'f5e5f430',
    )
    expect(idOf({ ...JSON_TYPE, 'x-gitlab-event-uuid': '13792a34' }, {})).toBe('13792a34')
    // SHA-256 of `{}`.
    expect(idOf(JSON_TYPE, {})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  })

  test('is a digest where it could not be a key', () => {
    // SHA-256 of `a b`.
    expect(idOf(JSON_TYPE, {}, 'a b')).toBe('c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65')
    for (const id of ['x'.repeat(151), 'a\r\nb', 'é', '']) expect(idOf(JSON_TYPE, {}, id)).toMatch(/^[0-9a-f]{64}$/)
    expect(idOf(JSON_TYPE, {}, 'x'.repeat(150))).toBe('x'.repeat(150))
  })
})

describe('a body that misleads', () => {
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  test.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
    ['a member twice', JSON_TYPE, '{"ref":"main","ref":"other"}', /`ref`/],
    ['a member twice, far inside', JSON_TYPE, '{"a":[{"b":1,"b":2}]}', /`b`/],
    ['7,000 levels', JSON_TYPE, deep(7_000), /deep|nest/],
    ['10,000 levels', JSON_TYPE, deep(10_000), /more than 8,000 values/],
    ['8,001 values', JSON_TYPE, `{"a":[${'0,'.repeat(7_998)}0]}`, /more than 8,000 values/],
    [
      '8,001 values in base64',
      CLOUD,
      JSON.stringify({ ...EXAMPLE, data: undefined, data_base64: btoa(`[${'0,'.repeat(7_999)}0]`) }),
      /holds no JSON/,
    ],
    ['the machinery of objects', JSON_TYPE, '{"__proto__":{"vid":1}}', /__proto__/],
    ['digits that are lost', JSON_TYPE, '{"vid":12345678901234567890}', /digits|exact|precis/],
    ['half a character', JSON_TYPE, '{"a":"\\ud800"}', /half/],
    ['no UTF-8', JSON_TYPE, '\xff', /./],
    ['no JSON', JSON_TYPE, 'ref=main', /JSON/],
    ['nothing', JSON_TYPE, '', /empty/],
    ['a list', JSON_TYPE, '[]', /no JSON object/],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'payload=%7B%7D', /Content-Type/],
    ['no type', {}, '{}', /Content-Type/],
  ])('%s is refused', (_name, headers, body, reason) => {
    expect(eventOf(headers, body)).toMatch(reason)
  })
})

test('8,000 values are taken, however many signs of them are in a text', () => {
  const texts = '",[{\\"'.repeat(5_000)
  const data = (zeros: number) => ({ a: Array.from({ length: zeros }, () => 0), b: texts })
  expect([read(JSON_TYPE, data(7_997)).ok, read(JSON_TYPE, data(7_998)).ok]).toEqual([true, false])
})

test('members are found by their own names alone', () => {
  const event = { id: 'e', type: 'push', data: { ref: 'main', labels: { team: 'net' }, alerts: [{ site: 'fra' }] } }
  const found = (path: string) => memberOf(event, path)
  expect([
    found('ref'),
    found('labels.team'),
    found('alerts.0.site'),
    found('$event.type'),
    found('$event.data.ref'),
  ]).toEqual(['main', 'net', 'fra', 'push', 'main'])
  for (const path of [
    'type',
    'labels.none',
    'ref.length',
    'alerts.length',
    'constructor',
    'toString.name',
    '$event.none',
  ])
    expect([path, found(path)]).toEqual([path, undefined])
})
