import type { Mutation } from './mutations.ts'

/** A mutant that lives, and why that is right: nothing that anybody can see differs, or only what is never relied on. */
export interface Lived extends Pick<Mutation, 'kind' | 'source'> {
  /** The names of the functions, classes or values that it is in, which stay where files move. */
  readonly within: string
  readonly why: string
}

const remembered = (within: string, kind: Mutation['kind'], source: string): Lived => ({
  within,
  kind,
  source,
  why: 'it is remembered so that it is not computed again: without that the same is computed',
})

const lastOf = (within: string, source = 'return undefined'): Lived => ({
  within,
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
 * | secret | 80 | 843 | 55 | 18 | 6 | 1 | - |
 *
 * The rest of app was not searched.
 */
export const LIVED: readonly Lived[] = [
  remembered('alike', 'call dropped', 'known.set(device, concerned)'),
  remembered('knownOf', 'call dropped', 'found.set(policy, byWorkflow.set(workflow, known))'),
  remembered('knownOf', 'call dropped', 'byWorkflow.clear()'),
  remembered('knownOf', 'condition negated', 'byWorkflow.size >= MOST_WORKFLOWS'),
  remembered('MOST_WORKFLOWS', 'constant changed', '200'),
  ...(['condition negated', 'constant changed', 'constant changed'] as const).map((kind, index) => ({
    within: 'alike rulesAbout',
    kind,
    source: ['isAbout(on, device, workflow)', "'y'", "'n'"][index] ?? '',
    why: 'two letters that differ are all that is needed: which is which decides nothing',
  })),
  lastOf('approvedUntil staleness beforeRestoration carryFlaw otherPlanFlaw authorityFlaw'),
  lastOf('proofOf'),
  lastOf('unmet closedBy'),
  lastOf('isTimeZone', 'return false'),
  lastOf('whyOrdinary'),
  {
    within: 'Needles',
    kind: 'constant changed',
    source: '0',
    why: 'a value for a state that is always there: the type demands it',
  },
  {
    within: 'exchange',
    kind: 'constant changed',
    source: '0',
    why: 'an answer always has a status: the type demands a value',
  },
  {
    within: 'redactLines',
    kind: 'constant changed',
    source: 'true',
    why: 'a text in which nothing was hidden is the same when its lines are joined again',
  },
  remembered('redactLines', 'constant changed', "'none'"),
  remembered('redactLines', 'condition negated', "within === 'none'"),
  {
    within: 'missingRoutes',
    kind: 'condition negated',
    source: 'vrfNow === undefined',
    why: 'in no VRF there is a route, so that the next condition says the same: the type demands it',
  },
  {
    within: 'beginningOf',
    kind: 'return dropped',
    source: 'return undefined',
    why: 'a pattern of many beginnings finds the same as the loop, more slowly; that of none is tested',
  },
  {
    within: 'beginningOf',
    kind: 'condition negated',
    source: 'seconds.size > FEW',
    why: 'a pattern of many beginnings finds the same as the loop, more slowly',
  },
  lastOf('foreignController'),
  lastOf('jsonIn'),
  {
    within: 'SHORT',
    kind: 'constant changed',
    source: '512',
    why: 'from which length on JSON is read the quicker way: it is the same value either way, and no limit is promised to the character',
  },
  {
    within: 'bodyOf',
    kind: 'constant changed',
    source: "'event'",
    why: 'how problems of a body that is no JSON name it: they are not shown, only whether it is JSON is asked',
  },
  {
    within: 'hasAsked',
    kind: 'constant changed',
    source: 'true',
    why: 'whoever has left is asked no more either way: the record is watched until they leave, and no further',
  },
  {
    within: 'everyLooked',
    kind: 'constant changed',
    source: '2',
    why: 'how fast the pages grow: the same executions are found with more questions or with fewer',
  },
  {
    within: 'FAR_BEHIND',
    kind: 'constant changed',
    source: '5_000',
    why: 'how far behind what is kept is made anew instead of read on: the same is given either way',
  },
  {
    within: 'look',
    kind: 'constant changed',
    source: '1',
    why: 'only whether the number is still the same is asked, not by how much it has grown',
  },
  {
    within: 'pastExecutionAt',
    kind: 'constant changed',
    source: '0',
    why: 'a value for a last record that is always there: the type demands it',
  },
  {
    within: 'saveApprovalFile',
    kind: 'constant changed',
    source: '2',
    why: 'how far the lines of a file are indented that programs read',
  },
  {
    within: 'signerOfRecord',
    kind: 'constant changed',
    source: "'untrusted'",
    why: 'a signer is proved, forged or neither: what neither is called is not read, only its reason is',
  },
  {
    within: 'momentOf recordedCase',
    kind: 'constant changed',
    source: "'start'",
    why: 'where approvals are counted a moment is a confirm, a commit or neither: what neither is called is not read',
  },
  {
    within: 'keptConfig',
    kind: 'condition negated',
    source: 'base !== undefined',
    why: 'it saves a text that is kept already: without that it is kept once more',
  },
  {
    within: 'listsIn',
    kind: 'condition negated',
    source: "typeof word !== 'string'",
    why: 'two lines without a list of numbers are the same in all words only where they are one line, which is found before',
  },
  {
    within: 'runsIn',
    kind: 'constant changed',
    source: '0',
    why: 'a value for a number that is always there: the type demands it',
  },
  {
    within: 'nothingYet',
    kind: 'constant changed',
    source: '0',
    why: 'only whether the number has grown is asked, not from where',
  },
  {
    within: 'requireReplay',
    kind: 'constant changed',
    source: "'pending'",
    why: 'of a session that is aborted only whether it is armed is asked: whatever else its state is called is not read',
  },
  {
    within: 'advanceStarted',
    kind: 'constant changed',
    source: '0',
    why: 'a value for a moment that is always there where a pause has begun: the type demands it',
  },
  {
    within: 'start',
    kind: 'constant changed',
    source: "'back'",
    why: 'work leads on or it does not: what else its way is called is not read',
  },
  {
    within: 'decide decideAlike judged failed',
    kind: 'constant changed',
    source: "'condition'",
    why: 'a rule that fails is closed or it is not: what else it is called is not read',
  },
  {
    within: 'isEverAllowed decideAlike allowance strictest',
    kind: 'constant changed',
    source: "'allow'",
    why: 'the decision about a set of switches: what is decided about all of them says it anew',
  },
  {
    within: 'decideAlike strictest',
    kind: 'constant changed',
    source: "'no-rule'",
    why: 'for decisions about nobody, which nobody asks for: the type demands it',
  },
  ...["who.issuer === 'local'", "'local'", "'os'", "'oidc'"].map(
    (source): Lived => ({
      within: 'principalOf',
      kind: source.includes('=') ? 'condition negated' : 'constant changed',
      source,
      why: 'how somebody has logged in is a member of every identity, and no rule asks for it',
    }),
  ),
  {
    within: 'makeSchema',
    kind: 'constant changed',
    source: '900',
    why: 'an example in a description',
  },
  {
    within: 'nothing',
    kind: 'constant changed',
    source: 'false',
    why: 'a denial asks no condition',
  },
  {
    within: 'distinct',
    kind: 'constant changed',
    source: "'local'",
    why: 'a key that no identity has: any other word is one too',
  },
  {
    within: 'isSameHuman',
    kind: 'constant changed',
    source: "'identity'",
    why: 'the key is that of the identity wherever it is not that of the person',
  },
  {
    within: 'unmet nobody byUseThenExpiry useOf',
    kind: 'constant changed',
    source: '1',
    why: 'of a number in an order only its sign counts',
  },
  {
    within: 'isTimeZone',
    kind: 'constant changed',
    source: "'en-US'",
    why: 'whether there is such a time zone is the same in every language',
  },
  {
    within: 'nextOpening openUntil',
    kind: 'constant changed',
    source: '8',
    why: 'windows repeat by the week: what is open for eight days is open for nine',
  },
  ...['0', '1'].map(
    (source): Lived => ({
      within: 'openings minutesOf instants wallTime freezeWithin occurrences',
      kind: 'constant changed',
      source,
      why: 'a value for a part of a time that is always there: the type demands it',
    }),
  ),
  ...["'en-US'", "'gregory'", "'h23'"].map(
    (source): Lived => ({
      within: 'formatOf',
      kind: 'constant changed',
      source,
      why: 'the format of a zone is made once in a process, and the tests before have made it',
    }),
  ),
  remembered('formatOf', 'condition negated', 'known !== undefined'),
  remembered('formatOf', 'return dropped', 'return known'),
  remembered('formatOf', 'call dropped', 'formats.set(timeZone, format)'),
  {
    within: 'formatOf',
    kind: 'return dropped',
    source: 'return format',
    why: 'the format of a zone is made once in a process, and the tests before have made it',
  },
]
