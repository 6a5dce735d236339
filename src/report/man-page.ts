interface ManualCommand {
  readonly usage: string
  readonly summary: string
  readonly example: string
  readonly options?: readonly ManualOption[]
}

interface ManualOption {
  readonly flags: string
  readonly description: string
}

interface Manual {
  readonly version: string
  // The day of its text, `2026-11-27`: no clock is asked, so that each build has the same page.
  readonly date: string
  readonly globalFlags: readonly ManualOption[]
  readonly groups: readonly { readonly title: string; readonly commands: readonly ManualCommand[] }[]
  readonly exitCodes: Readonly<Record<string, string>>
}

const FILES: readonly (readonly [string, string])[] = [
  ['eosflow.yaml', 'settings of the project; the nearest one, from the folder upwards, says which project is meant'],
  ['inventory.yaml', 'its switches, and how each is reached'],
  ['policy.yaml', 'who may do what, when, and on whose approval'],
  ['workflows/*.yaml', 'its changes'],
  ['.eosflow/store.db', 'the record of what was done'],
  ['~/.cache/eosflow', 'what can be made again; $XDG_CACHE_HOME/eosflow where that is set'],
]

/** The manual page eosflow(1), in the macros of man(7) that groff and mandoc know. */
export function manPage({ version, date, globalFlags, groups, exitCodes }: Manual): string {
  return [
    `.TH EOSFLOW 1 "${date}" "${roff(`eosflow ${version}`)}" "User Commands"`,
    ...['.SH NAME', `eosflow \\- changes Arista EOS switches safely`],
    ...['.SH SYNOPSIS', '.B eosflow', '.RI [ options ]', '.I command', '.RI [ arguments ]'],
    ...['.SH DESCRIPTION'],
    'A workflow file says what changes, on which switches, and what must be good afterwards.',
    'A plan has the exact change of every switch; a person approves exactly that.',
    'It is committed under the commit timer of each switch, verified, and confirmed, or every switch is put back and read back.',
    ...['.SH OPTIONS', 'They are understood before and behind the command.', ...globalFlags.flatMap(flagLines)],
    ...['.SH COMMANDS', ...groups.flatMap(({ title, commands }) => [`.SS ${roff(title)}`, ...commands.flatMap(lines)])],
    ...['.SH EXIT STATUS', ...Object.entries(exitCodes).flatMap(([code, says]) => term(`.B ${code}`, says))],
    ...['.SH FILES', ...FILES.flatMap(([path, says]) => term(`.I ${roff(path)}`, says))],
    ...['.SH SEE ALSO', '.BR ssh (1),', '.BR git (1)'],
    '',
  ].join('\n')
}

function lines({ usage, summary, example, options = [] }: ManualCommand) {
  return [
    ...term(`.B ${roff(usage)}`, summary),
    ...['.RS', ...options.flatMap(flagLines), '.TP', 'Example:', `.EX`, roff(example), '.EE', '.RE'],
  ]
}

function flagLines({ flags, description }: ManualOption) {
  return term(`.B ${roff(flags)}`, description)
}

function term(head: string, says: string) {
  return ['.TP', head, roff(says)]
}

function roff(text: string) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('"', '\\(dq')
    .replace(/^\./, '\\&.')
    .replace(
      /[^\0-\x7f]/gu,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}
