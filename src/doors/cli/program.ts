import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command as Commander, CommanderError } from 'commander'
import type { CredentialSource } from '../../change/inventory/credentials.ts'
import { EosflowError } from '../../model/error.ts'
import { definedItems, definedMembers } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { VERSION } from '../../model/version.ts'
import { knowSecrets } from '../../project/app/secrets/known-secrets.ts'
import { knowVaults } from '../../project/files/know-vaults.ts'
import { isDatabase } from '../../project/files/settings/store-address.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { COMMAND_GROUPS, helpGroupOf, isFirst } from '../../report/command-groups.ts'
import { foreignCommandHint } from '../../report/foreign-words/commands.ts'
import { foreignFlagHint } from '../../report/foreign-words/flags.ts'
import { lostOutput } from '../../report/lost-output.ts'
import { shellWord } from '../../report/shell-word.ts'
import { visibleLine } from '../../report/text/text.ts'
import { askBefore, type Command, type CommandOption, commandName, inventoryFlags } from './option/command.ts'
import { withMeantTarget } from './option/given-target.ts'
import { GLOBAL_FLAGS, isTarget, LIMIT } from './option/global-flags.ts'
import { EXIT_CODES } from './outcome/exit-code.ts'
import { failed, reportFailure } from './outcome/failure.ts'
import { processIo } from './process-io.ts'
import { asTyped, type BareIo, type GlobalOptions, type Io, type Terminal } from './terminal/io.ts'
import { scrubbedIo } from './terminal/scrubbed-io.ts'
import { commands } from './usage/commands.ts'
import { usageFault } from './usage-words.ts'

const FOR_OTHERS: readonly string[] = ['serve', 'worker', 'mcp', 'schedule run']

// Throws InputError.
function requireSomebodyToAsk(
  usage: string,
  { interactive }: Pick<Io, 'interactive'>,
  { detach }: Readonly<Record<string, unknown>>,
) {
  const command = commandName({ usage })
  const why = FOR_OTHERS.includes(command)
    ? `\`eosflow ${command}\` logs in when nobody is at its terminal`
    : detach === true
      ? '--detach never asks'
      : interactive
        ? undefined
        : 'there is no terminal to ask at'
  if (why !== undefined) throw nobodyToAsk(why)
}

function nobodyToAsk(why: string) {
  return inputError(
    '--ask-password',
    'nobody-to-ask',
    why,
    'Give each credential a source in inventory.yaml: `password: ${file:/path}`, or what a program prints.',
  )
}

// Throws `secret` where none is typed, `cancelled` at an interrupt, and InputError.
async function askPasswords(io: Io, global: GlobalOptions, passwords: Map<string, Secret>) {
  // What a project is read with takes longer to load than many a command takes.
  const { findProject } = await import('../../project/files/project.ts')
  const project = findProject(io, global)
  if (project !== undefined && project.settings.workers.dispatch !== 'in-process')
    throw nobodyToAsk('the settings have workers drive changes, and nobody is at their terminals')
  const credentials = project?.inventory().credentials ?? {}
  const asked = Object.entries(credentials).filter(([, { asked: name }]) => name !== undefined)
  if (asked.length === 0) io.err('--ask-password: nothing is asked: each credential of the inventory has its source.\n')
  for (const [name, source] of asked) {
    const password = await askOne(io, name, source)
    io.scrubber.register(password, `the password of ${name}`)
    passwords.set(name, password)
  }
}

async function askOne(io: Io, name: string, { username }: CredentialSource) {
  const typed = await io.ask(visibleLine(`Password of ${username} (${name}): `), undefined, 'unseen')
  if (typed !== undefined && typed !== '') return new Secret(typed)
  if (io.stop.aborted) throw new EosflowError('cancelled', 'stopped before a password was typed')
  throw new EosflowError('secret', `no password was typed for the credential ${name}; nothing was contacted`)
}

// The lines at the end of what is written that say what a person types next: `Next: …`, and those that hang below it.
const NEXT = /(?:^|\n)Next: [^\n]*(?:\n {6}[^\n]*)*\n?$/
const WARNING = /^(?:! |warning: |note: )[^\n]*\n$/
const WITHOUT_PROJECT: ReadonlySet<string> = new Set(['init', 'demo', 'help', 'schema', 'completion'])
const WITH_LOGINS: ReadonlySet<string> = new Set([
  'plan',
  'change',
  'run',
  'resume',
  'redrive',
  'rollback',
  'stop',
  'drift',
  'comply',
  'ask',
  'check',
  'snapshot',
  'sessions',
  'recover',
])

/** A terminal on which the commands of a last line `Next:`, and of a warning, do what they say when they are pasted. They have the name by which this command was called, and the flags of a last line are those that were given for every command: `-C`, `--store`, and where switches are logged in to `--ask-password` and `--insecure-tls`. */
export function pasteable<T extends BareIo>(io: T, global: GlobalOptions): T {
  const place = [
    ...(global.project === undefined ? [] : ['-C', global.project]),
    ...(global.store === undefined ? [] : ['--store', global.store]),
  ]
  const logins = definedItems(global.askPassword && '--ask-password', global.insecureTls && '--insecure-tls')
  if (place.length + logins.length === 0 && io.called === undefined) return io
  const flagsOf = (word: string | undefined) => {
    if (word === undefined || WITHOUT_PROJECT.has(word)) return ''
    const flags = [...place, ...(WITH_LOGINS.has(word) ? logins : [])]
    return flags.map((flag) => `${shellWord(flag)} `).join('')
  }
  const typed = (text: string) =>
    WARNING.test(text)
      ? asTyped(text, io)
      : text.replace(NEXT, (lines) =>
          hasFlags(lines, [...place, ...logins]) ? asTyped(lines, io) : asTyped(lines, io, flagsOf),
        )
  return {
    ...io,
    out: (text: string) => io.out(typed(text)),
    err: (text: string) => io.err(typed(text)),
    tell: (text: string) => io.tell(typed(text)),
  }
}

function hasFlags(lines: string, flags: readonly string[]) {
  return / (?:-C|--store) /.test(lines) || /\bcd /.test(lines) || flags.every((flag) => lines.includes(` ${flag} `))
}

const OF_RECORDS =
  /^(?:audit (?:accept-clock|export|list|verify)|bundle (?:diff|list|show)|drain|drift|executions|history|plan queue|plans|recover|redrive|release-device|resume|rollback|schedule list|signal|snapshot (?:diff|list|show)|stop|store (?:backup|check|migrate|seal)|suspend|unfreeze|watch|workers)\b/

export async function main(argv: readonly string[], terminal?: Terminal): Promise<number> {
  const plain = terminal === undefined ? processIo(argv.includes('--no-color')) : scrubbedIo(terminal)
  const io = pasteable(plain, globalOptions({}))
  try {
    if (argv[0] === '__complete') {
      const { answerShell } = await import('./completion.ts')
      return await answerShell(await withFeatures(io), argv.slice(1))
    }
    const { name, code } = await runLine(argv, io)
    io.flush()
    const lost = io.lost?.()
    if (lost === undefined) return code
    const end = lostOutput(name, code, lost)
    io.err(end.says)
    return end.code
  } finally {
    io.flush()
  }
}

async function withFeatures(io: BareIo): Promise<Io> {
  return { ...io, features: io.features ?? (await import('../../features/index.ts')).features }
}

async function runLine(argv: readonly string[], io: BareIo) {
  let ended = { name: '', code: 0 }
  const program = root(io)
  for (const command of commands) {
    add(program, command, { argv, io }, (code) => {
      ended = { name: commandName(command), code }
    })
  }
  addHelpTopics(program, io)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return ended
  } catch (error) {
    if (error instanceof CommanderError) return { ...ended, code: error.exitCode === 0 ? 0 : badUsage(error, argv, io) }
    return { ...ended, code: reportFailure(error, io, globalOptions(program.opts())) }
  }
}

// Says what is wrong with a command line; of a family without its second word commander has printed the list.
function badUsage({ code, message }: CommanderError, argv: readonly string[], io: BareIo) {
  const hint = foreignFlagHint(commands, message, argv) ?? foreignCommandHint(commands, message, argv)
  const error = { kind: 'usage', message: message.replace(/^error: /, ''), ...definedMembers({ hint }) }
  if (code !== 'commander.help') {
    const { place, message: what, hint: mend } = usageFault(commands, error.message, argv)
    io.err(`${failed(`${visibleLine(place)}: ${visibleLine(what)}`, asTyped(visibleLine(mend), io))}\n`)
  }
  if (code === 'commander.help' && argv.length > 0 && message === '(outputHelp)') {
    const [family = ''] = argv.filter((word) => !word.startsWith('-'))
    const first = commands.find(({ usage }) => usage.startsWith(`${family} `))
    if (first !== undefined)
      io.err(`${failed(`${family}: a second word is missing`, asTyped(`for example: ${first.example}`, io))}\n`)
  }
  if (argv.includes('--json')) io.out(`${JSON.stringify({ version: 1, error, exitCode: 3 })}\n`)
  return 3
}

function root(io: BareIo) {
  return new Commander(io.called?.() ?? 'eosflow')
    .description(
      'Changes Arista EOS switches safely: plan, approve, push under a commit timer, verify, confirm or roll back.',
    )
    .version(VERSION, '-V, --version')
    .option('-C, --project <dir>', 'the project folder (default: the nearest parent with eosflow.yaml)')
    .option('--store <path>', 'the store (default: as eosflow.yaml says, else .eosflow/store.db in the project)')
    .option('--json', 'print one JSON document on stdout')
    .option('--no-color', 'no colours')
    .option('--ask-password', 'ask at the terminal for each password that the inventory has no source of')
    .option(
      '--insecure-tls',
      'also connect to switches with `tls: { insecure: true }` in the inventory; it is on record',
    )
    .option('-v, --verbose', 'more on stderr; -vv adds stack traces', counted)
    .configureHelp({
      visibleCommands: ({ parent, commands: all }) => all.filter((one) => parent || isFirst(one.name())),
    })
    .addHelpText('after', asTyped(`\nAll commands: eosflow help all\n${EXIT_CODES_HELP}`, io))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      // `badUsage` says it in the form of every failure.
      outputError: () => undefined,
    })
    .showSuggestionAfterError(false)
}

function latestHelp(usage: string): string {
  return /execution[\]>]/.test(usage) ? LATEST_HELP : ''
}

interface Typed {
  readonly argv: readonly string[]
  readonly io: BareIo
}

function add(program: Commander, command: Command, { argv, io: given }: Typed, done: (code: number) => void) {
  const words = command.usage.split(' ')
  const parent = words.length > 1 && !/^[<[]/.test(words[1] ?? '') ? group(program, words[0] ?? '') : program
  const own = parent === program ? command.usage : words.slice(1).join(' ')
  const made = parent
    .command(own)
    .helpGroup(parent === program ? helpGroupOf(words[0] ?? '') : '')
    .summary(command.summary)
    .description(command.summary)
    .addHelpText('after', `\nExample:\n  ${asTyped(command.example, given)}${latestHelp(command.usage)}`)
    .aliases([...(command.aliases ?? [])])
    .exitOverride()
    // `plan queue` is a command beside `plan <workflow>`: what is typed behind `queue` is its own.
    .enablePositionalOptions()
    .helpCommand(false)
    .showSuggestionAfterError(true)
  // To declare the flags of eighty commands takes longer than most of these to run: one that nobody has named has one flag, as a list
  // of commands says.
  const flagged = { ...command, options: [...command.options, ...inventoryFlags(command.usage)] }
  const isNamed = [made.name(), ...made.aliases()].some((name) => argv.includes(name))
  if (isNamed) for (const option of GLOBAL_FLAGS) addOption(made, option)
  made.option('-v, --verbose', 'more on stderr; -vv adds stack traces', counted)
  if (isNamed) addOptions(made, flagged)
  made.action(async () => {
    const options = {
      ...(parent === program ? {} : parent.opts<Record<string, unknown>>()),
      ...made.opts<Record<string, unknown>>(),
    }
    const global = globalOptions({ ...made.optsWithGlobals<Record<string, unknown>>() })
    const { run } = await command.load()
    const passwords = new Map<string, Secret>()
    const said = pasteable(await withFeatures(given), global)
    const io = global.askPassword ? { ...said, typedPasswords: passwords } : said
    await knowSecrets(io, global)
    try {
      if (global.askPassword) requireSomebodyToAsk(command.usage, io, options)
      requireNamedStore(command.usage, global.store, io.cwd)
      await askBefore(command.usage, { io, global, options })
      // What a program or Vault keeps opens vaults, too: it was asked for just now.
      await knowVaults(io, global, command.usage)
      if (global.askPassword) await askPasswords(io, global, passwords)
      const typed = { io, args: made.args, options, global, command: flagged }
      done(await run(command.options.some(isTarget) ? await withMeantTarget(typed) : typed))
    } catch (error) {
      done(reportFailure(error, io, global))
    }
  })
}

function addOptions(made: Commander, { options }: Command) {
  for (const option of options) addOption(made, option)
  if (options.some(isTarget)) addOption(made, LIMIT)
}

function counted(_: string, before = 0) {
  return before + 1
}

function addOption(command: Commander, option: CommandOption) {
  if (option.repeat === true) {
    const collect = (value: string, before: readonly string[] = []) => [...before, value]
    command.option(option.flags, option.description, collect)
  } else command.option(option.flags, option.description)
}

function group(program: Commander, name: string) {
  const found = program.commands.find((command) => command.name() === name)
  return (
    found ??
    program
      .command(name)
      .helpGroup(helpGroupOf(name))
      .description(COMMAND_GROUPS[name] ?? name)
      .exitOverride()
  )
}

function addHelpTopics(program: Commander, io: BareIo) {
  program.helpCommand(false)
  program
    .command('help [topic...]')
    .helpGroup(helpGroupOf('help'))
    .description('help on a command, or: all, exit-codes')
    .action((topic: readonly string[] = []) => {
      if (topic.join(' ') === 'all') return io.out(asTyped(allCommands(program), io))
      if (topic.join(' ') === 'exit-codes') {
        const rows = Object.entries(EXIT_CODES).map(([code, meaning]) => `${code.padStart(3)}  ${meaning}`)
        io.out(`${rows.join('\n')}\n`)
        return
      }
      // The same as `--help` prints, the example below it included.
      helpOf(program, topic).outputHelp()
    })
}

// The one meaning of `@latest`, below the help of each command that takes an execution.
const LATEST_HELP =
  '\n\n@latest is the newest execution that changed a switch or tried to. Dry runs and refusals: eosflow plans'

const EXIT_CODES_HELP = 'Exit codes: eosflow help exit-codes'

function allCommands(program: Commander) {
  program.configureHelp({ ...program.configureHelp(), visibleCommands: ({ commands: all }) => [...all] })
  return `${program.helpInformation()}\n${EXIT_CODES_HELP}\n`
}

// Throws CommanderError when there is none.
function helpOf(program: Commander, topic: readonly string[]) {
  let command = program
  for (const word of topic) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (next === undefined)
      return command.error(`error: unknown command '${word}'`, { code: 'commander.unknownCommand' })
    command = next
  }
  return command
}

function globalOptions(given: Record<string, unknown>): GlobalOptions {
  return {
    ...definedMembers({
      project: typeof given.project === 'string' ? given.project : undefined,
      store: typeof given.store === 'string' ? given.store : undefined,
      netboxBranch: typeof given.netboxBranch === 'string' ? given.netboxBranch : undefined,
    }),
    json: given.json === true,
    askPassword: given.askPassword === true,
    insecureTls: given.insecureTls === true,
    verbose: typeof given.verbose === 'number' ? given.verbose : 0,
  }
}

// Throws InputError.
function requireNamedStore(usage: string, store: string | undefined, cwd: string) {
  if (store === undefined || isDatabase(store) || !OF_RECORDS.test(usage)) return
  if (/\.(?:ya?ml|plan|json)$/.test(store)) {
    const text = 'Leave --store out for the store of the project, or name its file: .eosflow/store.db'
    throw inputError(store, 'no-store', 'a store is no file of this kind', text)
  }
  if (existsSync(resolve(cwd, store))) return
  throw inputError(
    store,
    'no-file',
    'there is no such store',
    'Check --store. A store is made by the first command that has something to put on record.',
  )
}
