import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/model/error.ts'
import { annotated, annotationsAs } from '../../src/report/annotations/forges.ts'

const PROBLEMS: readonly Problem[] = [
  {
    code: 'unknown-key',
    message: 'there is no key `vlan%id`',
    at: { file: 'workflows/a,b:c.yaml', line: 3, column: 5 },
    hint: 'did you mean vlanId?',
  },
  { code: 'bad-param', message: 'is not key=value', at: { file: '-p vlan', line: 1, column: 1 } },
]
const pathOf = (file: string) => (file.startsWith('-') ? undefined : `network/${file}`)
const GROUND = { settings: 'network/eosflow.yaml', version: '1.2.3' }

describe('problems as a forge shows them', () => {
  const annotations = annotated(PROBLEMS, 'error', pathOf)

  test('github: a command a line, with what would end it written out', () => {
    expect(annotationsAs.github(annotations, GROUND)).toBe(
      '::error file=network/workflows/a%2Cb%3Ac.yaml,line=3,endLine=3,col=5,title=eosflow unknown-key::there is no key `vlan%25id`%0Adid you mean vlanId?\n' +
        '::error title=eosflow bad-param::-p vlan: is not key=value\n',
    )
  })

  test('github: nothing for nothing', () => {
    expect(annotationsAs.github([], GROUND)).toBe('')
    expect(annotationsAs.gitlab([], GROUND)).toBe('[]\n')
  })

  test('github: no text begins a command of its own', () => {
    const texts = ['x\n::add-mask::y', 'x\r\n::stop-commands::y', 'x\u2028::error::y', 'x\u0085::error::y']
    const hostile = texts.flatMap((text) => [
      { code: 'c', message: text, at: { file: `w\n::error::${text}.yaml`, line: 1, column: 1 }, hint: text },
    ])
    const printed = annotationsAs.github(annotated(hostile, 'warning', pathOf), GROUND)
    const lines = printed.split(/\r\n|[\r\n\u2028\u2029\u0085]/)
    expect(lines).toHaveLength(texts.length + 1)
    expect(lines.slice(0, -1).every((line) => line.startsWith('::warning file=network/w'))).toBe(true)
  })

  test('gitlab: the fields of a Code Quality report', () => {
    expect(JSON.parse(annotationsAs.gitlab(annotations, GROUND))).toEqual([
      {
        description: 'there is no key `vlan%id` did you mean vlanId?',
        check_name: 'unknown-key',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'major',
        location: { path: 'network/workflows/a,b:c.yaml', lines: { begin: 3 } },
      },
      {
        description: '-p vlan: is not key=value',
        check_name: 'bad-param',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        severity: 'major',
        location: { path: 'network/eosflow.yaml', lines: { begin: 1 } },
      },
    ])
  })

  test('gitlab: a fingerprint stays when lines move, and two equal problems have two', () => {
    const at = (line: number) => ({ code: 'c', message: 'm', at: { file: 'a.yaml', line, column: 1 } })
    const printsOf = (lines: readonly number[]) =>
      JSON.parse(annotationsAs.gitlab(annotated(lines.map(at), 'error', pathOf), GROUND)).map(
        ({ fingerprint }: { fingerprint: string }) => fingerprint,
      )
    expect(new Set(printsOf([1, 2, 3])).size).toBe(3)
    expect(printsOf([1, 2])).toEqual(printsOf([7, 9]))
    expect(printsOf([1])).toEqual(['4c6eb1f6d01e06765590786d6cce55feb992bae0765e6209fc7d9bde1dbc43f5'])
  })

  test('sarif: a rule for each code, a relative reference for each file, and a place for each result', () => {
    const log = JSON.parse(annotationsAs.sarif(annotations, GROUND))
    expect(log).toEqual({
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: { name: 'eosflow', semanticVersion: '1.2.3', rules: [{ id: 'bad-param' }, { id: 'unknown-key' }] },
          },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'unknown-key',
              ruleIndex: 1,
              level: 'error',
              message: { text: 'there is no key `vlan%id`\ndid you mean vlanId?' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'network/workflows/a%2Cb%3Ac.yaml', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 3, startColumn: 5 },
                  },
                },
              ],
            },
            {
              ruleId: 'bad-param',
              ruleIndex: 0,
              level: 'error',
              message: { text: '-p vlan: is not key=value' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'network/eosflow.yaml', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 1, startColumn: 1 },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  })
})
