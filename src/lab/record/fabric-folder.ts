import { recordedPath } from '../../eos/sim/platform/recorded-output.ts'
import { EosflowError } from '../../model/error.ts'
import { givenJson } from '../../model/given-json.ts'
import type { Json } from '../../model/json.ts'
import { Anonymizer } from './anonymizer.ts'
import { cablesOf, neighborNames } from './cabling.ts'
import { InventedSecrets } from './invented-secrets.ts'
import { withoutValues, wordsLeft } from './known-values.ts'
import type { RecordedSwitch } from './recorded-switch.ts'

/** What a recording is made with. */
export interface RecordingOptions {
  /** The name of the fabric. */
  readonly name: string
  /** Makes the invented secrets repeatable; nobody who has the folder must have it. */
  readonly key: string
  /** Whether names, addresses and descriptions become others, too. */
  readonly anonymize: boolean
}

/** A fabric as files. */
export interface FabricFolder {
  /** Texts by their path in the folder. */
  readonly files: Readonly<Record<string, string>>
  /** Its switches by their names in it, in the order given. */
  readonly devices: readonly string[]
  /** How many different secrets were replaced. */
  readonly secrets: number
  readonly cables: number
  /** What a person should look at before the folder is shared. */
  readonly warnings: readonly string[]
}

const CREDENTIALS = '{ username: admin, password: admin }'

/** Makes a fabric folder of what switches showed: configurations, outputs and cables, with invented secrets throughout. */
export function fabricFolder(recorded: readonly RecordedSwitch[], options: RecordingOptions): FabricFolder {
  const switches = options.anonymize ? recorded.map(withoutTables) : recorded
  const secrets = new InventedSecrets(options.key)
  const hostnames = switches.flatMap((one) => [hostnameOf(one), one.name].map((name) => [name, one.name] as const))
  const cables = cablesOf(switches, new Map(hostnames))
  const files = [
    ['fabric.yaml', fabricYaml(options.name, switches, cables)] as const,
    ...switches.flatMap((one) => switchFiles(one, secrets)),
  ]
  const values = new Map([...secrets.all].filter(([secret, invented]) => secret !== invented))
  const clean = files.map(([path, text]) => [path, withoutValues(text, escapedIn(path, values))] as const)
  const shown = shownAs(switches, options)
  return {
    files: Object.fromEntries(clean.map(([path, text]) => [shown.text(path), shown.content(path, text)])),
    devices: switches.map(({ name }) => shown.text(name)),
    secrets: values.size,
    cables: cables.length,
    warnings: warningsIn(clean, values),
  }
}

/** A printed table cuts names and descriptions short, so that nobody finds them in it again: only the models stay. */
function withoutTables(one: RecordedSwitch): RecordedSwitch {
  const models = one.outputs.flatMap(({ command, json }) => (json === undefined ? [] : [{ command, json }]))
  return { ...one, outputs: models }
}

/** How names, paths and contents are shown: as they are, or anonymous. */
function shownAs(
  switches: readonly RecordedSwitch[],
  { key, anonymize }: RecordingOptions,
): { text(text: string): string; content(path: string, text: string): string } {
  if (!anonymize) return { text: (text) => text, content: (_, text) => text }
  const anonymizer = new Anonymizer(key, switches, neighborNames(switches))
  return {
    text: (text) => anonymizer.text(text),
    content: (path, text) =>
      path.endsWith('.json') ? jsonText(anonymizer.model(givenJson(text))) : anonymizer.text(text),
  }
}

/** The files of one switch, the secrets gone that their place tells. */
function switchFiles(one: RecordedSwitch, secrets: InventedSecrets): readonly (readonly [string, string])[] {
  const { name, running, startup, outputs } = one
  const configs = [
    [`${name}/running-config`, running],
    [`${name}/startup-config`, startup],
  ] as const
  return [
    ...configs.flatMap(([path, text]) => (text === undefined ? [] : [[path, secrets.config(text)] as const])),
    ...outputs.flatMap(({ command, json, text }) => {
      const path = recordedPath(name, command)
      return [
        ...(json === undefined ? [] : [[`${path}.json`, jsonText(secrets.model(json))] as const]),
        ...(text === undefined ? [] : [[`${path}.txt`, secrets.config(text)] as const]),
      ]
    }),
  ]
}

function jsonText(json: Json): string {
  return `${JSON.stringify(json, null, 2)}\n`
}

/** Values as they stand in a file: JSON escapes quotes and backslashes. */
function escapedIn(path: string, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (!path.endsWith('.json')) return values
  const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)
  return new Map([...values].map(([secret, invented]) => [escaped(secret), escaped(invented)]))
}

function warningsIn(
  files: readonly (readonly [string, string])[],
  values: ReadonlyMap<string, string>,
): readonly string[] {
  return files.flatMap(([path, text]) =>
    wordsLeft(text, values.keys()).map(
      (word) =>
        `${path}: a secret of ${word.length} characters is an ordinary word, and that word is there: look whether it is the secret`,
    ),
  )
}

function fabricYaml(name: string, switches: readonly RecordedSwitch[], cables: readonly string[]): string {
  return [
    '# Recorded by `eosflow record`. The secrets in these files are invented; hosts without a name are made up.',
    '# What is listed under `recorded` is answered as it was; take a command off the list and it is computed.',
    'version: 1',
    `name: ${JSON.stringify(name)}`,
    `credentials: ${CREDENTIALS}`,
    'devices:',
    ...switches.flatMap(deviceYaml),
    cables.length === 0 ? 'cabling: []' : 'cabling:',
    ...cables.map((cable) => `  - ${JSON.stringify(cable)}`),
    '',
  ].join('\n')
}

function deviceYaml({ name, identity, startup, outputs }: RecordedSwitch): readonly string[] {
  const { eos, model, serial, systemMac } = identity
  const facts: Readonly<Record<string, string | undefined>> = {
    eos: versionOf(name, eos),
    model: model === '' ? undefined : model,
    serial,
    mac: macOf(systemMac),
    startup: startup === undefined ? undefined : `${name}/startup-config`,
  }
  return [
    `  ${JSON.stringify(name)}:`,
    ...Object.entries(facts).flatMap(([key, value]) =>
      value === undefined ? [] : [`    ${key}: ${JSON.stringify(value)}`],
    ),
    ...(outputs.length === 0 ? [] : ['    recorded:']),
    ...outputs.map(({ command }) => `      - ${JSON.stringify(command)}`),
  ]
}

/** A build may carry words behind its release; the simulator knows releases. */
function versionOf(device: string, eos: string): string {
  const release = /^4\.\d+(?:\.\d+)*[A-Z]*/.exec(eos)?.[0]
  if (release !== undefined) return release
  throw new EosflowError('protocol', `${device} says that it runs EOS ${eos}, which cannot be simulated`, { device })
}

function macOf(mac: string): string | undefined {
  const digits = mac.toLowerCase().replace(/[^0-9a-f]/g, '')
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(':') : undefined
}

function hostnameOf({ name, running }: RecordedSwitch): string {
  return /^hostname (\S+)/m.exec(running)?.[1] ?? name
}

/** Two commands whose outputs would lie in one file. */
export function sharedFiles(commands: readonly string[]): readonly (readonly [string, string])[] {
  const seen = new Map<string, string>()
  return commands.flatMap((command) => {
    const path = recordedPath('', command)
    const other = seen.get(path)
    seen.set(path, command)
    return other === undefined || other === command ? [] : [[other, command] as const]
  })
}

/** The name of a fabric by that of its folder: letters, digits, `_`, `.` and `-`, at most 64. */
export function fabricName(folder: string): string {
  return folder.replace(/^[^A-Za-z0-9]+|[^\w.-]/g, '').slice(0, 64) || 'recorded'
}
