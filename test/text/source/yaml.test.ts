import { describe, expect, test } from 'vitest'
import type { Problem } from '../../../src/model/error.ts'
import { keyPlaceOf, locatedAt, placeOf, problemsOf } from '../../../src/text/source/located.ts'
import { readYaml, readYamlValue } from '../../../src/text/source/yaml.ts'

const brief = (problems: readonly Problem[]) =>
  problems.map(({ code, at }) => `${code} ${at.file}:${at.line}:${at.column}`)

const bytes = (...parts: (number | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

describe('readYaml', () => {
  test('a value knows where its keys and values are written', () => {
    const read = readYaml(
      'name: add-vlan\nparams:\n  vlan: { type: integer, minimum: 2 }\nlist:\n  - a\n  -\n    b: 1\n',
      'w.yaml',
    )
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    expect(read.value.value).toEqual({
      name: 'add-vlan',
      params: { vlan: { type: 'integer', minimum: 2 } },
      list: ['a', { b: 1 }],
    })
    expect(placeOf(read.value, ['name'])).toEqual({ file: 'w.yaml', line: 1, column: 7 })
    expect(keyPlaceOf(read.value, ['params', 'vlan', 'minimum'])).toEqual({ file: 'w.yaml', line: 3, column: 26 })
    expect(placeOf(read.value, ['params', 'vlan', 'minimum'])).toEqual({ file: 'w.yaml', line: 3, column: 35 })
    expect(placeOf(read.value, ['list', 0])).toEqual({ file: 'w.yaml', line: 5, column: 5 })
    expect(placeOf(read.value, ['list', 1, 'b'])).toEqual({ file: 'w.yaml', line: 7, column: 8 })
    expect(placeOf(read.value, ['list', 1, 'no', 'such'])).toEqual({ file: 'w.yaml', line: 7, column: 5 })
    const part = locatedAt(read.value, ['params', 'vlan'])
    expect(part?.value).toEqual({ type: 'integer', minimum: 2 })
    expect(part && keyPlaceOf(part, ['type'])).toEqual({ file: 'w.yaml', line: 3, column: 11 })
    expect(locatedAt(read.value, ['params', 'none'])).toBeUndefined()
  })

  test('[3N5] a byte order mark, which in UTF-8 says nothing, is read over, and no place moves', () => {
    for (const content of [bytes(0xef, 0xbb, 0xbf, 'a: 1\nb: x\n'), '\ufeffa: 1\nb: x\n']) {
      const read = readYaml(content, 'f')
      if (!read.ok) throw new Error(JSON.stringify(read.problems))
      expect(read.value.value).toEqual({ a: 1, b: 'x' })
      expect(keyPlaceOf(read.value, ['a'])).toEqual({ file: 'f', line: 1, column: 1 })
    }
  })

  test('an alias means the last anchor of its name before it, also where it is followed from elsewhere', () => {
    const read = readYaml('a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x\n', 'w.yaml')
    expect(read.ok ? read.value.value : read.problems).toEqual({ a: 1, b: [1], c: 2, d: [1], e: 2 })
  })

  test('a file full of aliases is refused at once, and once', { tags: ['long', 'turn'] }, () => {
    const began = performance.now()
    const read = readYaml(`a: &a 1\nb: [${'*a,'.repeat(40_000)}]`, 'w.yaml')
    expect(problemsOf(read).map(({ code }) => code)).toEqual(['alias-limit'])
    expect(performance.now() - began).toBeLessThan(5000)
  })

  test('aliases are followed, within measure', () => {
    const read = readYaml('a: &x { b: 1 }\nc: *x\n', 'w.yaml')
    expect(read.ok && read.value.value).toEqual({ a: { b: 1 }, c: { b: 1 } })
    const levels = Array.from({ length: 8 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(', ')}]`)
    expect(brief(problemsOf(readYaml(['l0: &l0 x', ...levels].join('\n'), 'w.yaml'))).at(0)).toMatch(
      /^alias-limit w.yaml:/,
    )
    expect(brief(problemsOf(readYaml('a: &a [*a]\n', 'w.yaml')))).toEqual(['too-deep w.yaml:1:7'])
  })

  test.each<[string, string | Uint8Array, string[]]>([
    ['an empty file', '', ['empty-file f:1:1']],
    ['only comments', '# nothing\n', ['empty-file f:1:1']],
    ['NUL in text', 'a: 1\nb: \u0000', ['not-text f:2:4']],
    ['binary bytes', bytes(0x89, 'PNG', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0), ['not-text f:1:1']],
    ['Latin-1', bytes('a: x\nb: M', 0xfc, 'nchen\n'), ['not-text f:2:5']],
    ['UTF-16', bytes(0xff, 0xfe, 'a', 0), ['not-text f:1:1']],
    ['a right-to-left override', 'a: "x\u202ey"', ['invisible-character f:1:6']],
    ['an escape sequence', 'a: \u001b[2J', ['invisible-character f:1:4']],
    ['duplicate keys', 'a: 1\nb: 2\na: 3\n', ['duplicate-key f:3:1']],
    ['an unknown tag', 'a: !vault x\n', ['yaml-syntax f:1:4']],
    ['two documents', 'a: 1\n---\nb: 1\n', ['yaml-syntax f:2:1']],
    ['a tab as indentation', 'a:\n\t- b\n', ['yaml-syntax f:2:1']],
    ['an open bracket', 'a: [1, 2\nb: 1\n', ['yaml-syntax f:2:1', 'yaml-syntax f:2:2']],
    ['an unquoted template', 'a: {{ b }}\n', ['yaml-syntax f:1:4']],
    ['an alias without anchor', 'a: *nobody\n', ['unknown-alias f:1:4']],
    [
      'a key of the object machinery',
      'a:\n  __proto__: { b: 1 }\nconstructor: 1\n',
      ['forbidden-key f:2:3', 'forbidden-key f:3:1'],
    ],
    [
      'a number that loses digits',
      'a: 12345678901234567890\nb: .nan\n',
      ['inexact-number f:1:4', 'inexact-number f:2:4'],
    ],
    ['halves of surrogate pairs', 'a: "x\\ud800"\n"\\udc00": 1\n', ['half-character f:1:4', 'half-character f:2:1']],
    ['brackets 65 deep', `a: ${'['.repeat(65)}${']'.repeat(65)}`, ['too-deep f:1:67']],
    ['dashes 65 deep', `${'- '.repeat(65)}x`, ['too-deep f:1:129']],
    ['more than 1 MiB', 'x'.repeat(1_048_577), ['too-large f:1:1']],
  ])('refuses %s', (_, content, expected) => {
    const problems = problemsOf(readYaml(content, 'f'))
    const lines = new Set(problems.map(({ at }) => at.line))
    expect(brief(problems).slice(0, expected.length)).toEqual(expected.slice(0, brief(problems).length))
    expect(lines.size).toBeGreaterThan(0)
    expect(problems.every(({ hint }) => (hint ?? '').length > 5)).toBe(true)
  })

  test('texts too deep for the parser are refused each time, not only once', () => {
    for (const depth of [1000, 5000, 20_000, 20_000]) {
      expect(brief(problemsOf(readYaml('['.repeat(depth), 'f')))).toEqual(['too-deep f:1:65'])
      expect(brief(problemsOf(readYaml('- '.repeat(depth), 'f')))).toEqual(['too-deep f:1:129'])
    }
    const indented = Array.from({ length: 1000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')
    expect(brief(problemsOf(readYaml(indented, 'f')))).toEqual(['too-deep f:65:65'])
  })

  test('a mapping of many keys is read in a moment, duplicates and all', { tags: ['long', 'turn'] }, () => {
    const keys = Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`)
    const before = performance.now()
    expect(brief(problemsOf(readYaml([...keys, 'k7: 2'].join('\n'), 'f')))).toEqual(['duplicate-key f:60001:1'])
    expect(performance.now() - before).toBeLessThan(10_000)
  })

  test('brackets in text are text', () => {
    const read = readYaml(`a: "${'['.repeat(100)}"\nb: |\n  ${'{'.repeat(100)}\n# ${'['.repeat(100)}\n`, 'f')
    expect(read.ok && read.value.value).toEqual({ a: '['.repeat(100), b: `${'{'.repeat(100)}\n` })
  })

  test.each<[string, unknown]>([
    ['120', 120],
    ['010', 10],
    ['no', 'no'],
    ['12:34', '12:34'],
    ['00:1c:73:aa:bb:01', '00:1c:73:aa:bb:01'],
    ['10.0.0.0/24', '10.0.0.0/24'],
    ['2001:db8::1', '2001:db8::1'],
    ['[a, b]', ['a', 'b']],
    ["'120'", '120'],
    ['true', true],
    ['', ''],
  ])('-p key=%s is %j', (text, value) => {
    const read = readYamlValue(text, '-p key')
    expect(read.ok && read.value.value).toEqual(value)
  })
})
