import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const SRC = new URL('../src/', import.meta.url).pathname

/** Every source file outside of the journal and of the simulated switches, whose `seq` is a word of EOS. */
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/^(?:journal|sim|config)\//.test(file))
  .sort()

const linesOf = (file: string): readonly string[] =>
  readFileSync(join(SRC, file), 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(?:\*|\/\*|\/\/)/.test(line))

const OPERATOR = `(?:[<>]=?|[!=]==|[-+*%](?![-+>]))`
/** A position that is compared, or computed with. */
const COMPUTED = new RegExp(
  String.raw`(?:\bseq\b(?:\s*\?\?\s*\d+\))?\s${OPERATOR}\s|\s${OPERATOR}\s(?:\w+\??\.)*seq\b|Math\.\w+\([^)]*\bseq\b)`,
)

/** What each file may compute with: the positions of one execution, or those of the record as it leaves the store, which is one sequence. */
const WITHIN: Readonly<Record<string, string>> = {
  'app/freeze/end-freeze.ts': 'a freeze is named by the number of its record',
  'app/execution/watch-record.ts': 'the records of one execution behind its newest that is known',
  'app/audit/staleness.ts': 'the exported record',
  'app/execution/carry-out.ts': 'whether one execution has a record more',
  'app/execution/drive.ts': 'whether one execution has a record more',
  'app/audit/own-signer.ts': 'up to which exported record a key has signed',
  'app/audit/record-range.ts': 'the exported record',
  'app/audit/records.ts': 'the exported record',
  'app/store/lost-records.ts': 'the record of a backup beside that of checkpoints',
  'app/audit/export-to.ts': 'the exported record',
  'app/notify/notice-watcher.ts': 'the record as notices are judged by it',
  'app/policy/while-allowed.ts': 'the number of the policy that is in force',
  'policy/spent.ts': 'the record by which an approval was carried away',
  'notice/watch.ts': 'the record as notices are judged by it',
  'app/keys/rotate-key.ts': 'up to which exported record a key has signed',
  'app/sites/whole-tasks.ts': 'whether one execution has a record more',
  'app/execution/past-execution.ts': 'one execution, up to a record of its history',
  'engine/run.ts': 'whether one execution has a record more',
  'engine/task-records.ts': 'the next record of one execution',
  'engine/switch-record.ts': 'one execution, up to the end that confirmed a switch',
  'report/audit-verification.ts': 'the exported record',
  'report/page/record.ts': 'the exported record',
  'server/act/unchanged.ts': 'whether one execution has a record more',
  'server/agent/execution-answers.ts': 'one execution',
  'server/metrics/receivers-now.ts': 'the exported record',
  'server/pages/act-pages.ts': 'a freeze is named by the number of its record',
  'server/record-verification.ts': 'whether a record came behind the verified ones',
  'server/routes/execution-routes.ts': 'one execution',
  'server/routes/record-routes.ts': 'the exported record',
  'server/watched-execution.ts': 'one execution',
  'server/watcher.ts': 'one execution',
  'web/stream.ts': 'the newest of each region of one page',
}

describe('positions outside of the journal', () => {
  test('are compared and computed with inside one execution, or in the record that leaves the store, and nowhere else', () => {
    const found = files.filter((file) => linesOf(file).some((line) => COMPUTED.test(line)))
    expect(files.length).toBeGreaterThan(500)
    expect(found).toEqual(Object.keys(WITHIN).sort())
  })

  test('in a cursor are read by nobody', () => {
    const holders = files.filter((file) => linesOf(file).some((line) => /journal\/cursor\.ts'/.test(line)))
    expect(holders.length).toBeGreaterThan(6)
    const readers = files.filter((file) =>
      linesOf(file).some((line) => /\bpositionIn\b.*journal\/cursor|\bas Cursor\b/.test(line)),
    )
    expect(readers).toEqual([])
    const computing = new RegExp(
      String.raw`\b(?:cursor|asked|since|taken)\b\s${OPERATOR}\s(?!undefined)|\s${OPERATOR}\s(?:cursor|asked|since|taken)\b`,
    )
    const lines = holders.flatMap((file) =>
      linesOf(file)
        .filter((line) => computing.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(lines).toEqual([])
  })

  test.each([
    ['a comparison', '    if (asked !== undefined && event.seq > asked.seq) return', true],
    ['a difference', '  const missed = head.seq - seen', true],
    ['the greater of two', '  return Math.max(record?.seq ?? 0, newest?.seq ?? 0)', true],
    ['a position that is shown', '  const { seq, at } = record.event', false],
    ['a word of a cursor', '  const taken = cursorBehind(state)', false],
  ])('would be found: %s', (_name, line, is) => {
    expect(COMPUTED.test(line)).toBe(is)
  })
})
