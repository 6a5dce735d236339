import { readdirSync } from 'node:fs'

/** A part of the sources that is searched for guards which no test needs, and the tests that are nearest to it. */
export interface Searched {
  /** Folders and files of sources, from the root of the checkout. */
  readonly sources: readonly string[]
  /** Beginnings of the paths of test files. */
  readonly tests: readonly string[]
  /** How many of a hundred mutants must be killed; default: none must. */
  readonly atLeast?: number
}

/** What `npm run mutants -- wide` searches, by the name that it takes. */
export const SEARCHED: Readonly<Record<string, Searched>> = {
  policy: {
    sources: ['src/policy'],
    tests: ['test/policy/', 'test/cli/policy/', 'test/e2e/approval', 'test/e2e/nine-conditions'],
    atLeast: 95,
  },
  task: {
    sources: ['src/task'],
    tests: [
      'test/task/',
      'test/e2e/',
      'test/fault-model/faults',
      'test/fault-model/killed',
      'test/copies/',
      'test/canary/',
    ],
    atLeast: 95,
  },
  approval: {
    sources: ['src/app/approval'],
    tests: [
      ...['test/app/', 'test/cli/approval/', 'test/e2e/approval', 'test/policy/', 'test/identity/web-login'],
      ...['test/server/approval', 'test/server/one-word', 'test/server/plan-decided'],
    ],
    atLeast: 95,
  },
  engine: { sources: ['src/engine'], tests: ['test/engine/', 'test/e2e/'] },
  execution: {
    sources: ['src/app/execution'],
    // Whatever runs, stops, resumes or shows an execution does it through here: a command, a server or another copy of the store.
    tests: [
      ...['test/app/', 'test/cli/', 'test/copies/', 'test/server/'],
      ...['test/e2e/run-key', 'test/e2e/one-at-a-time', 'test/e2e/quarantine'],
    ],
  },
  app: { sources: ['src/app'], tests: ['test/app/', 'test/cli/', 'test/e2e/'] },
  act: { sources: ['src/server/act'], tests: ['test/server/'] },
  worker: { sources: ['src/worker'], tests: ['test/worker/'] },
  judge: {
    sources: ['src/check/judge', 'src/engine/judges.ts', 'src/query/promql.ts', 'src/workflow/judge'],
    tests: ['test/judge/', 'test/workflow/judges'],
  },
  secret: {
    sources: [
      'src/secret',
      'src/config/redact.ts',
      'src/config/redact-answer.ts',
      'src/inventory/source/roster-secrets.ts',
    ],
    tests: ['test/secret/', 'test/config/', 'test/inventory/', 'test/canary/'],
    atLeast: 95,
  },
  inventory: { sources: ['src/inventory'], tests: ['test/inventory/', 'test/roster/', 'test/transport/'] },
  roster: { sources: ['src/roster'], tests: ['test/roster/', 'test/inventory/'] },
  config: { sources: ['src/config'], tests: ['test/config/', 'test/task/', 'test/sim/', 'test/plan/'] },
  mcp: { sources: ['src/mcp', 'src/server/agent'], tests: ['test/mcp/'] },
  server: { sources: ['src/server'], tests: ['test/server/', 'test/identity/', 'test/mcp/'] },
  cli: { sources: ['src/cli'], tests: ['test/cli/'] },
  report: { sources: ['src/report'], tests: ['test/report/', 'test/cli/', 'test/plan/'] },
  /** What a browser runs is searched by nobody: its tests need the browser. */
  all: {
    sources: readdirSync(new URL('../../src/', import.meta.url)).flatMap((name) =>
      name === 'web' ? [] : [`src/${name}`],
    ),
    tests: ['test/'],
  },
}
