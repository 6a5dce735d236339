import { z } from 'zod'
import type { Checked } from '../model/problem.ts'
import { parseWith } from '../source/parse-with.ts'
import { readYaml } from '../source/yaml.ts'
import { auditSettings } from './audit-settings.ts'
import { httpSettings } from './http-settings.ts'
import { identitySettings } from './identity-settings.ts'
import { secretSettings } from './secret-settings.ts'

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

/** The shape of `eosflow.yaml`: where a project keeps its files and its secrets, and which services its workflows may ask. */
export const settingsSchema = z
  .strictObject({
    version: z.literal(1).default(1),
    inventory: z.string().min(1).default('inventory.yaml').describe('The inventory, relative to the project.'),
    policy: z.string().min(1).default('policy.yaml').describe('The policy, relative to the project; optional.'),
    store: z.string().min(1).default('.eosflow/store.db').describe('The store, relative to the project.'),
    configureLock: z
      .boolean()
      .default(false)
      .describe(
        'Whether the timed commit is sent under `configure lock`, so that nobody configures between its base and it.',
      ),
    announce: z
      .boolean()
      .default(true)
      .describe(
        'Whether a switch that is changed is told in its own log which execution does it, and for whom (`send log`).',
      ),
    disk: diskSettings.prefault({}).describe('What the disk of the store must give.'),
    http: httpSettings.optional().describe('The services that the task `http` may ask; without it none.'),
    identity: identitySettings
      .optional()
      .describe('Who vouches for people, services and CI jobs; without it the local user.'),
    audit: auditSettings
      .prefault({})
      .describe('Where the record of what was done is kept outside of the store, and sent.'),
    secrets: secretSettings
      .prefault({})
      .describe('Where secrets may come from besides the environment and files: programs, and Vault.'),
  })
  .meta({ id: 'settings', title: 'eosflow settings' })

/** The settings of a project. */
export type Settings = z.output<typeof settingsSchema>

/** Reads `eosflow.yaml`. An empty file means the defaults. */
export function parseSettings(content: string | Uint8Array, file: string): Checked<Settings> {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
  if (text.split('\n').every((line) => line.trim() === '' || line.trim().startsWith('#'))) {
    return { ok: true, value: settingsSchema.parse({}) }
  }
  const located = readYaml(content, file)
  return located.ok ? parseWith(settingsSchema, located.value) : located
}
