import { chmodSync, chownSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ENGINEER, type Hour, type Mistake, startHour } from './hour.ts'

/** A command on a project whose settings or whose policy have more in them. */
const withFile =
  (path: string, text: string, command: string, env: Readonly<Record<string, string>> = {}) =>
  async (hour: Hour) => {
    hour.append(path, text)
    await hour.types(command, { env, real: true })
  }

const settings = (text: string, command: string, env?: Readonly<Record<string, string>>) =>
  withFile('eosflow.yaml', text, command, env)

/** `eosflow serve` with more in the settings. */
const served = (text: string) => async (hour: Hour) => {
  hour.append('eosflow.yaml', text)
  await hour.typesBuilt('serve')
}

/** TLS with these two files, on a port that nobody gets to. */
const tls = (certificate: string, key: string) =>
  `server: { listen: "127.0.0.1:0", publicUrl: "https://localhost:7475", tls: { certificate: ${certificate}, key: ${key} } }\n`

const issuer = (members: string) =>
  `identity:\n  issuers:\n    - { name: corp, ${members}, audience: "https://eosflow.example.com/api" }\n`

const ACTS =
  'plan.create, plan.read, execution.start, execution.read, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, baseline.set, notice.end, policy.retire'

/** The mistakes of a platform engineer, by their id. */
const PLATFORM_ENGINEER: Readonly<Record<string, Mistake>> = {
  p01: { rating: 3, make: (hour) => hour.typesBuilt('serve', '..') },
  p02: {
    rating: 3,
    make: async (hour) => {
      const port = await hour.occupies(7474)
      await served(`server: { listen: "127.0.0.1:${port}" }\n`)(hour)
    },
  },
  p03: { rating: 3, make: settings('server: { listen: "0.0.0.0:7474" }\n', 'serve') },
  p04: { rating: 3, make: settings('server: { listen: "127.0.0.1:0", tls: { certificate: server.pem } }\n', 'serve') },
  p05: {
    rating: 3,
    make: async (hour) => {
      hour.write('server.pem', 'hello\n')
      hour.write('server.key', 'hello\n')
      await served(tls('server.pem', 'server.key'))(hour)
    },
  },
  p06: { rating: 3, make: served(tls('tls/server.pem', 'tls/server.key')) },
  p07: { rating: 3, make: (hour) => hour.asks('/api/v1/workflows', { authorization: 'Bearer wrong' }) },
  p08: { rating: 3, make: (hour) => hour.types('token create --life 1y') },
  p09: { rating: 3, make: (hour) => hour.types('policy explain plan.aprove') },
  p10: {
    rating: 3,
    make: settings(issuer('issuer: "http://127.0.0.1:9/realms/net", clientId: eosflow'), 'login'),
  },
  p11: { rating: 3, make: settings(issuer('issuer: "https://idp.example.com/realms/net"'), 'login') },
  p12: {
    rating: 3,
    make: settings('store: postgre://eosflow:${env:EOSFLOW_DB}@127.0.0.1/eosflow\n', 'store check', {
      EOSFLOW_DB: 'correct-horse',
    }),
  },
  p13: {
    rating: 3,
    make: settings('store: postgres://eosflow:${env:EOSFLOW_DB}@127.0.0.1:9/eosflow\n', 'store check', {
      EOSFLOW_DB: 'correct-horse',
    }),
  },
  p14: {
    rating: 3,
    make: async (hour) => {
      const port = await hour.asksForPassword(5432)
      await settings(`store: postgres://eosflow:\${env:EOSFLOW_DB}@127.0.0.1:${port}/eosflow\n`, 'store check')(hour)
    },
  },
  p15: { rating: 3, make: (hour) => hour.types('worker') },
  p16: { rating: 3, make: settings('worker: { dispatch: dbos }\n', 'validate') },
  p17: {
    rating: 3,
    make: withFile(
      'policy.yaml',
      'version: 1\nrules:\n  - { id: all, allow: [plan.create, plan.aprove], to: ["kind:person"] }\ntests: []\n',
      'validate',
    ),
  },
  p18: {
    rating: 3,
    make: withFile(
      'policy.yaml',
      `version: 1
roles: { approver: { members: ["corp:group:net-leads"] } }
rules:
  - { id: all, allow: [${ACTS}], to: ["kind:person"], require: { approvals: { count: 1, from: [approver] } } }
tests: []
`,
      'validate',
    ),
  },
  p19: { rating: 2, make: (hour) => hour.asks('/api/v1/hooks/alerts', {}, '{"status":"firing"}') },
  p20: {
    rating: 3,
    make: settings(
      "events:\n  - name: alerts\n    verify: { bearer: '${env:ALERTS_TOKEN}' }\n    plan: { workflow: workflows/ntpp.yaml }\n",
      'validate',
    ),
  },
  p21: {
    rating: 3,
    make: async (hour) => {
      chmodSync(hour.dir, 0o777)
      await hour.types('executions')
    },
  },
  p22: {
    rating: 3,
    make: async (hour) => {
      const folder = join(hour.dir, '.eosflow')
      mkdirSync(folder, { mode: 0o500, recursive: true })
      chmodSync(folder, 0o500)
      if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534)
      await hour.typesAsUser('plan workflows/ntp.yaml -p server=198.51.100.13')
    },
  },
  p23: {
    rating: 3,
    make: async (hour) => {
      hour.edit('workflows/ntp.yaml', 'targets:', 'target:')
      hour.edit('workflows/ntp.yaml', '- verify:', '- verfiy:')
      await hour.types('validate')
    },
  },
  p24: {
    rating: 3,
    make: async (hour) => {
      hour.edit(
        'workflows/ntp.yaml',
        /(targets: leaf1 or leaf2\n)/,
        '<<<<<<< HEAD\n$1=======\ntargets: role:leaf\n>>>>>>> all-leaves\n',
      )
      await hour.types('validate')
    },
  },
  p25: {
    rating: 3,
    make: async (hour) => {
      hour.edit('inventory.yaml', 'password: admin, simulated: true', "password: '${env:EOSFLOW_RW}'")
      await hour.types('plan workflows/ntp.yaml -p server=198.51.100.13')
    },
  },
}

const CHANGE = 'run workflows/ntp.yaml -p server=198.51.100.13'

/** The hour of an auditor begins behind a change that was made. */
const afterChange = (make: (hour: Hour) => Promise<void>) => async (hour: Hour) => {
  // What is on record matters here, and not how long the network was looked at.
  hour.edit('workflows/ntp.yaml', 'stableFor: 10s', 'stableFor: 0s')
  await hour.prepares(CHANGE, { answers: ['yes'] })
  await make(hour)
}

/** ... and with an export of its record, and the public key. */
const afterExport = (make: (hour: Hour) => Promise<void>) =>
  afterChange(async (hour) => {
    await hour.prepares('audit export --format jsonl --to audit.jsonl')
    hour.write('eosflow.pub', await hour.prepares('audit key'))
    await make(hour)
  })

const types = (command: string) => (hour: Hour) => hour.types(command)

/** The mistakes of an auditor, by their id. */
const AUDITOR: Readonly<Record<string, Mistake>> = {
  a01: { rating: 3, make: types('audit verify') },
  a02: { rating: 3, make: afterChange(types('audit verify 20260101-000000-deadbeef')) },
  a03: { rating: 3, make: afterChange(types('audit verify audit.jsonl')) },
  a04: {
    rating: 3,
    make: afterExport(async (hour) => {
      hour.edit('audit.jsonl', '198.51.100.13', '198.51.100.66')
      await hour.types('audit verify audit.jsonl --pubkey eosflow.pub')
    }),
  },
  a05: {
    rating: 3,
    make: afterExport(async (hour) => {
      hour.edit('audit.jsonl', /[^\n]{40}\n$/, '')
      await hour.types('audit verify audit.jsonl --pubkey eosflow.pub')
    }),
  },
  a06: {
    rating: 3,
    make: afterExport(async (hour) => {
      hour.write(
        'eosflow.pub',
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPuiwhuyLqbAv9nrPVByCVCgQUXvYUmHQoCAtFBwjB+4=\n-----END PUBLIC KEY-----\n',
      )
      await hour.types('audit verify audit.jsonl --pubkey eosflow.pub')
    }),
  },
  a07: {
    rating: 3,
    make: afterExport(async (hour) => {
      mkdirSync(join(hour.dir, '../elsewhere'))
      await hour.types('audit verify ../my-network/audit.jsonl', { cwd: '../elsewhere' })
    }),
  },
  a08: { rating: 3, make: afterChange(types('audit list --since 24.11.2026')) },
  a09: { rating: 3, make: afterChange(types('audit list --since 2026-01-05 --until 2026-01-01')) },
  a10: { rating: 3, make: afterChange(types('audit list --actor anna')) },
  a11: { rating: 3, make: afterChange(types('audit list --device laef1')) },
  a12: { rating: 3, make: afterExport(types('audit export --format jsonl --to audit.jsonl')) },
  a13: { rating: 3, make: afterChange(types('audit export --format jsonl --to exports/audit.jsonl')) },
  a14: {
    rating: 3,
    make: afterChange(async (hour) => {
      chmodSync(join(hour.dir, '.eosflow'), 0)
      await hour.typesAsUser('audit list')
      chmodSync(join(hour.dir, '.eosflow'), 0o700)
    }),
  },
  a15: {
    rating: 3,
    make: async (hour) => {
      await hour.prepares('audit key')
      hour.write('.eosflow/store.db', 'this is no database\n')
      await hour.types('audit list')
    },
  },
}

/** The sentence of each mistake by its id, as they were fixed before anything was tried. */
const SENTENCES = new Map(
  [...readFileSync(new URL('./mistakes.md', import.meta.url), 'utf8').matchAll(/^- ([epa]\d\d): (.+)$/gm)].map(
    ([, id = '', sentence = '']) => [id, sentence],
  ),
)
const EVERY: Readonly<Record<string, Mistake>> = { ...ENGINEER, ...PLATFORM_ENGINEER, ...AUDITOR }

test('every mistake that was fixed is made, and the mean of the ratings is at least 2.8, none of them 0', () => {
  expect(SENTENCES.size).toBe(70)
  expect(Object.keys(EVERY).sort()).toEqual([...SENTENCES.keys()].sort())
  const ratings = Object.values(EVERY).map(({ rating }) => rating)
  expect(Math.min(...ratings)).toBeGreaterThan(0)
  expect(ratings.reduce<number>((sum, rating) => sum + rating, 0) / 70).toBeGreaterThanOrEqual(2.8)
})

test.each([
  ['engineer', 30, ENGINEER],
  ['platform-engineer', 25, PLATFORM_ENGINEER],
  ['auditor', 15, AUDITOR],
])(
  'what eosflow says to the mistakes of the %s is the golden text',
  { tags: 'night' },
  async (person, count, mistakes) => {
    const pieces: string[] = []
    for (const [id, { rating, make }] of Object.entries(mistakes)) {
      const hour = await startHour()
      await make(hour)
      pieces.push(`## ${id}: ${SENTENCES.get(id)}\nRated ${rating} of 3.\n${hour.shown}`)
    }
    expect(pieces).toHaveLength(count)
    const head = `# The first hour: the ${person.replace('-', ' ')}\nWhat eosflow says to each mistake of [mistakes.md](mistakes.md).\n`
    await expect(`${[head, ...pieces].join('\n')}`).toMatchFileSnapshot(`./${person}.md`)
  },
)
