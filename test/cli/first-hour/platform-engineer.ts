import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Hour } from './hour.ts'
import type { Mistake } from './mistake.ts'

/** A command on a project whose settings or whose policy have more in them. */
const withFile =
  (path: string, text: string, command: string, env: Readonly<Record<string, string>> = {}) =>
  async (hour: Hour): Promise<void> => {
    hour.append(path, text)
    await hour.types(command, { env, real: true })
  }

const settings = (text: string, command: string, env?: Readonly<Record<string, string>>) =>
  withFile('eosflow.yaml', text, command, env)

/** `eosflow serve` with more in the settings. */
const served =
  (text: string) =>
  async (hour: Hour): Promise<void> => {
    hour.append('eosflow.yaml', text)
    await hour.typesBuilt('serve')
  }

/** TLS with these two files, on a port that nobody gets to. */
const tls = (certificate: string, key: string): string =>
  `server: { listen: "127.0.0.1:0", publicUrl: "https://localhost:7475", tls: { certificate: ${certificate}, key: ${key} } }\n`

const issuer = (members: string): string =>
  `identity:\n  issuers:\n    - { name: corp, ${members}, audience: "https://eosflow.example.com/api" }\n`

const ACTS =
  'plan.create, plan.read, execution.start, execution.read, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, baseline.set, notice.end, policy.retire'

/** The mistakes of a platform engineer, by their id. */
export const PLATFORM_ENGINEER: Readonly<Record<string, Mistake>> = {
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
