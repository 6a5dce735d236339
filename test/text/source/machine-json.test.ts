import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson, readMachineJson } from '../../../src/text/source/json.ts'

describe('JSON of machines', () => {
  test('any value is read as it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value)
        const [fast, slow] = [readMachineJson(text, 'f'), readJson(text, 'f')]
        expect(fast.ok).toBe(slow.ok)
        if (fast.ok && slow.ok) expect(fast.value).toEqual(slow.value.value)
        else expect(fast).toEqual(slow)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['{"a": 12345678901234567890}', 'the number 12345678901234567890 cannot be held exactly', 7],
    ['{"__proto__": 1}', 'the key `__proto__` is not allowed', 2],
    ['{"a": "\\ud800"}', 'a text holds half of a surrogate pair (\\uD800 to \\uDFFF), which is no character', 7],
    ['{"a": [1, 2', 'not valid JSON: expected `,` or `]`, found the end of the file', 12],
    [`${'['.repeat(70)}${']'.repeat(70)}`, 'the text is nested deeper than 64 levels', 66],
    ['{"a": 1, "a": 2}', 'the key `a` is there twice', 10],
    ['', 'the file is empty', 1],
  ])('[3A7] %s: %s', (text, message, column) => {
    expect(readMachineJson(text, 'f')).toMatchObject({ ok: false, problems: [{ message, at: { line: 1, column } }] })
  })
})
