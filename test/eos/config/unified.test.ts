import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unifiedDiff } from '../../../src/eos/config/diff/unified.ts'
import { recorded, replacePairs, shared } from './replace-pairs.ts'

const twelve = Array.from({ length: 12 }, (_, n) => `line ${n}`)

/** A text of twelve lines with some of them replaced. */
function edited(edits: Readonly<Record<number, string>>) {
  return `${twelve.map((line, n) => edits[n] ?? line).join('\n')}\n`
}

describe('the unified dialect', () => {
  test('equal texts print nothing, without a header', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n', 's1')).toBe('')
    expect(unifiedDiff('', '', 's1')).toBe('')
  })

  test('the Command line, CR and the final newline are not compared', () => {
    expect(unifiedDiff('! Command: show running-config\r\na\r\n', 'a', 's1')).toBe('')
  })

  test('trailing blanks are compared and printed', () => {
    expect(unifiedDiff('   maximum-routes 1\n', '   maximum-routes 1 \n', 's1')).toBe(
      '--- system:/running-config\n+++ session:/s1-session-config\n@@ -1 +1 @@\n-   maximum-routes 1\n+   maximum-routes 1 \n',
    )
  })

  test('three lines of context, and one hunk where two changes share theirs', () => {
    expect(unifiedDiff(edited({}), edited({ 0: 'A', 7: 'B' }), 's1')).toBe(
      [
        '--- system:/running-config',
        '+++ session:/s1-session-config',
        '@@ -1,11 +1,11 @@',
        '-line 0',
        '+A',
        ' line 1',
        ' line 2',
        ' line 3',
        ' line 4',
        ' line 5',
        ' line 6',
        '-line 7',
        '+B',
        ' line 8',
        ' line 9',
        ' line 10',
        '',
      ].join('\n'),
    )
  })

  test('two hunks where more than six equal lines lie between', () => {
    expect(unifiedDiff(edited({}), edited({ 0: 'A', 8: 'B' }), 's1').match(/^@@.*$/gm)).toEqual([
      '@@ -1,4 +1,4 @@',
      '@@ -6,7 +6,7 @@',
    ])
  })

  test('a text added to an empty one, and removed from it', () => {
    expect(unifiedDiff('', 'a\nb\n', 's1').split('\n').slice(2)).toEqual(['@@ -0,0 +1,2 @@', '+a', '+b', ''])
    expect(unifiedDiff('a\n', '', 's1').split('\n').slice(2)).toEqual(['@@ -1 +0,0 @@', '-a', ''])
  })
})

/** What a recorded dialogue's `show running-config` printed, without its prompt. */
function runningConfigOf(transcript: string) {
  const { interactions } = JSON.parse(recorded(transcript)) as { interactions: { out: string }[] }
  const printed = interactions.find(({ out }) => out.includes('! Command: show running-config'))?.out ?? ''
  return printed.slice(printed.indexOf('! Command'), printed.lastIndexOf('\nend\n') + 5)
}

const afterAt = (text: string) => text.slice(text.indexOf('@@'))

describe.skipIf(!shared)('recorded diffs whose two texts are known (skipped without the shared material)', () => {
  const session = '__SCRAPLI_CFG_SESSION_NAME__'

  test.each(['asyncssh', 'system'])('scrapli merge over %s: loopback1 added', (client) => {
    const name = `test_load_config_merge_diff_and_abort_arista_eos-${client}`
    const before = runningConfigOf(`eos-corpus/ssh-transcripts/scrapli_cfg__${name}.json`)
    const added = 'interface Loopback1\n   description tacocat\n!\ninterface Management1\n'
    const after = before.replace('interface Management1\n', added)
    expect(before.split('\n')).toHaveLength(280)
    expect(unifiedDiff(before, after, session).trimEnd()).toBe(
      recorded(`eos-corpus/diff-pairs/scrapli_${name}_0.diff`).trimEnd(),
    )
  })

  test('scrapli replace: a minimal diff would keep the second `no switchport`, the switch does not', () => {
    const name = 'test_load_config_replace_diff_and_commit_arista_eos-system'
    const before = runningConfigOf(`eos-corpus/ssh-transcripts/scrapli_cfg__${name}.json`)
    const block = [
      '   speed forced 10000full',
      '   no switchport',
      '   ipv6 enable',
      '   ipv6 address auto-config',
      '   ipv6 nd ra rx accept default-route',
    ].join('\n')
    const short = 'interface Ethernet20\n   no switchport\n'
    const after = before.replace(`interface Ethernet20\n${block}\n`, short)
    const printed = recorded(`eos-corpus/diff-pairs/scrapli_${name}_0.diff`)
    expect([before.split('\n').length, after.split('\n').length]).toEqual([287, 283])
    expect(unifiedDiff(before, after, session).trimEnd()).toBe(printed.trimEnd())
  })

  // napalm's files hold blank lines where the switch prints `!`, and no header; the recorded hunks number four header lines.
  const header = '! device: vagrant (vEOS, EOS-4.15.2F)\n!\n! boot system flash:/vEOS-lab.swi\n!\n'
  const asPrinted = (file: string) => {
    const lines = recorded(`eos-corpus/diff-pairs/napalm/${file}`).trimEnd().split('\n')
    return `${header}${lines
      .filter((line, n) => line !== '' || lines[n + 1] !== '')
      .map((line) => line || '!')
      .join('\n')}\n`
  }

  test('napalm replace: trailing blanks after maximum-routes included', () => {
    const before = asPrinted('initial.conf')
    const after = asPrinted('new_good.conf')
      .replace('\n!\n   vrf test2', '\n   !\n   vrf test2')
      // A switch prints this line with a trailing blank, whatever was typed (docs/eos.md 4.1).
      .replaceAll('maximum-routes 12000\n', 'maximum-routes 12000 \n')
    expect(afterAt(unifiedDiff(before, after, 'n')).trimEnd()).toBe(
      afterAt(recorded('eos-corpus/diff-pairs/napalm/new_good.diff')).trimEnd(),
    )
  })

  test('napalm merge, recorded from the merged text back to the first', () => {
    const first = asPrinted('initial.conf')
    const merged = first
      .replace('spanning-tree', 'hostname NEWHOSTNAME\n!\nspanning-tree')
      .replace('interface Ethernet2\n', 'interface Ethernet2\n   description BLALALAL\n')
    expect(afterAt(unifiedDiff(merged, first, 'n')).trimEnd()).toBe(
      afterAt(recorded('eos-corpus/diff-pairs/napalm/merge_good.diff')).trimEnd(),
    )
  })
})

const python = spawnSync('python3', ['-c', 'import difflib']).status === 0

/** Python's own unified diffs of pairs of lists of lines, without the two header lines. */
function byPython(pairs: readonly (readonly [readonly string[], readonly string[]])[]) {
  const script = [
    'import difflib, json, sys',
    'out = ["\\n".join(list(difflib.unified_diff(a, b, n=3, lineterm=""))[2:]) for a, b in json.load(sys.stdin)]',
    'json.dump(out, sys.stdout)',
  ].join('\n')
  const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify(pairs), maxBuffer: 1 << 28 })
  return JSON.parse(stdout.toString()) as string[]
}

const body = (before: readonly string[], after: readonly string[]) =>
  unifiedDiff(before.join('\n'), after.join('\n'), 's').split('\n').slice(2, -1).join('\n')

describe.skipIf(!python)("against Python's difflib (skipped without python3)", { tags: ['long', 'turn'] }, () => {
  test.skipIf(!shared)('all 79 replace pairs', () => {
    const pairs = replacePairs().map(({ running, candidate }) => {
      const lines = (text: string) => text.replaceAll('\r', '').replace(/\n$/, '').split('\n')
      return [lines(running), lines(candidate)] as const
    })
    const ours = pairs.map(([before, after]) => body(before, after))
    expect(ours).toEqual(byPython(pairs))
    expect(ours.filter((text) => text !== '')).toHaveLength(79)
  })

  test('lists of few distinct lines, around the length from which popular lines are no anchors', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', '!', '   x', '   y'), {
      maxLength: 260,
      size: 'max',
    })
    const sparse = fc.array(fc.nat(400).map(String), { minLength: 150, maxLength: 400, size: 'max' })
    const pairs = fc.sample(fc.oneof(fc.tuple(list, list), fc.tuple(sparse, sparse)), { seed: 7, numRuns: 400 })
    const ours = pairs.map(([before, after]) => body(before, after))
    expect(ours).toEqual(byPython(pairs))
    expect(pairs.filter(([, after]) => after.length >= 200).length).toBeGreaterThan(100)
  })
})
