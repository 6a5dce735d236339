import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assert } from '../../../../src/eos/check/builtin/assert.ts'
import { commandsOf, judgeAll } from '../../../../src/eos/check/run.ts'
import type { Reply } from '../../../../src/eos/device/device.ts'
import { judgeCheck } from '../../../../src/lab/trial/judge-check.ts'
import type { Verdict } from '../../../../src/model/error.ts'
import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { linesOf, table } from '../../../table.ts'

const VERSION: Json = {
  modelName: 'vEOS-lab',
  version: '4.32.2F',
  memTotal: 200_000,
  memFree: 89_004,
  tags: ['a', 'b'],
}

const given = (input: JsonObject): JsonObject => ({ command: 'show version', that: 'memFree > 1', ...input })

async function judged(input: JsonObject, reply: Reply, now?: number): Promise<Verdict | undefined> {
  const specs = [{ name: 'assert', input: assert.input.parse(given(input)) as Json }]
  expect(commandsOf(specs)).toHaveLength(1)
  const context = { device: 'leaf1', baseline: {}, ...(now === undefined ? {} : { now }) }
  const [judgement] = await judgeAll(specs, [reply], context)
  return judgement?.verdict
}

const faults = (input: JsonObject): readonly unknown[] => {
  const { error } = assert.input.safeParse(given(input))
  return error?.issues.map((issue) => [issue.path[0], issue.message]) ?? []
}

const pass = (that: string, command = 'show version'): Verdict => ({
  status: 'pass',
  facts: [`\`${that}\` of \`${command}\``],
})
const fail = (reason: string): Verdict => ({ status: 'fail', reasons: [reason] })
const error = (reason: string): Verdict => ({ status: 'error', reason })

describe('the check assert', () => {
  test.each<[string, Verdict]>([
    ['memFree > 80000', pass('memFree > 80000')],
    ['modelName = "vEOS-lab" and $count(tags) = 2', pass('modelName = "vEOS-lab" and $count(tags) = 2')],
    ['$contains(version, "4.32") and "a" in tags', pass('$contains(version, "4.32") and "a" in tags')],
    [
      'memFree > 100000',
      fail('`memFree > 100000` of `show version` - expected: true, actual: false, as `memFree` is 89004'),
    ],
    [
      '100 * memFree / memTotal < 40',
      fail(
        '`100 * memFree / memTotal < 40` of `show version` - expected: true, actual: false, as `100 * memFree / memTotal` is 44.502',
      ),
    ],
    [
      'absent in tags',
      fail('`absent in tags` of `show version` - expected: true, actual: false, as `absent` is nothing'),
    ],
    ['$exists(absent)', fail('`$exists(absent)` of `show version` - expected: true, actual: false')],
    ['absent > 1', error('`absent > 1` of `show version` leads to nothing: neither true nor false')],
    ['memFree', error('`memFree` of `show version` is 89004: neither true nor false')],
    ['"true"', error('`"true"` of `show version` is "true": neither true nor false')],
    ['[true]', error('`[true]` of `show version` is [true]: neither true nor false')],
    ['1', error('`1` of `show version` is 1: neither true nor false')],
    ['null', error('`null` of `show version` is null: neither true nor false')],
    ['{"ok": true}', error('`{"ok": true}` of `show version` is {"ok":true}: neither true nor false')],
    [
      'modelName > 1',
      error(
        '`modelName > 1` of `show version` cannot be judged. T2009: The values "vEOS-lab" and 1 either side of operator ">" must be of the same data type',
      ),
    ],
    ['$error("no")', error('`$error("no")` of `show version` cannot be judged. D3137: no')],
  ])('%s', async (that, verdict) => {
    expect(await judged({ that }, { ok: true, json: VERSION })).toEqual(verdict)
  })

  test('says what it is named to say', async () => {
    const input = { that: 'memFree > 100000', says: 'leaf memory is short' }
    expect(await judged(input, { ok: true, json: VERSION })).toEqual(
      fail('leaf memory is short - expected: true, actual: false, as `memFree` is 89004'),
    )
  })

  test('judges text as one string', async () => {
    const input = { command: 'show ntp status', format: 'text', that: '$contains($, "synchronised to")' }
    const reply: Reply = { ok: true, json: { output: 'synchronised to NTP server\n' } }
    expect(await judged(input, reply)).toEqual(pass('$contains($, "synchronised to")', 'show ntp status'))
    expect(await judged(input, { ok: true, json: 'unsynchronised\n' })).toMatchObject({ status: 'fail' })
    expect(await judged(input, { ok: true, json: {} })).toEqual(error('`show ntp status` answered in an unknown shape'))
  })

  test.each<[string, Reply]>([
    ['a refused command', { ok: false, error: 'Invalid input' }],
    ['a command that the platform does not have', { ok: false, error: 'not supported on this hardware platform' }],
    ['an error inside of the answer', { ok: true, json: { errors: ['Not supported'] } }],
    ['an empty answer', { ok: true, json: {} }],
    ['no answer', { ok: true, json: null }],
  ])('%s is an error, whatever the expression says', async (_, reply) => {
    expect(await judged({ that: 'memFree > 1' }, reply)).toMatchObject({ status: 'error' })
    if (!reply.ok) expect(await judged({ that: 'true' }, reply)).toMatchObject({ status: 'error' })
  })

  test('knows the time where it is known, and nowhere else', async () => {
    const that = '$millis() - lastChange * 1000 > 60000'
    const reply: Reply = { ok: true, json: { lastChange: 1_763_000_000 } }
    expect(await judged({ that }, reply, 1_763_000_061)).toEqual(pass(that))
    expect(await judged({ that }, reply, 1_763_000_059)).toMatchObject({ status: 'fail' })
    expect(await judged({ that }, reply)).toEqual(
      error(`\`${that}\` of \`show version\` cannot be judged: it is not known what time it is`),
    )
  })

  test('shows no secret of the answer', async () => {
    const json = { cmds: { 'username admin secret sha512 $6$abcdefgh$ijklmnopqrstuvwxyz': null } }
    const that = '$keys(cmds)[0] = "x"'
    const verdict = await judged({ command: 'show running-config', that }, { ok: true, json })
    expect(verdict?.status).toBe('fail')
    expect(JSON.stringify(verdict)).not.toContain('ijklmnop')
    const bare = '$substringAfter($keys(cmds)[0], "sha512 ") = "x"'
    const picked = await judged({ command: 'show running-config', that: bare }, { ok: true, json })
    expect(picked?.status).toBe('fail')
    expect(JSON.stringify(picked)).not.toContain('ijklmnop')
  })

  test('changes no answer that another check judges too', async () => {
    const json = { interfaces: { Ethernet1: { up: true, tags: ['a'] } } }
    const before = JSON.stringify(json)
    for (const that of [
      '($ ~> |interfaces.Ethernet1|{"up": false}|).interfaces.Ethernet1.up = false',
      '($ ~> |$$.interfaces.Ethernet1|{"up": false}|; interfaces.Ethernet1.up = false)',
      '$count(interfaces.Ethernet1.tags[]) = 1',
      '$count(interfaces.Ethernet1.tags{$: 1}) = 1',
    ]) {
      expect(await judged({ that }, { ok: true, json })).toEqual(pass(that))
    }
    expect(JSON.stringify(json)).toBe(before)
  })
})

describe('a hostile expression', () => {
  const many: Json = { list: Array.from({ length: 2_000 }, (_, index) => index) }

  test.each(
    linesOf(`
    ($f := function($n) { $f($n + 1) }; $f(0))
    ($f := function($n) { $n > 100000 ? true : 1 + $f($n + 1) }; $f(0) > 1)
    $count(list.($$.list)) > 1
    $sum($map([1..100000], function($i) { $count($$.list[$ > $i]) })) > 1
    $length($pad("x", 99999999)) > 1
    $count([1..10000000]) > 1
    ($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d("xxxxxxxx", 60)) > 1)
    $formatInteger(999999999, "I") = "x"
  `),
  )('%s is stopped and is an error', { tags: ['long', 'turn'] }, async (that) => {
    // Time of the processor, which other work on the machine does not count in.
    const before = process.cpuUsage()
    expect(await judged({ that }, { ok: true, json: many })).toMatchObject({ status: 'error' })
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(10_000)
  })

  test.each([
    ...table`
    memFree >                  at character 10: Unexpected end of expression
    (memFree > 1               at character 13: Expected ")" before end of expression
    $match(version, /(a+)+$/)  at character 17: Regular expressions are refused: they can run without end. Compare strings instead
    $eval("1")                 at character 1: $eval is disabled: use $parse to read JSON
    $cuont(tags) = 1           at character 1: There is no function $cuont. did you mean $count?
    $memFree > 1               at character 1: There is no variable $memFree: names are read of the answer.
    $random() < 2              at character 1: $random is refused: an assertion says the same of the same answer.
  `,
    ['', 'at character 1: Unexpected end of expression'],
  ])('%s is a fault of the file', (that, message) => {
    expect(faults({ that })).toContainEqual(['that', message])
  })
})

describe('the command of an assertion', () => {
  test.each<[string, string, 'json' | 'text']>([
    ['show version', '', 'json'],
    ['show ip route vrf PROD 10.0.0.0/24', '', 'json'],
    ['show logging last 5 minutes | grep -i BGP-3', '', 'text'],
    ['show running-config | section router bgp', '', 'text'],
    ['show ip bgp | include 10.0. | exclude Idle', '', 'text'],
    ['reload', 'an assertion reads: its command must begin with `show `', 'json'],
    ['showreload', 'an assertion reads: its command must begin with `show `', 'json'],
    [' show version', 'an assertion reads: its command must begin with `show `', 'json'],
    ['show version\nreload', 'an assertion reads one command: "\\n" may not be part of it', 'json'],
    ['show version ; reload', 'an assertion reads one command: ";" may not be part of it', 'json'],
    ['show version > flash:x', 'an assertion reads one command: ">" may not be part of it', 'text'],
    ['show version | grep `id`', 'an assertion reads one command: "`" may not be part of it', 'text'],
    ['show version | grep $HOME', 'an assertion reads one command: "$" may not be part of it', 'text'],
    ['show version | json', 'only text can be filtered: say `format: text`, or choose in the expression', 'json'],
    ...[
      'json',
      'tee flash:x',
      'redirect flash:x',
      'append flash:x',
      'grep a /etc/shadow',
      'grep *',
      'grep -f x y',
      'grep -o community........',
      'grep -io community........',
      '',
    ].map((filter): [string, string, 'text'] => [
      `show version | ${filter}`,
      'only the filters include, exclude, section, begin and grep with one pattern are taken',
      'text',
    ]),
  ])('%s', (command, message, format) => {
    expect(faults({ command, format, that: 'true' })).toEqual(message === '' ? [] : [['command', message]])
  })

  test('whatever is taken is one show command, and nothing in it hands its answer on', () => {
    const piece = fc.constantFrom(
      'show ',
      'version',
      ' | ',
      'include ',
      'grep ',
      '\n',
      ';',
      '>',
      '`',
      '$(',
      '&&',
      'reload',
      '"',
      '\u2028',
    )
    let taken = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('json', 'text'), (pieces, format) => {
        const command = `show ${pieces.join('')}`
        if (faults({ command, format, that: 'true' }).length > 0) return
        taken += 1
        expect(command).toMatch(/^show [^\n;>`$&\u2028]+$/)
        expect(command.includes('|') && format === 'json').toBe(false)
      }),
      { numRuns: 600 },
    )
    expect(taken).toBeGreaterThan(20)
  })

  test('text has no revision, and no key is taken that is not known', () => {
    expect(faults({ format: 'text', revision: 1 })).toEqual([['revision', 'text has no revision']])
    expect(faults({ thta: 'true' })).toEqual([[undefined, 'Unrecognized key: "thta"']])
  })
})

test('is asked as it is written', () => {
  const inputs = [
    { command: 'show version', revision: 1, that: 'true' },
    { command: 'show version', format: 'text', that: 'true' },
  ].map((input) => assert.input.parse(input) as Json)
  expect(commandsOf(inputs.map((input) => ({ name: 'assert', input })))).toEqual([
    { cmd: 'show version', revision: 1 },
    { cmd: 'show version', format: 'text' },
  ])
  expect(inputs.map((input) => assert.input.parse(input))).toEqual(inputs)
})

test('the judge that does not wait refuses it by name', () => {
  expect(() => judgeCheck('assert', given({}), [VERSION])).toThrow(
    'the check `assert` is judged by judgeAll, which waits for it',
  )
})
