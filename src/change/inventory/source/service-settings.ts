import { z } from 'zod'
import { isClear } from '../switch/origin.ts'
import { secretReference } from '../switch/secret-settings.ts'

function isAddress(text: string) {
  if (!/^https?:\/\/[^\s\\*]+$/i.test(text) || !URL.canParse(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username === '' && password === '' && search === '' && hash === ''
}

const url = z
  .string()
  .refine(isAddress, {
    error: 'the url of a source is a scheme, a name or address, a port, and the path that it lies below; nothing else',
    params: { code: 'bad-host', hint: 'for example `https://netbox.example.com`, without /api' },
  })
  .refine((text) => !isAddress(text) || !/\/api\/?$/.test(new URL(text).pathname), {
    error: 'the url of a source ends before /api',
    params: { code: 'bad-host', hint: 'for example `https://netbox.example.com`' },
  })
  .refine((text) => !isAddress(text) || !isClear(text), {
    error: 'plain http would send the token in clear text',
    params: { code: 'plain-http', hint: 'use https; http is for a service on this machine (127.0.0.1)' },
  })
  .transform((text) => text.replace(/\/+$/, ''))
  .meta({ examples: ['https://netbox.example.com'] })

const scalar = z.union([z.string(), z.number(), z.boolean()])

const OWN: readonly string[] = [
  'limit',
  'offset',
  'ordering',
  'sort',
  'exclude',
  'omit',
  'include',
  'fields',
  'brief',
  'depth',
  'format',
  'start',
  'api_version',
  'exclude_m2m',
]

const query = z
  .record(z.string().min(1), z.union([scalar, z.array(scalar).min(1)]))
  .superRefine((given, { addIssue }) => {
    for (const name of Object.keys(given).filter((one) => OWN.includes(one))) {
      const params = { code: 'own-parameter', hint: 'take it away: a query holds filters alone' }
      addIssue({ code: 'custom', path: [name], message: `\`${name}\` is set by eosflow itself`, params })
    }
  })
  .default({})
  .describe('Which devices: filters of the service by name. A list means any of its values.')
  .meta({ examples: [{ status: 'active', role: ['leaf', 'spine'] }] })

const variable = z.string().min(1)

export const serviceKeys = {
  url,
  token: secretReference(`\${env:NETBOX_TOKEN}`).describe('Where the token is kept. It needs no right to write.'),
  query,
  address: z
    .string()
    .regex(/^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/, 'a field, or a path to one with dots')
    .default('primary_ip4')
    .describe('The field with the address that a switch is reached at; of an IP address without its prefix length.')
    .meta({ examples: ['primary_ip4'] }),
  hostname: z
    .enum(['name', 'slug'])
    .default('name')
    .describe('Whether a switch has the name of its record, or that name as a slug: `test-vm-with-spaces`.'),
  platforms: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('The platforms that are switches, by slug or name. Default: those that name EOS, such as `arista-eos`.')
    .meta({ examples: [['arista-eos']] }),
  tags: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then letters, digits, `_` and `-`'), variable)
    .default({})
    .describe('The tags of a switch: tag from a field, by its name or its path with dots.')
    .meta({ examples: [{ role: 'role.slug' }] }),
  vars: z
    .union([z.literal('all'), z.array(variable)])
    .default('all')
    .describe('Which fields templates may read. Config contexts are asked for only where they may be read.')
    .meta({ examples: [['config_context', 'custom_fields']] }),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe('The certificate authority (PEM), relative to the project, instead of those of the system.'),
  pageSize: z
    .int()
    .min(2)
    .max(10_000)
    .optional()
    .describe('How many devices are asked for at once. Default 1000, with config contexts 200.'),
  paging: z
    .enum(['next', 'offset'])
    .default('next')
    .describe('`offset`: ignore the address of the next page that the service names, which a proxy can make wrong.'),
  timeout: z.int().min(1).max(600).default(60).describe('How many seconds one page may take.'),
} as const

export type ServiceSettings = z.output<ReturnType<typeof shape>>

// For the type alone: a strict object of {@link serviceKeys}.
const shape = () => z.strictObject(serviceKeys)

export function hasContext({ vars }: Pick<ServiceSettings, 'vars'>): boolean {
  return vars === 'all' || vars.includes('config_context')
}

/** How many devices are asked for at once. */
export function pageSizeOf(settings: Pick<ServiceSettings, 'vars' | 'pageSize'>): number {
  return settings.pageSize ?? (hasContext(settings) ? 200 : 1000)
}
