import { describe, expect, test } from 'vitest'
import { textOf, under } from './sources.ts'

const TEST_FILE = /\.(?:test|long|postgres|room|clients)\.ts$/
const BEGINS = /^(?= *test(?:\.\w+)*\()/m
/** A function that expects something itself: `exits(0, …)`, `prints(0, …)`, `requireIntact(…)`. */
const EXPECTS = /\b(?:exits|prints|warns|shows)\(|\b(?:require|expect)[A-Z]\w*\(/

/** The first lines of the tests of a file that only expect what is absent: they would pass where a command did nothing. */
function onlyAbsent(text: string) {
  if (!text.includes('.not.')) return []
  return text
    .split(BEGINS)
    .slice(1)
    .map((part) => {
      // A function after a test is none of its own.
      const indent = part.search(/\S/)
      const end = part.search(new RegExp(`^ {0,${indent}}(?:describe|function|async function|const)\\b`, 'm'))
      return end > 0 ? part.slice(0, end) : part
    })
    .filter((part) => {
      const all = part.match(/\bexpect(?:\.soft|\.poll)?\(/g) ?? []
      const absent = part.match(/\)\s*\.(?:rejects\.|resolves\.)?not\.\s*to/g) ?? []
      return all.length > 0 && all.length === absent.length && !EXPECTS.test(part)
    })
    .map((part) => part.split('\n')[0]?.trim() ?? '')
}

describe('each test expects something that is there', () => {
  test('in every file', () => {
    const files = under('test', TEST_FILE)
    expect(files.flatMap((file) => onlyAbsent(textOf(file)).map((line) => `${file}: ${line}`))).toEqual([])
    expect(files.length).toBeGreaterThan(1_000)
  })

  test('one that does not is seen', () => {
    const head = "import { test } from 'vitest'\n"
    const bad = "  test('says nothing', () => {\n    expect(text).not.toContain('x')\n  })\n"
    const good = "  test('says it', () => {\n    expect(text).not.toContain('x')\n    expect(text).toBe('y')\n  })\n"
    expect(onlyAbsent(`${head}${bad}\n${good}`)).toEqual(["test('says nothing', () => {"])
    expect(onlyAbsent(`${head}${good}\n${bad}\ndescribe('more', () => {})\n`)).toEqual(["test('says nothing', () => {"])
  })
})
