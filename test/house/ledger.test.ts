import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf, changes, entries, entriesIn, isOfGate, keptLedger, LEDGER, ledgerOf, REMOVED } from './ledger.ts'
import { ROOT } from './sources.ts'
import { idsOf, titles, titlesIn } from './titles.ts'

const found = entries()
const known = new Set(found.map(({ id }) => id))
const carried = titles()
const old = blocksOf(keptLedger())
const now = ledgerOf(found, carried, old)

describe('the ledger of promises, rows of the fault model and regressions', () => {
  test('each id of a page has a test that is run', () => {
    const run = new Set(carried.flatMap(({ ids, steps }) => (steps.length > 0 ? ids : [])))
    expect(found.filter(({ id }) => !run.has(id)).map(({ id, page }) => `${id} of ${page} has no test`)).toEqual([])
  })

  test('each id of a title is on a page', () => {
    const unknown = carried.flatMap(({ ids, text, file }) =>
      ids.filter((id) => !known.has(id)).map((id) => `${id} is on no page: ${file}: ${text}`),
    )
    expect(unknown).toEqual([])
  })

  test('no id goes without a reason, and none that is gone comes back', () => {
    const gone = old.map(([id]) => id).filter((id) => !known.has(id) && REMOVED[id] === undefined)
    expect(gone.map((id) => `${id} is on no page any more: put it back, or its reason into REMOVED`)).toEqual([])
    expect(Object.keys(REMOVED).filter((id) => known.has(id))).toEqual([])
  })

  test('a regression and a row of the fault model has its case and its id once', () => {
    const rows = found.filter(({ id }) => !id.startsWith('G'))
    expect(rows.filter(({ says }) => says.split(' ').length < 7)).toEqual([])
    const ids = rows.map(({ id }) => id)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  })

  test('is kept as it is found', async () => {
    const blocks = blocksOf(now)
    const ofNight = blocks.filter(([, lines]) => lines.length > 0 && !lines.some(isOfGate)).map(([id]) => id)
    const count = (pattern: RegExp) => blocks.filter(([id]) => pattern.test(id)).length
    process.stdout.write(
      `${count(/^G/)} promises, ${count(/^F/)} rows of the fault model, ${count(/^[^FG]/)} regressions; ` +
        `only the night proves ${ofNight.join(', ') || 'none'}\n`,
    )
    const told = [
      ...changes(old, blocks),
      'If each of these ids still has what proves it: npx vitest run test/house/ledger.test.ts -u',
    ]
    await expect(now, told.join('\n')).toMatchFileSnapshot(join(ROOT, LEDGER))
  })
})

describe('the rules can fail', () => {
  test('an id is seen in a title, in a table and in a template, and the tags around it', () => {
    const text = [
      "const ROWS = [['[P1] a row', 1], ...table`\n  [P3] in text  1\n  a row  [P4] 2\n`]",
      'const LOOKED = everyNth(2, ROWS)',
      "describe('[F2] [P10] all', { tags: 'long' }, () => {",
      "  test.each(LOOKED)('%s', { tags: ['night'] }, () => {})",
      '  test.skip(`[G3] of ' + '$' + "{name}`, () => expect('[M01][D01]').toBe('[D1]'))",
      '})',
    ].join('\n')
    const group = { isTest: false, tags: ['long'], isSkipped: false }
    const run = [group, { isTest: true, tags: ['night'], isSkipped: false }]
    const skipped = [group, { isTest: true, tags: [], isSkipped: true }]
    expect(titlesIn(text)).toEqual([
      { ids: ['P1'], text: '[P1] a row', isRow: true, runs: [run] },
      { ids: ['P3'], text: '[P3] in text', isRow: true, runs: [run] },
      { ids: ['F2', 'P10'], text: '[F2] [P10] all', isRow: false, runs: [run, skipped] },
      { ids: ['G3'], text: '[G3] of …', isRow: false, runs: [skipped] },
    ])
    expect(idsOf('[3T4] [3C1b] a case')).toEqual(['3C1b', '3T4'])
    expect(idsOf('a case of [P1] ')).toEqual([])
  })

  test('an id is seen on a page, and not where it is a link', () => {
    expect(entriesIn('docs/states.md', 'It ends. [G4] See [G5](x.md).<!--[G6]-->').map(({ id }) => id)).toEqual([
      'G4',
      'G6',
    ])
    expect(entriesIn('docs/regressions.md', '| 3T4 | what was wrong |')).toEqual([
      { id: '3T4', page: 'docs/regressions.md', says: 'what was wrong |' },
    ])
  })

  test('what an id has lost and got is named, and an id that is gone stays', () => {
    const title = (text: string) => ({
      ids: idsOf(text),
      text,
      file: 'a.test.ts',
      steps: ['test', 'long'] as const,
      isRow: text === '[P2] three',
    })
    const entry = (id: string) => ({ id, page: 'docs/regressions.md', says: '' })
    const before = blocksOf(ledgerOf([entry('P2'), entry('P10')], [title('[P2] [P10] one'), title('[P2] two')], []))
    expect(before).toEqual([
      ['P2', ['test, long: [P2] [P10] one', 'test, long: [P2] two']],
      ['P10', ['test, long: [P2] [P10] one']],
    ])
    const after = blocksOf(ledgerOf([entry('P2')], [title('[P2] two'), title('[P2] three')], before))
    expect(after.map(([id]) => id)).toEqual(['P2', 'P10'])
    expect(changes(before, after)).toEqual([
      'lost P2: one (long, test)',
      'lost P10: one (long, test)',
      'new  P2: three (a row, long, test)',
    ])
    const moved = { ...title('[G1] [P2] two'), steps: ['night'] as const }
    expect(changes(before, blocksOf(ledgerOf([entry('P2')], [title('[P2] one'), moved], [])))).toEqual([
      'lost P10: one (long, test)',
      'step P2: two (long, test; now night)',
    ])
    expect(isOfGate('night: [P2] two')).toBe(false)
    expect(isOfGate('long, night, a row: [P2] two')).toBe(true)
  })
})
