import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EXEC_COMMANDS, EXEC_WORDS, execWord } from '../../../src/eos/config/guard/exec-words.ts'
import { table } from '../../table.ts'

describe('the exec commands of EOS', () => {
  test('[R2] at least 150, each once, each with a source', () => {
    expect(EXEC_COMMANDS.length).toBeGreaterThanOrEqual(150)
    expect(new Set(EXEC_COMMANDS.map(({ command }) => command)).size).toBe(EXEC_COMMANDS.length)
    expect(EXEC_COMMANDS.filter(({ source }) => source === '')).toEqual([])
  })

  test('the page lists exactly these, with their sources', () => {
    const page = readFileSync(new URL('../../../docs/reference/exec-commands.md', import.meta.url), 'utf8')
    const rows = page.split('\n').flatMap((row) => {
      const [, command, source] = /^\| `(.+)` \| (.+) \|$/.exec(row) ?? []
      return command === undefined || source === undefined ? [] : [{ command, source }]
    })
    expect(rows).toEqual(EXEC_COMMANDS)
  })

  test.each(table`
    reload      reload
    relo        reload
    RELOAD      reload
    wr          write
    fastcli     fastcli
    redundancy  redundancy
  `)('%s begins %s', (typed, word) => {
    expect(execWord(typed)).toBe(word)
  })

  test.each(['reload-delay', 'exit-group', 'monitor', 'interface', 'description', ''])('%j begins none', (typed) => {
    expect(execWord(typed)).toBeUndefined()
  })

  test('every first word is in lower case and one word', () => {
    expect([...EXEC_WORDS].filter((word) => !/^[a-z0-9-]+$/.test(word))).toEqual([])
    expect(EXEC_WORDS.size).toBe(89)
  })
})
