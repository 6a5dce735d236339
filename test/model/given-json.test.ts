import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DuplicateMember, givenJson } from '../../src/model/given-json.ts'

describe('JSON that came from outside', () => {
  test.each([
    '{"decision":"reject","decision":"approve"}',
    '{"a":{"b":1,"c":{},"b":1}}',
    '[{"x":1},{"y":[{"z":1 , "z" : 2}]}]',
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
    '{"a\\\\":1,"a\\\\":2}',
    '{"plan":{"a":1,"b":[1,2,{"c":1}]},"plan":1}',
    '{"__proto__":1,"__proto__":2}',
    '{\n\t"a"\r\n :1,\n"a":\t2}',
  ])('[3A10] is refused with a member that is there twice: %s', (text) => {
    expect(() => givenJson(text)).toThrow(DuplicateMember)
  })

  test.each(['', '{', '{"a":1,}', '{"a":1 "b":2}', 'undefined'])('is refused where it is none: %j', (text) => {
    expect(() => givenJson(text)).toThrow(SyntaxError)
  })

  test('is any other value, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (value, blank) => {
        const text = JSON.stringify(value, null, blank)
        expect(givenJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
    expect(givenJson('{"a":"x\\":1,\\"a","b":{"a":": \\\\"}}')).toEqual({ a: 'x":1,"a', b: { a: ': \\' } })
  })

  test('is read however deep it is', () => {
    const deep = `${'['.repeat(3_000)}${']'.repeat(3_000)}`
    expect(JSON.stringify(givenJson(deep))).toBe(deep)
  })
})

const OF_STORE = 'a text or a note that the store has sealed'
const OF_RECORD = 'a record that was compared with its hash'
const OWN = 'a text that was made a moment before'
const PACKAGE = 'a file of the package'
const STRING = 'one string of a text that a stricter reader reads'

/** The files that read JSON by themselves, and why that is not from outside. */
const BY_THEMSELVES: Readonly<Record<string, string>> = {
  'app/approval/challenges.ts': OF_STORE,
  'app/kept-files.ts': OF_STORE,
  'app/budget/share-queue.ts': OF_STORE,
  'app/drift/confirmed-config.ts': OF_STORE,
  'app/execution/read-versions.ts': OF_STORE,
  'app/intent/intended-of.ts': OF_STORE,
  'app/keys/common-server-key.ts': OF_STORE,
  'app/project/web-files.ts': PACKAGE,
  'app/rollback/sources.ts': OF_STORE,
  'app/rollback/undo-plan.ts': OF_STORE,
  'app/snapshot/snapshot-document.ts': OF_STORE,
  'check/judge/judge-verdict.ts': OWN,
  'check/secretless-verdict.ts': STRING,
  'cli/command/signal.ts': 'once more, member by member',
  'cli/quick-completion.ts': PACKAGE,
  'config/ordered-changes.ts': OWN,
  'config/placed-lines.ts': OWN,
  'engine/judges.ts': OF_STORE,
  'engine/planned-bases.ts': OF_STORE,
  'jinja/value/from-json.ts': STRING,
  'journal/audit/chains-export.ts': OF_RECORD,
  'journal/audit/checkpoint-notes.ts': OF_STORE,
  'journal/audit/walked-chains.ts': OF_RECORD,
  'journal/bundle-manifest.ts': OF_STORE,
  'journal/chains/decisions.ts': OF_RECORD,
  'journal/chains/derived-rows.ts': OF_RECORD,
  'journal/chains/spoken-heads.ts': OF_STORE,
  'journal/named-texts.ts': OF_RECORD,
  'journal/noted-decisions.ts': OF_STORE,
  'journal/noted-ends.ts': OF_STORE,
  'journal/parse-event.ts': OF_RECORD,
  'journal/postgres/copied.ts': OWN,
  'journal/sqlite/kept-rows.ts': OF_RECORD,
  'journal/sqlite/record-rows.ts': OWN,
  'library/project-door.ts': OWN,
  'mcp/add-resources.ts': OWN,
  'mcp/agent-server.ts': OWN,
  'model/given-json.ts': 'the one reader',
  'plan/carries.ts': OWN,
  'plan/datum.ts': STRING,
  'plan/demands.ts': OWN,
  'plan/recorded-plan.ts': OF_STORE,
  'plan/refused-questions.ts': OWN,
  'plan/stored-plan.ts': OF_STORE,
  'server/act/check.ts': OWN,
  'server/act/reading.ts': OWN,
  'server/approval-requests.ts': OF_STORE,
  'server/drift-seen.ts': OF_STORE,
  'server/front-supervisor.ts': OWN,
  'server/openapi.ts': OWN,
  'server/rehearsals.ts': OF_STORE,
  'server/routes/execution-routes.ts': OWN,
  'server/routes/plan-routes.ts': OWN,
  'server/routes/record-routes.ts': OWN,
  'server/routes/switch-routes.ts': OWN,
  'server/sent-browsers.ts': OF_STORE,
  'server/sessions.ts': OF_STORE,
  'source/json.ts': 'a text that is the same when it is written again, else string by string',
  'source/yaml-1-1/json-reader.ts': STRING,
  'system/node-floor.ts': PACKAGE,
  'task/snapshot-of.ts': OF_STORE,
  'workflow/expect.ts': OWN,
}

test('[3A10] whatever else is read of JSON goes through the one reader', () => {
  // A simulated switch and a browser are no doors of eosflow.
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/^(?:sim|web)\//.test(file),
  )
  expect(files.length).toBeGreaterThan(2_000)
  const reading = files.filter((file) =>
    /\bJSON\.parse\b(?!`)|\.json\(\)/.test(readFileSync(join('src', file), 'utf8').replaceAll(/z\.json\(\)/g, '')),
  )
  expect(reading.sort()).toEqual(Object.keys(BY_THEMSELVES).sort())
})
