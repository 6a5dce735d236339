import { z } from 'zod'
import { budgetSettings } from '../../../change/inventory/budget-settings.ts'
import { inventoryPrograms } from '../../../change/inventory/source/source-settings.ts'
import { secretReference, secretSettings } from '../../../change/inventory/switch/secret-settings.ts'
import { scheduleSettings } from '../../../change/schedule/schedule.ts'
import { SHIPPED_NAMES } from '../../../eos/invariant/shipped/shipped.ts'
import { CHECKPOINT_RULES } from '../../../model/checkpoint-rule.ts'
import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import type { AllowedHost } from '../../../model/http-port.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Issuer } from '../../../model/principal.ts'
import { withMember } from '../../../text/source/explain-issue.ts'
import { accept, keyPlaceOf, type Path, problemsOf, refuse } from '../../../text/source/located.ts'
import { parseWith, readYaml, serviceFaults, serviceHeaders, serviceUrl } from '../../../text/source/yaml.ts'
import { claimedSettings, type Feature, type SettingsKey, settingsKeys } from '../../system/feature/feature.ts'
import { auditSettings } from './audit-settings.ts'
import { eventFaults, eventSettings, httpSettings, projectSettings } from './event-settings.ts'
import { identitySettings } from './identity-settings.ts'
import { metricsSettings } from './metrics-settings.ts'
import { notifySettings } from './notify-settings.ts'
import { serverSettings } from './server-settings.ts'
import { isDatabase, readStoreAddress } from './store-address.ts'
import { workerSettings } from './worker-settings.ts'

const common = {
  url: serviceUrl('for example `https://alertmanager.example.com`')
    .describe('Where it is. Its origin must be among `http: hosts:`.')
    .meta({ examples: ['https://alertmanager.example.com'] }),
  headers: serviceHeaders.meta({ examples: [{ Authorization: `Bearer \${env:GRAFANA_TOKEN}` }] }),
}

export const serviceName = (example: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'small letters, digits and `-`')
    .meta({ examples: [example] })

const field = () => z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'the name of a field')
const value = () => z.string().min(1).max(200)
const allowed = () => z.array(value()).min(1).max(20)

const AS_SHIPPED = { state: ['-1'], approval: ['approved'] }

// `around:` of `eosflow.yaml`: the services that workflows may name around a change.
const aroundSettings = once(() =>
  z.record(
    serviceName('changes'),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('alertmanager'), ...common }),
      z.strictObject({ kind: z.literal('grafana'), ...common }),
      z.strictObject({ kind: z.literal('netbox'), ...common }),
      z.strictObject({
        kind: z.literal('servicenow'),
        ...common,
        table: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,79}$/, 'the name of a table')
          .default('change_request')
          .describe('The table that the tickets are in.'),
        must: z
          .record(field(), allowed())
          .refine((fields) => Object.keys(fields).length > 0, 'at least one field')
          .default(AS_SHIPPED)
          .describe('Which values each field of a ticket must have before a change, as they are stored.')
          .meta({ examples: [AS_SHIPPED] }),
        close: z
          .record(field(), value())
          .exactOptional()
          .describe('What its fields are set to after a change that succeeded. Without it the ticket stays open.')
          .meta({ examples: [{ state: '0', close_code: 'successful' }] }),
      }),
      z.strictObject({
        kind: z.literal('jira'),
        ...common,
        must: z
          .strictObject({ status: allowed() })
          .describe('Which status an issue must have before a change, by name.')
          .meta({ examples: [{ status: ['Approved'] }] }),
        close: z
          .strictObject({ status: value() })
          .exactOptional()
          .describe('The status that it is moved to after a change that succeeded. Without it the issue stays.')
          .meta({ examples: [{ status: 'Done' }] }),
      }),
    ]),
  ),
)

export function namedFaults(
  what: string,
  services: Readonly<Record<string, Parameters<typeof serviceFaults>[1]>>,
  hosts: readonly AllowedHost[],
) {
  return Object.entries(services).flatMap(([name, service]) =>
    serviceFaults(`the ${what} \`${name}\``, service, hosts).map((fault) => ({
      ...fault,
      path: [name, ...fault.path],
    })),
  )
}

const eosVersion = z.string().regex(/^4\.\d+(?:\.[\w-]+)+$/, 'an EOS version as `show version` prints it: 4.32.2F')

const provenOn = z.strictObject({
  lock: z
    .boolean()
    .optional()
    .describe('`configure lock` ends with the request that took it, so that the timed commit is sent under it.'),
  replay: z
    .boolean()
    .optional()
    .describe('A switch can load its own configuration. `false`: it cannot, which is then a warning.'),
  owner: z
    .boolean()
    .optional()
    .describe(
      'A request that shows a config session which is gone does nothing of what follows: `ownerSession` relies on it.',
    ),
})

const diskSettings = z.strictObject({
  minFreeMiB: z
    .number()
    .int()
    .min(8)
    .default(8)
    .describe('How much must be free, beside the ballast of the store, before a switch is changed.'),
  allowNetwork: z
    .boolean()
    .default(false)
    .describe('Whether the store may lie on a network file system, where SQLite does not promise to keep it whole.'),
})

const approvalSettings = z.strictObject({
  store: z
    .string()
    .regex(/^eosflow\.audit\/[0-9a-f]{16}$/, 'the id of a store, as `eosflow store id` prints it')
    .optional()
    .describe('The store that is kept where changes are run, as `eosflow store id` prints it there.')
    .meta({ examples: ['eosflow.audit/0123456789abcdef'] }),
})

const invariantSettings = z.strictObject({
  use: z
    .array(z.enum(SHIPPED_NAMES))
    .default([])
    .describe('Shipped invariants: a set, or one of it as `evpn/vni-unique`; none without it.')
    .meta({ examples: [['evpn']] }),
})

const planSettings = z.strictObject({
  advisories: z
    .string()
    .min(1)
    .exactOptional()
    .describe('A file of security advisories in place of those that are shipped, relative to the project.')
    .meta({ examples: ['advisories.yaml'] }),
  behind: z
    .boolean()
    .default(true)
    .describe(
      'Whether switches are asked, in one more request each, what is behind the ports, VLANs, VRFs and neighbours that change.',
    ),
})

export const DEFAULT_STORE = '.eosflow/store.db'

const storePlace = z
  .string()
  .min(1)
  .superRefine((text, { addIssue }) => {
    const read = isDatabase(text) ? readStoreAddress(text) : undefined
    if (read === undefined || !('fault' in read)) return
    addIssue({ code: 'custom', message: read.fault, params: { code: 'bad-store', hint: read.hint } })
  })

const DEFAULT_INVENTORY = 'inventory.yaml'

const inventoryFile = z.string().min(1).describe('The inventory, relative to the project.')

const settingsObject = z.strictObject({
  version: z.literal(1).default(1),
  inventory: z
    .union([inventoryFile, z.strictObject({ file: inventoryFile.default(DEFAULT_INVENTORY), exec: inventoryPrograms })])
    .default(DEFAULT_INVENTORY)
    .describe('The inventory, relative to the project; or `file:` with it, and the programs that its sources may be.')
    .meta({ examples: [DEFAULT_INVENTORY] }),
  policy: z.string().min(1).default('policy.yaml').describe('The policy, relative to the project; optional.'),
  store: storePlace
    .default(DEFAULT_STORE)
    .describe('The store: a file, relative to the project, or a PostgreSQL database (`postgres://…`).')
    .meta({ examples: [DEFAULT_STORE] }),
  key: secretReference(`\${vault:kv/data/eosflow#install}`)
    .exactOptional()
    .describe(
      'From where the install key of a store in a database is fetched when a process begins; `EOSFLOW_KEY` goes before it, and `install.key` comes after it.',
    ),
  nextKey: secretReference(`\${vault:kv/data/eosflow#next}`)
    .exactOptional()
    .describe('The same for the install key that the store is rotated to; it is not used before.'),
  oldKeys: z
    .array(secretReference(`\${vault:kv/data/eosflow#before}`))
    .default([])
    .describe('The same for the install keys that the store was rotated away from: they only read.'),
  configureLock: z
    .boolean()
    .default(false)
    .describe(
      'Whether the timed commit is sent under `configure lock` on every EOS version; `proven` names those where it was proven.',
    ),
  ownerSession: z
    .boolean()
    .default(false)
    .describe(
      'Whether a change keeps an empty config session on each switch, without which no write of its process is carried out. Only over eAPI, and where `proven` says `owner`.',
    ),
  replayCheck: z
    .enum(['demand', 'warn', 'off'])
    .default('demand')
    .describe(
      'Whether a switch must load its own configuration without a difference before it is armed: its rollback is such a load.',
    ),
  proven: z
    .record(eosVersion, provenOn)
    .default({})
    .describe('What `eosflow doctor --prove` has shown on a lab switch, by EOS version.')
    .meta({ examples: [{ '4.32.2F': { lock: true, replay: true } }] }),
  checkpoints: z
    .enum(CHECKPOINT_RULES)
    .default('prune')
    .describe('Whether checkpoints that earlier changes have left are deleted with the next one: `prune`, or `keep`.'),
  plan: planSettings.prefault({}).describe('What a plan says besides the change.'),
  announce: z
    .boolean()
    .default(true)
    .describe('Whether eosflow writes into the log of a switch which execution changes it, and for whom (`send log`).'),
  disk: diskSettings.prefault({}).describe('What the disk of the store must give.'),
  approvals: approvalSettings
    .prefault({})
    .describe('Which store counts the uses of approvals; by default the one that a plan is made in.'),
  http: z.lazy(httpSettings).optional().describe('The services that the task `http` may ask; without it none.'),
  around: z
    .lazy(aroundSettings)
    .default({})
    .describe('The services that `around:` of a workflow may name; without it none.')
    .meta({ examples: [{ alerts: { kind: 'alertmanager', url: 'https://alertmanager.example.com' } }] }),
  identity: z
    .lazy(identitySettings)
    .optional()
    .describe('Who vouches for people, services and CI jobs; without it the local user.'),
  invariants: invariantSettings
    .prefault({})
    .describe('What must hold of the configurations, beside the files of `invariants/`.'),
  audit: auditSettings
    .prefault({})
    .describe('Where the record of what was done is kept outside of the store, and sent.'),
  secrets: secretSettings
    .prefault({})
    .describe('Where secrets may come from besides the environment and files: programs, and Vault.'),
  events: z
    .lazy(eventSettings)
    .default([])
    .describe('The events that `eosflow serve` takes from outside, and what they make.'),
  notify: notifySettings.prefault({}).describe('Who hears of what happens, and by which rules.'),
  maxUnderChange: budgetSettings
    .default([])
    .describe('How many switches may be under change at once, counted over all executions of the store.')
    .meta({ examples: [[{ on: 'role:spine', max: 1, per: 'site' }]] }),
  schedules: z
    .lazy(scheduleSettings)
    .default([])
    .describe('What is done when nobody asks for it: reads, plans, and changes that wait for their approvals.'),
  project: projectSettings
    .default({})
    .describe('Where the files of the project come from, where an event names a commit.'),
  server: serverSettings.prefault({}).describe('Where `eosflow serve` listens, and how it ends.'),
  workers: workerSettings
    .prefault({})
    .describe('Who drives executions where several machines share a store on PostgreSQL.'),
  metrics: z.lazy(metricsSettings).optional().describe('Where `eosflow serve` shows its metrics; without it nowhere.'),
})

/** The shape of `eosflow.yaml`, with the keys of features: where a project keeps its files and its secrets, and which services its workflows may ask. */
export function settingsSchema(features: readonly Feature[]) {
  const known = extended.get(features)
  if (known !== undefined) return known
  const keys = settingsKeys(features)
  const object = keys.reduce((all, { name, schema, before }) => withMember(all, name, schema(), before), settingsObject)
  const made = settingsOf(object, keys)
  extended.set(features, made)
  return made
}

function settingsOf(object: typeof settingsObject, keys: readonly SettingsKey[]) {
  return object
    .superRefine((read, { addIssue }) => {
      const { events, server, identity, project, around, http } = read
      const hosts = http?.hosts ?? []
      for (const [key, faults] of [
        ...keys.map((key) => [key.name, key.faults(settingOf(read, key), hosts)] as const),
        ['around', namedFaults('service', around, hosts)],
      ] as const) {
        for (const { path, message, ...params } of faults)
          addIssue({ code: 'custom', path: [key, ...path], message, params })
      }
      const issuers = identity?.issuers ?? []
      const has = { hasTls: server.tls !== undefined, hasGit: project.git !== undefined, issuers }
      for (const { index, message, ...params } of eventFaults(events, has)) {
        addIssue({ code: 'custom', path: ['events', index], message, params })
      }
    })
    .transform(({ inventory, identity, ...rest }) => ({
      ...rest,
      ...(identity === undefined
        ? {}
        : { identity: { issuers: identity.issuers.map((one) => publishedTo(one, rest.server.publicUrl)) } }),
      inventory: typeof inventory === 'string' ? inventory : inventory.file,
      inventoryPrograms: typeof inventory === 'string' ? {} : inventory.exec,
    }))
    .meta({ id: 'settings', title: 'eosflow settings' })
}

const NONE: readonly Feature[] = []
const extended = new WeakMap<readonly Feature[], ReturnType<typeof settingsOf>>()

export function settingOf<Value>(settings: object, { name }: SettingsKey<Value>): Value {
  return (settings as Readonly<Record<string, unknown>>)[name] as Value
}

function publishedTo(issuer: Issuer, publicUrl: string | undefined) {
  if (issuer.mcp === undefined || publicUrl === undefined) return issuer
  return { ...issuer, mcp: { ...issuer.mcp, resource: `${new URL(publicUrl).origin}/mcp` } }
}

export type Settings = z.output<ReturnType<typeof settingsOf>>

/** Reads `eosflow.yaml`. An empty file means the defaults. */
export function parseSettings(
  content: string | Uint8Array,
  file: string,
  features: readonly Feature[] = NONE,
): ValueOrProblems<Settings> {
  const schema = settingsSchema(features)
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
  if (text.split('\n').every((line) => line.trim() === '' || line.trim().startsWith('#'))) {
    return { ok: true, value: schema.parse({}) }
  }
  const located = readYaml(content, file)
  return located.ok ? parseWith(schema, located.value) : located
}

// The keys that features claim.
const OF_FEATURES: readonly string[] = ['around', 'cloudvision', 'invariants', 'judges']

export interface ClaimedSettings {
  readonly settings: Settings
  /** The keys that no feature knows, and that were passed over; none unless the file is read despite them. */
  readonly unclaimed: readonly Problem[]
}

/** Reads `eosflow.yaml` where only the keys of these features are known. `despite`: another key is passed over, so that what was begun can be stopped, resumed and shown. */
export function parseClaimedSettings(
  content: string | Uint8Array,
  file: string,
  features: readonly Feature[],
  despite: boolean,
): ValueOrProblems<ClaimedSettings> {
  const claimed = claimedSettings(features)
  const whole = parseSettings(content, file, features)
  if (OF_FEATURES.every((key) => claimed.has(key)) && (whole.ok || !despite)) return withUnclaimed(whole, [])
  const read = readYaml(content, file)
  if (!read.ok || !isJsonObject(read.value.value)) return withUnclaimed(whole, [])
  const located = { ...read.value, value: read.value.value }
  const absent = Object.keys(located.value).filter((key) => OF_FEATURES.includes(key) && !claimed.has(key))
  const present = Object.fromEntries(Object.entries(located.value).filter(([key]) => !absent.includes(key)))
  const schema = settingsSchema(features)
  const { value, passed } = despite ? withoutUnknown(schema, present) : { value: present, passed: [] }
  const unclaimed = [...absent.map((key) => [key]), ...passed].map((path) => ({
    code: 'unknown-key',
    message: `no feature of this eosflow knows the key \`${path.join('.')}\``,
    at: keyPlaceOf(located, path),
    hint: 'delete it, or use the eosflow that it was written for',
  }))
  const [first, ...rest] = unclaimed
  if (first === undefined) return withUnclaimed(whole, [])
  const others = parseWith(schema, { ...located, value })
  return despite ? withUnclaimed(others, unclaimed) : refuse(first, ...rest, ...problemsOf(others))
}

// A document without the keys that a schema does not know, at any depth.
function withoutUnknown(schema: z.ZodType, document: Json): { readonly value: Json; readonly passed: readonly Path[] } {
  const value = structuredClone(document)
  const passed: Path[] = []
  for (;;) {
    const { error } = schema.safeParse(value)
    const unknown = (error?.issues ?? []).flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ key, path: issue.path as Path })) : [],
    )
    if (unknown.length === 0) return { value, passed }
    for (const { key, path } of unknown) {
      const owner = path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], value)
      delete (owner as Record<string, unknown>)[key]
      passed.push([...path, key])
    }
  }
}

function withUnclaimed(
  read: ValueOrProblems<Settings>,
  unclaimed: readonly Problem[],
): ValueOrProblems<ClaimedSettings> {
  return read.ok ? accept({ settings: read.value, unclaimed }) : read
}
