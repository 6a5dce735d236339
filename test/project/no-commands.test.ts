import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../../src/doors/cli/usage/commands.ts'
import { hintWords } from '../../src/report/hint-words.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))
/** Adapters and readers of settings, which name keys, files and other programs, and notices. */
const OTHERS =
  /^project\/(?:app\/dispatch|authoring\/scaffold|files\/settings|identity|secret|system)\/|^features\/(?:conformance\/kit|notify\/notice)\//
/** What `init` writes into a new project is about the command line. */
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /^(?:project|features)\/.*\.ts$/.test(file) && !OTHERS.test(file),
)

/** The first words of all commands, and every flag that a command takes or all do. */
const words = [...new Set(commands.flatMap(({ usage, aliases = [] }) => [usage.split(' ')[0] ?? '', ...aliases]))]
const flags = [
  ...new Set(
    commands.flatMap(({ options = [] }) => options.flatMap(({ flags: text }) => text.match(/--?[\w-]+/g) ?? [])),
  ),
  '-C',
  '--project',
  '--store',
  '--json',
  '--ask-password',
  '--insecure-tls',
]
const COMMAND = new RegExp(`\\beosflow (?:${words.join('|')})\\b`)
const FLAG = new RegExp(`(?:^|[\\s(\`])(?:${flags.join('|')})(?![\\w-])`)

/** The texts of a source: what stands in quotes, comments aside. Of a template also what is computed in it. */
function textsIn(source: string) {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  return [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  )
}

/** What only the command line does words its own hints, and `git` has a flag of the same name. */
const COMMAND_LINE_ALONE: readonly string[] = [
  'features/backup/backup-folder.ts',
  'project/authoring/policy/init-policy.ts',
  'project/authoring/policy/try-policy.ts',
  'project/authoring/small-change/save-change.ts',
]

const namesOne = (text: string) => COMMAND.test(text) || FLAG.test(text)

test('[D1] a use case names no command and no flag: its front end does', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(words.length).toBeGreaterThan(25)
  expect(flags.length).toBeGreaterThan(60)
  const texts = files.flatMap((file) => textsIn(readFileSync(join(src, file), 'utf8')).map((text) => ({ file, text })))
  expect(texts.length).toBeGreaterThan(1_000)
  const naming = [...new Set(texts.flatMap(({ file, text }) => (namesOne(text) ? [file] : [])))]
  expect(naming.sort()).toEqual(COMMAND_LINE_ALONE)
})

test('the rule can fail', () => {
  const source = `/** \`eosflow plan\` */
    const a = { hint: \`eosflow resume \${id}\` } // eosflow show
    const b = ['--offline', "leave it out with -t.", 'eosflow knows', 'a--b', 'x -targets']`
  expect(textsIn(source).filter(namesOne)).toEqual([`eosflow resume \${id}`, '--offline', 'leave it out with -t.'])
})

test('the command line words a hint by commands and flags that it has', () => {
  const hints = [
    hintWords({ code: 'resume', execution: 'x1' }),
    hintWords({ code: 'watch-or-stop', execution: 'x1' }),
    hintWords({ code: 'leave-out-or-undo-by-hand', execution: 'x1' }),
    hintWords({ code: 'given', input: 'public-key' }),
    hintWords({ code: 'login', issuer: 'corp' }),
    hintWords({ code: 'list-executions', newest: ['x2', 'x1'] }),
    hintWords({ code: 'explain-policy', action: 'task.push', devices: ['leaf1', 'leaf2'], workflow: 'a b.yaml' }),
  ]
  expect(hints).toEqual([
    'eosflow resume x1',
    'eosflow watch x1, or end it with eosflow stop x1',
    'Nothing was sent. Leave these switches out with -t, or undo the change by hand: eosflow show x1',
    '--pubkey',
    'eosflow login --issuer corp',
    'eosflow executions and eosflow plans list them, the newest are x2, x1; a saved plan is named by its path',
    "eosflow policy explain task.push -t 'leaf1 or leaf2' --workflow 'a b.yaml'",
  ])
  expect(hints.filter(namesOne)).toEqual(hints)
})
