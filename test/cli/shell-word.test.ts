import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { shellWord } from '../../src/report/shell-word.ts'

describe('a printed word', () => {
  test.each([
    ['vlan=140', 'vlan=140'],
    ['workflows/add-vlan.yaml', 'workflows/add-vlan.yaml'],
    ['trunks=[Port-Channel1]', "'trunks=[Port-Channel1]'"],
    ['role:leaf and not leaf3', "'role:leaf and not leaf3'"],
    ["it's", "'it'\\''s'"],
    ['$(reboot)', "'$(reboot)'"],
    ['', "''"],
    ['-a\n::stop-commands::%', '"$(printf \'\\055a\\012::stop\\055commands::%%\')"'],
    ["it's \u001b[31m\\", '"$(printf \'it\\047s \\033\\13331m\\134\')"'],
    ['\u202ea.yaml', '"$(printf \'\\342\\200\\256a.yaml\')"'],
  ])('%j is pasted as %s', (word, printed) => {
    expect(shellWord(word)).toBe(printed)
    expect(execFileSync('sh', ['-c', `printf %s ${printed}`], { encoding: 'utf8' })).toBe(word)
  })
})
