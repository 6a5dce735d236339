import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readQueryAnswer } from '../../../src/features/judge/read-query-answer.ts'
import { type JudgeBefore, judgeVerdict, readRulesAnswer, staleBefore } from '../../../src/features/judge/reading.ts'
import type { Verdict } from '../../../src/model/error.ts'
import type { HttpAnswer } from '../../../src/model/http-port.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { AlertJudge, QueryJudge } from '../../../src/model/judge.ts'
import { jsonSaid } from './judged-lab.ts'

const NOW = Date.parse('2026-11-26T10:00:00Z')
const SECONDS = NOW / 1000
const WHEN = { asked: NOW - 20, heard: NOW + 20 }

const JUDGE: QueryJudge = {
  judge: 'prometheus',
  service: 'core',
  url: 'https://prometheus.example.com',
  scrape: 15,
  query: 'sum by (instance) (rate(drops{instance=~"(?:leaf1|leaf2)"}[1m]))',
  good: 'value <= before * 1.2 + 5',
  empty: 'cannot-judge',
  maxAge: 45,
  window: 60,
  by: 'instance',
  switches: { leaf1: ['leaf1', '10.0.0.1'], leaf2: ['leaf2', '10.0.0.2'] },
}
const BEFORE: JudgeBefore = { '[["instance","leaf1"]]': 10, '[["instance","leaf2"]]': 20 }
const MOMENT = { device: 'leaf1', since: 90, before: BEFORE }

type Member = readonly [Readonly<Record<string, string>>, string, number?]

const GOOD: readonly Member[] = [
  [{ instance: 'leaf1' }, '12.5'],
  [{ instance: 'leaf2' }, '20'],
  [{ eosflow: 'sample 1', instance: 'leaf1' }, String(SECONDS - 4)],
  [{ eosflow: 'sample 1', instance: 'leaf2' }, String(SECONDS - 4)],
  [{ eosflow: 'now' }, String(SECONDS)],
]

function vector(members: readonly Member[], more: JsonObject = {}): JsonObject {
  const result = members.map(([metric, value, at = SECONDS]) => ({ metric, value: [at, value] }))
  return { status: 'success', data: { resultType: 'vector', result }, ...more }
}

const said = (members: readonly Member[], more: JsonObject = {}): HttpAnswer => jsonSaid(vector(members, more))
const withMember = (index: number, member: Member): readonly Member[] => GOOD.with(index, member)
const allAt = (at: number): HttpAnswer => said(GOOD.map(([labels, value]) => [labels, value, at] as const))
/** The good answer in which leaf1 has this value, and these labels besides. */
const leaf1Is = (value: string, at = SECONDS): HttpAnswer => said(withMember(0, [{ instance: 'leaf1' }, value, at]))
const sampleIs = (at: number): HttpAnswer =>
  said(withMember(2, [{ eosflow: 'sample 1', instance: 'leaf1' }, String(at)]))
const plus = (labels: Readonly<Record<string, string>>): HttpAnswer => said([...GOOD, [labels, '1']])
const withData = (data: Json): HttpAnswer => jsonSaid({ status: 'success', data })
const without = (index: number): readonly Member[] => GOOD.toSpliced(index, 1)
const textSaid = (body: string, type = 'application/json', status = 200): HttpAnswer => ({
  status,
  headers: { 'content-type': type },
  body: new TextEncoder().encode(body),
})

async function judged(answer: HttpAnswer, judge = JUDGE, moment = MOMENT): Promise<Verdict> {
  const read = readQueryAnswer(judge, answer, WHEN)
  if (!read.ok) return { status: 'error', reason: read.reason }
  return judgeVerdict(judge, read.reading, moment)
}

const reasonOf = (verdict: Verdict) =>
  verdict.status === 'pass'
    ? verdict.facts.join('; ')
    : verdict.status === 'fail'
      ? verdict.reasons.join('; ')
      : verdict.reason

describe('an answer to a query', () => {
  test('that is whole, fresh and good passes', async () => {
    expect(await judged(said(GOOD))).toEqual({
      status: 'pass',
      facts: ['value <= before * 1.2 + 5: true of 1 series'],
    })
  })

  const text = JSON.stringify(vector(GOOD))
  const histogram = {
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, histogram: [SECONDS, {}] }] },
  }
  const CLOCK = 'and at more than 5 s nobody can say what was after the commit'
  const MARK = 'its answer is not whole: the mark that eosflow asks for with each query is not in it'
  const STRANGE = 'its result holds something that is no series with one number'

  test.each<readonly [string, HttpAnswer, string]>([
    ['a redirect', textSaid('', 'text/html', 302), 'it answers 302: a redirect is not followed'],
    ['credentials refused', textSaid('no', 'text/plain', 401), 'it refuses the credentials (401)'],
    ['an error of a proxy', textSaid('<html>', 'text/html', 502), 'it answers 502'],
    [
      'an error of its own',
      jsonSaid({ status: 'error', errorType: 'timeout', error: 'query timed out' }, { status: 503 }),
      'it answers 503 (timeout): query timed out',
    ],
    [
      'success that is none',
      jsonSaid({ ...vector(GOOD), status: 'error', errorType: 'execution', error: 'too many samples' }),
      'it does not answer with success (execution): too many samples',
    ],
    [
      'an error beside success',
      jsonSaid({ ...vector(GOOD), error: 'expanding series' }),
      'it does not answer with success (error): expanding series',
    ],
    ['a page', textSaid('<html>', 'text/html'), 'its answer is text/html, not application/json'],
    ['JSON that is called text', textSaid(text, 'text/plain'), 'its answer is text/plain, not application/json'],
    [
      'no type',
      { status: 200, headers: {}, body: new TextEncoder().encode(text) },
      'its answer is of no type, not application/json',
    ],
    ['half of it', textSaid(text.slice(0, -20)), 'its answer is not a JSON object'],
    ['nothing', textSaid(''), 'its answer is not a JSON object'],
    ['a list', textSaid('[]'), 'its answer is not a JSON object'],
    [
      'bytes that are no text',
      { status: 200, headers: { 'content-type': 'application/json' }, body: Uint8Array.of(0x22, 0xff, 0x22) },
      'its answer is not a JSON object',
    ],
    ['no data', jsonSaid({ status: 'success' }), 'its answer has no data'],
    [
      'a warning',
      said(GOOD, { warnings: ['2 stores did not answer'] }),
      'it warns beside its data: 2 stores did not answer',
    ],
    ['warnings of another form', said(GOOD, { warnings: 'store away' }), 'its warnings are no list'],
    ['a partial answer', said(GOOD, { isPartial: true }), 'it says that its answer is partial'],
    ['a matrix', withData({ resultType: 'matrix', result: [] }), 'its result is of the type "matrix", not a vector'],
    [
      'a scalar',
      withData({ resultType: 'scalar', result: [SECONDS, '1'] }),
      'its result is of the type "scalar", not a vector',
    ],
    ['a result that is no list', withData({ resultType: 'vector', result: {} }), 'its result is no list'],
    ['a histogram', jsonSaid(histogram), STRANGE],
    [
      'a number that is no text',
      withData({ resultType: 'vector', result: [{ metric: {}, value: [SECONDS, 1] }] }),
      STRANGE,
    ],
    ['a value that is no number', leaf1Is('0x10'), STRANGE],
    ['a series twice', plus({ instance: 'leaf1' }), 'its result holds a series twice'],
    ['an end that is missing', said(without(4)), MARK],
    ['no result', said([]), MARK],
    ['a mark with more labels', jsonSaid(vector(withMember(4, [{ eosflow: 'now', job: 'x' }, String(SECONDS)]))), MARK],
    ['values of another moment', leaf1Is('12.5', SECONDS - 15), 'its answer is of several moments'],
    [
      'an answer of a minute ago',
      allAt(SECONDS - 60),
      `its clock says 2026-11-26T09:59:00.000Z and ours 2026-11-26T10:00:00.020Z: 60 s apart, ${CLOCK}`,
    ],
    [
      'an answer of the future',
      allAt(SECONDS + 60),
      `its clock says 2026-11-26T10:01:00.000Z and ours 2026-11-26T10:00:00.020Z: 60 s apart, ${CLOCK}`,
    ],
    [
      'a label of eosflow',
      plus({ eosflow: 'mine' }),
      'a series has the label `eosflow`, which eosflow keeps for itself',
    ],
    ['samples of the future', sampleIs(SECONDS + 60), 'it has samples of the future'],
    ['stale samples', sampleIs(SECONDS - 46), 'its newest sample is older than `maxAge` allows (45s)'],
    [
      'a value whose samples have stopped',
      said(without(2)),
      'it has values without a sample: what they were made of has stopped',
    ],
    ['NaN', leaf1Is('NaN'), 'its value is NaN, which is no number that can be judged'],
    ['an infinite value', leaf1Is('-Inf'), 'its value is -Inf, which is no number that can be judged'],
    [
      'a series of another switch',
      plus({ instance: 'leaf9' }),
      'series belong to no switch of this change: instance="leaf9"',
    ],
    ['a series of no switch', plus({}), 'series belong to no switch of this change: one without `instance`'],
    ['no series of it', said(GOOD.toSpliced(0, 1)), 'there is no series of the switch'],
    [
      'a new series',
      plus({ instance: 'leaf1', port: 'Et1' }),
      '`value <= before * 1.2 + 5` of {port="Et1"} is neither true nor false: 1, before unknown',
    ],
  ])('[G116] is no pass: %s', async (_, answer, reason) => {
    const verdict = await judged(answer)
    expect([verdict.status, reasonOf(verdict)]).toEqual(['error', reason])
  })

  test('fails when one of several series is worse, however good the others are', async () => {
    const members: readonly Member[] = [[{ instance: 'leaf1', port: 'Et1' }, '90'], ...GOOD]
    const before = { ...BEFORE, '[["instance","leaf1"],["port","Et1"]]': 3 }
    expect(await judged(said(members), JUDGE, { ...MOMENT, before })).toEqual({
      status: 'fail',
      reasons: ['{port="Et1"} - expected: value <= before * 1.2 + 5, actual: 90, before 3'],
    })
  })

  test.each<readonly [QueryJudge['empty'], Verdict]>([
    ['fail', { status: 'fail', reasons: ['there is no series of the switch'] }],
    ['pass', { status: 'pass', facts: ['there is no series of the switch'] }],
    ['cannot-judge', { status: 'error', reason: 'there is no series of the switch' }],
  ])('without a series of the switch is what `empty: %s` says', async (empty, verdict) => {
    const answer = said(GOOD.toSpliced(0, 1).toSpliced(1, 1))
    expect(await judged(answer, { ...JUDGE, empty }, { ...MOMENT, before: {} })).toEqual(verdict)
  })

  test.each<readonly [number, number, Verdict['status']]>([
    // The range of a minute, from the commit on.
    [59, 4, 'error'],
    [60, 4, 'pass'],
    // Without a range: the newest sample is of after the commit.
    [4, 4, 'error'],
    [5, 4, 'pass'],
  ])('%i s behind the commit with a sample of %i s ago is %s', async (since, age, status) => {
    const window = since < 10 ? 0 : 60
    const members = GOOD.map(
      ([labels, value]): Member => (labels.eosflow === 'sample 1' ? [labels, String(SECONDS - age)] : [labels, value]),
    )
    expect((await judged(said(members), { ...JUDGE, window }, { ...MOMENT, since })).status).toBe(status)
  })

  test.each<readonly [string, number, number]>([
    ['an empty answer that was asked for before the commit', SECONDS, -1],
    ['an empty answer that was kept for longer than the commit is ago', SECONDS - 4, 3],
  ])('is no pass, even where `empty: pass` is: %s', async (_, at, since) => {
    const answer = said([[{ eosflow: 'now' }, String(at), at]])
    expect(await judged(answer, { ...JUDGE, empty: 'pass', window: 0 }, { ...MOMENT, since, before: {} })).toEqual({
      status: 'error',
      reason: 'its answer is of before the commit',
    })
  })

  test('is no pass where it was kept, and its samples are of before the commit', async () => {
    const at = SECONDS - 4
    const members = GOOD.map(
      ([labels, value]): Member => [labels, labels.eosflow === undefined ? value : String(at - 1), at],
    ).with(4, [{ eosflow: 'now' }, String(at), at])
    expect(await judged(said(members), { ...JUDGE, window: 0 }, { ...MOMENT, since: 4.5 })).toEqual({
      status: 'error',
      reason: 'its newest sample is of before the commit',
    })
  })

  test('is no pass by an address that only begins like that of the switch', async () => {
    const judge = { ...JUDGE, switches: { leaf1: ['leaf1', '2001:db8::1'], leaf2: ['leaf2', '2001:db8::1:10'] } }
    const other = { instance: '2001:db8::1:10' }
    const members: readonly Member[] = [
      [other, '12.5'],
      [{ ...other, eosflow: 'sample 1' }, String(SECONDS - 4)],
      [{ eosflow: 'now' }, String(SECONDS)],
    ]
    expect(await judged(said(members), judge, { ...MOMENT, before: {} })).toEqual({
      status: 'error',
      reason: 'there is no series of the switch',
    })
  })

  test('is none of before the change where it has values without a sample', () => {
    const read = readQueryAnswer(JUDGE, said(without(2)), WHEN)
    expect(read.ok && staleBefore(JUDGE, read.reading)).toBe(
      'it has values without a sample: what they were made of has stopped',
    )
    const whole = readQueryAnswer(JUDGE, said(GOOD), WHEN)
    expect(whole.ok && staleBefore(JUDGE, whole.reading)).toBe(undefined)
  })

  test('knows a switch by its name or address, with or without a port', async () => {
    const verdicts = await Promise.all(
      ['leaf1', 'leaf1:9116', '10.0.0.1', '10.0.0.1:9116'].map((instance) => {
        const members = GOOD.map(
          ([labels, value]): Member => [labels.instance === 'leaf1' ? { ...labels, instance } : labels, value],
        )
        const before = { [JSON.stringify([['instance', instance]])]: 10 }
        return judged(said(members), JUDGE, { ...MOMENT, before })
      }),
    )
    expect(verdicts.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pass'])
  })

  test('takes remarks on how a metric is named for no warning', async () => {
    const warnings = ['PromQL info: metric might not be a counter']
    expect((await judged(said(GOOD, { warnings }))).status).toBe('pass')
  })
})

describe('[G116] property: no answer but a whole, fresh, good one passes', () => {
  /** Every place in a document, as a path. */
  function pathsOf(value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
    if (value === null || typeof value !== 'object') return [path]
    const entries = Array.isArray(value) ? value.map((one, index) => [index, one] as const) : Object.entries(value)
    return [path, ...entries.flatMap(([key, one]) => pathsOf(one as Json, [...path, key]))]
  }

  function changed(value: Json, [key, ...rest]: readonly (string | number)[], to: Json | undefined): Json {
    if (key === undefined) return to ?? null
    const copy = structuredClone(value) as Record<string | number, Json>
    if (rest.length > 0) copy[key] = changed(copy[key] ?? null, rest, to)
    else if (to === undefined && Array.isArray(copy)) copy.splice(Number(key), 1)
    else if (to === undefined) delete copy[key]
    else copy[key] = to
    return copy as Json
  }

  const document = vector(GOOD)
  const places = pathsOf(document)
  const others: fc.Arbitrary<Json | undefined> = fc.oneof(
    fc.constantFrom<Json | undefined>(
      undefined,
      null,
      true,
      '',
      'NaN',
      '+Inf',
      '1e9',
      '999999',
      0,
      -1,
      [],
      {},
      SECONDS - 60,
      String(SECONDS - 60),
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
  )

  test('one place of the document is another', async () => {
    expect(places).toHaveLength(37)
    let looked = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), others, async (path, to) => {
        looked++
        const other = changed(document, path, to)
        const verdict = await judged(jsonSaid(other))
        // What passes is read again here by other means: one number of leaf1 that is good, fresh samples, and the mark of now.
        expect(verdict.status !== 'pass' || isGoodAnswer(other)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
    expect(looked).toBe(2_000)
  })

  /** By the text alone, without anything of the code under test. */
  function isGoodAnswer(said: Json) {
    const { status, data } = said as {
      status: string
      data: { resultType: string; result: { metric: Record<string, string>; value: [number, string] }[] }
    }
    const { result } = data
    const own = result.filter(({ metric }) => metric.instance === 'leaf1' && metric.eosflow === undefined)
    const samples = result.filter(({ metric }) => metric.instance === 'leaf1' && metric.eosflow === 'sample 1')
    const ages = samples.map(({ value }) => SECONDS - Number(value[1]))
    return (
      status === 'success' &&
      data.resultType === 'vector' &&
      own.length === 1 &&
      own.every(({ value }) => Number(value[1]) <= 17 && value[1].trim() !== '') &&
      ages.length === 1 &&
      ages.every((age) => age <= 45 && age > -6) &&
      result.filter(({ metric }) => metric.eosflow === 'now').length === 1 &&
      result.every(({ value }) => Math.abs(value[0] - SECONDS) < 6)
    )
  }
})

describe('an answer about alerts', () => {
  const ALERTS: AlertJudge = {
    judge: 'alerts',
    service: 'core',
    url: 'https://prometheus.example.com',
    scrape: 15,
    labels: { severity: 'critical' },
    by: 'instance',
    switches: { leaf1: ['leaf1'] },
  }
  const rule = {
    type: 'alerting',
    name: 'PeerDown',
    labels: { severity: 'critical' },
    health: 'ok',
    lastEvaluation: '2026-11-26T09:59:50.5Z',
    alerts: [] as Json,
  }
  const firing = (labels: JsonObject) => ({
    labels: { alertname: 'PeerDown', severity: 'critical', ...labels },
    state: 'firing',
  })
  const rules = (more: JsonObject = {}, around: JsonObject = {}, time = '10:00:00'): HttpAnswer =>
    jsonSaid(
      { status: 'success', data: { groups: [{ name: 'g', interval: 15, rules: [{ ...rule, ...more }] }], ...around } },
      { headers: { date: `Thu, 26 Nov 2026 ${time} GMT` } },
    )
  const KNOWN: JudgeBefore = { '[["alertname","PeerDown"],["instance","leaf1"],["severity","critical"]]': 1 }

  async function verdictOf(answer: HttpAnswer, since = 60, before: JudgeBefore = {}): Promise<Verdict> {
    const read = readRulesAnswer(ALERTS, answer, WHEN)
    return read.ok
      ? judgeVerdict(ALERTS, read.reading, { device: 'leaf1', since, before })
      : { status: 'error', reason: read.reason }
  }

  type Row = readonly [string, HttpAnswer, readonly [Verdict['status'], string], number?, JudgeBefore?]
  const LEAF1_FIRES = [firing({ instance: 'leaf1' })]
  const NO_GROUP = 'its answer holds something that is no group of rules'
  const NONE_NEW = 'of the alerts that fire (1) none is new'
  const NO_RULE = 'no alerting rule of it could fire with these labels'
  const NOT_SINCE = 'its rules were not evaluated since the commit'
  const rows: readonly Row[] = [
    ['nothing fires', rules(), ['pass', '']],
    ['one fires that did before', rules({ alerts: LEAF1_FIRES }), ['pass', NONE_NEW], 60, KNOWN],
    [
      'one fires that did not',
      rules({ alerts: LEAF1_FIRES }),
      ['fail', 'PeerDown {severity="critical", instance="leaf1"} - expected: no new alert, actual: it fires'],
    ],
    ['one fires of another switch', rules({ alerts: [firing({ instance: 'leaf7' })] }), ['pass', NONE_NEW]],
    ['one is pending', rules({ alerts: [{ ...firing({ instance: 'leaf1' }), state: 'pending' }] }), ['pass', '']],
    [
      'a state that there is not',
      rules({ alerts: [{ ...firing({ instance: 'leaf1' }), state: 'odd' }] }),
      ['error', NO_GROUP],
    ],
    ['it was evaluated before the commit', rules(), ['error', NOT_SINCE], 10],
    [
      'it is evaluated no more',
      rules({ lastEvaluation: '2026-11-26T09:59:00Z' }),
      ['error', 'its rule `PeerDown` is not evaluated any more'],
    ],
    [
      'it was evaluated in the future',
      rules({ lastEvaluation: '2026-11-26T10:10:00Z' }),
      ['error', 'its rule `PeerDown` was evaluated in the future: the clocks of the service differ'],
    ],
    [
      'it was kept, and its rules were evaluated before the commit',
      rules({ lastEvaluation: '2026-11-26T09:59:55Z' }, {}, '09:59:56'),
      ['error', NOT_SINCE],
      4,
    ],
    [
      'it fires without an alert',
      rules({ state: 'firing' }),
      ['error', 'its rule `PeerDown` fires, and its alerts are not in the answer'],
    ],
    ['it is not healthy', rules({ health: 'err' }), ['error', 'its rule `PeerDown` is not evaluated well']],
    ['it was never evaluated', rules({ health: 'unknown' }), ['error', 'its rule `PeerDown` is not evaluated yet']],
    ['no rule could', rules({ labels: { severity: 'warning' } }), ['error', NO_RULE]],
    [
      'a rule whose label is made of the series could',
      rules({ labels: { severity: '{{ $labels.severity }}' } }),
      ['pass', ''],
    ],
    ['only recording rules', rules({ type: 'recording' }), ['error', NO_RULE]],
    ['another page', rules({}, { groupNextToken: 'abc' }), ['error', 'its answer is not whole: it has another page']],
    ['no groups', withData({}), ['error', 'its answer has no groups of rules']],
    ['no date', withData({ groups: [] }), ['error', 'its answer does not say when it was given (`date`)']],
    [
      'another clock',
      jsonSaid({ status: 'success', data: { groups: [] } }, { headers: { date: 'Thu, 26 Nov 2026 09:59:00 GMT' } }),
      [
        'error',
        'its clock says 2026-11-26T09:59:00.000Z and ours 2026-11-26T10:00:00.020Z: 60 s apart, and at more than 5 s nobody can say what was after the commit',
      ],
    ],
    ['an evaluation without a time', rules({ lastEvaluation: 'never' }), ['error', NO_GROUP]],
  ]

  test.for(rows)('%s', async ([, answer, expected, since, before]) => {
    const verdict = await verdictOf(answer, since, before)
    expect([verdict.status, reasonOf(verdict)]).toEqual(expected)
  })
})
