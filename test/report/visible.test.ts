import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  colored,
  inAscii,
  isAsciiLocale,
  localeOf,
  onTerminal,
  visible,
  visibleLine,
} from '../../src/report/text/text.ts'

describe('what nobody sees is shown', () => {
  test.each([
    ['an escape', 'a\u001b[2Jb', 'a\\u{1b}[2Jb'],
    ['a title', '\u001b]0;x\u0007', '\\u{1b}]0;x\\u{7}'],
    ['a sequence of one byte', '\u009b31m', '\\u{9b}31m'],
    ['a carriage return', 'good\rbad', 'good\\u{d}bad'],
    ['a turn to the left', '\u202eabc', '\\u{202e}abc'],
    ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['a word joiner', 'a\u2060b', 'a\\u{2060}b'],
    ['a soft hyphen', 'a\u00adb', 'a\\u{ad}b'],
    ['a tag', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a filler', 'a\u3164b', 'a\\u{3164}b'],
    ['half a pair', 'a\ud800b', 'a\\u{d800}b'],
    ['a separator of lines', 'a\u2028b', 'a\\u{2028}b'],
    ['text in any script', 'Zürich 東京 €', 'Zürich 東京 €'],
    ['a whole pair', 'a\u{1f680}b', 'a\u{1f680}b'],
  ])('%s', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
    expect(onTerminal(text)).toBe(shown)
  })

  test('a line break stays in a text, and shows in a line', () => {
    expect(visible('a\n\tb')).toBe('a\n\tb')
    expect(visibleLine('a\n\tb')).toBe('a\\u{a}\tb')
  })

  test('our colours reach a terminal, and no others', () => {
    const ours = [colored.added, colored.removed, colored.bold, colored.dim, colored.good, colored.bad, colored.warning]
    for (const paint of ours) expect(onTerminal(paint('text'))).toBe(paint('text'))
    expect(onTerminal('\u001b[8mhidden\u001b[38;5;1m')).toBe('\\u{1b}[8mhidden\\u{1b}[38;5;1m')
  })
})

describe('a terminal of the C locale', () => {
  test.each([
    [{ LC_ALL: 'C' }, true],
    [{ LC_ALL: 'POSIX', LANG: 'de_DE.UTF-8' }, true],
    [{ LC_CTYPE: 'C', LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'C' }, true],
    [{ LC_ALL: 'C.UTF-8' }, false],
    [{ LC_ALL: 'en_US.UTF-8', LANG: 'C' }, false],
    [{ LC_ALL: '', LANG: 'en_US.UTF-8' }, false],
    [{}, false],
  ])('%j: %j', (env, expected) => {
    expect(isAsciiLocale(env)).toBe(expected)
  })

  test('[U25] shows our signs in ASCII, and what others have written as it is', () => {
    expect(inAscii('↺ leaf1: put back … 4 of 4 · 3m\n')).toBe('< leaf1: put back ... 4 of 4 - 3m\n')
    expect(inAscii('✔ ✖ ○ → ─┌┴┬┐│ ═ × −1')).toBe('v x o > -++++| = x -1')
    expect(inAscii('description Zürich')).toBe('description Zürich')
  })

  test('[U25] cuts the live line off with one sign: a wider line could not be taken away', () => {
    expect(localeOf({ LANG: 'C' }).line('↺ leaf1 …')).toBe('< leaf1 .')
    expect(localeOf({ LANG: 'C' }).text('↺ leaf1 …')).toBe('< leaf1 ...')
    expect(localeOf({}).line('↺ leaf1 …')).toBe('↺ leaf1 …')
  })

  test('[U25] has a sign of its own for each of those that we print', () => {
    const root = fileURLToPath(new URL('../../src/', import.meta.url))
    const files = ['report', 'doors/cli', 'project', 'features', 'change/engine', 'lab'].flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts') && !/^page\b|change-record|new-project/.test(path))
        .map((path) => join(root, room, path)),
    )
    expect(files.length).toBeGreaterThanOrEqual(400)
    const signs = new Set<string>()
    for (const file of files) {
      const code = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => !/^ *(?:\/\/|\/?\*)/.test(line))
        .join('\n')
      for (const sign of code.match(/[^\p{ASCII}\p{L}]/gu) ?? []) signs.add(sign)
    }
    expect(signs.size).toBeGreaterThanOrEqual(12)
    for (const sign of signs) expect(inAscii(sign), sign).toMatch(/^[\x20-\x7e]+$/)
  })
})
