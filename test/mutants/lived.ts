import type { Mutation } from './mutations.ts'

/** A mutant that lives, and why that is right: nothing that anybody can see differs, or only what is never relied on. */
export interface Lived extends Pick<Mutation, 'file' | 'kind' | 'source' | 'within'> {
  readonly why: string
}

const remembered = (file: string, kind: Mutation['kind'], source: string): Lived => ({
  file,
  kind,
  source,
  why: 'it is remembered so that it is not computed again: without that the same is computed',
})

const lastOf = (file: string, source = 'return undefined'): Lived => ({
  file,
  kind: 'return dropped',
  source,
  why: 'the last statement of a function that returns undefined without it too',
})

/**
 * Every mutant of the wide search that may live. What was last found, with seed 34 (`by hand`: what the search left alive and was then put
 * wrong by hand, each with a test that is red for it; `gone`: the line was taken away or written otherwise):
 *
 * | part | tried | of | killed by the search | by hand | here | gone | live without a reason |
 * | policy | 867 | 867 | 98 % | - | all others | - | - |
 * | approval | 199 | 733 | 191 | - | 3 | - | 5 |
 * | task | 120 | 2082 | 109 | 4 | 7 | - | - |
 * | engine | 60 | 2335 | 45 | 12 | 2 | 1 | - |
 * | execution | 60 | 1506 | 39 | 16 | 5 | - | - |
 * | act | 60 | 386 | 40 | 18 | 2 | - | - |
 * | worker | 60 | 224 | 55 | 2 | - | 3 | - |
 *
 * The rest of app was not searched.
 */
export const LIVED: readonly Lived[] = [
  remembered('src/policy/alike.ts', 'call dropped', 'known.set(device, concerned)'),
  remembered('src/policy/alike.ts', 'call dropped', 'found.set(policy, byWorkflow.set(workflow, known))'),
  remembered('src/policy/alike.ts', 'call dropped', 'byWorkflow.clear()'),
  remembered('src/policy/alike.ts', 'condition negated', 'byWorkflow.size >= MOST_WORKFLOWS'),
  remembered('src/policy/alike.ts', 'constant changed', '200'),
  ...(['condition negated', 'constant changed', 'constant changed'] as const).map((kind, index) => ({
    file: 'src/policy/alike.ts',
    kind,
    source: ['isAbout(on, device, workflow)', "'y'", "'n'"][index] ?? '',
    why: 'two letters that differ are all that is needed: which is which decides nothing',
  })),
  lastOf('src/policy/approval.ts'),
  lastOf('src/policy/proof.ts'),
  lastOf('src/policy/rule-match.ts'),
  lastOf('src/policy/read-policy.ts', 'return false'),
  lastOf('src/task/foreign-controller.ts'),
  lastOf('src/server/act/change-asked.ts'),
  {
    file: 'src/server/act/change-asked.ts',
    kind: 'constant changed',
    source: '512',
    why: 'from which length on JSON is read the quicker way: it is the same value either way, and no limit is promised to the character',
  },
  {
    file: 'src/server/act/event.ts',
    kind: 'constant changed',
    source: "'event'",
    within: 'bodyOf',
    why: 'how problems of a body that is no JSON name it: they are not shown, only whether it is JSON is asked',
  },
  {
    file: 'src/app/execution/carry-out.ts',
    kind: 'constant changed',
    source: 'true',
    within: 'hasAsked',
    why: 'whoever has left is asked no more either way: the record is watched until they leave, and no further',
  },
  {
    file: 'src/app/execution/list-executions.ts',
    kind: 'constant changed',
    source: '2',
    within: 'everyLooked',
    why: 'how fast the pages grow: the same executions are found with more questions or with fewer',
  },
  {
    file: 'src/app/execution/record-end.ts',
    kind: 'constant changed',
    source: '5_000',
    why: 'how far behind what is kept is made anew instead of read on: the same is given either way',
  },
  {
    file: 'src/app/execution/record-end.ts',
    kind: 'constant changed',
    source: '1',
    why: 'only whether the number is still the same is asked, not by how much it has grown',
  },
  {
    file: 'src/app/execution/past-execution.ts',
    kind: 'constant changed',
    source: '0',
    why: 'a value for a last record that is always there: the type demands it',
  },
  {
    file: 'src/app/approval/approval-file.ts',
    kind: 'constant changed',
    source: '2',
    why: 'how far the lines of a file are indented that programs read',
  },
  {
    file: 'src/app/approval/case.ts',
    kind: 'constant changed',
    source: "'untrusted'",
    why: 'a signer is proved, forged or neither: what neither is called is not read, only its reason is',
  },
  {
    file: 'src/app/approval/tally.ts',
    kind: 'constant changed',
    source: "'start'",
    why: 'where approvals are counted a moment is a confirm, a commit or neither: what neither is called is not read',
  },
  {
    file: 'src/task/builtin/rollback.ts',
    kind: 'constant changed',
    source: '1000',
    why: 'a silent switch is asked for a thousandth of its commit timer longer',
  },
  {
    file: 'src/task/builtin/push.ts',
    kind: 'condition negated',
    source: 'base !== undefined',
    why: 'it saves a text that is kept already: without that it is kept once more',
  },
  {
    file: 'src/task/lines-of-change.ts',
    kind: 'condition negated',
    source: "typeof word !== 'string'",
    why: 'two lines without a list of numbers are the same in all words only where they are one line, which is found before',
  },
  {
    file: 'src/task/lines-of-change.ts',
    kind: 'constant changed',
    source: '0',
    within: 'runsIn',
    why: 'a value for a number that is always there: the type demands it',
  },
  {
    file: 'src/task/undo-facts.ts',
    kind: 'constant changed',
    source: '0',
    within: 'nothingYet',
    why: 'only whether the number has grown is asked, not from where',
  },
  {
    file: 'src/task/replay-check.ts',
    kind: 'constant changed',
    source: "'pending'",
    within: 'requireReplay',
    why: 'of a session that is aborted only whether it is armed is asked: whatever else its state is called is not read',
  },
  {
    file: 'src/engine/next.ts',
    kind: 'constant changed',
    source: '0',
    within: 'advanceStarted',
    why: 'a value for a moment that is always there where a pause has begun: the type demands it',
  },
  {
    file: 'src/engine/run.ts',
    kind: 'constant changed',
    source: "'back'",
    within: 'start',
    why: 'work leads on or it does not: what else its way is called is not read',
  },
  {
    file: 'src/policy/decide.ts',
    kind: 'constant changed',
    source: "'condition'",
    why: 'a rule that fails is closed or it is not: what else it is called is not read',
  },
  {
    file: 'src/policy/decide.ts',
    kind: 'constant changed',
    source: "'allow'",
    why: 'the decision about a set of switches: what is decided about all of them says it anew',
  },
  {
    file: 'src/policy/decide.ts',
    kind: 'constant changed',
    source: "'no-rule'",
    why: 'for decisions about nobody, which nobody asks for: the type demands it',
  },
  ...["who.issuer === 'local'", "'local'", "'os'", "'oidc'"].map(
    (source): Lived => ({
      file: 'src/policy/policy-tests.ts',
      kind: source.includes('=') ? 'condition negated' : 'constant changed',
      source,
      why: 'how somebody has logged in is a member of every identity, and no rule asks for it',
    }),
  ),
  {
    file: 'src/policy/policy-schema.ts',
    kind: 'constant changed',
    source: '900',
    why: 'an example in a description',
  },
  {
    file: 'src/policy/policy.ts',
    kind: 'constant changed',
    source: 'false',
    why: 'a denial asks no condition',
  },
  {
    file: 'src/policy/quorum.ts',
    kind: 'constant changed',
    source: "'local'",
    why: 'a key that no identity has: any other word is one too',
  },
  {
    file: 'src/policy/quorum.ts',
    kind: 'constant changed',
    source: "'identity'",
    why: 'the key is that of the identity wherever it is not that of the person',
  },
  {
    file: 'src/policy/quorum.ts',
    kind: 'constant changed',
    source: '1',
    why: 'of a number in an order only its sign counts',
  },
  {
    file: 'src/policy/read-policy.ts',
    kind: 'constant changed',
    source: "'en-US'",
    why: 'whether there is such a time zone is the same in every language',
  },
  {
    file: 'src/policy/window.ts',
    kind: 'constant changed',
    source: '8',
    why: 'windows repeat by the week: what is open for eight days is open for nine',
  },
  ...['0', '1'].map(
    (source): Lived => ({
      file: 'src/policy/window.ts',
      kind: 'constant changed',
      source,
      why: 'a value for a part of a time that is always there: the type demands it',
    }),
  ),
  ...["'en-US'", "'gregory'", "'h23'"].map(
    (source): Lived => ({
      file: 'src/policy/window.ts',
      kind: 'constant changed',
      source,
      why: 'the format of a zone is made once in a process, and the tests before have made it',
    }),
  ),
  remembered('src/policy/window.ts', 'condition negated', 'known !== undefined'),
  remembered('src/policy/window.ts', 'return dropped', 'return known'),
  remembered('src/policy/window.ts', 'call dropped', 'formats.set(timeZone, format)'),
  {
    file: 'src/policy/window.ts',
    kind: 'return dropped',
    source: 'return format',
    why: 'the format of a zone is made once in a process, and the tests before have made it',
  },
]
