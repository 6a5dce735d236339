import { describe, expect, test } from 'vitest'
import { type Declaration, declarations, declaredIn, sources, textOf, under } from './sources.ts'

/** Reasons, each with the declarations that have it, by their names: they stay where files move. */
type Reasons = readonly (readonly [why: string, names: string])[]

interface Way {
  /** What takes it. */
  readonly taken: (one: Declaration) => boolean
  /** How many declarations take it: two files may declare one name. */
  readonly count: number
  readonly by: Reasons
}

const OF_STORE = 'a text or a note that the store has sealed'
const OF_RECORD = 'a record that was compared with its hash'
const OWN = 'a text that was made a moment before'
const PACKAGE = 'files of the package'
const STRING = 'one string of a text that a stricter reader reads'
const PASSES_ON = 'a journal that passes on what it is given'
const FOUND = 'what was found'
const LEFT = 'what has left'

const SINK =
  /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|writeSync|copyFile|copyFileSync)\b|\bcp(?:Sync)?\(|\bconsole\.[a-z]+\(|\bprocess\.std(?:out|err)\b|\bnew Scrubber\(|\bnew Worker\(/
const READERS = 'readFileSync|readFile|createReadStream|openSync|open|openAsBlob|promises|cpSync|cp'
const FROM_NODE = /import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g

/** The functions of `node:fs` that read, by the names that each file has for them. */
const readersIn = new Map(
  sources.map((file) => {
    const named = [...textOf(file).matchAll(FROM_NODE)].flatMap(([, list = '']) => list.split(','))
    const names = named.map((name) => name.trim()).filter((name) => new RegExp(`^(?:${READERS})\\b`).test(name))
    return [file, names.map((name) => name.split(' ').at(-1))] as const
  }),
)

const OPERATOR = '(?:[<>]=?|[!=]==|[-+*%](?![-+>]))'
/** A position that is compared, or computed with. */
const COMPUTED = new RegExp(
  String.raw`(?:\bseq\b(?:\s*\?\?\s*\d+\))?\s${OPERATOR}\s|\s${OPERATOR}\s(?:\w+\??\.)*seq\b|Math\.\w+\([^)]*\bseq\b)`,
)

const isIn = (file: string, rooms: string) => new RegExp(`^src/(?:${rooms})/`).test(file)

const calls = (name: string) => (one: Declaration) => one.name !== name && new RegExp(`\\b${name}\\(`).test(one.text)

const WAYS: Readonly<Record<string, Way>> = {
  'text leaves the process, or meets a second scrubber': {
    taken: ({ text }) => SINK.test(text),
    count: 34,
    by: [
      ['the scrubber of the process', 'scrubbedIo'],
      ['the terminal, which only the scrubber writes to', 'askAtTerminal isTerminal terminal standardOutput'],
      [
        'files: scrubbed by saveText; of simulated switches, golden plans; a policy, public keys; answers of services, scrubbed by cachedList',
        'writeUnlinked writeNewUnlinked',
      ],
      ['the version, and why no command begins', 'completed refuseOldNode top'],
      ['a console that prints nowhere', 'bareHost'],
      ['the front: its answers and frames go through its own scrubber', 'serveProject port'],
      ['the pipe of an agent: every answer goes through the scrubber of the process', 'run'],
      ['a thread of its own', `startTrialThread answerOfThread answerFor`],
      ['a scrubber for one token that is not verified yet; nothing is printed through it', 'whoIs'],
      ['the scrubber of a project that is opened from code', 'ProjectDoor'],
      ['the example project, or the cache of logins: tokens, for their owner alone', 'writeNew writeDemoProject'],
      ['configurations without secrets, encrypted, or by a right of its own', 'replaceFile'],
      ['anchors and exports of the record, scrubbed', 'appendToDisk'],
      ['public keys of switches', 'keep'],
      ['a backup of the store, all of which was scrubbed, beside the store', 'copyBeside'],
      ['records and encrypted texts as the store has them, all scrubbed, for its owner alone', 'segmentOf'],
      ['the newest record of a store: a number and the name of the store', 'keepHead'],
      ['public keys and signatures, for ssh-keygen', 'agentSigns keygenVerifies'],
      ['the install key, for its owner alone', 'writeToDisk'],
      ['zeros', 'Ballast'],
      ['ids, numbers and hashes of records', 'SeenFiles'],
      ['code of the program, and names for completion, for their owner alone', 'userCache'],
    ],
  },
  '[3G2] a file is read by other means than the one reader, which asks for its kind and its size': {
    taken: ({ file, text }) =>
      readersIn.get(file)?.some((name) => new RegExp(`(?<![\\w.])${name}\\b`).test(text)) === true,
    count: 36,
    by: [
      ['the one reader', 'openRegular'],
      ['what a shell has opened for this process: stdin, and a pipe of its own', 'readPiped'],
      ['stricter: kind, owner, mode, size, no link', 'openPrivate writeNew'],
      ['stricter: kind, mode, size, no link', 'openSecret readSecretFile'],
      ['stricter: kind, owner, mode, no link', 'openKey readKeyFile writeToDisk'],
      ['stricter: kind, size, no link', 'keepHead keptHead'],
      ['/proc', 'parentOf listeners readMap'],
      [
        PACKAGE,
        'fabricFiles filesOf flagship manifestIn projectFiles readIfThere readTable refusedNode unfitPart webFiles writeMuseum',
      ],
      ['makes the file of the store', 'makePrivateFile'],
      [
        'opens what it writes',
        'Ballast appendToDisk appended newFile replaceFile requireWritable segmentOf syncFile writeNewUnlinked writeUnlinked',
      ],
    ],
  },
  '[3A10] JSON is read by other means than the one reader, which refuses a member that is there twice': {
    // A simulated switch and a browser are no doors of eosflow.
    taken: ({ file, text }) => !isIn(file, 'eos/sim|doors/web') && /\bJSON\.parse\b(?!`)|(?<!\bz)\.json\(\)/.test(text),
    count: 61,
    by: [
      ['the one reader', 'givenJson'],
      ['a text that is the same when it is written again, else string by string', 'scan plainly'],
      [STRING, 'parseDatum pythonJson unescaped'],
      ['once more, member by member', 'outputFrom'],
      [PACKAGE, 'manifestIn readTable refusedNode'],
      [OF_RECORD, 'decisionsOver namedTexts objectIn parseObject positionsIn walkedChains'],
      [
        OF_STORE,
        'DriftSeen RecordedHistory Rehearsals SentBrowsers SharePlace askedIn commonKey findSnapshot kept keptAt keptConfigs keptIn notedDecisions openChallenges openJudges parsed plannedBase readNotedEnds readShownPlan recordedDigest sourcesAt storedIn storedPlan unwrapped versionsRead',
      ],
      [
        OWN,
        'FrontSupervisor ProjectDoor answerSchema bringHere changeOf checkActs executionDocument executionRoutes goneSince lineAt planRoutes read recordRoutes requireAnswered resultOf sqliteRecordRows switchRoutes textOf withoutUndefined',
      ],
    ],
  },
  '[3A9] a record of an act is written without the condition of the policy': {
    taken: ({ file, text }) =>
      isIn(file, 'project|features|doors') &&
      [...text.matchAll(/\.append\(\s*(?:undefined|execution|id|of)\b([^;]*)/g)].some(
        ([, call = '']) => !/\bconditions?\b/.test(call),
      ),
    count: 30,
    by: [
      ['it only makes stricter', 'setFreeze askToRest'],
      ['a denial or a refusal', 'requireStart requireAllowed refuse openEngineThread Hooks openToVerify'],
      ['that a clock was set back', 'clockWatch'],
      ['a login', 'stepUp recordLogin record'],
      [LEFT, 'recorded recordLeft SinkQueue TargetQueue'],
      [FOUND, 'NoticeWatcher recordDrift recordMissing recordDeaths'],
      ['which secret was read', 'HookKeys'],
      ['what a person has answered about a key of a switch', 'trustRecord'],
      ['what has come in: what it asks for is judged and written like any other request', 'received'],
      ['how a probe or an abort has ended', 'portsOf abortSession'],
      ['a session of planning, which is aborted in the request that opens it', 'stageAlone'],
      ['that a key could not be put in place, after it was said that it was', 'rotateKey'],
      ['a schedule: what it begins is judged and written like any other request', 'ScheduleRunner'],
      ['a watch that the approved plan begins', 'beginAfter'],
      [PASSES_ON, 'settledAppend'],
    ],
  },
  'a decision is put on record': {
    taken: calls('recordDecision'),
    count: 2,
    by: [
      ['where a word is one word', 'takeDecision'],
      ['in rehearsals and tests, where no policy is asked', 'decideLocally'],
    ],
  },
  'who has made a decision is judged: at the start, the commit and the confirm; when it is handed in; from files': {
    taken: calls('signerOf'),
    count: 3,
    by: [
      ['at each moment of an execution', 'signerOfRecord'],
      ['when it is handed in', 'whyNot'],
      ['from files', 'verifyDecision'],
    ],
  },
  'a signature of a browser is judged': {
    taken: calls('assertionFault'),
    count: 2,
    by: [
      ['of a decision', 'passkeySigner'],
      ['of the record and its exports', 'verdictOn'],
    ],
  },
  'a signature of an SSH key is judged': {
    taken: calls('verifySsh'),
    count: 2,
    by: [
      ['of a decision', 'sshSigner'],
      ['of a commit: who signs what is planned has asked for it, and has approved nothing', 'whoSigned'],
    ],
  },
  'a text is taken for a plan': {
    taken: ({ text }) => /JSON\.parse\([^\n]*as [^\n]*\bPlan\b/.test(text),
    count: 1,
    by: [['it reads plans on record', 'recordedDigest']],
  },
  'an error is put into words by itself': {
    taken: ({ text }) =>
      / instanceof Error/.test(text) && /([\w.]+) instanceof Error\s*\? \1\.message\s*: String\(\1\)/.test(text),
    count: 2,
    by: [
      ['the one place', 'messageOf'],
      ['the script of a browser imports no room', 'press'],
    ],
  },
  'code is made of a text': {
    taken: ({ text }) => /\bnew Function\(|(?<![.\w])eval\(|runInThisContext\(|\bnew Script\(/.test(text),
    count: 2,
    by: [
      ['the bundle of the command', 'evaluate'],
      ['one text that is written here, in a context that holds nothing else', 'MATCH'],
    ],
  },
  'a module is loaded that the source does not name': {
    // A keyword of EOS with what follows it is `import(offset…`.
    taken: ({ file, text }) =>
      !textOf(file).startsWith('// Made by ') && /(?<![.#\w])import\(\s*(?!['"]|offset\b)/.test(text),
    count: 0,
    by: [],
  },
  'a machine is asked for its next step, so that one loop walks an execution': {
    taken: calls('nextAt'),
    count: 4,
    by: [
      ['the loop', 'look'],
      ['the same question to all scopes', 'next nextBelow'],
      ['the record of a success says what follows', 'leaving'],
    ],
  },
  'tasks are performed': { taken: calls('performer'), count: 1, by: [['the loop', 'runExecution']] },
  'the place of a cursor is read': {
    taken: ({ name, file, text }) =>
      name !== 'positionIn' && !isIn(file, 'change/record|text/jinja') && /\bpositionIn\(/.test(text),
    count: 0,
    by: [],
  },
  'a text is taken for a cursor': {
    taken: ({ file, text }) => !isIn(file, 'change/record') && /\bas Cursor\b/.test(text),
    count: 0,
    by: [],
  },
  'a position is compared or computed with: inside one execution, or in the record that leaves the store, which is one sequence':
    {
      // `seq` is a word of EOS to simulated switches and configurations.
      taken: ({ file, text }) => !isIn(file, 'change/record|eos/sim|eos/config') && COMPUTED.test(text),
      count: 38,
      by: [
        [
          'one execution: whether it has a record more, or its records up to one',
          'WatchedExecution Watcher drive envelopeAt eventsSeen executionRoutes foldSwitches isElsewhere isLeft pastExecutionAt requireStillOwn requireUnchanged turnOnce watchAndAsk watchRecord',
        ],
        [
          'the exported record',
          'batches exportTo firstLookedAt headline newestRecords nextBehind printed rangeAbout receiversNow staleness verificationCard verificationText',
        ],
        ['up to which exported record a key has signed', 'lostKeys rotateKey'],
        ['the record of a backup beside that of checkpoints', 'lostBehind'],
        ['the record as notices are judged by it', 'NoticeWatcher neededFrom'],
        ['a freeze is named by the number of its record', 'actPages chosen'],
        ['the number of the policy that is in force', 'policyNow'],
        ['the record by which an approval was carried away', 'spentOn'],
        ['if a record came after the verified ones', 'RecordVerification'],
        ['the newest of each region of one page', 'open'],
      ],
    },
  '[S13] a word about a plan is taken, so that it is one word': {
    taken: calls('takeDecision'),
    count: 3,
    by: [
      ['a login or a key', 'decideAs byLogin'],
      ['a file that was signed elsewhere', 'importDecision'],
    ],
  },
}

describe('what only these may do, each for its reason:', () => {
  test.each(Object.entries(WAYS))('%s', (_way, { taken, count, by }) => {
    const found = declarations().filter(taken)
    const names = by.flatMap(([, listed]) => listed.split(' '))
    expect([...new Set(found.map(({ name }) => name || 'top'))].sort()).toEqual([...new Set(names)].sort())
    expect(found).toHaveLength(count)
    expect(declarations().length).toBeGreaterThan(10_000)
  })

  test('whoever opens a file to write it never reads by that', () => {
    const writers =
      WAYS['[3G2] a file is read by other means than the one reader, which asks for its kind and its size']
    const [, names = ''] = writers?.by.find(([why]) => why === 'opens what it writes') ?? []
    const found = declarations().filter(({ name }) => names.split(' ').includes(name))
    expect(found.length).toBeGreaterThan(9)
    expect(found.filter(({ text }) => /\breadFile(?:Sync)?\(/.test(text))).toEqual([])
  })
})

/** How each that writes a file keeps to the one rule: no symbolic link is followed, and modes. */
const NO_LINK: Readonly<Record<string, RegExp>> = {
  Ballast: /O_NOFOLLOW, 0o600/,
  SeenFiles: /O_NOFOLLOW, 0o600[\s\S]*flag: 'wx'/,
  agentSigns: /mkdtempSync\(/,
  appendToDisk: /O_NOFOLLOW, 0o600|O_NOFOLLOW\n/,
  appended: /O_NOFOLLOW, 0o600[\s\S]*flag: 'wx'/,
  keep: /O_NOFOLLOW/,
  keepHead: /O_WRONLY \| constants\.O_CREAT \| constants\.O_NOFOLLOW/,
  keygenVerifies: /mkdtempSync\(/,
  // The file of SQLite, which opens it again by itself.
  makePrivateFile: /O_CREAT/,
  newFile: /O_WRONLY \| O_CREAT \| O_EXCL/,
  replaceFile: /O_WRONLY \| O_CREAT \| O_EXCL \| O_NOFOLLOW, PRIVATE/,
  requireWritable: /O_WRONLY \| constants\.O_CREAT \| constants\.O_NOFOLLOW, PRIVATE/,
  segmentOf: /O_WRONLY \| O_NOFOLLOW\)/,
  // No path: what the shell has opened.
  standardOutput: /writeFileSync\(STDOUT, text\)/,
  userCache: /mode: 0o600, flag: 'wx'/,
  writeDemoProject: /mkdtemp\(/,
  writeNew: /'wx', 0o600|flag: 'wx'/,
  writeNewUnlinked: /O_WRONLY \| O_CREAT \| O_EXCL \| O_NOFOLLOW, mode\)/,
  writeToDisk: /'wx', 0o600/,
  writeUnlinked: /O_WRONLY \| O_CREAT \| O_NOFOLLOW, mode\)/,
}

test('whatever writes a file follows no symbolic link: by the one rule, by a name that is new, or in a new folder', () => {
  const writes =
    /\b(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|writeSync)\(|\bopen(?:Sync)?\([^)]*(?:O_CREAT|O_WRONLY)/
  const writers = declarations().filter(({ text }) => writes.test(text))
  expect([...new Set(writers.map(({ name }) => name))].sort()).toEqual(Object.keys(NO_LINK).sort())
  expect(writers).toHaveLength(21)
  for (const { name, file } of writers)
    expect([name, textOf(file)]).toEqual([name, expect.stringMatching(NO_LINK[name] ?? /^$/)])
})

/** The ports of a store whose answers are promises, and the questions that are asked of other things too: those the types see. */
const PORTS = ['Store', 'Leases', 'Claims', 'AuditTrail']
const AMBIGUOUS: ReadonlySet<string> = new Set(['close', 'release', 'renew', 'records', 'claim', 'checkpoint', 'read'])

describe('[D3] no question to a store is left without its answer: a promise is true, and a condition on one decides nothing', () => {
  const questions = declarations()
    .filter(({ name, text }) => PORTS.includes(name) && /^export interface/.test(text))
    .flatMap(({ text }) => [...text.matchAll(/^ {2}(\w+)(?:<[^>]*>)?\([^)]*\): Promise</gm)])
    .map(([, name = '']) => name)
    .filter((name) => !AMBIGUOUS.has(name))
  const question = new RegExp(`^.*(?:\\w|\\))\\.(?:${questions.join('|')})\\(.*$`, 'gm')
  /** Waited for, or handed on as the promise that it is. */
  const answered = /\bawait\b|=> (?:#?\w+\.)*\w+\(|return .*\?.*:|return (?:#?\w+\.)+\w+\(|^\s*(?:\/\/|\*|\/\*)/
  /** The same words asked of what lies in memory: the heads of chains that were walked, the checkpoints of a file. */
  const inMemory = /\b(?:chains|this)\.head\(|\.\.\.store\.checkpoints\(\)/

  test('in the sources', () => {
    // Neither the compiler nor the linter objects to `!store.knowsPlan(digest)`.
    expect(questions).toHaveLength(35)
    const asked = [...sources, ...under('simulate')]
      .filter((file) => !/^src\/(?:change\/record\/sqlite|eos\/sim)\//.test(file))
      .flatMap((file) => [...textOf(file).matchAll(question)].map(([line]) => `${file}: ${line.trim()}`))
    expect(asked.length).toBeGreaterThan(60)
    expect(asked.filter((line) => !answered.test(line) && !inMemory.test(line))).toEqual([])
  })

  test('the rule can fail', () => {
    expect('if (!app.store.knowsPlan(plan.digest)) {').toMatch(question)
    expect('if (!app.store.knowsPlan(plan.digest)) {').not.toMatch(answered)
    expect('if (!(await app.store.knowsPlan(plan.digest))) {').toMatch(answered)
  })
})

test.each([
  ['a comparison', '    if (asked !== undefined && event.seq > asked.seq) return', true],
  ['a difference', '  const missed = head.seq - seen', true],
  ['the greater of two', '  return Math.max(record?.seq ?? 0, newest?.seq ?? 0)', true],
  ['a position that is shown', '  const { seq, at } = record.event', false],
  ['a word of a cursor', '  const taken = cursorBehind(state)', false],
])('a position that is computed with would be found: %s', (_name, line, is) => {
  expect(COMPUTED.test(line)).toBe(is)
})

test('the rules can fail: a declaration is seen with its text, without its comments and imports', () => {
  const text = [
    "import { writeFile } from 'node:fs'",
    'import {',
    '  a,',
    "} from './a.ts'",
    "console.log('first')",
    '/** Not JSON.parse. */',
    'export async function one() {',
    '  return JSON.parse(a)',
    '}',
    "export type { Other } from './other.ts'",
    'const [two] = three()',
    'class Four {}',
  ].join('\n')
  expect(declaredIn('a.ts', text).map(({ name, text: own }) => [name, own.trim()])).toEqual([
    ['', "console.log('first')"],
    ['one', 'export async function one() {\n  return JSON.parse(a)\n}'],
    ['[', 'const [two] = three()'],
    ['Four', 'class Four {}'],
  ])
})
