import {
  portOf,
  type SourceReading,
  type SourceSettings,
  type SourceValues,
  textOf,
} from '../../../change/inventory/source/source-settings.ts'
import { ANTA_CONNECTION, readAnta } from '../../../change/roster/format/read-anta.ts'
import {
  CONTAINERLAB_CONNECTION,
  EOS_KINDS,
  readContainerlab,
} from '../../../change/roster/format/read-containerlab.ts'
import { connectionOption, NORNIR_CONNECTION, readNornir } from '../../../change/roster/format/read-nornir.ts'
import { CSV_CONNECTION, csvTags, readCsv } from '../../../change/roster/format/read-table.ts'
import {
  type ConnectionNames,
  type Roster,
  type RosterHost,
  type SourceText,
  variableOf,
} from '../../../change/roster/hosts/roster.ts'
import { plainValue } from '../../../change/roster/rendered-roster.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { accept, refuse, type Tree } from '../../../text/source/located.ts'

export type FileSettings = Extract<
  SourceSettings,
  | { readonly nornir: unknown }
  | { readonly anta: unknown }
  | { readonly containerlab: unknown }
  | { readonly csv: unknown }
>

type Named<Settings> = Settings extends unknown ? Omit<Settings, 'tags' | 'vars'> : never

export type NamedFiles = Named<FileSettings>

type TextOf = (file: string) => ValueOrProblems<SourceText>

interface Kind {
  readonly label: string
  readonly roster: ValueOrProblems<Roster>
  readonly names: ConnectionNames
  readonly platforms?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
}

// Platforms of EOS in the words of NAPALM, Netmiko and scrapli.
const EOS_PLATFORMS: readonly string[] = ['eos', 'arista_eos', 'arista.eos.eos']

/** Reads the files of Nornir, ANTA or containerlab, or a table. `at`: where `inventory.yaml` names them. */
export function readFileSource(settings: FileSettings, at: Place, tree: Tree): ValueOrProblems<SourceReading> {
  const { label, roster, names, platforms, tags = {} } = kindOf(settings, (file) => textAt(tree, file, at))
  if (!roster.ok) return roster
  const isSwitch = (host: RosterHost) => {
    const platform = names.platform === undefined ? undefined : variableOf(host, names.platform)?.value
    return platforms === undefined || typeof platform !== 'string' || platforms.includes(platform)
  }
  const chosen = [...roster.value.hosts.values()].filter(isSwitch)
  return accept({
    label,
    at,
    tags: { ...tags, ...settings.tags },
    vars: settings.vars,
    roster: roster.value,
    chosen: chosen.map(({ name }) => name),
    rule: platforms === undefined ? 'is a switch' : `is of the platform ${platforms.join(', ')}`,
    hint: 'check which hosts it has',
    valuesOf: plainValues,
    connectionOf: (host, values) => connectionOf(host, values, names),
    warnings: optionsNotTaken(chosen),
  })
}

function optionsNotTaken(hosts: readonly RosterHost[]) {
  const found = new Map<string, Problem>()
  for (const [name, { at }] of hosts.flatMap(({ layers }) => layers.flatMap(({ vars }) => [...vars]))) {
    const option = connectionOption(name)
    if (option === undefined) continue
    found.set(`${at.file} ${at.line} ${at.column}`, {
      code: 'inventory-connection',
      message: `\`connection_options\` say another ${option.option} for the connection ${option.connection}; it is not used`,
      at,
      hint: 'where eosflow has to use it, write `host` or `port` of the switch, or of a group, in inventory.yaml',
    })
  }
  return [...found.values()]
}

export function kindOf(settings: NamedFiles, textOf: TextOf): Kind {
  const read = (file: string, reader: (source: SourceText) => ValueOrProblems<Roster>) => {
    const source = textOf(file)
    return source.ok ? reader(source.value) : source
  }
  if ('anta' in settings)
    return { label: `anta ${settings.anta}`, roster: read(settings.anta, readAnta), names: ANTA_CONNECTION }
  if ('containerlab' in settings) {
    const { containerlab: file } = settings
    const roster = read(file, readContainerlab)
    return { label: `containerlab ${file}`, roster, names: CONTAINERLAB_CONNECTION, platforms: EOS_KINDS }
  }
  if ('csv' in settings) {
    const { file, columns } = settings.csv
    const roster = read(file, (source) => readCsv(source, columns))
    return { label: `csv ${file}`, roster, names: CSV_CONNECTION, platforms: EOS_PLATFORMS, tags: csvTags(columns) }
  }
  const { hosts } = settings.nornir
  const roster = nornirRoster(settings.nornir, textOf)
  return { label: `nornir ${hosts}`, roster, names: NORNIR_CONNECTION, platforms: EOS_PLATFORMS }
}

function nornirRoster(
  { hosts, groups, defaults }: Extract<FileSettings, { readonly nornir: unknown }>['nornir'],
  textOf: TextOf,
) {
  const texts = { hosts, groups, defaults }
  const found: Partial<Record<keyof typeof texts, SourceText>> = {}
  for (const name of ['hosts', 'groups', 'defaults'] as const) {
    const file = texts[name]
    if (file === undefined) continue
    const source = textOf(file)
    if (!source.ok) return source
    found[name] = source.value
  }
  return readNornir(found as Parameters<typeof readNornir>[0])
}

/** `at`: where `inventory.yaml` names it. */
export function textAt(tree: Tree, file: string, at?: Place): ValueOrProblems<SourceText> {
  const content = tree.file(file)
  if (content !== undefined) return accept({ file, content })
  const missing = problemOf(file, 'no-such-file', `${file} is not there, or may not be read`)
  const hint = 'check the path, which begins at the project, and the rights of the file'
  return refuse(at === undefined ? missing : { ...missing, at, hint })
}

export function plainValues(host: RosterHost): SourceValues {
  return {
    get: (name) => {
      const variable = variableOf(host, name)
      return variable === undefined ? undefined : plainValue(variable)
    },
  }
}

function connectionOf({ at }: RosterHost, values: SourceValues, names: ConnectionNames) {
  const address = values.get(names.host)
  const text = textOf(address, 'the address')
  const port = names.port === undefined ? undefined : portOf(values.get(names.port), 'the port')
  return {
    ...(text === undefined ? {} : { host: { text, at: address?.at ?? at } }),
    ...definedMembers({ port }),
  }
}
